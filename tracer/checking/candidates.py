"""Candidates: every number that a known mistake in one line would have given.

Takes a case; gives the altered lines in its cone with the numbers that they lead to, and
of these the ones that are what is written, each with a tier of how well it fits.  One that
may agree by chance is dropped: few digits and many candidates near make such accidents to
be expected.  Read by `causes`; `sharing`, `method` and `marking` read parts of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tracer.checking.altered import Altered, altered
from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.checking.mistakes import WRITING
from tracer.checking.mistakes.kinds import LineMistake
from tracer.checking.tolerance import fits
from tracer.formula.nodes import Node, symbols
from tracer.model.verdict import Cause

PLAIN, DIGITS, GUESSED, WITHIN_DIGITS, GUESSED_WITHIN, TWICE = range(6)
"""Tiers of fit: a plain mistake gives what is written; a slip of digits; a mistake with
many rewritings; the same two, but only within the digits of the operands; two mistakes."""
_DEEPEST = 24
_DEEPEST_GUESS = 2
CHANCE = 0.15
"""The expected number of accidental agreements up to which one is believed."""
_CHANCE_BEFORE = 0.05
"""The same for a mistake in a line that the sheet skips."""
_FARTHEST = 3.0
"""Units of the last place within which a candidate's own rounding is looked at."""
_ALIKE = 0.02
"""How far the same mistake at sound numbers and at the true ones may lie apart."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cause that fits, and how well."""

    cause: Cause
    tier: int
    order: float
    """Its place in the table: most specific first."""
    guess: bool = False
    far: bool = False
    """Whether it was made in a skipped line, or puts in what nothing suggests."""
    cut: bool = False
    """Whether it gives what is written only if cut off, not rounded."""
    again: bool = False
    """Whether the sheet is known to have made this mistake in the same array before."""


@dataclass(slots=True)
class Candidate:
    """An altered line, and the number that the statement would then have had."""

    one: Altered
    at: str
    value: float
    depth: int
    """0: the statement's own line; else how many-th of the skipped lines before it."""

    @property
    def mistake(self) -> LineMistake:
        return self.one.mistake

    @property
    def order(self) -> float:
        return self.one.order + self.depth / 100


def by_lines(case: Case, candidates: list[Candidate]) -> Iterator[Found]:
    """Every altered line in the cone that gives the written number."""
    written, far = case.value, _far(case)
    for one in candidates:
        if abs(one.value - written) > far:
            continue
        guess = one.mistake.guess
        if reproduces(one.value, case):
            tier = GUESSED if guess else PLAIN
        elif _within_digits(case, one):
            tier = GUESSED_WITHIN if guess else WITHIN_DIGITS
        else:
            continue
        if _says_something(case, one, candidates):
            deep = bool(one.depth) or one.mistake.invented
            cut, again = _is_cut(case, one.value), _is_made_again(case, one)
            yield Found(_cause(case, one), tier, one.order, guess, deep, cut, again)


def _far(case: Case) -> float:
    """How far from the written number a candidate gives it neither as it is nor rounded."""
    return max(_FARTHEST * case.unit, _ALIKE * abs(case.value))


def rewritten(case: Case) -> list[Candidate]:
    """All candidates, at the sheet's own numbers and at the true ones."""
    found: list[Candidate] = []
    true, own = case.right.get("true"), case.right["own"]
    written, far = case.value, _far(case)
    for depth, line in enumerate(case.cone[:_DEEPEST]):
        for one in altered(case, line, depth > _DEEPEST_GUESS):
            value = case.changed(one, "own")
            if value is not None and value != own:
                found.append(Candidate(one, "own", value, depth))
                # at sound numbers the true ones can give no more than other digits
                if case.is_sound and abs(value - written) > far:
                    continue
            if true is not None:
                value = case.changed(one, "true")
                if value is not None and value != true:
                    found.append(Candidate(one, "true", value, depth))
    return found


def reproduces(value: float, case: Case) -> bool:
    """Whether a value rounds or truncates to what is written."""
    if case.value == 0 and abs(value) >= case.unit:
        return False
    return fits(value, case.value, case.unit)


def _is_cut(case: Case, value: float) -> bool:
    return abs(value - case.value) > case.unit * 0.500001


def _within_digits(case: Case, one: Candidate) -> bool:
    """Whether the candidate reaches the number within the digits of its operands."""
    found = case.reach(one.one, one.at)
    if found is None:
        return False
    centre, radius = found
    right = case.right[one.at]
    # a candidate that lies as near to the right value as to the written one says nothing
    if right is not None and abs(right - centre) <= 2 * radius + case.unit:
        return False
    return fits(centre, case.value, case.unit, radius)


def _says_something(case: Case, one: Candidate, candidates: list[Candidate]) -> bool:
    """Whether the agreement is more than chance.

    Where few digits are written and many rewritings lie near, one of them agrees by
    accident: the expected number of such accidents is the density of candidates between
    the right value and the written one, times the width of the written interval.  Guesses
    are not counted against a mistake that is none.  Who made a mistake in one cell of an
    array makes it in the next: then it needs no more digits to be believed.
    """
    if _is_made_again(case, one):
        return True
    if not case.unit or (one.depth == 0 and case.written.figures >= 3):
        return True
    right = case.right[one.at]
    if right is None:
        return True
    others = (other.value for other in candidates if one.mistake.guess or not other.mistake.guess)
    return accidents(case, right, others) <= (_CHANCE_BEFORE if one.depth else CHANCE)


def accidents(case: Case, right: float, others: Iterable[float]) -> float:
    """How many of these numbers are to be expected to agree by accident with what is written."""
    distance = abs(case.value - right)
    if not distance:
        return math.inf
    near = {round(value / case.unit, 1) for value in others if abs(value - right) <= 2 * distance}
    return len(near) * case.unit / (4 * distance)


def _is_made_again(case: Case, one: Candidate) -> bool:
    """Whether the same mistake is known in the same array: of a guess, with the same numbers."""
    line = one.one.line
    if (one.mistake.id, line.parsed.name) not in case.made:
        return False
    exactly = made_of(one.mistake.id, line, one.one.formula)[1:]
    return not one.mistake.guess or any(known in case.made for known in exactly)


def made_of(mistake: str, line: Line, formula: Node) -> tuple[tuple[str, ...], ...]:
    """What is known once a mistake is made: it and its array, and what was taken for what."""
    right, used = set(symbols(line.formula)), set(symbols(formula))
    lost, added = sorted(right - used), sorted(used - right)
    known = (mistake, line.parsed.name)
    return (known, (*known, *lost, "->", *added)) if lost else (known,)


def suspected(case: Case) -> Iterator[str]:
    """Plain mistakes in the line itself that give the number, be it by accident."""
    for one in rewritten(case):
        plain = not (one.depth or one.mistake.guess or one.mistake.invented)
        if plain and reproduces(one.value, case):
            yield one.mistake.id


def line_then_slip(case: Case, every: list[Candidate]) -> Iterator[Found]:
    """One cause of method in the line itself, followed by one of writing.

    Asked only where the number has so many digits that they do not agree by chance.
    """
    numbers = 9 * 10 ** (case.written.figures - 1)
    candidates = [one for one in every if not (one.mistake.guess or one.depth)]
    for slip in WRITING:
        if slip.ways(case.written.figures) * len(candidates) > CHANCE * numbers:
            continue
        for one in candidates:
            made = slip.made(case, one.value)
            if made is not None and reproduces(made, case):
                cause = replace(_cause(case, one), then=slip.id, value=made)
                yield Found(cause, TWICE, one.order)


def _cause(case: Case, one: Candidate) -> Cause:
    numbers, formula = case.numbers(one.at), one.one.formula
    values = {key: numbers[key] for key in symbols(formula)}
    return Cause(one.mistake.id, one.one.line.key, formula, values, one.value, one.at)
