"""The machine's numbers as an arithmetic for `Evaluator`: fast, of some 16 digits.

Takes and gives floats; what the machine cannot say (a division by 0, an overflow) becomes
a `CalculationError`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from tracer.errors import CalculationError


class Float:
    """The machine's floating-point numbers, in writing order."""

    def number(self, text: str) -> float:
        top, slash, bottom = text.partition("/")
        return float(top) / float(bottom) if slash else float(text)

    def add(self, terms: Sequence[float]) -> float:
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total

    def multiply(self, factors: Sequence[float]) -> float:
        total = factors[0]
        for factor in factors[1:]:
            total = total * factor
        return total

    def divide(self, numerator: float, denominator: float) -> float:
        if denominator == 0:
            raise CalculationError("division by 0")
        return numerator / denominator

    def power(self, base: float, exponent: float) -> float:
        try:
            value = base**exponent
        except (OverflowError, ZeroDivisionError) as error:
            raise CalculationError(f"{base:g}**{exponent:g} is not finite") from error
        if isinstance(value, complex):
            raise CalculationError(f"a root of the negative number {base:g}")
        return float(value)

    def negate(self, value: float) -> float:
        return -value

    def call(self, function: str, arguments: Sequence[float]) -> float:
        try:
            return FLOAT_FUNCTIONS[function](*arguments)
        except OverflowError as error:
            raise CalculationError(f"{function}({arguments[0]:g}) overflows") from error
        except ValueError as error:
            raise CalculationError(f"{function} of {arguments[0]:g} does not exist") from error


FLOAT_FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "sin": math.sin,
    "cos": math.cos,
    "cospi": lambda x: math.cos(math.pi * x),
    "floor": lambda x: float(math.floor(x)),
    "abs": abs,
    "sign": lambda x: float((x > 0) - (x < 0)),
    "heaviside": lambda x: 1.0 if x > 0.0 else 0.0,
    "Phi": lambda x: 0.5 * math.erfc(-x / math.sqrt(2.0)),
    "phi": lambda x: math.exp(-x * x / 2.0) / math.sqrt(2.0 * math.pi),
    "maximum": max,
    "minimum": min,
    "ismax": lambda which, *cells: float(cells.index(max(cells)) + 1 == which),
}
"""The elementary functions of floats; compiled straight lines call the same."""
