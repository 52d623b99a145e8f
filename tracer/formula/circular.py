"""Sine and cosine in decimals, all digits of which are good.

Takes a decimal and the context that says how many digits are wanted.  The angle is brought
near 0 by whole quarter turns, and there the power series takes few terms.  Read by the
exact arithmetic.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction as Rational

from tracer.formula.normal import pi, wider

FARTHEST = 1000
"""Decimal places before the point beyond which an angle has no sine worth the work."""


def sine(x: Decimal, context: Context) -> Decimal:
    """The sine of an angle in radians.

    >>> sine(Decimal(5), Context(prec=12))
    Decimal('-0.958924274663')
    """
    return context.plus(_turned(x, 0, context))


def cosine(x: Decimal, context: Context) -> Decimal:
    """The cosine of an angle in radians.

    >>> cosine(Decimal(5), Context(prec=12))
    Decimal('0.283662185463')
    """
    return context.plus(_turned(x, 1, context))


def cosine_of_half_turns(turns: Rational) -> Rational | None:
    """``cos(pi*turns)`` where it is rational (Niven's theorem); None elsewhere.

    >>> cosine_of_half_turns(Rational(2, 3)), cosine_of_half_turns(Rational(1, 4))
    (Fraction(-1, 2), None)
    """
    return _RATIONAL.get(abs((turns + 1) % 2 - 1))


_RATIONAL = {
    Rational(0): Rational(1),
    Rational(1, 3): Rational(1, 2),
    Rational(1, 2): Rational(0),
    Rational(2, 3): Rational(-1, 2),
    Rational(1): Rational(-1),
}


def _turned(x: Decimal, quarters: int, context: Context) -> Decimal:
    """``sin(x + quarters*pi/2)``; near a zero as many digits more as are lost there."""
    digits = 12 + 2 * max(0, x.adjusted())
    while True:
        wide = wider(context, digits)
        right = wide.divide(pi(wide.prec + 2), Decimal(2))
        turns = wide.divide(x, right).to_integral_value(ROUND_HALF_EVEN)
        rest = wide.subtract(x, wide.multiply(turns, right))
        which = (int(turns) + quarters) % 4
        even = which % 2 == 0
        if even and x and rest.adjusted() < 10 - digits // 2 and digits < FARTHEST:
            digits *= 2  # hardly anything is left of the angle
            continue
        found = _series(rest, even, wide)
        return found if which < 2 else found.copy_negate()


def _series(x: Decimal, odd: bool, wide: Context) -> Decimal:
    """``x - x**3/6 + ...`` or ``1 - x**2/2 + ...``"""
    square = wide.multiply(x, x).copy_negate()
    term = total = x if odd else Decimal(1)
    number = 1 if odd else 0
    while term and term.adjusted() > total.adjusted() - wide.prec - 2:
        below = Decimal((number + 1) * (number + 2))
        term = wide.divide(wide.multiply(term, square), below)
        total = wide.add(total, term)
        number += 2
    return total
