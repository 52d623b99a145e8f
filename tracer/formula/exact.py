"""Exact numbers as an arithmetic for `Evaluator`: what tracing calculates with.

Rational numbers stay fractions; the rest are decimals of 34 digits, or of as many as it
takes.  The arithmetic notes where digits were not enough, for whoever asked.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction as Rational

from tracer.errors import CalculationError
from tracer.formula import circular, normal

DIGITS = 34
"""Decimal digits of an exact value that is not rational."""
MOST_DIGITS = 800
"""Enough for 1 - tanh(900); what needs more takes too long, and is remarked."""
_SPARE = 14
_LARGEST_RATIONAL = 512
"""Bits; beyond them a fraction goes on as a decimal."""

Value = Rational | Decimal


@dataclass(slots=True)
class Exact:
    """Fractions as long as everything is rational, else decimals of `digits` digits.

    `gap` records by how many powers of ten the operands of an addition lay apart:
    where it comes near `digits`, as in 1 - 0.99999..., a caller that wants full
    precision evaluates again with `enough_digits`.  `vanished` says that a sum came out
    as 0 although its terms lay further apart than `digits` can hold.  `cancelled` says that
    a sum lost nearly all its digits: what is left of it may be nothing but rounding, and
    `bounding` tells.
    """

    digits: int = DIGITS
    gap: int = 0
    vanished: bool = False
    cancelled: bool = False
    context: decimal.Context = field(init=False)

    def __post_init__(self) -> None:
        self.context = decimal.Context(
            prec=self.digits,
            rounding=decimal.ROUND_HALF_EVEN,
            Emax=decimal.MAX_EMAX,
            Emin=decimal.MIN_EMIN,
            traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
        )

    @property
    def enough_digits(self) -> int:
        """Digits with which nothing that was added is lost."""
        return self.digits if self.gap <= _SPARE else min(self.gap + DIGITS, MOST_DIGITS)

    def number(self, text: str) -> Value:
        return Rational(text)

    def decimal(self, value: Value) -> Decimal:
        """The value as a decimal, rounded to `digits` digits if it is a fraction."""
        if isinstance(value, Decimal):
            return value
        return self.context.divide(Decimal(value.numerator), Decimal(value.denominator))

    def add(self, terms: Sequence[Value]) -> Value:
        total = terms[0]
        for term in terms[1:]:
            if isinstance(total, Rational) and isinstance(term, Rational):
                total = self._kept(total + term)
            else:
                first, second = self.decimal(total), self.decimal(term)
                if first and second:
                    self.gap = max(self.gap, abs(first.adjusted() - second.adjusted()))
                total = self._finite(self.context.add, first, second)
                if total and first and second:
                    lost = max(first.adjusted(), second.adjusted()) - total.adjusted()
                    self.cancelled = self.cancelled or lost > self.digits - _SPARE
                if first and not total and self.gap >= self.digits:
                    self.vanished = True
        return total

    def _finite(
        self, operation: Callable[[Decimal, Decimal], Decimal], first: Decimal, second: Decimal
    ) -> Decimal:
        try:
            return operation(first, second)
        except decimal.DecimalException as error:
            raise CalculationError("the number grows without bound") from error

    def multiply(self, factors: Sequence[Value]) -> Value:
        total = factors[0]
        for factor in factors[1:]:
            if isinstance(total, Rational) and isinstance(factor, Rational):
                total = self._kept(total * factor)
            elif total == 0 or factor == 0:
                total = Rational(0)
            else:
                first, second = self.decimal(total), self.decimal(factor)
                total = self._finite(self.context.multiply, first, second)
        return total

    def divide(self, numerator: Value, denominator: Value) -> Value:
        if denominator == 0:
            raise CalculationError("division by 0")
        if isinstance(numerator, Rational) and isinstance(denominator, Rational):
            return self._kept(numerator / denominator)
        first, second = self.decimal(numerator), self.decimal(denominator)
        return self._finite(self.context.divide, first, second)

    def negate(self, value: Value) -> Value:
        return -value if isinstance(value, Rational) else value.copy_negate()

    def power(self, base: Value, exponent: Value) -> Value:
        small = isinstance(exponent, Rational) and abs(exponent.numerator) <= 64
        whole = isinstance(exponent, Rational) and exponent.denominator == 1
        if base == 0 and float(exponent) <= 0:
            raise CalculationError(f"0 to the power {exponent}")
        if whole and small and isinstance(base, Rational) and _short(base):
            return self._kept(base ** int(exponent))
        if exponent == Rational(1, 2):
            return self.call("sqrt", [base])
        if base < 0 and not whole:
            raise CalculationError("a root of a negative number")
        try:
            return self.context.power(self.decimal(base), self.decimal(exponent))
        except decimal.DecimalException as error:
            raise CalculationError(f"{base}**{exponent} is not finite") from error

    def call(self, function: str, arguments: Sequence[Value]) -> Value:
        first = arguments[0]
        match function:
            case "maximum":
                return max(arguments)
            case "minimum":
                return min(arguments)
            case "abs":
                return abs(first) if isinstance(first, Rational) else first.copy_abs()
            case "sign":
                return Rational((first > 0) - (first < 0))
            case "heaviside":
                return Rational(int(first > 0))
            case "floor":
                return Rational(math.floor(first))
            case "cospi":
                return self._half_turns(first)
            case "ismax":
                cells = list(arguments[1:])
                return Rational(int(cells.index(max(cells)) + 1 == first))
            case "sqrt" if isinstance(first, Rational) and first.numerator >= 0:
                root = Rational(math.isqrt(first.numerator), math.isqrt(first.denominator))
                if root * root == first:
                    return root
        if first == _FIXED_POINTS.get(function):
            return _AT_FIXED_POINT.get(function, Rational(0))
        return self._transcendental(function, self.decimal(first))

    def _transcendental(self, function: str, x: Decimal) -> Decimal:
        context = self.context
        try:
            match function:
                case "exp":
                    return context.exp(x)
                case "log" if x > 0:
                    return context.ln(x)
                case "sqrt" if x >= 0:
                    return context.sqrt(x)
                case "tanh":
                    return self._tanh(x)
                case "sin" if x.adjusted() < circular.FARTHEST:
                    return circular.sine(x, context)
                case "cos" if x.adjusted() < circular.FARTHEST:
                    return circular.cosine(x, context)
                case "phi":
                    return normal.density(x, context)
                case "Phi":
                    if x > 0:  # 1 - Phi(x) is small
                        self.gap = max(self.gap, int(min(x * x * Decimal("0.22"), Decimal(2000))))
                    return normal.distribution(x, context)
        except decimal.DecimalException as error:
            raise CalculationError(f"{function}({x:.6g}) overflows") from error
        if function in ("log", "sqrt", "sin", "cos"):
            raise CalculationError(f"{function} of {x or Decimal():.6g} does not exist")
        raise CalculationError(f"unknown function '{function}'")

    def _half_turns(self, x: Value) -> Value:
        """``cos(pi*x)``."""
        turns = x % 2 if isinstance(x, Rational) else self.context.remainder(x, Decimal(2))
        if isinstance(turns, Rational):
            known = circular.cosine_of_half_turns(turns)
            if known is not None:
                return known
        angle = self.context.multiply(normal.pi(self.digits), self.decimal(turns))
        return self.call("cos", [angle])

    def _tanh(self, x: Decimal) -> Decimal:
        """``tanh(x) = (1 - q)/(1 + q)`` with ``q = exp(-2|x|)``, all digits good."""
        small = max(0, -x.adjusted())
        if 2 * small > self.digits:  # tanh(x) = x - x**3/3 + ...
            return self.context.plus(x)
        wide = self.context.copy()
        far = int(abs(x)) if abs(x) < 2000 else 2000
        wide.prec = self.digits + 2 * small + far + 6
        self.gap = max(self.gap, int(0.87 * far))
        q = wide.exp(wide.multiply(Decimal(-2), x.copy_abs()))
        value = wide.divide(wide.subtract(Decimal(1), q), wide.add(Decimal(1), q))
        return self.context.plus(value).copy_sign(x)

    def _kept(self, value: Rational) -> Value:
        if value.denominator.bit_length() > _LARGEST_RATIONAL:
            return self.decimal(value)
        if value.numerator.bit_length() > 8 * _LARGEST_RATIONAL:
            return self.decimal(value)
        return value


def _short(value: Rational) -> bool:
    """Whether a fraction may be raised to a power without growing out of hand."""
    return max(value.numerator.bit_length(), value.denominator.bit_length()) <= _LARGEST_RATIONAL


_FIXED_POINTS = {"exp": 0, "log": 1, "tanh": 0, "Phi": 0, "sin": 0, "cos": 0}
_AT_FIXED_POINT = {"exp": Rational(1), "cos": Rational(1), "Phi": Rational(1, 2)}
"""Arguments at which the value is rational, and the values that are not 0."""
