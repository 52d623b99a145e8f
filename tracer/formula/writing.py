"""Writing a formula in the grammar that `parsing` reads: the inverse of `parse`.

Used for JSON, for messages and for `repr`; what people read is printed by the
rendering room.  ``parse(write(tree)) == tree`` up to the text of whole-number
fractions such as ``1/3``.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracer.formula.grammar import ARRAY_OPTIONS
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

SUM, NEGATIVE, PRODUCT, POWER, ATOM = range(5)
"""How tightly a written formula holds together, loosest first."""


def write(node: Node) -> str:
    """The formula in our grammar.

    >>> from tracer.formula.parsing import parse
    >>> write(parse("-(a + b)*c**2/(d*e) - 0.20"))
    '-(a + b)*c**2/(d*e) - 0.20'
    """
    return _write(node)[0]


def binding(node: Node) -> int:
    """How tightly the formula holds together when written in one line."""
    match node:
        case Sum():
            return SUM
        case Negative():
            return NEGATIVE
        case Product() | Fraction() | Apply("matmul"):
            return PRODUCT
        case Power():
            return POWER
        case Number(text):
            return PRODUCT if "/" in text else NEGATIVE if text.startswith("-") else ATOM
    return ATOM


def _write(node: Node) -> tuple[str, int]:
    match node:
        case Number(text):
            return text, binding(node)
        case Symbol(name):
            return name, ATOM
        case Sum(terms):
            return _sum(terms), SUM
        case Negative(operand):
            return "-" + _inside(operand, PRODUCT, first=True), NEGATIVE
        case Product(factors):
            return "*".join(_inside(f, PRODUCT, i == 0) for i, f in enumerate(factors)), PRODUCT
        case Fraction(top, bottom):
            return f"{_inside(top, PRODUCT, True)}/{_inside(bottom, POWER)}", PRODUCT
        case Power(base, exponent):
            return f"{_inside(base, ATOM)}**{_inside(exponent, POWER)}", POWER
        case Call(function, arguments):
            return f"{function}({', '.join(write(part) for part in arguments)})", ATOM
        case Apply():
            return _apply(node)


def _sum(terms: tuple[Node, ...]) -> str:
    text = _inside(terms[0], NEGATIVE)
    for term in terms[1:]:
        if isinstance(term, Negative):
            text += " - " + _inside(term.operand, PRODUCT, first=True)
        else:
            text += " + " + _inside(term, PRODUCT, first=True)
    return text


def _apply(node: Apply) -> tuple[str, int]:
    if node.primitive == "matmul":
        left, right = node.operands
        return f"{_inside(left, PRODUCT, True)} @ {_inside(right, POWER)}", PRODUCT
    if node.primitive == "transpose":
        inner = _inside(node.operands[0], ATOM)
        if isinstance(node.operands[0], Number):  # its point would be read as that of a decimal
            inner = f"({inner})"
        return f"{inner}.T", ATOM
    if node.primitive == "index":
        inside = ",".join(":" if i is None else str(i) for i in node.options)
        return f"{_inside(node.operands[0], ATOM)}[{inside}]", ATOM
    written = [*(write(part) for part in node.operands), *_options(node)]
    return f"{node.primitive}({', '.join(written)})", ATOM


def _options(node: Apply) -> Iterator[str]:
    """Options by name, but for those that hold anyway: ``stride=2``, ``axis=1``."""
    known = ARRAY_OPTIONS.get(node.primitive, {})
    for (name, default), value in zip(known.items(), node.options, strict=False):
        if value != default:
            yield f"{name}={value}"


def _inside(node: Node, least: int, first: bool = False) -> str:
    """The written operand, in brackets where it holds together less than `least`.

    A product, quotient or fraction may stand bare only where it begins its line of
    factors: ``a/b*c`` is ``(a/b)*c``, but ``a*(b*c)`` needs its brackets.
    """
    text, held = _write(node)
    nested = held == PRODUCT == least and not first and isinstance(node, Product | Apply)
    divided = held == PRODUCT == least and not first and not isinstance(node, Product | Apply)
    return f"({text})" if held < least or nested or divided else text
