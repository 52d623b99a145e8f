"""The sentences of a page, from `templates/prose`, free of any format.

A sentence holds ``{word}`` where the page puts something typeset, and formulas between
backticks.  Takes a sentence's name such as ``why.delta``; gives its pieces, which
`typesetting` joins in the format of the page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tracer.errors import TracerError
from tracer.rendering.languages import english_sentences, language_named

_PIECE = re.compile(r"`(?P<formula>[^`]*)`|\{(?P<fact>\w+)\}")


class Piece(NamedTuple):
    """A part of a sentence."""

    kind: str
    """``text``, ``formula`` or ``fact``."""
    text: str


class Prose:
    """The sentences of one language.

    Args:
        language: its code, such as ``de``; see `languages`.
        folder: the user's own templates, searched first.
        part: further sentences that only some pages need: ``report``.

    >>> Prose("en").pieces("check.same")[1]
    Piece(kind='fact', text='before')
    """

    def __init__(self, language: str = "en", folder: str = "", part: str = "") -> None:
        self.language = language_named(language, folder)
        self.folder = folder
        self.sentences: dict[str, str] = {}
        for one in ("", part) if part else ("",):
            for name, words in english_sentences(folder, one).items():
                bare = name.removeprefix(f"{one}:") if one else name
                self.sentences[bare] = self.language.say(name, words)

    def __contains__(self, name: object) -> bool:
        return name in self.sentences

    def pieces(self, name: str) -> tuple[Piece, ...]:
        """The parts of a sentence, in order.

        Raises:
            TracerError: if there is no such sentence.
        """
        if name not in self.sentences:
            raise TracerError(f"the prose has no sentence '{name}'")
        return _cut(self.sentences[name])

    def said(self, name: str, /, **facts: object) -> str:
        """A sentence as plain text, with what is put in.

        >>> Prose("en", part="diagram").said("diagram.count", count=3)
        '3 units'
        """
        return "".join(
            str(facts[piece.text]) if piece.kind == "fact" else piece.text
            for piece in self.pieces(name)
        )


@lru_cache(maxsize=512)
def _cut(sentence: str) -> tuple[Piece, ...]:
    found, position = [], 0
    for match in _PIECE.finditer(sentence):
        if match.start() > position:
            found.append(Piece("text", sentence[position : match.start()]))
        kind = "formula" if match["formula"] is not None else "fact"
        found.append(Piece(kind, match[kind]))
        position = match.end()
    if position < len(sentence):
        found.append(Piece("text", sentence[position:]))
    return tuple(found)
