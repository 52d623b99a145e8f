"""Causes: why a wrong number is what it is.

Reproducing causes come first: a mistake is named only if the formula that it makes gives
the written number, within rounding, at the sheet's own numbers or at the true ones.  If
no single one does, one cause of method followed by one slip of writing is tried, then a
mistake made in every line of a rule at once.  Elimination causes rank below all these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracer.checking.case import Case
from tracer.checking.mistakes import LINES, METHODS, TWINS, WRITING, elimination, method
from tracer.checking.mistakes.kinds import WritingMistake
from tracer.checking.tolerance import fits
from tracer.formula.nodes import Node, symbols
from tracer.formula.rewriting import negative
from tracer.model.step import Step
from tracer.model.verdict import Cause, Verdict

MOST_NAMED = 4
GUESSES = frozenset(
    {"wrong_quantity", "sign", "wrong_constant", "early_rounding", "truncated_badly", "stale_value"}
)
"""Mistakes with many rewritings: looked for in the line itself and the one before it."""
_DEEPEST = 24
_DEEPEST_GUESS = 2
_CHANCE = 0.15
"""The expected number of accidental agreements up to which one is believed."""
_FARTHEST = 3.0
"""Units of the last place within which a candidate's own rounding is looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cause that fits, and how well."""

    cause: Cause
    tier: int
    """0: its result rounds to what is written; 1: within the digits of its operands."""
    order: float
    """Its place in the table: most specific first."""


def causes_of(case: Case, turn: int, verdict: Verdict) -> tuple[Cause, ...]:
    """The causes of one wrong statement, best first; never empty.

    Args:
        case: the statement with its surroundings.
        turn: -1 if the sheet writes minus the quantity.
        verdict: what is known of it so far.
    """
    about = _about_the_sheet(case)
    explained = {one.cause.then for one in about}
    single = [f for f in _best([*_slips(case), *_lines(case)]) if f.cause.id not in explained]
    found = [*about, *single]
    if not about and all(one.cause.id in GUESSES for one in single):
        found += _best(list(_line_then_slip(case)))
    if not found:
        found = [Found(cause, 0, 0) for cause in method.whole_run(case, METHODS)]
    causes = [one.cause for one in found][:MOST_NAMED]
    named = {cause.id for cause in causes}
    causes += [cause for cause in elimination.named(case, verdict) if cause.id not in named]
    if not causes:
        causes = [Cause("unexplained")]
    return tuple(_in_sheets_sign(cause, turn) for cause in causes)


def _slips(case: Case) -> Iterator[Found]:
    """The right value, mis-written."""
    for at, right in case.right.items():
        if right is None or right == 0:
            continue
        for order, slip in enumerate(WRITING):
            made = slip.made(case, right)
            if made is not None and _tier(made, case) == 0:
                yield Found(Cause(slip.id, case.line.key, value=made, at=at), 0, order)
        if _is_last_digit(case, right):
            tier = 0 if abs(right - case.value) <= 1.5 * case.unit else 1
            cause = Cause("last_digit", case.line.key, value=right, at=at)
            yield Found(cause, tier, len(WRITING))


def _is_last_digit(case: Case, right: float) -> bool:
    off = abs(right - case.value)
    if not case.unit:
        return False
    return off <= 1.5 * case.unit or (off <= 2.6 * case.unit and case.written.figures >= 3)


def _about_the_sheet(case: Case) -> list[Found]:
    """What the sheet itself says elsewhere about the same quantity."""
    found = []
    right = [value for value in case.right.values() if value is not None]

    def is_right(value: float) -> bool:
        return any(abs(value - r) <= 1e-3 * abs(r) for r in right)

    source = case.earlier[-1:] or right[:1] if case.line.rule == "given" else case.earlier[-1:]
    if source:
        slips = (slip.id for slip in WRITING if _made_by(slip, case, source[0]))
        cause = Cause("copied_wrongly", case.line.key, value=source[0], then=next(slips, ""))
        found.append(Found(cause, 0, -2))
    elif case.used_right_later or any(is_right(value) for value in case.later):
        found.append(Found(Cause("misprint", case.line.key), 0, -1))
    return found


def _made_by(slip: WritingMistake, case: Case, right: float) -> bool:
    made = slip.made(case, right)
    return made is not None and _tier(made, case) == 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rewritten line, and the number that the statement would then have had."""

    id: str
    step: Step
    formula: Node
    at: str
    value: float
    order: float
    depth: int
    """0: the statement's own line; else how many-th of the skipped lines before it."""


def _lines(case: Case) -> Iterator[Found]:
    """Every rewriting of every line in the cone that gives the written number."""
    candidates = list(_rewritten(case))
    for one in candidates:
        tier = _tier(one.value, case)
        if tier is None:
            tier = _tier_with_radius(case, one)
        if tier is not None and _says_something(case, one, candidates):
            yield Found(_cause(case, one), tier, one.order)


def _rewritten(case: Case) -> Iterator[Candidate]:
    right = case.right
    for depth, step in enumerate(case.cone[:_DEEPEST]):
        for order, mistake in enumerate(LINES):
            if depth > _DEEPEST_GUESS and mistake.id in GUESSES:
                continue
            for formula in dict.fromkeys(mistake.rewrite(case, step)):
                for at in right:
                    value = case.value_of({step.key: formula}, at)
                    if value is None or value == right[at]:
                        continue
                    place = len(WRITING) + 1 + order + depth / 100
                    yield Candidate(mistake.id, step, formula, at, value, place, depth)


def _says_something(case: Case, one: Candidate, candidates: list[Candidate]) -> bool:
    """Whether the agreement is more than chance.

    Where few digits are written and many rewritings lie near, one of them agrees by
    accident: the expected number of such accidents is the density of candidates between
    the right value and the written one, times the width of the written interval.
    """
    if not case.unit or (one.depth == 0 and case.written.figures >= 3):
        return True
    right = case.right[one.at]
    if right is None:
        return True
    distance = abs(case.value - right)
    near = {
        round(other.value / case.unit, 1)
        for other in candidates
        if abs(other.value - right) <= 2 * distance
    }
    return len(near) * case.unit / (4 * distance) <= _CHANCE


def _cause(case: Case, one: Candidate) -> Cause:
    numbers = case.numbers(one.at)
    values = {key: numbers[key] for key in symbols(one.formula)}
    return Cause(one.id, one.step.key, one.formula, values, one.value, one.at)


def _tier(value: float, case: Case) -> int | None:
    if case.value == 0 and abs(value) >= case.unit:
        return None
    return 0 if fits(value, case.value, case.unit) else None


def _tier_with_radius(case: Case, one: Candidate) -> int | None:
    """1 if the candidate reaches the number within the digits of its operands."""
    if abs(one.value - case.value) > max(_FARTHEST * case.unit, 0.02 * abs(case.value)):
        return None
    found = case.reach(one.step.key, one.formula, one.at)
    if found is None:
        return None
    centre, radius = found
    right = case.right[one.at]
    # a candidate that lies as near to the right value as to the written one says nothing
    if right is not None and abs(right - centre) <= 2 * radius + case.unit:
        return None
    return 1 if fits(centre, case.value, case.unit, radius) else None


def _line_then_slip(case: Case) -> Iterator[Found]:
    """One cause of method, followed by one of writing; asked of well-written numbers only."""
    if case.written.figures < 3:
        return
    for one in _rewritten(case):
        if one.id in GUESSES:
            continue
        for slip in WRITING:
            made = slip.made(case, one.value)
            if made is not None and _tier(made, case) == 0:
                cause = replace(_cause(case, one), then=slip.id, value=made)
                yield Found(cause, 2, one.order)


def _best(found: list[Found]) -> list[Found]:
    """The best fits: lowest tier, most specific first, each cause once."""
    if not found:
        return []
    found.sort(key=lambda one: (one.tier, one.order, one.cause.at == "true"))
    kept: dict[str, Found] = {}
    for one in found:
        if one.tier == found[0].tier:
            kept.setdefault(one.cause.id, one)
    return list(kept.values())


def twins(first: str, second: str) -> bool:
    """Whether two causes give the same number by algebra.

    >>> twins("factor_two", "missing_half"), twins("sign", "missing_slope")
    (True, False)
    """
    return first == second or any({first, second} <= pair for pair in TWINS)


def _in_sheets_sign(cause: Cause, turn: int) -> Cause:
    if turn > 0 or cause.value is None:
        return cause
    formula = None if cause.formula is None else negative(cause.formula)
    return replace(cause, value=-cause.value, formula=formula)
