"""Fewer points that look the same.

`thinned` keeps of each column of pixels its ends and its extremes; `straightened` leaves
out what lies on the straight line between its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

Point = tuple[float, float]


def thinned(points: Sequence[Point], columns: int) -> list[Point]:
    """The points that still show every peak when drawn in so many columns.

    Args:
        points: in the order of their positions, already on the drawing's scale from 0
            to 1 along the axis.
        columns: how many columns of pixels there are.

    >>> thinned([(0.0, 1.0), (0.1, 3.0), (0.2, 0.0), (0.3, 2.0), (0.9, 2.0)], 2)
    [(0.0, 1.0), (0.1, 3.0), (0.2, 0.0), (0.3, 2.0), (0.9, 2.0)]
    >>> len(thinned([(k / 10_000, k % 7) for k in range(10_000)], 100)) <= 400
    True
    """
    if len(points) <= 2 * columns:
        return list(points)
    found: list[Point] = []
    for _, column in groupby(points, lambda point: min(int(point[0] * columns), columns - 1)):
        inside = list(column)
        low = min(range(len(inside)), key=lambda k: inside[k][1])
        high = max(range(len(inside)), key=lambda k: inside[k][1])
        kept = sorted({0, low, high, len(inside) - 1})
        found.extend(inside[k] for k in kept)
    return found


def straightened(points: Sequence[Point], tolerance: float) -> list[Point]:
    """The points from which straight lines pass all others within a tolerance.

    Source: Douglas and Peucker (1973), "Algorithms for the reduction of the number of
    points required to represent a digitized line".

    >>> straightened([(0, 0), (1, 1.01), (2, 2), (3, 0)], 0.1)
    [(0, 0), (2, 2), (3, 0)]
    """
    if len(points) < 3:
        return list(points)
    kept, open_parts = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        (x, y), (end, height) = points[first], points[last]
        wide, high = end - x, height - y
        length = math.hypot(wide, high) or 1.0
        farthest, place = tolerance, 0
        for k in range(first + 1, last):
            away = abs((points[k][0] - x) * high - (points[k][1] - y) * wide) / length
            if away > farthest:
                farthest, place = away, k
        if place:
            kept.add(place)
            open_parts += [(first, place), (place, last)]
    return [points[k] for k in sorted(kept)]
