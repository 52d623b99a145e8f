"""Hindsight: what later lines say about a number that was found wrong.

Takes a judge, all entries with their verdicts, and a wrong one; says whether some later
line that is right cannot have been worked out with the number that is written.  That
is the sign of a misprint.  Read by `marking`, which puts it into the case.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.checking.entries import Entry
from tracer.checking.judging import Judge
from tracer.checking.own import Own
from tracer.checking.written import reaches
from tracer.errors import CalculationError
from tracer.model.verdict import Verdict


def is_used_right(
    judge: Judge, entries: list[Entry], verdicts: Mapping[int, Verdict], wrong: Entry
) -> bool:
    """Whether a later line that uses a wrong number fits only if it had been right."""
    key = wrong.line.key
    for entry in entries:
        if key not in entry.line.operands or entry.statement.key is None:
            continue
        if verdicts[entry.statement.n].status not in ("correct", "rounded"):
            continue
        if not _fits_with(judge, entry, key, wrong.statement.n):
            return True
    return False


def _fits_with(judge: Judge, entry: Entry, key: str, number: int) -> bool:
    """Whether a line can be reached with that statement of one of its operands."""
    own = Own(judge.calculation, judge.reaching.sources, {key: number}, line=entry.statement.n)
    try:
        places = own.run(entry.line.tape)
    except CalculationError:
        return True  # no evidence: nothing can be worked out with it
    radius = own.radius(entry.line.tape, places)
    return reaches(places[-1], entry.value, entry.unit, radius, near=True)
