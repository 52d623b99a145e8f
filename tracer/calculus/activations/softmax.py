"""Softmax over the units of a layer: positive outputs that sum to one."""

from tracer.model.functions import Activation

SOFTMAX = Activation(
    name="softmax",
    vector=True,
    source="Goodfellow, Bengio, Courville, Deep Learning, eq. (6.29)",
)
