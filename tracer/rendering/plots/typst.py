"""A plot as Typst: drawn with Typst's own shapes, without a package.

Takes a `Figure`; gives the text of the template ``typst/plot.typ``: content to be put into a
page, or a document of its own.  Everything stands where it stands in the SVG picture, and the
description tells it to those who do not see it.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracer.rendering.diagram.typst import quoted
from tracer.rendering.plots.colours import COLOURS
from tracer.rendering.plots.figure import Figure
from tracer.rendering.plots.layout import BOTTOM, LEFT, Label, Layout, laid_out
from tracer.rendering.templating import fill

TEMPLATE, STANDALONE = "typst/plot.typ", "typst/plot-standalone.typ"
UNIT = 0.56
"""Points of a pixel of the layout: a picture is as wide as a page of A4 with its margins."""
_MANY = 12
"""Lines; more than these are thin."""


def typst_text(figure: Figure, standalone: bool = False, templates: str = "") -> str:
    """The figure as content, or as a document that holds nothing else.

    Args:
        figure: what to draw.
        standalone: a whole document instead of content to be put into one.
        templates: a folder of the user's own templates, searched first.
    """
    layout = laid_out(figure)
    across, up = figure.axes
    bottom = layout.height - BOTTOM
    facts = {
        "title": quoted(figure.title),
        "document_title": quoted(figure.title or figure.description),
        "description": quoted(figure.description),
        "language": figure.language,
        "width": _points(layout.width),
        "height": _points(layout.height),
        "colours": [quoted(colour.light) for colour in COLOURS],
        "up": quoted(up),
        "across": quoted(across),
        "middle": _points((LEFT + layout.right) / 2),
        "left": _points(LEFT),
        "right": _points(layout.right),
        "bottom": _points(bottom),
        "rows": [{"at": _points(y), "text": quoted(tick.text)} for y, tick in layout.ticks_up()],
        "columns": [
            {"at": _points(x), "text": quoted(tick.text)} for x, tick in layout.ticks_across()
        ],
        "thick": "0.8pt" if len(layout.lines) > _MANY else "1.1pt",
        "lines": [
            {"colour": line.colour, "points": _path(piece)}
            for line in layout.lines
            for piece in line.pieces
        ],
        "labels": [_label(layout, label) for label in layout.labels],
    }
    return fill(STANDALONE if standalone else TEMPLATE, facts, templates)


def _label(layout: Layout, label: Label) -> dict[str, object]:
    """A name at the end of its line, and the thin line that leads there."""
    x, y = label.end
    leader = [(x + 5, y), (layout.right + 8, y), (layout.right + 20, label.y)]
    return {
        "text": quoted(label.text),
        "math": label.typst,
        "value": quoted(label.value),
        "colour": label.colour,
        "end": _point(label.end),
        "leader": _path(leader),
        "x": _points(layout.right + 24),
        "y": _points(label.y),
    }


def _path(points: Iterable[tuple[float, float]]) -> str:
    """Points as an array of Typst; one alone is drawn as a dot."""
    told = [_point(point) for point in points]
    return f"({', '.join(told if len(told) > 1 else told * 2)})"


def _point(point: tuple[float, float]) -> str:
    return f"({_points(point[0])}, {_points(point[1])})"


def _points(value: float) -> str:
    return f"{value * UNIT:.2f}".rstrip("0").rstrip(".") + "pt"
