"""A calculation as a graph: one card for each array, from what is given to the loss.

Every equation is a card with its formula, its numbers and, on the way back, its gradient.
Constants that only one later equation uses stand in its card; parameters that several
equations share stand below the graph, with their gradients and new numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from tracer.rendering.diagram.arrays import ArrayCard, Block, drawn_arrays
from tracer.rendering.diagram.layering import Layering
from tracer.rendering.diagram.quantities import Quantities
from tracer.rendering.diagram.reading import Light
from tracer.rendering.diagram.shapes import Diagram, Label, Line, Shape, extent, framed
from tracer.rendering.diagram.story import described
from tracer.rendering.diagram.telling import Telling
from tracer.rendering.diagram.text import word

_WIDEST = 2600.0
"""Units: a line of text then shows numbers of the size of dust."""
_MOST_USES = 4
_STRIP = 26.0
_APART = 14.0


@dataclass(frozen=True)
class Graph:
    """A plan on its way to a drawing."""

    arrays: Quantities
    telling: Telling
    light: Light
    sharing: ClassVar[str] = "diagram.shared"

    def diagram(self) -> Diagram:
        """The whole drawing; where it would be far too wide, with names alone."""
        drawing = self._drawing()
        if drawing.width <= _WIDEST or self.arrays.bare:
            return drawing
        return replace(self, arrays=replace(self.arrays, bare=True)).diagram()

    def _drawing(self) -> Diagram:
        cards = {name: self.card(name) for name in self.nodes}
        sizes = {name: (card.width, card.height) for name, card in cards.items()}
        layering = Layering(sizes, self.edges, self.ranks)
        shapes = self._lines(layering, cards)
        for name, rect in layering.rects().items():
            shapes += drawn_arrays(cards[name], rect.x, rect.y, self.light)
        shapes += self.strip(shapes)
        text = described(list(cards.values()) + self.shared_cards, self.telling, self.light)
        return framed(shapes, self.telling.title(), text)

    # -- which cards there are -----------------------------------------------------------------

    @cached_property
    def uses(self) -> dict[str, list[str]]:
        """By array: the targets of the equations that use it."""
        found: dict[str, list[str]] = {}
        for equation in self.arrays.equations:
            for name in self.arrays.operands(equation):
                found.setdefault(name, []).append(equation.target.name)
        return found

    @cached_property
    def shared(self) -> list[str]:
        """Parameters that so many equations use that edges to all would hide the rest."""
        several = self.parameters_used_again
        uses = sum(len(self.uses[name]) for name in several)
        return several if uses > _MOST_USES else []

    @property
    def parameters_used_again(self) -> list[str]:
        """Parameters that more than one equation uses."""
        return [name for name, users in self.uses.items()
                if len(users) > 1 and self.arrays.is_parameter(name)]  # fmt: skip

    @cached_property
    def depths(self) -> dict[str, int]:
        """How many equations lie before each computed array."""
        found: dict[str, int] = {}
        for equation in self.arrays.equations:
            operands = self.arrays.operands(equation)
            found[equation.target.name] = 1 + max(
                (found.get(name, 0) for name in operands), default=0
            )
        return found

    @cached_property
    def constants(self) -> dict[str, str]:
        """Given arrays without gradient that stand in the card of the one that uses them."""
        return {
            name: users[0]
            for name, users in self.uses.items()
            if not self.arrays.is_computed(name)
            and not self.arrays.is_parameter(name)
            and not self.arrays.gradient(name)
            and len(users) == 1
            and self.depths[users[0]] > 1
        }

    @cached_property
    def nodes(self) -> list[str]:
        left_out = {*self.shared, *self.constants}
        givens = [name for name in self.uses if not self.arrays.is_computed(name)]
        return [*(name for name in givens if name not in left_out), *self.depths]

    @cached_property
    def edges(self) -> list[tuple[str, str]]:
        inside = set(self.nodes)
        return [(name, user) for name, users in self.uses.items() if name in inside
                for user in users]  # fmt: skip

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Computed arrays by their depth; what is given directly before its first user."""
        found = {}
        for name in self.nodes:
            if name in self.depths:
                found[name] = self.depths[name]
            else:
                found[name] = min(self.depths[user] for user in self.uses[name]) - 1
        first = min(found.values(), default=0)
        return {name: rank - first for name, rank in found.items()}

    # -- what stands in them -------------------------------------------------------------------

    def card(self, name: str) -> ArrayCard:
        """The card of one array."""
        arrays = self.arrays
        bands: list[tuple[Block, ...]] = []
        inside = [one for one, user in self.constants.items() if user == name]
        if inside:
            bands.append(tuple(arrays.forward(one) for one in inside))
        bands.append((arrays.forward(name),))
        bands += [band for band in (arrays.backward([name]), arrays.updated([name])) if band]
        role = "card" if arrays.is_computed(name) else "input"
        last = name == arrays.equations[-1].target.name
        role = "loss" if last and not self.uses.get(name) else role
        return ArrayCard(role, tuple(bands), name, arrays.held([*inside, name]))

    @cached_property
    def shared_cards(self) -> list[ArrayCard]:
        return [self.card(name) for name in self.shared]

    def legend(self, above: list[Shape]) -> list[Shape]:
        """What the second numbers in the cells of a drawing are."""
        room = extent(above)
        words = word(self.telling.say("diagram.below"))
        return [Label(room.x, room.bottom + 22, words, "backward", "caption")]

    def strip(self, above: list[Shape]) -> list[Shape]:
        """The shared parameters, in rows below the graph."""
        if not self.shared:
            return []
        room = extent(above)
        words = word(self.telling.say(self.sharing))
        y = room.bottom + _STRIP + 8
        found: list[Shape] = [Label(room.x, y, words, "caption", "caption")]
        x, y, high = room.x, y + 12, 0.0
        for card in self.shared_cards:
            if x > room.x and x + card.width > max(room.right, room.x + 760):
                x, y, high = room.x, y + high + _APART, 0.0
            found += drawn_arrays(card, x, y, self.light)
            x, high = x + card.width + _APART, max(high, card.height)
        return found

    def _lines(self, layering: Layering, cards: dict[str, ArrayCard]) -> list[Shape]:
        lines = []
        for (source, target), (start, pieces) in layering.ways().items():
            lit = self.lit(cards[source], cards[target])
            arrow = "start" if lit and self.light.phase == "backward" else "end"
            lines.append(Line(start, tuple(pieces), "edge", arrow, lit, f"{source}>{target}",
                              self.light.phase if lit else ""))  # fmt: skip
        return sorted(lines, key=lambda line: bool(line.lit))

    def lit(self, source: ArrayCard, target: ArrayCard) -> str:
        """Whether the highlighted step leads along an edge, on the way or back."""
        here, there = source.keys, target.keys
        light = self.light
        if light.phase == "backward":
            return "hot" if here & light.hot and there & light.used else ""
        return "hot" if here & light.used and there & light.hot else ""
