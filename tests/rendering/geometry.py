"""Whether anything stands on something else in a diagram: rectangles and lines, computed.

Used by the tests of diagrams.  Nothing here asks the layout how it came to its places: it
takes the finished shapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from tracer.rendering.diagram.shapes import Box, Diagram, Label, Line, Point, Rect

CARDS = frozenset({"card", "input", "loss"})
_STEPS = 24


def said(label: Label) -> str:
    """A label's text, near enough to be found."""
    return "".join(str(getattr(piece.value, "base", piece.value)) for piece in label.text)


def clashes(diagram: Diagram) -> list[str]:
    """Everything that stands on something else, in words."""
    return [*_of_labels(diagram), *_of_cards(diagram), *_of_lines(diagram), *_outside(diagram)]


def _cards(diagram: Diagram) -> list[Box]:
    return [box for box in diagram.boxes if box.role in CARDS]


def _of_labels(diagram: Diagram) -> Iterator[str]:
    labels = [(label, label.rect) for label in diagram.labels]
    for (one, here), (other, there) in combinations(labels, 2):
        if here.overlaps(there, 0.6):
            yield f"'{said(one)}' stands on '{said(other)}'"
    for label, rect in labels:
        for card in _cards(diagram):
            if rect.overlaps(card.rect, 0.6) and not card.rect.contains(rect, 0.6):
                yield f"'{said(label)}' crosses the side of the card {card.key}"


def _of_cards(diagram: Diagram) -> Iterator[str]:
    for one, other in combinations(_cards(diagram), 2):
        if one.rect.overlaps(other.rect):
            yield f"the card {one.key} stands on the card {other.key}"


def _of_lines(diagram: Diagram) -> Iterator[str]:
    labels = [(label, label.rect) for label in diagram.labels]
    cards = _cards(diagram)
    for line in diagram.lines:
        if line.role != "edge":
            continue
        points = list(along(line))
        room = _round(points)
        for card in cards:
            if card.rect.overlaps(room) and any(
                _within(point, card.rect, 1.0) for point in points[3:-3]
            ):
                yield f"the edge {line.key} runs over the card {card.key}"
        for label, rect in labels:
            if rect.overlaps(room) and any(_within(point, rect, 0.3) for point in points):
                yield f"the edge {line.key} runs through '{said(label)}'"


def _round(points: list[Point]) -> Rect:
    xs, ys = zip(*points, strict=True)
    return Rect(min(xs), min(ys), max(xs) - min(xs) + 0.1, max(ys) - min(ys) + 0.1)


def _outside(diagram: Diagram) -> Iterator[str]:
    paper = Rect(0, 0, diagram.width, diagram.height)
    for label in diagram.labels:
        if not paper.contains(label.rect):
            yield f"'{said(label)}' leaves the paper"
    for box in diagram.boxes:
        if not paper.contains(box.rect):
            yield f"the box {box.key} leaves the paper"
    for line in diagram.lines:
        if any(not _within(point, paper, 0) for point in along(line)):
            yield f"the line {line.key} leaves the paper"


def _within(point: Point, rect: Rect, margin: float) -> bool:
    x, y = point
    return rect.x + margin < x < rect.right - margin and rect.y + margin < y < rect.bottom - margin


def along(line: Line) -> Iterator[Point]:
    """Many points of a line, curves as they are drawn."""
    at = line.start
    yield at
    for piece in line.pieces:
        corners = (at, *piece)
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            yield _straight(corners, t) if len(piece) == 1 else _bezier(corners, t)
        at = piece[-1]


def _straight(corners: tuple[Point, ...], t: float) -> Point:
    (a, b), (c, d) = corners
    return a + t * (c - a), b + t * (d - b)


def _bezier(corners: tuple[Point, ...], t: float) -> Point:
    shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        sum(share * x for share, (x, _) in zip(shares, corners, strict=True)),
        sum(share * y for share, (_, y) in zip(shares, corners, strict=True)),
    )
