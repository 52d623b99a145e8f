"""Where the cards, edges and captions of a layered network stand.

Takes columns of cards and the edges between them; gives the shapes of the drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracer.formula.keys import Key
from tracer.rendering.diagram.card import Card, Columns, columns, drawn
from tracer.rendering.diagram.reading import Light
from tracer.rendering.diagram.shapes import (
    Label,
    Line,
    Point,
    Rect,
    Shape,
    curve,
)
from tracer.rendering.diagram.text import BOLD, Text, sign, width_of

MARGIN = 12.0
BETWEEN = 24.0
"""Between two cards of a column."""
WIDEST = 110.0
"""Where there is more room between two cards of a column, it is left outside."""
CURVES = 50.0
"""The room in which edges find their way, between a column and the pins of the next one."""
CAPTION = 15.0
"""From one line of a caption to the next."""
ARROW = 9.0
_ALONE, _PAIR = 20.0, 34.0
"""From one pin to the next: with one weight on it, with the new one below."""
_DOTS = 30.0


@dataclass(frozen=True, slots=True)
class Column:
    """Cards that stand one below the other."""

    number: int
    seen: list[int | None]
    """Units from the top; None: some are left out here."""
    cards: dict[int, Card]
    caption: tuple[Text, ...]
    """What stands above it, in lines."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection from a unit of one column to a unit of the next."""

    column: int
    source: int
    unit: int
    key: str
    new_key: str = ""
    old: Text | None = None
    new: Text | None = None
    old_room: Text | None = None
    new_room: Text | None = None
    stacked: bool = True
    """The new weight stands below the old one; else behind it."""
    port: float | None = None
    """How far below the card's middle it ends; None: at its pin."""
    plain: bool = False
    """It carries no weight."""

    @property
    def step(self) -> float:
        """How high its pin is."""
        return _PAIR if self.stacked and (self.new or self.new_room) else _ALONE

    @property
    def wide(self) -> float:
        """How wide its weight is."""
        old = max((width_of(text, "small") for text in (self.old, self.old_room) if text),
                  default=0.0)  # fmt: skip
        news = [text for text in (self.new, self.new_room) if text]
        new = max((width_of((*sign("→ "), *text), "small") for text in news), default=0.0)
        return (max(old, new) if self.stacked else old + new + 5 * bool(news)) * BOLD


@dataclass
class _Placed:
    """Columns with their cards' rectangles."""

    rects: dict[tuple[int, int], Rect] = field(default_factory=dict)
    shapes: list[Shape] = field(default_factory=list)


def placed(
    cards: Sequence[Column],
    edges: Sequence[Edge],
    light: Light,
    foot: Text,
) -> list[Shape]:
    """The shapes of a layered network, round any origin."""
    heights = [_heights(column, edges, place) for place, column in enumerate(cards)]
    tall = max(sum(h) + BETWEEN * (len(h) - 1) for h in heights)
    head = MARGIN + CAPTION * max(len(column.caption) for column in cards) + 8
    found = _Placed()
    x = MARGIN
    widths: list[Columns] = []
    for place, column in enumerate(cards):
        shared = columns(list(column.cards.values()))
        widths.append(shared)
        room = max(shared.width, *(width_of(line, "caption") for line in column.caption), 0.0)
        if place:
            x += _gap(place, edges)
        left = x + (room - shared.width) / 2
        _stand(found, column, place, heights[place], tall, head, left, shared.width)
        _caption(found, column, left + shared.width / 2, head)
        x += room
    middle = [_lines(found, edges, light)]
    for place, column in enumerate(cards):
        for unit, card in column.cards.items():
            rect = found.rects[place, unit]
            middle.append(drawn(card, rect, widths[place], light))
    shapes = [shape for group in middle for shape in group] + found.shapes
    if foot:
        shapes.append(Label(x / 2, head + tall + 26, foot, "faint", "caption", "middle"))
    return shapes


def _heights(column: Column, edges: Sequence[Edge], place: int) -> list[float]:
    """The heights of a column's cards: of their rows, or of their pins."""
    found = []
    for unit in column.seen:
        if unit is None:
            found.append(_DOTS)
            continue
        pins = [e.step for e in edges if e.column == place - 1 and e.unit == unit and not e.plain
                and e.wide]  # fmt: skip
        found.append(max(column.cards[unit].height, sum(pins) + 8))
    return found


def _gap(place: int, edges: Sequence[Edge]) -> float:
    """From one column to the next: room for curves, then for pins."""
    arriving = [edge for edge in edges if edge.column == place - 1]
    if all(edge.plain for edge in arriving):
        return CURVES * 0.75
    pins = max((edge.wide for edge in arriving), default=0.0)
    most = max((sum(1 for e in arriving if e.unit == edge.unit) for edge in arriving), default=1)
    return CURVES + 6 * min(most, 8) + (pins + ARROW + 10 if pins else 0)


def _stand(
    found: _Placed,
    column: Column,
    place: int,
    heights: list[float],
    tall: float,
    head: float,
    left: float,
    width: float,
) -> None:
    """Cards of a column, spread over the height, but not wider than they need be."""
    free = tall - sum(heights)
    gap = free / len(heights) if len(heights) > 1 else 0.0
    gap = min(max(gap, BETWEEN), WIDEST) if len(heights) > 1 else 0.0
    whole = sum(heights) + gap * (len(heights) - 1)
    y = head + (tall - whole) / 2
    for unit, height in zip(column.seen, heights, strict=True):
        if unit is None:
            middle = left + width / 2
            found.shapes.append(
                Label(middle, y + _DOTS / 2 + 5, sign("⋮"), "faint", "title", "middle")
            )
        else:
            found.rects[place, unit] = Rect(left, y, width, height)
        y += height + gap


def _caption(found: _Placed, column: Column, middle: float, head: float) -> None:
    lines = len(column.caption)
    for number, line in enumerate(column.caption):
        y = head - 12 - CAPTION * (lines - 1 - number)
        role = "caption" if number == 0 else "faint"
        found.shapes.append(Label(middle, y, line, role, "caption", "middle"))


def _lines(found: _Placed, edges: Sequence[Edge], light: Light) -> list[Shape]:
    """All edges with their weights; the highlighted ones are painted last."""
    lines: list[tuple[bool, list[Shape]]] = []
    for edge in edges:
        arriving = [e for e in edges if (e.column, e.unit) == (edge.column, edge.unit)]
        lit = _on_loss(edge, light) if edge.plain else light.on(edge.key, edge.new_key)
        lines.append((bool(lit), _edge(found, edge, arriving, lit, light)))
    lines.sort(key=lambda pair: pair[0])
    return [shape for _, group in lines for shape in group]


def _on_loss(edge: Edge, light: Light) -> str:
    """How an edge to the loss is lit: by a step about this output and the loss's card."""
    ends = {key for key in map(Key.parse, light.keys) if key.role in ("y", "loss")}
    about = any(key.indices in ((), (edge.unit,)) for key in ends)
    return light.on(edge.key) if about else ""


def _edge(
    found: _Placed, edge: Edge, arriving: Sequence[Edge], lit: str, light: Light
) -> list[Shape]:
    source = found.rects[edge.column, edge.source]
    target = found.rects[edge.column + 1, edge.unit]
    start = (source.right, source.y + source.height / 2)
    pins = max((e.wide for e in arriving), default=0.0)
    y = _port(edge, arriving, target)
    arrow = "start" if lit and light.phase == "backward" else "end"
    begin = target.x - (pins + ARROW + 10 if pins else ARROW)
    pieces: tuple[tuple[Point, ...], ...] = (curve(start, (begin, y)), ((target.x, y),))
    line = Line(start, pieces, "edge", arrow, lit, edge.key, light.phase if lit else "")
    return [line, *_weights(edge, begin + 4, pins, y, light)]


def _weights(edge: Edge, left: float, wide: float, y: float, light: Light) -> list[Shape]:
    """The weight of an edge on its pin, and its new value below it or behind it."""
    labels: list[Shape] = []
    middle, right = left + wide / 2, left + wide
    if edge.old:
        x, anchor = (middle, "middle") if edge.stacked else (left, "start")
        lit = light.on(edge.key)
        labels.append(Label(x, y - 4, edge.old, "weight", "small", anchor, False, lit, edge.key))
    if edge.new:
        x, anchor = (middle, "middle") if edge.stacked else (right, "end")
        down = 12.5 if edge.stacked else -4.0
        text, lit = (*sign("→ "), *edge.new), light.on(edge.new_key)
        labels.append(Label(x, y + down, text, "update", "small", anchor, False, lit, edge.new_key))
    return labels


def _port(edge: Edge, arriving: Sequence[Edge], target: Rect) -> float:
    """The height at which an edge arrives."""
    middle = target.y + target.height / 2
    if edge.port is not None:
        return middle + edge.port
    total = sum(e.step for e in arriving) if edge.wide else 0.0
    if not total:
        share = (arriving.index(edge) + 0.5) / len(arriving)
        return target.y + target.height * (0.2 + 0.6 * share)
    above = sum(e.step for e in arriving[: arriving.index(edge)])
    lift = 0.0 if edge.step == _PAIR else 5.0
    return middle - total / 2 + above + edge.step / 2 + lift
