"""Which cells of a result are structural zeros: masked, or made of masked ones alone.

Takes an array formula of an equation network and the quantities around it; gives the cells
that are not there.  What is masked nowhere stands in as one whole array, so that a large
product inside a mask is not written out for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from tracer.calculus.primitives import Entry, Shape, Shapes, entry, shape_of
from tracer.errors import ProblemError
from tracer.formula.nodes import Apply, Node, Symbol, children, rebuilt, walk
from tracer.model.quantity import Index, Quantity

MOST_MASKED = 10_000
"""Cells of a result that is looked at cell by cell."""
_MASKING = ("causal", "place")
_SOMETHING = Symbol("something")


def masked_cells(
    formula: Node, shape: Shape, quantities: Mapping[str, Quantity], shapes: Shapes
) -> frozenset[Index]:
    """The cells of the formula's value that are not there.

    Args:
        formula: over arrays.
        shape: of its value, or one that it is spread to.
        quantities: those that the formula is about.
        shapes: theirs.

    Raises:
        ProblemError: if a masked result is too large to be looked at.
    """
    whole = _Whole(quantities, shapes)
    if not whole.is_masked(formula):
        return frozenset()
    if prod(shape) > MOST_MASKED:
        raise ProblemError(
            f"a masked result has at most {MOST_MASKED:,} numbers; this one has {prod(shape):,}"
        )
    plain = whole.standing_in(formula)
    cells = product(*map(range, shape))
    return frozenset(index for index in cells if entry(plain, index, whole) is None)


@dataclass
class _Whole:
    """A scope that knows of each cell only whether it is there."""

    quantities: Mapping[str, Quantity]
    shapes: Shapes
    stand_ins: set[str] = field(default_factory=set)

    def cell(self, name: str, index: Index) -> Entry:
        there = name in self.stand_ins or index not in self.quantities[name].missing
        return _SOMETHING if there else None

    def is_masked(self, formula: Node) -> bool:
        """Whether anything in the formula may leave cells out."""
        return any(
            (isinstance(part, Apply) and part.primitive in _MASKING)
            or (isinstance(part, Symbol) and bool(self.quantities[part.name].missing))
            for part in walk(formula)
        )

    def standing_in(self, formula: Node) -> Node:
        """The formula with a symbol for each part in which nothing is masked."""
        if self.is_masked(formula):
            return rebuilt(formula, tuple(self.standing_in(part) for part in children(formula)))
        name = f"whole {len(self.stand_ins) + 1}"
        self.shapes = {**self.shapes, name: shape_of(formula, self.shapes)}
        self.stand_ins.add(name)
        return Symbol(name)
