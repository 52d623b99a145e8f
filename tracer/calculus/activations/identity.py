"""The identity: a unit without an activation function."""

from tracer.model.functions import Activation

IDENTITY = Activation(
    name="identity",
    formula="z",
    slope="1",
)
