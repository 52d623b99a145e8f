"""Evidence of the numbers: whose names a sheet uses, where several books would read them.

``z_2`` is the second layer's in one book and the second unit's in another.  Takes what each
book makes of the names; the one under which most of the written numbers come near the right
ones is meant: a reading that is mistaken gives numbers that have nothing to do with them,
a slip mostly does not.  Used for lines (`books`) and for tables (`choosing`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracer.errors import TracerError
from tracer.files.sheets.values import READ
from tracer.formula.evaluating import Definition, Evaluator, Float
from tracer.formula.nodes import Negative, Node, Symbol
from tracer.model.trace import Trace

_NEAR = 0.1
"""How far a number may lie off and still be taken for that quantity's, relative to it."""
_DOUBT = 0.34
"""So many numbers against one for it make a reading doubtful."""
_TELLING = 3
"""Digits with which a number may tell by itself what it is."""
_KEPT = "files.values"
LEAST = 3
"""So many numbers more must speak for another book than for the problem's own."""

Values = Mapping[str, float]
"""Numbers by key."""
Reading = tuple[Node, str]
"""What a name means in some book, and the number that is written for it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many numbers speak for what the names are taken to mean, and how many against it."""

    near: int
    far: int

    @property
    def weight(self) -> int:
        """How many more speak for it than against it."""
        return self.near - self.far

    @property
    def doubtful(self) -> bool:
        """Whether another reading is worth a look."""
        return 0 < self.far >= _DOUBT * self.near


def evidence(readings: Iterable[Reading], values: Values) -> Evidence:
    """What the written numbers say of the meanings that a book gives to their names."""
    told = [_is_near(formula, text, values) for formula, text in readings]
    return Evidence(told.count(True), told.count(False))


def nearest(
    formulas: Iterable[Node], text: str, values: Values, known: Mapping[str, Definition]
) -> Node | None:
    """Which of several formulas comes nearest to a written number, at the right values.

    Args:
        formulas: what may be meant.
        text: the number that is written.
        values: the numbers of the right calculation.
        known: the functions that the formulas may call.
    """
    found: Node | None = None
    least = math.inf
    evaluate = Evaluator(Float(), known)
    for formula in formulas:
        try:
            off = abs(evaluate(formula, values) - float(READ(text).value))
        except (TracerError, ArithmeticError, KeyError, ValueError):
            continue
        if off < least:
            found, least = formula, off
    return found


def alone_with(text: str, values: Values) -> str | None:
    """The one key whose value rounds to a written number, if it has digits enough to tell.

    >>> alone_with("0.593", {"a1[1]": 0.59327, "a1[2]": 0.59688}), alone_with("0.6", {"b": 0.6})
    ('a1[1]', None)
    """
    try:
        number = READ(text)
        value, half = float(number.value), 0.5000001 * float(number.unit)
    except (TracerError, OverflowError, ValueError):
        return None
    if number.figures < _TELLING:
        return None
    found = [key for key, right in values.items() if abs(right - value) <= half]
    return found[0] if len(found) == 1 else None


def _is_near(formula: Node, text: str, values: Values) -> bool | None:
    """Whether a number may be this quantity's; None where that cannot be told."""
    key = formula.operand if isinstance(formula, Negative) else formula
    if not isinstance(key, Symbol) or key.name not in values:
        return None
    try:
        number = READ(text)
        value = abs(number.value.numerator / number.value.denominator)
        unit = number.unit.numerator / number.unit.denominator
    except (TracerError, OverflowError):
        return None
    size = abs(values[key.name])
    return abs(value - size) <= max(unit, _NEAR * size)


def values_of(trace: Trace) -> Values:
    """Every number of the right calculation, kept beside the trace."""
    found: Values | None = vars(trace).get(_KEPT)
    if found is None:
        found = vars(trace)[_KEPT] = {
            step.key: float(step.exact) for step in trace.steps if step.exact is not None
        }
    return found
