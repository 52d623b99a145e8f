"""Whose names a table uses: the problem's notation, or another book's that reads them all.

Takes the names with the numbers written for them; gives the name of a notation.  `books`
does the same for the lines of a text.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.files.sheets.evidence import LEAST
from tracer.files.sheets.naming import naming_of
from tracer.formula.nodes import Node
from tracer.model.trace import Trace
from tracer.notation import list_notations

_LONGEST_IN_BOOKS = 120
"""Characters of the longest name that another book may be asked for, its markup included."""
_SAMPLE = 12
"""Answers that are looked at first."""


def _sampled(answers: Mapping[str, str]) -> Mapping[str, str]:
    """Enough of the answers to see whether something is wrong with all of them."""
    names = list(answers)
    return {name: answers[name] for name in names[:: 1 + len(names) // _SAMPLE]}


def notation_of_names(answers: Mapping[str, str], trace: Trace, own: Mapping[str, str]) -> str:
    """Whose names these are: the problem's notation, or another that reads them all.

    What the problem's own notation reads of them must mean the same there, unless the
    numbers speak against it.  Of several, those count that write most of the names just
    so, and they must agree.

    Args:
        answers: the names, each with the number that is written for it.
    """
    default = trace.problem.notation
    mine = naming_of(trace, default, own)
    known = [name for name in answers if mine.reads(name)]
    doubted = mine.evidence(_sampled(answers)).doubtful
    if (len(known) == len(answers) and not doubted) or default.endswith((".yaml", ".yml")):
        return default
    if any(len(name) > _LONGEST_IN_BOOKS for name in answers):
        return default
    mine_is = mine.evidence(answers)
    doubted, least = doubted and mine_is.doubtful, mine_is.weight + LEAST
    readings: dict[str, list[Node | None]] = {}
    spelled: dict[str, tuple[int, int]] = {}
    for name, _ in list_notations():
        other = naming_of(trace, name, own)
        if not all(map(other.reads, answers)):
            continue
        agrees = all(mine.quantity(one) == other.quantity(one) for one in known)
        heavy = 0 if agrees else other.evidence(answers).weight
        if (agrees and len(known) < len(answers)) or (doubted and heavy >= least):
            readings[name] = [other.quantity(one) for one in answers]
            spelled[name] = heavy, sum(map(other.names_so, answers))
    best = [name for name in readings if spelled[name] == max(spelled.values())]
    agree = best and all(readings[name] == readings[best[0]] for name in best)
    return best[0] if agree else default
