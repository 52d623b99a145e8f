"""The rectifier with a learned slope: what is negative passes on times that slope."""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting


def recipe(of: Facts) -> Recipe:
    """``maximum(0, x) + slope*minimum(0, x)``, with one slope or one for each unit."""
    shape = () if of.settings["shared"] else (of.inputs,)
    return Recipe(
        ("out = maximum(0, x) + slope*minimum(0, x)",),
        ("out",),
        {"slope": Parameter(shape, default="0.25")},
    )


PRELU = LayerType(
    name="prelu",
    about="A rectifier whose slope on the negative side is learned.",
    over="units",
    takes=("units", "sequence"),
    recipe=recipe,
    settings={"shared": Setting("switch", "Whether all units share one slope.", True)},
    parameters=("slope",),
    source="He and others (2015)",
)
