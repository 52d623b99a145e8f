"""Softmax and its logarithm along an axis.

Entries are written out with their exponentials, ``exp(z_i)/(exp(z_1) + ... + exp(z_n))``,
and a masked cell neither has an entry nor stands in the sum of another.  The pull-backs
are written in the result, not in what went into it.  Read by the table of primitives
alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracer.calculus.primitives.kinds import Entry, Missing, Options, Scope, Shape, Shapes
from tracer.calculus.primitives.walking import entry, joined, shape_of
from tracer.errors import ProblemError
from tracer.formula.nodes import Apply, Call, Node
from tracer.formula.rewriting import ZERO, fraction, negative, product, total
from tracer.model.quantity import Index


def _softmax_axis(node: Apply, shape: Shape) -> int:
    return int(node.options[0]) if node.options else len(shape) - 1  # type: ignore[call-overload]


def softmax_shape(shapes: list[Shape], options: Options) -> Shape:
    if not shapes[0]:
        raise ProblemError("softmax() takes a vector or a matrix")
    return shapes[0]


def softmax_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """``exp(z_i)/(exp(z_1) + ... + exp(z_n))`` along the axis; what is missing is masked."""
    shape = shape_of(node.operands[0], scope.shapes)
    axis = _softmax_axis(node, shape)
    row = [
        entry(node.operands[0], (*index[:axis], k, *index[axis + 1 :]), scope)
        for k in range(shape[axis])
    ]
    if row[index[axis]] is None:
        return None
    powers = [None if cell is None else Call("exp", (cell,)) for cell in row]
    return fraction(powers[index[axis]] or ZERO, joined(list(powers)) or ZERO)


def softmax_missing(operands: Sequence[Missing], shapes: list[Shape]) -> Missing:
    """What is masked before is masked after; the rest of its line is there."""
    return operands[0]


def softmax_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shape = shape_of(node.operands[0], shapes)
    inner = Apply("sum", (product(gradient, result),), (_softmax_axis(node, shape),))
    return [product(result, total((gradient, negative(inner))))]


def log_softmax_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """``z_i - log(exp(z_1) + ... + exp(z_n))``; what is missing is masked."""
    shape = shape_of(node.operands[0], scope.shapes)
    axis = _softmax_axis(node, shape)
    row = [
        entry(node.operands[0], (*index[:axis], k, *index[axis + 1 :]), scope)
        for k in range(shape[axis])
    ]
    own = row[index[axis]]
    if own is None:
        return None
    powers = [None if cell is None else Call("exp", (cell,)) for cell in row]
    return total((own, negative(Call("log", (joined(list(powers)) or ZERO,)))))


def log_softmax_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shape = shape_of(node.operands[0], shapes)
    inner = Apply("sum", (gradient,), (_softmax_axis(node, shape),))
    return [total((gradient, negative(product(Call("exp", (result,)), inner))))]
