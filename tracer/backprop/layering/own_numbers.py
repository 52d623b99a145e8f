"""The numbers that a layer of the layers table brings: parameters, constants, masks.

Takes a placed layer; declares its given and learnt arrays in the draft, and gives the scope
in which the recipe's local names stand for them.
"""

from __future__ import annotations

from typing import Any

from tracer.backprop.layering.parameters import declare_parameter
from tracer.backprop.plan import Draft
from tracer.calculus.layers.fitting import COLUMNS, places
from tracer.calculus.layers.kinds import Parameter, Recipe, numbered
from tracer.calculus.layers.placing import Placed
from tracer.formula.nodes import Node, Symbol
from tracer.model.layer import Layer
from tracer.model.problem import array_shape
from tracer.model.quantity import UNNAMED, Axis, Quantity
from tracer.model.quantity import numbered as counted_axis

Scope = dict[str, Node]
"""What the local names of a recipe stand for."""


class OwnNumbers:
    """Declares what one layer brings."""

    def __init__(self, draft: Draft, placed: Placed, samples: Axis) -> None:
        self.draft = draft
        self.placed = placed
        self.samples = samples

    @property
    def layer(self) -> Layer:
        assert isinstance(self.placed.layer, Layer)
        return self.placed.layer

    @property
    def recipe(self) -> Recipe:
        assert self.placed.recipe is not None
        return self.placed.recipe

    @property
    def columns(self) -> bool:
        """Whether samples stand in columns, so that a vector is a column, too."""
        return self.placed.type.over in COLUMNS

    def parameters(self) -> Scope:
        found: Scope = {}
        for name, parameter in self.recipe.parameters.items():
            given = self.layer.parameters
            values = "symbolic" if given == "symbolic" else given.get(name)
            if values is None:
                values = _repeated(parameter.written, parameter.default)
            for place in places(parameter.leading):
                local = numbered(name, *zip(place, parameter.leading, strict=True))
                part = values
                for number in split(local)[1] if part != "symbolic" else ():
                    part = part[number - 1]
                found[local] = self.parameter(local, name, parameter, part)
        return found

    def parameter(self, local: str, name: str, parameter: Parameter, values: Any) -> Symbol:
        label = self.placed.label
        return declare_parameter(
            self.draft,
            f"{label}.{local}",
            self.vector(parameter.shape),
            values,
            f"{label}.{name}",
            split(local)[1],
        )

    def vector(self, shape: tuple[int, ...]) -> tuple[Axis, ...]:
        """The axes of a parameter; a vector over the units is a column where samples are."""
        if not shape:
            return ()
        if len(shape) == 1:
            unit = counted_axis("unit", shape[0])
            return (unit, UNNAMED) if self.columns else (unit,)
        return tuple(counted_axis(n, s) for n, s in zip(("row", "column"), shape, strict=True))

    def constants(self) -> Scope:
        return {
            name: self.constant(name, value, f"{self.placed.label}.{name}")
            for name, value in self.recipe.constants.items()
        }

    def constant(self, name: str, value: Any, own: str, time: int | None = None) -> Symbol:
        """A given number, or a vector over the units."""
        axes = self.vector(array_shape(value))
        quantity = Quantity(own, f"{self.placed.label}.{name}", axes, "given", time=time)
        for index in quantity.cells():
            text = value[index[0]] if index else value
            self.draft.values[quantity.cell(index)] = text
        return self.draft.declare(quantity)

    def masks(self, time: int | None) -> Scope:
        """Given numbers of the shape of what comes in, at one time step."""
        found: Scope = {}
        for name, samples in self.recipe.masks.items():
            numbers = [samples[label - 1] for label in self.samples.labels or (1,)]
            rows = [sample if time is None else sample[time - 1] for sample in numbers]
            own = f"{self.placed.label}.{name}" + ("" if time is None else f"~{time}")
            axes = (counted_axis("unit", len(rows[0])), self.samples)
            quantity = Quantity(own, f"{self.placed.label}.{name}", axes, "given", time=time)
            for index in quantity.cells():
                unit, place = index
                self.draft.values[quantity.cell(index)] = rows[place][unit]
            found[name] = self.draft.declare(quantity)
        return found

    def patterns(self, position: int) -> Scope:
        """Masks of one sample: 1 where something is seen, and nothing elsewhere."""
        found: Scope = {}
        labels = self.samples.labels or (1,)
        for name, samples in self.recipe.patterns.items():
            pattern = samples[labels[position] - 1]
            shared = all(other == pattern for other in samples)
            own = f"{self.placed.label}.{name}" + ("" if shared else f"#{position + 1}")
            if own not in self.draft.quantities:
                self.pattern(own, f"{self.placed.label}.{name}", pattern, position, shared)
            found[name] = Symbol(own)
        return found

    def pattern(self, own: str, key: str, pattern: Any, position: int, shared: bool) -> None:
        """A mask; what it hides are cells that are not there."""
        cells = _cells_of(pattern)
        shape, labels = array_shape(pattern), self.samples.labels
        names = ("row", "column")[-len(shape) :]
        quantity = Quantity(
            own,
            key,
            tuple(counted_axis(axis, size) for axis, size in zip(names, shape, strict=True)),
            "given",
            frozenset(index for index, text in cells if text == "0"),
            sample=labels[position] if labels and not shared else None,
            position=None if shared else position,
        )
        for index in quantity.cells():
            self.draft.values[quantity.cell(index)] = "1"
        self.draft.declare(quantity)


def _cells_of(pattern: Any, index: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], str]]:
    """The cells of nested tuples, with their places."""
    if isinstance(pattern, str):
        return [(index, pattern)]
    return [cell for place, part in enumerate(pattern) for cell in _cells_of(part, (*index, place))]


def split(local: str) -> tuple[str, tuple[int, ...]]:
    """A local name without the numbers at its end, and these.

    >>> split("K_1_2"), split("running_mean")
    (('K', (1, 2)), ('running_mean', ()))
    """
    words = local.split("_")
    numbers: list[int] = []
    while len(words) > 1 and words[-1].isdigit():
        numbers.insert(0, int(words.pop()))
    return "_".join(words), tuple(numbers)


def _repeated(shape: tuple[int, ...], text: str) -> Any:
    """A number in every cell."""
    return tuple(_repeated(shape[1:], text) for _ in range(shape[0])) if shape else text
