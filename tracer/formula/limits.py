"""Where a formula has no value by its letters, but one by its limit: x log x at 0.

The divergence of outputs from targets, and entropies, hold terms ``y*log(y/a)``; where y is
0 the term counts as 0, the limit of x log x, in every book and program.  `vanishing` finds
the factor that decides this; `with_limits` writes the same for machine numbers, which know
no exceptions.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracer.formula.nodes import Call, Fraction, Node, Number, Product, children, rebuilt

_LEAST = Number("1e-300")


def vanishing(factors: Sequence[Node]) -> Node | None:
    """The x of a product ``x*log(x)`` or ``x*log(x/y)``: where it is 0, so is the product.

    >>> from tracer.formula.parsing import parse
    >>> vanishing(parse("y*log(y/a)").factors)
    Symbol(name='y')
    >>> vanishing(parse("y*log(a)").factors)
    """
    for factor in factors:
        if isinstance(factor, Call) and factor.function == "log":
            (inside,) = factor.arguments
            own = inside.numerator if isinstance(inside, Fraction) else inside
            if own in factors:
                return own
    return None


def with_limits(node: Node) -> Node:
    """The formula with ``x*log(x/y)`` as ``x*log(maximum(x, 1e-300)/y)``: 0 where x is 0.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(with_limits(parse("y*log(y/a) + log(y)")))
    'y*log(maximum(y, 1e-300)/a) + log(y)'
    """
    parts = tuple(with_limits(part) for part in children(node))
    if isinstance(node, Product) and (own := vanishing(parts)) is not None:
        kept = Call("maximum", (own, _LEAST))
        parts = tuple(_with_argument(part, own, kept) for part in parts)
    return rebuilt(node, parts) if parts else node


def _with_argument(factor: Node, own: Node, kept: Node) -> Node:
    """A logarithm of x with another number in its place; anything else as it is."""
    if not (isinstance(factor, Call) and factor.function == "log"):
        return factor
    (inside,) = factor.arguments
    if isinstance(inside, Fraction) and inside.numerator == own:
        return Call("log", (Fraction(kept, inside.denominator),))
    return Call("log", (kept,)) if inside == own else factor
