"""A page cut into slides: one frame a line, its sides uncovered one after another.

Takes the `Content` of a page; gives `Frame`s.  Every frame says by itself where in the
calculation it stands and why its line holds; long tables are dealt out over several frames.
Those with less time take a frame a section, whose results are uncovered rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tracer.rendering.content import Block, Content, Part, Table
from tracer.rendering.displays import Display, by_line, together
from tracer.rendering.lines import block
from tracer.rendering.pictures import Pictures
from tracer.rendering.series import Moment, Shot, shots
from tracer.rendering.typesetting import Typesetting

Row = TypeVar("Row")
_ROWS = 8
"""Rows of a table, or given arrays, on one frame."""
_ROOM = {"update": "updated"}
"""By phase: the stage for which its diagrams have room, where that is not the backward pass."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is seen at once, but for the sides that are still to be uncovered."""

    heading: str
    phase: str = "given"
    """``given``, ``forward``, ``backward`` or ``update``: a style may colour them."""
    above: str = ""
    """The part of the calculation in which it stands."""
    displays: tuple[Display, ...] = ()
    shot: Shot = field(default_factory=Shot)
    """The diagram before its lines are worked out and with their results; what a single line
    uses is lit up."""
    number: int = 0
    """Which of all frames with lines it is, from 1."""
    tables: tuple[Table, ...] = ()
    blocks: tuple[Block, ...] = ()
    """Given matrices."""
    notes: tuple[str, ...] = ()
    """Sentences that follow."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The quantities that its lines give; none on a frame without a line."""
        return tuple(key for display in self.displays for key in display.keys)

    @property
    def last(self) -> int:
        """On which of its slides everything is uncovered."""
        rows = (row for display in self.displays for row in display.rows)
        return max((cell.when for row in rows for cell in row.cells), default=1)


def frames(content: Content, pictures: Pictures, each: str = "step") -> tuple[Frame, ...]:
    """All frames of a talk about the page, without its title.

    Args:
        content: of a page whose reasons are repeated wherever they apply.
        pictures: of the page; its format's width is that of a slide.
        each: what has a frame of its own: a ``step`` or a ``section``.
    """
    setting = pictures.setting
    found: list[Frame] = []
    heading = content.given_heading
    found += [Frame(heading, tables=(part,)) for t in content.given_tables for part in _dealt(t)]
    found += [Frame(heading, blocks=(block(part, setting),))
              for one in content.given_blocks for part in _evenly(one.lines)]  # fmt: skip
    for part in content.parts:
        found += _of_part(part, setting, each)
    if content.proof:
        found.append(Frame(content.check_heading.rstrip("."), "update", notes=(content.proof,)))
    return tuple(_with_pictures(_numbered(found), pictures))


def _of_part(part: Part, setting: Typesetting, each: str) -> Iterator[Frame]:
    if part.before:
        yield Frame(part.heading, part.phase, notes=(part.before,))
    for section in part.sections:
        displays = by_line if each == "step" else together
        for shown, notes in displays(section, setting):
            yield Frame(section.heading, part.phase, part.heading, shown, notes=notes)
        for table in section.tables:
            for dealt in _dealt(table):
                yield Frame(section.heading, part.phase, part.heading, tables=(dealt,))
    if part.check:
        yield Frame(part.heading, part.phase, notes=part.check)


def _dealt(table: Table) -> Iterator[Table]:
    """A long table as several, about equally long."""
    for rows in _evenly(table.rows):
        yield replace(table, rows=rows)


def _evenly(rows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """In parts of about equal length that a frame has room for."""
    count = -(-len(rows) // _ROWS)
    for place in range(count):
        first, last = (len(rows) * at // count for at in (place, place + 1))
        yield rows[first:last]


def _numbered(found: Iterable[Frame]) -> Iterator[Frame]:
    number = 0
    for frame in found:
        number += bool(frame.displays)
        yield replace(frame, number=number)


def _with_pictures(found: Iterable[Frame], pictures: Pictures) -> Iterator[Frame]:
    """Each frame with the diagram as far as the calculation has come."""
    keys = [step.key for step in pictures.setting.trace]
    places = {key: place for place, key in enumerate(keys)}
    all_frames = list(found)
    moments = {}
    for number, frame in enumerate(all_frames):
        known = sorted(places[key] for key in frame.keys if places.get(key))
        if known:
            lit = keys[known[0]] if len(frame.keys) == 1 else ""
            room = _ROOM.get(frame.phase, "backward")
            moments[number] = Moment(keys[known[-1]], keys[known[0] - 1], room, lit)
    shown = dict(zip(moments, shots(moments.values(), pictures), strict=True))
    for number, frame in enumerate(all_frames):
        yield replace(frame, shot=shown[number]) if number in shown else frame
