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
from tracer.checking.tolerance import Affine, fits
from tracer.formula.nodes import Node, symbols
from tracer.formula.rewriting import negative
from tracer.model.step import Step
from tracer.model.verdict import Cause, Verdict

MOST_NAMED = 4
_FARTHEST = 3.0
"""Units of the last place within which a candidate's own rounding is looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cause that fits, and how well."""

    cause: Cause
    tier: int
    """0: its result rounds to what is written; 1: within the digits of its operands."""
    order: int
    """Its place in the table: most specific first."""


def causes_of(case: Case, turn: int, verdict: Verdict) -> tuple[Cause, ...]:
    """The causes of one wrong statement, best first; never empty.

    Args:
        case: the statement with its surroundings.
        turn: -1 if the sheet writes minus the quantity.
        verdict: what is known of it so far.
    """
    found = _best([*_slips(case), *_lines(case)])
    found = [*_about_the_sheet(case), *found]
    if not found:
        found = _best(list(_line_then_slip(case)))
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
    for at in case.places():
        right = case.value_of({}, at)
        if right is None or right == 0:
            continue
        for order, slip in enumerate(WRITING):
            made = slip.made(case, right)
            if made is not None and _tier(made, case) == 0:
                yield Found(Cause(slip.id, case.line.key, value=made, at=at), 0, order)
        if _is_last_digit(case, right):
            yield Found(Cause("last_digit", case.line.key, value=right, at=at), 0, len(WRITING))


def _is_last_digit(case: Case, right: float) -> bool:
    off = abs(right - case.value)
    if not case.unit:
        return False
    return off <= 1.5 * case.unit or (off <= 2.6 * case.unit and case.written.figures >= 3)


def _about_the_sheet(case: Case) -> list[Found]:
    """What the sheet itself says elsewhere about the same quantity."""
    found = []
    right = [value for value in (case.own_value, case.true_value) if value is not None]

    def is_right(value: float) -> bool:
        return any(abs(value - r) <= 1e-3 * abs(r) for r in right)

    if case.earlier or case.line.rule == "given":
        found.append(Found(Cause("copied_wrongly", case.line.key), 0, -2))
    if case.used_right_later or any(is_right(value) for value in case.later):
        found.append(Found(Cause("misprint", case.line.key), 0, -1))
    return found


def _lines(case: Case) -> Iterator[Found]:
    """Every rewriting of every line in the cone."""
    for candidate, value in _rewritten(case):
        tier = _tier(value.centre, case)
        if tier is None:
            tier = _tier_with_radius(case, candidate, value)
        if tier is not None:
            yield replace(candidate, tier=tier)


def _rewritten(case: Case) -> Iterator[tuple[Found, Affine]]:
    right = {at: case.value_of({}, at) for at in case.places()}
    for depth, step in enumerate(case.cone):
        for order, mistake in enumerate(LINES):
            seen: set[Node] = set()
            for formula in mistake.rewrite(case, step):
                if formula in seen:
                    continue
                seen.add(formula)
                for at in case.places():
                    value = case.affine({step.key: formula}, at)
                    if value is None or value.centre == right[at]:
                        continue
                    place = len(WRITING) + 1 + order
                    yield _found(case, mistake.id, step, formula, value, at, place + depth / 100)


def _found(
    case: Case, name: str, step: Step, formula: Node, value: Affine, at: str, order: float
) -> tuple[Found, Affine]:
    numbers = case.numbers(at)
    values = {key: numbers.known[key].centre for key in symbols(formula) if key in numbers.known}
    cause = Cause(name, step.key, formula, values, value.centre, at)
    return Found(cause, 0, order), value  # type: ignore[arg-type]


def _tier(value: float, case: Case) -> int | None:
    if case.value == 0 and abs(value) >= case.unit:
        return None
    return 0 if fits(value, case.value, case.unit) else None


def _tier_with_radius(case: Case, found: Found, value: Affine) -> int | None:
    """1 if the candidate reaches the number within the digits of its operands."""
    if abs(value.centre - case.value) > max(_FARTHEST * case.unit, 0.02 * abs(case.value)):
        return None
    radius = case.numbers(found.cause.at).radius(value)
    right = case.value_of({}, found.cause.at)
    # a candidate that lies as near to the right value as to the written one says nothing
    if right is not None and abs(right - value.centre) <= 2 * radius + case.unit:
        return None
    return 1 if fits(value.centre, case.value, case.unit, radius) else None


def _line_then_slip(case: Case) -> Iterator[Found]:
    """One cause of method, followed by one of writing; asked of well-written numbers only."""
    if case.written.figures < 3:
        return
    for candidate, value in _rewritten(case):
        if candidate.cause.id in ("early_rounding", "truncated_badly", "wrong_quantity", "sign"):
            continue
        for slip in WRITING:
            made = slip.made(case, value.centre)
            if made is not None and _tier(made, case) == 0:
                cause = replace(candidate.cause, then=slip.id, value=made)
                yield replace(candidate, cause=cause, tier=2)


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
