"""The rectifier with a learned slope: what is negative passes on times that slope.

Takes units (n, samples), or a sequence of such; gives as many.  The slope is one number, or
one for each unit.  Source: He, Zhang, Ren and Sun (2015), Delving Deep into Rectifiers,
eq. (1).  Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting


def recipe(of: Facts) -> Recipe:
    """``maximum(0, x) + slope*minimum(0, x)``, with one slope or one for each unit.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("prelu", settings={}), PRELU)
    >>> of = Facts(Form("units", (3,)), 0, told, samples=1)
    >>> print(*PRELU.recipe(of).equations, sep="\\n")
    out = maximum(0, x) + slope*minimum(0, x)
    """
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
