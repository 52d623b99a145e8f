"""Matrices drawn cell by cell: every number in a box, shaded by its size where that tells.

For drawings in which the place of a number is the point: scores of attention, the window
of a convolution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracer.rendering.diagram.arrays import Cell, Grid
from tracer.rendering.diagram.reading import Light
from tracer.rendering.diagram.shapes import Box, Label, Rect, Shape
from tracer.rendering.diagram.text import SIZES, Text, sign, width_of

HIGH, PAIR = 25.0, 38.0
"""The height of a cell; of one with a second number."""
NAME = 20.0
"""The room of a name above its matrix."""
_PAD = 7.0


@dataclass(frozen=True, slots=True)
class Matrix:
    """An array drawn as boxes."""

    name: Text
    grid: Grid
    role: str
    """The colour of its numbers."""
    below: Grid = ()
    """Second numbers of the cells (gradients), in small letters."""
    shades: Mapping[str, float] | None = None
    """By key, from 0 to 1."""
    formula: Text | None = None

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a cell."""
        cells = [cell for row in (*self.grid, *self.below) for cell in row if cell]
        wide = max((cell.width for cell in cells), default=14.0)
        return max(wide + 2 * _PAD, 30.0), PAIR if self.below else HIGH

    @property
    def size(self) -> tuple[float, float]:
        """Width and height without the name."""
        wide, high = self.cell
        columns = len(self.grid[0]) if self.grid else 1
        return wide * columns, high * max(len(self.grid), 1)

    @property
    def keys(self) -> frozenset[str]:
        grids = (*self.grid, *self.below)
        return frozenset(cell.key for row in grids for cell in row if cell and cell.key)

    @property
    def title(self) -> Text:
        """Its name, with the formula where there is one."""
        return (*self.name, *sign(" = "), *self.formula) if self.formula else self.name

    def rect(
        self, x: float, y: float, row: int, column: int, rows: int = 1, columns: int = 1
    ) -> Rect:
        """The place of some cells, when the matrix stands at a place."""
        wide, high = self.cell
        return Rect(x + wide * column, y + high * row, wide * columns, high * rows)


def drawn_matrix(
    matrix: Matrix, x: float, y: float, light: Light, cell: tuple[float, float] | None = None
) -> Iterator[Shape]:
    """The matrix with its upper left corner at a place, its name above it.

    Args:
        matrix: what to draw.
        x: the left side.
        y: the top of the first row.
        light: what is highlighted.
        cell: the size of a cell, if not its own.
    """
    wide, high = cell or matrix.cell
    columns = len(matrix.grid[0]) if matrix.grid else 1
    if title_width(matrix) > wide * columns:  # what leads to the matrix comes from the left
        yield Label(x, y - 7, matrix.title, "name", "small")
    else:
        yield Label(x + wide * columns / 2, y - 7, matrix.title, "name", "small", "middle")
    lit: list[Shape] = []
    for row, cells in enumerate(matrix.grid):
        for column, one in enumerate(cells):
            rect = Rect(x + wide * column, y + high * row, wide, high)
            under = matrix.below[row][column] if matrix.below else None
            shapes = list(_cell(matrix, one, under, rect, light))
            if any(isinstance(shape, Box) and shape.lit for shape in shapes):
                lit += shapes
            else:
                yield from shapes
    yield from lit


def _cell(
    matrix: Matrix, one: Cell | None, under: Cell | None, rect: Rect, light: Light
) -> Iterator[Shape]:
    middle = rect.x + rect.width / 2
    key = one.key if one else ""
    if one is None or not key:
        yield Box(rect, "missing")
        if one is None:
            y = rect.y + rect.height / 2 + 0.36 * SIZES["small"]
            yield Label(middle, y, sign("…"), "faint", "small", "middle")
        return
    lit = light.on(key, under.key if under and under.key else key)
    shade = (matrix.shades or {}).get(key, 0.0)
    yield Box(rect, "cell", 0.0, lit, key, light.phase if lit else "", shade)
    up = 0.0 if not matrix.below else 7.5
    y = rect.y + rect.height / 2 - up + 0.36 * SIZES["small"]
    if one.text:
        role = matrix.role
        yield Label(middle, y, one.text, role, one.size, "middle", False, light.on(key), key)
    if under and under.text and under.key:
        yield Label(middle, y + 15, under.text, "backward", "small", "middle", False,
                    light.on(under.key), under.key)  # fmt: skip


def title_width(matrix: Matrix) -> float:
    """How wide the name above a matrix is."""
    return width_of(matrix.title, "small")
