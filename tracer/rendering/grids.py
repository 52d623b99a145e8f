"""The numbers of arrays, laid out in the rows and columns in which a book displays them.

Takes arrays of a plan; gives texts of numbers, row by row, for a printer to set as a
matrix.  `matrices` puts them into the equations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracer.formula.nodes import Fraction, Node, Sum, Symbol, symbols, walk
from tracer.model.quantity import Plan, Quantity
from tracer.rendering.shapes import ONES
from tracer.rendering.turning import Turning
from tracer.rendering.typesetting import Typesetting

LARGEST = 12
"""Rows and columns of the largest matrix that is printed."""

Rows = list[list[str]]


@dataclass(frozen=True)
class Grids:
    """The numbers of one pass."""

    plan: Plan
    update: int
    setting: Typesetting
    turning: Turning

    def numbers(self, shape: tuple[int, ...]) -> Callable[[str], str | Rows]:
        def leaf(name: str) -> str | Rows:
            if name.startswith(ONES):
                return [["1"] for _ in range(int(name.removeprefix(ONES)))]
            if name.startswith("row:"):
                return _repeated(leaf(name.removeprefix("row:")), shape)
            bare = name.rstrip("'")
            return self.cells(self.plan.quantities[bare], self.update + len(name) - len(bare))

        return leaf

    def cells(self, quantity: Quantity, update: int) -> str | Rows:
        """The numbers of an array as displayed; a structural zero is an empty text."""
        if not quantity.shape or quantity.shape == (1, 1):
            return self._text(quantity, (0,) * len(quantity.shape), update) or "0"
        if len(quantity.shape) == 1:
            return [[self._text(quantity, (i,), update)] for i in range(quantity.shape[0])]
        height, width = quantity.shape
        rows = [[self._text(quantity, (i, j), update) for j in range(width)] for i in range(height)]
        return _transposed(rows) if self.turning.is_turned(quantity.name) else rows

    def _text(self, quantity: Quantity, index: tuple[int, ...], update: int) -> str:
        if index in quantity.missing:
            return ""
        return self.setting.trace_text(quantity.cell(index, update)) or "0"


def spread_out(formula: Node | None, target: Quantity, plan: Plan) -> Node | None:
    """A bias added to each sample's column is written out as often as it is added."""
    if not isinstance(formula, Sum) or not target.shape:
        return formula
    terms = tuple(
        Symbol(f"row:{term.name}")
        if isinstance(term, Symbol)
        and term.name in plan.quantities
        and plan.quantities[term.name].shape != target.shape
        else term
        for term in formula.terms
    )
    return Sum(terms)


def readable(formula: Node, plan: Plan, arrays: frozenset[str]) -> bool:
    """Whether it can be read with numbers: no large matrix, no division by a matrix."""
    for part in walk(formula):
        quantity = plan.quantities.get(part.name) if isinstance(part, Symbol) else None
        if quantity is not None and max(quantity.shape, default=1) > LARGEST:
            return False
        below = symbols(part.denominator) if isinstance(part, Fraction) else ()
        if not arrays.isdisjoint(below):
            return False
    return True


def _transposed(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def _repeated(found: str | Rows, shape: tuple[int, ...]) -> str | Rows:
    """A number, row or column repeated to a shape, as an addition repeats it."""
    rows = [[found]] if isinstance(found, str) else found
    if len(shape) != 2:
        height, width = (shape[0] if shape else 1), 1
    else:
        height, width = shape
    return [
        [rows[i if len(rows) > 1 else 0][j if len(rows[0]) > 1 else 0] for j in range(width)]
        for i in range(height)
    ]
