"""Whose names a table uses: the problem's notation, or another book's that reads them all.

Takes the names with the numbers written for them; gives the name of a notation.  `books`
does the same for the lines of a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracer.files.sheets.evidence import LEAST
from tracer.files.sheets.naming import naming_of
from tracer.formula.nodes import Node
from tracer.model.trace import Trace
from tracer.notation import Notation, list_notations, load_notation, variants

_LONGEST_IN_BOOKS = 120
"""Characters of the longest name that another book may be asked for, its markup included."""
_SAMPLE = 12
"""Answers that are looked at first."""


def _sampled(answers: Mapping[str, str]) -> Mapping[str, str]:
    """Enough of the answers to see whether something is wrong with all of them."""
    names = list(answers)
    return {name: answers[name] for name in names[:: 1 + len(names) // _SAMPLE]}


def notation_of_names(
    answers: Mapping[str, str], trace: Trace, own: Mapping[str, str]
) -> str | Notation:
    """Whose names these are: the problem's notation, or another that reads them all.

    What the problem's own notation reads of them must mean the same there, unless the
    numbers speak against it.  Of several, those count that write most of the names just
    so, and they must agree.  Where no book will do, the numbers tell whether layers, or the
    units of a weight, are counted in another way.

    Args:
        answers: the names, each with the number that is written for it.
    """
    default = trace.problem.notation
    mine = naming_of(trace, default, own)
    known = [name for name, text in answers.items() if mine.reads(name, text)]
    doubted = mine.evidence(_sampled(answers)).doubtful
    if (len(known) == len(answers) and not doubted) or default.endswith((".yaml", ".yml")):
        return default
    if any(len(name) > _LONGEST_IN_BOOKS for name in answers):
        return default
    mine_is = mine.evidence(answers)
    doubted, least = doubted and mine_is.doubtful, mine_is.weight + LEAST

    def fitting(books: Iterable[str | Notation]) -> list[str | Notation]:
        """Those that read all names, and the numbers of which fit best, if they agree."""
        readings: list[tuple[tuple[int, int], str | Notation, list[Node | None]]] = []
        for book in books:
            other = naming_of(trace, book, own)
            if not all(other.reads(name, text) for name, text in answers.items()):
                continue
            agrees = all(mine.quantity(one) == other.quantity(one) for one in known)
            told = other.evidence(answers)
            heavy = 0 if agrees else told.weight
            if isinstance(book, Notation):
                heavy, agrees = told.weight, agrees and told.weight > 0 and not told.doubtful
            if (agrees and len(known) < len(answers)) or (doubted and heavy >= least):
                spelled = heavy, sum(map(other.names_so, answers))
                readings.append((spelled, book, [other.quantity(one) for one in answers]))
        most = max((spelled for spelled, _, _ in readings), default=(0, 0))
        best = [(book, read) for spelled, book, read in readings if spelled == most]
        return [book for book, read in best if all(read == other for _, other in best)]

    names = [name for name, _ in list_notations()]
    others = (variant for name in names for variant in variants(load_notation(name)))
    book = next(iter(fitting(names)), None)
    told = naming_of(trace, book, own).evidence(answers) if book else mine_is
    if book and not told.doubtful:
        return book
    variant = next(iter(fitting(others)), None)
    if variant and naming_of(trace, variant, own).evidence(answers).weight >= told.weight + LEAST:
        return variant
    return book or variant or default
