"""How a page ends: the parameters at a glance, whether the update helped, and the proof.

Takes the typesetting of a page and the steps of its updates; gives tables and sentences.
What is said of the loss is worked out from the printed numbers alone, so that a reader can
check it; where rounding hides the change, the unrounded difference is told as well.  Read
by `story`, and by `filling`, which says the same for every problem of a shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction as Rational
from functools import lru_cache

from tracer.formula.keys import Key
from tracer.formula.nodes import Negative, Sum, Symbol
from tracer.model.problem import Problem
from tracer.model.rounding import Precision, Rounding, exact_text
from tracer.model.step import Step
from tracer.model.trace import Agreement, Trace
from tracer.rendering.content import Table
from tracer.rendering.typesetting import Typesetting

_ROWS = 30
"""Rows of a table that still fit a printed page."""
_MOST_FIGURES = 15
_LITTLE = 1000
"""A loss that falls by less than its share of one in so many, 0.1 %, is not said to have
fallen by so many percent."""
_NEAR = 10
"""A printed difference is told as it is where it misses the difference of the unrounded numbers
by at most one part in so many."""
_FEW = 14
"""Characters: of a difference, all digits up to so many.  What `exact_text` gives of a number
that it does not give exactly has 17 figures."""
_TWO_FIGURES, _FIVE_FIGURES = Rounding(Precision(figures=2)), Rounding(Precision(figures=5))


def parameter_tables(steps: Sequence[Step], setting: Typesetting) -> tuple[Table, ...]:
    """Old value, gradient and new value of every parameter that these update steps change."""
    trace = setting.trace
    rows = []
    for step in steps:
        new = step.parsed
        old = trace[str(new.at(new.update - 1))]
        gradient = f"d{new.at(new.update - 1)}"
        slope = setting.trace_text(gradient) if gradient in trace else "0"
        texts = (setting.trace_text(old.key), slope, setting.trace_text(step.key))
        cells = [setting.cell(text) for text in texts]
        rows.append((setting.inline(setting.name(old.key)), *cells))
    head = tuple(setting.say(f"table.{word}") for word in ("parameter", "old", "gradient", "new"))
    chunks = [tuple(rows[i : i + _ROWS]) for i in range(0, len(rows), _ROWS)]
    return tuple(Table(head, ("l", "r", "r", "r"), chunk, strong=3) for chunk in chunks)


@dataclass(frozen=True, slots=True)
class Change:
    """What one sentence about the loss says: worked out from the printed numbers alone."""

    sentence: str
    first: str
    """The key of the number that is subtracted from, or of the one that stayed."""
    second: str = ""
    difference: str = ""
    relation: str = "="
    percent: str = ""


def did_it_help(setting: Typesetting, update: int, whole: bool) -> tuple[str, ...]:
    """Whether the loss fell, said with the difference of the two printed numbers.

    Args:
        setting: of the page.
        update: which update, from 1.
        whole: it is the last of several: also compare with the start.
    """
    return tuple(said(one, setting, update) for one in changes(setting.trace, update, whole))


def changes(trace: Trace, update: int, whole: bool) -> tuple[Change, ...]:
    """How the printed loss changed, for `said`; nothing where there is no loss."""
    name = loss_key(trace.problem)
    if not name:
        return ()
    before, after = (trace._index.get(_at(name, k)) for k in (update - 1, update))
    if before is None or after is None or not before.text or not after.text:
        return ()
    (start, end), unit = _multiples(before.text, after.text)
    if start == end:
        return (Change("same", before.key),)
    if end > start:
        found = [_difference("rose", after, before, Rational(end - start, unit))]
    else:
        word, percent = _share(start, end)
        found = [_difference(word, before, after, Rational(start - end, unit), percent)]
    if trace.problem.rounding.policy == "shown":
        found += _unrounded(before, after, Rational(abs(start - end), unit))
    first = trace._index.get(_at(name, 0)) if whole and update > 1 else None
    same_samples = trace.problem.batch == "full" or not trace.problem.layers
    if same_samples and first is not None:
        exact = Rational(first.text) - Rational(end, unit)
        found.append(_difference("whole", first, after, exact))
    return tuple(found)


def said(change: Change, setting: Typesetting, update: int) -> str:
    """The sentence that says a change."""
    word = f"check.{change.sentence}"
    if change.sentence == "same":
        return setting.say(word, before=_equation(change.first, setting))
    if change.sentence == "all_digits":
        return setting.say(word, amount=setting.inline(setting.number(change.difference)))
    facts = {"difference": setting.inline(_subtraction(change, setting))}
    if change.percent:
        facts["percent"] = _percent(change.percent, setting)
    if change.sentence == "whole":
        facts["count"] = str(update)
    return setting.say(word, **facts)


def proof(setting: Typesetting) -> str:
    """That the gradients agree with central differences, and to how many figures."""
    agreements = setting.trace.proof
    return proven(agreed_figures(agreements), len(agreements), setting)


def agreed_figures(agreements: Sequence[Agreement]) -> int:
    """To how many figures all of them agree; 0 where there are none, or one does not."""
    if not agreements or not all(one.agrees for one in agreements):
        return 0
    return min(_figures(one.derived, one.independent) for one in agreements)


def proven(figures: int, count: int, setting: Typesetting) -> str:
    """The sentence about so many gradients that agree to so many figures."""
    if not figures:
        return ""
    word = "check.proof" if count > 1 else "check.proof_one"
    facts = {"figures": str(figures)} | ({"count": str(count)} if count > 1 else {})
    return setting.say(word, **facts)


def loss_key(problem: Problem) -> str:
    """The key of the loss before any update; nothing where there is none."""
    if problem.layers:
        return "loss" if problem.loss is not None and problem.targets else ""
    return problem.loss if isinstance(problem.loss, str) else ""


def _multiples(*texts: str) -> tuple[list[int], int]:
    """Numbers as multiples of one unit, and how many of this unit make 1.

    >>> _multiples("0.25", "0.125"), _multiples("1/3", "0.5")
    (([250, 125], 1000), ([10, 15], 30))
    """
    shares = []
    for text in texts:
        whole, _, places = text.partition(".")
        if whole.isdecimal() and places.isdecimal():
            shares.append((int(whole + places), 10 ** len(places)))
        else:
            shares.append(Rational(text).as_integer_ratio())
    unit = math.lcm(*(under for _, under in shares))
    return [over * (unit // under) for over, under in shares], unit


@lru_cache(maxsize=256)
def _at(name: str, update: int) -> str:
    return str(Key(name, update=update))


def _equation(key: str, setting: Typesetting) -> str:
    shown, number = setting.name(key), setting.number(setting.trace_text(key))
    return setting.inline(setting.joined(shown, setting.sign("="), number))


def _share(start: int, end: int) -> tuple[str, str]:
    """How the fall of the loss is said, and by how many percent it fell where that is said.

    Args:
        start: the loss before.
        end: the loss after, a multiple of the same unit.
    """
    if start <= 0 or end < 0 or _LITTLE * (start - end) < start:
        return "fell_little", ""
    percent = _TWO_FIGURES.text(Rational(100 * (start - end), start))
    return "fell", "100" if "e" in percent else percent


def _unrounded(before: Step, after: Step, printed: Rational) -> list[Change]:
    """How the loss changed with all its digits, where the printed ones hardly show it."""
    if before.value is None or after.value is None:
        return []
    exact = abs(Rational(before.value) - Rational(after.value))
    if exact == 0 or abs(printed - exact) * _NEAR <= exact:
        return []
    return [Change("all_digits", before.key, after.key, _FIVE_FIGURES.text(exact))]


def _percent(text: str, setting: Typesetting) -> str:
    return setting.inline(setting.number(text)) + setting.text_piece(" %")


def _difference(
    sentence: str, first: Step, second: Step, exact: Rational, percent: str = ""
) -> Change:
    """Two printed numbers subtracted: all digits where they are few."""
    text, relation = exact_text(exact), "="
    if len(text) > _FEW:
        text = _FIVE_FIGURES.text(exact)
        relation = "=" if Rational(text) == exact else "≈"
    return Change(sentence, first.key, second.key, text, relation, percent)


def _subtraction(change: Change, setting: Typesetting) -> str:
    """``L - L' = 0.29837 - 0.29104 = 0.00733``."""
    node = Sum((Symbol(change.first), Negative(Symbol(change.second))))
    names = setting.formula(node, setting.names.name)
    numbers = setting.formula(node, setting.trace_text)
    equals, about = setting.sign("="), setting.sign(change.relation)
    return setting.joined(names, equals, numbers, about, setting.number(change.difference))


def _figures(one: float, other: float) -> int:
    largest = max(abs(one), abs(other))
    if one == other or largest == 0:
        return _MOST_FIGURES
    return max(1, min(_MOST_FIGURES, math.floor(-math.log10(abs(one - other) / largest))))
