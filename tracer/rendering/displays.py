"""The equations of slides: which stand on one frame, and on which of its slides they appear.

Takes a `Section` of a page; gives for each frame its `Display`s.  `by_line` gives each line a
frame and uncovers its sides one after another; `together` puts as many lines on a frame as
can be read and uncovers the results of one rule at once.  Read by `slides`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracer.rendering.content import Group, Line, Section
from tracer.rendering.lines import block
from tracer.rendering.typesetting import Typesetting

_HEIGHT = 8.5
"""Rows of text that a frame of several lines has room for; longer sections have several frames."""
_TALL = 1.6
"""Rows of text that a row of fractions takes."""


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


Shown = Iterator[tuple[tuple[Display, ...], tuple[str, ...]]]
"""For each frame its displays, and the sentences that follow them."""


def by_line(section: Section, setting: Typesetting) -> Shown:
    """Each line on a frame of its own: its formula, then its numbers, then its result."""
    for group in section.groups:
        lines = [(said, [line]) for said in _said(group) for line in said[2]]
        for place, ((why, definition, _), line) in enumerate(lines, 1):
            notes = group.remarks if place == len(lines) else ()
            yield (_display(why, definition, line, setting, None),), notes


def together(section: Section, setting: Typesetting) -> Shown:
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
