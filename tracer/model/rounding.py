"""Rounding as a part of the problem: to how many figures, when, and how ties fall.

`Rounding.rounded` gives the number that a person would write down, `text` how it is
written in our grammar (``0.59327``, ``3.7e-5``, ``1/3``).  Typesetting that text is
the rendering room's work.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction as Rational

from tracer.errors import ProblemError

Value = Rational | Decimal

POLICIES = ("carried", "shown", "exact")
TIES = ("half_up", "half_even")
_LONGEST_DECIMAL = 20
_MOST_DIGITS = 60
_FULL_FIGURES = 17


@dataclass(frozen=True, slots=True)
class Precision:
    """To how many significant figures, or decimal places, or not at all."""

    figures: int | None = None
    places: int | None = None

    @property
    def exact(self) -> bool:
        return self.figures is None and self.places is None

    @property
    def of_small(self) -> Precision:
        """What a number keeps that has no place left: as many figures, but at most 3.

        >>> Precision(places=4).of_small, Precision(places=0).of_small
        (Precision(figures=3, places=None), Precision(figures=1, places=None))
        """
        return self if self.places is None else Precision(figures=min(max(self.places, 1), 3))


EXACT = Precision()


@dataclass(frozen=True, slots=True)
class Rounding:
    """How the numbers of a calculation are rounded.

    Attributes:
        precision: what holds where no role says otherwise.
        policy: ``carried``: each printed number is what the next line uses;
            ``shown``: full precision is carried and rounded in print;
            ``exact``: nothing is rounded.
        ties: ``half_up`` (away from zero, as by hand) or ``half_even``.
        roles: precision of single roles, e.g. ``{"z": EXACT}``; ``update`` means the
            updated parameters.
        givens: whether given numbers are rounded too.

    >>> Rounding(Precision(figures=3)).text(Rational("0.3925"))
    '0.393'
    >>> Rounding(Precision(figures=5)).text(Rational("0.3775"))
    '0.3775'
    """

    precision: Precision = Precision(figures=5)
    policy: str = "carried"
    ties: str = "half_up"
    roles: Mapping[str, Precision] = field(default_factory=dict)
    givens: bool = False

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise ProblemError(f"unknown rounding policy '{self.policy}'", ("policy",))
        if self.ties not in TIES:
            raise ProblemError(f"unknown rule for ties '{self.ties}'", ("ties",))

    def precision_of(self, role: str) -> Precision:
        """The precision that holds for a role such as ``z``, ``delta`` or ``update``."""
        if self.policy == "exact":
            return EXACT
        return self.roles.get(role, self.precision)

    def rounded(self, value: Value, role: str = "") -> Value:
        """The number as written down; a non-zero number never becomes 0."""
        place = self._last_place(value, self.precision_of(role))
        return value if place is None else _at_place(value, place, self.ties)

    def text(self, value: Value, role: str = "") -> str:
        """The number as written down, in our grammar.

        Zeros at the end stand only where something was rounded away.
        """
        place = self._last_place(value, self.precision_of(role))
        if place is None:
            return exact_text(value)
        rounded = _at_place(value, place, self.ties)
        if rounded == value:
            return exact_text(rounded)
        carried_over = self._last_place(rounded, self.precision_of(role))
        return _decimal_text(rounded, place if carried_over is None else carried_over)

    def given_text(self, text: str, role: str = "") -> str:
        """A given number as it is used: as the author wrote it, or rounded like any other.

        >>> Rounding(givens=True).given_text("0.1234567"), Rounding().given_text("0.1234567")
        ('0.12346', '0.1234567')
        """
        return self.text(Rational(text), role) if self.givens else text

    def unit(self, value: Value, role: str = "") -> Rational:
        """A unit of the last place to which a number is written; of the number 0, which has
        no figures, it may be 0.

        >>> Rounding(Precision(figures=3)).unit(Rational("0.0392"))
        Fraction(1, 10000)
        """
        precision = self.precision_of(role)
        place = self._last_place(value, precision)
        if place is None and value:
            place = magnitude(value) - _FULL_FIGURES + 1
        elif place is None and precision.places is not None:
            place = -precision.places
        return Rational(0) if place is None else _ten_to(place)

    def _last_place(self, value: Value, precision: Precision) -> int | None:
        """The power of ten of the last digit that is written; None: all of them."""
        if precision.exact or value == 0:
            return None
        first = magnitude(value)
        if precision.places is not None:
            place = -precision.places
            if _at_place(value, place, self.ties) == 0:
                return first - (precision.of_small.figures or 1) + 1
            return place
        assert precision.figures is not None
        return first - precision.figures + 1


def magnitude(value: Value) -> int:
    """The power of ten of the first digit: -2 for 0.037.

    >>> magnitude(Rational("0.037")), magnitude(Rational(250))
    (-2, 2)
    """
    if isinstance(value, Decimal):
        return value.adjusted()
    top, bottom = abs(value.numerator), value.denominator
    guess = math.floor((top.bit_length() - bottom.bit_length()) * math.log10(2)) - 1
    while top >= bottom * 10 ** (guess + 1) if guess >= -1 else top * 10 ** -(guess + 1) >= bottom:
        guess += 1
    return guess


def _ten_to(power: int) -> Rational:
    return Rational(10**power) if power >= 0 else Rational(1, 10**-power)


def _at_place(value: Value, place: int, ties: str) -> Rational:
    """The nearest multiple of ``10**place``; exact, whatever kind of number comes in."""
    top, bottom = value.as_integer_ratio()
    if place < 0:
        top *= 10**-place
    else:
        bottom *= 10**place
    whole, rest = divmod(abs(top), bottom)
    if 2 * rest > bottom or (2 * rest == bottom and (ties == "half_up" or whole % 2)):
        whole += 1
    if top < 0:
        whole = -whole
    return Rational(whole, 10**-place) if place < 0 else Rational(whole * 10**place)


def exact_text(value: Value) -> str:
    """Everything there is: a finite decimal, a short fraction, or 17 figures.

    >>> exact_text(Rational(1, 3)), exact_text(Rational(3, 8)), exact_text(Rational(7))
    ('1/3', '0.375', '7')
    """
    if isinstance(value, Rational):
        places = _finite_places(value.denominator)
        if places is not None:
            first = magnitude(value)
            last = -places or (_zeros(value.numerator) if first > _LONGEST_DECIMAL else 0)
            if -last - max(-first, 0) <= _LONGEST_DECIMAL and first - last <= _MOST_DIGITS:
                return _decimal_text(value, last)
        elif max(abs(value.numerator), value.denominator) < 10**6:
            return f"{value.numerator}/{value.denominator}"
    place = magnitude(value) - _FULL_FIGURES + 1
    return _decimal_text(_at_place(value, place, "half_even"), place)


def _zeros(number: int) -> int:
    """How many zeros a whole number, not 0, ends with."""
    zeros = 0
    while number % 10 == 0:
        number, zeros = number // 10, zeros + 1
    return zeros


def _finite_places(denominator: int) -> int | None:
    """Decimal places of a fraction with this denominator; None if it never ends."""
    twos = (denominator & -denominator).bit_length() - 1
    denominator >>= twos
    fives = 0
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _decimal_text(value: Rational, place: int) -> str:
    """The number with its last digit at ``10**place``; below 1e-4 as a power of ten."""
    if value == 0:
        return "0"
    top, bottom = abs(value.numerator), value.denominator
    whole = top * 10**-place // bottom if place < 0 else top // (bottom * 10**place)
    digits = str(whole)
    sign = "-" if value < 0 else ""
    first = place + len(digits) - 1
    if first < -4 or place > 0:
        mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
        return f"{sign}{mantissa}e{first}"
    if place == 0:
        return sign + digits
    padded = digits.rjust(-place + 1, "0")
    return f"{sign}{padded[:place]}.{padded[place:]}"
