"""Logarithms of shares, written so that machine numbers hold them.

A share of a softmax or a sigmoid may be smaller than any machine number, and 1 less a sigmoid
that is nearly 1 has few digits left, while the logarithm of either is a modest number.  Takes
the equations of an update; gives them with `log` of such a share by what the share was made
of: the log-softmax, or softplus.  Read by the forms of compiled updates; the trace has digits
enough and keeps the formula as it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tracer.formula.limits import with_limits
from tracer.formula.nodes import (
    Apply,
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Sum,
    Symbol,
    children,
    rebuilt,
)
from tracer.formula.rewriting import negative
from tracer.model.functions import Activation
from tracer.model.quantity import Equation

_ONE = Number("1")


def with_logarithms(
    equations: Iterable[Equation], own: Mapping[str, object], safe: bool
) -> list[Equation]:
    """The equations with their limits, and with such logarithms written by their arguments.

    Args:
        equations: of one update, in order.
        own: the problem's own functions by name, which may have taken a name of the tables.
        safe: whether a share may be 0; else only what loses its digits is rewritten.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> from tracer.model.quantity import Quantity
    >>> lines = {"a": "sigmoid(z)", "L": "-(y*log(a) + (1 - y)*log(1 - a))"}
    >>> told = [Equation(Quantity(name, name, ()), parse(text, {"sigmoid": 1}), "", "forward")
    ...     for name, text in lines.items()]
    >>> write(with_logarithms(told, {}, safe=True)[1].formula)
    '-(y*(-softplus(-z)) + (1 - y)*(-softplus(z)))'
    """
    shares: dict[str, Node] = {}
    found = []
    for equation in equations:
        formula = _written(with_limits(equation.formula), shares, safe)
        found.append(replace(equation, formula=formula))
        if not equation.is_next and _is_share(formula, own):
            shares[equation.target.name] = formula
    return found


def _is_share(formula: Node, own: Mapping[str, object]) -> bool:
    """Whether a formula is a softmax or a sigmoid as the tables know them."""
    match formula:
        case Apply("softmax"):
            return True
        case Call("sigmoid"):
            return not isinstance(own.get("sigmoid"), Activation)
    return False


def _written(node: Node, shares: Mapping[str, Node], safe: bool) -> Node:
    parts = tuple(_written(part, shares, safe) for part in children(node))
    node = rebuilt(node, parts) if parts else node
    match node:
        case Call("log", (Symbol(name),)) if safe and name in shares:
            return _logarithm(shares[name])
        case Call("log", (Fraction(top, Symbol(name)),)) if safe and name in shares:
            return Sum((Call("log", (top,)), negative(_logarithm(shares[name]))))
        case Call("log", (Sum((Number("1"), Negative(Symbol(name)))),)) if name in shares:
            share = shares[name]
            if isinstance(share, Call):
                return Negative(Call("softplus", share.arguments))
    return node


def _logarithm(share: Node) -> Node:
    """The logarithm of a share."""
    if isinstance(share, Apply):
        return replace(share, primitive="log_softmax")
    assert isinstance(share, Call)
    return Negative(Call("softplus", tuple(map(negative, share.arguments))))
