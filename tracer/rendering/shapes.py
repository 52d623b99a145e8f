"""Whether an array equation holds as it is displayed, where a vector stands upright.

An array formula may spread a number over a matrix, or use a vector as a row, as NumPy does.
Written with matrices such an equation would say that a matrix equals a number, so it is
shown cell by cell instead.  `Matrices` asks; shapes are those of the plan's arrays.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracer.formula.nodes import Apply, Node, Symbol, children, walk

ONES = "ones:"
"""How the name of a vector of ones begins; its length follows."""

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]


def gives(formula: Node, target: Shape, shapes: Shapes) -> bool:
    """Whether a formula, as displayed, gives an array of the target's shape.

    >>> gives(Symbol("s"), (2, 2), {"s": ()}), gives(Symbol("v"), (2,), {"v": (2,)})
    (False, True)
    """
    return _displayed(formula, shapes) in (None, _upright(target))


def uses_a_row(formula: Node, shapes: Shapes) -> bool:
    """Whether a vector is used as a row somewhere in the formula.

    >>> uses_a_row(Apply("matmul", (Symbol("v"), Symbol("M"))), {"v": (2,), "M": (2, 2)})
    True
    """
    for part in walk(formula):
        ranks = [_rank(operand, shapes) for operand in children(part)]
        if isinstance(part, Apply):
            if part.primitive == "matmul" and ranks[0] == 1:
                return True
        elif {1, 2} <= set(ranks):
            return True
    return False


def _rank(node: Node, shapes: Shapes) -> int:
    """2 for a matrix, 1 for a vector, 0 for a number."""
    match node:
        case Symbol(name):
            shape = shapes.get(name.rstrip("'"), ())
            return len(shape) if any(size > 1 for size in shape) else 0
        case Apply("matmul" | "outer" as primitive, (left, right)):
            lost = 2 if primitive == "matmul" else 0
            return _rank(left, shapes) + _rank(right, shapes) - lost
        case Apply("sum" | "mean" | "max", (array,), options):
            return _rank(array, shapes) - 1 if options else 0
        case Apply("index", (array,), options):
            return _rank(array, shapes) - sum(at is not None for at in options)
    return max((_rank(part, shapes) for part in children(node)), default=0)


def _displayed(node: Node, shapes: Shapes) -> tuple[int, int] | None:
    """Rows and columns that a formula gives as displayed; None: taken on trust."""
    match node:
        case Symbol(name) if name.startswith(ONES):
            return int(name.removeprefix(ONES)), 1
        case Symbol(name):
            return _upright(shapes[name.rstrip("'")])
        case Apply("transpose", (array,)):
            found = _displayed(array, shapes)
            return found and found[::-1]
        case Apply("matmul", (left, right)):
            first, second = _displayed(left, shapes), _displayed(right, shapes)
            return (first[0], second[1]) if first and second else None
        case Apply("sum" | "mean" | "max", _, options) if not options:
            return 1, 1
        case Apply("softmax", (array,)):
            return _displayed(array, shapes)
        case Apply():
            return None
    known: list[tuple[int, int]] = []
    for part in children(node):
        found = _displayed(part, shapes)
        if found is None:
            return None
        known.append(found)
    return max((s[0] for s in known), default=1), max((s[1] for s in known), default=1)


def _upright(shape: Shape) -> tuple[int, int]:
    """The rows and columns in which an array of at most two dimensions is displayed."""
    height, width = (*shape, 1, 1)[:2]
    return height, width
