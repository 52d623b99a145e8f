"""Rows: the answers of a CSV, YAML or JSON sheet, as texts with their places.

`table` reads CSV, `listing` YAML and JSON; `stating` makes statements of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from tracer.files.faults import Place

Cells: TypeAlias = "tuple[str | Cells, ...]"
"""The numbers of an array, as typed."""

MOST = 5000
"""Answers that one sheet may hold."""
COLUMNS = {
    "name": "name", "quantity": "name", "value": "value", "answer": "value", "number": "value",
    "points": "points", "note": "note", "ulp": "ulp", "key": "key", "negated": "negated",
}  # fmt: skip
"""What a column or a key of an answer may be called, and what it means."""


@dataclass(slots=True)
class Row:
    """One answer."""

    name: str
    line: int
    column: int
    value: str | Cells
    """As typed; empty if blank."""
    value_line: int = 0
    value_column: int = 0
    key: str = ""
    """What the name stands for, if the row says so itself."""
    ulp: str = ""
    points: str = ""
    note: str = ""
    negated: str = ""

    @property
    def place(self) -> Place:
        """Where the name stands."""
        return Place(self.line, self.column, max(len(self.name), 1))

    @property
    def value_place(self) -> Place:
        """Where the value stands, or the name if there is none."""
        if not self.value_line:
            return self.place
        length = len(self.value) if isinstance(self.value, str) else 1
        return Place(self.value_line, self.value_column, max(length, 1))
