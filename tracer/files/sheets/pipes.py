r"""Tables in Markdown, ``| quantity | value |``, found among the lines of a text.

Takes the lines; gives the tables that hold answers: those with a column of names and one of
values.  Further columns are those of any sheet, or the working of a line.  A bar inside a
cell is written ``\|``.  `chains` puts the rows among the lines of the calculation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracer.files.faults import Place
from tracer.files.sheets.rows import COLUMNS
from tracer.files.wording import unknown

WORKING = ("formula", "calculation", "working")
"""Columns that hold what stands between the name and its value."""
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_RESULT = re.compile(r"(?P<working>.*[=≈])?\s*(?P<value>[-+−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)")
_LONGEST = 5000
_MARKS = ("**", "__", "$$", "$", "`", "*")
"""What may stand around a cell's text and means nothing."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, with the column of its text in the file, from 1."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class PipeRow:
    """One answer of a table."""

    line: int
    name: Cell
    working: tuple[Cell, ...]
    value: Cell
    told: dict[str, str]
    """Its further columns, as in any sheet: ``points``, ``note``, ``ulp``, ``negated``."""


@dataclass(frozen=True, slots=True)
class PipeTable:
    """A table of answers.

    Attributes:
        lines: all lines that it takes up, from 1.
        rows: its answers.
        complaints: what is wrong with it, and where.
    """

    lines: range
    rows: tuple[PipeRow, ...]
    complaints: tuple[tuple[Place, str], ...] = ()


def pipe_tables(lines: Sequence[str], first: int) -> Iterator[PipeTable]:
    """The tables of answers from the line with the index `first` on.

    >>> [found] = pipe_tables(["| quantity | value |", "|--|--:|", "| z1[1] | 0.625 |"], 0)
    >>> found.rows[0].name, found.rows[0].value.text
    (Cell(text='z1[1]', column=3), '0.625')
    """
    number = first
    while number + 1 < len(lines):
        if not _begins(lines[number], lines[number + 1]):
            number += 1
            continue
        end = number + 2
        while end < len(lines) and "|" in lines[end] and len(lines[end]) <= _LONGEST:
            end += 1
        table = _table(lines, number, end)
        if table is not None:
            yield table
        number = end


def _begins(header: str, rule: str) -> bool:
    if "|" not in header or "-" not in rule or max(len(header), len(rule)) > _LONGEST:
        return False
    return _RULE.fullmatch(rule) is not None and len(_cells(header)) == len(_cells(rule))


def _table(lines: Sequence[str], number: int, end: int) -> PipeTable | None:
    """The table, or None if it holds no answers."""
    heads = _cells(lines[number])
    words = [head.text.casefold() for head in heads]
    meanings = ["working" if word in WORKING else COLUMNS.get(word, "") for word in words]
    taken = range(number + 1, end + 1)
    if not {"name", "value"} & set(meanings):
        return _formulas(lines, heads, taken)
    named = "name" in meanings
    if not {"name", "value"} <= set(meanings):
        if (misspelt := _misspelt(heads, meanings, number + 1)) is not None:
            return PipeTable(taken, (), (misspelt,))
        if not {"working", "value"} <= set(meanings):
            return None  # of something else: what is given, or what the symbols are
        meanings[meanings.index("working")] = "name"
    rows: list[PipeRow] = []
    complaints: list[tuple[Place, str]] = []
    for line in taken[2:]:
        text = lines[line - 1]
        cells = _cells(text)
        row = _row(line, cells, meanings, len(text.rstrip()))
        if len(cells) > len(heads):
            message = f"{len(cells)} cells stand here, {len(heads)} in the first line"
            place = Place(line, 1, len(text))
            complaints.append((place, message + r"; a bar inside a cell is written \|"))
        elif row.name.text and (named or "=" in row.name.text):
            rows.append(row)
        elif row.name.text:
            continue  # a number worked out, but nobody says of what
        elif row.value.text:
            complaints.append((Place(line, row.value.column), "a name is missing here"))
    return PipeTable(taken, tuple(rows), tuple(complaints))


def _formulas(lines: Sequence[str], heads: list[Cell], taken: range) -> PipeTable | None:
    """A table without known words in its head: a formula beside what it comes to, in each row.

    Of other tables (what is given, what the symbols are) nothing is an answer.
    """
    rows = []
    for line in taken[2:]:
        cells = _cells(lines[line - 1])
        told = _RESULT.fullmatch(cells[-1].text) if len(cells) == len(heads) == 2 else None
        if told is None or "=" not in cells[0].text:
            return None
        name, last = cells
        working = Cell((told["working"] or "").rstrip(" =≈"), last.column)
        value = Cell(told["value"], last.column + told.start("value"))
        rows.append(PipeRow(line, name, (working,) if working.text else (), value, {}))
    return PipeTable(taken, tuple(rows)) if rows else None


def _misspelt(heads: list[Cell], meanings: list[str], line: int) -> tuple[Place, str] | None:
    """A column's word that is nearly one of those that a table of answers has."""
    for head, meaning in zip(heads, meanings, strict=True):
        message = unknown("column", head.text, COLUMNS)
        if not meaning and "did you mean" in message:
            return Place(line, head.column, max(len(head.text), 1)), message
    return None


def _row(line: int, cells: list[Cell], meanings: list[str], width: int) -> PipeRow:
    blank = Cell("", width + 1)
    found: dict[str, Cell] = {}
    working: list[Cell] = []
    for meaning, cell in zip(meanings, cells, strict=False):
        if meaning == "working":
            working += [cell] if cell.text else []
        elif meaning:
            found.setdefault(meaning, cell)
    name, value = found.pop("name", blank), found.pop("value", blank)
    if (key := found.pop("key", blank)).text:
        name = key
    told = {word: cell.text for word, cell in found.items()}
    return PipeRow(line, name, tuple(working), value, told)


def _cells(line: str) -> list[Cell]:
    """The cells of a row, without the bars at its ends and without marks around their texts."""
    found, start = [], 0
    for bar in [*_BAR.finditer(line), None]:
        end = bar.start() if bar else len(line)
        found.append(_cell(line[start:end], start))
        start = bar.end() if bar else end
    if line.lstrip().startswith("|"):
        found = found[1:]
    if found and line.rstrip().endswith("|") and not line.rstrip().endswith(r"\|"):
        found = found[:-1]
    return found


def _cell(text: str, start: int) -> Cell:
    bare = text.strip()
    column = start + len(text) - len(text.lstrip()) + 1
    for mark in _MARKS:
        if len(bare) > 2 * len(mark) and bare.startswith(mark) and bare.endswith(mark):
            inner = bare[len(mark) : -len(mark)]
            if mark not in inner:
                column += len(mark) + len(inner) - len(inner.lstrip())
                bare = inner.strip()
    return Cell(bare.replace(r"\|", "|"), column)
