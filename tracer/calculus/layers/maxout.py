"""Maxout: each unit has several sums and passes the largest one on."""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting


def recipe(of: Facts) -> Recipe:
    """``maximum(W1 x + b1, W2 x + b2, ...)``."""
    units, pieces = of.needed_units(), of.settings["pieces"]
    numbers = range(1, pieces + 1)
    largest = "z_1"
    for number in numbers[1:]:
        largest = f"maximum({largest}, z_{number})"
    biases = {"b": Parameter((units,), (pieces,))} if of.biases else {}
    return Recipe(
        (*(f"z_{k} = W_{k} @ x{of.bias(f'b_{k}')}" for k in numbers), f"out = {largest}"),
        ("out",),
        {"W": Parameter((units, of.inputs), (pieces,)), **biases},
    )


MAXOUT = LayerType(
    name="maxout",
    about="Each unit passes on the largest of several sums.",
    over="units",
    takes=("units", "sequence"),
    recipe=recipe,
    settings={"pieces": Setting("whole", "How many sums a unit has.", 2, least=2, most=100)},
    parameters=("W", "b"),
    units=True,
    biases=True,
    bias_names=("b",),
    source="Goodfellow and others (2013)",
)
