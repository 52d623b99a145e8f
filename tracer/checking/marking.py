"""Marking: every statement of a sheet judged, in the order of the calculation.

A written value is *correct* if the full-precision value rounds or truncates to it;
*rounded* if it can be reached from the sheet's own sound numbers within their digits;
*carried* if only an earlier wrong number gives it; else *wrong*.  Causes of what is wrong
are looked for afterwards, when all statements are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction as Rational
from itertools import islice, product
from statistics import median
from typing import Any

from tracer.checking.case import Case
from tracer.checking.causes import causes_of
from tracer.checking.links import false_link
from tracer.checking.own import NONE, Own, Sources, Stated
from tracer.checking.scheme import marked
from tracer.checking.tolerance import fits
from tracer.errors import CalculationError, TracerError
from tracer.formula.evaluating import Evaluator, Exact
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol, symbols
from tracer.formula.parsing import parse
from tracer.model.answer import Marking, Sheet, Statement, Written, written
from tracer.model.trace import Trace
from tracer.model.verdict import Report, Verdict

_MOST_CHOICES = 16
"""Combinations tried where a line's operands are stated several times."""


def check(trace: Trace, sheet: Sheet | Mapping[str, Any], marking: Marking | None = None) -> Report:
    """Judge a sheet of hand-calculated numbers against the right calculation.

    Args:
        trace: the right calculation, from `tracer.trace`.
        sheet: a `Sheet`, or simply a mapping from keys to numbers as written.
        marking: points and what each status earns; default: one point each.

    Returns:
        The report: a verdict for every statement, with the causes of what is wrong.

    Raises:
        UnknownQuantity: for a key that the calculation does not have.

    >>> from tracer import Problem, Dense, trace
    >>> problem = Problem(inputs=["0.5", "0.8"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "identity", [["0.15", "0.25"]])], settings={"rate": "0.5"})
    >>> report = check(trace(problem), {"z1[1]": "0.725", "loss": "0.038"})
    >>> [verdict.status for verdict in report.verdicts]
    ['wrong', 'carried']
    """
    if not isinstance(sheet, Sheet):
        sheet = sheet_of(sheet)
    return _Marking(trace, sheet, marking or Marking()).report()


def sheet_of(answers: Mapping[str, Any]) -> Sheet:
    """A sheet from a mapping of keys (or expressions over keys) to written numbers."""
    statements = []
    for n, (name, value) in enumerate(answers.items(), 1):
        text = value if isinstance(value, str) else repr(value)
        statements.append(Statement(n, name, parse(name), written(text), line=n))
    return Sheet(tuple(statements))


class _Marking:
    """One run over one sheet."""

    def __init__(self, trace: Trace, sheet: Sheet, marking: Marking) -> None:
        self.trace = trace
        self.sheet = sheet
        self.marking = marking
        self.position = _positions(trace)
        self.sources = Sources()
        self.verdicts: dict[int, Verdict] = {}
        self.filled: dict[str, None] = {}
        self.chosen: dict[int, Mapping[str, int]] = {}
        self.habit = _habit(sheet)

    def report(self) -> Report:
        for statement in self.sheet.statements:
            self._check_names(statement)
        for statement in sorted(self.sheet.statements, key=self._place):
            self.verdicts[statement.n] = self._judged(statement)
        for verdict in list(self.verdicts.values()):
            if verdict.status == "wrong":
                self.verdicts[verdict.statement.n] = self._with_causes(verdict)
        missing = tuple(self._missing())
        ordered = tuple(self.verdicts[s.n] for s in self.sheet.statements) + missing
        verdicts, flags = marked(self.trace, ordered, self.marking)
        keys = dict.fromkeys(k for s in self.sheet.statements for k in symbols(s.formula))
        return Report(
            self.trace.problem.name,
            self.sheet,
            verdicts,
            tuple(self.filled),
            flags,
            {key: self.trace[key].formula for key in keys},
        )

    def _check_names(self, statement: Statement) -> None:
        for key in symbols(statement.formula):
            self.trace[key]

    def _place(self, statement: Statement) -> tuple[float, int]:
        """Where a statement belongs in the order of the calculation."""
        places = [self.position[self.trace[key].key] for key in symbols(statement.formula)]
        shift = 0.0 if statement.key is not None else 0.5
        return (max(places, default=0) + shift, statement.n)

    # --- one statement ------------------------------------------------------------------

    def _judged(self, statement: Statement) -> Verdict:
        number = statement.written
        if number is None:
            return Verdict(statement, "missing")
        turn = -1 if statement.negated else 1
        value, unit = turn * float(number.value), float(number.unit)
        true = self._true(statement)
        verdict = Verdict(statement, "wrong", expected=turn * float(true))
        if _is_right(number, true * turn):
            coarse = self._too_coarse(number, float(true))
            exact = number.value == true * turn
            cut = abs(float(true) - turn * float(number.value)) > unit / 2
            self._state(statement, value, unit, exact=exact, cut=cut)
            status = "too coarse" if coarse and not exact else "correct"
            return replace(verdict, status=status, **self._link(statement))
        return self._against_own(statement, verdict, value, unit, turn)

    def _against_own(
        self, statement: Statement, verdict: Verdict, value: float, unit: float, turn: int
    ) -> Verdict:
        """Not the true value: can the sheet's own numbers give it?"""
        found: Verdict | None = None
        first: Verdict | None = None
        for chosen in self._choices(statement):
            one = self._with_choice(statement, verdict, value, unit, turn, chosen)
            first = one  # the last choice is the latest statement of everything
            if one.status != "wrong":
                found = one
                break
        result = found or first
        assert result is not None
        sound = result.status == "rounded"
        roots = frozenset(result.carried_from) or (NONE if sound else frozenset({statement.n}))
        if result.status == "rounded" and self._too_coarse(statement.written, verdict.expected):
            result = replace(result, status="too coarse")
        exact = result.own is not None and result.own * turn == value
        self._state(statement, value, unit, sound=sound, roots=roots, exact=exact and sound)
        if result.status == "wrong":
            result = replace(result, severity=_severity(result, unit))
        return replace(result, **self._link(statement))

    def _with_choice(
        self,
        statement: Statement,
        verdict: Verdict,
        value: float,
        unit: float,
        turn: int,
        chosen: Mapping[str, int],
    ) -> Verdict:
        formula, operands = self._line(statement)
        own = Own(self.trace, self.sources, chosen, inner=unit)
        try:
            reached = own.formula(formula, operands)
        except CalculationError:
            return verdict
        self.chosen[statement.n] = chosen
        self.filled.update(dict.fromkeys(own.filled))
        roots = own.roots_of(operands)
        radius = max(0.0, own.radius(reached) - unit / 2)
        used = {key: number for key, number in chosen.items() if key in operands}
        low, high = _interval(reached.centre, unit, radius)
        low, high = sorted((turn * low, turn * high))
        verdict = replace(verdict, own=turn * reached.centre, interval=(low, high), used=used)
        if not _reaches(reached.centre, value, unit, radius, near=True):
            return verdict
        if not roots:
            return replace(verdict, status="rounded")
        as_written = _reaches(reached.centre, value, unit, 0.0, near=True)
        if self._reached_soundly(formula, operands, value, unit, as_written):
            return replace(verdict, status="rounded")
        return replace(verdict, status="carried", carried_from=tuple(sorted(roots)))

    def _reached_soundly(
        self, formula: Node, operands: list[str], value: float, unit: float, strict: bool
    ) -> bool:
        """Whether the sheet's sound numbers alone give it too.

        With `strict` (its unsound ones give it as they are written) the sound ones must
        come within a unit of the last place without stretching their intervals.
        """
        own = Own(self.trace, self.sources, sound_only=True)
        try:
            reached = own.formula(formula, operands)
        except CalculationError:
            return False
        if strict and abs(reached.centre - value) > unit:
            return False
        return _reaches(reached.centre, value, unit, own.radius(reached), near=False)

    def _line(self, statement: Statement) -> tuple[Node, list[str]]:
        """The formula that gives a statement's value, and its operands."""
        key = statement.key
        if key is None:
            return statement.formula, symbols(statement.formula)
        step = self.trace[key]
        return step.formula, step.operands

    def _choices(self, statement: Statement) -> Iterator[Mapping[str, int]]:
        """Which statement to believe of each operand that is stated several times.

        The latest of each comes last, so that it is what a misfit is measured against.
        """
        several = {
            key: [one.n for one in self.sources.stated[key]]
            for key in self._line(statement)[1]
            if len(self.sources.stated.get(key, ())) > 1
        }
        yield from (
            dict(zip(several, numbers, strict=True))
            for numbers in islice(_latest_last(several.values()), _MOST_CHOICES)
        )

    def _true(self, statement: Statement) -> Any:
        """The exact value of what a statement is about."""
        key = statement.key
        if key is not None:
            exact = self.trace[key].exact
            if exact is None:
                raise TracerError(f"{key} has no number: a symbolic trace cannot be checked")
            return exact
        values = {name: self.trace[name].exact for name in symbols(statement.formula)}
        return Evaluator(Exact(), self.trace.definitions)(statement.formula, values)

    def _state(
        self,
        statement: Statement,
        value: float,
        unit: float,
        sound: bool = True,
        roots: frozenset[int] = NONE,
        exact: bool = False,
        cut: bool = False,
    ) -> None:
        """Note what the sheet says, for the lines that build on it."""
        key = statement.key
        if key is None:
            key = _one_symbol(statement.formula)
            if key is None:
                return
            value = -value  # the statement is about minus the quantity
        width = 0.0 if exact else unit if cut else unit / 2
        self.sources.add(self.trace[key].key, Stated(statement.n, value, width, unit, sound, roots))

    def _link(self, statement: Statement) -> dict[str, Any]:
        return {"false_link": false_link(statement)} if statement.links else {}

    def _too_coarse(self, number: Written | None, true: float | None) -> bool:
        """Whether so few digits are written, against the sheet's habit, that it shows nothing."""
        if number is None or not true or not number.unit:
            return False
        return (
            float(number.unit) >= 0.5 * abs(true)
            and number.decimals < self.habit[0] - 1
            and number.figures < self.habit[1]
        )

    # --- all together -------------------------------------------------------------------

    def _with_causes(self, verdict: Verdict) -> Verdict:
        statement, number = verdict.statement, verdict.statement.written
        assert number is not None
        turn = -1 if statement.negated else 1
        same = [
            (other.n, (-1 if other.negated else 1) * float(other.written.value))
            for other in self.sheet.statements
            if other.formula == statement.formula and other.n != statement.n and other.written
        ]
        value = turn * float(number.value)
        case = Case(
            self.trace,
            statement,
            number,
            value,
            float(number.unit),
            Own(self.trace, self._without(statement), self.chosen.get(statement.n)),
            Own(self.trace, Sources()),
            self.sources,
            tuple(value for n, value in same if n < statement.n),
            tuple(value for n, value in same if n > statement.n),
            frozenset(self.sources.stated),
            self._right_later(statement),
        )
        return replace(verdict, causes=causes_of(case, turn, verdict))

    def _without(self, statement: Statement) -> Sources:
        """The sheet's numbers without what it says of this very quantity."""
        key = statement.key
        rest = Sources(dict(self.sources.stated), self.sources.widths, self.sources.by_number)
        if key is not None:
            rest.stated.pop(key, None)
        return rest

    def _right_later(self, statement: Statement) -> bool:
        """Whether a line that uses a wrong number fits only if it had been right."""
        key = statement.key
        if key is None:
            return False
        for verdict in self.verdicts.values():
            line = verdict.statement.key
            if line is None or verdict.status not in ("correct", "rounded"):
                continue
            if key not in self.trace[line].operands or verdict.statement.written is None:
                continue
            if not self._fits_with(verdict.statement, key, statement.n):
                return True
        return False

    def _fits_with(self, statement: Statement, key: str, number: int) -> bool:
        formula, operands = self._line(statement)
        own = Own(self.trace, self.sources, {key: number}, inner=0.0)
        written_number = statement.written
        assert written_number is not None
        try:
            reached = own.formula(formula, operands)
        except CalculationError:
            return False
        turn = -1 if statement.negated else 1
        value, unit = turn * float(written_number.value), float(written_number.unit)
        return _reaches(reached.centre, value, unit, own.radius(reached), near=True)

    def _missing(self) -> Iterator[Verdict]:
        """What was asked for and not answered."""
        answered = {s.key for s in self.sheet.statements}
        n = len(self.sheet.statements)
        for key in self.sheet.asked:
            if key not in answered:
                n += 1
                yield Verdict(
                    Statement(n, key, Symbol(key), None),
                    "missing",
                    expected=float(self.trace[key].exact or 0),
                )


def _positions(trace: Trace) -> Mapping[str, int]:
    return {step.key: place for place, step in enumerate(trace.steps)}


def _latest_last(options: Iterable[list[int]]) -> Iterator[tuple[int, ...]]:
    """All combinations; with the earliest statements first and the latest last."""
    return product(*options)


def _habit(sheet: Sheet) -> tuple[float, float]:
    """The sheet's usual number of decimals and of figures."""
    numbers = [s.written for s in sheet.statements if s.written and s.written.unit]
    numbers = [number for number in numbers if number.decimals > 0]
    if not numbers:
        return (0, 0)
    return (median(n.decimals for n in numbers), median(n.figures for n in numbers))


def _is_right(number: Written, true: Any) -> bool:
    """Whether the full-precision value rounds or truncates to what is written."""
    value, unit = float(number.value), float(number.unit)
    near = float(true)
    if number.value == true:
        return True
    if value == 0 and unit and abs(near) >= unit / 2:
        return False
    distance = abs(near - value)
    if abs(distance - unit / 2) > 1e-6 * unit and abs(distance - unit) > 1e-6 * unit:
        return fits(near, value, unit)
    exact = Rational(true)  # near an edge of the interval: decide exactly
    if abs(exact - number.value) <= number.unit / 2:
        return True
    beyond = abs(exact) - abs(number.value)
    same_side = exact * number.value > 0
    return same_side and 0 <= beyond < number.unit


def _reaches(centre: float, value: float, unit: float, radius: float, near: bool) -> bool:
    """Whether a line's own result may have been written as `value`.

    With `near`, a whole unit of the last place either way is allowed.
    """
    if value == 0 and unit and abs(centre) >= unit:
        return False
    if fits(centre, value, unit, radius):
        return True
    return near and abs(centre - value) <= unit * (1 + 1e-9)


def _interval(centre: float, unit: float, radius: float) -> tuple[float, float]:
    half = max(unit, unit / 2 + radius)
    return (centre - half, centre + half)


def _severity(verdict: Verdict, unit: float) -> str:
    number = verdict.statement.written
    assert number is not None
    value = float(number.value)
    nearest = min(
        (abs(value - right), right)
        for right in (verdict.expected, verdict.own)
        if right is not None
    )
    distance, right = nearest
    if unit and distance <= 1.5 * unit:
        return "last digit"
    return "small" if distance <= 0.02 * abs(right) else "large"


def _one_symbol(formula: Node) -> str | None:
    """The key of ``-(key)``, a quantity stated with the other sign."""
    from tracer.formula.nodes import Negative

    if isinstance(formula, Negative) and isinstance(formula.operand, Symbol):
        return str(Key.parse(formula.operand.name))
    return None
