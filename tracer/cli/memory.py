"""What is too large to work through at all, refused with its number of lines.

Takes the passes of a problem before they are worked out.  Every command that works a
problem through asks here first, so that none of them fills the memory line by line.
"""

from __future__ import annotations

from tracer.backprop.passes import Pass, count_cells
from tracer.errors import TracerError

MOST_WORKED = 500_000
"""More lines than this are not worked out unless they are asked for: each is kept with its
formula and takes some 2 kB, so that these fill a gigabyte."""


def refuse_too_much_work(passes: list[Pass], otherwise: str = "") -> None:
    """Refuse to work out more lines than memory and patience hold.

    Args:
        passes: what is to be worked through.
        otherwise: what helps besides, for the message.

    Raises:
        TracerError: with the number of lines.
    """
    worked = count_cells(passes)
    if worked > MOST_WORKED:
        raise TracerError(
            f"this would work out {worked:,} lines and keep each, more than {MOST_WORKED:,}; "
            "tracer train PROBLEM -o run records loss and parameters without the lines" + otherwise
        )
