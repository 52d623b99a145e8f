"""A residual connection: what comes from the layer before plus what skipped over it."""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe


def recipe(of: Facts) -> Recipe:
    """Nothing but the sum (or the row) of its sources."""
    return Recipe((), ("x",))


RESIDUAL = LayerType(
    name="residual",
    about="The layer before and those named by 'from', added up.",
    over="joined",
    takes=("units", "sequence", "image"),
    recipe=recipe,
    source="He and others (2016)",
)
