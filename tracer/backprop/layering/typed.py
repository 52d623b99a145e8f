"""The equations of a layer of the layers table: its recipe, with the layer's own names.

A local name ``f`` of the layer ``lstm1`` becomes ``lstm1.f``, one array for each time step
or sample where the recipe works on these; so its keys are ``lstm1.f[2]~3``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.backprop.layering.functions import filled
from tracer.backprop.layering.own_numbers import OwnNumbers, Scope, split
from tracer.backprop.layering.signals import Signal, stacked_columns
from tracer.backprop.masking import masked_cells
from tracer.backprop.plan import Draft
from tracer.calculus.layers.absence import without
from tracer.calculus.layers.fitting import BEFORE, read_equation
from tracer.calculus.layers.kinds import Recipe, numbered
from tracer.calculus.layers.placing import Placed
from tracer.calculus.primitives import shape_of
from tracer.formula.nodes import Apply, Node, Number, Symbol
from tracer.model.layer import Layer
from tracer.model.quantity import UNNAMED, Axis, Equation, Quantity
from tracer.model.quantity import numbered as counted_axis


class Typed:
    """Writes the equations of one layer."""

    def __init__(self, draft: Draft, placed: Placed, samples: Axis) -> None:
        self.draft = draft
        self.placed = placed
        self.samples = samples
        self.own = OwnNumbers(draft, placed, samples)
        self.held: dict[str, str] = {}
        """Names that stand for a state through which no gradient goes, and the state's own."""
        self.cut: dict[str, Node] = {}
        """The formulas that use such a name, by the name of what they give."""

    @property
    def recipe(self) -> Recipe:
        return self.own.recipe

    def write(self, signal: Signal) -> Signal:
        """The equations; what the layer gives."""
        if self.placed.type.over == "joined":
            return signal
        scope = self.own.parameters() | self.own.constants()
        scope["others"] = Number(str(self.samples.size - 1))
        scope |= {name: Symbol(f"w{number}") for name, (number, _) in self.recipe.borrowed.items()}
        match self.placed.type.over:
            case "tokens":
                return self.over_tokens(signal, scope)
            case "images":
                return self.over_images(signal, scope)
        return self.over_steps(signal, scope)

    # -- over time steps, samples, channels ----------------------------------------------------

    def over_steps(self, signal: Signal, scope: Scope) -> Signal:
        flat = self.placed.type.over == "flat"
        if self.placed.type.over == "lookup":
            coming = self.chosen(scope["E"])
        else:
            samples = self.samples.size
            coming = (signal.flat(samples),) if flat else signal.as_steps(samples)
        sequence = self.placed.comes.kind in ("sequence", "numbers") and not flat
        memory: dict[str, Node | None] = {name: self.start(name) for name in self.recipe.memory}
        given: list[Node] = []
        for step, x in enumerate(coming, 1):
            time = step if sequence else None
            here: dict[str, Node | None] = {**scope, "x": x, **self.own.masks(time)}
            here |= {f"{n}{BEFORE}": self.kept(node, step) for n, node in memory.items()}
            self.equations(here, time=time)
            memory = {name: here[name] for name in memory}
            found = here[self.recipe.gives[0]]
            assert found is not None
            given.append(found)
        last = (self.placed.settings or {}).get("return") == "last"
        return Signal(self.placed.gives, steps=tuple(given[-1:] if last else given))

    def chosen(self, table: Node) -> tuple[Node, ...]:
        """The rows of a table that the inputs name, one column for each sample."""
        labels = self.samples.labels or (1,)
        inputs = [self.draft.problem.inputs[label - 1] for label in labels]
        return tuple(
            stacked_columns([Apply("index", (table,), (int(row[t]),)) for row in inputs])
            for t in range(self.placed.comes.sizes[0])
        )

    def kept(self, node: Node | None, step: int) -> Node | None:
        """The memory of the step before; a stand-in where no gradient goes further back."""
        layer = self.placed.layer
        if not isinstance(node, Symbol) or not isinstance(layer, Layer) or not layer.is_cut(step):
            return node
        name = f"{node.name} held"
        self.held[name] = node.name
        return Symbol(name)

    def start(self, name: str) -> Node | None:
        """What the layer says about its memory before the first step; None: nothing."""
        numbers = self.recipe.start.get(name)
        if numbers is None:
            return None
        return self.own.constant(name, tuple(numbers), f"{self.placed.label}.{name}~0", 0)

    def over_tokens(self, signal: Signal, scope: Scope) -> Signal:
        given = []
        for position, x in enumerate(signal.as_tokens(self.samples.size)):
            here: dict[str, Node | None] = {**scope, "x": x, **self.own.patterns(position)}
            self.equations(here, position=position)
            found = here[self.recipe.gives[0]]
            assert found is not None
            given.append(found)
        if self.placed.gives.kind == "units":
            return Signal(self.placed.gives, steps=(stacked_columns(given),))
        return Signal(self.placed.gives, tokens=tuple(given))

    def over_images(self, signal: Signal, scope: Scope) -> Signal:
        given = []
        for position, channels in enumerate(signal.channels):
            here: dict[str, Node | None] = dict(scope)
            for number, channel in enumerate(channels, 1):
                here[numbered("x", (number, len(channels)))] = channel
            self.equations(here, position=position)
            given.append(tuple(node for name in self.recipe.gives if (node := here[name])))
        return Signal(self.placed.gives, channels=tuple(given))

    # -- equations -----------------------------------------------------------------------------

    def equations(
        self, scope: dict[str, Node | None], time: int | None = None, position: int | None = None
    ) -> None:
        """The recipe's lines at one place; `scope` grows by their names."""
        for text in self.recipe.equations:
            local, parsed = read_equation(text)
            left = without(parsed, {name for name, node in scope.items() if node is None})
            if left is None:
                scope[local] = None
                continue
            there: Mapping[str, Node] = {n: node for n, node in scope.items() if node is not None}
            formula = filled(left, there)
            cut, formula = formula, restored(formula, self.held)
            base, _ = split(local)
            quantity = self.quantity(local, f"{self.placed.label}.{base}", formula, time, position)
            if cut != formula:
                self.cut[quantity.name] = cut
            rule = f"{self.placed.layer.type}_{base}"
            scope[local] = self.draft.write(
                Equation(quantity, formula, rule, "forward", self.placed.number)
            )

    def quantity(
        self,
        local: str,
        key: str,
        formula: Node,
        time: int | None = None,
        position: int | None = None,
    ) -> Quantity:
        """The array that a formula gives, under its local name."""
        shape = shape_of(formula, self.draft.shapes)
        mark = "" if time is None else f"~{time}"
        mark += "" if position is None else f"#{position + 1}"
        labels = self.samples.labels
        missing = (
            frozenset()
            if position is None
            else masked_cells(formula, shape, self.draft.quantities, self.draft.shapes)
        )
        return Quantity(
            f"{self.placed.label}.{local}{mark}",
            key,
            self.axes(shape, position),
            missing=missing,
            leading=split(local)[1],
            time=time,
            sample=labels[position] if labels and position is not None else None,
            position=position,
        )

    def axes(self, shape: tuple[int, ...], position: int | None) -> tuple[Axis, ...]:
        """The axes of a result; an axis that was summed up is not written."""
        if position is None:
            units, samples = shape
            single = units == 1 and self.placed.comes.width > 1 and self.placed.gives.width > 1
            first = UNNAMED if single else counted_axis("unit", units)
            return (first, self.samples if samples == self.samples.size else UNNAMED)
        summed = len(shape) == 2 and 1 in shape and self.placed.type.over == "tokens"
        return tuple(
            UNNAMED
            if summed and size == 1 and self.placed.comes.sizes[place] > 1
            else counted_axis(axis, size)
            for place, (axis, size) in enumerate(zip(("row", "column"), shape, strict=False))
        )


def restored(formula: Node, held: Mapping[str, str]) -> Node:
    """The formula with the states themselves instead of what stood for them."""
    if not held:
        return formula
    return filled(formula, {name: Symbol(own) for name, own in held.items()})
