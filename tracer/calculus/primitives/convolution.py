"""Convolution (cross-correlation, as networks mean it) and pooling, with stride and padding.

Padding is a structural zero: it vanishes from the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as every

from tracer.calculus.primitives.kinds import Entry, Options, Scope, Shape, Shapes
from tracer.calculus.primitives.walking import entry, joined, multiplied, said, shape_of
from tracer.errors import ProblemError
from tracer.formula.nodes import Apply, Call, Node, Number
from tracer.formula.rewriting import ZERO, fraction
from tracer.model.quantity import Index


def _stride_and_pad(options: Options) -> tuple[int, int]:
    return (int(options[0]), int(options[1])) if options else (1, 0)


def conv_shape(shapes: list[Shape], options: Options) -> Shape:
    image, kernel = shapes
    stride, pad = _stride_and_pad(options)
    if len(image) != len(kernel) or len(image) not in (1, 2):
        raise ProblemError(
            f"conv() takes two vectors or two matrices; found {said(image)} and {said(kernel)}"
        )
    if any(k > n + 2 * pad for n, k in zip(image, kernel, strict=True)):
        raise ProblemError(f"the kernel {said(kernel)} is larger than its input {said(image)}")
    return tuple((n + 2 * pad - k) // stride + 1 for n, k in zip(image, kernel, strict=True))


def conv_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    image, kernel = node.operands
    size = shape_of(image, scope.shapes)
    stride, pad = _stride_and_pad(node.options)
    terms = []
    for offset in every(*map(range, shape_of(kernel, scope.shapes))):
        where = tuple(i * stride + o - pad for i, o in zip(index, offset, strict=True))
        if _inside(where, size):
            terms.append(multiplied([entry(image, where, scope), entry(kernel, offset, scope)]))
    return joined(terms)


def _inside(where: Index, shape: Shape) -> bool:
    return all(0 <= at < size for at, size in zip(where, shape, strict=True))


def conv_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    image, kernel = node.operands
    options = _stride_and_pad(node.options)
    by_image = Apply("conv_back", (gradient, kernel), (shape_of(image, shapes), *options))
    if options == (1, 0):
        return [by_image, Apply("conv", (image, gradient))]
    by_kernel = Apply("conv_kernel", (image, gradient), (shape_of(kernel, shapes), *options))
    return [by_image, by_kernel]


def conv_back_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """Every product in which this input cell took part; beyond the edge there is none."""
    gradient, kernel = node.operands
    outputs = shape_of(gradient, scope.shapes)
    stride, pad = _stride_and_pad(node.options[1:])
    terms = []
    for offset in every(*map(range, shape_of(kernel, scope.shapes))):
        reached = [i + pad - o for i, o in zip(index, offset, strict=True)]
        where = tuple(at // stride for at in reached)
        if all(at % stride == 0 for at in reached) and _inside(where, outputs):
            terms.append(multiplied([entry(gradient, where, scope), entry(kernel, offset, scope)]))
    return joined(terms)


def conv_kernel_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """Every product in which this kernel cell took part."""
    image, gradient = node.operands
    size = shape_of(image, scope.shapes)
    stride, pad = _stride_and_pad(node.options[1:])
    terms = []
    for out in every(*map(range, shape_of(gradient, scope.shapes))):
        where = tuple(o * stride + i - pad for o, i in zip(out, index, strict=True))
        if _inside(where, size):
            terms.append(multiplied([entry(image, where, scope), entry(gradient, out, scope)]))
    return joined(terms)


def given_shape(shapes: list[Shape], options: Options) -> Shape:
    return tuple(options[0])


# --- pooling: options are (size, stride) --------------------------------------------------


def pool_shape(shapes: list[Shape], options: Options) -> Shape:
    size, stride = options
    if len(shapes[0]) not in (1, 2):
        raise ProblemError("pooling takes a vector or a matrix")
    if any(size > n for n in shapes[0]):
        raise ProblemError(f"the pool of {size} is larger than its input {said(shapes[0])}")
    return tuple((n - size) // stride + 1 for n in shapes[0])


def _window(index: Index, size: int, stride: int) -> Iterator[Index]:
    """The cells under one window, row by row."""
    for offset in every(*[range(size)] * len(index)):
        yield tuple(i * stride + o for i, o in zip(index, offset, strict=True))


def _under(node: Apply, index: Index, scope: Scope) -> tuple[Node, ...]:
    size, stride = node.options[-2:]
    cells = _window(index, size, stride)  # type: ignore[arg-type]
    return tuple(entry(node.operands[-1], where, scope) or ZERO for where in cells)


def maxpool_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return Call("maximum", _under(node, index, scope))


def avgpool_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    cells = _under(node, index, scope)
    return fraction(joined(list(cells)) or ZERO, Number(str(len(cells))))


def maxpool_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("maxpool_back", (gradient, node.operands[0]), node.options)]


def avgpool_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shape = shape_of(node.operands[0], shapes)
    return [Apply("avgpool_back", (gradient,), (shape, *node.options))]


def _windows_over(node: Apply, index: Index, outputs: Shape) -> Iterator[tuple[Index, int]]:
    """The windows that hold an input cell, and the cell's place in each, from 1."""
    size, stride = node.options[-2:]
    for out in every(*map(range, outputs)):
        for place, where in enumerate(_window(out, size, stride), 1):  # type: ignore[arg-type]
            if where == index:
                yield out, place


def maxpool_back_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """The gradient goes to the cell that was the largest (the first of equal ones)."""
    gradient = node.operands[0]
    terms = []
    for out, place in _windows_over(node, index, shape_of(gradient, scope.shapes)):
        largest = Call("ismax", (Number(str(place)), *_under(node, out, scope)))
        terms.append(multiplied([entry(gradient, out, scope), largest]))
    return joined(terms)


def maxpool_back_shape(shapes: list[Shape], options: Options) -> Shape:
    return shapes[1]


def avgpool_back_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    gradient = node.operands[0]
    outputs = shape_of(gradient, scope.shapes)
    count = int(node.options[1]) ** len(index)  # type: ignore[call-overload]
    terms = [entry(gradient, out, scope) for out, _ in _windows_over(node, index, outputs)]
    inner = joined(terms)
    return None if inner is None else fraction(inner, Number(str(count)))


def no_second_order(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    raise ProblemError(f"{node.primitive}() is a backward primitive; it is not differentiated")
