"""The operations that a tape is made of: kinds, elementary functions and their slopes.

Declares what `taping` writes, `tape` works out forward and backward, and `working` calls
without a tape: the kinds as small numbers, and for each elementary function its value and
its slope from argument and value, at plain floats.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, NEGATE, CHOOSE, CALL = range(8)
NO_SECOND, EVERYTHING = -1, -2
"""In place of a second operand: there is none, or the function looks at all places."""


def powered(base: float, exponent: float) -> float:
    value = base**exponent
    if isinstance(value, complex):
        raise ValueError
    return float(value)


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


def _heaviside(x: float) -> float:
    return 1.0 if x > 0 else 0.0


def _density(x: float) -> float:
    """Of the standard normal distribution."""
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _flat(x: float, y: float) -> float:
    return 0.0


ELEMENTARY: dict[str, tuple[Callable[[float], float], Callable[[float, float], float]]] = {
    "exp": (math.exp, lambda x, y: y),
    "log": (math.log, lambda x, y: 1 / x),
    "sqrt": (math.sqrt, lambda x, y: 0.5 / y if y else 0.0),
    "tanh": (math.tanh, lambda x, y: 1 - y * y),
    "sin": (math.sin, lambda x, y: math.cos(x)),
    "cos": (math.cos, lambda x, y: -math.sin(x)),
    "cospi": (lambda x: math.cos(math.pi * x), lambda x, y: -math.pi * math.sin(math.pi * x)),
    "floor": (lambda x: float(math.floor(x)), _flat),
    "abs": (abs, lambda x, y: _sign(x)),
    "sign": (_sign, _flat),
    "heaviside": (_heaviside, _flat),
    "Phi": (lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), lambda x, y: _density(x)),
    "phi": (_density, lambda x, y: -x * y),
}
"""Elementary functions, and their slopes from argument and value."""

Operation = tuple[int, Callable[..., float], int, int, bool]
"""Kind, function, the places of its operands, and whether a person would write it down."""


@dataclass(frozen=True)
class Largest:
    """1 if the cell of that number is the first of the largest, else 0."""

    which: int
    cells: tuple[int, ...]

    def __call__(self, places: list[float]) -> float:
        values = [places[cell] for cell in self.cells]
        return float(values.index(max(values)) + 1 == places[self.which])


SLOPES: dict[Any, Callable[[float, float], float]] = dict(ELEMENTARY.values())
