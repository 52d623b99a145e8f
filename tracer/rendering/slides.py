"""A page cut into slides: one frame a line, its sides uncovered one after another.

Takes the `Content` of a page; gives `Frame`s.  Every frame says by itself where in the
calculation it stands and why its line holds; long tables are dealt out over several frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tracer.rendering.content import Block, Content, Group, Line, Part, Section, Table
from tracer.rendering.lines import block
from tracer.rendering.pictures import Pictures
from tracer.rendering.series import Moment, Shot, shots
from tracer.rendering.typesetting import Typesetting

_ROWS = 8
"""Rows of a table on one frame."""
_ROOM = {"update": "updated"}
"""By phase: the stage for which its diagrams have room, where that is not the backward pass."""
_WHEN = {"numbers": 2, "result": 3}
"""On which slide of its frame a side of an equation appears; formulas are there from the first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of an equation, or a row of it."""

    when: int
    """On which of the frame's slides it appears, from 1."""
    sign: str
    """What stands before it; nothing where it continues the row before."""
    text: str
    result: bool = False
    fitted: bool = False
    """To be made smaller where it is wider than the slide."""


@dataclass(frozen=True, slots=True)
class SlideRow:
    """One printed row of an equation."""

    left: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is seen at once, but for the sides that are still to be uncovered."""

    heading: str
    phase: str = "given"
    """``given``, ``forward``, ``backward`` or ``update``: a style may colour them."""
    above: str = ""
    """The part of the calculation in which it stands."""
    why: str = ""
    definition: str = ""
    key: str = ""
    """The quantity that its line gives; nothing on a frame without a line."""
    shot: Shot = field(default_factory=Shot)
    """The diagram before its line is worked out and with its result, what it uses lit up."""
    number: int = 0
    """Which of all lines it is, from 1."""
    columns: int = 0
    rows: tuple[SlideRow, ...] = ()
    tables: tuple[Table, ...] = ()
    blocks: tuple[Block, ...] = ()
    """Given matrices."""
    notes: tuple[str, ...] = ()
    """Sentences that follow."""


def frames(content: Content, pictures: Pictures) -> tuple[Frame, ...]:
    """All frames of a talk about the page, without its title.

    Args:
        content: of a page whose reasons are repeated wherever they apply.
        pictures: of the page; its format's width is that of a slide.
    """
    setting = pictures.setting
    found: list[Frame] = []
    heading = content.given_heading
    found += [Frame(heading, tables=(part,)) for t in content.given_tables for part in _dealt(t)]
    found += [Frame(heading, blocks=(block([line], setting),))
              for one in content.given_blocks for line in one.lines]  # fmt: skip
    for part in content.parts:
        found += _of_part(part, content, setting)
    if content.proof:
        found.append(Frame(content.check_heading.rstrip("."), "update", notes=(content.proof,)))
    return tuple(_with_pictures(_numbered(found), pictures))


def _of_part(part: Part, content: Content, setting: Typesetting) -> Iterator[Frame]:
    if part.before:
        yield Frame(part.heading, part.phase, notes=(part.before,))
    for section in part.sections:
        for group in section.groups:
            yield from _of_group(group, section, part, setting)
        for table in section.tables:
            for dealt in _dealt(table):
                yield Frame(section.heading, part.phase, part.heading, tables=(dealt,))
    if part.check:
        yield Frame(part.heading, part.phase, notes=part.check)


def _of_group(group: Group, section: Section, part: Part, setting: Typesetting) -> Iterator[Frame]:
    said = [(line, group.why) for one in group.blocks for line in one.lines]
    said += [(line, group.chain_why) for one in group.chain for line in one.lines]
    for place, (line, why) in enumerate(said):
        laid_out = block([line], setting)
        yield Frame(
            section.heading,
            part.phase,
            part.heading,
            why,
            group.definition if why == group.why else "",
            line.key,
            columns=laid_out.columns if laid_out.wide else 1,
            rows=tuple(_in_one_row(line) if laid_out.wide else _in_rows(line)),
            notes=group.remarks if place == len(said) - 1 else (),
        )


def _in_one_row(line: Line) -> Iterable[SlideRow]:
    cells = [
        Cell(_WHEN.get(side.kind, 1), side.sign, side.parts[0], side.kind == "result")
        for side in line.members
    ]
    return [SlideRow(line.left, tuple(cells))]


def _in_rows(line: Line) -> Iterator[SlideRow]:
    """Its sides one below the other, long ones in several rows."""
    left = line.left
    for side in line.members:
        for place, part in enumerate(side.parts):
            sign = "" if place else side.sign
            cell = Cell(_WHEN.get(side.kind, 1), sign, part, side.kind == "result", side.fitted)
            yield SlideRow(left, (cell,))
            left = ""


def _dealt(table: Table) -> Iterator[Table]:
    """A long table as several, about equally long."""
    count = -(-len(table.rows) // _ROWS)
    for place in range(count):
        first, last = (len(table.rows) * at // count for at in (place, place + 1))
        yield replace(table, rows=table.rows[first:last])


def _numbered(found: Iterable[Frame]) -> Iterator[Frame]:
    number = 0
    for frame in found:
        number += bool(frame.key)
        yield replace(frame, number=number)


def _with_pictures(found: Iterable[Frame], pictures: Pictures) -> Iterator[Frame]:
    """Each frame with the diagram as far as the calculation has come."""
    keys = [step.key for step in pictures.setting.trace]
    places = {key: place for place, key in enumerate(keys)}
    all_frames = list(found)
    moments = {
        number: Moment(frame.key, keys[places[frame.key] - 1], _ROOM.get(frame.phase, "backward"))
        for number, frame in enumerate(all_frames)
        if places.get(frame.key)
    }
    shown = dict(zip(moments, shots(moments.values(), pictures), strict=True))
    for number, frame in enumerate(all_frames):
        yield replace(frame, shot=shown[number]) if number in shown else frame
