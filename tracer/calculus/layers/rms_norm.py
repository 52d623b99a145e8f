"""Normalisation by the root of the mean square over the units: no mean is taken off.

Takes units (n, samples), or a sequence of such; gives as many, scaled by gamma (n).
Source: Zhang and Sennrich (2019), Root Mean Square Layer Normalization, eq. (4).  Read by
the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe
from tracer.calculus.layers.normalising import ROOTS, root, scale


def recipe(of: Facts) -> Recipe:
    """The mean square, its root, the normalised values, and their scale.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("rms_norm", settings={}), RMS_NORM)
    >>> of = Facts(Form("units", (3,)), 0, told, samples=1)
    >>> print(*RMS_NORM.recipe(of).equations, sep="\\n")
    square = mean(x**2, axis=0)
    rms = sqrt(square + epsilon)
    normalised = x/rms
    scaled = gamma*normalised
    """
    return Recipe(
        (
            "square = mean(x**2, axis=0)",
            f"rms = {root(of, 'square')}",
            "normalised = x/rms",
            "scaled = gamma*normalised",
        ),
        ("scaled",),
        scale(of, shift=False),
        {"epsilon": of.settings["epsilon"]},
    )


RMS_NORM = LayerType(
    name="rms_norm",
    about="Each sample is divided by the root of its units' mean square.",
    over="units",
    takes=("units", "sequence"),
    recipe=recipe,
    settings=ROOTS,
    parameters=("gamma",),
    bias_names=("gamma",),
    source="Zhang and Sennrich (2019)",
)
