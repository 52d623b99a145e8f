"""The mask of a dropout layer: given, or drawn from a seed as NumPy draws it.

Takes the facts of a layer; gives zeros and ones as texts, one for each number that comes
in.  A mask that is written may serve all samples or each its own; what scales the units
that stay is multiplied by the layer, so that a mask which holds it too is refused, unless
``inverted`` is false.  Read by `dropout`.
"""

from __future__ import annotations

from fractions import Fraction as Rational
from typing import Any

from tracer.calculus.layers.kinds import Facts
from tracer.errors import ProblemError
from tracer.model.arrays import array_shape, shaped


def mask_of(of: Facts) -> Any:
    """The mask of every sample, nested like what comes in.

    Raises:
        ProblemError: if there is none, it has the wrong size, or an entry that is no mask's.
    """
    told, shape = of.settings["mask"], of.form.sizes
    if told is None:
        raise ProblemError("dropout needs its mask: numbers, or drawn: mask: {seed: 7}")
    if isinstance(told, dict):
        return _drawn(int(told["seed"]), (of.samples, *shape), float(of.settings["rate"]))
    _check_entries(told, Rational(of.settings["rate"]), of.settings["inverted"], ("mask",))
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


def _check_entries(told: Any, rate: Rational, inverted: bool, path: tuple[str | int, ...]) -> None:
    """A unit is off (0) or stays (1, or what scales it up where nothing else does)."""
    if not isinstance(told, str):
        for place, part in enumerate(told):
            _check_entries(part, rate, inverted, (*path, place))
        return
    if Rational(told) in (0, 1):
        return
    scaled = _is_rounded(told, 1 / (1 - rate))
    if scaled and not inverted:
        return
    hint = "; 1/(1 - rate) is multiplied already, unless inverted: false" if scaled else ""
    raise ProblemError(
        f"a mask holds 1 for what stays and 0 for what is off; found {told}{hint}", path
    )


def _is_rounded(text: str, exact: Rational) -> bool:
    """Whether the text is a number, or that number rounded to the decimals of the text."""
    written = Rational(text)
    places = len(text.partition(".")[2])
    rounded = places > 0 and text.replace(".", "").isdigit()
    return written == exact or (rounded and abs(written - exact) * 10**places * 2 <= 1)


def _drawn(seed: int, shape: tuple[int, ...], rate: float) -> Any:
    """1 with the probability 1 - rate, else 0."""
    from numpy import random

    return _texts((random.default_rng(seed).random(shape) >= rate).astype(int).tolist())


def _texts(value: Any) -> Any:
    return tuple(map(_texts, value)) if isinstance(value, list) else str(value)
