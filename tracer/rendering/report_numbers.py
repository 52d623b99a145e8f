"""The sheet's numbers as a report prints them: the student's own, in the sheet's own sign.

Takes a report and its trace.  `SheetNumbers` knows what the sheet says of each quantity,
fills in what it skips, turns the signs of quantities that the sheet writes with the other
sign, and decides how many digits a right value is shown with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction as Rational
from functools import cached_property
from statistics import median

from tracer.errors import CalculationError
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol, substitute
from tracer.formula.rewriting import negative, tidy
from tracer.model.answer import Statement, Written
from tracer.model.rounding import Precision, Rounding, magnitude
from tracer.model.trace import Trace
from tracer.model.verdict import Report, Verdict

FEWEST_FIGURES = 3
"""A right value is shown with at least so many significant figures."""
INNER_FIGURES = 6
"""Figures of a number that the sheet does not show; more where its own numbers have more."""
MOST_FIGURES = 12
_SIGNS_OF_ERRORS = frozenset({"delta", "da"})


@dataclass
class SheetNumbers:
    """What the sheet says of each quantity, and what follows from that.

    Values are kept in the quantity's own sign; texts are in the sheet's.
    """

    trace: Trace
    report: Report
    turned: frozenset[str] = field(init=False)
    """The roles whose quantities the sheet writes with the other sign."""
    stated: dict[str, list[tuple[int, Written, float]]] = field(init=False)
    """By key: statement, its number as typed, its value in the quantity's sign."""

    def __post_init__(self) -> None:
        self.stated = {}
        roles = set()
        for statement in self.report.sheet.statements:
            key, number = statement.key, statement.written
            if statement.negated and key is not None:
                roles.add(Key.parse(key).role)
            if key is None or number is None:
                continue
            value = -float(number.value) if statement.negated else float(number.value)
            name = self.trace[key].key
            self.stated.setdefault(name, []).append((statement.n, number, value))
        if roles & _SIGNS_OF_ERRORS:
            roles |= _SIGNS_OF_ERRORS
        self.turned = frozenset(roles)

    @cached_property
    def inner_figures(self) -> int:
        """How many figures a number gets that the sheet does not show."""
        numbers = [s.written for s in self.report.sheet.statements if s.written]
        habit = [number.figures for number in numbers if number.unit]
        return min(max(INNER_FIGURES, int(median(habit)) + 1 if habit else 0), MOST_FIGURES)

    def statement_with(self, key: str, value: float, apart_from: int) -> tuple[int, str] | None:
        """The other statement that gives a quantity this value, and its text."""
        for n, number, stated in self.stated.get(key, ()):
            if n != apart_from and stated == value:
                return n, as_written(number)
        return None

    # -- signs -------------------------------------------------------------------------------

    def is_turned(self, key: str) -> bool:
        """Whether the sheet writes this quantity with the other sign."""
        return Key.parse(key).role in self.turned

    def in_sheets_sign(self, formula: Node, turn: bool) -> Node:
        """The formula in terms of what the sheet writes; `turn`: of minus its value."""
        if self.turned:

            def other(symbol: Symbol) -> Node:
                return negative(symbol) if self.is_turned(symbol.name) else symbol

            turned = substitute(formula, other)
            formula = tidy(turned) if turned != formula else formula
        return negative(formula) if turn else formula

    # -- values ------------------------------------------------------------------------------

    def values(self, verdict: Verdict) -> dict[str, float]:
        """Each quantity that the sheet states, as the line of this verdict used it."""
        own = verdict.statement
        found = {}
        for key, options in self.stated.items():
            if own.key is not None and key == self.trace[own.key].key:
                continue  # a line is not worked out from what it says itself
            number = verdict.used.get(key)
            found[key] = next((v for n, _, v in options if n == number), options[-1][2])
        return found

    @cached_property
    def right(self) -> dict[str, float]:
        """The right value of every quantity."""
        return {step.key: float(step.exact) for step in self.trace if step.exact is not None}

    def filled(self, key: str, known: dict[str, float]) -> float:
        """The value of a quantity from the known ones; adds to `known` what it works out.

        Raises:
            CalculationError: where it is not defined.
        """
        evaluate = Evaluator(Float(), self.trace.definitions)
        waiting = [key]
        while waiting:
            name = waiting[-1]
            step = self.trace[name]
            if name not in known and step.key in known:
                known[name] = known[step.key]
            if name in known:
                waiting.pop()
            elif step.rule == "given":
                if step.exact is None:
                    raise CalculationError(f"{name} has no number")
                known[name] = float(step.exact)
            elif needed := [part for part in step.operands if part not in known]:
                waiting.extend(needed)
            else:
                known[name] = evaluate(step.formula, known)
        return known[key]

    def worked_out(self, formula: Node, values: Mapping[str, float]) -> float | None:
        """What a formula gives; None where it gives nothing."""
        try:
            found = Evaluator(Float(), self.trace.definitions)(formula, values)
        except (CalculationError, KeyError, OverflowError):
            return None
        return found if math.isfinite(found) else None

    # -- texts -------------------------------------------------------------------------------

    def leaf(self, values: Mapping[str, float]) -> Callable[[str], str]:
        """What stands for each quantity in a formula with numbers."""
        return lambda key: self.text(key, values[key])

    def text(self, key: str, value: float) -> str:
        """A quantity's number: as the sheet or the problem has it, else with some figures."""
        step = self.trace[key]
        turn = self.is_turned(key)
        for _, number, stated in self.stated.get(step.key, ()):
            if stated == value:
                return as_written(number)
        given = step.rule == "given" and step.text and step.exact is not None
        if given and float(step.exact or 0) == value:
            return _opposite(step.text) if turn else step.text
        return figures(-value if turn else value, self.inner_figures)


def as_written(number: Written) -> str:
    """A number in our grammar, with every digit that was typed.

    >>> from tracer.model.answer import written
    >>> as_written(written("−0,0410")), as_written(written("2.40·10^-6"))
    ('-0.0410', '2.40e-6')
    """
    value, places = number.value, number.decimals
    if not number.unit and value.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    if abs(places) > 60:
        return str(value)
    digits = str(abs(int(value * Rational(10) ** places)))
    sign = "-" if value < 0 else ""
    power = len(digits) - 1 - places
    if value and (power < -4 or places < 0):
        return f"{sign}{digits[0]}{'.' * (len(digits) > 1)}{digits[1:]}e{power}"
    if places <= 0:
        return sign + digits
    padded = digits.rjust(places + 1, "0")
    return f"{sign}{padded[:-places]}.{padded[-places:]}"


def figures(value: float, count: int) -> str:
    """A number rounded to so many significant figures.

    >>> figures(-0.00818589612, 6), figures(0.1 + 0.2, 6)
    ('-0.00818590', '0.3')
    """
    return Rounding(Precision(figures=count)).text(cleaned(value))


def at_places(value: float, places: int) -> str:
    """A number to so many decimal places.

    >>> at_places(0.00240646, 6)
    '0.002406'
    """
    return Rounding(Precision(places=max(places, 0))).text(cleaned(value))


def shown(value: float, statement: Statement) -> str:
    """A right value beside what a statement says: with its digits, and enough to tell.

    >>> from tracer.model.answer import Statement, written
    >>> shown(-0.00818589, Statement(1, "d", Symbol("d"), written("-0.0819")))
    '-0.00819'
    >>> shown(0.5646472, Statement(1, "z", Symbol("z"), written("1")))
    '0.565'
    """
    number = statement.written
    places = 4 if number is None or not number.unit else number.decimals
    exact = cleaned(value)
    if exact:
        places = max(places, FEWEST_FIGURES - 1 - magnitude(exact))
    for more in range(4):
        text = Rounding(Precision(places=max(places, 0) + more)).text(exact)
        if number is None or Rational(text) != number.value:
            break
    return text


def score_text(points: Rational) -> str:
    """Points as people write them: 27, 26.5, 8.33.

    >>> score_text(Rational(53, 2)), score_text(Rational(25, 3))
    ('26.5', '8.33')
    """
    return f"{float(points):.2f}".rstrip("0").rstrip(".")


def cleaned(value: float) -> Rational:
    """The value without the machine's own noise behind the 12th figure."""
    return Rational(Decimal(f"{value:.12g}"))


def _opposite(text: str) -> str:
    return text[1:] if text.startswith("-") else text if text == "0" else f"-{text}"
