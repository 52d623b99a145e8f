"""How the blocks of a page look: which of their lines are broken, and whether they fit side
by side.

Takes the skeletons of a block's lines; measures only where a block may or may not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracer.rendering.content import Line
from tracer.rendering.filling.skeletons import Shape, Skeleton
from tracer.rendering.lines import side_by_side
from tracer.rendering.typesetting import Typesetting


@dataclass(eq=False, slots=True)
class Look:
    """How one block looks; there is one of each look of a block."""

    tall: bool
    wide: bool
    shapes: tuple[Shape, ...]
    """Of its lines."""


@dataclass(eq=False, slots=True)
class Stack:
    """A block of the page: which of the form's lines, and the looks that it has had."""

    start: int
    stop: int
    lines: tuple[Line, ...]
    setting: Typesetting
    left: float
    """Width of its widest left side."""
    tall: bool
    """Whether a left side is tall."""
    looks: dict[tuple[bool, bool, tuple[Shape, ...]], Look] = field(default_factory=dict)
    known: dict[tuple[Skeleton, ...], Look | None] = field(default_factory=dict)
    """By the lines' skeletons; None: it depends on lengths."""

    def look(
        self, skeletons: tuple[Skeleton, ...], digits: Sequence[str], lengths: Sequence[int]
    ) -> Look:
        """How the block looks with these lines.

        Args:
            skeletons: of its lines.
            digits: of each slot of the page.
            lengths: of these.
        """
        if skeletons not in self.known:
            self.known[skeletons] = self._settled(skeletons)
        found = self.known[skeletons]
        if found is not None:
            return found
        widths = []
        for one in skeletons:
            found_widths = one.widths
            if not one.exact:
                sizes = one.sizes(lengths)
                found_widths = one.measured.get(sizes) or self._measured(one, sizes, digits)
            widths.append(found_widths)
        return self._look(skeletons, side_by_side(self.left, widths, self.setting.form))

    def _settled(self, skeletons: tuple[Skeleton, ...]) -> Look | None:
        if not all(one.in_one_row for one in skeletons):
            return self._look(skeletons, wide=False)
        wide = side_by_side(self.left, [one.widths for one in skeletons], self.setting.form)
        if wide or all(one.exact for one in skeletons):
            return self._look(skeletons, wide)
        return None

    def _look(self, skeletons: tuple[Skeleton, ...], wide: bool) -> Look:
        tall = self.tall or any(one.tall for one in skeletons)
        key = (tall, wide, tuple(one.shape for one in skeletons))
        if key not in self.looks:
            self.looks[key] = Look(*key)
        return self.looks[key]

    def _measured(self, one: Skeleton, sizes: object, digits: Sequence[str]) -> tuple[float, ...]:
        """How wide the members of a line are with numbers of these lengths."""
        rows = [one.pieces[row] for row in one.rows]
        texts = [text % tuple([digits[slot] for slot in slots]) for text, slots in rows]
        found = one.measured[sizes] = tuple(map(self.setting.width, texts))
        return found
