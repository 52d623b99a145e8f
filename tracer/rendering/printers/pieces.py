"""Pieces of a printed formula, and what a format must be able to set.

A `Piece` is a bit of finished text with what its surroundings need to know of it: how
tightly it holds together, whether it is made of numbers alone, how tall it is.
`Format` lists what each format says in its own markup; `walking` puts a formula
together from these and alone decides about brackets and signs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT, SUM
from tracer.notation.name import Name

__all__ = ["ATOM", "BREAK", "NEGATIVE", "POWER", "PRODUCT", "SUM", "Format", "Leaf", "Piece"]

BREAK = "\0"
"""Stands in a text where a long line may be broken; never leaves the printers."""

Leaf: TypeAlias = Callable[[str], Name | str | Sequence[Sequence[str]]]
"""What stands for a symbol: its name, its number's text, or a matrix of such texts."""


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
    """``slashed``, ``fraction``, ``derivative``, ``word``, ``matmul`` or nothing special."""

    @property
    def unbroken(self) -> str:
        """The text where no line may be broken."""
        return self.text.replace(BREAK, "")


@dataclass(frozen=True)
class Format(ABC):
    """The vocabulary of one format.

    >>> from tracer.rendering.printers.latex import Latex
    >>> Latex(comma=True).number("0.625")
    '0{,}625'
    """

    comma: bool = False
    """Whether numbers are written with a decimal comma."""

    stacked: ClassVar[bool] = False
    """Whether fractions are set one above the other (else in one line with a slash)."""
    breaks_inside: ClassVar[bool] = True
    """Whether a line may be broken inside brackets."""
    plus: ClassVar[str] = " + "
    minus: ClassVar[str] = " - "
    opposite: ClassVar[str] = "-"
    """The minus that begins a term."""
    slash: ClassVar[str] = "/"
    equals: ClassVar[str] = "="
    approx: ClassVar[str] = "~"
    signs: ClassVar[Mapping[str, str]]
    """What stands between two factors: ``times`` (a sign that is seen), ``beside``
    (names side by side), ``apart`` (a derivative and a name), ``chain`` (two
    derivatives), ``elementwise``, ``matmul``."""

    @property
    def separator(self) -> str:
        """Between arguments; a semicolon where the comma is the decimal mark."""
        return "; " if self.comma else ", "

    @abstractmethod
    def name_piece(self, name: Name) -> Piece:
        """A name."""

    @abstractmethod
    def number_piece(self, text: str) -> Piece:
        """A number, from its text in our grammar."""

    @abstractmethod
    def bracketed(self, piece: Piece) -> str:
        """The text in brackets that are tall enough."""

    @abstractmethod
    def fraction(self, top: Piece, bottom: Piece) -> str:
        """A stacked fraction; asked for only where `stacked`."""

    @abstractmethod
    def power(self, base: Piece, exponent: Piece) -> str:
        """A power; the base has its brackets already."""

    @abstractmethod
    def call(self, function: str, arguments: Sequence[Piece], index: str = "") -> Piece:
        """A function of arguments, its name with an index if given."""

    @abstractmethod
    def transposed(self, base: Piece) -> str:
        """The transpose; the operand has its brackets already."""

    @abstractmethod
    def indexed(self, base: Piece, index: str) -> str:
        """An array that is no simple name with an index such as ``1,:``."""

    @abstractmethod
    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """A matrix of texts that are typeset already."""

    def raised_elementwise(self, exponent: Piece) -> Piece:
        """The exponent of an elementwise power of arrays."""
        return exponent

    def bracket(self, piece: Piece) -> Piece:
        """The piece in brackets."""
        height = piece.height + 1 if piece.height < 2 else piece.height
        return Piece(self.bracketed(piece), ATOM, piece.numeric, height=height)

    def line(self, text: str, last: bool) -> str:
        """One line of a formula that was broken after operators."""
        return text.strip()
