"""Lines as skeletons: one equation printed once, its numbers left open.

Takes the step of a line and the kinds of its numbers; gives the pieces that a template
places (signs, rows of members), each as a format and its slots.  The line itself is made
by `lines.line`, of marks instead of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from tracer.formula.nodes import Number, symbols
from tracer.model.step import Step
from tracer.rendering.content import Line, Member
from tracer.rendering.filling.marks import Cut, Kind, Refused, cut, picking, place
from tracer.rendering.lines import line
from tracer.rendering.typesetting import Typesetting

Shape = tuple[tuple[str, str, int, bool], ...]
"""By member: kind, sign (but a result's), rows, whether it is wider than the page."""


@dataclass(eq=False, slots=True)
class Skeleton:
    """One line with its numbers left open."""

    shape: Shape
    pieces: tuple[Cut, ...]
    widths: tuple[float, ...]
    """How wide each member is; at most so wide, if not `exact`."""
    tall: bool
    exact: bool
    rows: tuple[int, ...]
    """By member, the piece that is its first row."""
    sizes: Callable[[Sequence[int]], Any]
    """What picks the lengths of its numbers from those of all slots."""
    measured: dict[Any, tuple[float, ...]] = field(default_factory=dict)
    """Widths by the lengths of its numbers."""

    @property
    def in_one_row(self) -> bool:
        """Whether no member is broken or too wide."""
        return all(rows == 1 and not fitted for _, _, rows, fitted in self.shape)


def skeleton(found: Line, slots: dict[str, int], setting: Typesetting, exact: bool) -> Skeleton:
    """A printed line, cut at its marks."""
    pieces: list[Cut] = []
    rows = []
    for member in found.members:
        if member.kind == "result":
            pieces.append(cut(member.sign, slots))
        rows.append(len(pieces))
        pieces += [cut(part, slots) for part in member.parts]
    return Skeleton(
        shape=shape_of(found),
        pieces=tuple(pieces),
        widths=tuple(setting.width(member.parts[0]) for member in found.members),
        tall=any(setting.is_tall(member.parts[0]) for member in found.members),
        exact=exact,
        rows=tuple(rows),
        sizes=picking(sorted(set(slots.values()))),
    )


def shape_of(found: Line) -> Shape:
    """How a line is made up."""
    return tuple(
        (m.kind, "" if m.kind == "result" else m.sign, len(m.parts), m.fitted)
        for m in found.members
    )


def placed(found: Line, shape: Shape, number: int) -> Line:
    """The line as a template is to see it: a place for each piece."""
    members, piece = [], 0
    for kind, sign, rows, fitted in shape:
        if kind == "result":
            sign, piece = place("L", number, piece), piece + 1
        parts = tuple(place("L", number, piece + row) for row in range(rows))
        members.append(Member(sign, parts, kind, fitted))
        piece += rows
    return replace(found, members=tuple(members))


class LineForms:
    """The skeletons of one step's line, by the kinds of its numbers.

    Args:
        step: the step, of any variant.
        slots: of each quantity by its key.
        setting: of the page.
        detail: as in `render`.
        relations: where, beside the kinds, the relation signs begin; and the flags which
            say that a line's only operand has the digits of its result.
        room: how long the digits of each slot may be before lengths are looked at.
    """

    def __init__(
        self,
        step: Step,
        slots: dict[str, int],
        setting: Typesetting,
        detail: str,
        relations: tuple[int, int],
        room: Sequence[int],
    ) -> None:
        self.step = step
        self.setting = setting
        self.detail = detail
        used = symbols(step.expanded or step.formula) if detail != "brief" else []
        keys = [setting.trace[key].key for key in used]
        self.keys = list(dict.fromkeys([*keys, step.key]))
        self.slots = tuple(slots[key] for key in self.keys)
        self.room = [room[slot] for slot in self.slots]
        self.alone = (self.slots[0], self.slots[-1]) if len(self.slots) == 2 else None
        self.constant = not symbols(step.formula)
        own = slots[step.key]
        beside = (relations[0] + own, *((relations[1] + own,) if self.alone else ()))
        self.key = itemgetter(*self.slots, *beside)
        self.lengths = itemgetter(*self.slots)
        self.settled: dict[Hashable, Skeleton | None] = {}
        """By kinds: a skeleton for all lengths up to `room`; None: lengths matter."""
        self.exact: dict[Hashable, Skeleton] = {}

    def of(self, marks: Sequence[int | str | bool], lengths: list[int], kinds: Sequence[Kind],
           short: bool) -> Skeleton:  # fmt: skip
        """The skeleton for numbers of these kinds and lengths.

        Args:
            marks: kinds by number, then relation signs, then flags.
            lengths: of the digits of each slot.
            kinds: of each slot.
            short: no number is longer than its room.
        """
        if self.constant and kinds[self.slots[-1]].fixed is None:
            raise Refused("a constant's text may be its result's")
        key = self.key(marks)
        if short:
            if key not in self.settled:
                made = self.made(key, kinds, self.room, exact=False)
                self.settled[key] = made if made.in_one_row else None
            found = self.settled[key]
            if found is not None:
                return found
        sizes = self.lengths(lengths)
        exactly = (key, sizes)
        if exactly not in self.exact:
            sizes = sizes if isinstance(sizes, tuple) else (sizes,)
            self.exact[exactly] = self.made(key, kinds, sizes, exact=True)
        return self.exact[exactly]

    def made(
        self, key: tuple[object, ...], kinds: Sequence[Kind], sizes: Sequence[int], exact: bool
    ) -> Skeleton:
        """The line printed with marks."""
        steps, found = [], {}
        same = self.alone is not None and bool(key[-1])
        relation = str(key[len(self.slots)])
        for serial, (name, slot, size) in enumerate(zip(self.keys, self.slots, sizes, strict=True)):
            text, digits = kinds[slot].mark(0 if same else serial, size)
            steps.append(Step(name, "given", "given", Number(text), text=text))
            if digits:
                found[digits] = slot
        steps[-1] = replace(self.step, text=steps[-1].text, relation=relation)
        setting = self.seen(steps)
        return skeleton(line(steps[-1], setting, self.detail), found, setting, exact)

    def seen(self, steps: Sequence[Step]) -> Typesetting:
        """The page's typesetting, of these steps alone."""
        return replace(self.setting, trace=replace(self.setting.trace, steps=tuple(steps)))
