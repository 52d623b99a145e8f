"""The bridge to SymPy: a formula as a SymPy expression.

SymPy takes half a second to import, so it is imported inside the functions here and
nowhere on the way of a plain walkthrough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition, Evaluator
from tracer.formula.nodes import Node, symbols

if TYPE_CHECKING:
    import sympy


class Symbolic:
    """SymPy expressions as an arithmetic for `Evaluator`."""

    def __init__(self) -> None:
        import sympy

        self.sympy = sympy

    def number(self, text: str) -> Any:
        return self.sympy.Rational(text)

    def add(self, terms: Sequence[Any]) -> Any:
        return self.sympy.Add(*terms)

    def multiply(self, factors: Sequence[Any]) -> Any:
        return self.sympy.Mul(*factors)

    def divide(self, numerator: Any, denominator: Any) -> Any:
        return numerator / denominator

    def power(self, base: Any, exponent: Any) -> Any:
        return base**exponent

    def negate(self, value: Any) -> Any:
        return -value

    def call(self, function: str, arguments: Sequence[Any]) -> Any:
        sympy = self.sympy
        match function:
            case "exp" | "log" | "sqrt" | "tanh" | "sign":
                return getattr(sympy, function)(*arguments)
            case "abs":
                return sympy.Abs(*arguments)
            case "heaviside":
                return sympy.Heaviside(arguments[0], 0)
            case "Phi":
                return (1 + sympy.erf(arguments[0] / sympy.sqrt(2))) / 2
            case "phi":
                return sympy.exp(-(arguments[0] ** 2) / 2) / sympy.sqrt(2 * sympy.pi)
            case "maximum":
                return sympy.Max(*arguments)
            case "minimum":
                return sympy.Min(*arguments)
            case "ismax":
                which, *cells = arguments
                return sympy.Heaviside(cells[int(which) - 1] - sympy.Max(*cells), 1)
        raise CalculationError(f"unknown function '{function}'")


def symbol(name: str) -> sympy.Symbol:
    """The real SymPy symbol that stands for a quantity."""
    import sympy

    return sympy.Symbol(name, real=True)


def to_sympy(
    node: Node,
    definitions: Mapping[str, Definition] | None = None,
    values: Mapping[str, Any] | None = None,
) -> sympy.Expr:
    """The formula as a SymPy expression over real symbols named by their keys.

    Args:
        node: a scalar formula.
        definitions: formulas behind the function names that are not elementary.
        values: expressions to put in place of some symbols (composition).

    >>> from tracer.formula.parsing import parse
    >>> to_sympy(parse("0.5*x + x"))
    3*x/2
    """
    found = {name: symbol(name) for name in symbols(node)} | dict(values or {})
    return Evaluator(Symbolic(), definitions)(node, found)
