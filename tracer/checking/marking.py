"""Checking a sheet: every statement judged, then the causes of what is wrong.

Takes a trace and a sheet; gives the report.  Statements are judged in the order of the
calculation, whatever their order on the sheet; then each wrong one is made a case, and what
is found in one (or shared by several) counts as known in the next.  The front door of
this room: read by the roof.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tracer.checking.calculation import Calculation, calculation_of
from tracer.checking.candidates import made_of
from tracer.checking.case import Case
from tracer.checking.causes import causes_of
from tracer.checking.entries import Entry
from tracer.checking.hindsight import is_used_right
from tracer.checking.judging import Judge
from tracer.checking.own import Own
from tracer.checking.scheme import Scheme, has_other_sign
from tracer.checking.sharing import shared
from tracer.checking.written import Habit
from tracer.errors import TracerError
from tracer.formula.nodes import Symbol
from tracer.formula.parsing import parse
from tracer.model.answer import Marking, Sheet, Statement, written
from tracer.model.trace import Trace
from tracer.model.verdict import Cause, Report, Verdict


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
        TracerError: if the trace is symbolic, or a value is no number.

    >>> from tracer import Problem, Dense, trace
    >>> problem = Problem(inputs=["0.5", "0.8"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "identity", [["0.15", "0.25"]])], settings={"rate": "0.5"})
    >>> report = check(trace(problem), {"z1[1]": "0.725", "loss": "0.038"})
    >>> [verdict.status for verdict in report.verdicts]
    ['wrong', 'carried']
    """
    if not isinstance(sheet, Sheet):
        sheet = sheet_of(sheet)
    calculation = calculation_of(trace)
    scheme = Scheme(calculation, marking or Marking())
    judge = Judge(calculation, Habit(sheet), scheme)
    entries, verdicts = _judged(calculation, sheet, judge, scheme)
    cases = {
        entry.statement.n: _case(judge, entries, verdicts, entry)
        for entry in entries
        if verdicts[entry.statement.n].status == "wrong"
    }
    made = shared(cases.values())
    for n, case in cases.items():
        case = replace(case, made=frozenset(made))
        causes = causes_of(case, case.entry.turn, verdicts[n])
        made |= {known for cause in causes[:1] for known in _made(cause, case)}
        verdicts[n] = replace(verdicts[n], causes=causes)
    ordered = tuple(verdicts[statement.n] for statement in sheet.statements)
    ordered += tuple(_missing(calculation, sheet, scheme))
    ordered, flags = scheme.settled(ordered)
    if cases and has_other_sign(ordered):
        flags = (*flags, "other_sign")
    if sheet.recounted:
        flags = (*flags, "other_counting")
    filled = tuple({**judge.reaching.own.filled, **judge.reaching.filled})
    return Report(trace.problem.name, sheet, ordered, filled, flags, trace)


def sheet_of(answers: Mapping[str, Any]) -> Sheet:
    """A sheet from a mapping of keys (or expressions over keys) to written numbers."""
    statements = []
    for n, (name, value) in enumerate(answers.items(), 1):
        text = value if isinstance(value, str) else repr(value)
        statements.append(Statement(n, name, parse(name), written(text), line=n))
    return Sheet(tuple(statements))


def _judged(
    calculation: Calculation, sheet: Sheet, judge: Judge, scheme: Scheme
) -> tuple[list[Entry], dict[int, Verdict]]:
    """The statements with numbers in the order of the calculation, and all verdicts."""
    entries: list[Entry] = []
    verdicts: dict[int, Verdict] = {}
    seen: set[int] = set()
    for statement in sheet.statements:
        if statement.n in seen:
            raise TracerError(f"two statements of the sheet have the number {statement.n}")
        seen.add(statement.n)
        line = calculation.line_of(statement)
        number = statement.written
        turn = -1 if statement.negated else 1
        if number is None:
            points, of = scheme.earned(statement, "missing")
            verdicts[statement.n] = Verdict(
                statement, "missing", expected=turn * line.true, points=points, of=of
            )
            continue
        value, unit = number.value, number.unit
        entries.append(
            Entry(
                statement,
                line,
                number,
                turn,
                turn * value.numerator / value.denominator,
                unit.numerator / unit.denominator,
            )
        )
    entries.sort(key=lambda entry: (entry.line.place, entry.statement.n))
    for entry in entries:
        verdicts[entry.statement.n] = judge.verdict(entry)
    return entries, verdicts


def _case(
    judge: Judge, entries: list[Entry], verdicts: Mapping[int, Verdict], entry: Entry
) -> Case:
    """A wrong statement with everything that a mistake may look at."""
    statement = entry.statement
    same = [
        other
        for other in entries
        if other.statement.formula == statement.formula and other is not entry
    ]
    key = statement.key
    own = Own(
        judge.calculation,
        judge.reaching.sources,
        judge.chosen.get(statement.n),
        without=judge.reaching.quantity(entry),
        line=statement.n,
    )
    return Case(
        judge.calculation,
        entry,
        own,
        tuple(other.value for other in same if other.statement.n < statement.n),
        tuple(other.value for other in same if other.statement.n > statement.n),
        key is not None and is_used_right(judge, entries, verdicts, entry),
        any(statement.n in verdict.carried_from for verdict in verdicts.values()),
    )


def _made(cause: Cause, case: Case) -> tuple[tuple[str, ...], ...]:
    """What the cause of one number tells of the others."""
    if cause.formula is None:
        return ()
    line = case.line if cause.key == case.line.key else case.calculation.line(cause.key)
    return made_of(cause.id, line, cause.formula)


def _missing(calculation: Calculation, sheet: Sheet, scheme: Scheme) -> Iterator[Verdict]:
    """What was asked for and is not on the sheet at all."""
    if not sheet.asked:
        return
    answered = {s.key and calculation.line(s.key).key for s in sheet.statements}
    n = max((statement.n for statement in sheet.statements), default=0)
    for key in sheet.asked:
        line = calculation.line(key)
        if line.key not in answered:
            n += 1
            statement = Statement(n, key, Symbol(key), None)
            points, of = scheme.earned(statement, "missing")
            yield Verdict(statement, "missing", expected=line.true, points=points, of=of)
