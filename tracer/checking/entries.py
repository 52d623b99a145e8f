"""Entries: the statements of a sheet that hold a number, ready to be judged.

An `Entry` joins a statement to its line, its number turned into the quantity's own sign;
a `Finding` is what the sheet's own numbers say of it: status, accepted interval, and the
wrong statements it follows from.  Read by `marking`, `judging`, `reaching`, `hindsight` and
`case`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracer.checking.calculation import Line
from tracer.checking.own import NONE
from tracer.model.answer import Statement, Written


@dataclass(slots=True)
class Entry:
    """A statement with a number, and the line that it is about."""

    statement: Statement
    line: Line
    number: Written
    turn: int
    """-1 if the sheet writes minus the quantity."""
    value: float
    """What is written, in the quantity's sign."""
    unit: float


@dataclass(slots=True)
class Finding:
    """What the sheet's own numbers say of a statement."""

    status: str
    own: float | None = None
    low: float = 0.0
    high: float = 0.0
    """What would have been accepted, in the quantity's sign."""
    roots: frozenset[int] = NONE
    chosen: Mapping[str, int] = field(default_factory=dict)
    exact: bool = False
    """Whether the sheet's numbers give exactly what is written."""
