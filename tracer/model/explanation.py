"""An explanation: one quantity, and every way in which the loss depends on it.

Made by `backprop.explaining`, printed by the command line.  All numbers are exact ones,
so that the sum over the paths, backprop's own line and the matrix form can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracer.formula.nodes import Node
from tracer.model.rounding import Value
from tracer.model.step import Step
from tracer.model.trace import Agreement


@dataclass(frozen=True, slots=True)
class Link:
    """One factor of a path: the derivative of a quantity by one of its operands."""

    of: str
    """The key of the quantity that is differentiated."""
    by: str
    """The key of the operand."""
    formula: Node
    """The local derivative, over keys."""
    value: Value
    """Its exact value."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way from the objective back to a quantity; the product of its factors."""

    start: str
    """The key where it begins: the loss, or a quantity with an upstream gradient."""
    weight: Value
    """What the path starts with: 1, or the upstream gradient."""
    links: tuple[Link, ...]
    share: Value
    """The path's share of the derivative."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The quantities on the way, the objective first."""
        return (self.start, *(link.by for link in self.links))


@dataclass(frozen=True, slots=True)
class MatrixForm:
    """The array equation that a quantity is one cell of."""

    array: str
    """The name of the whole array, e.g. ``dw1``."""
    formula: Node
    """Over array names."""
    update: int
    """How many updates the parameters in it have behind them."""
    cell: tuple[int, ...]
    """Which cell of the array, counted from 0."""
    value: float
    """That cell, worked out by matrix arithmetic."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One quantity explained."""

    step: Step
    """The quantity itself: its rule, its formula and its numbers."""
    of: str
    """The quantity by which the objective is differentiated; empty: it depends on none."""
    objective: Mapping[str, Value]
    """What is differentiated: the loss with weight 1, or upstream gradients by key."""
    gradient: Step | None
    """Backprop's own line for that derivative (the component form), if it has one."""
    sign: int
    """-1 where `gradient` is written with the opposite sign (delta: t-o), else 1."""
    paths: tuple[Path, ...]
    """All paths in writing order, or the strongest ones if there are too many."""
    count: int
    """How many paths there are in all."""
    total: Value
    """The sum of the shares of all paths."""
    matrix: MatrixForm | None
    """The array equation of `gradient`, or else of `step`."""
    agreements: tuple[Agreement, ...]
    """Component form beside the sum over the paths and beside the matrix form."""
    held: tuple[str, ...] = ()
    """States that paths would go through, if backpropagation through time were not truncated."""

    @property
    def agrees(self) -> bool:
        """Whether every comparison came out equal."""
        return all(result.agrees for result in self.agreements)
