"""What a large network leaves out: weights first, then the middle units of a layer.

Nothing that the highlighted step is about is left out.
"""

from __future__ import annotations

from collections.abc import Collection

PAIRS = 4
"""Up to so many weights of a unit have their new value below the old one."""
WEIGHTS = 6
"""Up to so many weights of a unit are written."""
UNITS = 8
"""Up to so many units of a layer are all drawn."""
_FIRST = 4
_LAST = 1


def seen_units(count: int, wanted: Collection[int] = ()) -> list[int | None]:
    """The units to draw, from 1; None where units are left out between two of them.

    >>> seen_units(3)
    [1, 2, 3]
    >>> seen_units(32)
    [1, 2, 3, 4, None, 32]
    >>> seen_units(32, wanted={20})
    [1, 2, 3, 4, None, 20, None, 32]
    """
    if count <= UNITS:
        return list(range(1, count + 1))
    kept = sorted({*range(1, _FIRST + 1), *range(count - _LAST + 1, count + 1), *wanted})
    found: list[int | None] = []
    for unit in kept:
        if found and found[-1] is not None and unit > found[-1] + 1:
            found.append(None)
        found.append(unit)
    return found
