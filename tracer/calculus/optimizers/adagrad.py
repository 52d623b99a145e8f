"""AdaGrad: each rate shrinks with the gradients that its parameter has seen; epsilon outside the
root or inside it."""

from tracer.model.functions import Optimizer

ADAGRAD = Optimizer(
    name="adagrad",
    settings={"rate": None, "epsilon": "1e-10"},
    lines={"squares": "squares + g**2"},
    states=("squares",),
    increment="-rate*g/(sqrt(squares) + epsilon)",
    source="Duchi, Hazan, Singer 2011; epsilon as in PyTorch",
)

ADAGRAD_INSIDE = Optimizer(
    name="adagrad_inside",
    settings={"rate": None, "epsilon": "1e-8"},
    lines={"squares": "squares + g**2"},
    states=("squares",),
    increment="-rate*g/sqrt(squares + epsilon)",
    source="Ruder 2016, eq. (8)",
)
