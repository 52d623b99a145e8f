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


@dataclass(frozen=True, slots=True)
class Row:
    """One answer."""

    name: str
    place: Place
    value: str | Cells
    """As typed; empty if blank."""
    value_place: Place
    key: str = ""
    """What the name stands for, if the row says so itself."""
    ulp: str = ""
    points: str = ""
    note: str = ""
    negated: str = ""
