"""A diagram as a TikZ picture for LaTeX documents, in pure ASCII.

Takes a `Diagram`; gives the text of the template ``latex/diagram.tex``: a picture to be
``\\input``, or a document of its own.
"""

from __future__ import annotations

from dataclasses import replace

from tracer.notation.name import Name
from tracer.rendering import escaping
from tracer.rendering.diagram.geometry import place
from tracer.rendering.diagram.shapes import Box, Diagram, Label, Line, Point
from tracer.rendering.diagram.text import Formula, Piece, number_in
from tracer.rendering.printers import PRINTERS
from tracer.rendering.templating import fill

TEMPLATE, STANDALONE = "latex/diagram.tex", "latex/diagram-standalone.tex"
BARE = "latex/diagram-bare.tex"
"""Without colours and styles, for a document whose preamble has them (`latex/diagrams.tex`)."""
UNIT = 0.56
"""Points of one unit: letters of 14 units are set at 8 points."""
_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}
_SIGNS = {
    "→": r"$\to$",
    " → ": r"$\;\to\;$",
    "→ ": r"$\to$\,",
    " = ": r"${}={}$",
    "∗": r"$\ast$",
    "·": r"$\cdot$",
    "…": r"$\ldots$",
    "⋮": r"$\vdots$",
}


def tikz_text(layout: Diagram, standalone: bool = False, templates: str = "", id: str = "") -> str:
    """The diagram as a picture, or as a document that holds nothing else."""
    return _filled(layout, STANDALONE if standalone else TEMPLATE, templates)


def bare_tikz_text(layout: Diagram, templates: str = "") -> str:
    """The diagram as one of several in a document that brings their styles."""
    return _filled(layout, BARE, templates)


def _filled(layout: Diagram, template: str, templates: str) -> str:
    facts = {
        "width": place(layout.width),
        "height": place(layout.height),
        "title": escaping.latex(layout.title),
        "description": escaping.latex(layout.description),
        "unit": f"{UNIT}pt",
        "shapes": [shape_facts(shape) for shape in layout.shapes],
    }
    return fill(template, facts, templates)


def shape_facts(shape: Box | Line | Label) -> dict[str, object]:
    """What the template ``latex/shape.tex`` takes of a shape."""
    styles = [f"tracer/{shape.role}"]
    if isinstance(shape, Box):
        rect = shape.rect
        if shape.lit:
            styles += [f"tracer colour={_colour(shape.phase)}", f"tracer/{shape.role} {shape.lit}"]
        if shape.role == "cell":
            styles.append(f"tracer shade={round(45 * shape.shade)}")
        corners = (
            f"({place(rect.x)},{place(rect.y)})",
            f"({place(rect.right)},{place(rect.bottom)})",
        )
        return {"kind": "box", "style": ", ".join(styles), "from": corners[0], "to": corners[1],
                "radius": f"{shape.radius * UNIT:.1f}pt"}  # fmt: skip
    if isinstance(shape, Line):
        if shape.lit:
            styles += [f"tracer colour={_colour(shape.phase)}", f"tracer/{shape.role} {shape.lit}"]
        if shape.arrow:
            styles.append("->" if shape.arrow == "end" else "<-")
        return {"kind": "line", "style": ", ".join(styles), "path": _path(shape)}
    styles += [f"tracer/size {shape.size}", f"anchor={_ANCHORS[shape.anchor]}"]
    strong = shape.strong or shape.lit == "hot"
    return {"kind": "label", "style": ", ".join(styles), "at": _point((shape.x, shape.y)),
            "text": "".join(_piece(piece, strong) for piece in shape.text)}  # fmt: skip


def _colour(phase: str) -> str:
    return f"tracer{phase}" if phase in ("forward", "backward", "update") else "tracerink"


def _piece(piece: Piece, strong: bool) -> str:
    if isinstance(piece.value, Name):
        return f"${name_tex(piece.value)}$"
    if isinstance(piece.value, Formula):
        return f"${piece.value.printed('latex')}$"
    if piece.kind == "number":
        text = number_in(piece, "latex")
        return rf"$\mathbf{{{text}}}$" if strong else f"${text}$"
    if piece.kind == "sign":
        return _SIGNS[piece.value]
    return escaping.latex(piece.value)


def name_tex(name: Name) -> str:
    """A name; a derivative with a slash."""
    printer = PRINTERS["latex"]
    if name.over is None:
        return printer.name(name)
    return f"{printer.name(replace(name, over=None))}/{printer.name(name.over)}"


def _path(line: Line) -> str:
    told = [_point(line.start)]
    for piece in line.pieces:
        if len(piece) == 3:
            first, second, end = map(_point, piece)
            told.append(f".. controls {first} and {second} .. {end}")
        else:
            told.append(f"-- {_point(piece[0])}")
    return " ".join(told)


def _point(point: Point) -> str:
    return f"({place(point[0])},{place(point[1])})"
