"""What a plot shows: some series of numbers over one axis.

Made by whoever has the numbers; read by the layout and by `csv_text`.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from tracer.errors import TracerError
from tracer.rendering.prose import Prose

_MOST = 24
"""Lines; of more than these only the first are told."""
_WITH_COMMA = str.maketrans({".": ",", ",": "\u202f"})


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a plot."""

    key: str
    """What it is called in data: ``loss``, ``w1[1,2]``."""
    label: str
    """What it is called for people."""
    values: Sequence[float]
    """One for each position of the figure; NaN where there is none."""
    latex: str = ""
    """The label in LaTeX; empty: the label as text."""
    typst: str = ""
    """The label as a formula of Typst; empty: the label as text."""
    group: str = ""
    """What it belongs to (``w1``): many series of one group share a colour."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Series over common positions.

    Raises:
        TracerError: if there is nothing to draw.
    """

    title: str
    positions: Sequence[float]
    """Ascending."""
    series: tuple[Series, ...]
    across: str = "updates"
    """What the positions are."""
    up: str = ""
    """What the values are."""
    log: bool = False
    """Whether values are drawn by their logarithm."""
    log_across: bool = False
    language: str = "en"
    """Of the words at the axes and of the description."""
    comma: bool = False
    """Whether numbers are written with a decimal comma."""
    templates: str = ""
    """A folder of the user's own templates and languages, searched first."""

    def __post_init__(self) -> None:
        if not self.series:
            raise TracerError("there is nothing to plot")
        if not any(self.drawn(series) for series in self.series):
            what = "no positive number" if self.log else "no finite number"
            raise TracerError(f"there is {what} to plot")

    @property
    def counts(self) -> bool:
        """Whether the positions are counted: there is nothing between two of them."""
        return all(float(position).is_integer() for position in self.positions)

    @property
    def prose(self) -> Prose:
        """The words of the figure's language."""
        return _prose(self.language, self.templates)

    def called(self, word: str) -> str:
        """What an axis or a line is called: the language's word for it, or the word itself."""
        sentence = f"axis.{word}"
        return self.prose.said(sentence) if sentence in self.prose else word

    @property
    def axes(self) -> tuple[str, str]:
        """What is written at the axes: across, and up."""
        across, up = self.called(self.across), self.called(self.up)
        logarithmic = partial(self.prose.said, "axis.logarithmic")
        return (
            logarithmic(axis=across) if self.log_across else across,
            logarithmic(axis=up).strip() if self.log else up,
        )

    def number(self, text: str) -> str:
        """A number in the language: with a decimal comma, and then thousands by thin spaces.

        >>> figure = Figure("", [0], (Series("loss", "loss", [1.0]),), comma=True)
        >>> figure.number("1,000.5") == "1\u202f000,5"
        True
        """
        return text.translate(_WITH_COMMA) if self.comma else text

    @property
    def description(self) -> str:
        """The picture in words: what each line does from its beginning to its end.

        >>> Figure("", [0, 9], (Series("loss", "loss", [0.5, 0.125]),), up="loss").description
        'Lines over 0 to 9 updates. loss: from 0.5 to 0.125.'
        """
        say = self.prose.said
        first, last = (self.number(f"{self.positions[place]:,.6g}") for place in (0, -1))
        told = [self._told(one, points) for one in self.series if (points := self.drawn(one))]
        more = [say("alt.more", count=len(told) - _MOST)] if len(told) > _MOST else []
        opening = say("alt.lines", first=first, last=last, axis=self.called(self.across))
        return " ".join([opening, *told[:_MOST], *more])

    def _told(self, series: Series, points: list[tuple[float, float]]) -> str:
        first, last = (self.number(f"{points[place][1]:.3g}") for place in (0, -1))
        return self.prose.said("alt.line", name=self.called(series.label), first=first, last=last)

    def drawn(self, series: Series) -> list[tuple[float, float]]:
        """The points of a series that can be drawn."""
        return [
            (x, y)
            for x, y in zip(self.positions, series.values, strict=True)
            if math.isfinite(y) and (y > 0 or not self.log) and (x > 0 or not self.log_across)
        ]


@lru_cache(maxsize=4)
def _prose(language: str, templates: str) -> Prose:
    return Prose(language, templates, part="plot")


def csv_text(figure: Figure) -> str:
    """The numbers of a figure as a table, with all their digits.

    >>> print(csv_text(Figure("", [0, 1], (Series("w1[1,2]", "w", [0.5, 0.25]),))))
    update,"w1[1,2]"
    0,0.5
    1,0.25
    <BLANKLINE>
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([figure.across.removesuffix("s"), *(series.key for series in figure.series)])
    for place, position in enumerate(figure.positions):
        numbers = [float(series.values[place]) for series in figure.series]
        table.writerow([f"{position:g}" if position != int(position) else int(position),
                        *("" if math.isnan(n) else repr(n) for n in numbers)])  # fmt: skip
    return out.getvalue()
