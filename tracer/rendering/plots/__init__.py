"""Plots of a run: pure data in, SVG, pgfplots, Typst or CSV text out.

`figure` says what is to be drawn, `scales` where numbers stand and which of them are
written at the axes, `layout` puts everything into its place; `svg`, `typst` and `pgfplots`
hand that to their templates.  No plotting library is needed.
"""

from tracer.rendering.plots.figure import Figure, Series, csv_text
from tracer.rendering.plots.pgfplots import pgfplots_text
from tracer.rendering.plots.svg import svg_text
from tracer.rendering.plots.typst import typst_text

__all__ = ["Figure", "Series", "csv_text", "pgfplots_text", "svg_text", "typst_text"]
