"""A diagram as SVG: one self-contained picture that suits light and dark pages.

Takes a `Diagram`; gives the text of the template ``svg/diagram.svg``.  Names are set with
real indices; each number carries the key of its quantity, so that a page can light it up.
"""

from __future__ import annotations

import unicodedata
from html import escape
from zlib import crc32

from tracer.notation.name import Name
from tracer.rendering.diagram.geometry import place, shortened
from tracer.rendering.diagram.shapes import Box, Diagram, Label, Line, Point
from tracer.rendering.diagram.text import (
    SCRIPT,
    SIZES,
    Formula,
    Piece,
    letters,
    name_runs,
    number_in,
)
from tracer.rendering.escaping import one_line
from tracer.rendering.templating import fill

TEMPLATE = "svg/diagram.svg"
_LETTERS = 0.9
"""How wide letters usually are, beside the most that the layout expects."""
_SHIFT = {1: -0.4, 0: 0.0, -1: 0.26}
"""How far indices stand over the line, in sizes of the letters."""


def svg_text(layout: Diagram, standalone: bool = False, templates: str = "", id: str = "") -> str:
    """The diagram as an SVG document, or for a page of HTML: they are the same."""
    shapes = [_shape(shape) for shape in layout.shapes]
    seen = repr((layout.title, layout.description, shapes))
    name = id or f"diagram{crc32(seen.encode()):08x}"
    facts = {
        "id": escape(name),
        "width": place(layout.width),
        "height": place(layout.height),
        "title": escape(one_line(layout.title)),
        "description": escape(one_line(layout.description)),
        "shapes": shapes,
    }
    return fill(TEMPLATE, facts, templates)


def _shape(shape: Box | Line | Label) -> dict[str, object]:
    words = [shape.role, shape.lit and f"on {shape.lit}"]
    facts: dict[str, object] = {"key": escape(shape.key)}
    if isinstance(shape, Box):
        rect = shape.rect
        words.append(shape.phase)
        facts |= {"kind": "box", "x": place(rect.x), "y": place(rect.y), "r": place(shape.radius),
                  "width": place(rect.width), "height": place(rect.height),
                  "shade": f"{0.45 * shape.shade:.2f}" if shape.shade else ""}  # fmt: skip
    elif isinstance(shape, Line):
        words.append(shape.phase)
        path, head = shortened(shape)
        facts |= {"kind": "line", "path": _path(*path), "head": " ".join(map(_point, head))}
    else:
        words += [shape.size, "strong" if shape.strong else ""]
        facts |= {"kind": "label", "x": place(shape.x), "y": place(shape.y),
                  "anchor": shape.anchor, "text": _text(shape)}  # fmt: skip
    return {**facts, "class": " ".join(word for word in words if word)}


def _text(label: Label) -> str:
    """The pieces of a text; an index stands below the raised mark that follows it."""
    size = SIZES[label.size]
    parts, level, below, beyond = [], 0, 0.0, 0.0
    for piece in label.text:
        for text, wanted, slanted in _runs(piece):
            wide = SCRIPT * size * _LETTERS * letters(text) if wanted else 0.0
            marks = []
            if shift := round((_SHIFT[wanted] - _SHIFT[level]) * size, 1):
                marks.append(f'dy="{place(shift)}"')
            if wanted == 1 and below:
                marks.append(f'dx="{place(-below)}"')
                beyond = max(below - wide, 0.0)
            elif beyond:
                marks.append(f'dx="{place(beyond)}"')
                beyond = 0.0
            below = wide if wanted == -1 else 0.0
            if wanted:
                marks.append(f'font-size="{place(SCRIPT * size)}"')
            if slanted:
                marks.append('class="v"')
            level = wanted
            body = escape(text)
            parts.append(f"<tspan {' '.join(marks)}>{body}</tspan>" if marks else body)
    return "".join(parts)


def _runs(piece: Piece) -> list[tuple[str, int, bool]]:
    if isinstance(piece.value, Name):
        return name_runs(piece.value)
    if isinstance(piece.value, Formula):
        return _levels(piece.value.printed("unicode"))
    if piece.kind == "number":
        return _levels(number_in(piece, "unicode"))
    return [(piece.value if piece.kind == "sign" else one_line(piece.value), 0, False)]


def _levels(text: str) -> list[tuple[str, int, bool]]:
    """Unicode's small letters as runs of ordinary ones, lowered or raised."""
    runs: list[tuple[str, int, bool]] = []
    for character in text:
        kind = unicodedata.decomposition(character).partition(" ")[0]
        level = {"<sub>": -1, "<super>": 1}.get(kind, 0)
        plain = unicodedata.normalize("NFKC", character) if level else character
        if runs and runs[-1][1] == level:
            runs[-1] = (runs[-1][0] + plain, level, False)
        else:
            runs.append((plain, level, False))
    return runs


def _path(start: Point, pieces: list[tuple[Point, ...]]) -> str:
    """``M`` to the start, then lines and curves."""
    told = [f"M{_point(start)}"]
    for piece in pieces:
        told.append(("C" if len(piece) == 3 else "L") + " ".join(map(_point, piece)))
    return "".join(told)


def _point(point: Point) -> str:
    return f"{place(point[0])} {place(point[1])}"
