"""The figures of a report's numbers: as typed, rounded, with enough digits to tell.

Takes numbers as written or worked out; gives their texts in our grammar.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as Rational

from tracer.model.answer import Statement, Written
from tracer.model.rounding import Precision, Rounding, magnitude

FEWEST_FIGURES = 3
"""A right value is shown with at least so many significant figures."""


def as_written(number: Written) -> str:
    """A number in our grammar, with every digit that was typed.

    >>> from tracer.model.answer import written
    >>> as_written(written("−0,0410")), as_written(written("2.40·10^-6"))
    ('-0.0410', '2.40e-6')
    """
    value, places = number.value, number.decimals
    if not number.unit and value.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    if abs(places) > 60:
        return str(value)
    digits = str(abs(int(value * Rational(10) ** places)))
    sign = "-" if value < 0 else ""
    power = len(digits) - 1 - places
    if value and (power < -4 or places < 0):
        return f"{sign}{digits[0]}{'.' * (len(digits) > 1)}{digits[1:]}e{power}"
    if places <= 0:
        return sign + digits
    padded = digits.rjust(places + 1, "0")
    return f"{sign}{padded[:-places]}.{padded[-places:]}"


def figures(value: float, count: int) -> str:
    """A number rounded to so many significant figures.

    >>> figures(-0.00818589612, 6), figures(0.1 + 0.2, 6)
    ('-0.00818590', '0.3')
    """
    return Rounding(Precision(figures=count)).text(cleaned(value))


def at_places(value: float, places: int) -> str:
    """A number to so many decimal places.

    >>> at_places(0.00240646, 6)
    '0.002406'
    """
    return Rounding(Precision(places=max(places, 0))).text(cleaned(value))


def shown(value: float, statement: Statement) -> str:
    """A right value beside what a statement says: with its digits, and enough to tell.

    >>> from tracer.formula.nodes import Symbol
    >>> from tracer.model.answer import written
    >>> shown(-0.00818589, Statement(1, "d", Symbol("d"), written("-0.0819")))
    '-0.00819'
    >>> shown(0.5646472, Statement(1, "z", Symbol("z"), written("1")))
    '0.565'
    """
    number = statement.written
    places = 4 if number is None or not number.unit else number.decimals
    exact = cleaned(value)
    if exact:
        places = max(places, FEWEST_FIGURES - 1 - magnitude(exact))
    for more in range(4):
        text = Rounding(Precision(places=max(places, 0) + more)).text(exact)
        if number is None or Rational(text) != number.value:
            break
    return text


def score_text(points: Rational) -> str:
    """Points as people write them: 27, 26.5, 8.33.

    >>> score_text(Rational(53, 2)), score_text(Rational(25, 3))
    ('26.5', '8.33')
    """
    return f"{float(points):.2f}".rstrip("0").rstrip(".")


def cleaned(value: float) -> Rational:
    """The value without the machine's own noise behind the 12th figure."""
    return Rational(Decimal(f"{value:.12g}"))


def opposite(text: str) -> str:
    """A number's text with the other sign."""
    return text[1:] if text.startswith("-") else text if text == "0" else f"-{text}"
