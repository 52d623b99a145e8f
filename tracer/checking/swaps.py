"""Swaps: a line worked out as it stands, but with other quantities than it asks for.

Most mistakes of method are of this kind (an old weight, another unit's activation, an
operand rounded too early).  A swap needs no new formula until it is shown to somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracer.formula.nodes import Node, Number, Symbol, substitute
from tracer.formula.rewriting import negative


class Shortened(float):
    """A number with fewer digits than it had, of which zeros at its end are some."""

    __slots__ = ("figures",)
    figures: int

    def __new__(cls, value: float, figures: int) -> Shortened:
        found = super().__new__(cls, value)
        found.figures = figures
        return found

    def node(self) -> Node:
        """The number as it would be written."""
        number = abs(Decimal(repr(float(self))))
        if number:
            last = Decimal(1).scaleb(number.adjusted() - self.figures + 1)
            number = number.quantize(last)
        node = Number(format(number, "f"))
        return negative(node) if self < 0 else node


@dataclass(frozen=True, slots=True)
class Swap:
    """Some operands of a line exchanged for other quantities or numbers."""

    changes: Mapping[str, Node | Shortened]
    """What stands for each operand that is exchanged: a quantity, a formula, a shorter number."""

    @property
    def is_between_quantities(self) -> bool:
        """Whether only quantities are exchanged for quantities."""
        return all(isinstance(node, Symbol) for node in self.changes.values())

    def formula(self, right: Node) -> Node:
        """The line's formula with the exchange made."""

        def exchanged(symbol: Symbol) -> Node:
            other = self.changes.get(symbol.name, symbol)
            return other.node() if isinstance(other, Shortened) else other

        return substitute(right, exchanged)
