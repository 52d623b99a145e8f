"""What a blank of the practice mode accepts, for each line that gives a number.

The rules of judging are the checker's and run in the browser (``templates/html/judge.js``);
this works out the numbers that they need: the true value, what the printed operands give,
and how far that may lie off because the operands are rounded themselves.
"""

from __future__ import annotations

import math
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

_LONGEST = Context(prec=25, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Answer:
    """The numbers with which a typed answer is judged."""

    true: str
    """The true value, with up to 25 digits."""
    own: float
    """What the line's formula gives at the printed operands."""
    radius: float
    """How far that may lie off, for the operands are rounded."""

    def __str__(self) -> str:
        return " ".join((self.true, _short(self.own), f"{self.radius:.3g}"))


def answer(step: Step, trace: Trace) -> Answer | None:
    """The answer of a step; None where it has no number."""
    if step.exact is None or not step.text or step.rule == "given":
        return None
    operands = {key: trace[key] for key in step.operands}
    values = {key: float(Rational(one.text or "0")) for key, one in operands.items()}
    evaluate = Evaluator(Float(), trace.definitions)
    try:
        own = float(evaluate(step.formula, values))
    except (CalculationError, ArithmeticError, ValueError):
        own = float(step.exact)
    radius = 0.0
    for key, one in operands.items():
        half = _half_unit(one)
        if not half:
            continue
        try:
            ends = [
                float(evaluate(step.formula, {**values, key: values[key] + shift}))
                for shift in (half, -half)
            ]
        except (CalculationError, ArithmeticError, ValueError):
            continue
        radius += abs(ends[0] - ends[1]) / 2
    return Answer(_decimal(step.exact), own, radius)


def _half_unit(step: Step) -> float:
    """Half a unit of the last place of a printed number; 0 where it is exact."""
    if step.rule == "given" or step.exact is None or not step.text:
        return 0.0
    if Rational(step.text) == Rational(step.exact):
        return 0.0
    return float(written(step.text).unit) / 2


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


def _short(value: float) -> str:
    return repr(value) if math.isfinite(value) else "0.0"
