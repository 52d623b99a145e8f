"""Runs on disk: a folder that a killed process leaves readable, and that maps into memory.

    RUN/run.json          what was run and how, which column is which, the list of blocks
    RUN/rows-00001.npy    the first rows: little-endian float64, shape (rows, columns)
    RUN/rows-00002.npy    ...
    RUN/my.yaml           the user's own notation, if the problem names one by its file

`run.json` holds: ``format`` 1, ``kind``, ``problem`` (the fields of a problem file),
``every``, ``updates`` (wanted), ``last``, ``closed``, ``stopped``, ``message``, ``form``
(see `History`), ``loss``, ``learnt`` and ``states`` (keys of what updates change),
``shapes``, ``constants``, ``batches`` (the samples of each, in the order in which they
come round), ``columns`` (a list of keys for each different batch), ``dtype``, ``width``,
``blocks`` (file, rows and CRC-32 of the numbers) and ``checksum`` (SHA-256 of the rest).
Every file is written beside its place and then renamed, so that a reader finds each whole
or not at all; a block counts once `run.json` lists it.  With `force` a run is replaced
only when the new one, written to ``RUN.new``, is complete.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np

from tracer.errors import FileError
from tracer.files.archive import FOREIGN
from tracer.files.input import read_bytes
from tracer.files.positions import LARGEST
from tracer.files.run_description import (
    FORMAT,
    KIND,
    described,
    encoded,
    history_of,
    read_description,
)
from tracer.model.history import Array, History, Layout
from tracer.model.problem import Problem
from tracer.notation import own_file

BLOCK_BYTES = 4 * 1024**2
"""Rows are handed to the disk in blocks of this size ..."""
BLOCK_SECONDS = 5.0
"""... or after this time, so that little is lost when a process is killed."""
NAME = "run.json"


class RunFolder:
    """A sink that writes the rows of a run into a folder.

    Args:
        path: the folder; it must not exist.
        force: replace a run that is there, once the new one is complete.

    Raises:
        FileError: if something is there that may not be replaced.
    """

    def __init__(self, path: str | os.PathLike[str], force: bool = False) -> None:
        self.path = Path(path)
        self.replaces = False
        if os.path.lexists(self.path):
            if not force:
                raise FileError(f"{self.path}: is there already; --force replaces it")
            read_description(self.path)  # refuses to replace anything but a run
            self.replaces = True
        self.folder = Path(f"{self.path}.new") if self.replaces else self.path
        self._description: dict[str, Any] = {}
        self._written_blocks = 0
        self._handed = monotonic()

    def begin(self, problem: Problem, layout: Layout, every: int, updates: int, form: str) -> None:
        """Make the folder and say in it what is being run."""
        self._description = described(problem, layout, every, updates, form)
        self._width = layout.width
        try:
            if self.replaces and self.folder.is_dir():
                read_description(self.folder)
                shutil.rmtree(self.folder)
            self.folder.mkdir()
        except OSError as error:
            raise self._failed(error) from None
        try:
            self._describe()
            self._keep_notation(problem)
        except FileError:
            self._remove_empty()
            raise

    def _keep_notation(self, problem: Problem) -> None:
        """A notation of the user's own, which the problem would look for beside itself."""
        file = own_file(problem.notation, Path(problem.folder))
        if file is None or not file.is_file():
            return
        data = read_bytes(file, LARGEST)[1]
        (self.folder / problem.notation).parent.mkdir(parents=True, exist_ok=True)
        self._written(problem.notation, lambda out: out.write(data))

    def capacity(self, total: int) -> int:
        """How many rows make a block."""
        return min(total, max(1, BLOCK_BYTES // (8 * self._width)))

    def due(self) -> bool:
        """Whether the last block is long ago."""
        return monotonic() - self._handed > BLOCK_SECONDS

    def block(self, rows: Array) -> None:
        """Write the next rows.

        Raises:
            FileError: if the disk is full; the blocks before stay readable.
        """
        blocks = self._description["blocks"]
        blocks.append(self._stored(rows))
        last = (sum(block["rows"] for block in blocks) - 1) * self._description["every"]
        self._description["last"] = min(last, self._description["updates"])
        try:
            self._describe()
        except FileError:
            blocks.pop()
            raise
        self._handed = monotonic()

    def _stored(self, rows: Array) -> dict[str, Any]:
        """The file of some rows, written, as the description names it."""
        name = f"rows-{self._written_blocks + 1:05d}.npy"
        found = np.ascontiguousarray(rows, "<f8")
        self._written(name, lambda file: _write_array(file, found))
        self._written_blocks += 1
        return {"file": name, "rows": len(rows), "crc32": checksum(found)}

    def end(self, last: int, closed: bool, stopped: str, message: str) -> History:
        """Say how the run ended, and open it."""
        self._description.update(last=last, closed=closed, stopped=stopped, message=message)
        self._describe()
        if self.replaces:
            self._take_the_place()
        return open_run(self.path)

    def _take_the_place(self) -> None:
        aside = Path(f"{self.path}.old")
        try:
            if aside.is_dir():
                read_description(aside)
                shutil.rmtree(aside)
            os.rename(self.path, aside)
            os.rename(self.folder, self.path)
            shutil.rmtree(aside)
        except OSError as error:
            raise self._failed(error) from None

    def _describe(self) -> None:
        text = encoded(self._description)
        self._written(NAME, lambda file: file.write(text))

    def _written(self, name: str, write: Callable[[BinaryIO], object]) -> None:
        """A file that is whole or not there."""
        path = self.folder / name
        unfinished = path.with_name(f".{path.name}.part")
        try:
            with open(unfinished, "wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise self._failed(error) from None

    def _remove_empty(self) -> None:
        try:
            self.folder.rmdir()
        except OSError:
            return

    def _failed(self, error: OSError) -> FileError:
        blocks = self._description.get("blocks", [])
        kept = ""
        if blocks:
            kept = f"; what was recorded up to update {self._description['last']} is kept"
            kept += f" in {self.folder}"
        reason = error.strerror or str(error)
        return FileError(f"{self.path}: cannot be written ({reason}){kept}")


def _write_array(file: BinaryIO, rows: Array) -> None:
    """The bytes of an .npy file; written by Python, whose errors say that a disk is full."""
    header = np.lib.format.header_data_from_array_1_0(rows)
    np.lib.format.write_array_header_1_0(file, header)
    file.write(rows.data)


def checksum(rows: Array) -> int:
    """CRC-32 of the numbers of a block."""
    return crc32(np.ascontiguousarray(rows, "<f8").data)


def open_run(path: str | os.PathLike[str]) -> History:
    """Read a run folder; its blocks stay on disk and are mapped when they are needed.

    Raises:
        FileError: if it is no run, or damaged: at once, or when a damaged block is read.
    """
    folder = Path(path)
    description = read_description(folder)
    if description.get("format") != FORMAT or description.get("kind") != KIND:
        raise FileError(f"{folder}: is no run folder of tracer")
    blocks = [
        Block(folder / item["file"], item["rows"], description["width"], item["crc32"])
        for item in description["blocks"]
    ]
    return history_of(description, blocks, str(folder / NAME))


def save_run(history: History, path: str | os.PathLike[str], force: bool = False) -> History:
    """Write a history from memory into a run folder, and open that."""
    sink = RunFolder(path, force)
    sink.begin(history.problem, history.layout, history.every, history.last, history.form)
    for block in history.blocks:
        rows = np.asarray(block[:])
        step = sink.capacity(max(len(rows), 1))
        for first in range(0, len(rows), step):
            sink.block(rows[first : first + step])
    return sink.end(history.last, history.closed, history.stopped, history.message)


class Block:
    """The rows of one file, mapped into memory and checked when they are first read."""

    def __init__(self, path: Path, rows: int, width: int, crc: int) -> None:
        self.path = path
        self.shape = (rows, width)
        self._crc = crc
        self._rows: Array | None = None
        try:
            size = path.stat().st_size
        except OSError:
            raise FileError(f"{path}: this block of the run is missing") from None
        if size < 8 * rows * width:
            raise FileError(f"{path}: this block of the run is cut short")

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> Any:
        if self._rows is None:
            self._rows = self._mapped()
        return self._rows[index]

    def _mapped(self) -> Array:
        try:
            rows = np.load(self.path, mmap_mode="r", allow_pickle=False)
        except FOREIGN as error:
            raise FileError(f"{self.path}: cannot be read ({error})") from None
        if rows.shape != self.shape or rows.dtype != np.dtype("<f8"):
            raise FileError(f"{self.path}: is not the block that the run describes")
        if checksum(rows) != self._crc:
            raise FileError(f"{self.path}: is damaged (its checksum differs)")
        return rows  # type: ignore[no-any-return]
