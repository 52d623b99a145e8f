"""The shapes of a diagram: boxes, lines and labels at their places, free of any format.

A layout makes them; the writers (`svg`, `tikz`, `typst`) turn each into their own words.
One unit is a pixel of the SVG drawing; x grows to the right, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tracer.rendering.diagram.text import BOLD, SIZES, Text, width_of
from tracer.rendering.printers.spoken import Spoken

Point = tuple[float, float]
_ABOVE, _BELOW = 0.76, 0.24
"""How far letters reach over and under their line, in sizes of the font."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: Rect, slack: float = 0.0) -> bool:
        """Whether they share more than a strip of `slack`.

        >>> Rect(0, 0, 10, 10).overlaps(Rect(9, 9, 5, 5)), Rect(0, 0, 1, 1).overlaps(
        ...     Rect(1, 0, 1, 1))
        (True, False)
        """
        return (
            self.x < other.right - slack
            and other.x < self.right - slack
            and self.y < other.bottom - slack
            and other.y < self.bottom - slack
        )

    def contains(self, other: Rect, slack: float = 0.0) -> bool:
        """Whether the other one lies inside."""
        return (
            self.x <= other.x + slack
            and self.y <= other.y + slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A filled and framed rectangle."""

    rect: Rect
    role: str
    """``card``, ``input``, ``loss``, ``frame``, ``band``, ``cell``, ``missing``, ``window``."""
    radius: float = 0.0
    lit: str = ""
    """``hot``: the highlighted step gives it; ``lit``: the step uses it; or nothing."""
    key: str = ""
    phase: str = ""
    """Of a band, or of what is lit: ``forward``, ``backward``, ``update``."""
    shade: float = 0.0
    """Of a cell of a heat grid: from 0 (paper) to 1 (full)."""
    held: frozenset[str] = frozenset()
    """Of a card of arrays: the keys of all steps that belong to it."""

    def moved(self, dx: float, dy: float) -> Box:
        rect = self.rect
        return replace(self, rect=Rect(rect.x + dx, rect.y + dy, rect.width, rect.height))


@dataclass(frozen=True, slots=True)
class Line:
    """A path from a start: straight pieces (one point) and curves (three points)."""

    start: Point
    pieces: tuple[tuple[Point, ...], ...]
    role: str = "edge"
    """``edge``, ``rule`` (a hairline inside a card), ``guide`` (dashed)."""
    arrow: str = ""
    """``end``, ``start`` or nothing."""
    lit: str = ""
    key: str = ""
    phase: str = ""

    @property
    def points(self) -> Iterator[Point]:
        yield self.start
        for piece in self.pieces:
            yield from piece

    def moved(self, dx: float, dy: float) -> Line:
        pieces = tuple(tuple((x + dx, y + dy) for x, y in piece) for piece in self.pieces)
        return replace(self, start=(self.start[0] + dx, self.start[1] + dy), pieces=pieces)


@dataclass(frozen=True, slots=True)
class Label:
    """A text on one line."""

    x: float
    y: float
    """The line on which its letters stand."""
    text: Text
    role: str = "ink"
    """``ink``, ``faint``, ``forward``, ``backward``, ``update``."""
    size: str = "body"
    """``body``, ``small``, ``caption``."""
    anchor: str = "start"
    """``start``, ``middle`` or ``end``: what of it stands at x."""
    strong: bool = False
    lit: str = ""
    key: str = ""

    @property
    def rect(self) -> Rect:
        """The room that its letters take at most, in any of the formats."""
        size = SIZES[self.size]
        width = width_of(self.text, self.size) * (BOLD if self.strong or self.lit else 1)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Rect(left, self.y - _ABOVE * size, width, (_ABOVE + _BELOW) * size)

    def moved(self, dx: float, dy: float) -> Label:
        return replace(self, x=self.x + dx, y=self.y + dy)


Shape = Box | Line | Label


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing with everything in its place: what the writers take."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    """In the order in which they are painted."""
    title: str
    """What it is, in a few words."""
    description: str
    """What it shows, in sentences, for those who do not see it."""
    voice: Spoken = field(default_factory=Spoken)
    """Who says its names and formulas, where a format has words beside them."""

    @property
    def boxes(self) -> list[Box]:
        return [shape for shape in self.shapes if isinstance(shape, Box)]

    @property
    def lines(self) -> list[Line]:
        return [shape for shape in self.shapes if isinstance(shape, Line)]

    @property
    def labels(self) -> list[Label]:
        return [shape for shape in self.shapes if isinstance(shape, Label)]


def framed(shapes: list[Shape], title: str, description: str, margin: float = 12.0) -> Diagram:
    """The drawing of some shapes, with a margin round them."""
    size = extent(shapes)
    moved = tuple(shape.moved(margin - size.x, margin - size.y) for shape in shapes)
    width, height = size.width + 2 * margin, size.height + 2 * margin
    return Diagram(width, height, moved, title, description)


def curve(start: Point, end: Point, bend: float = 0.5) -> tuple[Point, Point, Point]:
    """A curve that leaves and arrives level: its two guides and its end.

    >>> curve((0, 0), (10, 4))
    ((5.0, 0), (5.0, 4), (10, 4))
    """
    reach = (end[0] - start[0]) * bend
    return (start[0] + reach, start[1]), (end[0] - reach, end[1]), end


def extent(shapes: list[Shape]) -> Rect:
    """The rectangle round all shapes."""
    lefts, tops, rights, bottoms = [], [], [], []
    for shape in shapes:
        if isinstance(shape, Line):
            xs, ys = zip(*shape.points, strict=True)
            rect = Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        else:
            rect = shape.rect
        lefts.append(rect.x)
        tops.append(rect.y)
        rights.append(rect.right)
        bottoms.append(rect.bottom)
    return Rect(min(lefts), min(tops), max(rights) - min(lefts), max(bottoms) - min(tops))
