"""Softplus, the smooth form of ReLU."""

from tracer.model.functions import Activation

SOFTPLUS = Activation(
    name="softplus",
    formula="log(1 + exp(z))",
    slope="1/(1 + exp(-z))",
    twin="maximum(0, z) + log(1 + exp(-abs(z)))",
    source="Goodfellow, Bengio, Courville, Deep Learning, sec. 3.10",
)
