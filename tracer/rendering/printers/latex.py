"""LaTeX mathematics, in plain ASCII, with macros that KaTeX, MathJax, GitHub and pandoc
all take.

``\\mathrm`` instead of ``\\operatorname`` (GitHub refuses it), ``\\lvert`` instead of a
bar (which splits table cells), ``\\cdot`` instead of ``*`` (which makes emphasis).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT
from tracer.notation.name import Name
from tracer.rendering.number import split
from tracer.rendering.printers.latex_letters import before, escaped, script, symbol
from tracer.rendering.printers.letters import GREEK, stem_of
from tracer.rendering.printers.pieces import BREAK, WORDS, Marks, Piece
from tracer.rendering.printers.printer import TreePrinter

_OPERATORS = frozenset({"ln", "exp", "max", "min", "tanh", "sin", "cos"})
_LONGEST_EXPONENT = 80
_TALL = re.compile(r"\\bigg([lr])[()]")


@dataclass(frozen=True)
class Latex(TreePrinter):
    """LaTeX mathematics.

    >>> from tracer.formula.parsing import parse
    >>> Latex().formula(parse("1/2*(y - a)**2"), Name)
    '\\\\frac{1}{2}\\\\,(y - a)^{2}'
    """

    stacked: ClassVar[bool] = True
    approx: ClassVar[str] = r"\approx"
    absent: ClassVar[str] = r"\cdot"
    signs: ClassVar[Mapping[str, str]] = {
        "times": r"\cdot ",
        "beside": r"\,",
        "apart": r"\,",
        "chain": r"\cdot ",
        "elementwise": r" \odot ",
        "matmul": r"\,",
        "matmul times": r"\cdot ",
    }

    def number_piece(self, text: str) -> Piece:
        parts = split(text)
        shown = parts.shown_digits("{,}" if self.comma else ".")
        level, shape, height = ATOM, "", 0
        if parts.under:
            shown, level, shape, height = (
                rf"\frac{{{shown}}}{{{parts.under}}}",
                POWER,
                "fraction",
                2,
            )
        elif parts.power:
            ten = f"10^{{{parts.power}}}"
            shown = ten if parts.only_power else rf"{shown}\cdot {ten}"
            level = POWER if parts.only_power else PRODUCT
        if parts.negative:
            shown, level = f"-{shown}", NEGATIVE
        return Piece(shown, level, True, not (parts.negative or parts.under), height, shape)

    def name_text(self, name: Name) -> str:
        stem, digits = stem_of(name.base)
        base = symbol(stem)
        if name.accent:
            base = rf"\{name.accent}{{{base}}}"
        hung = Marks.of(name)
        over = script(hung.prime)
        for part in hung.raised:
            # A word would run into the bracket before it.
            over += (r"\," if over and part[0].isalpha() else "") + script(part)
        raised = f"^{{{over.strip()}}}" if over else ""
        lowered = f"_{{{script(name.sub).strip()}}}" if name.sub else ""
        after = rf"\text{{ ({hung.after})}}" if hung.after else ""
        return before(name.before) + base + digits + raised + lowered + after

    def bracketed(self, piece: Piece) -> str:
        match piece.height, BREAK in piece.text:
            case (0, _):
                return f"({piece.text})"
            case (1, _):
                return rf"\bigl({piece.text}\bigr)"
            case (_, True):
                return rf"\biggl({piece.text}\biggr)"
        return rf"\left({piece.text}\right)"

    def fraction(self, top: Piece, bottom: Piece) -> str:
        return rf"\frac{{{top.text}}}{{{bottom.text}}}"

    def power(self, base: Piece, exponent: Piece) -> str:
        return f"{base.text}^{{{exponent.text}}}"

    def raised_elementwise(self, exponent: Piece) -> Piece:
        return Piece(rf"\odot {exponent.text}", PRODUCT, exponent.numeric)

    def call(self, function: str, arguments: Sequence[Piece], index: str = "") -> Piece:
        first = arguments[0]
        match function:
            case "exp" if first.height < 2 and BREAK not in first.text:
                if len(first.text) <= _LONGEST_EXPONENT:
                    return Piece(f"e^{{{first.text}}}", POWER, first.numeric, height=1)
            case "sqrt":
                text = rf"\sqrt{{{first.unbroken}}}"
                return Piece(text, POWER, first.numeric, height=max(first.height, 1))
            case "abs":
                text = rf"\left\lvert {first.unbroken}\right\rvert"
                if first.height == 0:
                    text = rf"\lvert {first.unbroken}\rvert"
                return Piece(text, ATOM, first.numeric, height=first.height)
            case "floor":
                text = rf"\left\lfloor {first.unbroken}\right\rfloor"
                if first.height == 0:
                    text = rf"\lfloor {first.unbroken}\rfloor"
                return Piece(text, ATOM, first.numeric, height=first.height)
        return super().call(function, arguments, index)

    def function_name(self, function: str, index: str) -> str:
        word = WORDS.get(function, function)
        if function == "sigmoid":
            shown = r"\sigma"
        elif word in _OPERATORS or word in GREEK:
            shown = f"\\{word}"
        else:
            shown = word if len(word) == 1 else rf"\mathrm{{{escaped(word)}}}"
        return shown + (f"_{{{index}}}" if index else "")

    def transposed(self, base: Piece) -> str:
        return rf"{base.text}^{{\top}}"

    def indexed(self, base: Piece, index: str) -> str:
        return f"{base.text}_{{{index}}}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        body = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    def result(self, text: str) -> str:
        return rf"\mathbf{{{text}}}"

    def line(self, text: str, last: bool) -> str:
        if _is_whole(text):  # its brackets were not broken, so they can be as tall as it takes
            text = text.replace(r"\biggl(", r"\left(").replace(r"\biggr)", r"\right)")
        # The empty group keeps the space round an operator that ends its line.
        return text.strip() + ("" if last else "{}")


def _is_whole(text: str) -> bool:
    """Whether each tall bracket that a line opens is closed in it, and the other way round."""
    depth = 0
    for sign in _TALL.findall(text):
        depth += 1 if sign == "l" else -1
        if depth < 0:
            return False
    return depth == 0
