"""The standard normal distribution in decimals: its density and its distribution function.

Takes a decimal and the context that says how many digits are wanted; gives decimals of
which all digits are good.  Read by the exact arithmetic.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache

_HALF = Decimal("0.5")


def density(x: Decimal, context: Context) -> Decimal:
    """``exp(-x**2/2)/sqrt(2*pi)``.

    >>> density(Decimal(0), Context(prec=12))
    Decimal('0.398942280401')
    """
    wide = wider(context, 8 + 2 * max(0, x.adjusted()))
    square = wide.multiply(x, x)
    power = wide.exp(wide.multiply(-_HALF, square))
    root = wide.sqrt(wide.multiply(Decimal(2), pi(wide.prec)))
    return context.plus(wide.divide(power, root))


def distribution(x: Decimal, context: Context) -> Decimal:
    """The share of the normal distribution that lies below x.

    >>> distribution(Decimal("1.96"), Context(prec=12)), distribution(Decimal(-1), Context(prec=12))
    (Decimal('0.975002104852'), Decimal('0.158655253931'))
    """
    far = x.copy_abs()
    wide = wider(context, 10)
    lower = _tail_by_series if far * far < 2 * wide.prec else _tail_by_fraction
    tail = lower(far, wide)
    return context.plus(tail if x < 0 else context.subtract(Decimal(1), tail))


def _tail_by_series(far: Decimal, context: Context) -> Decimal:
    """One half minus density times ``x + x**3/3 + x**5/15 + ...``, near the middle."""
    lost = int(far * far) // 4 + 5
    wide = wider(context, lost)
    square = wide.multiply(far, far)
    term = total = far
    odd = 1
    while term.adjusted() > -wide.prec and term:
        odd += 2
        term = wide.divide(wide.multiply(term, square), Decimal(odd))
        total = wide.add(total, term)
    return wide.subtract(_HALF, wide.multiply(density(far, wide), total))


def _tail_by_fraction(far: Decimal, context: Context) -> Decimal:
    """Density over ``x + 1/(x + 2/(x + 3/(x + ...)))``, far out."""
    terms = 20 + int(2 * (Decimal("1.16") * context.prec / far) ** 2)
    below = far
    for number in range(terms, 0, -1):
        below = context.add(far, context.divide(Decimal(number), below))
    return context.divide(density(far, context), below)


def wider(context: Context, digits: int) -> Context:
    """The same context with more digits."""
    wide = context.copy()
    wide.prec = context.prec + digits
    return wide


@lru_cache(maxsize=32)
def pi(digits: int) -> Decimal:
    """Pi, by the arithmetic-geometric mean."""
    wide = Context(prec=digits + 10)
    a, b, t, p = Decimal(1), wide.divide(Decimal(1), wide.sqrt(Decimal(2))), Decimal("0.25"), 1
    while abs(a - b) > Decimal(10) ** -digits:
        mean = wide.multiply(_HALF, wide.add(a, b))
        b = wide.sqrt(wide.multiply(a, b))
        step = wide.subtract(a, mean)
        t = wide.subtract(t, wide.multiply(Decimal(p), wide.multiply(step, step)))
        a, p = mean, 2 * p
    both = wide.add(a, b)
    return wide.divide(wide.multiply(both, both), wide.multiply(Decimal(4), t))
