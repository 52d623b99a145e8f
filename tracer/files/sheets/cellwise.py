"""Operations on arrays of formulas, cell by cell.

A `Value` is a formula or a grid of them; `algebra` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tracer.errors import FormulaError
from tracer.formula.nodes import Node

Grid: TypeAlias = "tuple[Value, ...]"
"""An array: its cells, or its rows."""
Value: TypeAlias = "Node | Grid"


Fail: TypeAlias = Callable[[str], FormulaError]
"""Makes the error of the place where reading stands."""


def each(make: Callable[[Node], Node], value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(each(make, part) for part in value)
    return make(value)


def together(make: Callable[[tuple[Node, ...]], Node], parts: list[Value], fail: Fail) -> Value:
    """The operation, cell by cell where an array stands in it."""
    grids = [part for part in parts if isinstance(part, tuple)]
    if not grids:
        return make(tuple(parts))  # type: ignore[arg-type]
    size = len(grids[0])
    if any(len(grid) != size for grid in grids):
        raise fail("these arrays have different shapes")
    rows = [
        [part[place] if isinstance(part, tuple) else part for part in parts]
        for place in range(size)
    ]
    return tuple(together(make, row, fail) for row in rows)


def transposed(value: Value) -> Value:
    """Columns as rows; a plain row stays as it is."""
    if not isinstance(value, tuple) or not all(isinstance(row, tuple) for row in value):
        return value
    rows = [row for row in value if isinstance(row, tuple)]
    if len({len(row) for row in rows}) != 1:
        raise FormulaError("the rows of this array have different lengths")
    return tuple(zip(*rows, strict=True))
