"""Plain JSON sheets by the standard library's parser, many times faster than as a tree.

Takes a text; gives rows if it is a plain table or list of answers without any fault, else
None: `listing` then reads it with all its places, and tells what is wrong.
"""

from __future__ import annotations

import json
from typing import Any

from tracer.files.sheets.header import WORDS
from tracer.files.sheets.rows import COLUMNS, MOST, Row


def quick_rows(text: str) -> list[Row] | None:
    """The rows of a plain JSON sheet, or None where more care is needed.

    >>> [(row.name, row.value, row.line) for row in quick_rows('{"z1[1]":\\n 0.30}')]
    [('z1[1]', '0.30', 1)]
    """
    try:
        data = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_Table)
    except (ValueError, RecursionError):
        return None
    found: list[tuple[str, Any, dict[str, str]]]
    if isinstance(data, _Table):
        found = [(name, value, {}) for name, value in data if name not in WORDS]
        known = len(found) == len(data)
    elif isinstance(data, list):
        answers = [_answer(item) for item in data]
        found = [answer for answer in answers if answer is not None]
        known = len(found) == len(data)
    else:
        return None
    if not known or len({name for name, *_ in found}) < len(found) * isinstance(data, _Table):
        return None
    return _placed(text, found) if len(found) <= MOST else None


class _Table(list[tuple[str, Any]]):
    """The pairs of a JSON object, in order, none lost."""


def _answer(item: Any) -> tuple[str, Any, dict[str, str]] | None:
    """Name, value and the rest of one answer."""
    if not isinstance(item, _Table):
        return None
    texts = {COLUMNS.get(key, ""): value for key, value in item}
    if len(texts) < len(item) or "" in texts or "name" not in texts:
        return None
    if not all(isinstance(value, str) for value in texts.values()):
        return None
    return texts.pop("name"), texts.pop("value", ""), texts


def _placed(text: str, found: list[tuple[str, Any, dict[str, str]]]) -> list[Row] | None:
    """Rows with their lines and columns; None if a name is not written as it reads."""
    rows: list[Row] = []
    line, start, position = 1, 0, 0
    for name, value, rest in found:
        if not isinstance(value, str) or not name:
            return None
        place = text.find(f'"{name}"', position)
        if place < 0:
            return None
        ends = text.count("\n", position, place)
        if ends:
            line, start = line + ends, text.rfind("\n", position, place) + 1
        position = place + len(name) + 2
        row = Row(name, line, place - start + 1, value)
        for word, told in rest.items():
            setattr(row, word, told)
        rows.append(row)
    return rows
