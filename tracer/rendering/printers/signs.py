"""Which sign stands between two factors, and where a long sum is broken.

Takes the pieces of two factors, or how many terms there are; gives the kind of the sign,
which each format writes in its own way, and the terms before which a line starts.  Read by
`walking`, and by `filling`, which must break a sum where the printer would.
"""

from __future__ import annotations

from tracer.rendering.printers.pieces import Piece


def sign(left: Piece, right: Piece) -> str:
    """Which sign of multiplication stands between two factors.

    Names stand side by side, and a number before a name; anything that could be
    misread (two numbers, two words, a number and a fraction) gets a sign that is seen.
    """
    derivatives = (left.shape == "derivative") + (right.shape == "derivative")
    if derivatives == 2 or (derivatives and right.numeric):
        return "chain"
    if derivatives:
        return "apart"
    mixed = left.numeric and right.shape == "fraction"
    words = left.shape == right.shape == "word"
    return "times" if right.numeric or right.digit or mixed or words else "beside"


def line_starts(count: int, most: int) -> set[int]:
    """Before which terms a sum is broken, so that the lines are about equally long.

    >>> sorted(line_starts(9, 4)), line_starts(4, 4)
    ([3, 6], set())
    """
    if not most or count <= most:
        return set()
    lines = -(-count // most)
    return {count * line // lines for line in range(1, lines)}
