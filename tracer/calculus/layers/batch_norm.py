"""Batch normalisation: each unit over the batch; in use, by the running statistics."""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe, Setting
from tracer.calculus.layers.normalising import ROOTS, SCALED, VARIANCE, normalised, root, scale
from tracer.errors import ProblemError


def recipe(of: Facts) -> Recipe:
    """Mean and variance of each unit, the normalised values, scale and shift."""
    constants = {"epsilon": of.settings["epsilon"]}
    if of.settings["mode"] == "train":
        if of.samples == 1:
            raise ProblemError(
                "batch_norm in training needs several samples; one sample has no variance"
            )
        return Recipe((*normalised(of, 1), SCALED), ("scaled",), scale(of), constants)
    for name in ("running_mean", "running_variance"):
        numbers = of.settings[name]
        if numbers is None:
            raise ProblemError(f"batch_norm in use needs its {name}")
        if len(numbers) != of.inputs:
            raise ProblemError(
                f"{name} needs one number for each of {of.inputs} units; found {len(numbers)}",
                (name,),
            )
        constants[name] = numbers
    line = f"normalised = (x - running_mean)/({root(of, 'running_variance')})"
    return Recipe((line, SCALED), ("scaled",), scale(of), constants)


BATCH_NORM = LayerType(
    name="batch_norm",
    about="Each unit's values are normalised over the batch.",
    over="units",
    takes=("units",),
    recipe=recipe,
    settings={
        **ROOTS,
        "variance": VARIANCE,
        "mode": Setting(
            "word",
            "With the batch's statistics, or the running ones.",
            "train",
            words=("train", "test"),
        ),
        "running_mean": Setting("array", "The mean of each unit, in use.", needed=False),
        "running_variance": Setting("array", "The variance of each unit, in use.", needed=False),
    },
    parameters=("gamma", "beta"),
    bias_names=("gamma", "beta"),
    source="Ioffe and Szegedy (2015)",
)
