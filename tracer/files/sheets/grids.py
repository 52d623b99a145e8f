r"""Arrays as typed: ``[0.651, 0.666]``, ``[[1, 2], [3, 4]]``, ``[0,5; 0,6]``, a bmatrix.

Takes the text of one array; gives its cells as texts, so that each keeps its digits.
"""

from __future__ import annotations

import re

from tracer.errors import TracerError
from tracer.files.sheets.rows import Cells

_MATRIX = re.compile(
    r"\\begin\s*\{([bpvB]?matrix\*?|array)\}(?:\{[^{}]*\})?(.*?)\\end\s*\{\1\}", re.DOTALL
)
_TRANSPOSED = re.compile(r"(?:ᵀ|\^\{?\s*(?:T|\\top|\\intercal|\\mathsf\{T\})\s*\}?|\.T)$")
_DEEPEST = 3
_MOST_CELLS = 5000


def with_brackets(text: str) -> str:
    r"""LaTeX's matrices as nested brackets.

    >>> with_brackets(r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}")
    '[[1, 2], [3, 4]]'
    """
    return _MATRIX.sub(_bracketed, text) if "\\begin" in text else text


def _bracketed(match: re.Match[str]) -> str:
    rows = [row for row in re.split(r"\\\\(?:\[[^\]]*\])?", match[2]) if row.strip()]
    cells = [", ".join(cell.strip() for cell in row.split("&")) for row in rows]
    return "[" + ", ".join(f"[{row}]" for row in cells) + "]"


def read_cells(text: str) -> Cells:
    """The cells of an array, nested as they are written.

    Raises:
        TracerError: if it is no array of texts.

    >>> read_cells("[[0.15, 0.25], [0.20, 0.30]]")
    (('0.15', '0.25'), ('0.20', '0.30'))
    """
    text = with_brackets(text).strip()
    turned = _TRANSPOSED.search(text)
    text = (text[: turned.start()] if turned else text).strip().rstrip(",")
    closing = {"[": "]", "(": ")"}.get(text[:1])
    if closing is None or text[-1:] != closing:
        raise TracerError(f"'{text[:40]}' is not an array")
    cells, end = _list(text, 0, 1)
    if end != len(text):
        raise TracerError(f"'{text[end : end + 20]}' is not expected behind an array")
    if turned and all(isinstance(cell, tuple) for cell in cells):
        if len({len(row) for row in cells}) != 1:
            raise TracerError("the rows of this array have different lengths")
        return tuple(zip(*cells, strict=True))
    return cells


def _list(text: str, start: int, depth: int) -> tuple[Cells, int]:
    """The cells from an opening bracket on, and where they end."""
    if depth > _DEEPEST:
        raise TracerError(f"an array is nested at most {_DEEPEST} deep")
    closing = {"[": "]", "(": ")"}[text[start]]
    cells: list[str | Cells] = []
    inner = text[start + 1 : text.find(closing, start + 1)]
    marks = ";" if ";" in inner and "[" not in inner else ",;"
    place, begun = start + 1, start + 1
    while place < len(text):
        letter = text[place]
        if letter == "[" and not text[begun:place].strip():
            inside, place = _list(text, place, depth + 1)
            cells.append(inside)
            begun = place
            while begun < len(text) and text[begun] in " \t\n,;":
                begun += 1
            place = begun
        elif letter in marks or letter == closing:
            cells += _numbers(text[begun:place])
            if len(cells) > _MOST_CELLS:
                raise TracerError(f"an array may have {_MOST_CELLS} cells")
            if letter == closing:
                return tuple(cells), place + 1
            place = begun = place + 1
        else:
            place += 1
    raise TracerError("a bracket is not closed")


def _numbers(text: str) -> list[str]:
    """The text between two commas; several numbers where only spaces part them."""
    text = text.strip()
    words = text.split()
    if len(words) > 1 and all(_LOOKS_NUMERIC.fullmatch(word) for word in words):
        return words
    return [text] if text else []


_LOOKS_NUMERIC = re.compile(r"[-+−–]?[\d.][\d.eE+-]*")
