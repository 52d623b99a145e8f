"""Scales: where a number stands along an axis, and which numbers are written there.

Ticks stand at round numbers, 1, 2 or 5 times a power of ten; on a logarithmic axis at
powers of ten, with 2 and 5 between them where there are few.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

_FACTORS = (1, 2, 5, 10)
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN_POWERS = range(-4, 6)
"""Powers of ten that are written out."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A number at an axis."""

    value: float
    text: str
    power: int | None = None
    """The exponent, where the text is a power of ten."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`."""

    low: float
    high: float
    log: bool = False
    whole: bool = False
    """Whether what it counts comes in whole numbers."""

    def share(self, value: float) -> float:
        """How far along the axis a value stands, from 0 to 1.

        >>> Scale(1, 100, log=True).share(10)
        0.5
        """
        if self.log:
            span = math.log10(self.high) - math.log10(self.low)
            return (math.log10(value) - math.log10(self.low)) / span if span else 0.5
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5

    def ticks(self, most: int = 6) -> list[Tick]:
        """The numbers to write, at most about so many.

        >>> [tick.text for tick in Scale(0, 3, whole=True).ticks()]
        ['0', '1', '2', '3']
        >>> [tick.text for tick in Scale(1e-5, 0.01, log=True).ticks()]
        ['10⁻⁵', '10⁻⁴', '10⁻³', '10⁻²']
        """
        return self._powers(most) if self.log else self._multiples(most)

    def _multiples(self, most: int) -> list[Tick]:
        step = round_step(max((self.high - self.low) / most, 1.0 if self.whole else 0.0))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        values = [round(k * step, 12 - round(math.log10(step))) for k in range(first, last + 1)]
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        if (values and max(map(abs, values)) >= 1e6) or places > 5:
            return [Tick(value, f"{value:g}".replace("-", "−")) for value in values]
        return [Tick(value, f"{value:,.{places}f}".replace("-", "−")) for value in values]

    def _powers(self, most: int) -> list[Tick]:
        low, high = math.log10(self.low), math.log10(self.high)
        first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
        step = max(1, math.ceil((last - first) / most))
        factors = (1, 2, 5) if last - first < 2 else (1,)
        least = first if factors == (1,) else math.floor(low)
        plain = {least, last} <= set(_PLAIN_POWERS)  # one way of writing on one axis
        found = [
            Tick(value, power_text(power, factor, plain), power if factor == 1 else None)
            for power in range(math.floor(low), last + 1)
            for factor in factors
            for value in (factor * 10.0**power,)
            if self.low * (1 - 1e-9) <= value <= self.high * (1 + 1e-9)
            and (factor > 1 or not (power - first) % step)
        ]
        return found if len(found) > 1 else replace(self, log=False)._multiples(most)


def power_text(power: int, factor: int = 1, plain: bool = True) -> str:
    """``0.001``, ``500``, ``10⁻⁷``, ``2·10⁻⁷``.

    >>> power_text(-3), power_text(3), power_text(-7), power_text(-7, 2)
    ('0.001', '1,000', '10⁻⁷', '2·10⁻⁷')
    """
    if power == 0 or (plain and power in _PLAIN_POWERS):
        return f"{factor * 10**power:,}" if power >= 0 else f"{factor * 10.0**power:.{-power}f}"
    raised = f"10{str(power).translate(_RAISED)}"
    return raised if factor == 1 else f"{factor}·{raised}"


def round_step(least: float) -> float:
    """The smallest of ..., 0.1, 0.2, 0.5, 1, 2, 5, ... that is at least this.

    >>> round_step(0.13), round_step(1800)
    (0.2, 2000.0)
    """
    if not least > 0:
        return 1.0
    power = math.floor(math.log10(least))
    return next(f * 10.0**power for f in _FACTORS if f * 10.0**power >= least * (1 - 1e-9))


def around(low: float, high: float, log: bool = False, most: int = 14) -> Scale:
    """A scale that begins and ends at round numbers around some values.

    >>> around(0.013, 0.56)
    Scale(low=0.0, high=0.6, log=False, whole=False)
    """
    if log:
        if high / low < 1 + 1e-12:
            return Scale(low / 2, high * 2, True)
        return Scale(*_round_powers(low, high), True)
    if low > 0 and low < 0.4 * high:
        low = 0.0
    elif high < 0 and high > 0.4 * low:
        high = 0.0
    if high - low < 1e-12 * max(abs(low), abs(high), 1e-300):
        spread = abs(high) / 2 or 1.0
        low, high = low - spread, high + spread
    step = round_step((high - low) / most)
    digits = 12 - round(math.log10(step))
    return Scale(
        round(math.floor(low / step + 1e-9) * step, digits),
        round(math.ceil(high / step - 1e-9) * step, digits),
    )


def _round_powers(low: float, high: float) -> tuple[float, float]:
    """Bounds at 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(low))
    below = max(f * power for f in (1, 2, 5) if f * power <= low * (1 + 1e-9))
    power = 10.0 ** math.floor(math.log10(high))
    above = min(f * power for f in _FACTORS if f * power >= high * (1 - 1e-9))
    return below, above
