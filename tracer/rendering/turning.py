"""Rows or columns: an array equation of the plan as a book displays it.

The plan holds arrays with a sample in each column and weights as (to, from).  A book whose
samples are rows, or whose weights are (from, to), writes the transposed equation:
`Z = W X + b` becomes `Z = X W + b`.  Takes formulas over arrays, gives others; `matrices`
prints them.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracer.formula.nodes import Apply, Node, Symbol, children, rebuilt, walk
from tracer.model.quantity import Plan, Quantity
from tracer.rendering.shapes import ONES

_MINOR = frozenset({"only", "spread"})
"""What only makes shapes fit: no textbook writes it."""


@dataclass(frozen=True)
class Turning:
    """Which arrays of a plan a book displays transposed."""

    plan: Plan
    samples_in_rows: bool
    from_to: bool
    """Weights have a row for each unit that they come from."""

    def shape(self, quantity: Quantity) -> tuple[int, ...]:
        return quantity.shape[::-1] if self.is_turned(quantity.name) else quantity.shape

    def is_turned(self, name: str) -> bool:
        """Whether the notation displays the transpose of this array."""
        bare = name.rstrip("'")
        quantity = self.plan.quantities.get(bare)
        if quantity is None or len(quantity.shape) != 2:
            return False
        if any(axis.name == "source" for axis in quantity.axes):
            return self.from_to
        first, second = (axis.name for axis in quantity.axes)
        # a matrix of tokens or of an image stands in every book as it is
        return self.samples_in_rows and first in ("unit", "") and second in ("sample", "")

    def turned(self, node: Node, turn: bool) -> Node:
        """A formula in displayed arrays whose value is the formula's, transposed if `turn`."""
        match node:
            case Symbol(name):
                quantity = self.plan.quantities.get(name.rstrip("'"))
                if quantity is not None and quantity.shape in ((), (1, 1)):
                    return node
                same = turn == self.is_turned(name)
                return node if same else Apply("transpose", (node,))
            case Apply("matmul", (left, right)):
                if turn:
                    return Apply("matmul", (self.turned(right, True), self.turned(left, True)))
                return Apply("matmul", (self.turned(left, False), self.turned(right, False)))
            case Apply("transpose", (inner,)):
                return self.turned(inner, not turn)
            case Apply("outer", (left, right)) if turn:  # of vectors, which stand upright
                return Apply("outer", (self.turned(right, False), self.turned(left, False)))
            case Apply(primitive, operands, (int(axis),)) if turn:
                turned = tuple(self.turned(part, True) for part in operands)
                return Apply(primitive, turned, (1 - axis,))
            case Apply("sum" | "mean" | "max" as primitive, (inner,), ()):
                # Over all cells it is the same of the transpose: what turns fewer arrays.
                both = (self.turned(inner, False), self.turned(inner, True))
                return Apply(primitive, (min(both, key=_transposed),))
        parts = tuple(self.turned(part, turn) for part in children(node))
        return rebuilt(node, parts) if parts else node


def _transposed(node: Node) -> int:
    """How many arrays of a formula are displayed transposed."""
    return sum(isinstance(part, Apply) and part.primitive == "transpose" for part in walk(node))


def simple(node: Node, plan: Plan) -> Node:
    """The formula without what only the program needs: shapes made to fit, sums as products."""
    parts = tuple(simple(part, plan) for part in children(node))
    match node:
        case Apply(primitive) if primitive in _MINOR:
            return parts[0]
        case Apply("sum_to", _, (shape, target)):
            return _summed(parts[0], tuple(shape), tuple(target))  # type: ignore[arg-type]
    return rebuilt(node, parts) if parts else node


def _summed(node: Node, shape: tuple[int, ...], target: tuple[int, ...]) -> Node:
    """A sum over rows or columns, as a product with a vector of ones."""
    if max(target, default=1) > 1 and (len(shape) != 2 or len(target) != 2):
        return Apply("sum_to", (node,))  # some axes of several: no textbook has a sign for it
    if len(shape) != 2 or len(target) != 2:
        return Apply("sum", (node,))
    if shape[1] > 1 and target[1] == 1:
        node = Apply("matmul", (node, Symbol(f"{ONES}{shape[1]}")))
    if shape[0] > 1 and target[0] == 1:
        ones = Apply("transpose", (Symbol(f"{ONES}{shape[0]}"),))
        node = Apply("matmul", (ones, node))
    return node
