"""Lines with their numbers left open: what stands before the result, for numbers of any kind.

Takes a line of the page with marks and its step.  Most lines are a formula, which never
changes, and a member of `members`, which other lines of the same structure share.  Lines
whose members hang together (a constant; an operand that may be all there is) are printed
whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracer.formula.nodes import Node, Number, symbols
from tracer.model.step import Step
from tracer.rendering.content import Line, Member
from tracer.rendering.filling.codes import Codes
from tracer.rendering.filling.marks import ANY, Refused, cut, picking, place
from tracer.rendering.filling.members import Members, Shape, Side, numbered, side
from tracer.rendering.lines import line
from tracer.rendering.typesetting import Typesetting

Sides = tuple[tuple[Side, float], ...]
"""The members of a line before its result, and how wide they are."""


class OpenLine:
    """One line of the page, its numbers left open.

    Args:
        found: as the page with marks has it.
        step: whose line it is.
        slots: of each quantity by its key.
        setting: of the page.
        detail: as in `render`.
        members: those of the form so far, by structure and room.
        codes: of the form.
        point: the decimal mark on the page.

    Raises:
        Refused: if the line is not made as usual.
    """

    def __init__(
        self,
        found: Line,
        step: Step,
        slots: dict[str, int],
        setting: Typesetting,
        detail: str,
        members: dict[tuple[Node, float], Members],
        codes: Codes,
        point: str,
    ) -> None:
        self.found, self.step, self.setting, self.detail = found, step, setting, detail
        self.codes = codes
        node = step.expanded or step.formula
        used = symbols(node) if detail != "brief" else []
        names = {name: setting.trace[name].key for name in used}
        self.keys = list(dict.fromkeys(names.values()))
        self.slots = tuple(slots[key] for key in self.keys)
        self.own = slots[step.key]
        self.operands = picking(self.slots)
        self.constant = not symbols(step.formula)
        self.members: Members | None = None
        self.formula = side(found.members[0], {}, setting) if not self.constant else None
        if used and not self.constant:
            places = {key: str(place) for place, key in enumerate(self.keys)}
            shared = numbered(node, {name: places[key] for name, key in names.items()})
            room = setting.form.width - setting.width(found.left) - setting.form.gap
            if (shared, room) not in members:
                members[shared, room] = Members(shared, room, setting, codes, point)
            self.members = members[shared, room]
        self.echoes = len(self.slots) == 1 and self._is_bare()
        """Whether its only operand may stand alone, and then is not repeated as the result."""
        self.special = self.constant or self.echoes
        if not self.special and len(found.members) != 2 + bool(used):
            raise Refused("a line that is made in another way")

    def _is_bare(self) -> bool:
        assert self.members is not None
        text, digits = ANY.mark(0, 4)
        printed = self.members.print([ANY], [4]).rows
        bare = [cut(self.setting.number(sign + text), {digits: 0}) for sign in ("", "-")]
        return len(printed) == 1 and printed[0] in bare

    def sides(self, codes: Sequence[int], same: bool) -> Sides:
        """The members before the result, and how wide they are.

        Args:
            codes: of all slots of the page.
            same: whether its only operand is written as its result is.
        """
        if self.special:
            return self._specially(codes, same)
        assert self.formula is not None
        first = (self.formula, self.formula.width)
        if self.members is None:
            return (first,)
        return (first, self.members.of(self.operands(codes)))

    def _specially(self, codes: Sequence[int], same: bool) -> Sides:
        """The line printed with marks, where its members hang together."""
        kinds = [self.codes.kinds[codes[slot]] for slot in (*self.slots, self.own)]
        lengths = [self.codes.lengths[codes[slot]] for slot in (*self.slots, self.own)]
        if self.constant and kinds[-1].fixed is None:
            raise Refused("a constant's text may be its result's")
        steps: list[Step] = []
        slots: dict[str, int] = {}
        numbers = zip((*self.keys, self.step.key), kinds, lengths, strict=True)
        for serial, (key, kind, length) in enumerate(numbers):
            text, digits = kind.mark(0 if same else serial, length)
            steps.append(Step(key, "given", "given", Number(text), text=text))
            if digits:
                slots.setdefault(digits, serial)
        steps[-1] = replace(self.step, text=steps[-1].text, relation="=")
        setting = replace(
            self.setting, trace=replace(self.setting.trace, steps=tuple(steps), proof=())
        )
        members = line(steps[-1], setting, self.detail).members[:-1]
        sides = [side(one, slots, setting) for one in members]
        return tuple((one, one.width) for one in sides)


def placed(found: Line, shape: Shape, number: int, outer: tuple[str, str]) -> Line:
    """The line as a template is to see it.

    Args:
        found: as the page with marks has it.
        shape: how its members before the result are made up.
        number: which line.
        outer: what stands around every result.
    """
    members, piece = [], 0
    for kind, sign, rows, fitted in shape:
        parts = tuple(place("L", number, piece + row) for row in range(rows))
        members.append(Member(sign, parts, kind, fitted))
        piece += rows
    result = Member(place("E", number), (place("V", number).join(outer),), "result", False)
    return replace(found, members=(*members, result))
