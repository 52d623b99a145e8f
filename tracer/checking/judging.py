"""Judging one statement: right, right within its rounding, carried, or wrong.

A written value is *correct* if the full-precision value rounds or truncates to it;
*rounded* if it can be reached from the sheet's own sound numbers within their digits;
*carried* if only an earlier wrong number gives it; else *wrong*.  Statements are judged
in the order of the calculation, so that everything upstream is known.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.checking.calculation import Calculation
from tracer.checking.entries import Entry, Finding
from tracer.checking.links import false_link
from tracer.checking.own import NONE, Stated
from tracer.checking.reaching import Reaching
from tracer.checking.scheme import Scheme
from tracer.checking.written import Habit, is_exact, is_right, is_same
from tracer.errors import CalculationError
from tracer.model.answer import Statement
from tracer.model.verdict import Verdict


class Judge:
    """Judges the statements of one sheet, one after another."""

    def __init__(self, calculation: Calculation, habit: Habit, scheme: Scheme) -> None:
        self.calculation = calculation
        self.habit = habit
        self.scheme = scheme
        self.reaching = Reaching(calculation)
        self.chosen: dict[int, Mapping[str, int]] = {}
        """Which of several statements each line was judged with."""

    def verdict(self, entry: Entry) -> Verdict:
        """The verdict on the next statement, which later ones then build on."""
        line, value, unit = entry.line, entry.value, entry.unit
        if is_right(entry.number, value, unit, line.true, line.exact):
            return self._correct(entry)
        finding = self.reaching.against_own(entry)
        if finding.status == "wrong":
            finding.roots = self.reaching.said_before(entry)
            finding.status = "carried" if finding.roots else "wrong"
        status = finding.status
        if status == "rounded" and self._is_coarse(entry, finding.exact):
            status = "too coarse"
        sound = status == "rounded"
        roots = finding.roots or (NONE if sound else frozenset({entry.statement.n}))
        width = 0.0 if sound and finding.exact else unit / 2
        self.reaching.state(entry, Stated(entry.statement.n, value, width, sound, roots))
        if finding.chosen:
            self.chosen[entry.statement.n] = finding.chosen
        severity = _severity(entry, finding) if status == "wrong" else ""
        points, of = self.scheme.earned(entry.statement, status, severity)
        own, interval = None, None
        if finding.own is not None:
            own = entry.turn * finding.own
            ends = (entry.turn * finding.low, entry.turn * finding.high)
            interval = (min(ends), max(ends))
        return Verdict(
            entry.statement,
            status,
            severity,
            entry.turn * line.true,
            own,
            interval,
            points,
            of,
            (),
            tuple(sorted(finding.roots)) if status == "carried" else (),
            finding.chosen,
            self._false_link(entry.statement),
        )

    def _correct(self, entry: Entry) -> Verdict:
        line, value, unit = entry.line, entry.value, entry.unit
        exact = is_exact(entry.number, value, line.true, line.exact)
        cut = abs(line.true - value) > unit / 2
        status = "correct"
        if not exact and self._is_coarse(entry):
            status = "too coarse"
        width = 0.0 if exact else unit if cut else unit / 2
        sound = status == "correct"
        roots = NONE if sound else frozenset({entry.statement.n})  # it shows nothing
        self.reaching.state(entry, Stated(entry.statement.n, value, width, sound, roots))
        points, of = self.scheme.earned(entry.statement, status)
        return Verdict(
            entry.statement,
            status,
            "",
            entry.turn * line.true,
            points=points,
            of=of,
            false_link=self._false_link(entry.statement),
        )

    def _is_coarse(self, entry: Entry, exact: bool | None = None) -> bool:
        """Whether it shows nothing; a number that its line gives with all digits does."""
        if entry.unit < 0.5 * abs(entry.line.true) or not self.habit.is_too_coarse(
            entry.number, entry.unit, entry.line.true
        ):
            return False
        if exact is None:
            try:
                places = self.reaching.own.run(entry.line.tape)
            except CalculationError:
                return True
            exact = is_same(places[-1], entry.value, places)
        return not exact

    def _false_link(self, statement: Statement) -> int | None:
        return false_link(statement, self.calculation.functions) if statement.links else None


def _severity(entry: Entry, finding: Finding) -> str:
    """How bad a mistake is, against the nearer of the true value and the sheet's own."""
    rights = [entry.line.true] if finding.own is None else [entry.line.true, finding.own]
    distance, right = min((abs(entry.value - right), right) for right in rights)
    if entry.unit and distance <= 1.5 * entry.unit:
        return "last digit"
    return "small" if distance <= 0.02 * abs(right) else "large"
