"""Intervals to first order: numbers that know how they depend on what was written down.

A written number stands for an interval.  What follows from several of them is not boxed
in naively (which blows up on ``a*(1 - a)`` and softmax), but carried as a centre and its
derivatives by each written number: `Affine`.  The widest it can then lie from its centre
is the sum of |derivative| times half-width.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from tracer.errors import CalculationError

Slopes = Mapping[object, float]


class Affine:
    """A number and its derivatives by the written numbers that it depends on."""

    __slots__ = ("centre", "slopes")

    def __init__(self, centre: float, slopes: Slopes | None = None) -> None:
        self.centre = centre
        self.slopes: Slopes = slopes or {}

    def radius(self, widths: Mapping[object, float]) -> float:
        """How far it may lie from its centre, to first order."""
        return sum(abs(slope) * widths.get(name, 0.0) for name, slope in self.slopes.items())


def _combined(*parts: tuple[float, Slopes]) -> Slopes:
    live = [(factor, slopes) for factor, slopes in parts if slopes and factor]
    if not live:
        return {}
    total: dict[object, float] = {}
    for factor, slopes in live:
        for name, slope in slopes.items():
            total[name] = total.get(name, 0.0) + factor * slope
    return total


class FirstOrder:
    """Affine numbers as an arithmetic for `Evaluator`.

    Args:
        inner: if given, every result that does not end at this place may have been
            rounded to it: each adds half of it as a source of its own, the last included.
    """

    def __init__(self, inner: float = 0.0) -> None:
        self.inner = inner
        self.widths: dict[object, float] = {}
        """Half-widths of the inner results."""

    def number(self, text: str) -> Affine:
        top, slash, bottom = text.partition("/")
        return Affine(float(top) / float(bottom) if slash else float(text))

    def add(self, terms: Sequence[Affine]) -> Affine:
        centre = 0.0
        for term in terms:
            centre += term.centre
        return self.rounded(Affine(centre, _combined(*((1.0, term.slopes) for term in terms))))

    def negate(self, value: Affine) -> Affine:
        return Affine(-value.centre, _combined((-1.0, value.slopes)))

    def multiply(self, factors: Sequence[Affine]) -> Affine:
        total = factors[0]
        for factor in factors[1:]:
            slopes = _combined((factor.centre, total.slopes), (total.centre, factor.slopes))
            total = self.rounded(Affine(total.centre * factor.centre, slopes))
        return total

    def divide(self, numerator: Affine, denominator: Affine) -> Affine:
        bottom = denominator.centre
        if bottom == 0:
            raise CalculationError("division by 0")
        value = numerator.centre / bottom
        slopes = _combined((1 / bottom, numerator.slopes), (-value / bottom, denominator.slopes))
        return self.rounded(Affine(value, slopes))

    def power(self, base: Affine, exponent: Affine) -> Affine:
        x, n = base.centre, exponent.centre
        try:
            value = x**n
            by_base = n * x ** (n - 1) if base.slopes else 0.0
            by_exponent = value * math.log(x) if exponent.slopes else 0.0
        except (OverflowError, ZeroDivisionError, ValueError) as error:
            raise CalculationError(f"{x:g}**{n:g} is not finite") from error
        if isinstance(value, complex):
            raise CalculationError(f"a root of {x:g}")
        slopes = _combined((by_base, base.slopes), (by_exponent, exponent.slopes))
        return self.rounded(Affine(value, slopes))

    def call(self, function: str, arguments: Sequence[Affine]) -> Affine:
        if function in ("maximum", "minimum"):
            choose = max if function == "maximum" else min
            return choose(arguments, key=lambda part: part.centre)
        if function == "ismax":
            cells = [cell.centre for cell in arguments[1:]]
            return Affine(float(cells.index(max(cells)) + 1 == arguments[0].centre))
        x = arguments[0]
        try:
            value, slope = _FUNCTIONS[function](x.centre)
        except (OverflowError, ValueError, ZeroDivisionError) as error:
            raise CalculationError(f"{function}({x.centre:g}) is not finite") from error
        return self.rounded(Affine(value, _combined((slope, x.slopes))))

    def rounded(self, value: Affine) -> Affine:
        """An inner result as it may have been written on scrap paper."""
        if not self.inner or ends_at(value.centre, self.inner):
            return value
        name = ("inner", len(self.widths))
        self.widths[name] = self.inner / 2
        return Affine(value.centre, {**value.slopes, name: 1.0})


def _exp(x: float) -> tuple[float, float]:
    value = math.exp(x)
    return value, value


def _tanh(x: float) -> tuple[float, float]:
    value = math.tanh(x)
    return value, 1 - value * value


def _sqrt(x: float) -> tuple[float, float]:
    value = math.sqrt(x)
    return value, 0.5 / value if value else 0.0


def _sign(x: float) -> tuple[float, float]:
    return float((x > 0) - (x < 0)), 0.0


_FUNCTIONS: dict[str, Callable[[float], tuple[float, float]]] = {
    "exp": _exp,
    "log": lambda x: (math.log(x), 1 / x),
    "sqrt": _sqrt,
    "tanh": _tanh,
    "abs": lambda x: (abs(x), _sign(x)[0]),
    "sign": _sign,
    "heaviside": lambda x: (1.0 if x > 0 else 0.0, 0.0),
}


def ends_at(value: float, unit: float) -> bool:
    """Whether a number has no digits beyond this place.

    >>> ends_at(0.25, 0.01), ends_at(0.253, 0.01)
    (True, False)
    """
    steps = value / unit
    return abs(steps - round(steps)) <= 1e-9 * max(1.0, abs(steps))


def fits(value: float, target: float, unit: float, radius: float = 0.0) -> bool:
    """Whether `value` rounds or truncates to the written `target`, give or take `radius`.

    Args:
        value: a calculated number.
        target: the written one.
        unit: the worth of its last place; 0 for a fraction, which has no interval.
        radius: how far `value` itself may lie off.

    >>> fits(0.12345, 0.123, 0.001), fits(0.1239, 0.123, 0.001), fits(0.1225, 0.124, 0.001)
    (True, True, False)
    """
    slack = 1e-9 * unit + 4e-16 * abs(target)
    if abs(value - target) <= unit / 2 + radius + slack:
        return True
    beyond = abs(value) - abs(target)
    return value * target >= 0 and target != 0 and -slack <= beyond < unit + radius - slack
