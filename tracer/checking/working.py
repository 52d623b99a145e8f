"""Working a formula out at plain numbers, as fast as Python can walk its tree once.

For mistaken lines, which are worked out once or twice each; a line that is worked out
again and again is put on a `Tape`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from tracer.checking.operations import ELEMENTARY
from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition
from tracer.formula.limits import vanishing
from tracer.formula.nodes import Call, Fraction, Negative, Node, Number, Power, Product, Sum, Symbol

Numbers = Mapping[str, float]
Definitions = Mapping[str, Definition]


def value_of(node: Node, numbers: Numbers, definitions: Definitions) -> float:
    """The value of a formula.

    Raises:
        CalculationError: for a function that is not known.
        ArithmeticError, ValueError: where the value is not a finite number.

    >>> from tracer.formula.parsing import parse
    >>> value_of(parse("2*w - 1/4"), {"w": 0.5}, {})
    0.75
    """
    return _KINDS[type(node)](node, numbers, definitions)


def finite_value(node: Node, numbers: Numbers, definitions: Definitions) -> float:
    """The value of a formula, if it is a number at all.

    Raises:
        CalculationError, ArithmeticError, ValueError: where it is none.
    """
    value = value_of(node, numbers, definitions)
    if not math.isfinite(value):
        raise CalculationError("the formula has no finite value at these numbers")
    return value


def _symbol(node: Symbol, numbers: Numbers, definitions: Definitions) -> float:
    return numbers[node.name]


def _number(node: Number, numbers: Numbers, definitions: Definitions) -> float:
    return _read(node.text)


@lru_cache(maxsize=4096)
def _read(text: str) -> float:
    top, slash, bottom = text.partition("/")
    return float(top) / float(bottom) if slash else float(text)


def _sum(node: Sum, numbers: Numbers, definitions: Definitions) -> float:
    total = 0.0
    for term in node.terms:
        total += _KINDS[type(term)](term, numbers, definitions)
    return total


def _product(node: Product, numbers: Numbers, definitions: Definitions) -> float:
    own = vanishing(node.factors)
    if own is not None and value_of(own, numbers, definitions) == 0:
        return 0.0
    total = 1.0
    for factor in node.factors:
        total *= _KINDS[type(factor)](factor, numbers, definitions)
    return total


def _negative(node: Negative, numbers: Numbers, definitions: Definitions) -> float:
    return -value_of(node.operand, numbers, definitions)


def _fraction(node: Fraction, numbers: Numbers, definitions: Definitions) -> float:
    top = value_of(node.numerator, numbers, definitions)
    return top / value_of(node.denominator, numbers, definitions)


def _power(node: Power, numbers: Numbers, definitions: Definitions) -> float:
    base = value_of(node.base, numbers, definitions)
    value = base ** value_of(node.exponent, numbers, definitions)
    if isinstance(value, complex):
        raise CalculationError(f"a root of {base:g}")
    return float(value)


def _call(node: Call, numbers: Numbers, definitions: Definitions) -> float:
    arguments = [value_of(part, numbers, definitions) for part in node.arguments]
    definition = definitions.get(node.function)
    if definition is not None:
        inside = dict(zip(definition.parameters, arguments, strict=True))
        return value_of(definition.body, inside, definitions)
    if node.function in ("maximum", "minimum"):
        return max(arguments) if node.function == "maximum" else min(arguments)
    if node.function == "ismax":
        which, *cells = arguments
        return float(cells.index(max(cells)) + 1 == which)
    if node.function not in ELEMENTARY:
        raise CalculationError(f"unknown function '{node.function}'")
    return ELEMENTARY[node.function][0](arguments[0])


_KINDS: dict[type, Callable[[Any, Numbers, Definitions], float]] = {
    Symbol: _symbol,
    Number: _number,
    Sum: _sum,
    Product: _product,
    Negative: _negative,
    Fraction: _fraction,
    Power: _power,
    Call: _call,
}
