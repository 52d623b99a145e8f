"""Blocks: how lines that stand together look, and their text with the numbers left open.

A block looks one way or another: its lines side by side or stacked, rows broken or not.
Each look is made by the page's template once.  A `Chunk` is the block's text for numbers of
certain kinds, cut where the numbers go; pages put chunks together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracer.rendering.content import Block, Line
from tracer.rendering.filling.codes import Codes
from tracer.rendering.filling.marks import Item, Refused, parts
from tracer.rendering.filling.members import Shape
from tracer.rendering.filling.open_lines import OpenLine, Sides, placed
from tracer.rendering.filling.terms import CLOSE
from tracer.rendering.lines import laid_out, side_by_side
from tracer.rendering.typesetting import Typesetting

LookKey = tuple[bool, bool, tuple[Shape, ...]]
"""Whether the block is tall, whether its lines stand side by side, how they are made up."""


class Look:
    """The text of a block that looks one way, with its places.

    Args:
        text: as the template made it.
        found: slots, by the digits of their marks.
    """

    def __init__(self, text: str, found: Mapping[str, int]) -> None:
        self.text = text
        literals, items = parts(text, found)
        self.literals = literals[:-1]
        self.tail = literals[-1]
        self.items: list[Item] = items
        if any(what == "D" for what, _, _ in items):
            raise Refused("a number stands in a block, but in no line")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a page: texts, and after each the entry of the page's values put there."""

    literals: tuple[str, ...]
    entries: tuple[int, ...]
    plan: int = 0
    """Which `entries`, among those of all chunks."""


class Results:
    """How wide results are.

    Args:
        setting: of the page.
        codes: of the form.
    """

    def __init__(self, setting: Typesetting, codes: Codes) -> None:
        self.setting, self.codes = setting, codes
        self._known: dict[tuple[int, int], float] = {}

    def width(self, code: int) -> float:
        """Of a number of this code."""
        return self._width(self.codes.classes[code], self.codes.lengths[code])

    def bounds(self, code: int) -> tuple[float, float] | None:
        """The least and largest width of numbers that are as odd as this one."""
        if odd := self.codes.odd[code]:
            kind, least, most = self.codes.bounds[odd]
            if not most and kind.fixed is None:
                return None
            return self._width(odd, least), self._width(odd, most)
        return self._simple(3, ""), self._simple(self.codes.rooms[-1], "-")

    def _simple(self, length: int, before: str) -> float:
        key = (-1 if before else 0, length)
        if key not in self._known:
            text = f"{before}0.{'0' * (length - 2)}"
            self._known[key] = self.setting.width(self.setting.result(text))
        return self._known[key]

    def _width(self, found: int, length: int) -> float:
        if (found, length) not in self._known:
            text, _ = self.codes.bounds[found][0].mark(0, length)
            self._known[found, length] = self.setting.width(self.setting.result(text))
        return self._known[found, length]


class Stack:
    """The lines of one block of the page.

    Args:
        start: the number of its first line.
        block: as the page with marks has it.
        lines: open ones.
        setting: of the page.
        results: of the form.
        outer: what stands around every result.
    """

    def __init__(
        self,
        start: int,
        block: Block,
        lines: Sequence[OpenLine],
        setting: Typesetting,
        results: Results,
        outer: tuple[str, str],
    ) -> None:
        self.outer = outer
        self.start, self.lines, self.setting, self.results = start, lines, setting, results
        self.found: Sequence[Line] = block.lines
        self.left = max(setting.width(one.left) for one in block.lines)
        self.tall = any(setting.is_tall(one.left) for one in block.lines)
        self.slots = sorted({slot for one in lines for slot in one.slots})
        self.own = [one.own for one in lines]

    def key(self, sides: Sequence[Sides], wide: bool) -> LookKey:
        """How the block looks, its lines side by side or not."""
        tall = self.tall or any(one.tall for line in sides for one, _ in line)
        return tall, wide, tuple(tuple(one.shape for one, _ in line) for line in sides)

    def is_wide(
        self, sides: Sequence[Sides], codes: Sequence[int], asked: bool = True
    ) -> tuple[bool, bool]:
        """Whether the lines stand side by side; and, if that is asked, whether this holds for
        all lengths and signs of such numbers."""
        if any(len(one.rows) > 1 or one.fitted for line in sides for one, _ in line):
            return False, not any(map(_is_exact, sides))
        own = [codes[slot] for slot in self.own]
        widths = [
            [*(width for _, width in line), self.results.width(code)]
            for line, code in zip(sides, own, strict=True)
        ]
        wide = side_by_side(self.left - CLOSE, widths, self.setting.form)
        if wide is not side_by_side(self.left + CLOSE, widths, self.setting.form):
            raise Refused("whether a block fits hangs on the last figure of its width")
        return wide, asked and self._is_settled(sides, own, wide)

    def _is_settled(self, sides: Sequence[Sides], own: Sequence[int], wide: bool) -> bool:
        extremes = []
        for line, code in zip(sides, own, strict=True):
            bounds = self.results.bounds(code)
            if bounds is None or _is_exact(line):
                return False
            extremes.append(
                [*((one.width if wide else one.least) for one, _ in line), bounds[wide]]
            )
        left = self.left + CLOSE if wide else self.left - CLOSE
        return side_by_side(left, extremes, self.setting.form) is wide

    def block(self, key: LookKey) -> Block:
        """The block as a template is to see it."""
        tall, wide, shapes = key
        lines = [
            placed(found, shape, self.start + number, self.outer)
            for number, (found, shape) in enumerate(zip(self.found, shapes, strict=True))
        ]
        return laid_out(lines, wide, tall, self.setting)

    def chunk(self, look: Look, sides: Sequence[Sides], bases: Mapping[str, int]) -> Chunk:
        """The block's text for numbers of these kinds.

        Args:
            look: how it looks.
            sides: of its lines.
            bases: where, among the values of a page, the results and the signs begin.
        """
        rows = [[row for one, _ in line for row in one.rows] for line in sides]
        literals, entries, text = [], [], ""
        for literal, (what, number, piece) in zip(look.literals, look.items, strict=True):
            text += literal
            line = self.lines[number - self.start]
            if what != "L":
                literals.append(text)
                entries.append(bases[what] + line.own)
                text = ""
                continue
            (first, *rest), serials = rows[number - self.start][piece]
            text += first
            for after, serial in zip(rest, serials, strict=True):
                literals.append(text)
                entries.append(line.slots[serial])
                text = after
        return Chunk((*literals, text + look.tail), (*entries, -1))


def _is_exact(line: Sides) -> bool:
    """Whether the line holds for numbers of certain lengths alone."""
    return any(one.exact and one.kind == "numbers" for one, _ in line)
