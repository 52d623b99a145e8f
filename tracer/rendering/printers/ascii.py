"""Plain ASCII: for consoles and forms that know nothing else, and for copying into a
calculator or an interpreter.

Functions keep the names under which calculators know them, powers of ten stand as
``3.7e-5``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tracer.formula.writing import ATOM, POWER
from tracer.notation.name import Name
from tracer.rendering.printers.letters import joined, plain
from tracer.rendering.printers.pieces import WORDS, Marks, Piece
from tracer.rendering.printers.printer import TreePrinter
from tracer.rendering.printers.unicode import Unicode, script


@dataclass(frozen=True)
class Ascii(Unicode):
    """Plain ASCII.

    >>> from tracer.formula.parsing import parse
    >>> Ascii().formula(parse("1/2*(y - a)**2"), {"y": "1", "a": "-2e-7"}.__getitem__)
    '1/2*(1 - (-2e-7))^2'
    """

    minus: ClassVar[str] = " - "
    opposite: ClassVar[str] = "-"
    approx: ClassVar[str] = "~"
    absent: ClassVar[str] = "."
    signs: ClassVar[Mapping[str, str]] = {
        "times": "*",
        "beside": "*",
        "apart": " * ",
        "chain": " * ",
        "elementwise": " .* ",
        "matmul": " @ ",
        "matmul times": " @ ",
    }

    def times_ten(self, digits: str, power: str, only_power: bool) -> tuple[str, int]:
        return f"{digits}e{power}", POWER

    def name_text(self, name: Name) -> str:
        hung = Marks.of(name)
        signs = ("d" if sign == "partial" else plain(sign) for sign in name.before.split())
        before = "".join(sign if len(sign) == 1 else f"{sign} " for sign in signs)
        low = script(plain(name.sub), None, "_")
        # ^[1](3) rather than ^[1]^(3)
        high = "".join(
            plain(part) if place and part[0] in "([" else script(plain(part), None, "^")
            for place, part in enumerate(map(joined, hung.raised))
        )
        after = f" ({hung.after})" if hung.after else ""
        return before + plain(name.base) + name.accent + hung.prime + low + high + after

    def power(self, base: Piece, exponent: Piece) -> str:
        text = exponent.text
        return f"{base.text}^{text if exponent.level == ATOM else f'({text})'}"

    def raised_elementwise(self, exponent: Piece) -> Piece:
        return exponent

    def call(self, function: str, arguments: Sequence[Piece], index: str = "") -> Piece:
        return TreePrinter.call(self, function, arguments, index)

    def function_name(self, function: str, index: str) -> str:
        word = WORDS.get(function, function) if function in _SHORTER else function
        return plain(word) + script(index, None, "_")

    def transposed(self, base: Piece) -> str:
        return f"{base.text}^T"


_SHORTER = frozenset({"log", "maximum", "minimum"})
