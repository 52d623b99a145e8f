"""The drawing of a page of HTML: the network, marked like the formulas beside it.

Takes the SVG of `tracer.rendering.diagram`, whose shapes bear keys; gives the same picture
with the page's marks, so that a number lights up in the drawing and in the lines alike.
"""

from __future__ import annotations

import re
from html import unescape

from tracer.errors import TracerError
from tracer.notation.loading import Notation
from tracer.rendering.diagram import diagram, draw
from tracer.rendering.html.leaning import lean_drawing
from tracer.rendering.html.setting import HtmlSetting

_SHAPE = re.compile(
    r'<(?P<tag>\w+) class="(?P<words>[^"]*)"(?P<rest>[^>]*?) data-key="(?P<key>[^"]*)"'
)
_NAMES = frozenset({"name", "ink"})
"""Classes of texts that are names; every other text is a number."""


def drawing(
    setting: HtmlSetting, notation: str | Notation | None, language: str, templates: str
) -> str:
    """The drawing as SVG; nothing where there is none of this kind of calculation."""
    try:
        layout = diagram(
            setting.trace,
            "updated",
            notation=notation,
            language=language,
            comma=setting.comma,
            templates=templates,
        )
        picture = draw(layout, "svg", templates=templates, id="drawing")
    except TracerError:
        return ""

    def marked(match: re.Match[str]) -> str:
        mark = setting.marks.get(unescape(match["key"]))
        start = f'<{match["tag"]} class="{match["words"]}"{match["rest"]}'
        if mark is None:
            return start
        name = match["tag"] != "text" or not _NAMES.isdisjoint(match["words"].split())
        return f'{start} data-{"k" if name else "v"}="{mark}"'

    return lean_drawing(_SHAPE.sub(marked, picture)).strip()
