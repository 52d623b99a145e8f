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
from tracer.rendering.html.shortening import short_names
from tracer.rendering.lines import label
from tracer.rendering.printers.words import Words, words_of
from tracer.rendering.prose import Prose

_SAID = (
    "step", "right", "rounded", "coarse", "sign", "power", "last", "wrong", "none",
    "blank", "reveal", "score", "given",
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
    if picture and (samples := setting.trace.problem.samples) > 1:
        drawn = Prose(prose.language.code, prose.folder, part="diagram")
        said["sample"] = drawn.sentences["diagram.sample"].replace("{count}", str(samples))
    said["signs"] = _signs(words_of(prose.language.code, prose.folder))

    blocks = [b for group in _groups(content) for b in (*group.blocks, *group.chain)]
    needed = {setting.room(block) for block in (*content.given_blocks, *blocks)}

    def place(line: Line) -> str:
        """The id of a line: the mark of its quantity where it is the one that gives it."""
        return setting.marks[line.key] if line.label == label(line.key) else line.label

    def accepts(line: Line) -> str | None:
        """What the blank of a line accepts; None where there is no blank."""
        if line.label != label(line.key) or line.members[-1].kind != "result":
            return None
        result = line.members[-1]
        plain = setting.outcome(result.sign, *result.parts).endswith("</span>")
        answer = answers.of(setting.trace[line.key])
        return answer.told(printed=not plain) if answer else None

    return {
        "math": setting.math,
        "outcome": setting.outcome,
        "labelled": setting.labelled,
        "room": setting.room,
        "rooms": [one for one in ROOMS if f"w{one}" in needed],
        "accepts": accepts,
        "place": place,
        "drawing": picture,
        "lean_style": lean_style,
        "lean_script": lambda script: short_names(lean_script(script)),
        "words": {word: prose.sentences[f"html.{word}"] for word in _PLACED},
        "said": json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        "said_samples": "sample" in said,
        "policy": POLICY,
        "title": _bare(content.title),
    }


def _signs(words: Words) -> dict[str, str]:
    """Signs of MathML in words, for what is told aloud when a number is chosen."""
    before, _, after = words.say("bracket", inside="\n").partition("\n")
    between = {
        "of": words.say("of", function="", arguments=""),
        "power": words.say("power", base="", exponent=""),
        "transposed": words.say("transposed", base=""),
    }
    found = {
        "=": words["equals"], "≈": words["approx"], "+": words["plus"], "−": words["minus"],
        "/": words["over"], "·": words["times"], "\u2062": words["times"],
        "⊙": words["elementwise"], "\u2061": between["of"], "∂": words.letter("partial"),
        "(": before, ")": after, "⊤": between["transposed"], "^": between["power"],
    }  # fmt: skip
    return {sign: said.strip() for sign, said in found.items()}


def _groups(content: Content) -> Iterable[Group]:
    for part in content.parts:
        for section in part.sections:
            yield from section.groups


def _bare(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", markup)
