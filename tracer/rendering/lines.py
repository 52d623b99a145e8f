"""From steps to printed lines: name = formula = numbers = result.

Takes steps; gives `Line`s, and lays lines that belong together out as a `Block`: side by
side where they fit the page, else one member below the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from tracer.formula.nodes import Node, Number, Symbol
from tracer.model.step import Step
from tracer.notation.name import Name
from tracer.rendering.content import Block, Line, Member, Row
from tracer.rendering.formats import PageFormat
from tracer.rendering.typesetting import Typesetting

_NOT_LABEL = re.compile(r"[^A-Za-z0-9]+")
_LABEL_MARKS = (("#", "-s"), ("@", "-u"), ("~", "-t"))


def line(step: Step, setting: Typesetting, detail: str = "standard") -> Line:
    """The line of one step.

    A brief line leaves the numbers out; a step without a value has its formula alone.
    """
    left = setting.name(step.key)
    room = setting.form.width - setting.width(left) - setting.form.gap
    equals = setting.sign("=")
    members = [
        member(setting, equals, step.formula, setting.names.name, room, "formula"),
    ]
    if step.text:
        result = (setting.plain(setting.number(step.text)),)
        if detail != "brief":
            node = step.expanded or step.formula
            numbers = member(setting, equals, node, setting.trace_text, room, "numbers")
            if _plain(numbers, setting) not in (_plain(members[0], setting), result):
                members.append(numbers)
        sign = setting.sign(step.relation)
        if _plain(members[0], setting) == result:  # 0 = 0 says nothing
            members.clear()
        members.append(Member(sign, (setting.result(setting.trace_text(step.key)),), "result"))
    elif step.expanded is not None:
        members.append(member(setting, equals, step.expanded, setting.names.name, room, "formula"))
    return Line(step.key, left, tuple(members), label(step.key))


def _plain(one: Member, setting: Typesetting) -> tuple[str, ...]:
    """What a member looks like."""
    return tuple(map(setting.plain, one.parts))


def member(
    setting: Typesetting,
    sign: str,
    node: Node,
    leaf: Callable[[str], Name | str | Sequence[Sequence[str]]],
    room: float,
    kind: str,
    arrays: bool | frozenset[str] = False,
) -> Member:
    """A side of an equation, broken into rows where it would not fit."""
    if isinstance(node, Symbol | Number) and not arrays:
        return Member(sign, (setting.formula(node, leaf),), kind)
    parts = setting.lines(node, leaf, room, arrays)
    fitted = max(map(setting.width, parts)) > room
    return Member(sign, parts, kind, fitted)


def label(key: str) -> str:
    """A label of letters, digits and hyphens for a key.

    >>> label("w2[1,2]#3@1")
    'w2-1-2-s3-u1'
    """
    for mark, word in _LABEL_MARKS:
        key = key.replace(mark, word)
    if not key.isascii():
        key = "".join(c if c.isascii() else f"-{ord(c):x}-" for c in key)
    return _NOT_LABEL.sub("-", key).strip("-")


def block(lines: Sequence[Line], setting: Typesetting) -> Block:
    """Lines that stand together, laid out alike."""
    tall = any(setting.is_tall(part.parts[0]) for one in lines for part in one.members)
    tall = tall or any(setting.is_tall(one.left) for one in lines)
    return laid_out(lines, _fits(lines, setting), tall, setting)


def laid_out(lines: Sequence[Line], wide: bool, tall: bool, setting: Typesetting) -> Block:
    """The lines cut into printed rows."""
    columns = max(len(one.members) for one in lines)
    return Block(tuple(lines), wide, tuple(_rows(lines, wide, setting)), tall, columns)


def blocks_that_fit(lines: Sequence[Line], setting: Typesetting) -> Iterator[Block]:
    """Lines of different kinds: as many side by side as fit, the long ones stacked."""
    together: list[Line] = []
    wide = True
    for one in lines:
        alone = _fits([one], setting)
        joins = _fits([*together, one], setting) if alone else True
        if together and (alone != wide or not joins):
            yield block(together, setting)
            together = []
        wide = alone
        together.append(one)
    if together:
        yield block(together, setting)


def _fits(lines: Sequence[Line], setting: Typesetting) -> bool:
    """Whether every line fits in one row, with its signs aligned to the others'."""
    if any(len(part.parts) > 1 or part.fitted for one in lines for part in one.members):
        return False
    widths = [[setting.width(part.parts[0]) for part in one.members] for one in lines]
    return side_by_side(max(setting.width(one.left) for one in lines), widths, setting.form)


def side_by_side(left: float, widths: Sequence[Sequence[float]], form: PageFormat) -> bool:
    """Whether lines fit the page with their signs aligned.

    Args:
        left: how wide the widest left side is.
        widths: of the members of each line.
        form: of the page.
    """
    gap = form.gap
    for column in zip_longest(*widths, fillvalue=0.0):
        left += max(column) + gap
    return left <= form.width


def _rows(lines: Sequence[Line], wide: bool, setting: Typesetting) -> list[Row]:
    """The printed rows of plain text or of equations that are stacked."""
    text = setting.form.equations == "text"
    pad = max(int(setting.width(one.left)) for one in lines) if text else 0
    columns = _columns(lines, setting) if text and wide else []
    rows: list[Row] = []
    for one in lines:
        left = one.left + " " * (pad - int(setting.width(one.left))) if text else one.left
        if rows:
            gap = one.apart or not wide
            rows[-1] = _followed(rows[-1], "gap" if gap else "line")
        if columns:
            rows.append(Row(left, one.members[0].sign, _joined(one, columns, setting), ""))
        else:
            rows += _stacked(one, left, " " * pad)
    return rows


def _columns(lines: Sequence[Line], setting: Typesetting) -> list[int]:
    """How wide the members are, place by place, in plain text."""
    widths: list[int] = []
    for one in lines:
        for place, part in enumerate(one.members):
            width = int(setting.width(part.parts[0]))
            if place == len(widths):
                widths.append(width)
            widths[place] = max(widths[place], width)
    return widths


def _stacked(one: Line, left: str, blanks: str) -> list[Row]:
    rows = []
    for place, part in enumerate(one.members):
        for number, piece in enumerate(part.parts):
            start = left if place == number == 0 else blanks
            rows.append(Row(start, part.sign, piece, "line", continued=number > 0))
    return [*rows[:-1], _followed(rows[-1], "")]


def _joined(one: Line, columns: Sequence[int], setting: Typesetting) -> str:
    """A row of plain text: its members in columns."""
    text = ""
    for place, part in enumerate(one.members):
        piece = part.parts[0]
        if place:
            text += f" {part.sign} "
        last = place == len(one.members) - 1
        text += piece if last else piece + " " * (columns[place] - int(setting.width(piece)))
    return text


def _followed(row: Row, after: str) -> Row:
    return Row(row.left, row.sign, row.text, after, row.continued)
