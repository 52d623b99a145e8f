"""What the template of a page of HTML receives besides the content.

Functions that typeset (``math``), what belongs to a line (its id, what its blank accepts),
how much room a block needs, the words that the page's script says, and the drawing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from tracer.rendering.content import Content, Line
from tracer.rendering.html.answers import Answers, habits
from tracer.rendering.html.setting import ROOMS, HtmlSetting
from tracer.rendering.lines import label
from tracer.rendering.prose import Prose

_SAID = (
    "step", "right", "rounded", "coarse", "sign", "power", "last", "wrong", "none",
    "blank", "reveal", "score", "given", "hidden",
)  # fmt: skip
"""Sentences that the script says; what it puts in stands in braces."""
_PLACED = (
    "steps",
    "controls",
    "back",
    "forward",
    "slider",
    "practice",
    "all",
    "network",
    "origin",
    "table",
)
"""Words that the template places."""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
"""The page's own security policy: nothing comes from or goes to the network."""
_AROUND = re.compile(r"\s*([{};,>])\s*|(?<=:)\s+|\s+(?=!)")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)


def html_facts(
    setting: HtmlSetting, content: Content, prose: Prose, picture: str = ""
) -> dict[str, Any]:
    """The facts, by name.

    Args:
        setting: that typeset the content.
        content: of the page.
        prose: the sentences of this format.
        picture: the drawing as SVG, or nothing.
    """
    texts = [setting.trace[line.key].text for line in _lines(content)]
    answers = Answers(setting.trace)
    decimals, figures = habits(text for text in texts if text)
    said: dict[str, Any] = {word: prose.sentences[f"html.{word}"] for word in _SAID}
    said["habits"] = [decimals, figures]

    def place(line: Line) -> str:
        """The id of a line: the mark of its quantity where it is the one that gives it."""
        return setting.marks[line.key] if line.label == label(line.key) else line.label

    def accepts(line: Line) -> str:
        """What the blank of a line accepts; nothing where there is no blank."""
        if line.label != label(line.key) or line.members[-1].kind != "result":
            return ""
        return str(answers.of(setting.trace[line.key]) or "")

    return {
        "math": setting.math,
        "room": setting.room,
        "rooms": ROOMS,
        "accepts": accepts,
        "place": place,
        "drawing": picture,
        "lean": lean,
        "words": {word: prose.sentences[f"html.{word}"] for word in _PLACED},
        "said": json.dumps(said, ensure_ascii=False).replace("<", "\\u003c"),
        "policy": POLICY,
        "title": _bare(content.title),
    }


def lean(text: str, style: bool = False) -> str:
    """A style sheet or script without comments, indentation and empty lines.

    >>> lean("a {\\n  b: c;  /* why */\\n}\\n", style=True)
    'a{b:c}'
    """
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    short = "\n".join(line for line in lines if line)
    return _AROUND.sub(r"\1", short).replace(";}", "}") if style else short


def _lines(content: Content) -> Iterable[Line]:
    for part in content.parts:
        for section in part.sections:
            for group in section.groups:
                for block in group.blocks:
                    yield from block.lines


def _bare(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", markup)
