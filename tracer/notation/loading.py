"""Notations by name: the files of `textbooks`, or one of the user's own.

A user's file stands beside the problem; it may say ``extends: nielsen`` and then only what
differs.  A role that no file names has nielsen's form.  Files are read once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from typing import Any

from tracer.errors import ProblemError, suggestion
from tracer.model.problem import Problem
from tracer.notation.content import content_of, place_in
from tracer.notation.name import Name
from tracer.notation.names import Names
from tracer.notation.textbook import Faults, Textbook

TEXTBOOKS = Path(__file__).with_name("textbooks")
DEFAULT = "nielsen"


class Notation(Textbook):
    """A textbook whose names can be had for a problem."""

    def for_problem(self, problem: Problem) -> Names:
        """The names of one problem's quantities."""
        return Names(self, _textbook(DEFAULT), problem)


def load_notation(name: str = DEFAULT, folder: Path | None = None) -> Notation:
    """The notation of that name in any case, or of the user's own file (``my.yaml``) in `folder`.

    Raises:
        ProblemError: if there is no such notation, or its file says something unknown.
        FileError: if the file cannot be read.

    >>> load_notation("mazur").title
    'Mazur, A Step by Step Backpropagation Example'
    """
    path = own_file(name, folder)
    if path is not None:
        if not path.is_file():
            raise ProblemError(f"there is no notation file '{path}'", ("notation",))
        return _own(path, path.stat().st_mtime_ns)
    folded = name.casefold()
    beside = own_file(f"{name}.yaml", folder)
    if folded not in _known() and beside is not None and beside.is_file():
        raise ProblemError(
            f"there is no notation '{name}'; did you mean the file '{name}.yaml'?", ("notation",)
        )
    return _textbook(folded if folded in _known() else name)


def own_file(name: str, folder: Path | None = None) -> Path | None:
    """Where a notation's file lies, if the name is that of a file of the user's own.

    Raises:
        ProblemError: if the name leads out of the folder, on any system.
    """
    if not name.endswith((".yaml", ".yml")):
        return None
    as_on_windows = PureWindowsPath(name)
    if as_on_windows.anchor or ".." in as_on_windows.parts or "\0" in name:
        raise ProblemError(
            f"a notation file lies beside the problem or below it; found '{name}'", ("notation",)
        )
    return (folder or Path()) / name


def notation_of(problem: Problem, named: str | Notation | None = None) -> Notation:
    """The notation of a problem, or another one instead; a file stands beside the problem.

    >>> from tracer.model.problem import Dense
    >>> problem = Problem(inputs=[1], layers=[Dense(1)], notation="ng")
    >>> notation_of(problem).id, notation_of(problem, "mazur").id
    ('ng', 'mazur')
    """
    if isinstance(named, Notation):
        return named
    return load_notation(named or problem.notation, Path(problem.folder))


def list_notations() -> list[tuple[str, str]]:
    """Name and title of every notation that comes with the package.

    >>> [name for name, title in list_notations()][:3]
    ['cs231n', 'gfg', 'han-kamber']
    """
    return [(name, _textbook(name).title) for name in _known()]


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in TEXTBOOKS.glob("*.yaml")))


@lru_cache(maxsize=32)
def _textbook(name: str) -> Notation:
    if name not in _known():
        known = _known()
        hint = suggestion(name, known) or f"; there are {', '.join(known)}"
        raise ProblemError(f"there is no notation '{name}'{hint}", ("notation",))
    return Notation.build(name, content_of(TEXTBOOKS / f"{name}.yaml"))


@lru_cache(maxsize=32)
def _own(path: Path, changed: int) -> Notation:
    """A user's file; `changed` is in the cache's key, so that an edited file is read again."""
    content = content_of(path)
    faults = Faults()
    parent = faults.attempt(_extended, content.pop("extends", DEFAULT)) or _textbook(DEFAULT)
    found = faults.attempt(Notation.build, path.stem, content, parent)
    told = [one for error in faults.found for one in getattr(error, "faults", (error,))]
    if told:
        places = sorted((place_in(path, fault.path), str(fault)) for fault in told)
        lines = [f"{path.name}:{line}:{column}: {fault}" for (line, column), fault in places]
        raise ProblemError("\n".join(lines), ("notation",))
    return found  # type: ignore[no-any-return]


def _extended(name: Any) -> Notation:
    """The notation that a user's own one begins with."""
    try:
        if isinstance(name, str):
            return _textbook(name)
    except ProblemError as error:
        raise ProblemError(str(error), ("extends",)) from None
    raise ProblemError("the name of a notation is wanted", ("extends",))


def dictionary(
    first: str | Notation, second: str | Notation, problem: Problem, keys: Iterable[str]
) -> list[tuple[str, Name, Name]]:
    """Each key with its names in two notations.

    >>> from tracer.model.problem import Dense, Problem
    >>> problem = Problem(inputs=[0.5, 0.8], targets=[1], layers=[Dense(2), Dense(1)])
    >>> [(key, a.base, b.base) for key, a, b in dictionary("mazur", "ng", problem, ["z1[1]"])]
    [('z1[1]', 'net', 'z')]
    """
    left, right = (
        (load_notation(n) if isinstance(n, str) else n).for_problem(problem)
        for n in (first, second)
    )
    return [(key, left.name(key), right.name(key)) for key in keys]
