"""The simple recurrent cell: the state is a function of what comes in and the state before."""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting
from tracer.calculus.layers.recurrence import RECURRENT, starting


def recipe(of: Facts) -> Recipe:
    """``h = tanh(W x + U h + b)``."""
    units = of.needed_units()
    biases = {"b": Parameter((units,))} if of.biases else {}
    return Recipe(
        equations=(
            f"z = W @ x + U @ h_before{of.bias('b')}",
            f"h = {of.settings['activation']}(z)",
        ),
        gives=("h",),
        parameters={
            "W": Parameter((units, of.inputs)),
            "U": Parameter((units, units)),
            **biases,
        },
        memory=("h",),
        start=starting(("h",), of),
    )


ELMAN = LayerType(
    name="elman",
    about="A simple recurrent cell over the time steps.",
    over="time",
    takes=("sequence",),
    recipe=recipe,
    settings={
        "activation": Setting("activation", "The function of the state.", "tanh"),
        **RECURRENT,
    },
    parameters=("W", "U", "b"),
    units=True,
    biases=True,
    bias_names=("b",),
    source="Elman (1990)",
)
