"""An activation by itself, behind a layer that has none: normalised, added or pooled units.

Takes units (n, samples), or a sequence of such; gives as many, each passed through the
function.  Dense layers and convolutions say their activation themselves.  Source: He, Zhang,
Ren and Sun (2016), Deep Residual Learning, fig. 2: a rectifier behind what was added; Ioffe and
Szegedy (2015), Batch Normalization, sec. 3.2: ``z = g(BN(W u))``.  Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe, Setting


def recipe(of: Facts) -> Recipe:
    """The function of each unit.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("activation", settings={"function": "relu"}), ACTIVATION)
    >>> of = Facts(Form("units", (3,)), 0, told, samples=1)
    >>> print(*ACTIVATION.recipe(of).equations, sep="\\n")
    out = relu(x)
    """
    return Recipe((f"out = {of.settings['function']}(x)",), ("out",))


ACTIVATION = LayerType(
    name="activation",
    about="An activation by itself, behind units that were normalised, added or pooled.",
    over="units",
    takes=("units", "sequence"),
    recipe=recipe,
    settings={"function": Setting("activation", "Which activation function.")},
    source="Ioffe and Szegedy (2015), sec. 3.2; He and others (2016), fig. 2",
)
