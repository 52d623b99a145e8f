"""Decimal arithmetic and rounding of the tests' own: nothing here is the product's.

All 28 digits of `decimal` are carried, so that rounding, which is what a hand
calculation lives from, happens only where `Hand` says so.
"""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from decimal import Decimal

MODES = {
    "half up": decimal.ROUND_HALF_UP,
    "half even": decimal.ROUND_HALF_EVEN,
    "truncated": decimal.ROUND_DOWN,
}
ONE, TWO = Decimal(1), Decimal(2)


def sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


def tanh(z: Decimal) -> Decimal:
    return (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())


ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": lambda z: max(z, Decimal(0)),
    "leaky_relu": lambda z: z if z > 0 else Decimal("0.01") * z,
    "softplus": lambda z: (1 + z.exp()).ln(),
}
TRANSCENDENTAL = ("sigmoid", "tanh", "softplus")
SLOPES = {
    "identity": lambda z, a: ONE,
    "sigmoid": lambda z, a: a * (1 - a),
    "tanh": lambda z, a: 1 - a * a,
    "relu": lambda z, a: ONE if z > 0 else Decimal(0),
    "leaky_relu": lambda z, a: ONE if z > 0 else Decimal("0.01"),
    "softplus": lambda z, a: sigmoid(z),
}


@dataclass(frozen=True)
class Hand:
    """How somebody writes numbers: so many significant figures, or decimals, rounded so."""

    digits: int
    mode: str
    places: bool = False

    def unit(self, value: Decimal) -> Decimal:
        """The worth of the last place with which a value is written."""
        if self.places or not value:
            return Decimal(1).scaleb(-self.digits)
        return Decimal(1).scaleb(value.adjusted() - self.digits + 1)

    def rounded(self, value: Decimal) -> Decimal:
        """The value as written."""
        if not value and not self.places:
            return Decimal(0)
        written = value.quantize(self.unit(value), rounding=MODES[self.mode])
        if not self.places and written.adjusted() > value.adjusted():  # 0.9996 becomes 1.000
            written = written.quantize(self.unit(written))
        return written

    def shorter(self, value: Decimal, digits: int, mode: str) -> Decimal:
        """A value that somebody shortened before using it."""
        return Hand(digits, mode).rounded(value)


def text(value: Decimal) -> str:
    """A number as typed, its last place kept."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if value and (exponent > 0 or exponent < -40):
        return f"{value:E}".replace("E+", "e")
    return format(value, "f")
