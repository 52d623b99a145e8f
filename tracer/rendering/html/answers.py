"""What a blank of the practice mode accepts, for each line that gives a number.

The rules of judging are the checker's and run in the browser (``templates/html/judge.js``);
this works out the numbers that they need: the true value, what the printed operands give,
and how far that may lie off because the operands are rounded themselves.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction as Rational
from statistics import median

from tracer.errors import CalculationError
from tracer.formula.evaluating import Evaluator, Float
from tracer.model.answer import written
from tracer.model.rounding import Value
from tracer.model.step import Step
from tracer.model.trace import Trace

_NOISE = 1e-12
_CLOSE = 2e-13
"""How near the line's own value is given, relatively: the page compares within `_NOISE`."""
_FIGURES = 20
_LONGEST = Context(prec=_FIGURES, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Answer:
    """The numbers with which a typed answer is judged."""

    printed: str
    """The number as it is printed, in the grammar of typed numbers."""
    true: Value
    """The true value."""
    own: float
    """What the line's formula gives at the printed operands."""
    radius: float
    """How far that may lie off, for the operands are rounded."""

    def told(self, printed: bool = True) -> str:
        """What a page says: the printed number, and the others by it.

        ``printed;true;own;radius``, the last three as steps of the printed number's last
        place: how far the true value and the line's own are from it, and the radius.  Zeros
        at the end are left out, and so is the printed number where the page has it anyway.

        >>> Answer("0.333", Rational(1, 3), 0.3333, 0.0002).told()
        '0.333;.33333333333333333;.3;.2'
        """
        shown, said = written(self.printed), self.printed
        if not shown.unit or not shown.figures:
            said, printed = _decimal(self.true), True
            shown = written(said)
        unit, true = shown.unit, Rational(self.true)
        near = _fixed((true - shown.value) / unit, max(_FIGURES - int(shown.figures), 6))
        steps = (Rational(self.own) - shown.value) / unit
        enough = Rational(abs(self.own) * _CLOSE) / unit
        own = next(
            one
            for places in range(40)
            if abs(Rational(one := _fixed(steps, places)) - steps) <= enough or places == 39
        )
        radius = _short(f"{self.radius / float(unit):.3g}")
        parts = [said if printed else "", near, own, radius]
        while parts[1:] and parts[-1] == "0":
            parts.pop()
        return ";".join(parts)


class Answers:
    """The answers of one trace, each worked out once.

    >>> from tracer.formula.nodes import Number
    >>> from tracer.model.problem import Problem
    >>> step = Step("p", "equation", "forward", Number("1/3"), exact=Rational(1, 3), text="0.333")
    >>> Answers(Trace(Problem(equations=["p = 1/3"]), (step,), ())).of(step).told()
    '0.333;.33333333333333333;.3333333333'
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._evaluate = Evaluator(Float(), trace.definitions)
        self._own: dict[str, float] = {}

    def of(self, step: Step) -> Answer | None:
        """The answer of a step; None where it has no number."""
        if step.exact is None or not step.text or step.rule == "given":
            return None
        values, radius = self._printed(step), 0.0
        for key in values:
            half = self._width(self.trace[key])
            ends = [self._at(step, {**values, key: values[key] + h}) for h in (half, -half) if h]
            if None not in ends and ends:
                radius += abs(ends[0] - ends[1]) / 2  # type: ignore[operator]
        return Answer(step.text, step.exact, self._value(step), radius)

    def _printed(self, step: Step) -> dict[str, float]:
        """The printed numbers of the operands."""
        return {key: float(Rational(self.trace[key].text or "0")) for key in step.operands}

    def _at(self, step: Step, values: dict[str, float]) -> float | None:
        try:
            found = float(self._evaluate(step.formula, values))
        except (CalculationError, ArithmeticError, ValueError):
            return None
        return found if math.isfinite(found) else None

    def _value(self, step: Step) -> float:
        """What a line gives at its printed operands."""
        if step.key not in self._own:
            found = self._at(step, self._printed(step))
            self._own[step.key] = float(step.exact or 0) if found is None else found
        return self._own[step.key]

    def _width(self, step: Step) -> float:
        """How far the true value may lie from a printed number, by its digits.

        Nothing where the number is exact, or just what its own printed operands give.
        """
        if step.rule == "given" or step.exact is None or not step.text:
            return 0.0
        printed, true = Rational(step.text), Rational(step.exact)
        unit = written(step.text).unit
        if printed == true:
            return 0.0
        if abs(true - printed) <= unit / 2:
            return float(unit) / 2
        if true * printed > 0 and 0 <= abs(true) - abs(printed) < unit:  # cut off, not rounded
            return float(unit)
        if abs(self._value(step) - float(printed)) <= _NOISE * abs(printed):
            return 0.0
        return float(unit) / 2


def _fixed(number: Rational, places: int) -> str:
    """With so many decimals and no zero that says nothing: ``-.25``."""
    scaled = round(number * 10**places)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    text = f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}".rstrip("0")
    return "0" if not scaled else "-" * (scaled < 0) + _short(text.removesuffix("."))


def _short(number: str) -> str:
    """Without zeros that say nothing: ``.5``, ``1e-9``."""
    return re.sub(r"e([-+]?)0+", r"e\1", re.sub(r"^0\.", ".", number))


def habits(texts: Iterable[str]) -> tuple[float, float]:
    """Decimals and significant figures that the page usually writes (0, 0 for none)."""
    numbers = [number for text in texts if (number := written(text)).decimals > 0 and number.unit]
    if not numbers:
        return 0.0, 0.0
    return median(n.decimals for n in numbers), median(n.figures for n in numbers)


def _decimal(value: Value) -> str:
    """A value as decimal digits, in the grammar of typed numbers."""
    number = value
    if isinstance(number, Rational):
        number = _LONGEST.divide(Decimal(number.numerator), Decimal(number.denominator))
    return str(_LONGEST.plus(number)).replace("E", "e")
