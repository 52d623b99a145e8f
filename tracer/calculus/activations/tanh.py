"""The hyperbolic tangent, between -1 and 1."""

from tracer.model.functions import Activation

TANH = Activation(
    name="tanh",
    formula="tanh(z)",
    slope="1 - a**2",
    source="Goodfellow, Bengio, Courville, Deep Learning, sec. 6.3.2",
)
