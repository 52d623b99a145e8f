"""Formulas of the grammar's Python-like texts as SymPy expressions, and points to try.

The reader is `reading.calculate`, so a table's formula reaches SymPy without passing
through tracer's parser, evaluator or bridge.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import mpmath
import sympy

from tests.oracles.reading import calculate

FUNCTIONS: dict[str, Any] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "sqrt": sympy.sqrt,
    "tanh": sympy.tanh,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "cospi": lambda x: sympy.cos(sympy.pi * x),
    "floor": sympy.floor,
    "abs": sympy.Abs,
    "sign": sympy.sign,
    "heaviside": lambda x: sympy.Heaviside(x, 0),
    "Phi": lambda x: (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
    "phi": lambda x: sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi),
    "maximum": sympy.Max,
    "minimum": sympy.Min,
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "relu": lambda x: sympy.Max(0, x),
}

MPMATH: dict[str, Any] = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "tanh": mpmath.tanh,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "cospi": mpmath.cospi,
    "floor": mpmath.floor,
    "abs": abs,
    "sign": mpmath.sign,
    "heaviside": lambda x: mpmath.mpf(x > 0),
    "Phi": mpmath.ncdf,
    "phi": mpmath.npdf,
    "maximum": max,
    "minimum": min,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "relu": lambda x: max(x, mpmath.mpf(0)),
}


def read(text: str, **names: Any) -> sympy.Expr:
    """The text as a SymPy expression; `names` gives expressions for its symbols."""
    found = calculate(text, names, FUNCTIONS, lambda number: sympy.Rational(number))
    return sympy.sympify(found)


def points(seed: int, low: float, high: float, count: int = 40) -> Iterator[sympy.Rational]:
    """Random rational points between two bounds, none of them 0."""
    draw = random.Random(seed)
    for _ in range(count):
        value = draw.uniform(low, high)
        yield sympy.Rational(round(value * 10**6) or 1, 10**6)


def close(first: Any, second: Any, digits: int = 28) -> bool:
    """Whether two numbers agree to so many digits (relative, or absolute below 1)."""
    with mpmath.workdps(60):
        one, two = mpmath.mpf(first), mpmath.mpf(second)
        return bool(abs(one - two) <= mpmath.mpf(10) ** -digits * max(1, abs(one), abs(two)))


def number(expression: Any) -> mpmath.mpf:
    """A constant SymPy expression to 50 digits."""
    with mpmath.workdps(50):
        return mpmath.mpf(str(sympy.N(expression, 50)))
