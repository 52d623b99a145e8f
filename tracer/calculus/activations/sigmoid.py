"""The logistic sigmoid, between 0 and 1."""

from tracer.model.functions import Activation

SIGMOID = Activation(
    name="sigmoid",
    formula="1/(1 + exp(-z))",
    slope="a*(1 - a)",
    twin="exp(minimum(z, 0))/(1 + exp(-abs(z)))",
    source="Nielsen, Neural Networks and Deep Learning, ch. 1 eq. (3) and ch. 2",
)
