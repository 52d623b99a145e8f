"""Members: the side of an equation in which its numbers are put in, printed once for all.

Lines of one structure share a `Members`: ``w1 x1 + w2 x2 + b`` is the same sum for every
unit.  It prints the formula with marks instead of numbers, once for each combination of
kinds; widths are bounded by the widths at the least and the largest lengths, and measured
where the bounds do not settle what is asked.  An `OpenLine` puts its own slots in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracer.formula.nodes import Node, Symbol, children, rebuilt
from tracer.rendering.content import Member
from tracer.rendering.filling.codes import Codes
from tracer.rendering.filling.marks import Cut, Kind, cut, marked
from tracer.rendering.filling.terms import CLOSE, Cutting, can_cut
from tracer.rendering.lines import member
from tracer.rendering.typesetting import Typesetting

_MOST = 4096
"""Combinations of lengths that are kept."""

Shape = tuple[tuple[str, str, int, bool], ...]
"""By side before the result: kind, sign, rows, whether it is wider than the page."""


@dataclass(eq=False, slots=True)
class Side:
    """A member of a line with its numbers left open."""

    kind: str
    sign: str
    rows: tuple[Cut, ...]
    fitted: bool
    tall: bool
    width: float
    """Of its first row; at most so wide if not `exact`."""
    least: float
    exact: bool
    """Whether it holds for certain lengths alone."""

    @property
    def shape(self) -> tuple[str, str, int, bool]:
        """How it is made up."""
        return self.kind, self.sign, len(self.rows), self.fitted


def side(found: Member, slots: dict[str, int], setting: Typesetting) -> Side:
    """A printed member, cut at its marks."""
    rows = tuple(cut(part, slots) for part in found.parts)
    width, tall = setting.width(found.parts[0]), setting.is_tall(found.parts[0])
    return Side(found.kind, found.sign, rows, found.fitted, tall, width, width, exact=True)


class Members:
    """The members of one structure.

    Args:
        node: the formula, its symbols the numbers from 0 as texts.
        room: how wide a row may be.
        setting: of the page.
        codes: of the form.
        point: the decimal mark on the page.
    """

    def __init__(
        self, node: Node, room: float, setting: Typesetting, codes: Codes, point: str
    ) -> None:
        self.node, self.room, self.setting = node, room, setting
        self.codes, self.point = codes, point
        self.cutting = Cutting(node, room, setting, codes, point) if can_cut(node) else None
        self._cut: dict[object, Side] = {}
        self._settled: dict[tuple[int, ...], Side | None] = {}
        self._known: dict[tuple[int, ...], tuple[Side, float]] = {}

    def of(self, codes: tuple[int, ...]) -> tuple[Side, float]:
        """The member for numbers of these codes, and how wide it is."""
        found = self._known.get(codes)
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
                self._cut.clear()
            found = self._known[codes] = self._of(codes)
        return found

    def _of(self, codes: tuple[int, ...]) -> tuple[Side, float]:
        cut_up = self.cutting.of(codes) if self.cutting else None
        if cut_up is not None:
            rows, tall, width, (least, most) = cut_up
            key = (rows, tall, least, most)
            if key not in self._cut:
                exact = len(rows) > 1 or most > self.room - CLOSE
                self._cut[key] = Side(
                    "numbers", self.setting.sign("="), rows, False, tall, most, least, exact
                )
            return self._cut[key], width
        classes = tuple(self.codes.classes[code] for code in codes)
        if classes not in self._settled:
            self._settled[classes] = self._bounded(classes)
        found = self._settled[classes]
        if found is None:
            kinds = [self.codes.kinds[code] for code in codes]
            found = self.print(kinds, [self.codes.lengths[code] for code in codes])
            return found, found.width
        return found, self._measured(found, codes)

    def _bounded(self, classes: tuple[int, ...]) -> Side | None:
        """The member for all lengths of these classes; None: lengths matter."""
        kinds, least, most = zip(*(self.codes.bounds[one] for one in classes), strict=True)
        if not all(room or kind.fixed is not None for kind, room in zip(kinds, most, strict=True)):
            return None
        found, short = self.print(kinds, most), self.print(kinds, least)
        same = found.rows == short.rows and not (found.fitted or short.fitted)
        if not same or len(found.rows) > 1:
            return None
        return replace(found, exact=False, least=short.width)

    def print(self, kinds: Sequence[Kind], lengths: Sequence[int]) -> Side:
        """The member for numbers of these kinds and lengths."""
        texts, slots = marked(range(len(kinds)), kinds, lengths)
        leaf, equals = texts.__getitem__, self.setting.sign("=")
        found = member(self.setting, equals, self.node, leaf, self.room, "numbers")
        return side(found, slots, self.setting)

    def _measured(self, found: Side, codes: tuple[int, ...]) -> float:
        (first, *rest), serials = found.rows[0]
        text = first
        for literal, serial in zip(rest, serials, strict=True):
            kind, length = self.codes.kinds[codes[serial]], self.codes.lengths[codes[serial]]
            text += kind.mark(0, length)[1].replace(".", self.point) + literal
        return self.setting.width(text)


def numbered(node: Node, numbers: dict[str, str]) -> Node:
    """The formula with other symbols."""
    if isinstance(node, Symbol):
        return Symbol(numbers[node.name])
    inner = tuple(numbered(part, numbers) for part in children(node))
    return rebuilt(node, inner) if inner else node
