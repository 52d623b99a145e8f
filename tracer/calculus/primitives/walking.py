"""Walking a whole array formula: its shape, the formula of one cell, its pull-back.

Elementwise nodes broadcast as in NumPy; array primitives are looked up in their table.
"""

from __future__ import annotations

from collections.abc import Callable

from tracer.calculus.primitives.kinds import TABLE, Entry, Scope, Shape, Shapes
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


def shape_of(node: Node, shapes: Shapes) -> Shape:
    """The shape of an array formula.

    Raises:
        ProblemError: in words, where shapes do not meet.

    >>> from tracer.formula.parsing import parse
    >>> shape_of(parse("W @ x + b", arrays=True), {"W": (2, 3), "x": (3,), "b": (2,)})
    (2,)
    """
    match node:
        case Number():
            return ()
        case Symbol(name):
            return shapes[name]
        case Apply(name, operands, options):
            return TABLE[name].shape([shape_of(part, shapes) for part in operands], options)
        case Negative(operand):
            return shape_of(operand, shapes)
        case Sum(parts) | Product(parts) | Call(_, parts):
            return _broadcast([shape_of(part, shapes) for part in parts])
        case Fraction(first, second) | Power(first, second):
            return _broadcast([shape_of(first, shapes), shape_of(second, shapes)])


def entry(node: Node, index: Index, scope: Scope) -> Entry:
    """The scalar formula of one cell of an array formula; None for a structural zero.

    >>> from types import SimpleNamespace
    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> def cell(name: str, index: Index) -> Node:
    ...     return Symbol(f"{name}[{','.join(str(i + 1) for i in index)}]")
    >>> scope = SimpleNamespace(shapes={"W": (2, 2), "x": (2,)}, cell=cell)
    >>> write(entry(parse("W @ x", arrays=True), (0,), scope))
    'W[1,1]*x[1] + W[1,2]*x[2]'
    """
    match node:
        case Number():
            return node
        case Symbol(name):
            return scope.cell(name, aligned(index, scope.shapes[name]))
        case Apply(name, _, _):
            return TABLE[name].entry(node, aligned(index, shape_of(node, scope.shapes)), scope)
        case Negative(operand):
            inner = entry(operand, index, scope)
            if isinstance(operand, Product | Sum) and type(inner) is type(operand):
                return Negative(inner)  # the minus stands where the author wrote it
            return None if inner is None else negative(inner)
        case Sum(terms):
            return joined([entry(term, index, scope) for term in terms])
        case Product(factors):
            return multiplied([entry(factor, index, scope) for factor in factors])
        case Fraction(top, bottom):
            above, below = entry(top, index, scope), entry(bottom, index, scope)
            return None if above is None else fraction(above, below or ZERO)
        case Power(base, exponent):
            below, above = entry(base, index, scope), entry(exponent, index, scope)
            return None if below is None else power(below, above or ZERO)
        case Call(function, arguments):
            return Call(function, tuple(entry(part, index, scope) or ZERO for part in arguments))


Slope = Callable[[Call, int, Node | None], Node]
"""The slope of an elementwise call by one of its arguments."""


def pull_back(
    node: Node,
    gradient: Node,
    shapes: Shapes,
    slope: Slope,
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

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> shapes = {"W": (2, 3), "x": (3,)}
    >>> def slope(call: Call, place: int, value: Node | None) -> Node:
    ...     return Symbol("s")
    >>> node = parse("W @ tanh(x)", arrays=True)
    >>> [(name, write(share)) for name, share in pull_back(node, Symbol("dz"), shapes, slope)]
    [('W', 'outer(dz, tanh(x))'), ('x', 'W.T @ dz*s')]
    """
    if isinstance(node, Symbol):
        return [(node.name, gradient)]
    here = shape_of(node, shapes)
    if isinstance(node, Apply):
        shares = _of_primitive(node, gradient, result or node, shapes)
    else:
        shares = [
            (part, sum_to(share, here, shape_of(part, shapes)))
            for part, share in _of_arithmetic(node, gradient, slope, result)
        ]
    return [pair for part, share in shares for pair in pull_back(part, share, shapes, slope)]


Share = tuple[Node, Node]
"""An operand, and what comes back to it."""


def _of_arithmetic(node: Node, gradient: Node, slope: Slope, result: Node | None) -> list[Share]:
    """What comes back to each operand, of the shape of the result."""
    match node:
        case Negative(operand):
            return [(operand, negative(gradient))]
        case Sum(terms):
            return [(term, gradient) for term in terms]
        case Product(factors):
            others = (factors[:i] + factors[i + 1 :] for i in range(len(factors)))
            return [
                (factor, product(gradient, *rest))
                for factor, rest in zip(factors, others, strict=True)
            ]
        case Fraction(top, bottom):
            value = result or fraction(top, bottom)
            below = negative(product(gradient, fraction(value, bottom)))
            return [(top, fraction(gradient, bottom)), (bottom, below)]
        case Power(base, exponent):
            return _of_power(base, exponent, gradient, result or node)
        case Call(_, arguments):
            return [
                (argument, product(gradient, slope(node, place, result)))
                for place, argument in enumerate(arguments)
                if not isinstance(argument, Number)
            ]
    return []


def _of_power(base: Node, exponent: Node, gradient: Node, value: Node) -> list[Share]:
    """``e*b**(e - 1)`` to the base, ``b**e*log(b)`` to an exponent that is no bare number."""
    lower = power(base, total((exponent, Number("-1"))))
    into_base = (base, product(gradient, exponent, lower))
    if isinstance(exponent, Number):
        return [into_base]
    return [into_base, (exponent, product(gradient, value, Call("log", (base,))))]


def _of_primitive(node: Apply, gradient: Node, result: Node, shapes: Shapes) -> list[Share]:
    """What the table says comes back to each operand, of the operand's own shape."""
    here = shape_of(node, shapes)
    if here and is_constant(gradient):
        gradient = Apply("spread", (gradient,), (here,))
    shares = TABLE[node.primitive].pull_back(node, gradient, result, shapes)
    # nothing comes back to a last operand that is no quantity but a choice: a mask
    return list(zip(node.operands[: len(shares)], shares, strict=True))


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


def aligned(index: Index, shape: Shape) -> Index:
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
                raise ProblemError(f"shapes {said(longest)} and {said(shape)} do not fit together")
    return tuple(result)


def said(shape: Shape) -> str:
    """A shape as messages say it.

    >>> said((2, 3)), said(())
    ('(2, 3)', 'of a single number')
    """
    return "of a single number" if not shape else "(" + ", ".join(map(str, shape)) + ")"


def joined(terms: list[Entry]) -> Entry:
    """The sum of what is there, sums in it opened; None where nothing is.

    >>> joined([Symbol("x"), None]), joined([None, None])
    (Symbol(name='x'), None)
    """
    there = [term for term in terms if term is not None]
    if not there:
        return None
    flat: list[Node] = []
    for term in there:
        flat.extend(term.terms if isinstance(term, Sum) else (term,))
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def multiplied(factors: list[Entry]) -> Entry:
    """The product; None where a factor is a structural zero."""
    if any(factor is None for factor in factors):
        return None
    return product(*[factor for factor in factors if factor is not None])
