"""Adadelta: the step is scaled by the size of the steps before it."""

from tracer.model.functions import Optimizer

ADADELTA = Optimizer(
    name="adadelta",
    settings={"rate": "1", "beta": "0.9", "epsilon": "1e-6"},
    lines={
        "squares": "beta*squares + (1 - beta)*g**2",
        "scaled": "sqrt(steps + epsilon)/sqrt(squares + epsilon)*g",
        "steps": "beta*steps + (1 - beta)*scaled**2",
    },
    states=("squares", "steps"),
    increment="-rate*scaled",
    source="Zeiler 2012, algorithm 1",
)
