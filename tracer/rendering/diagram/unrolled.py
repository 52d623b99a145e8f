"""A recurrent network unrolled: a column for each time step, the state handed on from one
to the next.

Inside a step the calculation rises from the inputs to the output.  What lies equally deep
in it (the gates of a cell) shares a card; the parameters, which are the same
in every step, stand below.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from tracer.rendering.diagram.arrays import ArrayCard, Block, drawn_arrays
from tracer.rendering.diagram.graph import Graph
from tracer.rendering.diagram.shapes import Box, Diagram, Label, Line, Rect, Shape, framed
from tracer.rendering.diagram.steps import Times, symbols_in_order
from tracer.rendering.diagram.story import described
from tracer.rendering.diagram.text import word
from tracer.rendering.diagram.ways import SIDE, Way, round_others, sideways, upwards

_UP = 34.0
_ACROSS = 64.0
_BESIDE = 16.0
_FRAME = 14.0


@dataclass(frozen=True)
class Unrolled(Graph):
    """A recurrent network on its way to a drawing."""

    times: Times
    sharing: ClassVar[str] = "diagram.shared_steps"

    def diagram(self) -> Diagram:
        """The whole drawing."""
        places = self._places()
        shapes: list[Shape] = [*self._frames(places), *self._edges_drawn(places)]
        for group, rect in places.items():
            shapes += drawn_arrays(self.cards[group], rect.x, rect.y, self.light)
        shapes += self.strip(shapes)
        cards = [self.cards[group] for group in places]
        text = described(cards + self.shared_cards, self.telling, self.light)
        return framed(shapes, self.telling.title(), text)

    # -- cards ---------------------------------------------------------------------------------

    @property
    def shared(self) -> list[str]:
        """Parameters of the steps, however few they are."""
        return self.parameters_used_again

    @cached_property
    def constants(self) -> dict[str, str]:
        """Given arrays that stand in the card of their user: targets, above all."""
        return {
            name: users[0]
            for name, users in self.uses.items()
            if self._is_given(name) and len(users) == 1
            and (self.level[users[0]] > 1 or users[0] not in self.times.when)
            and name not in self.times.initial
        }  # fmt: skip

    def _is_given(self, name: str) -> bool:
        return not self.arrays.is_computed(name) and name not in self.shared

    @cached_property
    def level(self) -> dict[str, int]:
        """How many equations of its own step lie before each computed array."""
        found: dict[str, int] = {}
        for equation in self.arrays.equations:
            name = equation.target.name
            time = self.times.when.get(name)
            inside = [one for one in self.arrays.operands(equation)
                      if self.times.when.get(one) == time]  # fmt: skip
            found[name] = 1 + max((found[one] for one in inside if one in found), default=0)
        return found

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Cards by the first array on them: what lies equally deep in one step shares a card."""
        found: dict[tuple[object, ...], list[str]] = {}
        for name in self.nodes:
            time = self.times.when.get(name)
            if time is None:
                found[(name,)] = [name]
                continue
            found.setdefault((time, self.level[name]), []).append(name)
        return {names[0]: names for names in found.values()}

    @cached_property
    def home(self) -> dict[str, str]:
        """The card on which each array stands."""
        return {name: group for group, names in self.groups.items() for name in names}

    @cached_property
    def cards(self) -> dict[str, ArrayCard]:
        return {group: self._card(names) for group, names in self.groups.items()}

    def _card(self, names: list[str]) -> ArrayCard:
        if len(names) == 1:
            return self.card(names[0])
        arrays = self.arrays
        bands: list[tuple[Block, ...]] = [tuple(arrays.forward(name) for name in names)]
        bands += [band for band in (arrays.backward(names),) if band]
        return ArrayCard("card", tuple(bands), names[0], arrays.held(names))

    # -- places --------------------------------------------------------------------------------

    def time_of(self, group: str) -> int:
        """The column of a card: 0 for the initial state, one more than the last for the end."""
        if group in self.times.when:
            return self.times.when[group]
        if group in self.times.initial:
            return 0
        if self.arrays.is_computed(group):
            return self.times.count + 1
        return min(self.times.when.get(user, self.times.count + 1) for user in self.uses[group])

    def row_of(self, group: str) -> int:
        """The row of a card, from the bottom: an initial state as high as what it stands for."""
        if group in self.times.initial:
            users = [user for user in self.uses[group] if user in self.times.when]
            later = [self._handed_on(user, group) for user in users]
            return max((self.level[name] for name in later if name), default=1)
        return self.level.get(group, 0)

    def _handed_on(self, user: str, initial: str) -> str:
        """The state that the second step takes where the first takes the initial one."""
        level, first = self.level[user], self.arrays.by_target[user]
        for name, time in self.times.when.items():
            if time != 2 or self.level[name] != level:
                continue
            second = self.arrays.by_target[name]
            one, other = symbols_in_order(first.formula), symbols_in_order(second.formula)
            if len(one) == len(other):
                for mine, theirs in zip(one, other, strict=True):
                    if mine == initial and self.times.when.get(theirs) == 1:
                        return theirs
        return ""

    def _places(self) -> dict[str, Rect]:
        rows: dict[tuple[int, int], list[str]] = {}
        ends = [group for group in self.groups if self.time_of(group) > self.times.count]
        for group in self.groups:
            if group not in ends:
                rows.setdefault((self.time_of(group), self.row_of(group)), []).append(group)
        heights: dict[int, float] = {}
        for (_, row), names in rows.items():
            tall = max(self.cards[name].height for name in names)
            heights[row] = max(heights.get(row, 0.0), tall)
        found: dict[str, Rect] = {}
        x = 0.0
        for time in range(self.times.count + 1):
            across = [self._across(names) for (when, _), names in rows.items() if when == time]
            wide = max(across, default=0.0)
            for row, names in ((row, names) for (when, row), names in rows.items() if when == time):
                left = x + (wide - self._across(names)) / 2
                middle = -sum(heights.get(r, 0.0) + _UP for r in range(row)) - heights[row] / 2
                for name in names:
                    card = self.cards[name]
                    found[name] = Rect(left, middle - card.height / 2, card.width, card.height)
                    left += card.width + _BESIDE
            x += wide + (_ACROSS + self._swing if wide else 0.0)
        self._place_ends(found, ends, x - _ACROSS - self._swing)
        return found

    def _across(self, names: list[str]) -> float:
        return sum(self.cards[name].width for name in names) + _BESIDE * (len(names) - 1)

    def _place_ends(self, found: dict[str, Rect], ends: list[str], right: float) -> None:
        """What belongs to no step, above all of them, in the order of the calculation."""
        y = min(rect.y for rect in found.values()) - _UP - _FRAME
        inside = [r for name, r in found.items() if self.time_of(name) > 0]
        middle = (min(r.x for r in inside) + right) / 2
        for name in ends:
            card = self.cards[name]
            found[name] = Rect(middle - card.width / 2, y - card.height, card.width, card.height)
            y -= card.height + _UP

    @cached_property
    def _swing(self) -> float:
        """Room at the left of a step for edges that go round a card."""
        far = [
            self.row_of(self.home[b]) - self.row_of(self.home[a])
            for a, b in self.edges
            if self.time_of(self.home[a]) == self.time_of(self.home[b])
        ]
        most = max(far, default=0)
        return SIDE + 8 * (most - 2) - 4 if most > 1 else 0.0

    def _frames(self, places: dict[str, Rect]) -> list[Shape]:
        found: list[Shape] = []
        for time in range(1, self.times.count + 1):
            rects = [rect for group, rect in places.items() if self.time_of(group) == time]
            left = min(rect.x for rect in rects) - _FRAME - self._swing
            right = max(rect.right for rect in rects) + _FRAME
            top = min(rect.y for rect in rects) - _FRAME
            bottom = max(rect.bottom for rect in rects) + _FRAME
            found.append(Box(Rect(left, top, right - left, bottom - top), "frame", 12))
            text = word(self.telling.say("diagram.time", number=time))
            middle = (left + right) / 2
            found.append(Label(middle, bottom + 15, text, "caption", "caption", "middle"))
        return found

    # -- edges ---------------------------------------------------------------------------------

    def _edges_drawn(self, places: dict[str, Rect]) -> list[Shape]:
        pairs = dict.fromkeys((self.home[a], self.home[b]) for a, b in self.edges)
        lines = []
        for source, target in pairs:
            start, pieces = self._way(source, target, places)
            lit = self.lit(self.cards[source], self.cards[target])
            arrow = "start" if lit and self.light.phase == "backward" else "end"
            phase = self.light.phase if lit else ""
            lines.append(Line(start, pieces, "edge", arrow, lit, f"{source}>{target}", phase))
        return sorted(lines, key=lambda line: bool(line.lit))

    def _way(self, source: str, target: str, places: dict[str, Rect]) -> Way:
        one, other = places[source], places[target]
        when, then = self.time_of(source), self.time_of(target)
        if when != then and then <= self.times.count:
            return sideways(one, other, _left_port(source, target, self, places))
        rows = self.row_of(target) - self.row_of(source)
        if when == then and rows > 1:
            return round_others(one, other, self._left_of(source, target, places), rows)
        return upwards(one, other)

    def _left_of(self, source: str, target: str, places: dict[str, Rect]) -> float:
        """The left side of all cards of a step between two of its rows."""
        rows = range(self.row_of(source), self.row_of(target) + 1)
        time = self.time_of(source)
        return min(rect.x for group, rect in places.items()
                   if self.time_of(group) == time and self.row_of(group) in rows)  # fmt: skip


def _left_port(source: str, target: str, graph: Unrolled, places: dict[str, Rect]) -> float:
    """How far from the middle an edge from another step arrives at the left of a card."""
    before = {graph.home[a] for a, b in graph.edges if graph.home[b] == target}
    coming = [g for g in before if graph.time_of(g) != graph.time_of(target)]
    coming.sort(key=lambda g: places[g].y)
    return 16.0 * (coming.index(source) - (len(coming) - 1) / 2)
