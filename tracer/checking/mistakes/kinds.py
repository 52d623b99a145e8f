"""What a mistake is, and the tools for rewriting a formula in one place.

A `LineMistake` rewrites a line, a `WritingMistake` alters a value; each says what `causes`
must know to rank it, such as whether it has many rewritings that may agree by chance.  The
tools give every formula in which one place, operand, factor or term is changed.  Read by
the files of mistakes, by the table, and by what works the rewritings out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.checking.swaps import Swap
from tracer.formula.nodes import Node, Product, Sum, Symbol, children, rebuilt
from tracer.formula.rewriting import ONE, product, total

Rewriting: TypeAlias = Node | Swap
"""What a line may have become: another formula, or the same at other quantities."""


@dataclass(frozen=True, slots=True)
class LineMistake:
    """A mistake that rewrites one line: gives everything that it may have become."""

    id: str
    rewrite: Callable[[Case, Line], Iterator[Rewriting]]
    guess: bool = False
    """Whether it has so many rewritings that one of them may agree by chance."""
    invented: bool = False
    """Whether it puts something in that nothing in the formula suggests."""
    of_sheet: bool = False
    """Whether what it makes of a line depends on the sheet, not on the problem alone."""
    upstream: bool = False
    """Whether nothing may be put in that is worked out from the statement itself."""


@dataclass(frozen=True, slots=True)
class WritingMistake:
    """A slip of the pen: whether the written number is this value, mis-written."""

    id: str
    made: Callable[[Case, float], float | None]
    """(case, right value) -> the value that the slip makes of it, or None."""
    plain: bool = True
    """Whether there is only one way to make it."""
    ways: Callable[[int], float] = lambda figures: 1
    """figures -> in how many ways it can be made of a number with so many digits."""


def swapped(line: Line, other: Callable[[str], Node | None]) -> Iterator[Swap]:
    """All operands exchanged at once for which there is another."""
    changes = {key: node for key in line.operands if (node := other(key)) is not None}
    if changes:
        yield Swap(changes)


def swapped_singly(line: Line, others: Callable[[str], Iterable[Node]]) -> Iterator[Swap]:
    """One operand exchanged, for every operand and everything that may stand for it."""
    for key in line.operands:
        for node in others(key):
            yield Swap({key: node})


def each_place(node: Node, change: Callable[[Node], Iterable[Node]]) -> Iterator[Node]:
    """The formula with one place changed, for every place and every change."""
    yield from change(node)
    parts = children(node)
    for i, part in enumerate(parts):
        for changed in each_place(part, change):
            yield rebuilt(node, (*parts[:i], changed, *parts[i + 1 :]))


def everywhere(node: Node, change: Callable[[Symbol], Node | None]) -> Node | None:
    """The formula with every symbol changed that `change` has an answer for; None: none."""
    hit = False

    def walk(part: Node) -> Node:
        nonlocal hit
        if isinstance(part, Symbol):
            new = change(part)
            hit = hit or new is not None
            return part if new is None else new
        inside = children(part)
        return rebuilt(part, tuple(walk(p) for p in inside)) if inside else part

    result = walk(node)
    return result if hit else None


def without_factor(node: Node, unwanted: Callable[[Node], bool]) -> Iterator[Node]:
    """The formula with one factor left out, wherever a product has an unwanted one."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Product):
            for i, factor in enumerate(part.factors):
                if unwanted(factor):
                    yield product(ONE, *part.factors[:i], *part.factors[i + 1 :])

    return each_place(node, change)


def without_term(node: Node, unwanted: Callable[[Node], bool]) -> Iterator[Node]:
    """The formula with one term left out, wherever a sum has an unwanted one."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Sum):
            for i, term in enumerate(part.terms):
                if unwanted(term):
                    yield total((*part.terms[:i], *part.terms[i + 1 :]))

    return each_place(node, change)
