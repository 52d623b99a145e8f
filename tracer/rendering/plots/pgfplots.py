"""A plot for LaTeX documents: a picture of the package pgfplots, drawn from the same data.

Takes a `Figure`; gives the text of its template, a picture or a document.  Each line is
thinned to what is seen, its peaks kept, since TeX is slow with many points.  Read by the
package of plots.
"""

from __future__ import annotations

from tracer.rendering.escaping import latex
from tracer.rendering.plots.colours import COLOURS
from tracer.rendering.plots.figure import Figure, Series
from tracer.rendering.plots.scales import Scale
from tracer.rendering.plots.thinning import thinned
from tracer.rendering.templating import fill

TEMPLATE, STANDALONE = "latex/plot.tex", "latex/plot-standalone.tex"
_DASHES = ("", ", dashed", ", dotted", ", dashdotted")
"""How lines beyond the number of colours differ."""
_COLUMNS = 150
"""Columns in which peaks are kept; TeX is slow with many points."""


def pgfplots_text(figure: Figure, standalone: bool = False, templates: str = "") -> str:
    """The figure as a picture of pgfplots.

    Args:
        figure: what to draw.
        standalone: a whole document instead of a picture to be put into one.
        templates: a folder of the user's own templates, searched first.
    """
    modes = [f"{axis}mode=log" for axis, log in zip("xy", (figure.log_across, figure.log),
                                                    strict=True) if log]  # fmt: skip
    drawn = [series for series in figure.series if figure.drawn(series)]
    across = Scale(figure.positions[0], figure.positions[-1], whole=figure.counts)
    facts = {
        "title": latex(figure.title),
        "across": latex(figure.called(figure.across)),
        "up": latex(figure.called(figure.up)),
        "comma": figure.comma,
        "modes": modes,
        "colours": [
            {"name": f"tracerline{place}", "hex": colour.light[1:].upper()}
            for place, colour in enumerate(COLOURS)
        ],
        "ticks": [] if figure.log_across else [f"{t.value:g}" for t in across.ticks()],
        "lines": [
            {
                "colour": f"tracerline{place % len(COLOURS)}",
                "dash": _DASHES[place // len(COLOURS) % len(_DASHES)],
                "name": series.latex or latex(figure.called(series.label)),
                "points": [f"({x:.6g},{y:.6g})" for x, y in _points(figure, series)],
            }
            for place, series in enumerate(drawn)
        ],
    }
    return fill(STANDALONE if standalone else TEMPLATE, facts, templates)


def _points(figure: Figure, series: Series) -> list[tuple[float, float]]:
    points = figure.drawn(series)
    scale = Scale(points[0][0], points[-1][0], figure.log_across)
    positions = {scale.share(x): x for x, _ in points}
    kept = thinned([(scale.share(x), y) for x, y in points], _COLUMNS)
    return [(positions[share], y) for share, y in kept]
