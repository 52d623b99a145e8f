"""The hard sigmoid: a straight line between 0 and 1."""

from tracer.model.functions import Activation

HARD_SIGMOID = Activation(
    name="hard_sigmoid",
    formula="minimum(1, maximum(0, z/6 + 1/2))",
    slope="heaviside(z + 3)*heaviside(3 - z)/6",
    kink="three",
    source="Howard et al. 2019, MobileNetV3, as in PyTorch",
)
