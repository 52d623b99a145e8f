"""A run folder that grows: further rows behind those that it has.

Takes the folder of a run that ended, in whatever way, and the rows that `backprop.resuming`
makes; the folder stays readable at every moment, and what it had stays in it.  Read by the
command that trains and by the package's own names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

from tracer.errors import FileError
from tracer.files.run_description import read_description
from tracer.files.runs import RunFolder, open_run
from tracer.model.history import REASONS, Array, History, Layout
from tracer.model.problem import Problem

_UNFINISHED: Mapping[str, Any] = {
    "closed": False,
    "stopped": "unfinished",
    "message": REASONS["unfinished"],
}


class ContinuedRun(RunFolder):
    """A sink that puts further rows behind those of a run folder.

    Nothing is changed before the first of them are on the disk; then the row that closed the
    run, which was no regular one, makes room for them.

    Args:
        path: the folder of the run.

    Raises:
        FileError: if it is no run.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = self.folder = Path(path)
        self.replaces = self.grown = False
        self._description = read_description(self.folder)
        self._before = open_run(self.path)
        names = [Path(block["file"]).stem for block in self._description["blocks"]]
        self._written_blocks = max((int(name.partition("-")[2]) for name in names), default=0)
        self._handed = monotonic()

    @property
    def history(self) -> History:
        """The run as it is there."""
        return self._before

    def begin(self, problem: Problem, layout: Layout, every: int, updates: int, form: str) -> None:
        """Remember how far the run is to go."""
        self._width, self._updates = layout.width, updates

    def block(self, rows: Array) -> None:
        """Write the next rows; before the first of them, the others without the closing one.

        Raises:
            FileError: if the disk is full; the run stays as it was, or as the last block left it.
        """
        if self.grown:
            super().block(rows)
            return
        told, unused = self._description, []
        blocks = list(told["blocks"])
        if told["closed"]:
            left = self._before.blocks[-1][:-1]
            unused.append(blocks.pop()["file"])
            if len(left):
                blocks.append(self._stored(left))
        self._description = {**told, **_UNFINISHED, "blocks": blocks, "updates": self._updates}
        try:
            super().block(rows)
        except FileError:
            self._description = told
            there = {block["file"] for block in told["blocks"]}
            unused = [block["file"] for block in blocks if block["file"] not in there]
            raise
        else:
            self.grown = True
        finally:
            for name in unused:
                (self.folder / name).unlink(missing_ok=True)

    def end(self, last: int, closed: bool, stopped: str, message: str) -> History:
        """Say how the run ended, and open it; one that did not grow stays as it was."""
        if self.grown:
            return super().end(last, closed, stopped, message)
        return replace(self._before, stopped=stopped, message=message)
