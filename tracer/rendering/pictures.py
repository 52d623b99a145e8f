"""The diagrams of a page and of slides, in the format of the page.

Takes the page's setting; gives TikZ or Typst, or nothing where the calculation has no
drawing.  A series for slides keeps everything in its place from one picture to the next.
The room of diagrams is imported by those who draw: most pages have no drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracer.model.trace import Trace, pass_of
from tracer.notation.loading import Notation
from tracer.rendering.typesetting import Typesetting

FORMATS = ("latex", "typst")
"""Pages that hold a diagram of their own format."""
LEGIBLE = (1250.0, 620.0)
"""A diagram wider or taller than this cannot be read on a slide."""


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
        layout = self._layout(stage, until, highlight, room)
        if layout is None:
            return ""
        from tracer.rendering.diagram import draw
        from tracer.rendering.diagram.tikz import bare_tikz_text

        if self.to == "latex":
            return bare_tikz_text(layout, self.templates).strip()
        return draw(layout, self.to, templates=self.templates).strip()

    def before_and_after(self, key: str, until: str, room: str) -> tuple[str, str, bool]:
        """The diagram before a step and after it; what the step uses is lit up in both.

        Args:
            key: the step.
            until: the step before it.
            room: the stage for which there is room.

        Returns:
            The two pictures, and whether the second holds only what is new in it.
        """
        before = self._layout("", until, key, room)
        if before is None or before.width > LEGIBLE[0] or before.height > LEGIBLE[1]:
            return "", "", False
        from tracer.rendering.diagram.tikz import bare_tikz_text

        after = self._layout("", key, key, room)
        more = set(before.shapes) <= set(after.shapes)
        below = before if more else None
        texts = (
            bare_tikz_text(before, self.templates),
            bare_tikz_text(after, self.templates, below),
        )
        return texts[0].strip(), texts[1].strip(), more

    def _layout(self, stage: str, until: str, highlight: str, room: str) -> Any:
        """The `Diagram` of that moment; None where the page holds no drawing."""
        trace = self.setting.trace
        if self.to not in FORMATS:
            return None
        from tracer.rendering.diagram import diagram

        return diagram(
            trace,
            stage,
            highlight,
            self.notation,
            update=_update(trace, highlight),
            until=until,
            room=room,
            language=self.language,
            comma=self.setting.comma,
            templates=self.templates,
        )


def _update(trace: Trace, key: str) -> int:
    """The update, from 1, in which a step is calculated."""
    return min(pass_of(trace[key]) if key else 0, max(trace.problem.updates, 1) - 1) + 1
