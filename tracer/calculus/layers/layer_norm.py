"""Layer normalisation: the units of each sample, or of each time step, among themselves.

Takes units (n, samples), or a sequence of such; gives as many, each sample with the mean 0
and the variance 1 before gamma (n) scales and beta (n) shifts it.  Source: Ba, Kiros and
Hinton (2016), Layer Normalization, eqs. (3) and (4).  Read by the table of layers.
"""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe
from tracer.calculus.layers.normalising import ROOTS, SCALED, VARIANCE, normalised, scale


def recipe(of: Facts) -> Recipe:
    """Mean and variance over the units, the normalised values, scale and shift.

    >>> from tracer.calculus.layers.choices import settled
    >>> from tracer.calculus.layers.kinds import Form
    >>> from tracer.model.layer import Layer
    >>> told = settled(Layer("layer_norm", settings={}), LAYER_NORM)
    >>> of = Facts(Form("units", (3,)), 0, told, samples=1)
    >>> print(*LAYER_NORM.recipe(of).equations, sep="\\n")
    mean = mean(x, axis=0)
    centred = x - mean
    variance = mean(centred**2, axis=0)
    deviation = sqrt(variance + epsilon)
    normalised = centred/deviation
    scaled = gamma*normalised + beta
    """
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
