"""Reading a problem from its text: YAML or JSON in, a Problem out, with its source.

`read_text` keeps the source, so that an error that is found only later (a shape in an
equation, say) still gets its line and column.  `problem` reads files with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from tracer.errors import FileError, ProblemError, TracerError
from tracer.files.assembling import Defaults, assemble
from tracer.files.faults import Faults, Source
from tracer.files.fields import PROBLEM
from tracer.files.places import place_of
from tracer.files.positions import LARGEST, Pairs, Scalar, Tree, read_tree, source_of
from tracer.files.reading import read as read_kind
from tracer.model.problem import Problem
from tracer.notation import load_notation

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


def load_text(text: str, name: str = "<text>", notation: str | None = None) -> Problem:
    """Read a problem from a text.

    >>> load_text('''
    ... inputs: [0.5, 0.20]
    ... layers: [{weights: [[1/3, 2]]}]
    ... ''').inputs
    (('0.5', '0.20'),)
    """
    return read_text(text, name, notation).problem


def read_text(
    text: str,
    name: str = "<text>",
    notation: str | None = None,
    folder: FilePath | None = None,
    largest: int = LARGEST,
) -> ProblemFile:
    """Like `load_text`, but keeps the source.

    Args:
        text: YAML or JSON.
        name: what errors call the file.
        notation: overrides the file's notation.
        folder: where a user's own notation file may stand.
        largest: bytes beyond which it is not looked at.

    Raises:
        FileError: all errors at once, each with line, column and a caret.

    >>> read_text("given: {x: 0.20}\\nequations: [y = 2*x]").problem.given
    {'x': '0.20'}
    """
    source = source_of(name, text)
    faults = Faults(source)
    return read_parsed(source, read_tree(source, faults, largest), notation, folder, faults)


def read_parsed(
    source: Source,
    tree: Tree,
    notation: str | None = None,
    folder: FilePath | None = None,
    faults: Faults | None = None,
) -> ProblemFile:
    """Like `read_text`, for a tree that is read already: a problem inside another file.

    Args:
        source: the file.
        tree: what it holds.
        notation: overrides the file's notation.
        folder: where a user's own notation file may stand.
        faults: errors that were found so far, to be told with the others.
    """
    faults = Faults(source) if faults is None else faults
    if not isinstance(tree, Pairs):
        faults.add(tree.place, "a problem file holds 'key: value' lines, such as inputs: [1, 2]")
        faults.raise_any()
    data: dict[str, Any] = read_kind(PROBLEM, tree, faults)
    chosen = notation or data.get("notation", DEFAULT_NOTATION)
    problem = assemble(data, tree, faults, chosen, _defaults(chosen, folder, tree, faults))
    faults.raise_any()
    assert problem is not None
    if folder is not None:
        problem = replace(problem, folder=str(folder))
    return ProblemFile(problem, source, tree)


def _defaults(name: str, folder: FilePath | None, tree: Tree, faults: Faults) -> Defaults:
    """What the notation's file says about conventions and steps."""
    try:
        notation = load_notation(name, folder)
    except TracerError as error:
        written = tree.get("notation") if isinstance(tree, Pairs) else None
        if not isinstance(written, Scalar) or written.text != name:
            raise
        faults.add(written.place, str(error))
        return {}, {}
    return {**notation.conventions, "written": notation.written}, notation.steps
