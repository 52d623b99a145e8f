"""What a sheet says of itself: its problem, its notation, its signs, its own names.

Takes the tree of a sheet or of the front matter before it; gives a `Header`.  The problem
may be a path beside the sheet, a table under ``problem``, or the front matter itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tracer.errors import TracerError
from tracer.files.faults import Faults, Source
from tracer.files.positions import Items, Pairs, Scalar, Tree
from tracer.files.problem_text import read_parsed
from tracer.files.wording import unknown
from tracer.model.problem import Problem

WORDS = ("problem", "answers", "notation", "delta", "negated", "names", "asked")
"""Keys of a sheet that are no answers."""
DELTAS = ("dL/dz", "t-o")
_OF_A_PROBLEM = ("layers", "equations")


@dataclass(frozen=True)
class Header:
    """What a sheet declares."""

    problem: Tree | None = None
    """A path (a text) or the problem itself."""
    notation: str = ""
    delta: str = ""
    """The sign of its deltas: ``dL/dz`` or ``t-o``; empty: as the notation or the problem says."""
    negated: tuple[Scalar, ...] = ()
    """Names of quantities of which it writes the opposite."""
    names: dict[str, Scalar] = field(default_factory=dict)
    """Its own names, and their keys."""
    asked: tuple[Scalar, ...] = ()

    def solved(self, source: Source, folder: Path) -> Problem | None:
        """The problem that the sheet names or carries, or None.

        Raises:
            FileError: if there is an error in it.
        """
        if isinstance(self.problem, Scalar):
            from tracer.files.problem import load

            path = folder / self.problem.text
            try:
                return load(path)
            except TracerError as error:
                if path.is_file():
                    raise
                faults = Faults(source)
                faults.add(self.problem.place, str(error))
                raise faults.error() from None
        if self.problem is None:
            return None
        return read_parsed(source, self.problem, folder=folder).problem


def read_header(tree: Pairs, faults: Faults, strict: bool = True) -> Header:
    """The header that a table holds.

    Args:
        tree: front matter, or the whole sheet.
        faults: where errors go.
        strict: refuse keys that a sheet does not have.
    """
    carries = any(tree.get(word) is not None for word in _OF_A_PROBLEM)
    for key, _ in tree.pairs:
        if strict and not carries and key.text not in WORDS:
            faults.add(key.place, unknown("key of a sheet", key.text, WORDS))
    problem = tree.get("problem")
    if carries:
        kept = [p for p in tree.pairs if p[0].text not in WORDS or p[0].text in _SHARED]
        problem = Pairs(tuple(kept), tree.place)
    if isinstance(problem, Items):
        faults.add(problem.place, "a problem is a file's name, or a table")
        problem = None
    delta = _word(tree, "delta", faults)
    if delta and delta not in DELTAS:
        where = tree.get("delta")
        assert where is not None
        faults.add(where.place, unknown("sign of delta", delta, DELTAS))
        delta = ""
    names = tree.get("names")
    own = _own_names(names, faults) if names is not None else {}
    return Header(
        problem, _word(tree, "notation", faults), delta,
        _list(tree, "negated", faults), own, _list(tree, "asked", faults),
    )  # fmt: skip


_SHARED = ("notation", "names")
"""Keys that a problem has as well."""


def _word(tree: Pairs, key: str, faults: Faults) -> str:
    found = tree.get(key)
    if found is None:
        return ""
    if not isinstance(found, Scalar):
        faults.add(found.place, f"'{key}' is one word")
        return ""
    return found.text


def _list(tree: Pairs, key: str, faults: Faults) -> tuple[Scalar, ...]:
    found = tree.get(key)
    items = found.items if isinstance(found, Items) else () if found is None else (found,)
    for item in items:
        if not isinstance(item, Scalar):
            faults.add(item.place, f"'{key}' is a list of names")
    return tuple(item for item in items if isinstance(item, Scalar))


def _own_names(tree: Tree, faults: Faults) -> dict[str, Scalar]:
    if not isinstance(tree, Pairs):
        faults.add(tree.place, "'names' is a table: each own name with its key")
        return {}
    found: dict[str, Scalar] = {}
    for name, key in tree.pairs:
        if isinstance(key, Scalar):
            found[name.text] = key
        else:
            faults.add(key.place, "a name stands for one key")
    return found
