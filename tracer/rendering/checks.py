"""How a page ends: the parameters at a glance, whether the update helped, and the proof."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction as Rational

from tracer.formula.keys import Key
from tracer.formula.nodes import Negative, Sum, Symbol
from tracer.model.problem import Problem
from tracer.model.rounding import Precision, Rounding
from tracer.model.step import Step
from tracer.rendering.content import Table
from tracer.rendering.typesetting import Typesetting

_ROWS = 30
"""Rows of a table that still fit a printed page."""
_MOST_FIGURES = 15


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


def did_it_help(setting: Typesetting, update: int, whole: bool) -> tuple[str, ...]:
    """Whether the loss fell, said with the difference of the two printed numbers.

    Args:
        setting: of the page.
        update: which update, from 1.
        whole: it is the last of several: also compare with the start.
    """
    trace = setting.trace
    name = loss_key(trace.problem)
    if not name:
        return ()
    before, after = (trace._index.get(_at(name, k)) for k in (update - 1, update))
    if before is None or after is None or not before.text or not after.text:
        return ()
    if Rational(before.text) == Rational(after.text):
        return (setting.say("check.same", before=_equation(before, setting)),)
    found = [_change(before, after, setting)]
    first = trace._index.get(_at(name, 0))
    same_samples = trace.problem.batch == "full" or not trace.problem.layers
    if whole and update > 1 and same_samples and first is not None:
        difference = setting.inline(_difference(first, after, setting)[0])
        found.append(setting.say("check.whole", count=str(update), difference=difference))
    return tuple(found)


def proof(setting: Typesetting) -> str:
    """That the gradients agree with central differences, and to how many figures."""
    agreements = setting.trace.proof
    if not agreements or not all(one.agrees for one in agreements):
        return ""
    figures = min(_figures(one.derived, one.independent) for one in agreements)
    word = "check.proof" if len(agreements) > 1 else "check.proof_one"
    facts = {"figures": str(figures)}
    if len(agreements) > 1:
        facts["count"] = str(len(agreements))
    return setting.say(word, **facts)


def loss_key(problem: Problem) -> str:
    """The key of the loss before any update; nothing where there is none."""
    if problem.layers:
        return "loss" if problem.loss is not None and problem.targets else ""
    return problem.loss if isinstance(problem.loss, str) else ""


def _at(name: str, update: int) -> str:
    return str(Key(name, update=update))


def _equation(step: Step, setting: Typesetting) -> str:
    shown, number = setting.name(step.key), setting.number(setting.trace_text(step.key))
    return setting.inline(setting.joined(shown, setting.sign("="), number))


def _change(before: Step, after: Step, setting: Typesetting) -> str:
    """How far the loss fell or rose, from the printed numbers."""
    fell = Rational(after.text) < Rational(before.text)
    first, second = (before, after) if fell else (after, before)
    shown, difference = _difference(first, second, setting)
    facts = {"difference": setting.inline(shown)}
    start = Rational(before.text)
    if not fell:
        return setting.say("check.rose", **facts)
    share = 100 * difference / start if start > 0 else Rational(0)
    if share < Rational(1, 10) or share > 100:
        return setting.say("check.fell_little", **facts)
    percent = Rounding(Precision(figures=2)).text(share)
    return setting.say("check.fell", **facts, percent=_percent(percent, setting))


def _percent(text: str, setting: Typesetting) -> str:
    number = "100" if "e" in text else text
    return setting.inline(setting.number(number)) + setting.text_piece(" %")


def _difference(first: Step, second: Step, setting: Typesetting) -> tuple[str, Rational]:
    """``L - L' = 0.29837 - 0.29104 = 0.00733``, worked out from what is printed."""
    exact = Rational(first.text) - Rational(second.text)
    rounding = Rounding(Precision(), policy="exact")
    text = rounding.text(exact)
    if len(text) > 14:
        text = Rounding(Precision(figures=5)).text(exact)
    relation = "=" if Rational(text) == exact else "≈"
    node = Sum((Symbol(first.key), Negative(Symbol(second.key))))
    names = setting.formula(node, setting.names.name)
    numbers = setting.formula(node, setting.trace_text)
    equals = setting.sign("=")
    about = setting.sign(relation)
    return setting.joined(names, equals, numbers, about, setting.number(text)), exact


def _figures(one: float, other: float) -> int:
    largest = max(abs(one), abs(other))
    if one == other or largest == 0:
        return _MOST_FIGURES
    return max(1, min(_MOST_FIGURES, math.floor(-math.log10(abs(one - other) / largest))))
