"""Pieces of a printed formula: finished text, and what its surroundings must know of it.

How tightly a piece holds together, whether it is made of numbers alone, how tall it is.
The formats make pieces and `walking` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tracer.formula.writing import ATOM
from tracer.notation.name import Name

WORDS = {
    "log": "ln",
    "maximum": "max",
    "minimum": "min",
    "heaviside": "H",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
}
"""Functions that textbooks write with another word than our grammar."""

_LONGEST_RAISED = 8
"""Characters; a longer mark is written after its name."""

BREAK = "\0"
"""Stands in a text where a long line may be broken; never leaves the printers."""

Leaf: TypeAlias = Callable[[str], Name | str | Sequence[Sequence[str]]]
"""What stands for a symbol: its name, its number's text, or a matrix of such texts."""


Functions: TypeAlias = Callable[[str], Name | None]
"""The book's own letter for a function, if it has one."""


class Known(str):
    """A number's text that knows whose value it is, so that a format can mark it.

    >>> Known("0.5", "a0[1]"), Known("0.5", "a0[1]").key
    ('0.5', 'a0[1]')
    """

    key: str

    def __new__(cls, text: str, key: str) -> Known:
        known = super().__new__(cls, text)
        known.key = key
        return known


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed part of a formula."""

    text: str
    level: int = ATOM
    """How tightly it holds together, as in `tracer.formula.writing`."""
    numeric: bool = False
    """Made of numbers alone, so that a sign of multiplication must be seen."""
    digit: bool = False
    """Begins with a digit: nothing may stand directly before it."""
    height: int = 0
    """0: a letter; 1: raised marks or brackets inside; 2: a fraction or taller."""
    shape: str = ""
    """``slashed``, ``fraction``, ``derivative``, ``word``, ``matmul``, ``scaled`` (something
    tall times a fraction) or nothing special."""

    @property
    def unbroken(self) -> str:
        """The text where no line may be broken."""
        return self.text.replace(BREAK, "")


@dataclass(frozen=True, slots=True)
class Marks:
    """What hangs above a name, in the order in which it is set."""

    prime: str
    """Primes, directly at the letter."""
    raised: tuple[str, ...]
    """Superscripts, none of them empty: the name's own, the sample's, the short mark."""
    after: str
    """A mark that is too long to be raised, such as ``after 2 updates``."""

    @staticmethod
    def of(name: Name) -> Marks:
        """The marks of a name.

        >>> Marks.of(Name("w", sup="(1)", mark="'"))
        Marks(prime="'", raised=('(1)',), after='')
        """
        prime = name.mark if name.mark.startswith("'") else ""
        after = name.mark if len(name.mark) > _LONGEST_RAISED else ""
        mark = "" if prime or after else name.mark
        raised = tuple(part for part in (name.sup, name.sample, mark) if part)
        return Marks(prime, raised, after)
