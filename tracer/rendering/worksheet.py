"""A page turned into a worksheet: questions with blanks, and the answers behind them.

Takes the `Content` of a page; gives `Question`s.  Formulas in names stay on the sheet;
the numbers put in, the results, and every sentence that would tell a result are answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracer.rendering.content import Block, Content, Group, Line, Part, Section, Table
from tracer.rendering.typesetting import Typesetting

RESULT = 62.0
"""Points for a result written by hand."""
_HAND = 1.3
"""Handwriting is wider than print."""
_LEAST = 70.0


@dataclass(frozen=True, slots=True)
class Task:
    """One line to be worked out."""

    label: str
    """Of its quantity."""
    left: str
    formula: tuple[str, ...]
    numbers: tuple[str, ...]
    """The numbers put in, row by row: to be found by the student."""
    room: int
    """Points for each row of them, written by hand."""
    sign: str
    result: str
    room_of_result: int
    """Points for the result, written by hand."""
    fitted: bool
    """Its formula is to be made smaller where it is too wide."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """Lines that stand together."""

    lines: tuple[Task, ...]
    rows: int
    """In how many rows each stands: 1; 2 (its numbers and its result below the formula); else
    one side below the other."""


@dataclass(frozen=True, slots=True)
class Item:
    """Lines of one rule: why, in short, and the lines."""

    why: str
    definition: str
    tasks: tuple[Tasks, ...]
    remarks: tuple[str, ...]
    """Sentences that belong to the answers."""


@dataclass(frozen=True, slots=True)
class Question:
    """What belongs under one heading."""

    heading: str
    phase: str
    above: str
    """The heading of its part, where it is the first of it."""
    before: str
    """A sentence that stands before the part."""
    points: int
    items: tuple[Item, ...]
    tables: tuple[Table, ...]
    """Printed with the answers only: they show every result."""
    check: tuple[str, ...]
    """What came of the part: with the answers only."""


def questions(content: Content, setting: Typesetting) -> tuple[Question, ...]:
    """The questions of a sheet, one a section.

    Args:
        content: of a page.
        setting: of the page; its format's width is that of the sheet.
    """
    return tuple(one for part in content.parts for one in _of_part(part, setting))


def _of_part(part: Part, setting: Typesetting) -> Iterator[Question]:
    last = len(part.sections) - 1
    for place, section in enumerate(part.sections):
        items = tuple(_item(group, setting) for group in section.groups)
        first = place == 0
        yield Question(
            section.heading,
            part.phase,
            part.heading if first else "",
            part.before if first else "",
            _points(section),
            items,
            section.tables,
            part.check if place == last else (),
        )


def _points(section: Section) -> int:
    """One for each result."""
    lines = [line for group in section.groups for block in group.blocks for line in block.lines]
    return sum(side.kind == "result" for line in lines for side in line.members)


def _item(group: Group, setting: Typesetting) -> Item:
    blocks = [_tasks(block, setting) for block in group.blocks]
    return Item(group.why, group.definition, tuple(blocks), group.remarks)


def _tasks(block: Block, setting: Typesetting) -> Tasks:
    lines = tuple(_task(line, setting) for line in block.lines)
    room = max(line.room for line in lines)
    lines = tuple(replace(line, room=room) for line in lines)
    widest = max(map(setting.width, (line.left for line in lines)))
    formulas = max(setting.width(line.formula[0]) if line.formula else 0.0 for line in lines)
    numbers = max(line.room if line.numbers else 0 for line in lines)
    gaps = 3 * setting.form.gap
    whole = all(len(line.formula) < 2 and len(line.numbers) < 2 for line in lines)
    if not whole or any(line.fitted for line in lines):
        return Tasks(lines, 3)
    if widest + formulas + numbers + RESULT + gaps <= setting.form.width:
        return Tasks(lines, 1)
    return Tasks(lines, 2 if widest + numbers + RESULT + gaps <= setting.form.width else 3)


def _task(line: Line, setting: Typesetting) -> Task:
    sides = {side.kind: side for side in line.members}
    numbers = sides["numbers"].parts if "numbers" in sides else ()
    shown = sides.get("formula") or sides.get("rule")
    formula = shown.parts if shown else ()
    result = sides.get("result")
    room = max([_LEAST, *(_HAND * setting.width(part) for part in numbers)])
    most = setting.form.width - setting.width(line.left) - RESULT
    return Task(
        line.label,
        line.left,
        formula,
        numbers,
        round(max(_LEAST, min(room, most))),
        result.sign if result else "",
        result.parts[0] if result else "",
        round(RESULT),
        shown is not None and shown.fitted,
    )
