"""The ways of edges in an unrolled network: up, to the next step, and round other cards.

Takes the rectangles of two cards; gives where the edge between them starts, and its curves
and straight pieces.  An edge ends straight, so that its arrow's head does.  Read by
`unrolled`.
"""

from __future__ import annotations

from typing import TypeAlias

from tracer.rendering.diagram.shapes import Point, Rect

SIDE = 18.0
"""How far a way round another card swings out."""

Way: TypeAlias = tuple[Point, tuple[tuple[Point, ...], ...]]
"""Where an edge starts, and its curves and straight pieces."""


def sideways(one: Rect, other: Rect, port: float) -> Way:
    """To a card of the next step, so far below its middle."""
    start = (one.right, one.y + one.height / 2)
    end = (other.x, other.y + other.height / 2 + port)
    bend = (end[0] - 9 - start[0]) / 2
    first = ((start[0] + bend, start[1]), (end[0] - 9 - bend, end[1]), (end[0] - 9, end[1]))
    return start, (first, (end,))


def upwards(one: Rect, other: Rect) -> Way:
    """To a card above."""
    start = (one.x + one.width / 2, one.y)
    x = min(max(start[0], other.x + 14), other.right - 14)
    end = (x, other.bottom)
    bend = (start[1] - end[1] - 9) / 2
    first = ((start[0], start[1] - bend), (x, end[1] + 9 + bend), (x, end[1] + 9))
    return start, (first, (end,))


def round_others(one: Rect, other: Rect, left: float, rows: int) -> Way:
    """Round the cards between, on the left; the farther, the wider."""
    y = one.y + min(14.0, one.height / 2)
    end = (other.x, other.bottom - 13)
    out, turn = left - (SIDE + 7 * (rows - 2)) + 4, 20.0
    return (one.x, y), (
        ((one.x - turn / 2, y), (out, y), (out, y - turn)),
        ((out, end[1] + turn),),
        ((out, end[1]), (out, end[1]), (end[0] - 9, end[1])),
        (end,),
    )
