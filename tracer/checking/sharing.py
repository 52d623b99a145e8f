"""Mistakes that several wrong numbers of one kind share: what is chance in one is none in all.

Numbers with one or two digits agree with some mistake by accident.  Where the same plain
mistake gives most of the wrong numbers of a rule, it was made: takes the cases of a sheet,
gives the mistakes with the arrays in which they are to be believed.  Read by `marking`.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracer.checking.candidates import suspected
from tracer.checking.case import Case

_ENOUGH = 3
"""With so many digits a number speaks for itself."""
_FEWEST = 2
_MOST = 40
"""Cases that are looked at; more would only cost time."""


def shared(cases: Iterable[Case]) -> set[tuple[str, ...]]:
    """The mistakes that most of the coarse wrong numbers of one rule have in common."""
    by_rule: dict[str, list[Case]] = {}
    for case in cases:
        if case.written.figures < _ENOUGH and case.unit and not case.line.is_expression:
            by_rule.setdefault(case.line.rule, []).append(case)
    found: set[tuple[str, ...]] = set()
    for alike in by_rule.values():
        if _FEWEST <= len(alike) <= _MOST:
            found |= _common(alike)
    return found


def _common(cases: list[Case]) -> set[tuple[str, ...]]:
    """The mistakes that give most of these numbers, with the arrays of those."""
    arrays: dict[str, list[str]] = {}
    for case in cases:
        for mistake in set(suspected(case)):
            arrays.setdefault(mistake, []).append(case.line.parsed.name)
    needed = max(_FEWEST, (len(cases) + 1) // 2)
    return {
        (mistake, array)
        for mistake, names in arrays.items()
        if len(names) >= needed
        for array in names
    }
