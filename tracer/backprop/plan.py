"""A plan while it is written: the ordered equations of one update, and their quantities.

A layer network's equations are written by `layering`, an equation network's by
`equation_plan`; here stands what both share.  A plan holds for one batch: its sample
axis carries the numbers of the samples.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracer.calculus.primitives import Entry, Shape, Shapes
from tracer.errors import ProblemError
from tracer.formula.nodes import Symbol
from tracer.model.problem import Problem
from tracer.model.quantity import Equation, Index, Plan, Quantity


class Cells:
    """The keys of a plan's cells in one pass: the scope in which entries are written."""

    def __init__(self, quantities: Mapping[str, Quantity], shapes: Shapes, update: int) -> None:
        self.quantities = quantities
        self.shapes = shapes
        self.update = update

    def cell(self, name: str, index: Index) -> Entry:
        bare = name.removesuffix("'")
        quantity = self.quantities[bare]
        if index in quantity.missing:
            return None
        return Symbol(quantity.cell(index, self.update + (bare != name)))


_RECENT: deque[Plan] = deque(maxlen=16)


@dataclass
class Draft:
    """A plan while it is being written."""

    problem: Problem
    quantities: dict[str, Quantity] = field(default_factory=dict)
    equations: list[Equation] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    """Texts of given numbers by key."""
    shapes: dict[str, Shape] = field(default_factory=dict)

    def declare(self, quantity: Quantity) -> Symbol:
        """Make a quantity known; its symbol."""
        self.quantities[quantity.name] = quantity
        self.shapes[quantity.name] = quantity.shape
        self.shapes[quantity.name + "'"] = quantity.shape
        return Symbol(quantity.name)

    def write(self, equation: Equation) -> Symbol:
        """Add an equation, making its target known; the target's symbol."""
        self.equations.append(equation)
        return self.declare(equation.target)

    def setting(self, name: str, text: str) -> Symbol:
        """A given number such as the learning rate."""
        if name in self.quantities and self.values.get(name) != text:
            raise ProblemError(f"the name '{name}' is taken by the optimizer's setting")
        self.values[name] = text
        return self.declare(Quantity(name, name, (), "given"))

    def clock(self) -> Symbol:
        """The number of the update, from 1."""
        return self.declare(Quantity("step", "step", (), "clock"))

    def finished(self, samples: Sequence[int] = ()) -> Plan:
        """The plan; the very same object for problems that differ in their numbers alone.

        So whoever works on many variants sees at a glance that they have one shape.
        """
        made = Plan(dict(self.quantities), tuple(self.equations), tuple(samples))
        for known in _RECENT:
            if known == made:
                return known
        _RECENT.appendleft(made)
        return made
