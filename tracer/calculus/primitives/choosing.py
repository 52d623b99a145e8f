"""Choosing cells and putting arrays together.

Shapes, entries and pull-backs of `index` and `place`, `stack`, `only`, `flatten` and
`unflatten`, `concat` and `segment`, of `causal`, which masks what lies ahead, and of
`masked`, which leaves out the cells that another array has not.  Here no cell is calculated:
an entry is an entry of an operand, or a structural zero.  Read by the table of primitives
alone.
"""

from __future__ import annotations

from typing import Any

from tracer.calculus.primitives.kinds import Entry, Options, Scope, Shape, Shapes
from tracer.calculus.primitives.reductions import spread_back_to
from tracer.calculus.primitives.walking import entry, said, shape_of
from tracer.errors import ProblemError
from tracer.formula.nodes import Apply, Node
from tracer.model.quantity import Index


def index_shape(shapes: list[Shape], options: Options) -> Shape:
    (shape,) = shapes
    if len(options) > len(shape):
        raise ProblemError(f"an array of shape {said(shape)} has no {len(options)} indices")
    for axis, position in enumerate(options):
        if position is not None and position > shape[axis]:
            raise ProblemError(f"index {position} is beyond the {shape[axis]} that there are")
    kept = [
        size for axis, size in enumerate(shape) if axis >= len(options) or options[axis] is None
    ]
    return tuple(kept)


def index_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    shape = shape_of(node.operands[0], scope.shapes)
    free = iter(index)
    chosen = [*node.options, *[None] * (len(shape) - len(node.options))]
    where = tuple(next(free) if at is None else int(at) - 1 for at in chosen)  # type: ignore[call-overload]
    return entry(node.operands[0], where, scope)


def index_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("place", (gradient,), (shape_of(node.operands[0], shapes), node.options))]


def place_shape(shapes: list[Shape], options: Options) -> Shape:
    return tuple(options[0])


def place_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """The cell that was indexed gets the gradient; every other is a structural zero."""
    chosen: tuple[Any, ...] = node.options[1]  # type: ignore[assignment]
    free = []
    for axis, position in enumerate(index):
        at = chosen[axis] if axis < len(chosen) else None
        if at is None:
            free.append(position)
        elif at - 1 != position:
            return None
    return entry(node.operands[0], tuple(free), scope)


def place_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("index", (gradient,), node.options[1])]  # type: ignore[arg-type]


def stack_shape(shapes: list[Shape], options: Options) -> Shape:
    if len(set(shapes)) > 1:
        raise ProblemError("stack() takes arrays of one shape")
    if len(shapes[0]) > 1:
        raise ProblemError("stack() takes numbers or vectors")
    return (len(shapes), *shapes[0])


def stack_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return entry(node.operands[index[0]], index[1:], scope)


def stack_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("index", (gradient,), (k + 1,)) for k in range(len(node.operands))]


def only_shape(shapes: list[Shape], options: Options) -> Shape:
    return ()


def only_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    shape = shape_of(node.operands[0], scope.shapes)
    return entry(node.operands[0], (0,) * len(shape), scope)


def only_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [spread_back_to(node, gradient, shapes)]


def flatten_shape(shapes: list[Shape], options: Options) -> Shape:
    count = 1
    for size in shapes[0]:
        count *= size
    return (count,)


def flatten_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """The cells row by row."""
    place, where = index[0], []
    for size in reversed(shape_of(node.operands[0], scope.shapes)):
        place, position = divmod(place, size)
        where.append(position)
    return entry(node.operands[0], tuple(reversed(where)), scope)


def flatten_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("unflatten", (gradient,), (shape_of(node.operands[0], shapes),))]


def unflatten_shape(shapes: list[Shape], options: Options) -> Shape:
    return tuple(options[0])


def unflatten_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    place = 0
    shape: Shape = node.options[0]  # type: ignore[assignment]
    for position, size in zip(index, shape, strict=True):
        place = place * size + position
    return entry(node.operands[0], (place,), scope)


def unflatten_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("flatten", (gradient,))]


def concat_shape(shapes: list[Shape], options: Options) -> Shape:
    if any(not 1 <= len(shape) <= 2 for shape in shapes):
        raise ProblemError("concat() takes vectors, or matrices of as many columns")
    if len({shape[1:] for shape in shapes}) > 1:
        raise ProblemError("concat() takes vectors, or matrices of as many columns")
    return (sum(shape[0] for shape in shapes), *shapes[0][1:])


def concat_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    place = index[0]
    for part in node.operands:
        size = shape_of(part, scope.shapes)[0]
        if place < size:
            return entry(part, (place, *index[1:]), scope)
        place -= size
    return None


def concat_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shares: list[Node] = []
    start = 0
    for part in node.operands:
        size = shape_of(part, shapes)[0]
        shares.append(Apply("segment", (gradient,), (start, size)))
        start += size
    return shares


def segment_shape(shapes: list[Shape], options: Options) -> Shape:
    return (options[1], *shapes[0][1:])


def segment_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    start: int = node.options[0]  # type: ignore[assignment]
    return entry(node.operands[0], (index[0] + start, *index[1:]), scope)


def causal_shape(shapes: list[Shape], options: Options) -> Shape:
    if len(shapes[0]) != 2:
        raise ProblemError("causal() takes a matrix of scores, one row for each query")
    return shapes[0]


def causal_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """No query looks ahead: what lies right of the diagonal is not there."""
    return None if index[1] > index[0] else entry(node.operands[0], index, scope)


def causal_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("causal", (gradient,))]


def masked_shape(shapes: list[Shape], options: Options) -> Shape:
    scores, mask = shapes
    if scores != mask:
        raise ProblemError(
            "masked() takes scores and a mask of their shape; "
            f"found {said(scores)} and {said(mask)}"
        )
    return scores


def masked_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """What the mask has not is not there."""
    scores, mask = node.operands
    return None if entry(mask, index, scope) is None else entry(scores, index, scope)


def masked_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    """To the scores alone: a mask is no quantity that could be a little larger."""
    return [Apply("masked", (gradient, node.operands[1]))]
