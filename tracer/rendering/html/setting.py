"""Typesetting for a page of HTML: marked MathML, which screen readers read as it stands.

Does in HTML what `Typesetting` does in the other formats; `math` makes an element of a
formula's parts, `outcome` sets what a line gives, and `room` says how wide a block of
equations is side by side.
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

_NUMBER = re.compile(
    r'<m(?:n|row) data-v="([^"]*)">(?:<mo[^>]*>(−)</mo><mn>)?([\d.,]+)</mn>(?:</mrow>)?'
)
_SIGN = re.compile(r"<mo>([=≈])</mo>")
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")
_BREAK = "\x07"
"""Where a formula in running text may be broken; never leaves this module."""
_EM = 10.0
"""Points: what widths are measured in, at 10 pt."""
_GAP = 0.6
"""Between two columns of equations, in em."""
ROOMS = tuple(range(11, 47, 5))
"""Rooms in em that the style sheet tells apart, up to what a page is wide; a block that needs
more is stacked."""


@dataclass
class HtmlSetting(Typesetting):
    """How one trace is typeset in HTML."""

    marks: dict[str, str] = field(init=False)
    """The mark of each key: the id of its line, and what its names and numbers bear."""

    _aloud: dict[str, str] = field(init=False, default_factory=dict)
    """The words of each formula in running text."""

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
        line may be broken before it.
        """
        pieces = ["".join(parts[:2]), *parts[2:]]
        if len(pieces) == 1 and self.width(pieces[0]) > self.form.width:
            pieces = pieces[0].split(_BREAK)
        several = "".join(f"<math>{seen(one.replace(_BREAK, ''))}</math>" for one in pieces)
        return several if len(pieces) == 1 else f"<span>{several}</span>"

    def outcome(self, *parts: str) -> str:
        """What a line gives, with its sign: a plain number as text, all else as a formula."""
        sign, number = seen(parts[0]), seen("".join(parts[1:]))
        match = _NUMBER.fullmatch(number)
        if not match or not (plain := _SIGN.fullmatch(sign)):
            return self.math(*parts)
        return f'{plain[1]} <span data-v="{match[1]}">{match[2] or ""}{match[3]}</span>'

    def inline(self, formula: str) -> str:
        element = self.math(formula)
        self._aloud[element] = said(formula.replace(_BREAK, " "))
        return element

    def labelled(self, element: str) -> str:
        """A formula with its words, for where a label is asked for, such as at a column's head."""
        words = self._aloud.get(element)
        return (
            element.replace("<math>", f'<math aria-label="{escape(words)}">', 1)
            if words
            else element
        )

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
        return next((f"w{one}" for one in ROOMS if one >= needed), "w")
