"""Names of a sheet: what a written name or expression stands for.

Takes a trace, a notation and the names that the sheet declares; gives a key for a name, a
formula over keys for an expression, and the cells of a whole array.  A name is looked up
as a key, as the sheet's or the problem's own name, in the notation, and last by what it is
made of: ``∂ℒ/∂ŷ`` is the derivative of the loss by whatever ``ŷ`` is.  The tables are made
once for a trace and a notation (`naming_of`) and every answer is kept.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from tracer.errors import FormulaError, TracerError, UnknownQuantity
from tracer.files.sheets.blocks import Block, Blocks
from tracer.files.sheets.composing import is_one, loss_word, part
from tracer.files.sheets.evidence import Evidence, alone_with, evidence, nearest, values_of
from tracer.files.sheets.timing import at_time, share
from tracer.formula.differentiating import partial
from tracer.formula.keys import Key
from tracer.formula.nodes import Call, Negative, Node, Symbol, substitute, symbols
from tracer.formula.parsing import ELEMENTARY, parse
from tracer.model.trace import Trace
from tracer.notation import Notation, notation_of
from tracer.notation.reading import AmbiguousName
from tracer.notation.spelling import spelling

OPPOSITE = ("delta", "da")
"""Roles whose sign the convention t - o turns."""
LONGEST = 300
"""Characters of a name or of an expression that serves as one."""
_MOST_KEPT = 20_000
_BACKWARD = ("backward", "gradient")
_FUNCTIONS = {
    "σ": "sigmoid", "sigma": "sigmoid", "logistic": "sigmoid", "ln": "log",
    "max": "maximum", "min": "minimum", "lrelu": "leaky_relu",
}  # fmt: skip


class Naming:
    """What the names of a sheet mean, for one trace, notation and list of own names."""

    def __init__(self, trace: Trace, notation: str | Notation, own: Mapping[str, str]) -> None:
        book = notation_of(trace.problem, notation)
        self.notation = book
        self.names = book.for_problem(trace.problem)
        self.given = {s.key: s.exact for s in trace.steps if s.rule == "given"}
        self.values = values_of(trace)
        self.phases = {s.key: s.phase for s in trace.steps}
        self.updated = frozenset(s.key for s in trace.steps if s.rule == "update")
        self._in_time = len({s.key[s.key.find("~") :] for s in trace.steps if "~" in s.key}) > 1
        self._gradients = {s.key: s.formula for s in trace.steps if s.phase in _BACKWARD}
        self._opposite = trace.problem.conventions.delta == "t-o"
        self._keys = {step.key: step.key for step in trace.steps}
        self._reader = self.names.reader(self._keys)
        self._own = dict(own) | {spelling(n).loose.casefold(): k for n, k in own.items()}
        self._found: dict[str, Node | None] = {}
        self._formulas: dict[str, Node | TracerError] = {}
        self._blocks = Blocks(self.names, book, self._keys)
        self._definitions = trace.definitions
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
        found = self.canonical(text) or self._by_author(text)
        if found is None and (made := part(text, self._by_author, self.canonical)):
            return self._made(made)
        timed = found is None and self._in_time and not self._reader.writes(text)
        if timed and (of_a_step := self._share(text)) is not None:
            return of_a_step
        found = found or self._reader.find(text)
        if found is None and (made := part(text, self._reader.find, self.canonical)):
            return self._made(made)
        if found is None and (word := loss_word(typed)):
            found = self.canonical(word)
        if found is None:
            return self._share(text)
        if found.startswith("loss[1]") and not any(c.isdigit() for c in text):
            whole = found.replace("loss[1]", "loss")
            found = whole if "loss[2]" not in self._keys and whole in self._keys else found
        return Symbol(found)

    def _share(self, text: str) -> Node | None:
        """What one time step adds to a gradient, if a name has the mark of one."""
        marked = at_time(text)
        whole = self.quantity(marked[0]) if marked else None
        formula = self._gradients.get(whole.name) if isinstance(whole, Symbol) else None
        return share(formula, marked[1]) if marked and formula is not None else None

    def _made(self, key: str) -> Node:
        """A quantity whose name is made of others, in the sign of what is written."""
        turned = self._opposite and Key.parse(key).role in OPPOSITE
        return Negative(Symbol(key)) if turned else Symbol(key)

    def _by_author(self, text: str) -> str | None:
        """The key of a name that the sheet or the problem declares: ``w2`` in ``dL/dw2``."""
        own = self._own.get(text) or self._own.get(spelling(text).loose.casefold())
        return (own and self.canonical(own)) or self._reader.own(text)

    def output(self, target: str) -> str | None:
        """The output that a target is compared with."""
        key = Key.parse(target)
        last = max((Key.parse(k).layer or 0 for k in self._keys if k[0] == "a"), default=0)
        return self.canonical(str(replace(key, name=f"a{last}"))) if last else None

    def by_number(self, text: str) -> str | None:
        """The one quantity that is worked out whose right value is a written number."""
        return alone_with(text, {k: v for k, v in self.values.items() if k not in self.given})

    def is_one(self, text: str) -> bool:
        """Whether a name is a derivative that is 1 whatever the numbers."""
        return is_one(text, lambda name: self._by_author(name) or self._reader.find(name))

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

    def arity(self, function: str) -> int:
        """How many numbers a function takes."""
        return self.functions.get(function, 2 if function in ("maximum", "minimum") else 1)

    def is_parameter(self, quantity: Node) -> bool:
        """Whether a quantity is a parameter's value after an update: ``w'(x)`` is a product then,
        while ``f'(x)`` is a slope."""
        return isinstance(quantity, Symbol) and quantity.name in self.updated

    def slope(self, function: str, argument: Node, at_value: bool) -> Node | None:
        """The slope of a function at an argument, or where its value is the argument."""
        from tracer.calculus.definitions import callable_functions, definitions, slope_of

        try:
            if function in ELEMENTARY or function in callable_functions():
                value = argument if at_value else None
                return slope_of(Call(function, (argument,)), 0, value, {})
            return partial(function, (argument,), 0, definitions() | self._definitions)
        except (TracerError, KeyError):
            return None

    def reads(self, text: str, number: str = "") -> bool:
        """Whether a name or an expression is understood, of one quantity or of an array.

        Args:
            number: the number that is written for it; then an array is not meant.
        """
        try:
            return bool(self.formula(text))
        except TracerError as error:
            single = number and number[0] not in "[{" and not isinstance(error, AmbiguousName)
            return not single and self.block(text) is not None

    def names_so(self, text: str) -> bool:
        """Whether the notation itself writes a quantity so, but for the markup."""
        return self._reader.writes(text)

    def evidence(self, answers: Mapping[str, str]) -> Evidence:
        """How far written numbers speak for what this notation takes the names to mean."""
        return evidence(self._readings(answers), self.values)

    def nearest(self, formulas: Iterable[Node], text: str) -> Node | None:
        """Which of several formulas comes nearest to a written number."""
        return nearest(formulas, text, self.values, self._definitions)

    def _readings(self, answers: Mapping[str, str]) -> Iterator[tuple[Node, str]]:
        """What single quantities are meant, each with its number."""
        for name, text in answers.items():
            try:
                yield self.formula(name), text
            except TracerError:
                continue

    # --- arrays -------------------------------------------------------------------------

    def block(self, text: str) -> Block | None:
        """The cells of a whole array with that name, or None."""
        return self._blocks.find(text) if len(text) <= LONGEST else None


_MADE: dict[tuple[int, str, tuple[tuple[str, str], ...]], tuple[Naming, Callable[[], object]]] = {}
_MOST = 64


def naming_of(
    trace: Trace, notation: str | Notation, own: Mapping[str, str] | None = None
) -> Naming:
    """The names of a trace in a notation; made once and kept as long as the trace lives.

    Args:
        notation: a textbook's name, or a variant of one.
        own: further names that the sheet declares, with their keys.
    """
    book = notation if isinstance(notation, str) else notation.id
    place = (id(trace), book, tuple((own or {}).items()))
    found = _MADE.get(place)
    if found is None or found[1]() is not trace:
        if len(_MADE) >= _MOST:
            _MADE.clear()
        found = _MADE[place] = (
            Naming(trace, notation, own or {}),
            weakref.ref(trace, lambda _: _MADE.pop(place, None)),
        )
    return found[0]
