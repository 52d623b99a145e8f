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

from tracer.calculus.primitives import PRIMITIVES, Entry, Shape, Shapes, entry, shape_of
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
    return whole.missing(plain, shape)


@dataclass
class _Whole:
    """A scope that knows of each cell only whether it is there."""

    quantities: Mapping[str, Quantity]
    shapes: Shapes
    stand_ins: dict[str, frozenset[Index]] = field(default_factory=dict)
    """The cells that are not there in the parts that symbols stand for."""

    def cell(self, name: str, index: Index) -> Entry:
        return None if index in self.missing_of(name) else _SOMETHING

    def missing_of(self, name: str) -> frozenset[Index]:
        """The cells of a symbol that are not there."""
        return self.stand_ins[name] if name in self.stand_ins else self.quantities[name].missing

    def is_masked(self, formula: Node) -> bool:
        """Whether anything in the formula may leave cells out."""
        return any(
            (isinstance(part, Apply) and part.primitive in _MASKING)
            or (isinstance(part, Symbol) and bool(self.quantities[part.name].missing))
            for part in walk(formula)
        )

    def standing_in(self, formula: Node) -> Node:
        """The formula with a symbol for each part in which nothing is masked.

        What is masked inside a primitive is looked at once, and then a symbol as well: a
        product of masked products is no product of their lengths.
        """
        if isinstance(formula, Symbol):
            return formula
        if not self.is_masked(formula):
            return self.symbol(formula, frozenset())
        parts = [self.standing_in(part) for part in children(formula)]
        if not isinstance(formula, Apply):
            return rebuilt(formula, tuple(parts))
        of_symbols = rebuilt(formula, tuple(map(self.looked_at, parts)))
        return self.looked_at(of_symbols)

    def looked_at(self, formula: Node) -> Node:
        """A symbol for a part, of which it is known what is missing."""
        if isinstance(formula, Symbol):
            return formula
        return self.symbol(formula, self.missing(formula, shape_of(formula, self.shapes)))

    def symbol(self, formula: Node, missing: frozenset[Index]) -> Symbol:
        name = f"whole {len(self.stand_ins) + 1}"
        self.shapes = {**self.shapes, name: shape_of(formula, self.shapes)}
        self.stand_ins[name] = missing
        return Symbol(name)

    def missing(self, formula: Node, shape: Shape) -> frozenset[Index]:
        """The cells of a formula over symbols that are not there."""
        if isinstance(formula, Apply) and (declared := PRIMITIVES[formula.primitive].missing):
            operands = [part.name for part in formula.operands if isinstance(part, Symbol)]
            return declared(
                [self.missing_of(name) for name in operands],
                [self.shapes[name] for name in operands],
            )
        cells = product(*map(range, shape))
        return frozenset(index for index in cells if entry(formula, index, self) is None)
