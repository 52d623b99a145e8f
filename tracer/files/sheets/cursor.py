"""A row of pieces, read from the left: what `algebra` walks over.

Takes the pieces of one member of a chain, from `scanning`; says what kind comes next, takes
it if it is the one that is asked for, and makes the error that points at where it stands.
"""

from __future__ import annotations

from tracer.errors import FormulaError
from tracer.files.sheets.scanning import Piece


class Cursor:
    """A place in a row of pieces."""

    def __init__(self, found: list[Piece]) -> None:
        self.found = found
        self.at = 0

    def next_kind(self) -> str:
        return self.found[self.at].kind if self.at < len(self.found) else ""

    def take(self, kind: str) -> bool:
        if self.next_kind() == kind:
            self.at += 1
            return True
        return False

    def fail(self, message: str) -> FormulaError:
        last = self.found[min(self.at, len(self.found) - 1)]
        return FormulaError(message, last.start, last.end - last.start)
