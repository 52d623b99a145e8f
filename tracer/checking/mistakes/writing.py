"""Slips of the pen, and rounding at the wrong time.

The slips take a case and a right value and give the value that the slip makes of it, or
None: the other sign, a moved point, a last digit off, digits exchanged, lost or doubled.
The roundings take a line and give it at operands with fewer digits, rounded or cut off.
Read by the table of mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import Rewriting
from tracer.checking.swaps import Shortened, Swap
from tracer.checking.tolerance import fits
from tracer.formula.nodes import Node

_ROUNDINGS = (ROUND_HALF_UP, ROUND_DOWN)
_SURE, _EDGE = 1e9, 1e-5
"""A number of so many units of the last place, so far from where rounding turns, is rounded
the same way in machine numbers as in decimals."""
_EXACT = 22
"""Powers of ten below this one are machine numbers."""


def sign(case: Case, right: float) -> float | None:
    """The sign was lost or turned."""
    return -right


def decimal_slip(case: Case, right: float) -> float | None:
    """The decimal point slipped by one to three places."""
    for power in (1, -1, 2, -2, 3, -3):
        moved = right * 10.0**power
        if fits(moved, case.value, case.unit):
            return moved
    return None


def last_digit(case: Case, right: float) -> float | None:
    """The last digit is off by one or two."""
    off = abs(right - case.value)
    slight = 1.5 if case.written.figures < 3 else 3.0
    return right if case.unit and off <= slight * case.unit else None


def digits_transposed(case: Case, right: float) -> float | None:
    """Two neighbouring digits changed places."""
    wrong = _digits(case.value, case.written.decimals)
    for digits in _readings(right, case.written.decimals):
        if len(digits) != len(wrong) or sorted(digits) != sorted(wrong) or digits == wrong:
            continue
        for i in range(len(digits) - 1):
            swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
            if swapped == wrong and right * case.value > 0:
                return case.value
    return None


def digit_lost(case: Case, right: float) -> float | None:
    """One digit was left out, or one was written twice."""
    wrong = _digits(case.value, case.written.decimals)
    if len(wrong) < 3 or right * case.value <= 0:
        return None
    places = case.written.decimals
    for longer in (places + 1, places):
        for digits in _readings(right, longer):
            if len(digits) == len(wrong) + 1 and _one_less(digits, wrong):
                return case.value
    for shorter in (places - 1, places):
        for digits in _readings(right, shorter):
            if len(digits) >= 3 and len(wrong) == len(digits) + 1 and _doubled(wrong, digits):
                return case.value
    return None


def early_rounding(case: Case, line: Line) -> Iterator[Rewriting]:
    """An operand was rounded to fewer digits before it was used."""
    yield from _rounded_operands(case, line, ROUND_HALF_UP)


def operands_truncated(case: Case, line: Line) -> Iterator[Rewriting]:
    """An operand was cut off, not rounded, before it was used."""
    yield from _rounded_operands(case, line, ROUND_DOWN)


def _rounded_operands(case: Case, line: Line, how: str) -> Iterator[Swap]:
    """Every operand that has digits to lose, at fewer and fewer of them."""
    operands = [key for key in line.operands if _was_there(case, key)]
    values = [(key, value) for key in operands if (value := case.value_of(key))]
    for fewer in (3, 2, 1, 4):
        changed: dict[str, Node | Shortened] = {}
        for key, value in values:
            short = _to_figures(value, fewer, how)
            if short != value:
                changed[key] = Shortened(short, fewer)
                yield Swap({key: changed[key]})
        if len(changed) > 1:
            yield Swap(changed)


def _was_there(case: Case, key: str) -> bool:
    """Whether the operand's number could have been rounded before this line was written."""
    stated = case.own.statement(key)
    earlier = stated is None or stated.n < case.statement.n
    return earlier and case.calculation.line(key).rule != "given"


def _to_figures(value: float, figures: int, how: str) -> float:
    """A number rounded or cut off to so many significant digits."""
    places = figures - 1 - math.floor(math.log10(abs(value)))
    scaled = abs(value) * 10.0**places
    beyond = scaled % 1
    if abs(beyond - 0.5) > _EDGE and _EDGE < beyond < 1 - _EDGE and 0 <= places < _EXACT:
        steps = int(scaled + 0.5) if how == ROUND_HALF_UP else int(scaled)
        return math.copysign(steps / 10**places, value)
    number = Decimal(repr(value))
    place = Decimal(1).scaleb(number.adjusted() - figures + 1)
    return float(number.quantize(place, rounding=how))


def _readings(value: float, places: int) -> set[str]:
    """The digits of a value at so many decimals, rounded and cut off."""
    scaled = abs(value) * 10.0**places
    beyond = scaled % 1
    if scaled < _SURE and all(abs(beyond - edge) > _EDGE for edge in (0, 0.5, 1)):
        return {str(int(scaled)).lstrip("0"), str(int(scaled + 0.5)).lstrip("0")}
    number = Decimal(repr(value))
    place = Decimal(1).scaleb(-places)
    found = set()
    for how in _ROUNDINGS:
        try:
            found.add(_digits_of(number.quantize(place, rounding=how)))
        except ArithmeticError:
            continue
    return found


def _digits(value: float, places: int) -> str:
    scaled = abs(value) * 10.0**places
    if scaled < _SURE and abs(scaled - round(scaled)) < _EDGE:
        return str(round(scaled)).lstrip("0")
    try:
        number = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places))
    except ArithmeticError:
        return ""
    return _digits_of(number)


def _digits_of(number: Decimal) -> str:
    return "".join(map(str, number.as_tuple().digits)).lstrip("0")


def _doubled(longer: str, shorter: str) -> bool:
    """Whether writing one digit of `shorter` twice gives `longer`."""
    return any(shorter[: i + 1] + shorter[i:] == longer for i in range(len(shorter)))


def _one_less(longer: str, shorter: str) -> bool:
    """Whether leaving one digit out of `longer` gives `shorter`."""
    i = 0
    while i < len(shorter) and longer[i] == shorter[i]:
        i += 1
    return longer[i + 1 :] == shorter[i:]
