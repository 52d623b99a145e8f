"""The rectified linear unit."""

from tracer.model.functions import Activation

RELU = Activation(
    name="relu",
    formula="maximum(0, z)",
    slope="heaviside(z)",
    kink="z = 0, where the slope is taken as 0",
    source="Goodfellow, Bengio, Courville, Deep Learning, sec. 6.3.1",
)
