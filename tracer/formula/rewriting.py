"""Rewriting a formula: constructors that keep it readable, and the tidy pass.

The constructors `total`, `product`, `fraction`, `power` and `negative` build the
node that a person would write: no factor 1, no term 0, no double minus, flat sums and
products, whole numbers multiplied out where both are ours.  They never touch a number
that somebody wrote with a decimal point, and never reorder.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction as Rational

from tracer.formula.nodes import (
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    children,
    rebuilt,
    symbols,
)

ZERO = Number("0")
ONE = Number("1")


def total(terms: Iterable[Node]) -> Node:
    """A sum without zeros, flat; ZERO if nothing is left.

    >>> from tracer.formula.nodes import Symbol
    >>> total((Symbol("x"), ZERO))
    Symbol(name='x')
    """
    flat: list[Node] = []
    for term in terms:
        if isinstance(term, Sum):
            flat.extend(term.terms)
        elif term != ZERO:
            flat.append(_signed(term))
    numbers = [_whole(term) for term in flat]
    if len(flat) == 2 and None not in numbers:
        return _signed(Number(str(sum(numbers))))  # type: ignore[arg-type]
    if not flat:
        return ZERO
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def product(*factors: Node) -> Node:
    """A product without ones, flat, a minus pulled to the front; ZERO if a factor is.

    Whole numbers and fractions of whole numbers that stand side by side are multiplied out.

    >>> from tracer.formula.nodes import Symbol
    >>> product(ONE, Negative(Symbol("x")))
    Negative(operand=Symbol(name='x'))
    >>> product(Fraction(ONE, Number("2")), Number("2"), Symbol("x"))
    Symbol(name='x')
    """
    flat: list[Node] = []
    minus = False
    for factor in factors:
        if isinstance(factor, Negative):
            minus, factor = not minus, factor.operand
        if factor == ZERO:
            return ZERO
        if isinstance(factor, Product):
            flat.extend(factor.factors)
        elif factor != ONE:
            flat.append(factor)
    flat = _multiplied_out(flat)
    if not flat:
        node: Node = ONE
    else:
        node = flat[0] if len(flat) == 1 else Product(tuple(flat))
    return negative(node) if minus else node


def negative(node: Node) -> Node:
    """The opposite: a double minus cancels, a difference turns round.

    In a product or a quotient ``1 - a`` stays: nobody writes ``(a - 1)*b`` for it.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(negative(parse("a - y")))
    'y - a'
    >>> write(negative(parse("(a - y)*x"))), write(negative(parse("(1 - a)*x")))
    ('(y - a)*x', '-(1 - a)*x')
    """
    match node:
        case Negative(operand):
            return operand
        case Number("0"):
            return ZERO
        case Sum((first, Negative(second))):
            return Sum((second, negative(first)))
        case Product((Sum((start, Negative())) as first, *rest)) if not isinstance(start, Number):
            return Product((negative(first), *rest))
        case Fraction(Sum((start, Negative())) as top, below) if not isinstance(start, Number):
            return Fraction(negative(top), below)
    return Negative(node)


def fraction(top: Node, bottom: Node) -> Node:
    """A quotient: over 1 it vanishes, a minus goes in front, ``2*x/2`` is x.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(fraction(parse("4*x"), Number("2"))), write(fraction(parse("2.0*x"), Number("2")))
    ('2*x', '2.0*x/2')
    """
    if bottom == ONE or top == ZERO:
        return top
    if isinstance(top, Negative):
        return Negative(fraction(top.operand, bottom))
    if isinstance(top, Product):
        first, below = _constant(top.factors[0]), _constant(bottom)
        if first and below and (first / below).denominator == 1:
            return product(Number(str(first / below)), *top.factors[1:])
    return Fraction(top, bottom)


def as_quotient(node: Node) -> Node:
    """A product with ``1/o`` behind its first factor as a quotient, as a person writes it.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(as_quotient(parse("-y*(1/o)"))), write(as_quotient(parse("y*(1/2)")))
    ('-y/o', 'y*(1/2)')
    """
    if isinstance(node, Negative):
        return negative(as_quotient(node.operand))
    if isinstance(node, Product):
        for place, factor in enumerate(node.factors):
            unit = isinstance(factor, Fraction) and factor.numerator == ONE
            if place and unit and symbols(factor):
                above, below = product(*node.factors[:place]), children(factor)[1]
                return product(fraction(above, below), *node.factors[place + 1 :])
    return node


def power(base: Node, exponent: Node) -> Node:
    """A power: ``x**1`` is x, ``x**0`` is 1.

    >>> from tracer.formula.nodes import Symbol
    >>> power(Symbol("x"), ONE), power(Symbol("x"), ZERO)
    (Symbol(name='x'), Number(text='1'))
    """
    if exponent == ONE:
        return base
    if exponent == ZERO:
        return ONE
    return Power(base, exponent)


def tidy(node: Node) -> Node:
    """The formula rebuilt from its leaves by the constructors above.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(tidy(parse("1*(x - 0) + 0*y - (-z)")))
    'x + z'
    """
    parts = tuple(tidy(part) for part in children(node))
    match node:
        case Sum():
            return total(parts)
        case Product():
            return product(*parts)
        case Fraction():
            return fraction(*parts)
        case Power():
            return power(*parts)
        case Negative():
            return negative(*parts)
    return rebuilt(node, parts) if parts else node


def _multiplied_out(factors: list[Node]) -> list[Node]:
    """The factors with constants that follow each other as one, in their place."""
    merged: list[Node] = []
    for factor in factors:
        here, before = _constant(factor), _constant(merged[-1]) if merged else None
        if here is not None and before is not None:
            merged[-1] = _written(before * here)
        elif here and merged and (shorter := _cancelled(merged[-1], here)):
            merged[-1] = shorter
        else:
            merged.append(factor)
    return [factor for factor in merged if factor != ONE]


def _cancelled(node: Node, factor: Rational) -> Node | None:
    """``x/4`` times 2 as ``x/2``; None where nothing cancels."""
    if not isinstance(node, Fraction):
        return None
    below = _constant(node.denominator)
    if not below or (below / factor).denominator != 1:
        return None
    return fraction(node.numerator, _written(below / factor))


def _constant(node: Node) -> Rational | None:
    """The value of a whole number without a sign, or of a fraction of two such numbers."""
    match node:
        case Number(text) if text.isdigit():
            return Rational(int(text))
        case Fraction(Number(top), Number(bottom)) if top.isdigit() and bottom.isdigit():
            return Rational(int(top), int(bottom)) if int(bottom) else None
    return None


def _written(value: Rational) -> Node:
    top, bottom = Number(str(value.numerator)), Number(str(value.denominator))
    return top if value.denominator == 1 else Fraction(top, bottom)


def _signed(node: Node) -> Node:
    """A negative number as a minus and a number, as the parser reads it."""
    if isinstance(node, Number) and node.text.startswith("-"):
        return Negative(Number(node.text[1:]))
    return node


def _whole(node: Node) -> int | None:
    match node:
        case Number(text) if text.lstrip("-").isdigit():
            return int(text)
        case Negative(Number(text)) if text.isdigit():
            return -int(text)
    return None
