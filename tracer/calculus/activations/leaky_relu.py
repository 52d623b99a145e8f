"""The leaky rectified linear unit: a small slope where ReLU has none."""

from tracer.model.functions import Activation

LEAKY_RELU = Activation(
    name="leaky_relu",
    formula="maximum(0, z) + leak*minimum(0, z)",
    slope="leak + (1 - leak)*heaviside(z)",
    settings={"leak": "0.01"},
    kink="zero_left",
    source="Maas, Hannun, Ng 2013, Rectifier nonlinearities improve acoustic models",
)
