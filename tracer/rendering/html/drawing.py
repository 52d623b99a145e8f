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
_ANCHOR = re.compile(r'<text class="([^"]*)"([^>]*?) text-anchor="(middle|end)"')
_ANCHORS = "#drawing .middle{text-anchor:middle}#drawing .end{text-anchor:end}"
_LIVE = frozenset({"on", "hot", "middle", "end"})
"""Classes that shapes are given later: by the page's script, or here."""
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

    shapes = _ANCHOR.sub(r'<text class="\1 \3"\2', _SHAPE.sub(marked, picture))
    worn = {word for words in re.findall(r'class="([^"]*)"', shapes) for word in words.split()}
    return lean_drawing(shapes, worn | _LIVE, _ANCHORS).strip()
