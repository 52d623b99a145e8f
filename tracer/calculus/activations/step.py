"""The step of the perceptron: 1 above 0, else 0."""

from tracer.model.functions import Activation

STEP = Activation(
    name="step",
    formula="heaviside(z)",
    slope="0",
    kink="jump",
    source="Rosenblatt 1958; Nielsen, Neural Networks and Deep Learning, ch. 1 eq. (1)",
)
