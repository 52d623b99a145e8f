"""The step of the perceptron: 1 above 0, else 0."""

from tracer.model.functions import Activation

STEP = Activation(
    name="step",
    formula="heaviside(z)",
    slope="0",
    kink="z = 0, where the output is 0; the slope is 0 everywhere",
    source="Rosenblatt 1958; Nielsen, Neural Networks and Deep Learning, ch. 1 eq. (1)",
)
