"""Whose names the lines of a text use: the problem's notation, or another book's that fits better.

Takes the chains of a text; gives the name of a notation.  `choosing` does the same for the
names of a table.
"""

from __future__ import annotations

from tracer.files.faults import Source
from tracer.files.sheets.chains import Chain, taken_apart
from tracer.files.sheets.evidence import LEAST, Evidence, evidence, values_of
from tracer.files.sheets.meaning import Read, is_prose, meant, valued
from tracer.files.sheets.naming import Naming, naming_of
from tracer.files.sheets.rows import Cells
from tracer.formula.nodes import Node
from tracer.model.trace import Trace
from tracer.notation import list_notations

_MOST_TRIED = 500
"""Chains of a text for which other books are tried."""


def best_notation(source: Source, first: int, trace: Trace, own: dict[str, str]) -> str:
    """The notation that reads most names of a text: the problem's own unless another does more.

    A sheet must then be readable whole, of an article more names must be; and what the
    problem's own notation reads must mean the same, unless the numbers speak against that.
    """
    text = taken_apart(source, first)
    chains = valued(text)
    default = trace.problem.notation
    known = _meanings(chains, naming_of(trace, default, own))
    if len(chains) > _MOST_TRIED or default.endswith((".yaml", ".yml")):
        return default
    mine = _evidence(known, chains, trace)
    doubted = mine.doubtful
    if len(known) == len(chains) and not doubted:
        return default
    best = default, mine.weight, len(known)
    least = mine.weight + LEAST
    prose = is_prose(text)
    for name, _ in list_notations():
        read = _meanings(chains, naming_of(trace, name, own))
        heavy = _evidence(read, chains, trace).weight
        agrees = all(read.get(place, formulas) == formulas for place, formulas in known.items())
        more = len(read) - len(known)
        if agrees and more > 0 and (prose or len(read) == len(chains)):
            fits = True
        else:
            fits = doubted and more >= 0 and heavy >= least
        if fits and (heavy, len(read)) > best[1:]:
            best = name, heavy, len(read)
    return best[0]


def _evidence(
    read: dict[int, tuple[Node, ...]], chains: list[tuple[Chain, str | Cells]], trace: Trace
) -> Evidence:
    """How far the numbers speak for what the names are taken to mean."""
    single = {n: value for n, (_, value) in enumerate(chains) if isinstance(value, str)}
    readings = ((read[n][0], value) for n, value in single.items() if len(read.get(n, ())) == 1)
    return evidence(readings, values_of(trace))


def _meanings(
    chains: list[tuple[Chain, str | Cells]], naming: Naming
) -> dict[int, tuple[Node, ...]]:
    """What each chain is about, of those whose names are known."""
    reads = [Read(chain, value) for chain, value in chains]
    return {place: read.formulas for place, read in enumerate(reads) if meant(read, naming)}
