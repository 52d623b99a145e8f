"""Momentum in its four published forms; they differ in what the velocity holds."""

from tracer.model.functions import Optimizer

MOMENTUM = Optimizer(
    name="momentum",
    settings={"rate": None, "beta": "0.9"},
    lines={"velocity": "beta*velocity + g"},
    states=("velocity",),
    increment="-rate*velocity",
    source="Sutskever et al. 2013, as in PyTorch's SGD",
)

MOMENTUM_STEP = Optimizer(
    name="momentum_step",
    settings={"rate": None, "beta": "0.9"},
    lines={"velocity": "beta*velocity - rate*g"},
    states=("velocity",),
    increment="velocity",
    source="Goodfellow, Bengio, Courville, Deep Learning, eqs. (8.15), (8.16)",
)

MOMENTUM_SUBTRACTED = Optimizer(
    name="momentum_subtracted",
    settings={"rate": None, "beta": "0.9"},
    lines={"velocity": "beta*velocity + rate*g"},
    states=("velocity",),
    increment="-velocity",
    source="Ruder 2016, An overview of gradient descent optimization algorithms, eq. (4)",
)

MOMENTUM_AVERAGED = Optimizer(
    name="momentum_averaged",
    settings={"rate": None, "beta": "0.9"},
    lines={"velocity": "beta*velocity + (1 - beta)*g"},
    states=("velocity",),
    increment="-rate*velocity",
    source="Ng, Deep Learning Specialization, course 2 week 2; article 002",
)
