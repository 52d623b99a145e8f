"""Plain text with Unicode's letters: ``z₁⁽¹⁾ = w₁₁⁽¹⁾·x₁ + b₁⁽¹⁾``.

For terminals and for Markdown without mathematics.  Where Unicode has no raised or
lowered form of a character, ``_`` and ``^`` stand before the plain one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT
from tracer.notation.name import Name
from tracer.rendering.number import split
from tracer.rendering.printers.letters import (
    GREEK,
    hatted,
    joined,
    lowered,
    pieces_of,
    raised,
    stem_of,
)
from tracer.rendering.printers.pieces import WORDS, Marks, Piece
from tracer.rendering.printers.printer import TreePrinter


@dataclass(frozen=True)
class Unicode(TreePrinter):
    """Plain text with Unicode's letters.

    >>> from tracer.formula.parsing import parse
    >>> Unicode().formula(parse("1/2*(y - a)**2"), Name)
    '1/2·(y − a)²'
    """

    minus: ClassVar[str] = " − "
    opposite: ClassVar[str] = "−"
    approx: ClassVar[str] = "≈"
    signs: ClassVar[Mapping[str, str]] = {
        "times": "·",
        "beside": "·",
        "apart": " · ",
        "chain": " · ",
        "elementwise": " ⊙ ",
        "matmul": "·",
        "matmul times": "·",
    }

    def number_piece(self, text: str) -> Piece:
        parts = split(text)
        shown = parts.shown_digits("," if self.comma else ".")
        level, shape = ATOM, ""
        if parts.under:
            shown, level, shape = f"{shown}/{parts.under}", PRODUCT, "slashed"
        elif parts.power:
            shown, level = self.times_ten(shown, parts.power, parts.only_power)
        if parts.negative:
            shown, level = self.opposite + shown, NEGATIVE
        return Piece(shown, level, True, not parts.negative, shape=shape)

    def times_ten(self, digits: str, power: str, only_power: bool) -> tuple[str, int]:
        """A number with a power of ten, and how tightly that holds together."""
        ten = f"10{raised(power)}"
        return (ten, POWER) if only_power else (f"{digits}·{ten}", PRODUCT)

    def name_text(self, name: Name) -> str:
        stem, digits = stem_of(name.base)
        base = GREEK.get(stem, stem)
        if name.accent:
            one = hatted(base) if name.accent == "hat" else None
            base = one or base + name.accent
        hung = Marks.of(name)
        before = "".join(GREEK.get(sign, sign) for sign in name.before.split())
        prime = hung.prime.replace("'", "′")
        sub = "".join(GREEK.get(piece, piece) for piece in pieces_of(name.sub))
        low = script(sub, lowered(sub), "_")
        high = "".join(script(part, raised(part), "^") for part in map(joined, hung.raised))
        after = f" ({hung.after})" if hung.after else ""
        return before + base + digits + prime + low + high + after

    def bracketed(self, piece: Piece) -> str:
        return f"({piece.text})"

    def fraction(self, top: Piece, bottom: Piece) -> str:
        raise NotImplementedError("one line has no stacked fractions")

    def power(self, base: Piece, exponent: Piece) -> str:
        text = exponent.text
        small = raised(text) if text.strip("−").isdigit() else None
        if small:
            return base.text + small
        return f"{base.text}^{text if exponent.level == ATOM else f'({text})'}"

    def raised_elementwise(self, exponent: Piece) -> Piece:
        return Piece(f"⊙{exponent.text}", exponent.level, exponent.numeric)

    def call(self, function: str, arguments: Sequence[Piece], index: str = "") -> Piece:
        if function == "exp":
            text = self.power(Piece("e"), arguments[0])
            return Piece(text, POWER, arguments[0].numeric)
        if function == "sqrt" and arguments[0].text.replace(".", "").isdecimal():
            return Piece(f"√{arguments[0].text}", POWER, True)
        if function == "abs" and "|" not in arguments[0].text:
            return Piece(f"|{arguments[0].text}|", ATOM, arguments[0].numeric, height=1)
        if function == "floor":
            return Piece(f"⌊{arguments[0].text}⌋", ATOM, arguments[0].numeric, height=1)
        return super().call(function, arguments, index)

    def function_name(self, function: str, index: str) -> str:
        word = {"sigmoid": "σ", "sqrt": "√"}.get(function) or WORDS.get(function, function)
        word = GREEK.get(word, word)
        return word + script(index, lowered(index), "_")

    def transposed(self, base: Piece) -> str:
        return base.text + "ᵀ"

    def indexed(self, base: Piece, index: str) -> str:
        return f"{base.text}[{index}]"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        inside = (f"[{self.separator.join(row)}]" for row in rows)
        return f"[{self.separator.join(inside)}]"


def script(text: str, small: str | None, mark: str) -> str:
    """An index in small letters, or plain after its mark where there are none."""
    if not text or small is not None:
        return small or ""
    simple = text.isalnum() or text[0] + text[-1] in ("()", "[]") or len(text) == 1
    return mark + (text if simple else f"{{{text}}}")
