"""The rectified linear unit."""

from tracer.model.functions import Activation

RELU = Activation(
    name="relu",
    formula="maximum(0, z)",
    slope="heaviside(z)",
    kink="zero",
    source="Goodfellow, Bengio, Courville, Deep Learning, sec. 6.3.1",
)
