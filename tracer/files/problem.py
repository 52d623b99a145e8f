"""Problem files: a path or ``-`` in, a Problem out.

`load` gives the Problem alone; `read` gives it with its source (for errors that are found
later) and, where the file is a trace that was written as JSON, with what that trace says.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from tracer.errors import CalculationError, FileError, ProblemError
from tracer.files.input import read_bytes
from tracer.files.origins import origin
from tracer.files.places import subtree
from tracer.files.positions import decoded
from tracer.files.problem_text import ProblemFile, load_text, read_text
from tracer.files.trace_json import LARGEST, Recorded, looks_like_trace, read_json_text
from tracer.files.writing import dump, to_data
from tracer.model.problem import Problem

__all__ = ["Loaded", "ProblemFile", "dump", "load", "load_text", "read", "read_text", "to_data"]


_SHEET = re.compile(r"\A\s*---[ \t]*\n(?:\w+:.*\n)+---[ \t]*\n|^answers:\s*$", re.MULTILINE)
"""How answer sheets are told: by what stands before their rows, or by their list."""


@dataclass(frozen=True)
class Loaded:
    """What a file gave."""

    file: ProblemFile
    """The problem with its source."""
    recorded: Recorded | None = None
    """What the trace says, if the file is one."""

    @property
    def problem(self) -> Problem:
        return self.file.problem

    def locate(self, error: ProblemError) -> FileError:
        """The error with file, line and column, the line and a caret."""
        return self.file.locate(error)

    def locate_value(self, error: CalculationError) -> CalculationError:
        """The same of a number that does not exist, at the line that it is worked out by."""
        path = origin(self.problem, error.key)
        if not path or subtree(self.file.tree, path[:1]) is self.file.tree:
            return CalculationError(f"{self.file.source.name}: {error}", error.key)
        return CalculationError(str(self.locate(ProblemError(str(error), path))), error.key)


def load(path: str | os.PathLike[str], notation: str | None = None) -> Problem:
    """Read a problem file (YAML or JSON), or the problem of a trace.json.

    Args:
        path: the file, or ``-`` for standard input.
        notation: whose letters and conventions; overrides what the file says.

    Raises:
        FileError: all errors at once, each with line, column and a caret.
    """
    return read(path, notation).problem


def read(path: str | os.PathLike[str], notation: str | None = None) -> Loaded:
    """Like `load`, but keeps the source, and what a trace says of its steps.

    Args:
        path: the file, or ``-`` for standard input.
        notation: whose letters and conventions; overrides what the file says.

    Raises:
        FileError: all errors at once, each with line, column and a caret.
    """
    name, data = read_bytes(path, LARGEST)
    folder = Path() if os.fspath(path) == "-" else Path(path).parent
    if looks_like_trace(data):
        recorded = read_json_text(data.decode("utf-8-sig", "replace"), name, notation, folder)
        return Loaded(recorded.file, recorded)
    text = decoded(data, name)
    if _SHEET.search(text):
        raise FileError(
            f"{name}: this is an answer sheet, not a problem; tracer check PROBLEM {name} checks it"
        )
    return Loaded(read_text(text, name, notation, folder))
