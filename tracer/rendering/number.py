"""A number's text taken apart, free of any format.

Takes the texts of our grammar (``0.59327``, ``-3.7e-5``, ``1/3``) as rounding writes
them and people type them; gives sign, digits, power of ten and denominator.  The
printers put the parts together again, each in its own format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tracer.errors import FormulaError

_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d+\.?\d*|\.\d+)"
    r"(?:[eE](?P<power>[+-]?\d+)|/(?P<under>\d+))?"
)


@dataclass(frozen=True, slots=True)
class NumberText:
    """The parts of a number as written; every digit is kept."""

    negative: bool
    digits: str
    """``0.59327``; the numerator of a fraction; the mantissa before a power of ten."""
    power: str = ""
    """The power of ten: ``-5`` of ``3.7e-5``; empty where there is none."""
    under: str = ""
    """The denominator: ``3`` of ``1/3``; empty where there is none."""

    @property
    def only_power(self) -> bool:
        """Whether it is a bare power of ten, such as ``1e-3``."""
        return bool(self.power) and self.digits == "1"

    def shown_digits(self, point: str = ".") -> str:
        """The digits with another decimal mark.

        >>> NumberText(False, "0.625").shown_digits(",")
        '0,625'
        """
        return self.digits.replace(".", point)


@lru_cache(maxsize=4096)
def split(text: str) -> NumberText:
    """Take a number's text apart.

    Raises:
        FormulaError: if the text is no number of our grammar.

    >>> split("-3.70e-05")
    NumberText(negative=True, digits='3.70', power='-5', under='')
    >>> split("1/3")
    NumberText(negative=False, digits='1', power='', under='3')
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise FormulaError(f"'{text}' is not the text of a number")
    power = str(int(match["power"])) if match["power"] else ""
    digits = match["digits"]
    if match["under"] and "." in digits:
        raise FormulaError(f"'{text}' is not the text of a number")
    return NumberText(match["sign"] == "-", digits, power, match["under"] or "")
