"""How a number is printed, and to what precision a page says that it rounds.

The page's own sentences say it: "rounded to 5 significant figures", "new parameters to 4
decimal places".  A result may only show fewer digits than these where it is exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.honesty.lexing import NotUnderstood, Token

_FIGURES = re.compile(r"(\d+) significant figures?")
_PLACES = re.compile(r"(\d+) decimal places?")
_FULL = 17
"""Figures of a number that is not rounded and does not end."""
_CUT = re.compile(r"(\d+) figures\b")


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: its value and the power of ten of its last digit."""

    value: Fraction
    last: int | None
    """None for a fraction such as 1/3, which is exact."""

    @property
    def unit(self) -> Fraction:
        return Fraction(0) if self.last is None else Fraction(10) ** self.last

    @property
    def figures(self) -> int:
        """How many significant figures are shown."""
        if self.last is None or self.value == 0:
            return 0
        return _first(self.value) - self.last + 1


@dataclass(frozen=True, slots=True)
class Precisions:
    """What a page declares."""

    figures: frozenset[int]
    places: frozenset[int]
    cut: bool = False
    """Nothing is rounded; what had to be cut may not be called equal."""
    whole: frozenset[int] = frozenset()
    """Figures of numbers that were not rounded, but do not end."""
    even: bool = False
    """A tie goes to the even digit, not away from zero."""

    def rounds(self, value: Fraction, shown: Printed, slack: Fraction) -> bool:
        """Whether a value, known to within `slack`, is rounded to what is shown."""
        if self.cut or shown.last is None or value == 0 or shown.value == 0:
            return False
        off = abs(value - shown.value)
        if off > shown.unit / 2 + slack:
            return False
        if off == shown.unit / 2:
            right = (shown.value / shown.unit) % 2 == 0 if self.even else value**2 < shown.value**2
            if not right:
                return False
        return shown.figures not in self.whole and self.declares(shown)

    def coarsest(self, value: Fraction) -> Fraction:
        """A unit of the last place to which the page rounds most coarsely."""
        units = [Fraction(10) ** -places for places in self.places]
        if self.figures and value:
            units.append(Fraction(10) ** (_first(value) - min(self.figures) + 1))
        return max(units, default=Fraction(0))

    def declares(self, shown: Printed) -> bool:
        """Whether the number shows as many digits as numbers that were rounded show."""
        if shown.last is None:
            return False
        if shown.figures in self.figures | self.whole or -shown.last in self.places:
            return True
        # a number that its places would show as 0 is shown with a few figures instead
        return shown.figures <= 3 and any(
            2 * abs(shown.value) < 3 * Fraction(10) ** -places for places in self.places
        )


def declared(text: str) -> Precisions:
    """The precisions that a page's sentences declare."""
    if "Nothing is rounded" in text:
        return Precisions(frozenset(map(int, _CUT.findall(text))), frozenset(), True)
    figures = frozenset(map(int, _FIGURES.findall(text)))
    whole = frozenset({_FULL}) if "not rounded" in text else frozenset[int]()
    places = frozenset(map(int, _PLACES.findall(text)))
    return Precisions(figures, places, whole=whole, even="Ties go to the even digit" in text)


def printed(tokens: Sequence[Token]) -> Printed:
    """A number as it stands on the page: ``−3.70·10⁻⁵``, ``1/3``, ``0.5``.

    Raises:
        NotUnderstood: if this is no single number.
    """
    match [(token.kind, token.text) for token in tokens if token.kind not in "()"]:
        case [("number", text)]:
            return number(text)
        case [("-", _), ("number", text)]:
            found = number(text)
            return Printed(-found.value, found.last)
        case [("number", top), ("/", _), ("number", bottom)]:
            return Printed(Fraction(top) / Fraction(bottom), None)
        case [("-", _), ("number", top), ("/", _), ("number", bottom)]:
            return Printed(-Fraction(top) / Fraction(bottom), None)
    raise NotUnderstood("this is no single number")


def number(text: str) -> Printed:
    """A number's digits and power of ten: ``0.593``, ``3.7e-5``."""
    digits, _, power = text.partition("e")
    return Printed(Fraction(text), int(power or "0") - len(digits.partition(".")[2]))


def _first(value: Fraction) -> int:
    """The power of ten of the first digit."""
    place = len(str(abs(value.numerator))) - len(str(value.denominator))
    return place if abs(value) >= Fraction(10) ** place else place - 1
