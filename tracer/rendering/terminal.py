"""A report on a terminal: its table in columns, its sentences wrapped, colour if wanted.

Takes strings that are typeset in plain Unicode; gives what the terminal template uses.
Nothing is told by colour alone: without it the words are the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from tracer.model.columns import columns
from tracer.rendering.report_content import Row

STYLES = {
    "correct": "32",
    "rounded": "32",
    "carried": "33",
    "wrong": "1;31",
    "too_coarse": "35",
    "missing": "35",
    "head": "1",
    "faint": "2",
    "right": "32",
    "strong": "1",
}
"""ANSI codes by what they mean; the colours of the terminal's own scheme."""
_MARKS = {"correct": "✓", "rounded": "✓", "carried": "↪", "wrong": "✗", "too_coarse": "?"}
_GAP = "  "
_NAME, _WORDS = 1, (1, 3)
"""The column that may be cut, and those whose words begin at the same place."""
_SHORTEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Terminal:
    """How text is set on one terminal."""

    width: int = 80
    colour: bool = False

    def style(self, text: str, name: str) -> str:
        """The text in the colour of what it means.

        >>> Terminal(colour=True).style("wrong", "wrong")
        '\\x1b[1;31mwrong\\x1b[0m'
        """
        if not self.colour or not text.strip():
            return text
        return f"\x1b[{STYLES[name]}m{text}\x1b[0m"

    def wrap(self, text: str, indent: int = 0, first: str = "") -> str:
        """Sentences in lines that fit; `first` stands before the first line."""
        blanks = " " * indent
        start = blanks + first
        return "\n".join(
            textwrap.wrap(
                text,
                self.width,
                initial_indent=start,
                subsequent_indent=blanks + " " * len(first),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )

    def table(self, head: Sequence[str], rows: Sequence[Row]) -> list[str]:
        """The sheet as lines of text, its columns aligned; long names are cut."""
        cells = [_cells(row) for row in rows]
        widths = [max(columns(line[i]) for line in [head, *cells]) for i in range(len(head))]
        room = self.width - sum(widths) - len(_GAP) * (len(head) - 1)
        widths[_NAME] = max(_SHORTEST_NAME, widths[_NAME] + min(room, 0))
        shown = [self.style(_line(head, widths), "head")]
        for row, line in zip(rows, cells, strict=True):
            text = _line(line, widths)
            shown.append(text if row.status == "correct" else self.style(text, row.status))
        return shown


def _cells(row: Row) -> list[str]:
    mark = f"{_MARKS.get(row.status, ' ')} {row.mark}"
    return [row.line, row.name, row.written, mark, row.right, row.points]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One line of the table: numbers end, words begin at the same place."""
    shown = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        text = _cut(cell, width)
        blanks = " " * (width - columns(text))
        shown.append(text + blanks if place in _WORDS else blanks + text)
    return _GAP.join(shown).rstrip()


def _cut(text: str, width: int) -> str:
    if columns(text) <= width:
        return text
    kept = ""
    for character in text:
        if columns(kept + character) >= width:
            break
        kept += character
    return kept + "…"
