"""Typesetting for a page of HTML: marked MathML, with the words of each formula beside it.

Does in HTML what `Typesetting` does in the other formats; `math` makes an element of a
formula's parts, and `room` says how wide a block of equations is side by side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from tracer.formula.nodes import Symbol
from tracer.rendering import measuring
from tracer.rendering.content import Block
from tracer.rendering.html.marking import Marked, marks_of
from tracer.rendering.number import split
from tracer.rendering.printers.aloud import Aloud, measured, said, seen
from tracer.rendering.printers.pieces import Known
from tracer.rendering.typesetting import Typesetting

_ALONE = re.compile(r"(?:<mo[^>]*>[=≈+−·()]</mo>|</?mrow[^>]*>|<mn[^>]*>[\d.,]+</mn>)+")
"""Numbers and signs in a row: their words would say what stands there, so they need none."""
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_BREAK = "\x07"
"""Where a formula in running text may be broken; never leaves this module."""
_EM = 10.0
"""Points: what widths are measured in, at 10 pt."""
_GAP = 0.6
"""Between two columns of equations, in em."""
ROOMS = tuple(range(12, 57, 3))
"""Rooms in em that the style sheet tells apart; a block that needs more is stacked."""


@dataclass
class HtmlSetting(Typesetting):
    """How one trace is typeset in HTML."""

    marks: dict[str, str] = field(init=False)
    """The mark of each key: the id of its line, and what its names and numbers bear."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.marks = marks_of(self.trace.keys())
        self.printer = Aloud(comma=self.comma, eye=Marked(marks=self.marks))

    def name(self, key: str) -> str:
        return self.printer.formula(Symbol(key), self.names.name)

    def joined(self, *parts: str) -> str:
        """Parts of a formula; it may be broken before each sign."""
        signs = (self.sign("="), self.sign("≈"))
        return "".join(f"{_BREAK}{part}" if part in signs else part for part in parts)

    def plain(self, part: str) -> str:
        return measured(part)

    def width(self, formula: str) -> float:
        return measuring.points(measured(formula.replace(_BREAK, "")))

    def math(self, *parts: str) -> str:
        """A formula of typeset parts, such as a sign and what follows it.

        The first two stay together; what follows stands in elements of its own, so that a
        line may be broken before it, and the words are said once for all.
        """
        words = said(" ".join(parts).replace(_BREAK, " "))
        pieces = ["".join(parts[:2]), *parts[2:]]
        if len(pieces) == 1 and self.width(pieces[0]) > self.form.width:
            pieces = pieces[0].split(_BREAK)
        shown = [seen(piece.replace(_BREAK, "")) for piece in pieces]
        plain = all(map(_ALONE.fullmatch, shown))
        label = "" if plain else f' aria-label="{escape(words)}"'
        if len(shown) == 1:
            return f"<math{label}>{shown[0]}</math>"
        role = ' role="img"' if label else ""
        several = "".join(f"<math>{one}</math>" for one in shown)
        return f'<span class="pieces"{role}{label}>{several}</span>'

    def inline(self, formula: str) -> str:
        return self.math(formula)

    def cell(self, text: str) -> str:
        if not _DECIMAL.fullmatch(text):
            return self.inline(self.number(text))
        digits = split(text).shown_digits("," if self.comma else ".")
        shown = f"−{digits}" if text.startswith("-") else digits
        mark = self.marks.get(text.key) if isinstance(text, Known) else None
        return f'<span data-v="{mark}">{shown}</span>' if mark else shown

    def room(self, block: Block) -> str:
        """The class of a block of equations: how much room it needs side by side."""
        columns: list[float] = []
        for line in block.lines:
            sides = [self.width(line.left) / _EM]
            for side in line.members:
                sides.append(sum(self.width(part) for part in (side.sign, *side.parts)) / _EM)
            columns += [0.0] * (len(sides) - len(columns))
            columns[: len(sides)] = map(max, columns, sides)
        needed = sum(columns) + _GAP * len(columns)
        return next((f"w{one}" for one in ROOMS if one >= needed), "")
