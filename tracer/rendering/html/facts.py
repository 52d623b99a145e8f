"""What the template of a page of HTML receives besides the content.

Functions that typeset (``math``), what belongs to a line (its id, what its blank accepts),
how much room a block needs, the words that the page's script says, and the drawing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from tracer.rendering.content import Content, Group, Line
from tracer.rendering.html.answers import Answers, habits
from tracer.rendering.html.leaning import lean_script, lean_style
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
    texts = [setting.trace[line.key].text for group in _groups(content)
             for block in group.blocks for line in block.lines]  # fmt: skip
    answers = Answers(setting.trace)
    decimals, figures = habits(text for text in texts if text)
    said: dict[str, Any] = {word: prose.sentences[f"html.{word}"] for word in _SAID}
    said["habits"] = [decimals, figures]

    blocks = [b for group in _groups(content) for b in (*group.blocks, *group.chain)]
    needed = {setting.room(block) for block in (*content.given_blocks, *blocks)}

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
        "rooms": [one for one in ROOMS if f"w{one}" in needed],
        "accepts": accepts,
        "place": place,
        "drawing": picture,
        "lean_style": lean_style,
        "lean_script": lean_script,
        "words": {word: prose.sentences[f"html.{word}"] for word in _PLACED},
        "said": json.dumps(said, ensure_ascii=False).replace("<", "\\u003c"),
        "policy": POLICY,
        "title": _bare(content.title),
    }


def _groups(content: Content) -> Iterable[Group]:
    for part in content.parts:
        for section in part.sections:
            yield from section.groups


def _bare(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", markup)
