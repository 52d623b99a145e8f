"""The sheet's numbers as a report prints them: the student's own, in the sheet's own sign.

Takes a report and its trace.  `SheetNumbers` knows what the sheet says of each quantity,
fills in what it skips, turns the signs of quantities that the sheet writes with the other
sign, and decides how many digits a right value is shown with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median
from typing import NamedTuple

from tracer.errors import CalculationError
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol, substitute
from tracer.formula.rewriting import negative, tidy
from tracer.model.trace import Trace
from tracer.model.verdict import Report, Verdict
from tracer.notation.names import Names
from tracer.rendering.report_figures import as_written, figures, opposite

INNER_FIGURES = 6
"""Figures of a number that the sheet does not show; more where its own numbers have more."""
MOST_FIGURES = 12


class Said(NamedTuple):
    """What a sheet says of a quantity, in the quantity's own sign."""

    n: int
    value: float
    text: str


@dataclass
class SheetNumbers:
    """What the sheet says of each quantity, and what follows from that.

    Values are kept in the quantity's own sign; texts are in the sheet's.
    """

    trace: Trace
    report: Report
    names: Names
    turned: frozenset[str] = field(init=False)
    """The roles whose letters stand for minus their values, because the sheet says so."""
    stated: dict[str, list[Said]] = field(init=False)
    """By key, what the sheet says of it, in its order."""

    def __post_init__(self) -> None:
        self.stated = {}
        roles = set()
        for statement in self.report.sheet.statements:
            key, number = statement.key, statement.written
            if key is None or number is None:
                continue
            name = self.trace[key].key
            # a letter such as delta may be meant with either sign; a derivative cannot
            if statement.negated and self.names.name(name).over is None:
                roles.add(Key.parse(name).role)
            try:
                value, text = float(number.value), as_written(number)
            except OverflowError:
                continue  # larger than any number that a line could be worked out with
            if statement.negated:
                value, text = -value, opposite(text)
            self.stated.setdefault(name, []).append(Said(statement.n, value, text))
        self.turned = frozenset(roles)

    @cached_property
    def inner_figures(self) -> int:
        """How many figures a number gets that the sheet does not show."""
        numbers = [s.written for s in self.report.sheet.statements if s.written]
        habit = [number.figures for number in numbers if number.unit]
        return min(max(INNER_FIGURES, int(median(habit)) + 1 if habit else 0), MOST_FIGURES)

    def statement_with(self, key: str, value: float, apart_from: int) -> tuple[int, str] | None:
        """The other statement that gives a quantity this value, and its text."""
        for said in self.stated.get(key, ()):
            if said.n != apart_from and said.value == value:
                return said.n, opposite(said.text) if self.is_turned(key) else said.text
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
            found[key] = next((one for one in options if one.n == number), options[-1]).value
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
        text = figures(value, self.inner_figures)
        if step.rule == "given" and step.text and float(step.exact or 0) == value:
            text = step.text
        for said in self.stated.get(step.key, ()):
            if said.value == value:
                text = said.text
                break
        return opposite(text) if self.is_turned(key) else text


def finite(report: Report) -> Report:
    """The report without values that are no numbers, which nobody could print."""
    return replace(report, verdicts=tuple(_finite(verdict) for verdict in report.verdicts))


def _finite(verdict: Verdict) -> Verdict:
    values = [verdict.own, verdict.expected, *(cause.value for cause in verdict.causes)]
    if all(value is None or math.isfinite(value) for value in values):
        return verdict
    causes = tuple(replace(cause, value=_or_none(cause.value)) for cause in verdict.causes)
    own, expected = _or_none(verdict.own), _or_none(verdict.expected)
    return replace(verdict, own=own, expected=expected, causes=causes)


def _or_none(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
