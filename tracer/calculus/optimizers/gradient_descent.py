"""Plain gradient descent."""

from tracer.model.functions import Optimizer

GRADIENT_DESCENT = Optimizer(
    name="gradient_descent",
    settings={"rate": None},
    increment="-rate*g",
    source="Nielsen, Neural Networks and Deep Learning, ch. 1 eqs. (20), (21)",
)
