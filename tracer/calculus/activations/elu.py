"""The exponential linear unit, and its self-normalising form."""

from tracer.model.functions import Activation

ELU = Activation(
    name="elu",
    formula="maximum(0, z) + alpha*(exp(minimum(0, z)) - 1)",
    slope="heaviside(z) + (1 - heaviside(z))*alpha*exp(minimum(0, z))",
    settings={"alpha": "1"},
    kink="zero_left",
    source="Clevert, Unterthiner, Hochreiter 2016, eq. (15)",
)

SELU = Activation(
    name="selu",
    formula="scale*(maximum(0, z) + alpha*(exp(minimum(0, z)) - 1))",
    slope="scale*(heaviside(z) + (1 - heaviside(z))*alpha*exp(minimum(0, z)))",
    settings={"scale": "1.0507009873554805", "alpha": "1.6732632423543773"},
    kink="zero_left",
    source="Klambauer et al. 2017, eq. (2)",
)
