"""Batch normalisation: each unit over the batch; in use, by the running statistics."""

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe, Setting
from tracer.calculus.layers.normalising import EPSILON, SCALED, normalised, scale
from tracer.errors import ProblemError


def recipe(of: Facts) -> Recipe:
    """Mean and variance of each unit, the normalised values, scale and shift."""
    constants = {"epsilon": of.settings["epsilon"]}
    if of.settings["mode"] == "train":
        if of.samples == 1:
            raise ProblemError(
                "batch_norm in training needs several samples; one sample has no variance"
            )
        return Recipe((*normalised(1), SCALED), ("scaled",), scale(of), constants)
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
    line = "normalised = (x - running_mean)/sqrt(running_variance + epsilon)"
    return Recipe((line, SCALED), ("scaled",), scale(of), constants)


BATCH_NORM = LayerType(
    name="batch_norm",
    about="Each unit's values are normalised over the batch.",
    over="units",
    takes=("units",),
    recipe=recipe,
    settings={
        "epsilon": EPSILON,
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
