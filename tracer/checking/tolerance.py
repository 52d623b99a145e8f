"""Whether a calculated number fits a written one: the interval of its digits.

Takes plain floats and knows nothing of sheets.  A number that rounds to what is written
fits, and so does one that is cut off to it: both are done by hand.  Read wherever this room
holds a value against digits.
"""

from __future__ import annotations

import math


def ends_at(value: float, unit: float) -> bool:
    """Whether a number has no digits beyond this place.

    >>> ends_at(0.25, 0.01), ends_at(0.253, 0.01)
    (True, False)
    """
    if not unit:
        return True
    steps = value / unit
    if not math.isfinite(steps):
        return True
    return abs(steps - round(steps)) <= 1e-9 * max(1.0, abs(steps))


def last_place(value: float, figures: int) -> float:
    """The worth of the last of so many significant digits.

    >>> last_place(0.0199, 3)
    0.0001
    """
    if not value or not math.isfinite(value):
        return 0.0
    return 10.0 ** (math.floor(math.log10(abs(value))) - figures + 1)


def fits(value: float, target: float, unit: float, radius: float = 0.0) -> bool:
    """Whether `value` rounds or truncates to the written `target`, give or take `radius`.

    Args:
        value: a calculated number.
        target: the written one.
        unit: the worth of its last place; 0 for a fraction, which has no interval.
        radius: how far `value` itself may lie off.

    >>> fits(0.12345, 0.123, 0.001), fits(0.1239, 0.123, 0.001), fits(0.1225, 0.124, 0.001)
    (True, True, False)
    """
    slack = 1e-9 * unit + 4e-16 * abs(target)
    if abs(value - target) <= unit / 2 + radius + slack:
        return True
    beyond = abs(value) - abs(target)
    return value * target >= 0 and target != 0 and -slack <= beyond < unit + radius - slack
