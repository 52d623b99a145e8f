"""Links: every member of a written chain ``name = e1 = e2 = v`` checked by itself.

The slip of a hand calculation is usually inside a line, and the chain shows where: the
first member whose value is not that of the member before it.  A number that appears in a
member and not in the one before it was rounded there, and stands for its interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction as Rational

from tracer.checking.tape import Tape
from tracer.checking.tolerance import fits
from tracer.errors import CalculationError, TracerError
from tracer.formula.evaluating import Definition
from tracer.formula.nodes import Node, Number, Symbol, children, rebuilt, symbols, walk
from tracer.model.answer import Link, Statement, written


def false_link(statement: Statement, known: Mapping[str, Definition]) -> int | None:
    """Which member of a statement's chain is false, counted from 1; None: none is.

    The last member is the written number itself.  Members that hold names instead of
    numbers are passed over.

    Args:
        statement: with its chain.
        known: the formulas behind the function names that its members may use.
    """
    number = statement.written
    members = [(i, link) for i, link in enumerate(statement.links, 1) if is_numeric(link)]
    if number is None or not members:
        return None
    (_, first), *others = members
    before = _readings(first, None, known)
    for place, link in others:
        here = _readings(link, before[0].texts, known)
        if here[0].value is None:
            return place
        if before[0].value is None:
            return place - 1
        # of two readings those are meant that agree with their neighbours
        right = [b for b in here if any(_follows(a, b, link) for a in before)]
        if not right:
            return place
        before = right
    value, unit = float(number.value), float(number.unit)
    results = [one.value for one in before]
    if any(result is None or _is_written(result, value, unit) for result in results):
        return None
    return len(statement.links) + 1


def worked_out(statement: Statement, known: Mapping[str, Definition]) -> float | None:
    """What the last member of a chain comes to that holds numbers only; None: there is none."""
    for link in reversed(statement.links):
        if is_numeric(link):
            return _reading(link.formula, None, known).value
    return None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a member comes to, if it is read so."""

    value: float | None
    texts: set[str]
    """Its numbers as written."""
    radius: float = 0.0
    """How far the numbers new in it may be off."""


def _follows(before: _Reading, here: _Reading, link: Link) -> bool:
    """Whether a member has the value of the one before it, give or take its new digits."""
    if before.value is None or here.value is None:
        return False
    room = here.radius + _unit_of(here.value, link) / 2
    digits = max((sum(map(str.isdigit, text)) for text in before.texts | here.texts), default=0)
    slight = 10.0 ** -min(digits + _UNSEEN, _FINEST) * abs(here.value)
    return abs(before.value - here.value) <= room + slight


_UNSEEN = 4
"""What is so many digits finer than any that is written, such as an epsilon, is left out."""
_FINEST = 12


def _is_written(result: float, value: float, unit: float) -> bool:
    return fits(result, value, unit) or abs(result - value) <= unit * (1 + 1e-9)


def is_numeric(link: Link) -> bool:
    """Whether a member holds numbers only."""
    return not symbols(link.formula)


def _readings(
    link: Link, before: set[str] | None, known: Mapping[str, Definition]
) -> list[_Reading]:
    """What a member may say: mostly one thing."""
    formulas = [link.formula] if link.alternative is None else [link.formula, link.alternative]
    return [_reading(formula, before, known) for formula in formulas]


def _reading(formula: Node, before: set[str] | None, known: Mapping[str, Definition]) -> _Reading:
    """A member's value, its numbers, and how far the ones new in it may be off."""
    texts = {part.text for part in walk(formula) if isinstance(part, Number)}
    new = texts if before is None else texts - before
    values: dict[str, float] = {}
    widths: dict[str, float] = {}
    for text in new:
        try:
            number = written(text)
        except TracerError:
            continue
        widths[text] = 0.0 if before is None else float(number.unit) / 2
        values[text] = float(number.value)
    try:
        tape = Tape(_with_symbols(formula, set(values)), known)
        places = tape.run(values)
    except CalculationError:
        return _Reading(None, texts)
    slopes = tape.slopes(places)
    radius = sum(abs(s) * widths[name] for name, s in zip(tape.names, slopes, strict=False))
    return _Reading(places[-1], texts, radius)


def _with_symbols(node: Node, texts: set[str]) -> Node:
    if isinstance(node, Number):
        return Symbol(node.text) if node.text in texts else node
    parts = children(node)
    return rebuilt(node, tuple(_with_symbols(part, texts) for part in parts)) if parts else node


def _unit_of(value: float, link: Link) -> float:
    """The worth of the last place of a member that is a single number."""
    if isinstance(link.formula, Number):
        try:
            return float(Rational(written(link.formula.text).unit))
        except TracerError:
            return 0.0
    return 0.0
