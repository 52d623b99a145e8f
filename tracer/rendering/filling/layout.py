"""A layout: the text of a page with its places open, cut where numbers go.

Takes the text that a template made of places (`place`) and marks; gives one format for the
page and one for each line in each of its looks, so that filling is formatting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracer.rendering.filling.marks import TOKEN, picking, slot_of
from tracer.rendering.filling.skeletons import Skeleton

_PLACE = re.compile(rf"\ue000(?P<what>[A-Z])(?P<number>\d+)\.(?P<piece>\d+)\ue001|{TOKEN.pattern}")
Filling = tuple[str, Callable[[Sequence[str]], Any]]
"""A format for ``%``, and what picks the digits for it."""


@dataclass(eq=False, slots=True)
class Run:
    """The part of a page that belongs to one line."""

    line: int
    pieces: list[int]
    between: list[str]
    """The page's own text between the pieces."""
    made: dict[Skeleton, Filling] = field(default_factory=dict)

    def filling(self, skeleton: Skeleton) -> Filling:
        """The run for a line that looks like this, kept in `made`."""
        cuts = [skeleton.pieces[piece] for piece in self.pieces]
        text = cuts[0][0] + "".join(
            literal + form for literal, (form, _) in zip(self.between, cuts[1:], strict=True)
        )
        self.made[skeleton] = found = (text, picking([s for _, slots in cuts for s in slots]))
        return found


class Layout:
    """The open text of a page.

    Args:
        text: as the template made it.
        found: slots, by the digits of their marks.
    """

    def __init__(self, text: str, found: Mapping[str, int]) -> None:
        self.runs: list[Run] = []
        self.cells: list[int] = []
        """Slots of the numbers in tables."""
        literals, items = _parts(text, found)
        self.format, tail = literals[0], ""
        order: list[tuple[str, int]] = []
        for literal, (what, number, piece) in zip(literals[1:], items, strict=True):
            run = self.runs[-1] if order and order[-1][0] == "L" else None
            if run is not None and (what, number) == ("L", run.line):
                run.between.append(tail)
                run.pieces.append(piece)
            else:
                self.format += tail + "%s"
                if what == "L":
                    self.runs.append(Run(number, [piece], []))
                    number = len(self.runs) - 1
                elif what == "C":
                    self.cells.append(number)
                    number = len(self.cells) - 1
                order.append((what, number))
            tail = literal
        self.format += tail
        self.order = order
        self.pick: Callable[[Sequence[str]], Any] | None = None

    def put_together(self, *groups: Sequence[str]) -> str:
        """The page.

        Args:
            groups: its runs, cells, sentences, proof, remarks and digits, as texts.
        """
        entries: list[str] = []
        starts = []
        for group in groups:
            starts.append(len(entries))
            entries += group
        if self.pick is None:
            places = [starts["LCSPRD".index(what)] + number for what, number in self.order]
            self.pick = picking(places)
        found: str = self.format % self.pick(entries)
        return found


def marks_in(text: str, found: Mapping[str, int]) -> list[int]:
    """The slots of the marks that stand in a text beside its places."""
    return [number for what, number, _ in _parts(text, found)[1] if what == "D"]


def _parts(text: str, found: Mapping[str, int]) -> tuple[list[str], list[tuple[str, int, int]]]:
    """The text between the places, ready for a format, and the places."""
    literals, items, end = [], [], 0
    for match in _PLACE.finditer(text):
        literals.append(text[end : match.start()].replace("%", "%%"))
        end = match.end()
        if match["what"]:
            items.append((match["what"], int(match["number"]), int(match["piece"])))
        else:
            items.append(("D", slot_of(match[0], found), 0))
    return [*literals, text[end:].replace("%", "%%")], items
