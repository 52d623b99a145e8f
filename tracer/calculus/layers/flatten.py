"""Flatten: everything that comes in as one row of units, row by row, channel by channel.

Takes an image (channels, rows, columns), or a sequence (T, n); gives as many units as it
has numbers, (numbers, samples).  Source: PyTorch, torch.nn.Flatten, whose order it has.
Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe


def recipe(of: Facts) -> Recipe:
    """The same numbers, as units.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("flatten", settings={}), FLATTEN)
    >>> of = Facts(Form("image", (2, 3, 3)), 0, told, samples=1)
    >>> print(*FLATTEN.recipe(of).equations, sep="\\n")
    out = x
    """
    return Recipe(("out = x",), ("out",))


FLATTEN = LayerType(
    name="flatten",
    about="An image or a sequence as one row of units.",
    over="flat",
    takes=("image", "sequence", "units"),
    recipe=recipe,
)
