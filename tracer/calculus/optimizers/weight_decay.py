"""Gradient descent with decoupled weight decay."""

from tracer.model.functions import Optimizer

GRADIENT_DESCENT_DECAY = Optimizer(
    name="gradient_descent_decay",
    settings={"rate": None, "decay": None},
    increment="-rate*g - rate*decay*w",
    source="Loshchilov, Hutter 2019, algorithm 1 without momentum",
)
