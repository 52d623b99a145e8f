"""What is left of an array formula where some of its arrays are not there.

A cell's memory before its first step is no array of zeros: it is a structural zero, and
vanishes from the line together with what it would have been multiplied by.
"""

from __future__ import annotations

from collections.abc import Collection

from tracer.formula.nodes import Apply, Call, Fraction, Negative, Node, Power, Product, Sum, Symbol
from tracer.formula.nodes import Number as Text
from tracer.formula.rewriting import ZERO, fraction, negative, power, product, total


def without(node: Node, absent: Collection[str]) -> Node | None:
    """The formula without these symbols; None if nothing is left.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> formula = parse("W @ x + U @ h_before + b", arrays=True)
    >>> write(without(formula, {"h_before"}))
    'W @ x + b'
    """
    match node:
        case Text():
            return node
        case Symbol(name):
            return None if name in absent else node
        case Sum(terms):
            left = [part for term in terms if (part := without(term, absent)) is not None]
            return total(left) if left else None
        case Product(factors):
            kept = [without(factor, absent) for factor in factors]
            return None if None in kept else product(*[part for part in kept if part is not None])
        case Negative(operand):
            inner = without(operand, absent)
            return None if inner is None else negative(inner)
        case Fraction(top, bottom):
            above, below = without(top, absent), without(bottom, absent)
            return None if above is None else fraction(above, below or ZERO)
        case Power(base, exponent):
            below = without(base, absent)
            return None if below is None else power(below, without(exponent, absent) or ZERO)
        case Call(function, arguments):
            return Call(function, tuple(without(part, absent) or ZERO for part in arguments))
        case Apply(name, operands, options):
            kept = [without(part, absent) for part in operands]
            found = tuple(part for part in kept if part is not None)
            return Apply(name, found, options) if len(found) == len(operands) else None
