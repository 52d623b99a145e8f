"""The bridge to SymPy: a formula as a SymPy expression.

SymPy takes half a second to import, so it is imported inside the functions here and
nowhere on the way of a plain walkthrough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tracer.errors import CalculationError, FormulaError
from tracer.formula.evaluating import Evaluator
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
    symbols,
    walk,
)

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
            case "exp" | "log" | "sqrt" | "tanh" | "sign" | "sin" | "cos" | "floor":
                return getattr(sympy, function)(*arguments)
            case "abs":
                return sympy.Abs(*arguments)
            case "heaviside":
                return sympy.Heaviside(arguments[0], 0)
            case "Phi":
                return (1 + sympy.erf(arguments[0] / sympy.sqrt(2))) / 2
            case "cospi":
                return sympy.cos(sympy.pi * arguments[0])
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
        definitions: formulas behind the function names that are not elementary, beside
            those that the formula carries.
        values: expressions to put in place of some symbols (composition).

    >>> from tracer.formula.parsing import parse
    >>> to_sympy(parse("0.5*x + x"))
    3*x/2
    """
    found = {name: symbol(name) for name in symbols(node)} | dict(values or {})
    return Evaluator(Symbolic(), {**_carried(node), **(definitions or {})})(node, found)


def _carried(node: Node) -> dict[str, Definition]:
    """The definitions that the calls of a formula bring along, and those inside them."""
    found: dict[str, Definition] = {}
    for part in walk(node):
        if isinstance(part, Call) and part.definition is not None:
            found |= {**_carried(part.definition.body), part.function: part.definition}
    return found


_NAMES = {"exp": "exp", "log": "log", "tanh": "tanh", "sign": "sign", "Abs": "abs", "sin": "sin",
          "cos": "cos", "floor": "floor", "Max": "maximum", "Min": "minimum"}  # fmt: skip
"""Functions as SymPy calls them, and as our grammar does."""


def to_formula(expression: Any) -> Node:
    """A SymPy expression as a formula of our grammar, its terms in SymPy's order.

    Raises:
        FormulaError: at a function that our grammar does not know.

    >>> from tracer.formula.parsing import parse
    >>> from tracer.formula.writing import write
    >>> write(to_formula(to_sympy(parse("exp(-x)*y/2 - sqrt(x)"))))
    '-sqrt(x) + y*exp(-x)/2'
    """
    import sympy

    if expression.is_Symbol:
        return Symbol(expression.name)
    if expression.could_extract_minus_sign() and not expression.is_Add:
        return Negative(to_formula(-expression))
    if expression.is_Integer:
        return Number(str(expression))
    if expression.is_Add:
        return Sum(tuple(map(to_formula, expression.as_ordered_terms())))
    top, bottom = sympy.fraction(expression, exact=True)
    if bottom != 1:
        return Fraction(to_formula(top), to_formula(bottom))
    if expression.is_Mul:
        return Product(tuple(map(to_formula, expression.as_ordered_factors())))
    if expression.is_Pow:
        if expression.exp == sympy.Rational(1, 2):
            return Call("sqrt", (to_formula(expression.base),))
        return Power(to_formula(expression.base), to_formula(expression.exp))
    name = type(expression).__name__
    if name == "Heaviside" and expression.args[1:] == (0,):
        return Call("heaviside", (to_formula(expression.args[0]),))
    if name in _NAMES:
        return Call(_NAMES[name], tuple(map(to_formula, expression.args)))
    raise FormulaError(f"our grammar has no '{name}'")
