"""What a written number can stand for, held against true and calculated values.

Floats decide wherever they can, exact values at the edges of the interval.  `Habit` says
with how many digits a sheet usually writes, so that a bare 0 among four decimals is called
too coarse instead of right.  Read by `judging`, `reaching`, `hindsight` and `marking`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction as Rational
from statistics import median

from tracer.checking.tolerance import fits
from tracer.formula.evaluating import Value
from tracer.model.answer import Sheet, Written

_NOISE = 1e-12


def is_right(number: Written, value: float, unit: float, true: float, exact: Value) -> bool:
    """Whether the full-precision value rounds or truncates to what is written.

    Args:
        number: as typed.
        value: the same as a float, in the quantity's sign.
        unit: the worth of its last place.
        true: the true value as a float.
        exact: the true value; decides at the edges of the interval.
    """
    distance = abs(true - value)
    if distance < 0.499999 * unit and value:
        return True
    if distance > 1.000001 * unit:
        return unit == 0 and distance <= 1e-9 * abs(true) and _equal(number, value, exact)
    if value == 0 and abs(true) >= unit / 2:
        return False
    if abs(distance - unit / 2) > 1e-6 * unit and abs(distance - unit) > 1e-6 * unit:
        return fits(true, value, unit)
    wanted = number.value if (value < 0) == (number.value < 0) else -number.value
    real = Rational(exact)
    if abs(real - wanted) <= number.unit / 2:
        return True
    beyond = abs(real) - abs(wanted)
    return real * wanted > 0 and 0 <= beyond < number.unit


def is_exact(number: Written, value: float, true: float, exact: Value) -> bool:
    """Whether the true value itself is written, with all its digits."""
    return value == true and _equal(number, value, exact)


def _equal(number: Written, value: float, exact: Value) -> bool:
    wanted = number.value if (value < 0) == (number.value < 0) else -number.value
    return Rational(exact) == wanted


def reaches(
    centre: float, value: float, unit: float, radius: float, near: bool, inner: float = 0.0
) -> bool:
    """Whether a line's own result may have been written as `value`.

    With `near`, a whole unit of the last place either way is allowed.

    Args:
        inner: how far inner results rounded on the way can move it: 1/3 as 0.333 makes
            0.000999 of a third of 0.003, which may be cut off to 0.000.
    """
    if value == 0 and unit and abs(centre) - inner >= (unit / 2 if unit >= 1 else unit):
        return False  # digits were there to show it; a bare 0 does not even look cut off
    if near and abs(centre - value) <= unit * (1 + 1e-9):
        return True
    return fits(centre, value, unit, radius)


def is_same(centre: float, value: float, places: Iterable[float]) -> bool:
    """Whether a result is what is written with all its digits, but for noise of floats."""
    return abs(centre - value) <= _NOISE * max(map(abs, places))


class Habit:
    """With how many digits a sheet usually writes its numbers."""

    def __init__(self, sheet: Sheet) -> None:
        numbers = [s.written for s in sheet.statements if s.written and s.written.decimals > 0]
        numbers = [number for number in numbers if number.unit]
        self.decimals = median(n.decimals for n in numbers) if numbers else 0
        self.figures = median(n.figures for n in numbers) if numbers else 0

    def is_too_coarse(self, number: Written, unit: float, true: float) -> bool:
        """Whether so few digits are written, against the habit, that it shows nothing."""
        return (
            unit >= 0.5 * abs(true) > 0
            and number.decimals < self.decimals - 1
            and number.figures < self.figures
        )
