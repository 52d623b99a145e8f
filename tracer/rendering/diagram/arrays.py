"""Cards of whole arrays: a name, the equation that gives it, and its numbers as a matrix.

What belongs to the way back stands in a band of its own below, the updated numbers in a
third.  Large arrays show their first rows and columns, and dots.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tracer.rendering.diagram.card import BAND, PAD, RADIUS, TALL
from tracer.rendering.diagram.reading import Light
from tracer.rendering.diagram.shapes import Box, Label, Line, Rect, Shape
from tracer.rendering.diagram.text import SIZES, Text, sign, width_of

CELL = 18.0
"""From one row of a matrix to the next."""
APART = 9.0
"""Between two columns of a matrix."""
BRACKET = 5.0
_FORMULA = 19.0
_GAP = 8.0
_BEFORE = 4.0
"""Between a name and its bracket."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of an array."""

    key: str
    """Nothing: there is no such number (a missing connection, a masked score)."""
    text: Text | None = None
    room: Text | None = None
    """What there must be room for."""
    size: str = "small"

    @property
    def width(self) -> float:
        texts = [text for text in (self.text, self.room) if text]
        return max((width_of(text, self.size) for text in texts), default=8.0)


Grid = tuple[tuple[Cell | None, ...], ...]
"""Rows of cells; None: left out, shown as dots."""


@dataclass(frozen=True, slots=True)
class Block:
    """An array with its name."""

    name: Text
    grid: Grid
    role: str
    """The colour of its numbers: ``given``, ``forward``, ``backward``, ``update``."""
    formula: Text | None = None
    """What gives it."""

    @property
    def widths(self) -> list[float]:
        """Of the columns."""
        columns = zip(*self.grid, strict=True)
        return [max((cell.width if cell else 12.0) for cell in column) for column in columns]

    @property
    def bracketed(self) -> bool:
        """Whether it is more than one number."""
        return bool(self.grid) and (len(self.grid) > 1 or len(self.grid[0]) > 1)

    @property
    def name_width(self) -> float:
        return width_of(self.name, "body")

    @property
    def grid_width(self) -> float:
        if not self.grid:
            return 0.0
        inner = sum(self.widths) + APART * (len(self.widths) - 1)
        return inner + (2 * BRACKET + 4 if self.bracketed else 0)

    @property
    def formula_width(self) -> float:
        return width_of(self.formula, "small") if self.formula else 0.0

    @property
    def height(self) -> float:
        rows = CELL * len(self.grid) + (4 if self.bracketed else 0)
        return max(rows, TALL) + (_FORMULA if self.formula else 0)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(cell.key for row in self.grid for cell in row if cell and cell.key)


@dataclass(frozen=True, slots=True)
class ArrayCard:
    """Bands of arrays, before the card has its place."""

    role: str
    """``card``, ``input`` or ``loss``."""
    bands: tuple[tuple[Block, ...], ...]
    key: str = ""
    held: frozenset[str] = field(default_factory=frozenset)
    """Keys of all that its arrays and their gradients hold, also of what it does not show."""

    @property
    def blocks(self) -> list[Block]:
        return [block for band in self.bands for block in band]

    @property
    def keys(self) -> frozenset[str]:
        return self.held.union(*(block.keys for block in self.blocks))

    @property
    def width(self) -> float:
        names, grids = self.columns
        formulas = max((block.formula_width for block in self.blocks), default=0.0)
        pair = names + (_GAP + grids if grids else 0)
        return 2 * PAD + max(pair, formulas, 26.0)

    @property
    def columns(self) -> tuple[float, float]:
        """How wide names are, and how wide matrices."""
        names = max((block.name_width for block in self.blocks), default=0.0)
        return names, max((block.grid_width for block in self.blocks), default=0.0)

    @property
    def height(self) -> float:
        return sum(2 * BAND + sum(block.height for block in band) for band in self.bands)


def drawn_arrays(card: ArrayCard, x: float, y: float, light: Light) -> list[Shape]:
    """The card's shapes, its corner at a place."""
    rect = Rect(x, y, card.width, card.height)
    lit = light.on(*card.keys)
    shapes: list[Shape] = [
        Box(rect, card.role, RADIUS, lit, card.key, light.phase if lit else "", held=card.held)
    ]
    names, grids = card.columns
    inner = names + (_GAP + grids if grids else 0)
    left = x + (rect.width - inner) / 2
    for place, band in enumerate(card.bands):
        if place:
            shapes.append(Line((x, y), (((rect.right, y),),), "rule"))
        y += BAND
        for block in band:
            shapes += _block(block, rect, left, names, grids, y, light)
            y += block.height
        y += BAND
    return shapes


def _block(
    block: Block, rect: Rect, left: float, names: float, grids: float, y: float, light: Light
) -> Iterator[Shape]:
    bottom = y + block.height
    if block.formula:
        baseline = y + _FORMULA / 2 + 0.36 * SIZES["small"]
        middle = rect.x + rect.width / 2
        yield Label(middle, baseline, block.formula, "faint", "small", "middle")
        y += _FORMULA
    middle = (y + bottom) / 2
    at = middle + 0.36 * SIZES["body"]
    if not block.grid:
        yield Label(rect.x + rect.width / 2, at, block.name, "name", "body", "middle")
        return
    yield Label(left, at, block.name, "name", "body")
    yield from grid(block, left + names + _GAP, grids, middle, light)


def grid(block: Block, left: float, room: float, middle: float, light: Light) -> Iterator[Shape]:
    """A matrix: its numbers in columns between brackets, at the right of its room."""
    high = CELL * len(block.grid)
    top = middle - high / 2
    x = left + room - block.grid_width + (BRACKET + 2 if block.bracketed else 0)
    if block.bracketed:
        yield from brackets(left + room - block.grid_width, top, block.grid_width, high)
    for row, cells in enumerate(block.grid):
        right = x
        y = top + CELL * row
        for cell, wide in zip(cells, block.widths, strict=True):
            right += wide
            yield from _cell(block, cell, Rect(right - wide, y, wide, CELL), light)
            right += APART


def brackets(left: float, top: float, width: float, high: float) -> Iterator[Line]:
    """The brackets of a matrix."""
    for x, way in ((left, 1), (left + width, -1)):
        corner = x + way * BRACKET * 0.7
        bottom = top + high
        yield Line((corner, top), (((x, top),), ((x, bottom),), ((corner, bottom),)), "bracket")


def _cell(block: Block, cell: Cell | None, rect: Rect, light: Light) -> Iterator[Shape]:
    y = rect.y + rect.height / 2 + 0.36 * SIZES["small"]
    if cell is None or not cell.key:
        text = sign("…") if cell is None else cell.text or ()
        yield Label(rect.x + rect.width / 2, y, text, "faint", "small", "middle")
        return
    lit = light.on(cell.key)
    if lit:
        mark = Rect(rect.x - 3, rect.y + 1, rect.width + 6, rect.height - 2)
        yield Box(mark, "mark", 3, lit, cell.key, light.phase)
    if cell.text:
        yield Label(rect.right, y, cell.text, block.role, cell.size, "end", False, lit, cell.key)
