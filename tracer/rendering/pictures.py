"""The diagrams of a page and of slides, in the format of the page.

Takes the page's setting; gives TikZ or Typst, or nothing where the calculation has no
drawing.  `series` makes those of slides, everything in its place from one to the next.
The room of diagrams is imported by those who draw: most pages have no drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracer.formula.keys import Key
from tracer.model.trace import Trace, pass_of
from tracer.notation.loading import Notation
from tracer.rendering.typesetting import Typesetting

FORMATS = ("latex", "typst")
"""Pages that hold a diagram of their own format."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The diagrams of one page."""

    setting: Typesetting
    notation: Notation
    to: str
    """The page's format; nothing: no diagram."""
    templates: str = ""
    language: str = "en"

    def drawn(self, stage: str = "", until: str = "", highlight: str = "", room: str = "") -> str:
        """The diagram at one moment of the calculation; nothing where there is none.

        Args:
            stage: how far the calculation is; nothing: as far as the highlighted step.
            until: the last step whose value is shown.
            highlight: the step that is lit up.
            room: the stage for which there is room.
        """
        layout = self.layout(stage, until, highlight, room)
        if layout is None:
            return ""
        from tracer.rendering.diagram import draw
        from tracer.rendering.diagram.tikz import bare_tikz_text

        if self.to == "latex":
            return bare_tikz_text(layout, self.templates).strip()
        return draw(layout, self.to, templates=self.templates).strip()

    def update(self, key: str) -> int:
        """The update, from 1, in which a step is calculated."""
        return _update(self.setting.trace, key)

    def layout(self, stage: str, until: str, highlight: str, room: str, about: str = "") -> Any:
        """The `Diagram` of that moment, in the update of the step that it is `about`, or that is
        highlighted; None where the page holds no drawing."""
        trace = self.setting.trace
        if self.to not in FORMATS:
            return None
        from tracer.rendering.diagram import diagram

        return diagram(
            trace,
            stage,
            highlight,
            self.notation,
            _sample(about),
            _update(trace, about or highlight),
            until=until,
            room=room,
            language=self.language,
            comma=self.setting.comma,
            templates=self.templates,
        )


def _sample(key: str) -> int | None:
    """The sample of a step; None where it has none, or where there is no step."""
    return Key.parse(key).sample if key else None


def _update(trace: Trace, key: str) -> int:
    """The update, from 1, in which a step is calculated."""
    return min(pass_of(trace[key]) if key else 0, max(trace.problem.updates, 1) - 1) + 1
