"""Reductions, over everything or along one axis, and how their gradients spread.

A reduction along an axis keeps that axis with size 1, so that its result broadcasts
against what it was made from.
"""

from __future__ import annotations

from itertools import product as every

from tracer.calculus.primitives.kinds import Entry, Options, Scope, Shape, Shapes
from tracer.calculus.primitives.walking import (
    aligned,
    entry,
    is_constant,
    joined,
    said,
    shape_of,
    sum_to,
)
from tracer.errors import ProblemError
from tracer.formula.nodes import Apply, Call, Node, Number
from tracer.formula.rewriting import ZERO, fraction, product
from tracer.model.quantity import Index


def reduced_shape(shapes: list[Shape], options: Options) -> Shape:
    (shape,) = shapes
    if not options:
        return ()
    if not 0 <= options[0] < len(shape):
        raise ProblemError(f"an array of shape {said(shape)} has no axis {options[0]}")
    return tuple(1 if axis == options[0] else size for axis, size in enumerate(shape))


def _cells(node: Apply, index: Index, scope: Scope) -> list[Entry]:
    """The entries that one cell of a reduction runs over, in order."""
    shape = shape_of(node.operands[0], scope.shapes)
    ranges = [
        range(size) if not node.options or axis == node.options[0] else (index[axis],)
        for axis, size in enumerate(shape)
    ]
    return [entry(node.operands[0], where, scope) for where in every(*ranges)]


def sum_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return joined(_cells(node, index, scope))


def mean_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    cells = _cells(node, index, scope)
    return fraction(joined(cells) or ZERO, Number(str(len(cells))))


def max_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return Call("maximum", tuple(cell or ZERO for cell in _cells(node, index, scope)))


def spread_back_to(node: Apply, gradient: Node, shapes: Shapes) -> Node:
    """The gradient of a reduction, repeated over the cells that it ran over."""
    if is_constant(gradient):
        return gradient  # a constant broadcasts by itself
    return Apply("spread", (gradient,), (shape_of(node.operands[0], shapes),))


def sum_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [spread_back_to(node, gradient, shapes)]


def mean_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shape = shape_of(node.operands[0], shapes)
    count = 1
    for axis, size in enumerate(shape):
        count *= size if not node.options or axis == node.options[0] else 1
    return [fraction(spread_back_to(node, gradient, shapes), Number(str(count)))]


def max_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    mask = Apply("is_max", node.operands, node.options)
    return [product(spread_back_to(node, gradient, shapes), mask)]


def is_max_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    shape = shape_of(node.operands[0], scope.shapes)
    axes = [i for i in range(len(shape)) if not node.options or i == node.options[0]]
    position = 0
    for axis in axes:
        position = position * shape[axis] + index[axis]
    cells = tuple(cell or ZERO for cell in _cells(node, index, scope))
    return Call("ismax", (Number(str(position + 1)), *cells))


def same_shape(shapes: list[Shape], options: Options) -> Shape:
    return shapes[0]


def spread_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    inner = shape_of(node.operands[0], scope.shapes)
    return entry(node.operands[0], aligned(index, inner), scope)


def first_option(shapes: list[Shape], options: Options) -> Shape:
    return tuple(options[0])


def spread_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shape: Shape = node.options[0]  # type: ignore[assignment]
    return [sum_to(gradient, shape, shape_of(node.operands[0], shapes))]


def sum_to_shape(shapes: list[Shape], options: Options) -> Shape:
    return tuple(options[1])


def sum_to_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    shape: Shape = node.options[0]  # type: ignore[assignment]
    target: Shape = node.options[1]  # type: ignore[assignment]
    offset = len(shape) - len(target)
    ranges = [
        range(size)
        if axis < offset or (target[axis - offset] == 1 and size > 1)
        else (index[axis - offset],)
        for axis, size in enumerate(shape)
    ]
    return joined([entry(node.operands[0], where, scope) for where in every(*ranges)])


def sum_to_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("spread", (gradient,), (node.options[0],))]
