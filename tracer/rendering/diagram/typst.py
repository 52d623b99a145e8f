"""A diagram as Typst: drawn with Typst's own shapes, without a package.

Takes a `Diagram`; gives the text of the template ``typst/diagram.typ``: content to be put
into a page, or a document of its own.  Every formula has its words, as accessible PDF asks.
"""

from __future__ import annotations

from dataclasses import replace

from tracer.notation.name import Name
from tracer.rendering.diagram.geometry import place, shortened
from tracer.rendering.diagram.shapes import Box, Diagram, Label, Line, Point
from tracer.rendering.diagram.telling import said
from tracer.rendering.diagram.text import Formula, Piece, number_in
from tracer.rendering.escaping import one_line
from tracer.rendering.printers import PRINTERS
from tracer.rendering.printers.spoken import Spoken
from tracer.rendering.templating import fill

TEMPLATE, STANDALONE = "typst/diagram.typ", "typst/diagram-standalone.typ"
UNIT = 0.56
"""Points of one unit: letters of 14 units are set at 8 points."""
_SIGNS = {
    "→": "arrow.r",
    " → ": "thick arrow.r thick",
    "→ ": "arrow.r thin",
    " = ": "thick = thick",
    "∗": "ast",
    "·": "dot.op",
    "…": "dots.h",
    "⋮": "dots.v",
}


def typst_text(layout: Diagram, standalone: bool = False, templates: str = "", id: str = "") -> str:
    """The diagram as content, or as a document that holds nothing else."""
    facts = {
        "title": quoted(layout.title),
        "description": quoted(layout.description),
        "language": layout.voice.language,
        "width": _points(layout.width),
        "height": _points(layout.height),
        "shapes": [_shape(shape, layout.voice) for shape in layout.shapes],
    }
    return fill(STANDALONE if standalone else TEMPLATE, facts, templates)


def quoted(text: str) -> str:
    r"""A person's text as a string of Typst.

    >>> print(quoted('a "b" \\c'))
    "a \"b\" \\c"
    """
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shape(shape: Box | Line | Label, voice: Spoken) -> dict[str, object]:
    lit = f"{shape.role} {shape.lit}" if shape.lit else ""
    facts: dict[str, object] = {"role": shape.role, "lit": lit}
    if isinstance(shape, Box):
        rect = shape.rect
        return {**facts, "kind": "box", "phase": shape.phase or "ink",
                "x": _points(rect.x), "y": _points(rect.y), "width": _points(rect.width),
                "height": _points(rect.height), "radius": _points(shape.radius),
                "shade": round(45 * shape.shade)}  # fmt: skip
    if isinstance(shape, Line):
        path, head = shortened(shape)
        return {**facts, "kind": "line", "phase": shape.phase or "ink",
                "start": _point(path[0]), "pieces": [_piece_of(piece) for piece in path[1]],
                "head": [_point(corner) for corner in head]}  # fmt: skip
    return {**facts, "kind": "label", "size": shape.size, "anchor": shape.anchor,
            "weight": "bold" if shape.strong or shape.lit == "hot" else "regular",
            "x": _points(shape.x), "y": _points(shape.y),
            "parts": [_part(piece, shape.strong or shape.lit == "hot", voice)
                      for piece in shape.text]}  # fmt: skip


def _part(piece: Piece, strong: bool, voice: Spoken) -> dict[str, str]:
    """A part of a text: its formula and how it is said, or the words themselves."""
    if piece.kind == "word":
        assert isinstance(piece.value, str)
        return {"math": "", "text": quoted(piece.value)}
    if isinstance(piece.value, Name):
        math = name_typst(piece.value)
    elif isinstance(piece.value, Formula):
        math = piece.value.printed("typst")
    elif piece.kind == "number":
        math = number_in(piece, "typst")
        math = f"bold({math})" if strong else math
    else:
        math = _SIGNS[piece.value]
    return {"math": math, "text": quoted(said(piece, voice).strip() or " ")}


def name_typst(name: Name) -> str:
    """A name; a derivative with a slash."""
    printer = PRINTERS["typst"]
    if name.over is None:
        return printer.name(name)
    return rf"{printer.name(replace(name, over=None))} \/ {printer.name(name.over)}"


def _piece_of(piece: tuple[Point, ...]) -> str:
    corners = ", ".join(map(_point, piece))
    return f"curve.cubic({corners})" if len(piece) == 3 else f"curve.line({corners})"


def _point(point: Point) -> str:
    return f"({_points(point[0])}, {_points(point[1])})"


def _points(value: float) -> str:
    return f"{place(value * UNIT)}pt"
