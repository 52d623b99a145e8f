"""The array primitives: shape, entry, pull-back and code of each, side by side.

An equation is written over arrays.  For each primitive this table says

- its *shape*, from the shapes of its operands;
- its *entry*: the scalar formula of one cell, in the order in which a person writes it;
- its *pull-back*: the array formulas that carry a gradient from the result to each
  operand, in the same primitives, so that backward equations are traced, printed and
  compiled like forward ones;
- its *code*: how NumPy says it.

`entry`, `shape_of` and `pull_back` walk whole formulas; elementwise nodes broadcast as
in NumPy.  A *structural zero* (a missing connection, padding) is None: it vanishes from
the line, while an operand that merely happens to be 0 is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product as every
from typing import Any, Protocol

from tracer.errors import ProblemError
from tracer.formula.nodes import (
    Apply,
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
)
from tracer.formula.rewriting import ZERO, fraction, negative, power, product, total
from tracer.model.quantity import Index

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]
Entry = Node | None


class Scope(Protocol):
    """What an entry needs to know of the quantities around it."""

    shapes: Shapes

    def cell(self, name: str, index: Index) -> Entry:
        """The formula of one cell of a quantity: its key, or None where nothing is."""


@dataclass(frozen=True, slots=True)
class Primitive:
    """One row of the table."""

    shape: Callable[[list[Shape], tuple[Any, ...]], Shape]
    entry: Callable[[Apply, Index, Scope], Entry]
    pull_back: Callable[[Apply, Node, Node, Shapes], list[Node]]
    """(primitive, gradient of its result, the result itself, shapes) -> per operand."""
    code: str
    """A NumPy expression over the functions of `arrays`; ``{0}``, ``{1}``, ``{all}`` are
    operands, ``{options}`` the options, ``{out}`` where the result goes (without it, the
    result is a view)."""
    reduces: bool = True
    """Whether a cell depends on many cells, so that it may not stand inside another."""


# --- walking a formula ------------------------------------------------------------------


def shape_of(node: Node, shapes: Shapes) -> Shape:
    """The shape of an array formula.

    Raises:
        ProblemError: in words, where shapes do not meet.
    """
    match node:
        case Number():
            return ()
        case Symbol(name):
            return shapes[name]
        case Apply(name, operands, options):
            return PRIMITIVES[name].shape([shape_of(part, shapes) for part in operands], options)
        case Negative(operand):
            return shape_of(operand, shapes)
        case Sum(parts) | Product(parts) | Call(_, parts):
            return _broadcast([shape_of(part, shapes) for part in parts])
        case Fraction(first, second) | Power(first, second):
            return _broadcast([shape_of(first, shapes), shape_of(second, shapes)])


def entry(node: Node, index: Index, scope: Scope) -> Entry:
    """The scalar formula of one cell of an array formula; None for a structural zero."""
    match node:
        case Number():
            return node
        case Symbol(name):
            return scope.cell(name, _aligned(index, scope.shapes[name]))
        case Apply(name, _, _):
            return PRIMITIVES[name].entry(
                node, _aligned(index, shape_of(node, scope.shapes)), scope
            )
        case Negative(operand):
            inner = entry(operand, index, scope)
            return None if inner is None else negative(inner)
        case Sum(terms):
            return _total([entry(term, index, scope) for term in terms])
        case Product(factors):
            return _product([entry(factor, index, scope) for factor in factors])
        case Fraction(top, bottom):
            above, below = entry(top, index, scope), entry(bottom, index, scope)
            return None if above is None else fraction(above, below or ZERO)
        case Power(base, exponent):
            below, above = entry(base, index, scope), entry(exponent, index, scope)
            return None if below is None else power(below, above or ZERO)
        case Call(function, arguments):
            return Call(function, tuple(entry(part, index, scope) or ZERO for part in arguments))


def pull_back(
    node: Node,
    gradient: Node,
    shapes: Shapes,
    slope: Callable[[Call, int, Node | None], Node],
    result: Node | None = None,
) -> list[tuple[str, Node]]:
    """What the gradient of a formula contributes to the gradient of each symbol in it.

    Args:
        node: an array formula.
        gradient: the gradient of its value, of the same shape (or a number).
        shapes: shapes of all symbols.
        slope: gives the slope of an elementwise call by one of its arguments; its third
            argument is the symbol of the call's value, where it has one.
        result: the symbol that names the value of `node`, if it has one.

    Returns:
        Pairs of a symbol's name and a contribution, in writing order.
    """
    here = shape_of(node, shapes)

    def into(part: Node, share: Node) -> list[tuple[str, Node]]:
        reduced = sum_to(share, here, shape_of(part, shapes))
        return pull_back(part, reduced, shapes, slope)

    match node:
        case Number():
            return []
        case Symbol(name):
            return [(name, gradient)]
        case Negative(operand):
            return into(operand, negative(gradient))
        case Sum(terms):
            return [pair for term in terms for pair in into(term, gradient)]
        case Product(factors):
            return [
                pair
                for i, factor in enumerate(factors)
                for pair in into(factor, product(gradient, *factors[:i], *factors[i + 1 :]))
            ]
        case Fraction(top, bottom):
            value = result or fraction(top, bottom)
            below = negative(product(gradient, fraction(value, bottom)))
            return into(top, fraction(gradient, bottom)) + into(bottom, below)
        case Power(base, exponent):
            lower = power(base, total((exponent, Number("-1"))))
            above = product(gradient, result or node, Call("log", (base,)))
            return into(base, product(gradient, exponent, lower)) + (
                [] if isinstance(exponent, Number) else into(exponent, above)
            )
        case Call(_, arguments):
            return [
                pair
                for place, argument in enumerate(arguments)
                if not isinstance(argument, Number)
                for pair in into(argument, product(gradient, slope(node, place, result)))
            ]
        case Apply(name, operands, _):
            if here and is_constant(gradient):
                gradient = Apply("spread", (gradient,), (here,))
            shares = PRIMITIVES[name].pull_back(node, gradient, result or node, shapes)
            return [
                pair
                for part, share in zip(operands, shares, strict=True)
                for pair in pull_back(part, share, shapes, slope)
            ]


def sum_to(node: Node, shape: Shape, target: Shape) -> Node:
    """Undo a broadcast: the formula summed over the axes along which it was repeated."""
    if shape == target:
        return node
    count = 1
    for size in shape:
        count *= size
    for size in target:
        count //= size
    if count == 1 and len(shape) == len(target):
        return node
    if is_constant(node):
        return product(Number(str(count)), node)
    return Apply("sum_to", (node,), (shape, target))


def is_constant(node: Node) -> bool:
    """Whether a gradient is a bare number, the same in every cell."""
    return isinstance(node.operand if isinstance(node, Negative) else node, Number)


def _aligned(index: Index, shape: Shape) -> Index:
    """The index into an operand that is broadcast along missing or single axes."""
    last = index[len(index) - len(shape) :] if shape else ()
    return tuple(0 if size == 1 else i for i, size in zip(last, shape, strict=True))


def _broadcast(shapes: list[Shape]) -> Shape:
    longest: Shape = max(shapes, key=len)
    result = list(longest)
    for shape in shapes:
        offset = len(result) - len(shape)
        for axis, size in enumerate(shape):
            if result[offset + axis] == 1:
                result[offset + axis] = size
            elif size not in (1, result[offset + axis]):
                raise ProblemError(
                    f"shapes {_said(longest)} and {_said(shape)} do not fit together"
                )
    return tuple(result)


def _said(shape: Shape) -> str:
    return "of a single number" if not shape else "(" + ", ".join(map(str, shape)) + ")"


def _total(terms: list[Entry]) -> Entry:
    there = [term for term in terms if term is not None]
    if not there:
        return None
    flat: list[Node] = []
    for term in there:
        flat.extend(term.terms if isinstance(term, Sum) else (term,))
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def _product(factors: list[Entry]) -> Entry:
    if any(factor is None for factor in factors):
        return None
    return product(*[factor for factor in factors if factor is not None])


# --- matrix products --------------------------------------------------------------------


def _matmul_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    left, right = shapes
    if not left or not right or left[-1] != right[0] or max(len(left), len(right)) > 2:
        raise ProblemError(
            f"a matrix product of shapes {_said(left)} @ {_said(right)} does not exist"
        )
    return left[:-1] + right[1:]


def _matmul_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    left, right = node.operands
    rows = len(shape_of(left, scope.shapes)) - 1
    terms = [
        _product([entry(left, (*index[:rows], k), scope), entry(right, (k, *index[rows:]), scope)])
        for k in range(shape_of(right, scope.shapes)[0])
    ]
    return _total(terms)


def _matmul_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
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
    """A matrix product; a minus in front of an operand goes in front of the product."""
    minus = isinstance(left, Negative) != isinstance(right, Negative)
    bare = [part.operand if isinstance(part, Negative) else part for part in (left, right)]
    node = Apply("matmul", tuple(bare))
    return Negative(node) if minus else node


def transpose(node: Node) -> Node:
    """The transpose; twice is not at all."""
    if isinstance(node, Apply) and node.primitive == "transpose":
        return node.operands[0]
    return Apply("transpose", (node,))


def _transpose_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    return shapes[0][::-1]


def _transpose_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return entry(node.operands[0], index[::-1], scope)


def _transpose_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [transpose(gradient)]


def _outer_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    if any(len(shape) != 1 for shape in shapes):
        raise ProblemError("outer() takes two vectors")
    return shapes[0] + shapes[1]


def _outer_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    left, right = node.operands
    return _product([entry(left, index[:1], scope), entry(right, index[1:], scope)])


def _outer_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    left, right = node.operands
    return [matmul(gradient, right), matmul(transpose(gradient), left)]


def _outer_each_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    (units, samples), (sources, _) = shapes
    return (units, sources, samples)


def _outer_each_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    left, right = node.operands
    unit, source, sample = index
    return _product([entry(left, (unit, sample), scope), entry(right, (source, sample), scope)])


# --- choosing and putting together ------------------------------------------------------


def _index_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    (shape,) = shapes
    if len(options) > len(shape):
        raise ProblemError(f"an array of shape {_said(shape)} has no {len(options)} indices")
    for axis, position in enumerate(options):
        if position is not None and position > shape[axis]:
            raise ProblemError(f"index {position} is beyond the {shape[axis]} that there are")
    kept = [
        size for axis, size in enumerate(shape) if axis >= len(options) or options[axis] is None
    ]
    return tuple(kept)


def _index_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    shape = shape_of(node.operands[0], scope.shapes)
    free = iter(index)
    chosen = [*node.options, *[None] * (len(shape) - len(node.options))]
    where = tuple(next(free) if at is None else int(at) - 1 for at in chosen)  # type: ignore[call-overload]
    return entry(node.operands[0], where, scope)


def _index_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("place", (gradient,), (shape_of(node.operands[0], shapes), node.options))]


def _place_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    return tuple(options[0])


def _place_entry(node: Apply, index: Index, scope: Scope) -> Entry:
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


def _place_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("index", (gradient,), node.options[1])]  # type: ignore[arg-type]


def _stack_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    if len(set(shapes)) > 1:
        raise ProblemError("stack() takes arrays of one shape")
    if len(shapes[0]) > 1:
        raise ProblemError("stack() takes numbers or vectors")
    return (len(shapes), *shapes[0])


def _stack_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return entry(node.operands[index[0]], index[1:], scope)


def _stack_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("index", (gradient,), (k + 1,)) for k in range(len(node.operands))]


def _only_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    return ()


def _only_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    shape = shape_of(node.operands[0], scope.shapes)
    return entry(node.operands[0], (0,) * len(shape), scope)


def _only_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [_spread(node, gradient, shapes)]


# --- reductions -------------------------------------------------------------------------


def _reduced_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    (shape,) = shapes
    if not options:
        return ()
    return tuple(1 if axis == options[0] else size for axis, size in enumerate(shape))


def _cells(node: Apply, index: Index, scope: Scope) -> list[Entry]:
    """The entries that one cell of a reduction runs over, in order."""
    shape = shape_of(node.operands[0], scope.shapes)
    ranges = [
        range(size) if not node.options or axis == node.options[0] else (index[axis],)
        for axis, size in enumerate(shape)
    ]
    return [entry(node.operands[0], where, scope) for where in every(*ranges)]


def _sum_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return _total(_cells(node, index, scope))


def _mean_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    cells = _cells(node, index, scope)
    return fraction(_total(cells) or ZERO, Number(str(len(cells))))


def _max_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    return Call("maximum", tuple(cell or ZERO for cell in _cells(node, index, scope)))


def _spread(node: Apply, gradient: Node, shapes: Shapes) -> Node:
    """The gradient of a reduction, repeated over the cells that it ran over."""
    if is_constant(gradient):
        return gradient  # a constant broadcasts by itself
    return Apply("spread", (gradient,), (shape_of(node.operands[0], shapes),))


def _sum_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [_spread(node, gradient, shapes)]


def _mean_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shape = shape_of(node.operands[0], shapes)
    count = 1
    for axis, size in enumerate(shape):
        count *= size if not node.options or axis == node.options[0] else 1
    return [fraction(_spread(node, gradient, shapes), Number(str(count)))]


def _max_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    mask = Apply("is_max", node.operands, node.options)
    return [product(_spread(node, gradient, shapes), mask)]


def _is_max_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    shape = shape_of(node.operands[0], scope.shapes)
    axes = [i for i in range(len(shape)) if not node.options or i == node.options[0]]
    position = 0
    for axis in axes:
        position = position * shape[axis] + index[axis]
    cells = tuple(cell or ZERO for cell in _cells(node, index, scope))
    return Call("ismax", (Number(str(position + 1)), *cells))


def _same_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    return shapes[0]


def _spread_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    inner = shape_of(node.operands[0], scope.shapes)
    return entry(node.operands[0], _aligned(index, inner), scope)


def _first_option(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    return tuple(options[0])


def _spread_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shape: Shape = node.options[0]  # type: ignore[assignment]
    return [sum_to(gradient, shape, shape_of(node.operands[0], shapes))]


def _sum_to_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    return tuple(options[1])


def _sum_to_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    shape: Shape = node.options[0]  # type: ignore[assignment]
    target: Shape = node.options[1]  # type: ignore[assignment]
    offset = len(shape) - len(target)
    ranges = [
        range(size)
        if axis < offset or (target[axis - offset] == 1 and size > 1)
        else (index[axis - offset],)
        for axis, size in enumerate(shape)
    ]
    return _total([entry(node.operands[0], where, scope) for where in every(*ranges)])


def _sum_to_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    return [Apply("spread", (gradient,), (node.options[0],))]


# --- softmax ----------------------------------------------------------------------------


def _softmax_axis(node: Apply, shape: Shape) -> int:
    return int(node.options[0]) if node.options else len(shape) - 1  # type: ignore[call-overload]


def _softmax_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    if not shapes[0]:
        raise ProblemError("softmax() takes a vector or a matrix")
    return shapes[0]


def _softmax_entry(node: Apply, index: Index, scope: Scope) -> Entry:
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
    return fraction(powers[index[axis]] or ZERO, _total(list(powers)) or ZERO)


def _softmax_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    shape = shape_of(node.operands[0], shapes)
    inner = Apply("sum", (product(gradient, result),), (_softmax_axis(node, shape),))
    return [product(result, total((gradient, negative(inner))))]


# --- convolution ------------------------------------------------------------------------


def _conv_shape(shapes: list[Shape], options: tuple[Any, ...]) -> Shape:
    image, kernel = shapes
    if len(image) != len(kernel) or len(image) not in (1, 2):
        raise ProblemError(
            f"conv() takes two vectors or two matrices; found {_said(image)} and {_said(kernel)}"
        )
    if any(k > n for n, k in zip(image, kernel, strict=True)):
        raise ProblemError(f"the kernel {_said(kernel)} is larger than its input {_said(image)}")
    return tuple(n - k + 1 for n, k in zip(image, kernel, strict=True))


def _conv_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    image, kernel = node.operands
    terms = []
    for offset in every(*map(range, shape_of(kernel, scope.shapes))):
        where = tuple(i + o for i, o in zip(index, offset, strict=True))
        terms.append(_product([entry(image, where, scope), entry(kernel, offset, scope)]))
    return _total(terms)


def _conv_back(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    image, kernel = node.operands
    return [
        Apply("conv_back", (gradient, kernel), (shape_of(image, shapes),)),
        Apply("conv", (image, gradient)),
    ]


def _conv_back_entry(node: Apply, index: Index, scope: Scope) -> Entry:
    """Every product in which this input cell took part; beyond the edge there is none."""
    gradient, kernel = node.operands
    outputs = shape_of(gradient, scope.shapes)
    terms = []
    for offset in every(*map(range, shape_of(kernel, scope.shapes))):
        where = tuple(i - o for i, o in zip(index, offset, strict=True))
        if all(0 <= at < size for at, size in zip(where, outputs, strict=True)):
            terms.append(_product([entry(gradient, where, scope), entry(kernel, offset, scope)]))
    return _total(terms)


def _no_second_order(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Node]:
    raise ProblemError(f"{node.primitive}() is a backward primitive; it is not differentiated")


PRIMITIVES: dict[str, Primitive] = {
    "matmul": Primitive(_matmul_shape, _matmul_entry, _matmul_back, "dot({0}, {1}, {out})"),
    "outer": Primitive(
        _outer_shape, _outer_entry, _outer_back, "outer({0}, {1}, out={out})", False
    ),
    "transpose": Primitive(_transpose_shape, _transpose_entry, _transpose_back, "{0}.T", False),
    "index": Primitive(_index_shape, _index_entry, _index_back, "index({0}, {options})", False),
    "stack": Primitive(_stack_shape, _stack_entry, _stack_back, "stack([{all}], 0, {out})", False),
    "sum": Primitive(_reduced_shape, _sum_entry, _sum_back, "total({0}, {options}, {out})"),
    "mean": Primitive(_reduced_shape, _mean_entry, _mean_back, "mean({0}, {options}, {out})"),
    "max": Primitive(_reduced_shape, _max_entry, _max_back, "largest({0}, {options}, {out})"),
    "softmax": Primitive(
        _softmax_shape, _softmax_entry, _softmax_back, "softmax({0}, {options}, {out})"
    ),
    "conv": Primitive(_conv_shape, _conv_entry, _conv_back, "conv({0}, {1}, {out})"),
    # Backward companions: they arise in pull-backs and are not written by people.
    "spread": Primitive(
        _first_option, _spread_entry, _spread_back, "spread({0}, {options}[0])", False
    ),
    "sum_to": Primitive(
        _sum_to_shape, _sum_to_entry, _sum_to_back, "sum_to({0}, {options}, {out})"
    ),
    "place": Primitive(
        _place_shape, _place_entry, _place_back, "place({0}, {options}, {out})", False
    ),
    "is_max": Primitive(
        _same_shape, _is_max_entry, _no_second_order, "is_max({0}, {options}, {out})"
    ),
    "conv_back": Primitive(
        _first_option, _conv_back_entry, _no_second_order, "conv_back({0}, {1}, {out})"
    ),
    "only": Primitive(_only_shape, _only_entry, _only_back, "{0}.reshape(())", False),
    "outer_each": Primitive(
        _outer_each_shape,
        _outer_each_entry,
        _no_second_order,
        "outer_each({0}, {1}, {out})",
        False,
    ),
}
"""The table; the order is that of a first course, backward companions last."""
