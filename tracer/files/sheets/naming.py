"""Names of a sheet: what a written name or expression stands for.

Takes a trace, a notation and the names that the sheet declares; gives a key for a name, a
formula over keys for an expression, and the cells of a whole array.  A name is looked up
as a key, as the sheet's or the problem's own name, in the notation, and last by what it is
made of: ``∂ℒ/∂ŷ`` is the derivative of the loss by whatever ``ŷ`` is.  The tables are made
once for a trace and a notation (`naming_of`) and every answer is kept.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tracer.errors import FormulaError, TracerError, UnknownQuantity
from tracer.files.sheets.composing import PARTS, loss_word, part
from tracer.formula.keys import Key
from tracer.formula.nodes import Negative, Node, Symbol, substitute, symbols
from tracer.formula.parsing import ELEMENTARY, parse
from tracer.model.trace import Trace
from tracer.notation import load_notation
from tracer.notation.name import Name
from tracer.notation.reading import Entry, Reader
from tracer.notation.spelling import spelling

OPPOSITE = ("delta", "da")
"""Roles whose sign the convention t - o turns."""
LONGEST = 300
"""Characters of a name or of an expression that serves as one."""
_MOST_KEPT = 20_000
_FUNCTIONS = {
    "σ": "sigmoid", "sigma": "sigmoid", "logistic": "sigmoid", "ln": "log",
    "max": "maximum", "min": "minimum", "lrelu": "leaky_relu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """A whole array: the keys of its cells, row by row."""

    name: str
    keys: tuple[str, ...]
    shape: tuple[int, ...]
    turned: bool = False
    """Whether the notation writes its rows as columns."""


class Naming:
    """What the names of a sheet mean, for one trace, notation and list of own names."""

    def __init__(self, trace: Trace, notation: str, own: Mapping[str, str]) -> None:
        book = load_notation(notation)
        self.notation = book
        self.names = book.for_problem(trace.problem)
        self.given = {s.key: s.exact for s in trace.steps if s.rule == "given"}
        self.phases = {s.key: s.phase for s in trace.steps}
        self.updated = frozenset(s.key for s in trace.steps if s.rule == "update")
        self._opposite = trace.problem.conventions.delta == "t-o"
        self._keys = {step.key: step.key for step in trace.steps}
        self._reader = self.names.reader(self._keys)
        self._own = dict(own) | {spelling(n).loose.casefold(): k for n, k in own.items()}
        self._found: dict[str, Node | None] = {}
        self._formulas: dict[str, Node | TracerError] = {}
        self._blocks = _Blocks(self)
        self.functions = {name: len(d.parameters) for name, d in trace.definitions.items()}
        letters = {book.functions[name].casefold(): name for name in book.functions}
        self._called = (
            _FUNCTIONS | letters | {name: name for name in (*ELEMENTARY, *self.functions)}
        )

    # --- one quantity -------------------------------------------------------------------

    def quantity(self, text: str) -> Node | None:
        """What a written name stands for, or None: a key, or minus one.

        Where deltas have the sign t - o, so has the key of a derivative by an activation;
        a written ``∂E/∂y`` is then minus that quantity.

        Raises:
            AmbiguousName: if it fits several quantities.
        """
        if text in self._keys:
            return Symbol(self._keys[text])
        if text not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[text] = self._search(text) if len(text) <= LONGEST else None
        return self._found[text]

    def canonical(self, key: str) -> str | None:
        """The key as the trace spells it; a parameter that never changes has any ``@k``."""
        if key in self._keys:
            return self._keys[key]
        try:
            parsed = Key.parse(key)
        except FormulaError:
            return None
        first = str(parsed.at(0))
        unchanging = first in self.given and str(parsed.at(1)) not in self._keys
        return self._keys.get(str(parsed)) or (first if unchanging else None)

    def _search(self, text: str) -> Node | None:
        typed = spelling(text)
        own = self._own.get(text) or self._own.get(typed.loose.casefold())
        found = self.canonical(text) or (own and self.canonical(own)) or self._reader.find(text)
        if found is None and (made := part(text, self._reader.find, self.canonical)):
            turned = self._opposite and Key.parse(made).role in OPPOSITE
            return Negative(Symbol(made)) if turned else Symbol(made)
        if found is None and (word := loss_word(typed)):
            found = self.canonical(word)
        if found and found.startswith("loss[1]") and not any(c.isdigit() for c in text):
            whole = found.replace("loss[1]", "loss")
            found = whole if "loss[2]" not in self._keys and whole in self._keys else found
        return Symbol(found) if found else None

    def unknown(self, text: str) -> str:
        """What to say of a name that is not known: the nearest ones."""
        try:
            self._reader.read(text)
        except TracerError as error:
            return str(error)
        return f"no quantity is called '{text}'"

    # --- expressions --------------------------------------------------------------------

    def formula(self, text: str) -> Node:
        """A quantity or an expression over quantities.

        Raises:
            TracerError: for what is neither.
        """
        found = self._formulas.get(text)
        if found is None:
            try:
                found = self._formula(text)
            except TracerError as error:
                found = error
            if len(self._formulas) >= _MOST_KEPT:
                self._formulas.clear()
            self._formulas[text] = found
        if isinstance(found, TracerError):
            raise found
        return found

    def _formula(self, text: str) -> Node:
        from tracer.files.sheets.algebra import read_formula

        if len(text) > LONGEST:
            raise FormulaError(f"a name may have {LONGEST} characters; this one has {len(text)}")
        if found := self.quantity(text):
            return found
        exact: FormulaError | None = None
        try:
            return self._over_keys(parse(text, self.functions))
        except FormulaError as error:
            exact = error
        except UnknownQuantity:
            pass
        try:
            value = read_formula(text, self)
        except FormulaError as error:
            raise (exact if exact is not None and "(" in text else error) from None
        if isinstance(value, tuple):
            raise FormulaError("an array is no quantity")
        return value

    def _over_keys(self, formula: Node) -> Node:
        known = {name: self.canonical(name) for name in symbols(formula)}
        for name, key in known.items():
            if key is None:
                raise UnknownQuantity(f"no quantity is called '{name}'")
        return substitute(formula, lambda symbol: Symbol(known[symbol.name] or symbol.name))

    def function(self, name: str) -> str | None:
        """The table's name of a function that people write as ``σ``, ``F`` or ``ln``."""
        return self._called.get(name) or self._called.get(name.casefold())

    # --- arrays -------------------------------------------------------------------------

    def block(self, text: str) -> Block | None:
        """The cells of a whole array with that name, or None."""
        return self._blocks.find(text) if len(text) <= LONGEST else None


class _Blocks:
    """The arrays of a trace, by name."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
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
        for key in map(Key.parse, self._naming._keys):
            if key.indices and key.role != "loss":
                name = str(replace(key, indices=(), sample=None))
                self._cells.setdefault(name, []).append(key)
        for name in self._cells:
            key = Key.parse(name)
            entries.append(Entry(name, self._name(key)))
        return Reader(entries, {})

    def _name(self, key: Key) -> Name:
        names = self._naming.names
        try:
            return names.array(str(key.at(0)), key.update)
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
        places = list(zip(*(k.indices for k in cells), strict=True))
        shape = tuple(len(set(axis)) for axis in places)
        shape = (*shape, samples) if samples > 1 else shape
        size = 1
        for length in shape:
            size *= length
        if size != len(cells) or len(shape) > 2:
            return None
        book, first = self._naming.notation, cells[0]
        weights = first.role in (*PARTS["w"], "w") and len(first.indices) == 2
        turned = book.weights == "from,to" if weights else book.rows == "samples"
        layered = first.layer is not None
        return Block(name, tuple(map(str, cells)), shape, turned and layered and len(shape) == 2)


_MADE: dict[tuple[int, str, tuple[tuple[str, str], ...]], tuple[Naming, Callable[[], object]]] = {}
_MOST = 64


def naming_of(trace: Trace, notation: str, own: Mapping[str, str] | None = None) -> Naming:
    """The names of a trace in a notation; made once and kept as long as the trace lives.

    Args:
        notation: a textbook's name.
        own: further names that the sheet declares, with their keys.
    """
    place = (id(trace), notation, tuple((own or {}).items()))
    found = _MADE.get(place)
    if found is None or found[1]() is not trace:
        if len(_MADE) >= _MOST:
            _MADE.clear()
        found = _MADE[place] = (
            Naming(trace, notation, own or {}),
            weakref.ref(trace, lambda _: _MADE.pop(place, None)),
        )
    return found[0]
