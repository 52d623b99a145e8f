"""A page cut into slides: one frame a line, its sides uncovered one after another.

Takes the `Content` of a page; gives `Frame`s.  Every frame says by itself where in the
calculation it stands and why its line holds; long tables are dealt out over several frames.
Those with less time take a frame a section, whose results are uncovered rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tracer.rendering.content import Block, Content, Group, Line, Part, Section, Table
from tracer.rendering.lines import block
from tracer.rendering.pictures import Pictures
from tracer.rendering.series import Moment, Shot, shots
from tracer.rendering.typesetting import Typesetting

Row = TypeVar("Row")
_ROWS = 8
"""Rows of a table, or given arrays, on one frame."""
_HEIGHT = 8.5
"""Rows of text that a frame of several lines has room for; longer sections have several frames."""
_TALL = 1.6
"""Rows of text that a row of fractions takes."""
_ROOM = {"update": "updated"}
"""By phase: the stage for which its diagrams have room, where that is not the backward pass."""


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
class Display:
    """Lines of one rule, and why they hold."""

    why: str
    definition: str
    columns: int
    rows: tuple[SlideRow, ...]
    keys: tuple[str, ...]
    """The quantities that its lines give."""


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
        displays = _by_line if each == "step" else _together
        for shown, notes in displays(section, setting):
            yield Frame(section.heading, part.phase, part.heading, shown, notes=notes)
        for table in section.tables:
            for dealt in _dealt(table):
                yield Frame(section.heading, part.phase, part.heading, tables=(dealt,))
    if part.check:
        yield Frame(part.heading, part.phase, notes=part.check)


Shown = Iterator[tuple[tuple[Display, ...], tuple[str, ...]]]
"""For each frame its displays, and the sentences that follow them."""


def _by_line(section: Section, setting: Typesetting) -> Shown:
    """Each line on a frame of its own: its formula, then its numbers, then its result."""
    for group in section.groups:
        lines = [(said, [line]) for said in _said(group) for line in said[2]]
        for place, ((why, definition, _), line) in enumerate(lines, 1):
            notes = group.remarks if place == len(lines) else ()
            yield (_display(why, definition, line, setting, None),), notes


def _together(section: Section, setting: Typesetting) -> Shown:
    """As many lines on a frame as can be read; those of one rule are uncovered at once."""
    displays: list[Display] = []
    notes: list[str] = []
    room = _HEIGHT
    for group in section.groups:
        for why, definition, lines in _said(group):
            while lines:
                above = _TALL if definition else bool(why)
                fitting = _fitting(lines, setting, room - above)
                if not fitting and displays:
                    yield tuple(displays), tuple(notes)
                    displays, notes, room = [], [], _HEIGHT
                    continue
                part, lines = lines[: fitting or 1], lines[fitting or 1 :]
                displays.append(_display(why, definition, part, setting, len(displays) + 2))
                room -= above + _height(part, setting)
        notes += group.remarks
        room -= len(group.remarks)
    if displays:
        yield tuple(displays), tuple(notes)


def _fitting(lines: list[Line], setting: Typesetting, room: float) -> int:
    """How many of the lines have room."""
    count = 0
    while count < len(lines) and _height(lines[: count + 1], setting) <= room:
        count += 1
    return count


def _height(lines: list[Line], setting: Typesetting) -> float:
    """In rows of text."""
    rows, _ = _rows(lines, setting)
    tall = [setting.is_tall(row.left) or any(setting.is_tall(cell.text) for cell in row.cells)
            for row in rows]  # fmt: skip
    return sum(_TALL if one else 1 for one in tall)


def _said(group: Group) -> Iterator[tuple[str, str, list[Line]]]:
    """The lines of a rule, and those of its chain: why, the rule in one formula, the lines."""
    lines = [line for one in group.blocks for line in one.lines]
    yield group.why, group.definition, lines
    chain = [line for one in group.chain for line in one.lines]
    same = group.definition if group.chain_why == group.why else ""
    yield group.chain_why, same, chain


def _display(
    why: str, definition: str, lines: list[Line], setting: Typesetting, when: int | None
) -> Display:
    """Lines as a display, their numbers and results uncovered on slide `when`.

    Args:
        why: the lines hold.
        definition: of the rule.
        lines: of one rule.
        setting: of the page.
        when: None: the sides one after another.
    """
    rows, columns = _rows(lines, setting, when)
    return Display(why, definition, columns, tuple(rows), tuple(line.key for line in lines))


def _rows(
    lines: list[Line], setting: Typesetting, when: int | None = None
) -> tuple[list[SlideRow], int]:
    """The printed rows, and in how many columns they stand."""
    laid_out = block(lines, setting)
    of_line = _in_one_row if laid_out.wide else _in_rows
    rows = [row for line in lines for row in of_line(line, _order(line, when))]
    return rows, laid_out.columns if laid_out.wide else 1


def _order(line: Line, when: int | None) -> Mapping[str, int]:
    """On which slide a kind of side appears; formulas are there from the first."""
    kinds = dict.fromkeys(side.kind for side in line.members if side.kind != "formula")
    return {kind: when or place for place, kind in enumerate(kinds, 2)}


def _in_one_row(line: Line, order: Mapping[str, int]) -> Iterable[SlideRow]:
    cells = [
        Cell(order.get(side.kind, 1), side.sign, side.parts[0], side.kind == "result")
        for side in line.members
    ]
    return [SlideRow(line.left, tuple(cells))]


def _in_rows(line: Line, order: Mapping[str, int]) -> Iterator[SlideRow]:
    """Its sides one below the other, long ones in several rows."""
    left = line.left
    for side in line.members:
        for place, part in enumerate(side.parts):
            sign = "" if place else side.sign
            cell = Cell(order.get(side.kind, 1), sign, part, side.kind == "result", side.fitted)
            yield SlideRow(left, (cell,))
            left = ""


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
