"""Evaluating a scalar formula over any arithmetic: one walk, many kinds of number.

`Evaluator` walks the tree; an `Arithmetic` says what its numbers are.  Tracing uses
`Exact` (of `exact`) and `Float` (of `floating`); SymPy's is in `bridge`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from tracer.errors import CalculationError
from tracer.formula.exact import DIGITS, MOST_DIGITS, Exact, Value
from tracer.formula.floating import Float
from tracer.formula.limits import vanishing
from tracer.formula.nodes import (
    Call,
    Definition,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
)

__all__ = [
    "DIGITS",
    "MOST_DIGITS",
    "Arithmetic",
    "Definition",
    "Evaluator",
    "Exact",
    "Float",
    "Value",
]


class Arithmetic(Protocol):
    """What an evaluation needs of a kind of number."""

    def number(self, text: str) -> Any: ...
    def add(self, terms: Sequence[Any]) -> Any: ...
    def multiply(self, factors: Sequence[Any]) -> Any: ...
    def divide(self, numerator: Any, denominator: Any) -> Any: ...
    def power(self, base: Any, exponent: Any) -> Any: ...
    def negate(self, value: Any) -> Any: ...
    def call(self, function: str, arguments: Sequence[Any]) -> Any: ...


class Evaluator:
    """Evaluates formulas in one arithmetic.

    Args:
        arithmetic: the kind of number.
        definitions: formulas behind function names that are not elementary.

    >>> from fractions import Fraction as Rational
    >>> from tracer.formula.parsing import parse
    >>> str(Evaluator(Exact())(parse("x/3 + 0.5"), {"x": Rational(1)}))
    '5/6'
    """

    def __init__(
        self, arithmetic: Arithmetic, definitions: Mapping[str, Definition] | None = None
    ) -> None:
        self.arithmetic = arithmetic
        self.definitions = {} if definitions is None else definitions
        self.at_limit = False
        """Whether a value was taken that a formula has by its limit alone."""

    def __call__(self, node: Node, values: Mapping[str, Any]) -> Any:
        """The value of `node`, its symbols taken from `values`.

        Raises:
            CalculationError: where the value is not a finite number.
            KeyError: for a symbol without a value.
        """
        arithmetic = self.arithmetic
        match node:
            case Symbol(name):
                return values[name]
            case Number(text):
                return arithmetic.number(text)
            case Sum(terms):
                return arithmetic.add([self(term, values) for term in terms])
            case Product(factors):
                own = vanishing(factors)
                if own is not None and self(own, values) == 0:
                    self.at_limit = True
                    return arithmetic.number("0")
                return arithmetic.multiply([self(factor, values) for factor in factors])
            case Negative(operand):
                return arithmetic.negate(self(operand, values))
            case Fraction(top, bottom):
                return arithmetic.divide(self(top, values), self(bottom, values))
            case Power(base, exponent):
                return arithmetic.power(self(base, values), self(exponent, values))
            case Call(function, arguments):
                return self._call(function, [self(part, values) for part in arguments])
        raise CalculationError("an array formula has no single value")

    def _call(self, function: str, arguments: list[Any]) -> Any:
        definition = self.definitions.get(function)
        if definition is None:
            return self.arithmetic.call(function, arguments)
        return self(definition.body, dict(zip(definition.parameters, arguments, strict=True)))
