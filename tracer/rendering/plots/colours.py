"""The colours of lines: eight hues that keep apart on white and on dark paper.

Each has at least 4.5 to 1 contrast with its paper, so that names can have them too.
"""

from __future__ import annotations

from typing import NamedTuple


class Colour(NamedTuple):
    """One hue, for light and for dark paper."""

    light: str
    dark: str


COLOURS = (
    Colour("#0b6bcb", "#66b0ff"),
    Colour("#c04410", "#ff9460"),
    Colour("#0a7d57", "#4ccf9d"),
    Colour("#96349b", "#dd8ce6"),
    Colour("#806200", "#dfbd4a"),
    Colour("#0b778a", "#58cfe2"),
    Colour("#c0245a", "#ff86ab"),
    Colour("#5b6672", "#aab4c0"),
)
