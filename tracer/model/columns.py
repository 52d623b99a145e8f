"""How many columns a text takes on a terminal.

Takes a text, gives a number; read where carets are put below a line and where a table is
set in columns.
"""

from __future__ import annotations

import unicodedata


def columns(text: str) -> int:
    """Columns that a text takes: wide characters two, combining ones none.

    >>> columns("δ̂"), columns("重み")
    (1, 4)
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
