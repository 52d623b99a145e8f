"""Quantities, their axes, and the equations between them: what a plan is made of.

An axis has a name, and the name settles where its position goes in a key: a unit, row
or column becomes an index, a sample ``#s``, a time step ``~t``; an axis without a name
has size 1 and is not written (a bias shared by a whole layer).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from tracer.formula.keys import Key
from tracer.formula.nodes import Node

Index = tuple[int, ...]
"""A cell of an array, counted from 0 along each axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of an array."""

    name: str
    """``unit``, ``source``, ``row``, ``column``, ``sample``, ``time``, or ``""``."""
    size: int
    labels: tuple[int, ...] = ()
    """The numbers that are written for the positions; none: the axis is not written."""


UNNAMED = Axis("", 1)


def numbered(name: str, size: int) -> Axis:
    """An axis whose positions are written 1, 2, 3, ...

    >>> numbered("unit", 3)
    Axis(name='unit', size=3, labels=(1, 2, 3))
    """
    return Axis(name, size, tuple(range(1, size + 1)))


@dataclass(frozen=True, slots=True)
class Quantity:
    """An array of numbers that belong together: all of ``z1``, all of ``w2``, the loss.

    >>> w = Quantity("w2", "w2", (numbered("unit", 1), numbered("source", 2)), "parameter")
    >>> w.cell((0, 1), update=1)
    'w2[1,2]@1'
    """

    name: str
    """Its symbol in array equations, e.g. ``w2`` or ``loss.terms``."""
    key: str
    """How the key of each cell begins, e.g. ``w2`` or ``loss``."""
    axes: tuple[Axis, ...]
    kind: str = "computed"
    """``given``: never changes; ``parameter``: is updated; ``computed``: by an equation;
    ``fixed``: by one that no update changes; ``clock``: the number of the update."""
    missing: frozenset[Index] = frozenset()
    """Cells that are not there (a missing connection): structural zeros, never printed."""
    frozen: frozenset[Index] = frozenset()
    """Cells of a parameter that are never updated."""
    leading: tuple[int, ...] = ()
    """Indices that all of its cells share, written before their own: a head, a channel."""
    time: int | None = None
    """The time step, where each step has an array of its own."""
    sample: int | None = None
    """The sample's number, where each sample has an array of its own and there are several."""
    position: int | None = None
    """Where in its batch that sample stands, counted from 0."""

    @property
    def sampled(self) -> bool:
        """Whether its numbers belong to samples: they change with the batch."""
        return self.position is not None or any(axis.name == "sample" for axis in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(axis.size for axis in self.axes)

    def cells(self) -> Iterator[Index]:
        """All cells that are there, the last axis running fastest."""
        for index in product(*(range(axis.size) for axis in self.axes)):
            if index not in self.missing:
                yield index

    def cell(self, index: Index, update: int = 0) -> str:
        """The key of one cell, after `update` updates."""
        indices = list(self.leading)
        time, sample = self.time, self.sample
        for axis, position in zip(self.axes, index, strict=True):
            if not axis.labels:
                continue
            label = axis.labels[position]
            if axis.name == "sample":
                sample = label
            elif axis.name == "time":
                time = label
            else:
                indices.append(label)
        if self.kind in ("given", "fixed") or index in self.frozen:
            update = 0
        return str(Key(self.key, tuple(indices), time, sample, update))


@dataclass(frozen=True, slots=True)
class Equation:
    """``target = formula`` over arrays, with its place in the calculation.

    A symbol of the formula that ends in ``'`` is the quantity after this update.
    """

    target: Quantity
    formula: Node
    rule: str
    """What kind of line it is: ``preactivation``, ``delta``, ``update``, ..."""
    phase: str
    """``forward``, ``loss``, ``backward``, ``gradient``, ``update`` or ``report``."""
    layer: int | None = None
    shown: bool = True
    """False: traced for reference (other lines contain it), but not a line of its own."""

    @property
    def is_next(self) -> bool:
        """Whether it gives its target's value after this update."""
        return self.target.kind == "parameter"


@dataclass(frozen=True, slots=True)
class Plan:
    """The equations of one update, in order, and the quantities that they are about."""

    quantities: Mapping[str, Quantity]
    equations: tuple[Equation, ...]
    samples: tuple[int, ...] = ()
    """The samples of this update's batch, by their numbers in the problem."""
    index: Mapping[str, Equation] = field(init=False, compare=False, repr=False)
    """Equations by the name of their target."""

    def __post_init__(self) -> None:
        found = {equation.target.name: equation for equation in self.equations}
        object.__setattr__(self, "index", found)
