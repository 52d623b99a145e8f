"""A plot as SVG: one self-contained picture that suits light and dark pages.

Takes a `Figure`; gives the text of the template ``svg/plot.svg``.  The title and the
description tell the picture to those who do not see it; each line carries its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from zlib import crc32

from tracer.rendering.escaping import one_line
from tracer.rendering.plots.colours import COLOURS
from tracer.rendering.plots.figure import Figure
from tracer.rendering.plots.layout import BOTTOM, LEFT, Label, Layout, laid_out
from tracer.rendering.templating import fill

TEMPLATE = "svg/plot.svg"


def svg_text(figure: Figure, templates: str = "") -> str:
    """The figure as an SVG document.

    Args:
        figure: what to draw.
        templates: a folder of the user's own templates, searched first.
    """
    layout = laid_out(figure)
    across, up = figure.axes
    bottom = layout.height - BOTTOM
    facts = {
        "id": f"plot{crc32(repr((figure.title, figure.description)).encode()):08x}",
        "width": _number(layout.width),
        "height": _number(layout.height),
        "title": _text(figure.title),
        "description": _text(figure.description),
        "colours": [colour._asdict() for colour in COLOURS],
        "up": _text(up),
        "across": {
            "text": _text(across),
            "x": _number((LEFT + layout.right) / 2),
            "y": _number(bottom + 40),
        },
        "left": _number(LEFT),
        "right": _number(layout.right),
        "bottom": _number(bottom),
        "rows": [
            {"at": _number(y), "x": _number(LEFT - 8), "y": _number(y + 4), "text": _text(t.text)}
            for y, t in layout.ticks_up()
        ],
        "columns": [
            {"at": _number(x), "end": _number(bottom + 5), "y": _number(bottom + 19),
             "text": _text(t.text)}
            for x, t in layout.ticks_across()
        ],
        "lines": _lines(layout),
        "labels": _labels(layout),
    }  # fmt: skip
    return fill(TEMPLATE, facts, templates)


def _lines(layout: Layout) -> list[dict[str, object]]:
    thin = len(layout.lines) > 12
    return [
        {
            "colour": line.colour,
            "thin": thin,
            "name": _text(layout.figure.called(line.series.label)),
            "path": "".join(_path(piece) for piece in line.pieces),
        }
        for line in layout.lines
    ]


def _labels(layout: Layout) -> list[dict[str, object]]:
    return [
        {
            "text": _text(label.text),
            "value": _text(label.value),
            "colour": label.colour,
            "x": _number(label.end[0]),
            "y": _number(label.end[1]),
            "leader": _leader(layout, label),
            "at": _number(layout.right + 24),
            "baseline": _number(label.y + 4),
        }
        for label in layout.labels
    ]


def _leader(layout: Layout, label: Label) -> str:
    """From the line's end to its name."""
    start = (label.end[0] + 5, label.end[1])
    bend = (layout.right + 8, label.end[1])
    finish = (layout.right + 20, label.y)
    return _path([start, bend, finish])


def _path(points: Iterable[tuple[float, float]]) -> str:
    """``M`` to the first point, then lines in whole tenths of a pixel."""
    places = list(dict.fromkeys((round(x, 1), round(y, 1)) for x, y in points))
    if len(places) == 1:
        places *= 2
    told = [f"{_number(x)} {_number(y)}" for x, y in places]
    return f"M{told[0]}L{' '.join(told[1:])}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    return escape(one_line(text))
