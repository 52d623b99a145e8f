"""Layer normalisation: each sample (or time step) over its units."""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe
from tracer.calculus.layers.normalising import ROOTS, SCALED, VARIANCE, normalised, scale


def recipe(of: Facts) -> Recipe:
    """Mean and variance over the units, the normalised values, scale and shift."""
    constants = {"epsilon": of.settings["epsilon"]}
    return Recipe((*normalised(of, 0), SCALED), ("scaled",), scale(of), constants)


LAYER_NORM = LayerType(
    name="layer_norm",
    about="Each sample is normalised over its units.",
    over="units",
    takes=("units", "sequence"),
    recipe=recipe,
    settings={**ROOTS, "variance": VARIANCE},
    parameters=("gamma", "beta"),
    bias_names=("gamma", "beta"),
    source="Ba, Kiros and Hinton (2016)",
)
