"""Answers: the statements of a sheet, with every number as it was typed.

The digits carry the precision: `0.59` stands for an interval, `0.5933` for a narrower
one.  A sheet is read by the files room, which turns names into formulas over keys, and
judged by the checking room.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction as Rational
from functools import lru_cache

from tracer.errors import TracerError
from tracer.formula.nodes import Node, Symbol

_LONGEST = 400
_WRITTEN = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>\d*)(?:[.,](?P<rest>\d*))?"
    r"(?:(?:[eE]|\s*[*×·x]\s*10\s*(?:\^|\*\*)?\s*[({]?)(?P<power>[-+]?\d{1,4})[)}]?)?"
)
_QUOTIENT = re.compile(r"([-+]?\d{1,40})\s*/\s*(\d{1,40})")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", "0123456789-+--")


@dataclass(frozen=True, slots=True)
class Written:
    """A number as typed: its value, and the worth of its last written place."""

    text: str
    value: Rational
    unit: Rational
    """One unit of the last place, e.g. 1/1000 for ``0.593``; 0 for a fraction like 1/3."""
    figures: int = 0
    """How many significant digits are written."""
    decimals: int = 0
    """Digits after the point, a power of ten included; negative for 1.2e5."""


def written(text: str, unit: str = "") -> Written:
    """Read a number as typed: ``-0.0416``, ``−0,0416``, ``1/3``, ``3.77·10^-3``, ``≈ 2.1``.

    Args:
        text: the number.
        unit: the worth of its last place, where the digits say more than they mean.

    Raises:
        TracerError: if it is no number (``0.3.5``, ``nan``, ``1/0``).

    >>> number = written("−0,0416")
    >>> float(number.value), float(number.unit), number.figures
    (-0.0416, 0.0001, 3)
    """
    plain = text.translate(_RAISED).strip().lstrip("≈~ ").strip()
    if len(plain) > _LONGEST:
        raise TracerError(f"a number may have {_LONGEST} characters")
    if "/" in plain and (quotient := _QUOTIENT.fullmatch(plain)):
        if not int(quotient[2]):
            raise TracerError(f"'{text.strip()}' divides by 0")
        return Written(text, Rational(int(quotient[1]), int(quotient[2])), Rational(0), 99, 99)
    match = _WRITTEN.fullmatch(plain)
    digits = (match["whole"] + (match["rest"] or "")) if match else ""
    if match is None or not digits:
        raise TracerError(f"'{text.strip()[:40]}' is not a number")
    decimals = len(match["rest"] or "") - int(match["power"] or 0)
    last = _place(decimals)
    number = -int(digits) if match["sign"] == "-" else int(digits)
    value = Rational(number, last.denominator) if decimals >= 0 else number * last
    worth = abs(written(unit).value) if unit else last
    return Written(text, value, worth, len(digits.lstrip("0")), decimals)


@lru_cache(maxsize=256)
def _place(decimals: int) -> Rational:
    """One unit of the last place of a number with so many decimals."""
    return Rational(1, 10**decimals) if decimals >= 0 else Rational(10**-decimals)


@dataclass(frozen=True, slots=True)
class Link:
    """One member of a written chain ``name = e1 = e2 = v``: a formula of numbers or keys."""

    formula: Node
    text: str
    column: int = 0
    approximate: bool = False
    """Whether ``≈`` stood before it."""
    alternative: Node | None = None
    """What it says if ``σ'(x)`` is meant at the value x, not at the argument x."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One quantity and the number that the sheet gives for it."""

    n: int
    """Its number in the sheet's order, from 1."""
    name: str
    """As the sheet calls it."""
    formula: Node
    """What it is a statement about: the symbol of a key, or an expression over keys."""
    written: Written | None
    """None: blank or unreadable."""
    line: int = 0
    column: int = 0
    negated: bool = False
    """Whether the sheet writes minus the quantity (a delta with the sign t - o)."""
    links: tuple[Link, ...] = ()
    """The members of the chain before the final number."""
    points: Rational | None = None
    note: str = ""

    @property
    def key(self) -> str | None:
        """The key, if the statement is about a single quantity."""
        return self.formula.name if isinstance(self.formula, Symbol) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of answers, in its own order."""

    statements: tuple[Statement, ...]
    source: str = ""
    """Where it was read from, for messages."""
    asked: tuple[str, ...] = ()
    """Keys that were asked for; one that is not answered is `missing`."""
    unread: tuple[int, ...] = ()
    """Numbers of the lines that are no calculation."""
    skipped: tuple[str, ...] = ()
    """Names that are not known and were skipped on request."""
    recounted: bool = False
    """Whether its names count layers or units in another way than the notation, as its numbers
    show."""


@dataclass(frozen=True, slots=True)
class Marking:
    """A marking scheme: what each status earns, and how much one answer is worth.

    Attributes:
        points: by key, key prefix, role or phase; the most specific holds; else `each`.
        earns: share of the points that each status earns.
        carried_cap: the largest share of a sheet's points that carried answers may earn.
    """

    each: Rational = Rational(1)
    points: Mapping[str, Rational] = field(default_factory=dict)
    earns: Mapping[str, Rational] = field(
        default_factory=lambda: {
            "correct": Rational(1),
            "rounded": Rational(1),
            "carried": Rational(1),
            "last digit": Rational(1, 2),
            "too coarse": Rational(0),
            "wrong": Rational(0),
            "missing": Rational(0),
        }
    )
    carried_cap: Rational = Rational(1)
