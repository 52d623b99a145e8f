"""What a primitive is: shape, entry, pull-back and code, side by side.

Declares a row of the table, the types that its functions take and give, and the `Scope`
in which an entry is written: the shapes of the quantities around, and the formula of each
of their cells.  Read by every file of primitives; what is outside takes `primitives`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tracer.formula.nodes import Apply, Node
from tracer.model.quantity import Index

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]
Entry = Node | None
Options = tuple[Any, ...]
Missing = frozenset[Index]

TABLE: dict[str, Primitive] = {}
"""All primitives by name; the package fills it, once, from its own table."""


class Scope(Protocol):
    """What an entry needs to know of the quantities around it."""

    shapes: Shapes

    def cell(self, name: str, index: Index) -> Entry:
        """The formula of one cell of a quantity: its key, or None where nothing is."""


@dataclass(frozen=True, slots=True)
class Primitive:
    """One row of the table."""

    shape: Callable[[list[Shape], Options], Shape]
    entry: Callable[[Apply, Index, Scope], Entry]
    pull_back: Callable[[Apply, Node, Node, Shapes], list[Node]]
    """(primitive, gradient of its result, the result itself, shapes) -> per operand."""
    code: str
    """A NumPy expression over the functions of `arrays`; ``{0}``, ``{1}``, ``{all}`` are
    operands, ``{options}`` the options, ``{out}`` where the result goes (without it, the
    result is a view)."""
    reduces: bool = True
    """Whether a cell depends on many cells, so that it may not stand inside another."""
    missing: Callable[[Sequence[Missing], list[Shape]], Missing] | None = None
    """Which cells are structural zeros, from those of the operands and their shapes.

    The entries say it too, and None leaves it to them; declared where they are long, and
    held against them by a test."""
