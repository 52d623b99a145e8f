"""Reading problem files: a path, ``-`` or a text in, a Problem out.

`load` gives the Problem alone; `read` gives it with its source, so that an error that
is found only later (a shape in an equation, an overflow) still gets its line and column.
A trace that was written as JSON is accepted too: its problem is read back.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from tracer.errors import FileError, ProblemError, TracerError
from tracer.files.assembling import Defaults, assemble
from tracer.files.faults import Faults, Source
from tracer.files.fields import PROBLEM
from tracer.files.places import place_of
from tracer.files.positions import LARGEST, Pairs, Scalar, Tree, decoded, read_tree, source_of
from tracer.files.reading import read as read_kind
from tracer.model.problem import Problem

DEFAULT_NOTATION = "nielsen"


@dataclass(frozen=True)
class ProblemFile:
    """A problem with the file that it came from."""

    problem: Problem
    source: Source
    tree: Tree

    def locate(self, error: ProblemError) -> FileError:
        """The error with file, line and column, the line and a caret."""
        faults = Faults(self.source)
        faults.add(place_of(self.tree, error.path, self.source), str(error))
        return faults.error()


def load(path: str | os.PathLike[str], notation: str | None = None) -> Problem:
    """Read a problem file (YAML or JSON).

    Args:
        path: the file, or ``-`` for standard input.
        notation: whose letters and conventions; overrides what the file says.

    Raises:
        FileError: all errors at once, each with line, column and a caret.
    """
    return read(path, notation).problem


def load_text(text: str, name: str = "<text>", notation: str | None = None) -> Problem:
    """Read a problem from a text.

    >>> load_text('''
    ... inputs: [0.5, 0.20]
    ... layers: [{weights: [[1/3, 2]]}]
    ... ''').inputs
    (('0.5', '0.20'),)
    """
    return read_text(text, name, notation).problem


def read(path: str | os.PathLike[str], notation: str | None = None) -> ProblemFile:
    """Like `load`, but keeps the source for errors that are found later."""
    name, data = read_bytes(path, LARGEST)
    folder = FilePath(path).parent if os.fspath(path) != "-" else FilePath()
    return read_text(decoded(data, name), name, notation, folder)


def read_text(
    text: str, name: str = "<text>", notation: str | None = None, folder: FilePath | None = None
) -> ProblemFile:
    """Like `load_text`, but keeps the source.

    Args:
        text: YAML or JSON.
        name: what errors call the file.
        notation: overrides the file's notation.
        folder: where a user's own notation file may stand.
    """
    source = source_of(name, text)
    tree = read_tree(source)
    faults = Faults(source)
    if not isinstance(tree, Pairs):
        faults.add(tree.place, "a problem file holds 'key: value' lines, such as inputs: [1, 2]")
        faults.raise_any()
    data: dict[str, Any] = read_kind(PROBLEM, tree, faults)
    chosen = notation or data.get("notation", DEFAULT_NOTATION)
    problem = assemble(data, tree, faults, chosen, _defaults(chosen, folder, tree, faults))
    faults.raise_any()
    assert problem is not None
    return ProblemFile(problem, source, tree)


def read_bytes(path: str | os.PathLike[str], most: int) -> tuple[str, bytes]:
    """The name for messages and the first `most` + 1 bytes of a file or standard input.

    Raises:
        FileError: if it cannot be read.
    """
    name = os.fspath(path)
    if name == "-":
        return "<stdin>", sys.stdin.buffer.read(most + 1)
    try:
        with open(path, "rb") as file:
            return name, file.read(most + 1)
    except FileNotFoundError:
        raise FileError(f"{name}: there is no such file") from None
    except IsADirectoryError:
        raise FileError(f"{name}: this is a folder, not a file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{name}: cannot be read ({reason})") from None


def _defaults(name: str, folder: FilePath | None, tree: Pairs, faults: Faults) -> Defaults:
    """What the notation's file says about conventions and steps."""
    try:
        from tracer.notation.names import load_notation
    except ImportError:
        return {}, {}
    try:
        notation = load_notation(name, folder)
    except TracerError as error:
        written = tree.get("notation")
        if not isinstance(written, Scalar) or written.text != name:
            raise
        faults.add(written.place, str(error))
        return {}, {}
    conventions: Mapping[str, str] = notation.conventions
    return conventions, notation.steps
