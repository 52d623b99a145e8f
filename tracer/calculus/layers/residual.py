"""A residual connection: what comes from the layer before plus what skipped over it.

Takes several arrays of one form: units, sequences or images; gives their sum, which is no
line of its own but stands where it is used, so that the recipe has no equations.  Source:
He, Zhang, Ren and Sun (2016), Deep Residual Learning, eq. (1).  Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe


def recipe(of: Facts) -> Recipe:
    """Nothing but the sum (or the row) of its sources.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("residual", settings={}), RESIDUAL)
    >>> of = Facts(Form("units", (3,)), 0, told, samples=1)
    >>> RESIDUAL.recipe(of).equations, RESIDUAL.recipe(of).gives
    ((), ('x',))
    """
    return Recipe((), ("x",))


RESIDUAL = LayerType(
    name="residual",
    about="The layer before and those named by 'from', added up.",
    over="joined",
    takes=("units", "sequence", "image"),
    recipe=recipe,
    source="He and others (2016)",
)
