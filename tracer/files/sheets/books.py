"""Whose names the lines of a text use: the problem's notation, or another book's that fits better.

Takes the chains of a text; gives the name of a notation, or a variant of one.  `choosing`
does the same for the names of a table.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracer.files.faults import Source
from tracer.files.sheets.chains import Chain, taken_apart
from tracer.files.sheets.evidence import LEAST, Evidence, evidence, values_of
from tracer.files.sheets.meaning import Read, is_prose, meant, valued
from tracer.files.sheets.naming import Naming, naming_of
from tracer.files.sheets.rows import Cells
from tracer.formula.nodes import Negative, Node, Symbol
from tracer.model.trace import Trace
from tracer.notation import Notation, list_notations, load_notation, variants

_MOST_TRIED = 500
"""Chains of a text for which other books are tried."""


def best_notation(source: Source, first: int, trace: Trace, own: dict[str, str]) -> str | Notation:
    """The notation that reads most names of a text: the problem's own unless another does more.

    A sheet must then be readable whole, or the numbers must speak for it; of an article more
    names must be; and what the problem's own notation reads must mean the same, unless the
    numbers speak against that.  Where no book will do, its numbers tell whether a sheet
    counts layers, or the units of a weight, in another way.
    """
    text = taken_apart(source, first)
    chains = valued(text)
    default = trace.problem.notation
    mine = _reading(chains, default, trace, own)
    if len(chains) > _MOST_TRIED or default.endswith((".yaml", ".yml")):
        return default
    if len(mine.formulas) == len(chains) and not mine.evidence.doubtful:
        return default
    prose = is_prose(text)
    best = mine
    for name, _ in list_notations():
        other = _reading(chains, name, trace, own)
        whole = len(other.formulas) == len(chains)
        if _is_better(other, mine, whole, prose) and other.rank > best.rank:
            best = other
    if len(best.formulas) == len(chains) and not best.evidence.doubtful:
        return best.notation
    for name, _ in list_notations():
        for variant in variants(load_notation(name)):
            other = _reading(chains, variant, trace, own)
            sure = other.evidence.weight > best.evidence.weight and not other.evidence.doubtful
            if sure and _is_better(other, mine) and other.rank > best.rank:
                best = other
    return best.notation


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the names of a text mean in a notation, and what the numbers say of it."""

    notation: str | Notation
    formulas: dict[int, tuple[Node, ...]]
    """Of the chains whose names are known."""
    evidence: Evidence

    @property
    def rank(self) -> tuple[int, int]:
        """The numbers count first, then how much is read."""
        return self.evidence.weight, len(self.formulas)


def _is_better(other: _Reading, mine: _Reading, whole: bool = False, prose: bool = False) -> bool:
    """Whether another reading may stand for the problem's own.

    Args:
        whole: whether it reads all that there is to be read.
        prose: whether there need not be an end to what is not read.
    """
    known = [(place, found) for place, found in mine.formulas.items() if _is_named(found)]
    agrees = all(other.formulas.get(place, found) == found for place, found in known)
    more = len(other.formulas) - len(mine.formulas)
    gain = other.evidence.weight - mine.evidence.weight
    if agrees and more > 0 and (whole or prose or gain >= min(LEAST, more)):
        return True
    enough = 1 if whole and more > 0 else LEAST
    return mine.evidence.doubtful and more >= 0 and gain >= enough


def _is_named(formulas: tuple[Node, ...]) -> bool:
    """Whether a name was known, not explained by its own line."""
    return all(isinstance(one, Symbol | Negative) for one in formulas)


def _reading(
    chains: list[tuple[Chain, str | Cells]],
    notation: str | Notation,
    trace: Trace,
    own: dict[str, str],
) -> _Reading:
    read = _meanings(chains, naming_of(trace, notation, own))
    return _Reading(notation, read, _evidence(read, chains, trace))


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
