"""Batch normalisation: each unit over the batch; in use, by the running statistics.

In training the layer needs a batch of at least two samples; the running statistics are
carried on from update to update only where the problem says something about them.  In use
they are given numbers, and the batch is not looked at.  Read by the table of layers.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracer.calculus.layers.kinds import Facts, LayerType, Recipe, Setting
from tracer.calculus.layers.normalising import ROOTS, SCALED, VARIANCE, normalised, root, scale
from tracer.errors import ProblemError


def recipe(of: Facts) -> Recipe:
    """Mean and variance of each unit, the normalised values, scale and shift."""
    constants = {"epsilon": of.settings["epsilon"]}
    if of.settings["mode"] == "train":
        lines, followed = (*normalised(of, 1), SCALED), is_followed(of)
        return Recipe(
            lines,
            ("scaled",),
            scale(of),
            constants | ({"momentum": of.settings["momentum"] or "0.1"} if followed else {}),
            running=running(of) if followed else {},
            least_samples=2,
        )
    for name in STATISTICS:
        if of.settings[name] is None:
            raise ProblemError(f"batch_norm in use needs its {name}")
        constants[name] = statistic(of, name)
    line = f"normalised = (x - running_mean)/({root(of, 'running_variance')})"
    return Recipe((line, SCALED), ("scaled",), scale(of), constants)


def is_followed(of: Facts) -> bool:
    """Whether running statistics are carried on: where anything is said about them."""
    return any(of.settings[name] is not None for name in ("momentum", *STATISTICS))


def running(of: Facts) -> dict[str, tuple[Sequence[str], str]]:
    """The running mean and variance: where they start, and each after an update."""
    known = "variance"
    if of.settings["running"] == "unbiased" and of.settings["variance"] == "biased":
        known = "samples/(samples - 1)*variance"
    return {
        "running_mean": (
            statistic(of, "running_mean"),
            "(1 - momentum)*running_mean + momentum*mean",
        ),
        "running_variance": (
            statistic(of, "running_variance"),
            f"(1 - momentum)*running_variance + momentum*{known}",
        ),
    }


def statistic(of: Facts, name: str) -> Sequence[str]:
    """A number for each unit, as the layer says; else where they start.

    Raises:
        ProblemError: if there are more or fewer.
    """
    numbers: Sequence[str] | None = of.settings[name]
    if numbers is None:
        return (STATISTICS[name],) * of.inputs
    if len(numbers) != of.inputs:
        raise ProblemError(
            f"{name} needs one number for each of {of.inputs} units; found {len(numbers)}",
            (name,),
        )
    return numbers


STATISTICS = {"running_mean": "0", "running_variance": "1"}
"""What is carried on from update to update, and where it starts."""

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
        "momentum": Setting(
            "number",
            "The share of the batch's statistics in the running ones after an update, which are "
            "followed where this or a start is given; then 0.1 if left out.",
            needed=False,
        ),
        "running": Setting(
            "word",
            "Whether the batch's variance goes into the running one with m - 1 or with m.",
            "unbiased",
            words=("unbiased", "biased"),
        ),
        "running_mean": Setting(
            "array", "The mean of each unit: in use, or where training starts (0).", needed=False
        ),
        "running_variance": Setting(
            "array",
            "The variance of each unit: in use, or where training starts (1).",
            needed=False,
        ),
    },
    parameters=("gamma", "beta"),
    bias_names=("gamma", "beta"),
    source="Ioffe and Szegedy (2015); running statistics as in PyTorch's BatchNorm1d",
)
