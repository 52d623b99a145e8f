"""The formats of a page: which printer, which templates, which delimiters, how wide.

`FORMATS` is the table: format, then flavor.  A new format is a row here and a folder of
templates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracer.errors import TracerError, suggestion
from tracer.rendering import escaping
from tracer.rendering.printers.aloud import FORMULA


@dataclass(frozen=True, slots=True)
class PageFormat:
    """One way of writing a page."""

    template: str
    """The page's template, as the loader knows it."""
    printer: str
    """Which printer typesets formulas."""
    escape: Callable[[str], str]
    """Makes a person's text safe."""
    inline: tuple[str, str]
    """What stands before and after a formula in running text."""
    display: tuple[str, str]
    """What stands before and after a block of equations."""
    width: float
    """How much fits on a line: points where formulas are typeset, else characters."""
    equations: str = "math"
    """How equations are laid out: ``math`` (TeX), ``text`` (columns of characters) or
    ``markup`` (by the reader's style sheet)."""
    gap: float = 10.0
    """What stands beside a formula on its line: the sign of equality and its spaces."""
    decimals: str = ""
    """A macro put round decimal numbers, so that the author can choose the comma."""
    folds: str = "text"
    """How its readers fold a part away: a row of `folding.READERS`."""

    def facts(self) -> dict[str, object]:
        """What a template may know of the format."""
        return {"equations": self.equations, "open": self.display[0], "close": self.display[1]}


def _dollar(folds: str, template: str = "markdown/page.md") -> PageFormat:
    """Markdown with $...$, for readers that fold in their own way."""
    return PageFormat(
        template,
        "latex",
        escaping.markdown,
        inline=("$", "$"),
        display=("$$", "$$"),
        width=400.0,
        folds=folds,
    )


FORMATS: Mapping[str, Mapping[str, PageFormat]] = {
    "markdown": {
        "github": PageFormat(
            "markdown/page.md",
            "latex",
            escaping.markdown,
            inline=("$`", "`$"),
            display=("```math", "```"),
            width=400.0,
            folds="html",
        ),
        "dollar": _dollar("html"),
        "obsidian": _dollar("obsidian"),
        "quarto": _dollar("quarto"),
        "myst": _dollar("myst"),
        "plain": PageFormat(
            "markdown/page.md",
            "unicode",
            escaping.plain_markdown,
            inline=("", ""),
            display=("```text", "```"),
            width=84.0,
            equations="text",
            gap=3.0,
        ),
        "ascii": PageFormat(
            "markdown/page.md",
            "ascii",
            escaping.ascii_text,
            inline=("`", "`"),
            display=("```text", "```"),
            width=84.0,
            equations="text",
            gap=3.0,
        ),
    },
    "typst": {
        "typst": PageFormat(
            "typst/page.typ",
            "aloud",
            escaping.typst,
            inline=FORMULA,
            display=("", ""),
            width=430.0,
        ),
    },
    "html": {
        "html": PageFormat(
            "html/page.html",
            "aloud",
            escaping.html,
            inline=("<math>", "</math>"),
            display=("", ""),
            width=190.0,
            equations="markup",
            gap=18.0,
        ),
    },
    "ipynb": {"ipynb": _dollar("notebook", "notebook/page.md")},
    "latex": {
        "latex": PageFormat(
            "latex/page.tex",
            "latex",
            escaping.latex,
            inline=("$", "$"),
            display=("", ""),
            width=308.0,
            decimals=r"\trn",
        ),
    },
}


def page_format(to: str, flavor: str = "") -> PageFormat:
    """The format of that name; without a flavor (or with another format's) its first one.

    Raises:
        TracerError: naming the nearest format or flavor.

    >>> page_format("markdown", "plain").printer
    'unicode'
    """
    if to not in FORMATS:
        raise TracerError(f"unknown format '{to}'{suggestion(to, FORMATS)}")
    flavors = FORMATS[to]
    everywhere = {name for known in FORMATS.values() for name in known}
    if flavor and flavor not in everywhere:
        raise TracerError(f"unknown flavor '{flavor}'{suggestion(flavor, everywhere)}")
    return flavors.get(flavor) or next(iter(flavors.values()))
