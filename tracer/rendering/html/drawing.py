"""The drawing of a page of HTML: the network, marked like the formulas beside it.

Takes the SVG of `tracer.rendering.diagram`, whose shapes bear keys; gives the same picture
with the page's marks and colours, so that a number lights up in the drawing and in the lines
alike.  Heads of arrows are drawn once: the style sheet puts them at the end of a connection,
or, where a step goes backward through it, at its start.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import unescape

from tracer.errors import TracerError
from tracer.notation.loading import Notation
from tracer.rendering.diagram import Diagram, diagram, draw, is_layered
from tracer.rendering.diagram.reading import batch_of
from tracer.rendering.html.leaning import lean_drawing
from tracer.rendering.html.setting import HtmlSetting

_SHAPE = re.compile(
    r'<(?P<tag>\w+) class="(?P<words>[^"]*)"(?P<rest>[^>]*?)'
    r'(?: data-key="(?P<key>[^"]*)")?(?P<end>/?>)'
)
_ANCHOR = re.compile(r'<text class="([^"]*)"([^>]*?) text-anchor="(middle|end)"')
_EDGE = re.compile(
    r'(<path class="edge[^"]*)("[^>]*/>)'
    r'(\s*<polygon class="head [^"]*" points="([^ ]+ [^ ]+) [^"]*"/>)?'
)
_SHORTER = (
    (' xmlns="http://www.w3.org/2000/svg"', ""),
    (' rx="8"', ""),
    ("drawing-title", "dt"),
    ("drawing-description", "dd"),
)
"""What a page knows by itself, or knows by a shorter name."""
_PAGE = re.compile(r'<rect class="page"[^>]*/>\s*')
_FONT = re.compile(r'(?<=text \{)\s*font-family: "Helvetica[^;]*;')
"""Of letters, which have the page's own."""
_SIZED = re.compile(r'<tspan((?: d[xy]="[^"]*")+)( font-size="[^"]*")?')
_PLACE = re.compile(r' (?:x|y|width|height|d)="[^"]*"')
_NUMBER = re.compile(r"-?\d+\.\d+")
_LEVEL = re.compile(r'(d="M(?:[^"L]* )?-?\d+ (-?\d+))L(-?\d+) \2(?=")')
_SIZE = "[dy]:not(.full){font-size:72%}"
_RULES = (
    f"#drawing .middle{{text-anchor:middle}}#drawing .end{{text-anchor:end}}#drawing tspan{_SIZE}"
)
_LEAST = 0.75
"""How small a drawing may be shown, beside its own size; what has no room then is scrolled."""
_ROOM = "#drawing{{max-width:max(100%,{:.0f}px);max-height:max(46vh - 1.3rem,{:.0f}px)}}"
_AWAY = "away"
"""The class of the numbers of samples that are not shown."""
_LIVE = frozenset({"on", "hot", "middle", "end", "full"})
"""Classes that shapes are given later: by the page's script, or here."""
_KEPT = frozenset({"edge", "plain", "box", _AWAY})
"""Classes that the page's own style sheet knows."""
_NAMES = frozenset({"name", "ink"})
"""Classes of texts that are names; every other text is a number."""
_HEADS = "".join(
    f'<marker id="{name}" orient="auto"><path d="{path}"/></marker>'
    for name, path in (
        ("end", "M4.3 0-1.8 2.8-.3 0-1.8-2.8z"),
        ("lit", "M2.5 0-1 1.6-.3 0-1-1.6z"),
        ("turned", "M0 0 3.5 1.6 2.8 0 3.5-1.6z"),
        ("stub", "M0-.5h2.3v1H0z"),
    )
)
"""At the end of a connection, of a lit one, at the start of one that is gone back through, and
at the end of that; in units of the line's width."""


def drawing(
    setting: HtmlSetting,
    notation: str | Notation | None,
    language: str,
    templates: str,
    stage: str = "updated",
) -> str:
    """The drawing as SVG; nothing where there is none of this kind of calculation."""
    trace = setting.trace
    together = is_layered(trace) and len(batch_of(trace, 0)) > 1
    try:
        first, *others = (
            diagram(
                trace,
                stage,
                room="backward" if stage == "given" else stage,
                notation=notation,
                sample=sample,
                language=language,
                comma=setting.comma,
                templates=templates,
                every=True,
            )
            for sample in (batch_of(trace, 0) if together else (None,))
        )
        layout = _with_others(first, others)
        picture = draw(layout, "svg", templates=templates, id="drawing")
    except TracerError:
        return ""
    rules = _RULES + _ROOM.format(_LEAST * layout.width, _LEAST * layout.height)
    shapes = lean_drawing(
        _marked(setting, _shared(picture), _held(setting, layout)), rules, _LIVE, _KEPT
    )
    return shapes.replace("</style>", f"</style>{_HEADS}", 1).replace("\n", "")


def _with_others(first: Diagram, others: Iterable[Diagram]) -> Diagram:
    """With the numbers of the other samples, and names that say which, each in its place; they
    are seen in their turn."""
    away = [
        replace(label, role=f"{label.role} {_AWAY}")
        for other in others
        for label, one in zip(other.labels, first.labels, strict=True)
        if label.key != one.key and (label.role not in _NAMES or label.text != one.text)
    ]
    return replace(first, shapes=(*first.shapes, *away))


def _shared(picture: str) -> str:
    """With what all shapes of a kind have in common said once for all of them."""

    def edge(match: re.Match[str]) -> str:
        if not match[3]:
            return f"{match[1]} plain{match[2]}"
        return (
            match[1] + match[2]
            if _ends_there(match[2], match[4])
            else (f"{match[1]} plain{match[2]}{match[3]}")
        )

    def sized(match: re.Match[str]) -> str:
        return f"<tspan{match[1]}" + ("" if match[2] else ' class="full"')

    for known, short in _SHORTER:
        picture = picture.replace(known, short)
    picture = _EDGE.sub(edge, _FONT.sub("", _PAGE.sub("", picture)))
    picture = _PLACE.sub(lambda match: _NUMBER.sub(_whole, match[0]), picture)
    return _SIZED.sub(sized, _ANCHOR.sub(r'<text class="\1 \3"\2', _LEVEL.sub(r"\1H\3", picture)))


def _whole(match: re.Match[str]) -> str:
    """A coordinate in whole pixels, of which a drawing is a thousand wide."""
    return str(math.floor(float(match[0]) + 0.5))


def _ends_there(path: str, tip: str) -> bool:
    """Whether the tip of a head is at the end of its path, not at the start."""
    route = re.findall(r"-?[\d.]+", path.partition(' d="')[2].partition('"')[0])
    x, y = map(float, tip.split())
    start, end = ((float(a) - x) ** 2 + (float(b) - y) ** 2 for a, b in (route[:2], route[-2:]))
    return end < start


def _held(setting: HtmlSetting, layout: Diagram) -> dict[str, str]:
    """By the key of a card of arrays: the marks of all steps that belong to it."""
    return {
        box.key: " ".join(sorted(setting.marks[key] for key in box.held if key in setting.marks))
        for box in layout.boxes
        if box.held
    }


def _marked(setting: HtmlSetting, picture: str, held: Mapping[str, str]) -> str:
    """With the page's marks instead of keys."""

    def marked(match: re.Match[str]) -> str:
        start, rest = f'<{match["tag"]} class="{match["words"]}"', match["rest"] + match["end"]
        key = unescape(match["key"] or "")
        if match["tag"] == "rect" and key in held:
            return f'{start} data-a="{held[key]}"{rest}'
        mark = setting.marks.get(key)
        if mark is None:
            return start + rest
        name = match["tag"] != "text" or not _NAMES.isdisjoint(match["words"].split())
        return f'{start} data-{"k" if name else "v"}="{mark}"{rest}'

    return _SHAPE.sub(marked, picture)
