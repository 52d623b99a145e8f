"""He initialization, for ReLU."""

from tracer.model.functions import Initializer

HE_UNIFORM = Initializer(
    name="he_uniform",
    distribution="uniform",
    bounds=("-sqrt(6/fan_in)", "sqrt(6/fan_in)"),
    source="He et al. 2015, eq. (10), in uniform form as in PyTorch",
)

HE_NORMAL = Initializer(
    name="he_normal",
    distribution="normal",
    bounds=("0", "sqrt(2/fan_in)"),
    source="He et al. 2015, eq. (10)",
)
