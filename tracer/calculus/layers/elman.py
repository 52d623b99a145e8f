"""The simple recurrent cell: the state is a function of what comes in and the state before.

Takes a sequence of T steps of n numbers; gives the states of u units, (u, samples) at each
step, or the last of them.  W is (u, n), U (u, u), b (u).  Source: Elman (1990), Finding
Structure in Time, fig. 2; as formulas Goodfellow, Bengio, Courville, Deep Learning,
eqs. (10.8) and (10.9).  Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting
from tracer.calculus.layers.recurrence import RECURRENT, starting


def recipe(of: Facts) -> Recipe:
    """``h = tanh(W x + U h + b)``.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("elman", settings={}), ELMAN)
    >>> of = Facts(Form("sequence", (3, 2)), 2, told, samples=1)
    >>> print(*ELMAN.recipe(of).equations, sep="\\n")
    z = W @ x + U @ h_before + b
    h = tanh(z)
    """
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
