"""Normalisation by the root of the mean square over the units: no mean is taken off."""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe
from tracer.calculus.layers.normalising import ROOTS, root, scale


def recipe(of: Facts) -> Recipe:
    """The mean square, its root, the normalised values, and their scale."""
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
