"""The arrays of a calculation, read for a drawing: their cells, their equations, their names.

Takes a `Reading`; gives `Block`s for the cards of a graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from tracer.formula.keys import Key
from tracer.formula.nodes import Apply, Call, Node, Number, Symbol, substitute, symbols
from tracer.model.quantity import Equation, Index, Plan, Quantity
from tracer.rendering.diagram.arrays import Block, Cell, Grid
from tracer.rendering.diagram.reading import Reading, homes
from tracer.rendering.diagram.telling import Telling
from tracer.rendering.diagram.text import Formula, Piece, Text, named, sign, width_of, word
from tracer.rendering.matrices import key_of

LARGEST = 6
"""Rows and columns that are all shown; of more the first ones, dots, and the last."""
_FIRST = 4
_TELLING = frozenset({"softmax", "log_softmax", "conv", "maxpool", "avgpool", "causal", "masked",
                      "concat", "stack", "flatten"})  # fmt: skip
"""Primitives whose name says what an equation does; a product says nothing."""
_WIDEST = 215.0
"""Units; a longer formula is not written into its card."""


@dataclass(frozen=True)
class Quantities:
    """What the drawing of a plan needs to know of its arrays."""

    reading: Reading
    telling: Telling
    bare: bool = False
    """Names alone: for calculations whose numbers would leave no room for the drawing."""

    @cached_property
    def plan(self) -> Plan:
        return self.reading.trace.plans[self.reading.before]

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """The equations of the way forward, without those that no page prints and none needs."""
        forward = [e for e in self.plan.equations if e.phase in ("forward", "loss")]
        needed = {name for e in forward if e.shown for name in symbols(e.formula)}
        return tuple(e for e in forward if e.shown or e.target.name in needed)

    @cached_property
    def by_target(self) -> dict[str, Equation]:
        return {equation.target.name: equation for equation in self.equations}

    @cached_property
    def drawn_names(self) -> frozenset[str]:
        """Arrays that have a place in the drawing, and their gradients."""
        names = set(self.by_target)
        for equation in self.equations:
            names |= set(symbols(equation.formula))
        return frozenset(names | {self.gradient(name) for name in names} - {""})

    def is_drawn(self, key: Key) -> bool:
        return key.name in self._drawn_keys

    @cached_property
    def _drawn(self) -> list[Quantity]:
        quantities = self.plan.quantities
        return [quantities[name] for name in sorted(self.drawn_names) if name in quantities]

    @cached_property
    def _drawn_keys(self) -> frozenset[str]:
        return frozenset(quantity.key for quantity in self._drawn)

    def gradient(self, name: str) -> str:
        """The name of the gradient of an array, if it is calculated."""
        quantity = self.plan.quantities.get(f"d{name}")
        return quantity.name if quantity is not None and f"d{name}" in self.plan.index else ""

    def operands(self, equation: Equation) -> list[str]:
        """The arrays that an equation uses, without the numbers of the update."""
        return [name for name in symbols(equation.formula) if name in self.plan.quantities]

    def is_parameter(self, name: str) -> bool:
        return self.plan.quantities[name].kind == "parameter"

    def is_computed(self, name: str) -> bool:
        return name in self.by_target

    # -- steps ---------------------------------------------------------------------------------

    def held(self, names: Iterable[str]) -> frozenset[str]:
        """The keys of all steps that belong to some arrays: whatever their sample and update."""
        return frozenset(key for name in names for key in self._steps.get(name, ()))

    @cached_property
    def _steps(self) -> dict[str, list[str]]:
        """By array: the steps of its numbers and of all that is made of them on the way back."""
        kinds: dict[tuple[str, int | None, int, bool], list[Quantity]] = {}
        for quantity in self._drawn:
            if (first := next(quantity.cells(), None)) is not None:
                kinds.setdefault(_kind(Key.parse(quantity.cell(first))), []).append(quantity)
        owner = {self.gradient(quantity.name): quantity.name for quantity in self._drawn}
        found: dict[str, list[str]] = {}
        for step in self.reading.trace.steps:
            for key in map(Key.parse, homes(step.parsed, self.is_drawn)):
                for quantity in kinds.get(_kind(key), ()):
                    if _is_cell(key, quantity):
                        name = owner.get(quantity.name, quantity.name)
                        found.setdefault(name, []).append(step.key)
        return found

    # -- cells ---------------------------------------------------------------------------------

    def grid(self, name: str, update: int = 0) -> Grid:
        """The cells of an array as rows; a vector stands upright."""
        if not self.reading.room_for("given"):
            return ()
        quantity = self.plan.quantities[name]
        keys = self._keys(quantity, self.reading.before + update)
        rows = sorted({row for row, _ in keys})
        columns = sorted({column for _, column in keys})
        return tuple(
            tuple(
                None if row is None or column is None else self._cell(keys.get((row, column), ""))
                for column in _cut(columns)
            )
            for row in _cut(rows)
        )

    def _keys(self, quantity: Quantity, update: int) -> dict[tuple[Index, Index], str]:
        """The keys of an array by row and column; those of missing cells are not there."""
        fixed = [self._fixed(axis.name, axis.labels) for axis in quantity.axes]
        free = [place for place, at in enumerate(fixed) if at is None]
        found: dict[tuple[Index, Index], str] = {}
        for index in quantity.cells():
            if any(at is not None and index[place] != at for place, at in enumerate(fixed)):
                continue
            inside = tuple(index[place] for place in free)
            split = max(len(inside) - 1, 1)
            found[inside[:split], inside[split:]] = quantity.cell(index, update)
        return found

    def _fixed(self, axis: str, labels: tuple[int, ...]) -> int | None:
        """Where along an axis the drawing is cut: at its sample."""
        if not labels:
            return 0
        if axis == "sample" and self.reading.sample in labels:
            return labels.index(self.reading.sample)
        return None

    def _cell(self, key: str) -> Cell:
        if not key:
            return Cell("", sign("·"))
        later = replace(self.reading, stage=self.reading.room, until="")
        return Cell(key, self.reading.value(key), later.value(key))

    # -- blocks --------------------------------------------------------------------------------

    def name(self, name: str) -> Text:
        return named(self.reading.names.array(self._said(name)))

    def _said(self, name: str) -> str:
        """The symbol of an array with the index that it has of several of one name."""
        quantity = self.plan.quantities.get(name)
        return str(key_of(quantity)) if quantity and quantity.leading else name

    def _formula(self, node: Node) -> Text:
        """A formula over arrays, each by its name."""
        said = {name: Symbol(self._said(name)) for name in symbols(node)}
        node = substitute(node, lambda symbol: said[symbol.name])
        wide = frozenset(map(self._said, self.wide))
        formula = Formula(node, self.reading.names, wide, self.reading.comma)
        return (Piece("formula", formula),)

    def transposed(self, name: str) -> Text:
        """The name of an array that is drawn with rows for columns."""
        return self._formula(Apply("transpose", (Symbol(name),)))

    def amount(self, key: str) -> float:
        """How large a number is that lies between 0 and 1; 0 while it is not to be seen."""
        step = self.reading.step(key)
        seen = step is not None and self.reading.value(key) is not None
        return min(max(float(step.value or 0), 0.0), 1.0) if step and seen else 0.0

    @cached_property
    def wide(self) -> frozenset[str]:
        """The arrays that are more than one number."""
        quantities = self.plan.quantities.items()
        return frozenset(name for name, q in quantities if any(size > 1 for size in q.shape))

    def forward(self, name: str, formula: bool = True) -> Block:
        """An array with its equation and its numbers."""
        equation = self.by_target.get(name)
        if self.bare:
            return Block(self.name(name), (), "given")
        role = "forward" if equation else "given"
        text = self.formula(equation) if equation and formula else None
        grid = self.grid(name) if not equation or self.reading.room_for("forward") else ()
        return Block(self.name(name), grid, role, text)

    def backward(self, names: Iterable[str]) -> tuple[Block, ...]:
        """The gradients of some arrays."""
        if self.bare or not self.reading.room_for("backward"):
            return ()
        found = [gradient for name in names if (gradient := self.gradient(name))]
        return tuple(Block(self.name(name), self.grid(name), "backward") for name in found)

    def updated(self, names: Iterable[str]) -> tuple[Block, ...]:
        """The new numbers of some parameters."""
        if self.bare or not self.reading.room_for("update"):
            return ()
        found = []
        for name in names:
            after = self.reading.names.array(self._said(name), self.reading.before + 1)
            if self.is_parameter(name) and name in self.plan.index:
                found.append(Block(named(after), self.grid(name, 1), "update"))
        return tuple(found)

    def formula(self, equation: Equation) -> Text | None:
        """The right side, if it is short; of a copy of a number nothing."""
        if isinstance(equation.formula, Number):
            return None
        said = self.telling.called_function(_word(equation.formula))
        if " " in said:  # a loss with a name of several words
            return word(said)
        text = self._formula(equation.formula)
        if width_of(text, "small") <= _WIDEST:
            return text
        return word(said) if said else None


def _kind(key: Key) -> tuple[str, int | None, int, bool]:
    """What the keys of all cells of an array have in common."""
    return key.name, key.time, len(key.indices), key.sample is not None


def _is_cell(key: Key, quantity: Quantity) -> bool:
    """Whether a key of the same kind is that of one of the array's cells."""
    leading = quantity.leading
    return key.indices[: len(leading)] == leading and quantity.sample in (None, key.sample)


def _cut(places: list[Index]) -> list[Index | None]:
    """Rows or columns of a large array: the first ones, dots, the last one.

    >>> _cut([(1,), (2,), (3,), (4,), (5,), (6,), (7,)])
    [(1,), (2,), (3,), (4,), None, (7,)]
    """
    if len(places) <= LARGEST:
        return list(places)
    return [*places[:_FIRST], None, places[-1]]


def _word(node: Node) -> str:
    """What an equation does: its outermost function."""
    while isinstance(node, Apply) and node.primitive in ("sum", "mean") and node.operands:
        node = node.operands[0]
    match node:
        case Call(function):
            return function
        case Apply(primitive) if primitive in _TELLING:
            return primitive
    return ""
