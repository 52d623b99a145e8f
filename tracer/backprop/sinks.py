"""Where the rows of a run go: into memory, or to whatever keeps to the same protocol.

The files room has a sink that writes a run folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tracer.errors import ProblemError
from tracer.model.history import Array, History, Layout
from tracer.model.problem import Problem

MEMORY = 2 * 1024**3
"""Bytes that a record in memory may take."""


class Sink(Protocol):
    """Where recorded rows go."""

    def begin(self, problem: Problem, layout: Layout, every: int, updates: int, form: str) -> None:
        """Called once, before the first row."""

    def capacity(self, total: int) -> int:
        """How many rows the buffer holds that `block` is handed."""

    def block(self, rows: Array) -> None:
        """Take the next rows; after this call they may be overwritten."""

    def due(self) -> bool:
        """Whether waiting rows should be handed over even if the buffer is not full."""

    def end(self, last: int, closed: bool, stopped: str, message: str) -> History:
        """Called once, after the last row."""


class Memory:
    """Keeps all rows in one array, behind those that are there already.

    Args:
        blocks: the rows of a run that goes on.
    """

    def __init__(self, blocks: Sequence[Array] = ()) -> None:
        self._blocks = [*blocks]

    def begin(self, problem: Problem, layout: Layout, every: int, updates: int, form: str) -> None:
        self._about: tuple[Problem, Layout, int, int, str] = problem, layout, every, updates, form

    def capacity(self, total: int) -> int:
        size = 8 * total * self._about[1].width
        if size > MEMORY:
            raise ProblemError(
                f"the record would take {size / 1024**3:.1f} GiB of memory; record fewer "
                "quantities, every k-th update, or into a run folder",
                ("record",),
            )
        return total

    def block(self, rows: Array) -> None:
        self._blocks.append(rows)

    def due(self) -> bool:
        return False

    def end(self, last: int, closed: bool, stopped: str, message: str) -> History:
        problem, layout, every, wanted, form = self._about
        told = (every, last, closed, stopped, message, form, wanted)
        return History(problem, layout, self._blocks, *told)
