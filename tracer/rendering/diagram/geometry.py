"""What the writers of formats without arrows of their own must work out: heads and ends.

Takes lines and points of a drawing; gives a line that ends inside its arrow's head, the
head's corners, and coordinates as short texts.  Read by the writers of SVG, TikZ and Typst,
and by the series of pictures, which takes the coordinates.
"""

from __future__ import annotations

import math

from tracer.rendering.diagram.shapes import Line, Point

_LONG, _HALF = 8.0, 3.6
"""Length and half the width of an arrow's head."""
_LARGER = 1.25
"""A highlighted arrow's head beside another one."""


def shortened(line: Line) -> tuple[tuple[Point, list[tuple[Point, ...]]], list[Point]]:
    """A line that ends inside its arrow's head, as start and pieces; the head's corners."""
    points = list(line.points)
    start, pieces = line.start, [list(piece) for piece in line.pieces]
    if not line.arrow:
        return (start, [tuple(piece) for piece in pieces]), []
    scale = _LARGER if line.lit else 1.0
    if line.arrow == "end":
        tip, before = points[-1], points[-2]
        pieces[-1][-1] = _towards(tip, before, 0.7 * _LONG * scale)
    else:
        tip, before = points[0], points[1]
        start = _towards(tip, before, 0.7 * _LONG * scale)
    return (start, [tuple(piece) for piece in pieces]), head_of(tip, before, scale)


def head_of(tip: Point, before: Point, scale: float = 1.0) -> list[Point]:
    """The corners of an arrow's head that points from `before` to `tip`.

    >>> head_of((8.0, 0.0), (0.0, 0.0))
    [(8.0, 0.0), (0.0, 3.6), (2.0, 0.0), (0.0, -3.6)]
    """
    long, half = _LONG * scale, _HALF * scale
    away = math.hypot(tip[0] - before[0], tip[1] - before[1]) or 1.0
    dx, dy = (tip[0] - before[0]) / away, (tip[1] - before[1]) / away
    x, y = tip[0] - long * dx, tip[1] - long * dy
    notch = (tip[0] - 0.75 * long * dx, tip[1] - 0.75 * long * dy)
    return [tip, (x - half * dy, y + half * dx), notch, (x + half * dy, y - half * dx)]


def _towards(tip: Point, before: Point, far: float) -> Point:
    """The point so far back on the way from `tip` to `before`."""
    away = math.hypot(tip[0] - before[0], tip[1] - before[1]) or 1.0
    return (tip[0] - far * (tip[0] - before[0]) / away, tip[1] - far * (tip[1] - before[1]) / away)


def place(value: float) -> str:
    """A coordinate in tenths.

    >>> place(3.04), place(-0.01), place(12.25)
    ('3', '0', '12.2')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
