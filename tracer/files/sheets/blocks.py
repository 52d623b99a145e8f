"""Whole arrays by their names: ``W⁽²⁾_new`` and the keys of its cells, row by row.

Takes the keys of a calculation and a notation; used by `naming`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracer.errors import TracerError
from tracer.files.sheets.composing import PARTS, part
from tracer.formula.keys import Key
from tracer.notation import Names, Notation
from tracer.notation.name import Name
from tracer.notation.reading import Entry, Reader


@dataclass(frozen=True, slots=True)
class Block:
    """A whole array: the keys of its cells, row by row."""

    name: str
    keys: tuple[str, ...]
    shape: tuple[int, ...]
    turned: bool = False
    """Whether the notation writes its rows as columns."""


class Blocks:
    """The arrays of a trace, by name."""

    def __init__(self, names: Names, book: Notation, keys: Iterable[str]) -> None:
        self._names = names
        self._book = book
        self._keys = keys
        self._found: dict[str, Block | None] = {}
        self._reader: Reader | None = None
        self._cells: dict[str, list[Key]] = {}

    def find(self, text: str) -> Block | None:
        if self._reader is None:
            self._reader = self._made()
        if text not in self._found:
            self._found[text] = self._search(text, self._reader)
        return self._found[text]

    def _made(self) -> Reader:
        entries = []
        for key in map(Key.parse, self._keys):
            if key.indices and key.role != "loss":
                for leading in self._leading(key):
                    name = str(replace(key, indices=key.indices[:leading], sample=None))
                    self._cells.setdefault(name, []).append(key)
        for name in self._cells:
            key = Key.parse(name)
            entries.append(Entry(name, self._name(key)))
        return Reader(entries, {})

    @staticmethod
    def _leading(key: Key) -> tuple[int, ...]:
        """How many indices may tell arrays of one name apart: heads, pieces, channels."""
        own = bool(key.part) and not key.part.isdigit() and key.layer is not None
        return tuple(range(max(len(key.indices), 1))) if own else (0,)

    def _name(self, key: Key) -> Name:
        try:
            return self._names.array(str(key.at(0)), key.update)
        except (TracerError, KeyError, IndexError, AssertionError):
            return Name(key.name)

    def _search(self, text: str, reader: Reader) -> Block | None:
        def known(name: str) -> str | None:
            return name if name in self._cells else None

        try:
            found = reader.find(text) or part(text, reader.find, known)
        except TracerError:
            return None
        return self._block(found) if found else None

    def _block(self, name: str) -> Block | None:
        """Cells in the order of their indices; samples are the last axis."""
        cells = sorted(self._cells[name], key=lambda k: (*k.indices, k.sample or 0))
        samples = len({k.sample for k in cells})
        leading = len(Key.parse(name).indices)
        places = list(zip(*(k.indices[leading:] for k in cells), strict=True))
        shape = tuple(len(set(axis)) for axis in places)
        shape = (*shape, samples) if samples > 1 else shape
        size = 1
        for length in shape:
            size *= length
        if size != len(cells) or len(shape) > 2:
            return None
        book, first = self._book, cells[0]
        weights = first.role in (*PARTS["w"], "w") and len(first.indices) == 2
        turned = book.weights == "from,to" if weights else book.rows == "samples"
        layered = first.layer is not None
        return Block(name, tuple(map(str, cells)), shape, turned and layered and len(shape) == 2)
