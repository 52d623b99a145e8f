"""Products of whole arrays: matrix product, transpose, outer products.

Shapes, entries and pull-backs of `matmul`, `transpose`, `outer` and `outer_each` (one outer
product for each sample), of vectors and matrices.  `matmul` and `transpose` also make such
nodes, without a double transpose or a minus inside; these two are read wherever equations
are written, the rest by the table of primitives alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product as every

from tracer.calculus.primitives.kinds import Entry, Missing, Options, Scope, Shape, Shapes
from tracer.calculus.primitives.walking import entry, joined, multiplied, said, shape_of
from tracer.errors import ProblemError
from tracer.formula.nodes import Apply, Negative, Node
from tracer.formula.rewriting import product
from tracer.model.quantity import Index


def matmul_shape(shapes: list[Shape], options: Options) -> Shape:
    left, right = shapes
    if not left or not right or left[-1] != right[0] or max(len(left), len(right)) > 2:
        raise ProblemError(
            f"a matrix product of shapes {said(left)} @ {said(right)} does not exist"
        )
    return left[:-1] + right[1:]


def matmul_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    left, right = node.operands
    rows = len(shape_of(left, scope.shapes)) - 1
    terms = [
        multiplied(
            [entry(left, (*index[:rows], k), scope), entry(right, (k, *index[rows:]), scope)]
        )
        for k in range(shape_of(right, scope.shapes)[0])
    ]
    return joined(terms)


def matmul_missing(operands: Sequence[Missing], shapes: list[Shape]) -> Missing:
    """A cell is there if its row and its column have something in one place."""
    (left, right), (rows, columns) = operands, shapes
    places = range(columns[0])
    lines = [
        (at, {k for k in places if (*at, k) not in left}) for at in every(*map(range, rows[:-1]))
    ]
    uprights = [
        (at, {k for k in places if (k, *at) not in right}) for at in every(*map(range, columns[1:]))
    ]
    return frozenset(
        (*i, *j) for i, line in lines for j, upright in uprights if line.isdisjoint(upright)
    )


def matmul_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    left, right = node.operands
    match len(shape_of(left, shapes)), len(shape_of(right, shapes)):
        case 1, 1:
            return [product(gradient, right), product(gradient, left)]
        case 2, 1:
            return [Apply("outer", (gradient, right)), matmul(transpose(left), gradient)]
        case 1, 2:
            return [matmul(right, gradient), Apply("outer", (left, gradient))]
    return [matmul(gradient, transpose(right)), matmul(transpose(left), gradient)]


def matmul(left: Node, right: Node) -> Node:
    """A matrix product; a minus in front of an operand goes in front of the product.

    >>> from tracer.formula.nodes import Symbol
    >>> from tracer.formula.writing import write
    >>> write(matmul(Negative(Symbol("W")), Symbol("x")))
    '-W @ x'
    """
    minus = isinstance(left, Negative) != isinstance(right, Negative)
    bare = [part.operand if isinstance(part, Negative) else part for part in (left, right)]
    node = Apply("matmul", tuple(bare))
    return Negative(node) if minus else node


def transpose(node: Node) -> Node:
    """The transpose; twice is not at all.

    >>> from tracer.formula.nodes import Symbol
    >>> from tracer.formula.writing import write
    >>> write(transpose(Symbol("W"))), write(transpose(transpose(Symbol("W"))))
    ('W.T', 'W')
    """
    if isinstance(node, Apply) and node.primitive == "transpose":
        return node.operands[0]
    return Apply("transpose", (node,))


def transpose_shape(shapes: list[Shape], options: Options) -> Shape:
    return shapes[0][::-1]


def transpose_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return entry(node.operands[0], index[::-1], scope)


def transpose_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [transpose(gradient)]


def outer_shape(shapes: list[Shape], options: Options) -> Shape:
    if any(len(shape) != 1 for shape in shapes):
        raise ProblemError("outer() takes two vectors")
    return shapes[0] + shapes[1]


def outer_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    left, right = node.operands
    return multiplied([entry(left, index[:1], scope), entry(right, index[1:], scope)])


def outer_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    left, right = node.operands
    return [matmul(gradient, right), matmul(transpose(gradient), left)]


def outer_each_shape(shapes: list[Shape], options: Options) -> Shape:
    (units, samples), (sources, _) = shapes
    return (units, sources, samples)


def outer_each_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    left, right = node.operands
    unit, source, sample = index
    return multiplied([entry(left, (unit, sample), scope), entry(right, (source, sample), scope)])
