"""CSV sheets: a header ``name,value``, then an answer a line.

Read leniently, as people and spreadsheets write them: a comma inside the brackets of an
unquoted name (``dw2[1,2],0.3``), semicolons or tabs between columns, and with them a
decimal comma.
"""

from __future__ import annotations

import csv
import re

from tracer.files.faults import Faults, Place
from tracer.files.sheets.rows import COLUMNS, MOST, Row
from tracer.files.wording import unknown

_WORD = rf"\s*\"?(?:{'|'.join(COLUMNS)})\"?\s*"
HEADER = re.compile(rf"{_WORD}(?P<mark>[,;\t]).*", re.IGNORECASE)
"""How a CSV sheet begins."""
FULL_HEADER = re.compile(rf"{_WORD}[,;\t]{_WORD}(?:[,;\t].*)?", re.IGNORECASE)
"""A line that is certainly one."""


def read_table(lines: list[str], first: int, faults: Faults) -> list[Row]:
    """The rows of a CSV text.

    Args:
        lines: all lines of the file.
        first: index of the line with the header.
        faults: where errors go.
    """
    match = HEADER.match(lines[first])
    mark = match["mark"] if match else _mark(lines[first])
    columns = _two_of_any_words(lines[first], mark)
    columns = columns or _columns(lines[first], mark, first + 1, faults)
    if "name" not in columns or "value" not in columns:
        faults.add(Place(first + 1, 1), "a CSV sheet begins with a line 'name,value'")
        return []
    rows: list[Row] = []
    for number, line in enumerate(lines[first + 1 :], first + 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if len(rows) >= MOST:
            faults.add(Place(number, 1), f"a sheet may hold {MOST} answers")
            break
        row = _row(line, mark, columns, number, faults)
        if row is not None:
            rows.append(row)
    return rows


def _mark(line: str) -> str:
    """What stands between the columns of a header: of the marks the first that parts it in two."""
    return next((mark for mark in ";\t," if len(_cut(line, mark)) == 2), ",")


def _two_of_any_words(line: str, mark: str) -> list[str]:
    """The columns of a header of two words in any language: a name, and no number beside it.

    One word that is known says which of the two is the name; none: the first.
    """
    words = [word.strip() for word in _cut(line, mark)]
    known = [COLUMNS.get(word.casefold(), "") for word in words]
    if len(words) != 2 or not all(words) or not {*known} <= {"", "name", "value"}:
        return []
    if any(character.isdigit() for character in words[1]) or known[0] == known[1] != "":
        return []
    return ["value", "name"] if known[0] == "value" or known[1] == "name" else ["name", "value"]


def _columns(line: str, mark: str, number: int, faults: Faults) -> list[str]:
    """What each column means."""
    found: list[str] = []
    for word in _cut(line, mark):
        plain = word.strip().casefold()
        meaning = COLUMNS.get(plain, "")
        if plain and not meaning:
            place = Place(number, max(line.find(word), 0) + 1, max(len(word), 1))
            faults.add(place, unknown("column", plain, COLUMNS))
        elif meaning in found:
            faults.add(Place(number, 1), f"the column '{plain}' stands twice")
        found.append(meaning)
    return found


def _cut(line: str, mark: str) -> list[str]:
    if '"' not in line:
        return line.split(mark)
    try:
        return next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
    except csv.Error:
        return line.split(mark)


def _row(line: str, mark: str, columns: list[str], number: int, faults: Faults) -> Row | None:
    fields = _cut(line, mark)
    if len(fields) > len(columns) or (len(fields) > 2 and ("[" in line or "(" in line)):
        fields = _joined(fields, columns, mark)
    if len(fields) > len(columns):
        if any(field.strip() for field in fields[len(columns) :]):
            message = f"{len(fields)} columns stand here, {len(columns)} in the first line"
            faults.add(Place(number, 1, len(line)), message + "; quote what holds a comma")
            return None
        fields = fields[: len(columns)]
    if len(fields) < 2:
        faults.add(
            Place(number, 1, max(len(line), 1)), f"a name and a value, with '{mark}' between"
        )
        return None
    found = dict(zip(columns, fields, strict=False))
    name, value = found["name"].strip(), found.get("value", "").strip()
    start = max(line.find(name), 0)
    after = max(line.find(value, start + len(name)), 0) if value else len(line.rstrip())
    row = Row(name, number, start + 1, value, number, after + 1)
    for word in columns:
        if word not in ("name", "value", "") and word in found:
            setattr(row, word, found[word].strip())
    return row


def _joined(fields: list[str], columns: list[str], mark: str) -> list[str]:
    """Fields put together again where a name or a key held commas of its own."""
    extra = len(fields) - len(columns)
    found: list[str] = []
    place = 0
    while place < len(fields):
        text = fields[place]
        column = columns[len(found)] if len(found) < len(columns) else ""
        opened = text.count("[") + text.count("(") - text.count("]") - text.count(")")
        while column in ("name", "key", "value") and opened > 0 and place + 1 < len(fields):
            place += 1
            extra -= 1
            more = fields[place]
            text += mark + more
            opened += more.count("[") + more.count("(") - more.count("]") - more.count(")")
        found.append(text)
        place += 1
    if extra > 0 and columns[-1] == "value" and columns[0] == "name" and len(columns) == 2:
        return [mark.join(found[:-1]), found[-1]]
    return found
