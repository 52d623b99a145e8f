"""Mistakes of optimizers with memory, in tables and in an author's own equations.

They are recognised by the shape of the line: a moment is ``b*m + (1 - b)*g``, its
correction ``m/(1 - b**t)``, a step ``.../(sqrt(v) + epsilon)``.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import Rewriting, each_place, swapped, swapped_singly
from tracer.formula.nodes import (
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    walk,
)

ONE = Number("1")


def no_bias_correction(case: Case, line: Line) -> Iterator[Rewriting]:
    """The raw moment was used where the corrected one is meant."""
    if isinstance(line.formula, Fraction) and _is_correction(line.formula.denominator):
        yield line.formula.numerator

    def raw(name: str) -> Node | None:
        inner = case.definition(name)
        if inner is None or not isinstance(inner.formula, Fraction):
            return None
        return inner.formula.numerator if _is_correction(inner.formula.denominator) else None

    yield from swapped(line, raw)
    yield from swapped_singly(line, lambda name: filter(None, (raw(name),)))


def _is_correction(node: Node) -> bool:
    """``1 - b**t``, or ``1 - b``."""
    return (
        isinstance(node, Sum)
        and node.terms[0] == ONE
        and any(
            isinstance(term, Negative) and isinstance(term.operand, Power | Number)
            for term in node.terms
        )
    )


def epsilon_inside_root(case: Case, line: Line) -> Iterator[Rewriting]:
    """Epsilon was added under the root where it stands outside, or the other way round."""

    def change(part: Node) -> Iterator[Node]:
        match part:
            case Sum((Call("sqrt", (inside,)), epsilon)):
                yield Call("sqrt", (Sum((inside, epsilon)),))
            case Call("sqrt", (Sum((inside, epsilon)),)):
                yield Sum((Call("sqrt", (inside,)), epsilon))

    return each_place(line.formula, change)


def betas_swapped(case: Case, line: Line) -> Iterator[Rewriting]:
    """The decay of one moment was used for the other."""
    here = _decays(line.formula)
    if not here:
        return
    others = {number for other in case.calculation.lines for number in _decays(other.formula)}
    for mine in sorted(here, key=lambda n: n.text):
        for other in sorted(others - here, key=lambda n: n.text):
            yield _exchanged(line.formula, mine, other)


def _decays(formula: Node) -> set[Number]:
    """Constants b that a line has beside 1 - b."""
    found = set()
    for part in walk(formula):
        if isinstance(part, Sum) and part.terms[0] == ONE and len(part.terms) == 2:
            last = part.terms[1]
            inside = last.operand if isinstance(last, Negative) else None
            inside = inside.base if isinstance(inside, Power) else inside
            if isinstance(inside, Number):
                found.add(inside)
    return found


def _exchanged(node: Node, mine: Node, other: Node) -> Node:
    from tracer.formula.nodes import children, rebuilt

    if node == mine:
        return other
    parts = children(node)
    return rebuilt(node, tuple(_exchanged(p, mine, other) for p in parts)) if parts else node


def stale_moment(case: Case, line: Line) -> Iterator[Rewriting]:
    """The moment of the update before was used."""

    def before(name: str) -> Node | None:
        inner = case.definition(name)
        if inner is None or not isinstance(inner.formula, Sum):
            return None
        first = inner.formula.terms[0]
        if isinstance(first, Product) and _decays(inner.formula):
            return next((f for f in first.factors if isinstance(f, Symbol)), None)
        return None

    yield from swapped(line, before)
