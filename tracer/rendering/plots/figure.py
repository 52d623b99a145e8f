"""What a plot shows: some series of numbers over one axis.

Made by whoever has the numbers; read by the layout and by `csv_text`.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from tracer.errors import TracerError
from tracer.records import dataclass


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

    def __post_init__(self) -> None:
        if not self.series:
            raise TracerError("there is nothing to plot")
        if not any(self.drawn(series) for series in self.series):
            what = "no positive number" if self.log else "no finite number"
            raise TracerError(f"there is {what} to plot")

    def drawn(self, series: Series) -> list[tuple[float, float]]:
        """The points of a series that can be drawn."""
        return [
            (x, y)
            for x, y in zip(self.positions, series.values, strict=True)
            if math.isfinite(y) and (y > 0 or not self.log) and (x > 0 or not self.log_across)
        ]


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
