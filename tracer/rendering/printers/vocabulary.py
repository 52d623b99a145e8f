"""What a format must be able to set: its vocabulary.

`Format` lists what each format says in its own markup; `walking` puts a formula together
from these, and alone decides about brackets and signs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT, SUM
from tracer.notation.name import Name
from tracer.rendering.printers.letters import is_word
from tracer.rendering.printers.pieces import Marks, Piece


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
    absent: ClassVar[str] = "·"
    """What stands in a matrix where there is nothing, such as no connection."""
    signs: ClassVar[Mapping[str, str]]
    """What stands between two factors: ``times`` (a sign that is seen), ``beside``
    (names side by side), ``apart`` (a derivative and a name), ``chain`` (two
    derivatives), ``elementwise``, ``matmul``."""

    @property
    def separator(self) -> str:
        """Between arguments; a semicolon where the comma is the decimal mark."""
        return "; " if self.comma else ", "

    @property
    def elementwise(self) -> str:
        """The sign between two arrays that are multiplied number by number."""
        return self.signs["elementwise"].strip()

    @abstractmethod
    def name_text(self, name: Name) -> str:
        """A name that is no derivative, without the minus before it."""

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
    def function_name(self, function: str, index: str) -> str:
        """The name of a function, with an index if given."""

    @abstractmethod
    def transposed(self, base: Piece) -> str:
        """The transpose; the operand has its brackets already."""

    @abstractmethod
    def indexed(self, base: Piece, index: str) -> str:
        """An array that is no simple name with an index such as ``1,:``."""

    @abstractmethod
    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """A matrix of texts that are typeset already."""

    def name_piece(self, name: Name) -> Piece:
        """A name, or a derivative as a quotient of two names."""
        bare = replace(name, before=name.before.lstrip("- "))
        if bare.over is not None:
            piece = self.derivative(replace(bare, over=None), bare.over)
        else:
            hung = Marks.of(bare)
            raised = bool(hung.prime or hung.raised)
            level = POWER if raised or hung.after or bare.before else ATOM
            shape = "word" if is_word(bare.base) or hung.after else ""
            piece = Piece(self.name_text(bare), level, height=int(raised), shape=shape)
        if name.before.startswith("-"):
            return replace(piece, text=self.opposite + piece.text, level=NEGATIVE)
        return piece

    def marked(self, piece: Piece, key: str, number: bool) -> Piece:
        """What stands for a quantity, marked with its key where the format can do that.

        Args:
            piece: the printed name or number.
            key: of a name, the symbol that it stands for, which may be no key.
            number: whether it is the quantity's value.
        """
        return piece

    def derivative(self, top: Name, bottom: Name) -> Piece:
        """A derivative: stacked, or in one line with a slash."""
        above, below = Piece(self.name_text(top)), Piece(self.name_text(bottom))
        if self.stacked:
            return Piece(self.fraction(above, below), POWER, height=2, shape="derivative")
        return Piece(above.text + self.slash + below.text, PRODUCT, shape="derivative")

    def in_text(self, name: Name) -> str:
        """A name in a sentence: a derivative stays as high as the line."""
        if name.over is None or not self.stacked or name.before.startswith("-"):
            return named(self, name).text
        top = self.name_text(replace(name, over=None))
        return top + self.slash + self.name_text(name.over)

    def call(self, function: str, arguments: Sequence[Piece], index: str = "") -> Piece:
        """A function of its arguments."""
        return self.called(self.function_name(function, index), arguments)

    def called(self, function: str, arguments: Sequence[Piece]) -> Piece:
        """Arguments in brackets after a function whose name is set already."""
        inside = Piece(
            self.separator.join(part.text for part in arguments),
            SUM,
            all(part.numeric for part in arguments),
            height=max((part.height for part in arguments), default=0),
        )
        outside = self.bracket(inside)
        return replace(outside, text=function + outside.text)

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


@lru_cache(maxsize=16384)
def named(form: Format, name: Name) -> Piece:
    """A name in a format, made once: a page shows each name many times."""
    return form.name_piece(name)
