r"""Lines of text, Markdown and LaTeX, cut into segments that may hold a calculation.

Takes the lines of a file; gives segments with their places: bullets, bold type and math
delimiters are off, ``\\`` and environments part segments, a matrix that goes over several
lines is put together, rows below each other by their columns.  `chains` reads the segments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracer.files.sheets.grids import with_brackets

LONGEST = 5000
"""Characters of a line; a longer one is no calculation."""
_MOST_ROWS = 50
_MOST_SIDE_BY_SIDE = 100
"""Arrays in one line, with rows of their own below them."""
_BULLET = re.compile(r"\s*(?:>\s*)*(?:#{1,6}\s+|[-*•+‣▪]\s+|\(?\d{1,2}[.)]\s+)*")
_BOLD = re.compile(r"(?<![\w)])(\*\*)(?=\S)([^*]+?)(?<=\S)\1(?!\w)")
_BRACED = r"[^{}]"
for _ in range(4):
    _BRACED = rf"(?:[^{{}}]|\{{{_BRACED}*\}})"
_BOXED = re.compile(rf"\\(?:f?boxed|fbox|cancel|underline)\s*\{{({_BRACED}*)\}}")
_EMPHASISED = re.compile(
    r"\\(?:(?:math|text)(?:bf|rm|it|sf|tt)|bm|boldsymbol|textcolor\s*\{\w*\}|colorbox\s*\{\w*\})"
    r"\s*\{([-+−≈~\d.,\s%]*\d[-+−\d.,\s%]*)\}"
)
"""Numbers in bold, in colour, in a box: their look says nothing."""
_WRAPPED = re.compile(r"(?P<before>[^=\[\]]*)\[\s+(?P<inside>[^=]*[^=\s][^=]*=.*\S)\s+\]\s*")
"""A displayed equation whose backslashes were lost: ``the sum: [ z = 0.1 + 0.2 = 0.3 ]``."""
_PARTING = re.compile(
    r"\\\\(?:\[[\d.\w]*\])?|\\(?:begin|end)\s*\{[^{}]*\}(?:\{[^{}]*\})?|\$\$|\\[\[\]()]|\\(?:no)?number\b"
    r"|\\(?:label|tag)\s*\{[^{}]*\}"
)
_OPEN_MATRIX = re.compile(r"\\begin\s*\{([bpvB]?matrix\*?|array)\}")
_CLOSED_MATRIX = re.compile(r"\\end\s*\{(?:[bpvB]?matrix\*?|array)\}")
_GROUP = re.compile(r"(?<![\w\]})])\[{1,2}[^\[\]=]*\]{1,2}")
_NEXT_ROW = re.compile(r"\s*,\s*(\[[^\[\]=]*\]{1,2})")
_COMMA = re.compile(r"\s*,")
_ROWS_ONLY = re.compile(r"\s*(?:\[{1,2}[^\[\]=]*\]{1,2}[,\s]*)+(?:ᵀ|\^T)?\s*")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line, or of several that belong together."""

    text: str
    line: int
    """From 1."""
    column: int
    lines: tuple[int, ...]
    """All lines that it takes up."""


def segments(lines: tuple[str, ...], first: int) -> Iterator[Segment]:
    """The segments of a text, from the line with the index `first` on."""
    number = first
    while number < len(lines):
        text, end = _whole(lines, number)
        taken = tuple(range(number + 1, end + 1))
        if len(text) <= LONGEST:
            for start, piece in _parts(text):
                yield Segment(piece, number + 1, start + 1, taken)
        else:
            yield Segment("", number + 1, 1, taken)
        number = end


def _whole(lines: tuple[str, ...], number: int) -> tuple[str, int]:
    """A line with the lines that belong to it, and the index of the next one."""
    text, end = lines[number], number + 1
    if len(text) > LONGEST:
        return text, end
    while end < min(len(lines), number + _MOST_ROWS) and _is_open(text):
        if len(text) + len(lines[end]) > LONGEST:
            break
        text, end = f"{text} {lines[end]}", end + 1
    text = with_brackets(text)
    while end < min(len(lines), number + _MOST_ROWS) and "[" in text:
        below = lines[end]
        if len(below) > LONGEST or not _ROWS_ONLY.fullmatch(below):
            break
        merged = _with_row(text, lines[number], below)
        if merged is None:
            break
        text, end = merged, end + 1
    return text, end


def _is_open(text: str) -> bool:
    """Whether a matrix begins and does not end."""
    return len(_OPEN_MATRIX.findall(text)) > len(_CLOSED_MATRIX.findall(text))


def _with_row(text: str, above: str, below: str) -> str | None:
    """The line with rows of numbers put below the brackets that stand over them.

    Args:
        text: the line so far, with the rows above put in.
        above: the line as it stands in the file, for its columns.
        below: the next line, of brackets only.
    """
    starts = [match.start() for match in _GROUP.finditer(above)]
    rows = list(_GROUP.finditer(below))
    if not starts or len(rows) > len(starts) or len(starts) > _MOST_SIDE_BY_SIDE:
        return None
    wanted: dict[int, str] = {}
    for row in rows:
        place = min(range(len(starts)), key=lambda i: abs(starts[i] - row.start()))
        if place in wanted:
            return None
        wanted[place] = row[0].strip("[]")
    pieces, last = "", 0
    for place, (start, end, cells) in enumerate(_matrices(text)):
        if place not in wanted:
            continue
        pieces += text[last:start] + "[" + ", ".join([*cells, f"[{wanted[place]}]"]) + "]"
        last = end
    return pieces + text[last:]


def _matrices(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Start, end and rows of each array of a line; one may still be open at its end."""
    position = 0
    while match := _GROUP.search(text, position):
        rows, end = [match[0]], match.end()
        opened = match[0].count("[") - match[0].count("]")
        if opened > 0:
            while more := _NEXT_ROW.match(text, end):
                rows.append(more[1])
                end = more.end()
                opened += 1 - more[1].count("]")
            if comma := _COMMA.match(text, end):
                end = comma.end() if opened > 0 else end
        yield match.start(), end, [f"[{row.strip('[]')}]" for row in rows]
        position = end


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The segments of one line, each with its column from 0."""
    if text.lstrip().startswith(("%", "```")):
        yield 0, ""
        return
    bullet = _BULLET.match(text)
    start = bullet.end() if bullet else 0
    text = " " * start + text[start:]
    if "**" in text:
        text = _BOLD.sub(lambda m: f"{' ' * len(m[1])}{m[2]}{' ' * len(m[1])}", text)
    text = text.replace("`", " ")
    if "\\" in text:
        for look in (_EMPHASISED, _BOXED):
            text = look.sub(_bare, text)
    last = 0
    for match in [*_PARTING.finditer(text), None]:
        end = match.start() if match else len(text)
        yield from _inline(text[last:end], last)
        last = match.end() if match else end


def _bare(match: re.Match[str]) -> str:
    """What is emphasised, at its place; an empty box stays a blank to be filled in."""
    if not match[1].strip():
        return match[0]
    before = match.start(1) - match.start()
    return " " * before + match[1] + " " * (match.end() - match.end(1))


def _inline(text: str, start: int) -> Iterator[tuple[int, str]]:
    """A piece without dollar signs: the mathematics alone, if every ``=`` is inside it."""
    if "=" in text and (wrapped := _WRAPPED.fullmatch(text)):
        yield from _trimmed(wrapped["before"], start)
        yield from _trimmed(wrapped["inside"], start + wrapped.start("inside"))
        return
    parts = text.split("$")
    if len(parts) < 3 or any("=" in part for part in parts[0::2]):
        yield from _trimmed(text.replace("$", " "), start)
        return
    for part in parts:
        yield from _trimmed(part, start)
        start += len(part) + 1


def _trimmed(text: str, start: int) -> Iterator[tuple[int, str]]:
    bare = text.lstrip(" \t&")
    if bare.strip():
        yield start + len(text) - len(bare), bare.rstrip()
