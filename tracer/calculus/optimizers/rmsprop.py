"""RMSprop, with epsilon outside or inside the root."""

from tracer.model.functions import Optimizer

RMSPROP = Optimizer(
    name="rmsprop",
    settings={"rate": None, "beta": "0.9", "epsilon": "1e-8"},
    lines={"squares": "beta*squares + (1 - beta)*g**2"},
    states=("squares",),
    increment="-rate*g/(sqrt(squares) + epsilon)",
    source="Hinton, Neural Networks for Machine Learning, lecture 6e; epsilon as in PyTorch",
)

RMSPROP_INSIDE = Optimizer(
    name="rmsprop_inside",
    settings={"rate": None, "beta": "0.9", "epsilon": "1e-8"},
    lines={"squares": "beta*squares + (1 - beta)*g**2"},
    states=("squares",),
    increment="-rate*g/sqrt(squares + epsilon)",
    source="Ruder 2016, eq. (16); article 002",
)
