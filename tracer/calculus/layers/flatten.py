"""Flatten: everything that comes in as one row of units, row by row, channel by channel."""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe


def recipe(of: Facts) -> Recipe:
    """The same numbers, as units."""
    return Recipe(("out = x",), ("out",))


FLATTEN = LayerType(
    name="flatten",
    about="An image or a sequence as one row of units.",
    over="flat",
    takes=("image", "sequence", "units"),
    recipe=recipe,
)
