"""Exact arithmetic that knows how far its decimals may be off, and so what is 0.

A sum such as ``p1 + p2 + p3 - 1`` of a softmax is 0, but each ``p`` was cut after so many
digits, and what remains is a number like 1e-67 that means nothing.  Here every decimal
carries a bound of its error, by the usual running error analysis (Higham, Accuracy and
Stability of Numerical Algorithms, sec. 3.3); a sum that is not larger than its own bound
is 0.  Read by tracing, where terms were found to cancel; `Exact` is faster and says so.
"""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction as Rational

from tracer.formula.evaluating import Exact, Value

_ROUGH = decimal.Context(
    prec=6, rounding=decimal.ROUND_UP, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN
)
"""For bounds: a few digits do, if they are rounded upwards."""
_DOWN = _ROUGH.copy()
_DOWN.rounding = decimal.ROUND_DOWN
_NONE, _ONE, _TWICE = Decimal(0), Decimal(1), Decimal(2)


class Approximate(Decimal):
    """A decimal, and by how much it may be off."""

    __slots__ = ("error",)
    error: Decimal

    def __new__(cls, value: Decimal, error: Decimal) -> Approximate:
        made = super().__new__(cls, value)
        made.error = error
        return made


class Bounding(Exact):
    """`Exact` with error bounds: fractions are exact, decimals carry how far they are off.

    >>> exact = Bounding(34)
    >>> third = exact.divide(exact.call("exp", [Rational(2)]), Rational(3))
    >>> exact.add([third, third, third, exact.negate(exact.call("exp", [Rational(2)]))])
    Fraction(0, 1)
    """

    __slots__ = ()

    def error(self, value: Value) -> Decimal:
        """How far a number may be off as a decimal; a fraction is cut when it becomes one."""
        if isinstance(value, Rational):
            value = self.decimal(value)
        return value.error if isinstance(value, Approximate) else self._unit(value)

    def _unit(self, value: Decimal) -> Decimal:
        """What cutting a decimal to its digits may have changed."""
        return Decimal((0, (1,), value.adjusted() - self.digits + 1)) if value else _NONE

    def _bounded(self, value: Value, error: Decimal) -> Value:
        """A result with the error that it inherits and that of cutting it."""
        if isinstance(value, Rational):
            return value
        return Approximate(value, _ROUGH.add(error, self._unit(value)))

    def decimal(self, value: Value) -> Decimal:
        found = super().decimal(value)
        if isinstance(found, Approximate):
            return found
        exact = isinstance(value, Rational) and Rational(found) == value
        return Approximate(found, _NONE if exact else self._unit(found))

    def add(self, terms: Sequence[Value]) -> Value:
        total = terms[0]
        for term in terms[1:]:
            error = _ROUGH.add(self.error(total), self.error(term))
            there = bool(total) and bool(term)
            total = self._bounded(super().add([total, term]), error)
            if isinstance(total, Approximate) and there and total.copy_abs() <= total.error:
                total = Rational(0)
                self.vanished = self.vanished or self.gap >= self.digits
        return total

    def multiply(self, factors: Sequence[Value]) -> Value:
        total = factors[0]
        for factor in factors[1:]:
            error = _ROUGH.add(
                _ROUGH.multiply(self._size(total), self.error(factor)),
                _ROUGH.multiply(self._size(factor), self.error(total)),
            )
            total = self._bounded(super().multiply([total, factor]), error)
        return total

    def divide(self, numerator: Value, denominator: Value) -> Value:
        found = super().divide(numerator, denominator)
        if isinstance(found, Rational):
            return found
        error = _ROUGH.add(
            self.error(numerator), _ROUGH.multiply(self._size(found), self.error(denominator))
        )
        return self._bounded(found, _ROUGH.divide(error, self._least(denominator)))

    def negate(self, value: Value) -> Value:
        if isinstance(value, Rational):
            return -value
        return Approximate(value.copy_negate(), self.error(value))

    def power(self, base: Value, exponent: Value) -> Value:
        found = super().power(base, exponent)
        if isinstance(found, Rational | Approximate):
            return found
        size, relative = self._size(found), self._relative(base)
        error = _ROUGH.multiply(_ROUGH.multiply(size, self._size(exponent)), relative)
        if self.error(exponent):
            logarithm = _ROUGH.abs(_ROUGH.ln(self._size(base)))
            inherited = _ROUGH.multiply(logarithm, self.error(exponent))
            error = _ROUGH.add(error, _ROUGH.multiply(size, inherited))
        return self._bounded(found, error)

    def call(self, function: str, arguments: Sequence[Value]) -> Value:
        if function == "ismax":
            return self._is_first_largest(int(arguments[0]), arguments[1:])
        found = super().call(function, arguments)
        if isinstance(found, Rational):
            return found
        if function in ("maximum", "minimum", "abs"):
            return Approximate(found, max(map(self.error, arguments)))
        steepness = self._steepness(function, arguments[0], found)
        return self._bounded(found, _ROUGH.multiply(steepness, self.error(arguments[0])))

    def _steepness(self, function: str, x: Value, found: Decimal) -> Decimal:
        """A bound of the slope near x, for errors that are small beside it."""
        value = self._size(found)
        match function:
            case "exp":
                return _ROUGH.multiply(_TWICE, value)
            case "log":
                return _ROUGH.divide(_ONE, self._least(x))
            case "sqrt":
                return _ROUGH.divide(_ONE, value)
            case "phi" | "Phi":  # phi(x)/Phi(x) is at most |x| + 1
                return _ROUGH.multiply(
                    _TWICE, _ROUGH.multiply(value, _ROUGH.add(self._size(x), _ONE))
                )
        return _ONE  # tanh, sin, cos

    def _is_first_largest(self, which: int, cells: Sequence[Value]) -> Value:
        """Cells that cannot be told apart count as equal."""
        largest = max(cells)
        equal = [not self.add([largest, self.negate(cell)]) for cell in cells]
        return Rational(int(equal.index(True) + 1 == which))

    def _size(self, value: Value) -> Decimal:
        """The absolute value, rounded upwards."""
        if isinstance(value, Rational):
            return _ROUGH.divide(Decimal(abs(value.numerator)), Decimal(value.denominator))
        return _ROUGH.plus(value.copy_abs())

    def _least(self, value: Value) -> Decimal:
        """How near to 0 the true value can be; what is all error counts as half of itself."""
        size = self.decimal(value).copy_abs()
        return max(_DOWN.subtract(size, self.error(value)), _DOWN.divide(size, _TWICE))

    def _relative(self, value: Value) -> Decimal:
        if not self.error(value):
            return _NONE
        return _ROUGH.divide(self.error(value), self._least(value))


def plain(value: Value) -> Value:
    """The number without its bound."""
    return Decimal(value) if isinstance(value, Approximate) else value
