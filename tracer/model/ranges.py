"""Between which numbers a setting lies, and how that is said.

The tables of the calculus room declare one for each setting that not every number makes
sense of; the reader of files, the JSON Schema and the planner hold numbers against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction as Rational

from tracer.errors import ProblemError


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from a least to a most one.

    >>> Range(0, 1, open_most=True).holds("1"), str(Range(0, 1, open_most=True))
    (False, 'is at least 0 and less than 1')
    >>> Range(0, open_least=True).holds("1e-8"), str(Range(0, open_least=True))
    (True, 'is more than 0')
    >>> str(Range(0, "0.999"))
    'lies between 0 and 0.999'
    """

    least: str | int
    most: str | int | None = None
    """None: there is none."""
    open_least: bool = False
    """Whether the least number itself is out of the range."""
    open_most: bool = False

    def holds(self, text: str) -> bool:
        """Whether the number of this text lies in it."""
        number, least = Rational(text), Rational(self.least)
        if number < least or (self.open_least and number == least):
            return False
        if self.most is None:
            return True
        most = Rational(self.most)
        return number < most or (number == most and not self.open_most)

    def check(self, name: str, text: str, path: tuple[str | int, ...] = ()) -> None:
        """Check the number of a setting.

        Raises:
            ProblemError: if it lies outside.
        """
        if not self.holds(text):
            raise ProblemError(f"{name} {self}; found {text}", path)

    def __str__(self) -> str:
        least = f"is {'more than' if self.open_least else 'at least'} {self.least}"
        if self.most is None:
            return least
        if self.open_most:
            return f"{least} and less than {self.most}"
        if self.open_least:
            return f"{least} and at most {self.most}"
        return f"lies between {self.least} and {self.most}"
