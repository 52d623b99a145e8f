"""Formulas in English words: for screen readers, and as the words beside a drawing.

Brackets are said where the written formula in one line would have them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT
from tracer.notation.name import Name
from tracer.rendering.number import split
from tracer.rendering.printers.letters import ENGLISH, stem_of
from tracer.rendering.printers.pieces import Piece
from tracer.rendering.printers.printer import TreePrinter

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SIGNS = {",": "", "(": "", ")": "", "[": "", "]": "", ":": "all", "+": "plus", "'": "prime",
          "_": "", "*": "star", "-": "minus"}  # fmt: skip
_FUNCTIONS = {
    "exp": "the exponential of",
    "log": "the natural logarithm of",
    "sqrt": "the square root of",
    "abs": "the absolute value of",
    "maximum": "the maximum of",
    "minimum": "the minimum of",
    "max": "the maximum of",
    "sign": "the sign of",
    "heaviside": "the unit step of",
    "tanh": "the hyperbolic tangent of",
    "relu": "the rectifier of",
    "outer": "the outer product of",
    "stack": "the stack of",
    "conv": "the convolution of",
    "sum": "the sum of",
    "mean": "the mean of",
}
_POWERS = {"2": "squared", "3": "cubed"}


@dataclass(frozen=True)
class Spoken(TreePrinter):
    """Formulas in English words.

    >>> from tracer.formula.parsing import parse
    >>> names = {"w": Name("w", sub="11"), "x": Name("x", sub="1"), "b": Name("b")}
    >>> Spoken().formula(parse("w*x + b"), names.__getitem__)
    'w one one times x one plus b'
    """

    plus: ClassVar[str] = " plus "
    minus: ClassVar[str] = " minus "
    opposite: ClassVar[str] = "minus "
    slash: ClassVar[str] = " over "
    equals: ClassVar[str] = "equals"
    approx: ClassVar[str] = "is about"
    absent: ClassVar[str] = "nothing"
    signs: ClassVar[Mapping[str, str]] = {
        "times": " times ",
        "beside": " times ",
        "apart": " times ",
        "chain": " times ",
        "elementwise": " times, cell by cell, ",
        "matmul": " matrix times ",
        "matmul times": " matrix times ",
    }

    @property
    def separator(self) -> str:
        return " and "

    def number_piece(self, text: str) -> Piece:
        parts = split(text)
        shown = parts.shown_digits("," if self.comma else ".")
        level, shape = ATOM, ""
        if parts.under:
            shown, level, shape = f"{shown} over {parts.under}", PRODUCT, "slashed"
        elif parts.power:
            ten = f"10 to the power {parts.power.replace('-', 'minus ')}"
            shown = ten if parts.only_power else f"{shown} times {ten}"
            level = POWER if parts.only_power else PRODUCT
        if parts.negative:
            shown, level = f"minus {shown}", NEGATIVE
        return Piece(shown, level, True, not parts.negative, shape=shape)

    def name_text(self, name: Name) -> str:
        layer = name.sup.strip("()[]")
        said = [
            _letters(name.before),
            _letters(name.base),
            name.accent,
            _index(name.sub),
            f"of layer {_index(layer)}" if layer.isdigit() else _index(name.sup),
            f"of sample {_index(name.sample)}" if name.sample else "",
            name.mark if len(name.mark) > 3 else _index(name.mark),
        ]
        return " ".join(part for part in said if part)

    def derivative(self, top: Name, bottom: Name) -> Piece:
        text = f"{self.name_text(top)} by {self.name_text(bottom)}"
        return Piece(text, PRODUCT, shape="derivative")

    def bracketed(self, piece: Piece) -> str:
        return f"open bracket {piece.text} close bracket"

    def fraction(self, top: Piece, bottom: Piece) -> str:
        raise NotImplementedError("speech has no stacked fractions")

    def power(self, base: Piece, exponent: Piece) -> str:
        if exponent.text in _POWERS:
            return f"{base.text} {_POWERS[exponent.text]}"
        inner = exponent if exponent.level in (ATOM, NEGATIVE) else self.bracket(exponent)
        return f"{base.text} to the power {inner.text}"

    def called(self, function: str, arguments: Sequence[Piece]) -> Piece:
        return super().called(f"{function.removesuffix(' of')} of ", arguments)

    def function_name(self, function: str, index: str) -> str:
        said = _FUNCTIONS.get(function) or f"{_letters(function)} of"
        return f"{said} index {_index(index)}," if index else said

    def transposed(self, base: Piece) -> str:
        return f"{base.text} transposed"

    def indexed(self, base: Piece, index: str) -> str:
        return f"{base.text} at {_index(index)}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        said = "; ".join(f"row {_index(str(i))}: {', '.join(row)}" for i, row in enumerate(rows, 1))
        return f"the matrix with {said}; end of matrix"


def _letters(text: str) -> str:
    stem, digits = stem_of(text)
    said = " ".join(ENGLISH.get(part, part) for part in stem.replace("_", " ").split())
    return f"{said} {_index(digits)}".strip()


def _index(text: str) -> str:
    """An index, its digits one by one: ``11`` is said "one one"."""
    words = []
    run = ""
    for character in f"{text} ":
        if character.isalpha():
            run += character
            continue
        if run:
            words.append(run)
            run = ""
        if character.isdecimal():
            words.append(_DIGITS[int(character)])
        else:
            words.append(_SIGNS.get(character, ""))
    return " ".join(word for word in words if word)
