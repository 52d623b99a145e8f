"""Numbers known to lie between two fractions, for recomputing what a page prints.

A printed number is exact, or, where a line says "about", anything within a unit of its last
place.  Sums and products of fractions stay exact; exp and the like widen the range by one
part in 10**45, so that a comparison can never be wrong by the reader's own rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Overflow, localcontext
from fractions import Fraction
from itertools import product

from tests.honesty.lexing import NotUnderstood

TOO_LARGE = "a number with more than a million digits"
_EXACTLY = Context(prec=50, Emin=-(10**6), Emax=10**6)
_WIDER = Fraction(1, 10**45)
_LARGEST_POWER = 5000


class Undefined(ArithmeticError):
    """The printed numbers have no value here: a division by 0, the logarithm of 0."""


@dataclass(frozen=True, slots=True)
class Range:
    """Every number from `low` to `high`."""

    low: Fraction
    high: Fraction

    @staticmethod
    def of(value: Fraction | int) -> Range:
        """One number."""
        return Range(Fraction(value), Fraction(value))

    @property
    def single(self) -> bool:
        return self.low is self.high or self.low == self.high

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Range) -> Range:
        if other is LOG_OF_ZERO:
            return other * self
        if self.single and other.single:
            return Range.of(self.low * other.low)
        ends = [a * b for a, b in product((self.low, self.high), (other.low, other.high))]
        return Range(min(ends), max(ends))

    def __truediv__(self, other: Range) -> Range:
        if other.low <= 0 <= other.high:
            raise Undefined("a division by 0")
        return self * Range(1 / other.high, 1 / other.low)

    def power(self, exponent: Range) -> Range:
        """This number to a power; fractions of a power need a positive base."""
        if exponent.single and exponent.low.denominator == 1:
            return self._whole_power(int(exponent.low))
        return exp(exponent * log(self))

    def _whole_power(self, exponent: int) -> Range:
        if abs(exponent) > _LARGEST_POWER:
            raise Undefined("a huge power")
        if exponent < 0:
            return Range.of(1) / self._whole_power(-exponent)
        ends = sorted([self.low**exponent, self.high**exponent])
        if exponent and exponent % 2 == 0 and self.low < 0 < self.high:
            ends[0] = Fraction(0)
        return Range(*ends)


class _LogOfZero(Range):
    """The logarithm of exactly 0: no number, but 0 times it counts as 0, the limit."""

    __slots__ = ()

    def __neg__(self) -> Range:
        return self

    def __mul__(self, other: Range) -> Range:
        if other is not self and other.single and other.low == 0:
            return ZERO
        raise Undefined("the logarithm of 0")

    def __getattribute__(self, name: str) -> object:
        if name in ("low", "high"):
            raise Undefined("the logarithm of 0")
        return super().__getattribute__(name)


ZERO, ONE = Range.of(0), Range.of(1)
ABSENT = Range(Fraction(0), Fraction(0))
"""What stands for a dot in a matrix: adds nothing, and softmax leaves it out."""

LOG_OF_ZERO = _LogOfZero(Fraction(0), Fraction(0))


def _rising(function: Callable[[Decimal], Decimal]) -> Callable[[Range], Range]:
    """A rising function of decimals as one of ranges."""

    def at(x: Fraction) -> Fraction:
        given = _EXACTLY.divide(Decimal(x.numerator), Decimal(x.denominator))
        try:
            found = function(given)
        except Overflow:
            raise NotUnderstood(TOO_LARGE) from None
        return Fraction(found)

    def wider(x: Fraction, sign: int) -> Fraction:
        return x + sign * _WIDER * (abs(x) or _WIDER)

    def apply(x: Range) -> Range:
        low = at(x.low)
        return Range(wider(low, -1), wider(low if x.single else at(x.high), 1))

    return apply


def _log(x: Decimal) -> Decimal:
    if x <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return x.ln(_EXACTLY)


def _sqrt(x: Decimal) -> Decimal:
    if x < 0:
        raise Undefined("the root of a negative number")
    return x.sqrt(_EXACTLY)


exp = _rising(lambda x: x.exp(_EXACTLY))
_log_of_positive = _rising(_log)
sqrt = _rising(_sqrt)


def log(x: Range) -> Range:
    """The natural logarithm; that of exactly 0 may only be multiplied by 0."""
    return LOG_OF_ZERO if x.single and x.low == 0 else _log_of_positive(x)


def sigmoid(x: Range) -> Range:
    """1/(1 + e^-x), at each end: it rises."""
    return _at_ends(x, lambda end: ONE / (ONE + exp(-end)))


def tanh(x: Range) -> Range:
    """(e^2x - 1)/(e^2x + 1), at each end."""
    two = Range.of(2)
    return _at_ends(x, lambda end: ONE - two / (exp(two * end) + ONE))


def softplus(x: Range) -> Range:
    """ln(1 + e^x)."""
    return log(ONE + exp(x))


_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
_FAR = 5
"""Beyond this many standard deviations the tail is worked out on its own."""


def _bell(x: Decimal) -> Decimal:
    """e^(-x^2/2)/sqrt(2 pi)."""
    with localcontext(_EXACTLY):
        return (-x * x / 2).exp() / (2 * _PI).sqrt()


def _below(x: Decimal) -> Decimal:
    """The part of a normal distribution below x."""
    with localcontext(_EXACTLY):
        if abs(x) > _FAR:  # Laplace's continued fraction of the tail
            rest = abs(x)
            for n in range(600, 0, -1):
                rest = abs(x) + n / rest
            tail = _bell(x) / rest
            return tail if x < 0 else 1 - tail
        term = whole = x
        for n in range(3, 400, 2):
            term = term * x * x / n
            whole += term
        return Decimal("0.5") + _bell(x) * whole


normal_below = _rising(_below)


def normal_density(x: Range) -> Range:
    """The bell curve; highest at 0."""
    ends = [_rising(_bell)(Range.of(end)) for end in (x.low, x.high)]
    low, high = min(end.low for end in ends), max(end.high for end in ends)
    top = _rising(_bell)(ZERO).high
    return Range(low, top if x.low < 0 < x.high else high)


def sine(x: Range) -> Range:
    """Between -1 and 1; as wide as the angle at most."""
    return _wave(x, 1)


def cosine(x: Range) -> Range:
    """Between -1 and 1; as wide as the angle at most."""
    return _wave(x, 0)


def _wave(x: Range, first: int) -> Range:
    """The power series of sine (from 1) or cosine (from 0), at a modest angle."""
    middle, off = (x.low + x.high) / 2, (x.high - x.low) / 2 + _WIDER
    if abs(middle) > _FAR:
        raise NotUnderstood("a large angle")
    with localcontext(_EXACTLY) as context:
        context.prec = 90
        angle = Decimal(middle.numerator) / Decimal(middle.denominator)
        value = term = angle if first else Decimal(1)
        for n in range(first + 1, 200, 2):
            term = -term * angle * angle / (n * (n + 1))
            value += term
    found = Fraction(value)
    return Range(max(found - off, Fraction(-1)), min(found + off, Fraction(1)))


def floor(x: Range) -> Range:
    """The whole number at or below."""
    return Range(Fraction(math.floor(x.low)), Fraction(math.floor(x.high)))


def heaviside(x: Range) -> Range:
    """1 above 0, else 0."""
    return Range(Fraction(x.low > 0), Fraction(x.high > 0))


def sign(x: Range) -> Range:
    """-1, 0 or 1."""
    return heaviside(x) - heaviside(-x)


def absolute(x: Range) -> Range:
    """The distance from 0."""
    if x.low >= 0:
        return x
    return -x if x.high <= 0 else Range(Fraction(0), max(-x.low, x.high))


def largest(*found: Range) -> Range:
    """The largest of several."""
    return Range(max(x.low for x in found), max(x.high for x in found))


def smallest(*found: Range) -> Range:
    """The smallest of several."""
    return Range(min(x.low for x in found), min(x.high for x in found))


def relu(x: Range) -> Range:
    """The number if it is positive, else 0."""
    return largest(ZERO, x)


def leaky_relu(x: Range, leak: Range) -> Range:
    """The number if it is positive, else a small part of it."""
    return largest(ZERO, x) + leak * smallest(ZERO, x)


def softmax(found: Sequence[Range]) -> list[Range]:
    """Each one's share of the exponentials."""
    if all(x is ABSENT for x in found):
        return list(found)  # of nothing there are no shares
    powers = [ZERO if x is ABSENT else exp(x) for x in found]
    whole = ZERO
    for power in powers:
        whole = whole + power
    return [power / whole for power in powers]


def _at_ends(x: Range, function: Callable[[Range], Range]) -> Range:
    low = function(Range.of(x.low))
    return low if x.single else Range(low.low, function(Range.of(x.high)).high)
