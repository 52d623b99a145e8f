"""Causes: why a wrong number is what it is.

Reproducing causes come first: a mistake is named only if the formula that it makes gives
the written number, within rounding, at the sheet's own numbers or at the true ones.  If
no single one does, one cause of method followed by one slip of writing is tried, then a
mistake made in every line of a rule at once.  Elimination causes rank below all these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracer.checking.candidates import (
    DIGITS,
    GUESSED,
    PLAIN,
    WITHIN_DIGITS,
    Found,
    by_lines,
    line_then_slip,
    reproduces,
    rewritten,
)
from tracer.checking.case import Case
from tracer.checking.mistakes import METHODS, WRITING, elimination, method
from tracer.checking.mistakes.kinds import WritingMistake
from tracer.formula.rewriting import negative
from tracer.model.verdict import Cause, Verdict

MOST_NAMED = 4
_LAST = 1000.0
"""An order after everything in the table."""


def causes_of(case: Case, turn: int, verdict: Verdict) -> tuple[Cause, ...]:
    """The causes of one wrong statement, best first; never empty.

    Args:
        case: the statement with its surroundings.
        turn: -1 if the sheet writes minus the quantity.
        verdict: what is known of it so far.
    """
    about = _about_the_sheet(case)
    explained = {one.cause.then for one in about}
    slips = [] if _is_inside_the_working(verdict) else list(_slips(case))
    candidates = rewritten(case)
    lines = by_lines(case, candidates)
    behind = _is_behind_the_working(case)
    if behind:
        lines = (found for found in lines if not found.guess)
    single = [f for f in _best([*slips, *lines]) if f.cause.id not in explained]
    found = [*about, *single]
    if not (about or behind) and all(one.guess for one in single):
        found += _best(list(line_then_slip(case, candidates)))
    if not found:
        found = [Found(cause, PLAIN, 0) for cause in method.whole_run(case, METHODS)]
    causes = [one.cause for one in found][:MOST_NAMED]
    named = {cause.id for cause in causes}
    causes += [cause for cause in elimination.named(case, verdict) if cause.id not in named]
    if not causes:
        causes = [Cause("unexplained")]
    return tuple(_in_sheets_sign(cause, turn) for cause in causes)


def _slips(case: Case) -> Iterator[Found]:
    """The right value, mis-written."""
    for at, right in case.right.items():
        if not right or (at == "true" and _is_of_own(case)):
            continue
        slight = False
        for order, slip in enumerate(WRITING):
            made = slip.made(case, right)
            if made is None or (slip.id != "last_digit" and not reproduces(made, case)):
                continue
            cause = Cause(slip.id, case.line.key, value=made, at=at)
            if slip.id != "last_digit":
                tier = PLAIN if slip.plain else GUESSED if slight else DIGITS
                yield Found(cause, tier, order + slight * (_LAST + 1))
            elif abs(made - case.value) <= 1.5 * case.unit:
                yield Found(cause, PLAIN, order)
                break  # other slips of digits would be far-fetched
            else:
                yield Found(cause, GUESSED, _LAST)
                slight = True


def _is_of_own(case: Case) -> bool:
    """Whether the working comes to what the sheet's own numbers give, not to what is true."""
    own, true, shown = case.right["own"], case.right.get("true"), case.worked
    if shown is None or own is None or true is None:
        return False
    return abs(shown - own) < abs(shown - true) and abs(shown - own) <= case.unit


def _is_behind_the_working(case: Case) -> bool:
    """Whether the working does not come to the number either, so that the slip is behind it.

    Then nobody has put another number in, rounded too early, or taken another unit's.
    """
    shown = case.worked
    return shown is not None and abs(shown - case.value) > 2 * case.unit


def _is_inside_the_working(verdict: Verdict) -> bool:
    """Whether a step before the last is false: then the number itself was written right."""
    place = verdict.false_link
    return place is not None and place <= len(verdict.statement.links)


def _about_the_sheet(case: Case) -> list[Found]:
    """What the sheet itself says elsewhere about the same quantity."""
    right = [value for value in case.right.values() if value is not None]

    def is_right(value: float) -> bool:
        return any(abs(value - r) <= 1e-3 * abs(r) for r in right)

    source = case.earlier[-1:] or (right[:1] if case.line.given else ())
    if source:
        slips = (slip.id for slip in WRITING if _made_by(slip, case, source[0]))
        cause = Cause("copied_wrongly", case.line.key, value=source[0], then=next(slips, ""))
        return [Found(cause, 0, -2)]
    if not case.carried_on and (
        case.used_right_later or any(is_right(value) for value in case.later)
    ):
        return [Found(Cause("misprint", case.line.key), 0, -1)]
    return []


def _made_by(slip: WritingMistake, case: Case, right: float) -> bool:
    made = slip.made(case, right)
    return made is not None and slip.id != "last_digit" and reproduces(made, case)


def _best(found: list[Found]) -> list[Found]:
    """The best fits: lowest tier, most specific first, each cause once."""
    if not found:
        return []
    found.sort(
        key=lambda one: (
            one.tier, not one.again, one.cause.at == "true", one.cut, one.far, one.order,
        )
    )  # fmt: skip
    kept: dict[str, Found] = {}
    for one in found:
        exactly = one.tier < WITHIN_DIGITS
        if one.tier == found[0].tier or exactly:
            kept.setdefault(one.cause.id, one)
    return list(kept.values())


def _in_sheets_sign(cause: Cause, turn: int) -> Cause:
    if turn > 0 or cause.value is None:
        return cause
    formula = None if cause.formula is None else negative(cause.formula)
    return replace(cause, value=-cause.value, formula=formula)
