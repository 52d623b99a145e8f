"""Swaps: a line worked out as it stands, but with other quantities than it asks for.

Most mistakes of method are of this kind (an old weight, another unit's activation, an
operand rounded too early).  A swap needs no new formula until it is shown to somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracer.formula.nodes import Node, Symbol, substitute


@dataclass(frozen=True, slots=True)
class Swap:
    """Some operands of a line exchanged for other quantities or numbers."""

    changes: Mapping[str, Node]

    @property
    def is_between_quantities(self) -> bool:
        """Whether only quantities are exchanged for quantities."""
        return all(isinstance(node, Symbol) for node in self.changes.values())

    def formula(self, right: Node) -> Node:
        """The line's formula with the exchange made."""

        def exchanged(symbol: Symbol) -> Node:
            return self.changes.get(symbol.name, symbol)

        return substitute(right, exchanged)
