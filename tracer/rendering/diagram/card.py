"""Cards: a unit with its numbers in bands, one for each phase of the calculation.

A band holds rows of a name and a value; the bands stand one below the other, parted by a
hairline, so that what belongs to the way back is told by its place and its letter, not by
its colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tracer.rendering.diagram.reading import Light
from tracer.rendering.diagram.shapes import Box, Label, Line, Rect, Shape
from tracer.rendering.diagram.text import BOLD, SIZES, Text, is_tall, width_of

ROW, TALL = 19.0, 23.0
"""From one row to the next; where indices stand above one another."""
PAD = 9.0
"""Between a card's side and its letters."""
BAND = 5.0
"""Above the first row of a band and below its last one."""
GAP = 9.0
"""Between the names and the values."""
RADIUS = 8.0


@dataclass(frozen=True, slots=True)
class Row:
    """A name and a value; without a value the name stands in the middle."""

    name: Text
    value: Text | None = None
    role: str = "ink"
    key: str = ""
    strong: bool = False
    centred: bool = False
    size: str = "body"
    widest: Text | None = None
    """What there must be room for, where the value is not to be seen yet."""


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of one phase."""

    phase: str
    rows: tuple[Row, ...]

    @property
    def height(self) -> float:
        return 2 * BAND + self.row * len(self.rows)

    @property
    def row(self) -> float:
        """From one of its rows to the next."""
        return TALL if any(is_tall(row.name) for row in self.rows) else ROW


@dataclass(frozen=True, slots=True)
class Card:
    """A card before it has its place."""

    role: str
    """``card``, ``input`` or ``loss``."""
    bands: tuple[Band, ...]
    key: str = ""
    keys: frozenset[str] = field(default_factory=frozenset)
    """All that it shows: it is hot if one of them is."""

    @property
    def rows(self) -> list[Row]:
        return [row for band in self.bands for row in band.rows]

    @property
    def height(self) -> float:
        return sum(band.height for band in self.bands)

    @property
    def width(self) -> float:
        return columns([self]).width


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths that all cards of one column share."""

    names: float
    values: float
    centred: float

    @property
    def width(self) -> float:
        pair = self.names + GAP + self.values if self.values else self.names
        return 2 * PAD + max(pair, self.centred, 34.0)


def columns(cards: Sequence[Card]) -> Columns:
    """Room for the widest name and the widest value of several cards."""
    names, values, centred = 0.0, 0.0, 0.0
    for row in (row for card in cards for row in card.rows):
        scale = BOLD if row.strong else 1.0
        wide = max(
            (width_of(text, row.size) for text in (row.value, row.widest) if text), default=0.0
        )
        if row.centred:
            centred = max(centred, scale * max(width_of(row.name, row.size), wide))
        else:
            names = max(names, width_of(row.name, row.size))
            values = max(values, scale * wide)
    return Columns(names, values, centred)


def drawn(card: Card, rect: Rect, shared: Columns, light: Light) -> list[Shape]:
    """The card's shapes in a rectangle; rows are centred in its height.

    Args:
        card: what it says.
        rect: where it stands.
        shared: the widths of its column.
        light: what is highlighted.
    """
    lit = light.on(*card.keys)
    shapes: list[Shape] = [Box(rect, card.role, RADIUS, lit, card.key, light.phase if lit else "")]
    y = rect.y + (rect.height - card.height) / 2
    for place, band in enumerate(card.bands):
        if place:
            shapes.append(Line((rect.x, y), (((rect.right, y),),), "rule"))
        shapes += _marks(band, rect, y + BAND, light)
        for number, row in enumerate(band.rows):
            baseline = y + BAND + band.row * (number + 0.5) + 0.36 * SIZES["body"]
            shapes += _row(row, rect, shared, baseline, light)
        y += band.height
    return shapes


def _marks(band: Band, rect: Rect, y: float, light: Light) -> Iterator[Shape]:
    """What lies behind the rows that are highlighted; one for rows of one quantity."""
    for key, rows in groupby(enumerate(band.rows), lambda pair: pair[1].key):
        places = [place for place, _ in rows]
        if lit := light.on(key):
            high = band.row * len(places)
            mark = Rect(rect.x + 4, y + band.row * places[0], rect.width - 8, high)
            yield Box(mark, "mark", 4, lit, key, light.phase)


def _row(row: Row, rect: Rect, shared: Columns, y: float, light: Light) -> list[Shape]:
    lit = light.on(row.key)
    middle = rect.x + rect.width / 2
    if row.centred:
        text = row.value or row.name
        return [Label(middle, y, text, row.role, row.size, "middle", row.strong, lit, row.key)]
    inner = shared.names + GAP + shared.values if shared.values else shared.names
    left = middle - inner / 2
    shapes: list[Shape] = [Label(left, y, row.name, "name", row.size, key=row.key)]
    if row.value is not None:
        right = left + inner
        shapes.append(
            Label(right, y, row.value, row.role, row.size, "end", row.strong, lit, row.key)
        )
    return shapes
