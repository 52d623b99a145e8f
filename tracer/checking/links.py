"""Links: every member of a written chain ``name = e1 = e2 = v`` checked by itself.

The slip of a hand calculation is usually inside a line, and the chain shows where: the
first member whose value is not that of the member before it.  A number that appears in a
member and not in the one before it was rounded there, and stands for its interval.
"""

from __future__ import annotations

from fractions import Fraction as Rational

from tracer.calculus.definitions import definitions
from tracer.checking.tape import Tape
from tracer.checking.tolerance import fits
from tracer.errors import CalculationError, TracerError
from tracer.formula.nodes import Call, Node, Number, Symbol, children, rebuilt, symbols, walk
from tracer.model.answer import Link, Statement, written


def false_link(statement: Statement) -> int | None:
    """Which member of a statement's chain is false, counted from 1; None: none is.

    The last member is the written number itself.  Members that hold names instead of
    numbers are passed over.
    """
    number = statement.written
    members = [(i, link) for i, link in enumerate(statement.links, 1) if is_numeric(link)]
    if number is None or not members:
        return None
    (_, first), *others = members
    before = _value(first, None)
    for place, link in others:
        here = _value(link, before[1])
        if before[0] is None or here[0] is None:
            return None
        room = here[2] + _unit_of(here[0], link) / 2
        if abs(before[0] - here[0]) > room + 1e-12 * abs(here[0]):
            return place
        before = here
    if before[0] is None:
        return None
    value, unit = float(number.value), float(number.unit)
    if fits(before[0], value, unit) or abs(before[0] - value) <= unit * (1 + 1e-9):
        return None
    return len(statement.links) + 1


def is_numeric(link: Link) -> bool:
    """Whether a member holds numbers only."""
    return not symbols(link.formula)


def has_function(link: Link) -> bool:
    """Whether a member needs more than plain arithmetic."""
    return any(isinstance(part, Call) for part in walk(link.formula))


def _value(link: Link, known: set[str] | None) -> tuple[float | None, set[str], float]:
    """A member's value, its numbers, and how far the ones new in it may be off."""
    texts = {part.text for part in walk(link.formula) if isinstance(part, Number)}
    new = texts if known is None else texts - known
    values: dict[str, float] = {}
    widths: dict[str, float] = {}
    for text in new:
        try:
            number = written(text)
        except TracerError:
            continue
        widths[text] = 0.0 if known is None else float(number.unit) / 2
        values[text] = float(number.value)
    try:
        tape = Tape(_with_symbols(link.formula, set(values)), definitions())
        places = tape.run(values)
    except CalculationError:
        return None, texts, 0.0
    slopes = tape.slopes(places)
    radius = sum(abs(s) * widths[name] for name, s in zip(tape.names, slopes, strict=False))
    return places[-1], texts, radius


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
