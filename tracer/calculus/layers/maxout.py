"""Maxout: each unit has several sums and passes the largest one on.

Takes units (n, samples), or a sequence of such; gives u units.  Of k pieces there are as
many weight matrices (u, n) and biases (u).  Source: Goodfellow, Warde-Farley, Mirza,
Courville and Bengio (2013), Maxout Networks, sec. 3, the first equation.  Read by the table
of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting


def recipe(of: Facts) -> Recipe:
    """``maximum(W1 x + b1, W2 x + b2, ...)``.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("maxout", settings={}), MAXOUT)
    >>> of = Facts(Form("units", (3,)), 2, told, samples=1)
    >>> print(*MAXOUT.recipe(of).equations, sep="\\n")
    z_1 = W_1 @ x + b_1
    z_2 = W_2 @ x + b_2
    out = maximum(z_1, z_2)
    """
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
