"""The formats of a report: a row each, like those of a page, with templates of their own.

Markdown and LaTeX are set like pages; a terminal gets plain text in columns, HTML one
self-contained file with MathML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from tracer.errors import TracerError, suggestion
from tracer.rendering.escaping import one_line
from tracer.rendering.formats import PageFormat, page_format

WIDTH = 80
"""Columns of a terminal of which nothing is known."""


def _html(text: str) -> str:
    return escape(one_line(text))


_OWN: Mapping[str, PageFormat] = {
    "terminal": PageFormat(
        "terminal/report.txt",
        "unicode",
        one_line,
        inline=("", ""),
        display=("", ""),
        width=float(WIDTH - 4),
        equations="text",
        gap=3.0,
    ),
    "html": PageFormat(
        "html/report.html",
        "mathml",
        _html,
        inline=("<math>", "</math>"),
        display=("", ""),
        width=float("inf"),
        equations="markup",
    ),
}
_LIKE_PAGES = {"markdown": "markdown/report.md", "latex": "latex/report.tex"}

REPORT_FORMATS = ("terminal", "markdown", "latex", "html", "json")
"""What `render_report` writes, the default first."""


def report_format(to: str, flavor: str = "", width: int = WIDTH) -> PageFormat:
    """The format of that name.

    Raises:
        TracerError: naming the nearest format or flavor.

    >>> report_format("markdown", "plain").template
    'markdown/report.md'
    """
    if to in _LIKE_PAGES:
        return replace(page_format(to, flavor), template=_LIKE_PAGES[to])
    if to == "terminal":
        return replace(_OWN[to], width=float(max(width, 40) - 4))
    if to in _OWN:
        return _OWN[to]
    raise TracerError(f"unknown format '{to}'{suggestion(to, REPORT_FORMATS)}")
