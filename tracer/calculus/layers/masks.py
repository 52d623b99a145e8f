"""The mask of a dropout layer: given, or drawn from a seed as NumPy draws it."""

from __future__ import annotations

from typing import Any

from tracer.calculus.layers.kinds import Facts
from tracer.errors import ProblemError
from tracer.model.arrays import array_shape, shaped


def mask_of(of: Facts) -> Any:
    """The mask of every sample, nested like what comes in.

    Raises:
        ProblemError: if there is none, or it has the wrong size.
    """
    told, shape = of.settings["mask"], of.form.sizes
    if told is None:
        raise ProblemError("dropout needs its mask: numbers, or drawn: mask: {seed: 7}")
    if isinstance(told, dict):
        return _drawn(int(told["seed"]), (of.samples, *shape), float(of.settings["rate"]))
    found = array_shape(told)
    if found == shape:
        return (told,) * of.samples
    if found == (of.samples, *shape):
        return told
    several = "" if of.samples == 1 else f", for each of {of.samples} samples or once for all"
    raise ProblemError(
        f"what comes in is {of.form.said}, so the mask needs {shaped(shape)}{several}; "
        f"found {shaped(found)}",
        ("mask",),
    )


def _drawn(seed: int, shape: tuple[int, ...], rate: float) -> Any:
    """1 with the probability 1 - rate, else 0."""
    from numpy import random

    return _texts((random.default_rng(seed).random(shape) >= rate).astype(int).tolist())


def _texts(value: Any) -> Any:
    return tuple(map(_texts, value)) if isinstance(value, list) else str(value)
