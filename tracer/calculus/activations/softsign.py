"""Softsign, a flatter tanh."""

from tracer.model.functions import Activation

SOFTSIGN = Activation(
    name="softsign",
    formula="z/(1 + abs(z))",
    slope="1/(1 + abs(z))**2",
    source="Glorot, Bengio 2010",
)
