"""What kind of sheet a text is, and where its front matter ends.

The ending of a file's name tells; without a telling one, the first line does, or all lines.
"""

from __future__ import annotations

import re

from tracer.files.faults import Source
from tracer.files.sheets.table import FULL_HEADER

KINDS = {".csv": "table", ".tsv": "table", ".yaml": "listing", ".yml": "listing",
         ".json": "listing", ".md": "text", ".markdown": "text", ".tex": "text"}  # fmt: skip
_RULE = re.compile(r"---\s*$")
_LISTING = re.compile(
    r"\s*(?:[{\[]\s*(?:[\"{]|$)|-\s*(?:\{|[^=\s]+\s*:(?:\s|$))|(?:problem|answers|names|asked|negated|notation)\s*:)"
)
_PAIR = re.compile(r"[^=\s][^=]*:(?:\s[^=]*)?$")
"""A line of a YAML table of names and values."""


def front_matter(source: Source) -> int:
    """Index of the line that ends the front matter; 0: there is none."""
    if not _RULE.match(source.lines[0]):
        return 0
    for place, line in enumerate(source.lines[1:], 1):
        if _RULE.match(line):
            return place
    return 0


def passed_over(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _are_pairs(lines: tuple[str, ...], mark: str) -> bool:
    """Whether the lines are two columns, and no equations."""
    told = [line.split(mark) for line in lines if not passed_over(line)]
    return len(told) > 1 and all(
        len(cells) == 2 and all(cell.strip() and "=" not in cell for cell in cells)
        for cells in told
    )


def guessed(lines: tuple[str, ...]) -> str:
    """The kind of a sheet without a telling ending: from its first line, or from all."""
    if FULL_HEADER.fullmatch(lines[0]) or any(_are_pairs(lines, mark) for mark in ";\t"):
        return "table"
    pairs = all(_PAIR.match(line) for line in lines if not passed_over(line))
    return "listing" if pairs or _LISTING.match(lines[0]) else "text"
