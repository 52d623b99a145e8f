"""MathML Core, without the ``<math>`` element around it: formulas for web pages.

A leading minus has ``form="prefix"``, else browsers space it like a minus between two
terms; brackets stretch only round something tall.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import ClassVar

from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT
from tracer.notation.name import Name
from tracer.rendering.number import split
from tracer.rendering.printers.letters import GREEK, pieces_of, stem_of
from tracer.rendering.printers.pieces import WORDS, Marks, Piece
from tracer.rendering.printers.printer import TreePrinter
from tracer.rendering.printers.vocabulary import Format

_THIN = '<mo rspace=".17em">\u2062</mo>'
_DOT = "<mo>·</mo>"
_LEAF = re.compile(r"<(m[ino])(?: [^>]*)?>[^<]*</\1>")
_MARKS = {"-": "−", "'": "′"}


@dataclass(frozen=True)
class Mathml(TreePrinter):
    """MathML Core.

    >>> Mathml().number("-0.5")
    '<mo form="prefix">−</mo><mn>0.5</mn>'
    """

    stacked: ClassVar[bool] = True
    breaks_inside: ClassVar[bool] = False
    plus: ClassVar[str] = "<mo>+</mo>"
    minus: ClassVar[str] = "<mo>−</mo>"
    opposite: ClassVar[str] = '<mo form="prefix">−</mo>'
    slash: ClassVar[str] = "<mo>/</mo>"
    equals: ClassVar[str] = "<mo>=</mo>"
    approx: ClassVar[str] = "<mo>≈</mo>"
    absent: ClassVar[str] = "<mo>·</mo>"
    signs: ClassVar[Mapping[str, str]] = {
        "times": _DOT,
        "beside": _THIN,
        "apart": _THIN,
        "chain": _DOT,
        "elementwise": "<mo>⊙</mo>",
        "matmul": _THIN,
        "matmul times": _DOT,
    }

    @property
    def separator(self) -> str:
        return f'<mo separator="true">{super().separator.strip()}</mo>'

    def number_piece(self, text: str) -> Piece:
        parts = split(text)
        shown = f"<mn>{parts.shown_digits(',' if self.comma else '.')}</mn>"
        level, shape = ATOM, ""
        if parts.under:
            shown = f"<mfrac>{shown}<mn>{parts.under}</mn></mfrac>"
            level, shape = POWER, "fraction"
        elif parts.power:
            sign = self.opposite if parts.power.startswith("-") else ""
            exponent = _row(f"{sign}<mn>{parts.power.lstrip('-')}</mn>")
            ten = f"<msup><mn>10</mn>{exponent}</msup>"
            shown = ten if parts.only_power else shown + _DOT + ten
            level = POWER if parts.only_power else PRODUCT
        if parts.negative:
            shown, level = self.opposite + shown, NEGATIVE
        return Piece(shown, level, True, not parts.negative, 2 if parts.under else 0, shape)

    def name_text(self, name: Name) -> str:
        stem, digits = stem_of(name.base)
        base = _letter(stem)
        if name.accent:
            base = f'<mover accent="true">{base}<mo stretchy="false">^</mo></mover>'
        if digits:
            base = _row(f"{base}<mn>{digits}</mn>")
        hung = Marks.of(name)
        low = self.script(name.sub)
        high = "".join(self.script(part) for part in (hung.prime, *hung.raised))
        if low and high:
            base = f"<msubsup>{base}{_row(low)}{_row(high)}</msubsup>"
        elif low or high:
            tag = "msub" if low else "msup"
            base = f"<{tag}>{base}{_row(low or high)}</{tag}>"
        after = f"<mtext>&#xA0;({escape(hung.after)})</mtext>" if hung.after else ""
        return "".join(_letter(sign) for sign in name.before.split()) + base + after

    def bracketed(self, piece: Piece) -> str:
        tall = "" if piece.height > 1 else ' stretchy="false"'
        return _row(f"<mo{tall}>(</mo>{piece.text}<mo{tall}>)</mo>")

    def fraction(self, top: Piece, bottom: Piece) -> str:
        return f"<mfrac>{_row(top.text)}{_row(bottom.text)}</mfrac>"

    def power(self, base: Piece, exponent: Piece) -> str:
        return f"<msup>{_row(base.text)}{_row(exponent.text)}</msup>"

    def raised_elementwise(self, exponent: Piece) -> Piece:
        return replace(exponent, text=f"<mo>⊙</mo>{exponent.text}")

    def call(self, function: str, arguments: Sequence[Piece], index: str = "") -> Piece:
        first = arguments[0]
        match function:
            case "exp" if first.height < 2:  # nobody reads a fraction in an exponent
                text = self.power(Piece("<mi>e</mi>"), first)
                return Piece(text, POWER, first.numeric, height=1)
            case "sqrt":
                text = f"<msqrt>{first.text}</msqrt>"
                return Piece(text, POWER, first.numeric, height=max(first.height, 1))
            case "abs":
                text = _row(f"<mo>|</mo>{first.text}<mo>|</mo>")
                return Piece(text, ATOM, first.numeric, height=first.height)
            case "floor":
                text = _row(f"<mo>⌊</mo>{first.text}<mo>⌋</mo>")
                return Piece(text, ATOM, first.numeric, height=first.height)
        piece = Format.call(self, function, arguments, index)
        return replace(piece, text=_row(piece.text))

    def function_name(self, function: str, index: str) -> str:
        word = "σ" if function == "sigmoid" else WORDS.get(function, function)
        word = GREEK.get(word, word)
        name = f"<mi>{escape(word)}</mi>"
        shown = f"<msub>{name}{_row(self.script(index))}</msub>" if index else name
        return f"{shown}<mo>\u2061</mo>"

    def transposed(self, base: Piece) -> str:
        return f"<msup>{_row(base.text)}<mo>⊤</mo></msup>"

    def indexed(self, base: Piece, index: str) -> str:
        return f"<msub>{_row(base.text)}{_row(self.script(index))}</msub>"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        body = "".join(
            f"<mtr>{''.join(f'<mtd>{_row(cell)}</mtd>' for cell in row)}</mtr>" for row in rows
        )
        return _row(f"<mo>[</mo><mtable>{body}</mtable><mo>]</mo>")

    def script(self, text: str) -> str:
        """The inside of an index: words, numbers and signs, each in its element."""
        return _script(text)

    def result(self, text: str) -> str:
        return f'<mrow class="result">{text}</mrow>'

    def line(self, text: str, last: bool) -> str:
        return _row(text)


def _row(inside: str) -> str:
    """One element: the parts in a row, or the only one."""
    return inside if _LEAF.fullmatch(inside) else f"<mrow>{inside}</mrow>"


def _letter(base: str) -> str:
    return f"<mi>{escape(GREEK.get(base, base))}</mi>"


def _script(text: str) -> str:
    shown = ""
    for piece in pieces_of(text):
        if piece[0].isalpha():
            shown += _letter(piece)
        elif piece[0].isdigit():
            shown += f"<mn>{piece}</mn>"
        elif piece == " ":
            shown += '<mspace width="0.25em"/>'
        else:
            shown += f'<mo stretchy="false">{escape(_MARKS.get(piece, piece))}</mo>'
    return shown
