"""Typst mathematics, without the dollar signs around it.

Gives numbers, names, fractions, powers, calls and matrices in Typst's notation; the walk
over a formula is that of `TreePrinter`.  Brackets that open in one line and close in
another are escaped, because Typst would group by them.  Read by the table of printers, and
by `aloud`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT
from tracer.notation.name import Name
from tracer.rendering.number import split
from tracer.rendering.printers.letters import GREEK, pieces_of, stem_of
from tracer.rendering.printers.pieces import BREAK, WORDS, Marks, Piece
from tracer.rendering.printers.printer import TreePrinter

_BRACKET = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|[()]""")
"""A bracket; one in quotes or behind a backslash is none."""
_OPERATORS = frozenset({"ln", "exp", "max", "min", "tanh", "sin", "cos"})


@dataclass(frozen=True)
class Typst(TreePrinter):
    """Typst mathematics.

    >>> from tracer.formula.parsing import parse
    >>> Typst().formula(parse("1/2*(y - a)**2"), Name)
    'frac(1, 2) thin (y - a)^(2)'
    """

    stacked: ClassVar[bool] = True
    slash: ClassVar[str] = r" \/ "
    approx: ClassVar[str] = "approx"
    absent: ClassVar[str] = "dot"
    signs: ClassVar[Mapping[str, str]] = {
        "times": " dot ",
        "beside": " thin ",
        "apart": " thin ",
        "chain": " dot ",
        "elementwise": " ⊙ ",
        "matmul": " thin ",
        "matmul times": " dot ",
    }

    def number_piece(self, text: str) -> Piece:
        parts = split(text)
        # In quotes, else the comma would part the arguments of a function.
        shown = f'"{parts.shown_digits(",")}"' if self.comma else parts.digits
        level, shape = ATOM, ""
        if parts.under:
            shown, level, shape = f"frac({shown}, {parts.under})", POWER, "fraction"
        elif parts.power:
            ten = f"10^({parts.power})"
            shown = ten if parts.only_power else f"{shown} dot {ten}"
            level = POWER if parts.only_power else PRODUCT
        if parts.negative:
            shown, level = f"-{shown}", NEGATIVE
        return Piece(shown, level, True, not parts.negative, 2 if parts.under else 0, shape)

    @property
    def separator(self) -> str:
        return r"\; " if self.comma else ", "

    def name_text(self, name: Name) -> str:
        stem, digits = stem_of(name.base)
        base = _letter(stem)
        if name.accent:
            base = f"{name.accent}({base})"
        if digits:
            base = f"{base} {digits}"
        hung = Marks.of(name)
        low = f"_({_script(name.sub)})" if name.sub else ""
        over = " ".join(_script(part) for part in (hung.prime, *hung.raised) if part)
        high = f"^({over})" if over else ""
        after = f' " ({_quoted(hung.after)})"' if hung.after else ""
        before = "".join(f"{_letter(sign)} " for sign in name.before.split())
        return before + base + low + high + after

    def bracketed(self, piece: Piece) -> str:
        return f"({piece.text})"

    def fraction(self, top: Piece, bottom: Piece) -> str:
        return f"frac({top.text}, {bottom.text})"

    def power(self, base: Piece, exponent: Piece) -> str:
        return f"{base.text}^({exponent.unbroken})"

    def raised_elementwise(self, exponent: Piece) -> Piece:
        return replace(exponent, text=f"⊙ {exponent.text}")

    def call(self, function: str, arguments: Sequence[Piece], index: str = "") -> Piece:
        first = arguments[0]
        match function:
            case "exp" if first.height < 2 and BREAK not in first.text:
                return Piece(self.power(Piece("e"), first), POWER, first.numeric, height=1)
            case "sqrt":
                return Piece(f"sqrt({first.unbroken})", POWER, first.numeric, height=1)
            case "abs":
                return Piece(f"abs({first.unbroken})", ATOM, first.numeric, height=first.height)
            case "floor":
                return Piece(f"floor({first.unbroken})", ATOM, first.numeric, height=first.height)
        return super().call(function, arguments, index)

    def function_name(self, function: str, index: str) -> str:
        word = WORDS.get(function, function)
        if function == "sigmoid":
            shown = "σ"
        elif word in _OPERATORS or len(word) == 1:
            shown = word
        elif word in GREEK:
            shown = GREEK[word]
        else:
            shown = f'op("{_quoted(word)}")'
        return shown + (f"_({_script(index)})" if index else "")

    def transposed(self, base: Piece) -> str:
        return f"{base.text}^(⊤)"

    def indexed(self, base: Piece, index: str) -> str:
        return f"{base.text}_({_script(index)})"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        body = "; ".join(", ".join(row) for row in rows)
        return f'mat(delim: "[", {body})'

    def result(self, text: str) -> str:
        return f"bold({text})"

    def line(self, text: str, last: bool) -> str:
        # A bracket that another line closes is a sign: it groups nothing.
        return _without_halves(text.strip())


def _without_halves(text: str) -> str:
    """Round brackets without their other half, made signs.

    >>> print(_without_halves("tanh(a + (b +"), _without_halves("(c)^(2))"))
    tanh\\(a + \\(b + (c)^(2)\\)
    """
    opened: list[int] = []
    halves: list[int] = []
    for match in _BRACKET.finditer(text):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")":
            opened.pop() if opened else halves.append(match.start())
    for place in sorted([*opened, *halves], reverse=True):
        text = f"{text[:place]}\\{text[place:]}"
    return text


def _letter(base: str) -> str:
    """A letter as it is (Greek as the letter itself), a word in quotes: upright."""
    letter = GREEK.get(base, base)
    return letter if len(letter) == 1 and letter.isalpha() else _sign(letter)


def _sign(text: str) -> str:
    if text == "'":
        return "prime"
    return text if text in ("∂", "∇", "+") else f'"{_quoted(text)}"'


def _script(text: str) -> str:
    shown = []
    for piece in pieces_of(text):
        if piece[0].isalpha():
            shown.append(_letter(piece))
        elif piece in ("(", ")", "[", "]"):
            # Escaped: the brackets of an index are signs, they group nothing.
            shown.append(f"\\{piece}")
        else:
            shown.append(piece if piece[0].isdigit() or piece in ",+" else _sign(piece))
    return " ".join(shown)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
