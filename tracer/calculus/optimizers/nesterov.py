"""Nesterov momentum: the gradient is followed by one more step of the velocity."""

from tracer.model.functions import Optimizer

NESTEROV = Optimizer(
    name="nesterov",
    settings={"rate": None, "beta": "0.9"},
    lines={"velocity": "beta*velocity + g"},
    states=("velocity",),
    increment="-rate*(g + beta*velocity)",
    source="Sutskever et al. 2013, as in PyTorch's SGD with nesterov",
)
