"""The sentences of a page, from `templates/prose`, free of any format.

A sentence holds ``{word}`` where the page puts something typeset, and formulas between
backticks.  Takes a sentence's name such as ``why.delta``; gives its pieces, which
`typesetting` joins in the format of the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from tracer.errors import TracerError
from tracer.notation.textbook import content_of
from tracer.rendering.templating import packaged_folder

_PIECE = re.compile(r"`(?P<formula>[^`]*)`|\{(?P<fact>\w+)\}")


class Piece(NamedTuple):
    """A part of a sentence."""

    kind: str
    """``text``, ``formula`` or ``fact``."""
    text: str


class Prose:
    """The sentences of one language.

    Args:
        language: a file of the folder ``prose``.
        folder: the user's own templates, searched first.
        part: further sentences that only some pages need: ``report``.

    >>> Prose("en").pieces("check.same")[1]
    Piece(kind='fact', text='before')
    """

    def __init__(self, language: str = "en", folder: str = "", part: str = "") -> None:
        self.sentences = dict(_sentences(language, folder))
        if part:
            self.sentences |= _sentences(f"{language}.{part}", folder)

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


@lru_cache(maxsize=8)
def _sentences(language: str, folder: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    name = f"prose/{language}.yaml"
    packaged, own = packaged_folder() / name, Path(folder) / name
    if not packaged.is_file() and not (folder and own.is_file()):
        raise TracerError(f"there is no prose in the language '{language}'")
    for path in (packaged, own) if folder else (packaged,):
        groups = content_of(path) if path.is_file() else {}
        for group, sentences in groups.items():
            if not isinstance(sentences, dict):
                raise TracerError(f"{path}: '{group}' is no group of sentences")
            found |= {f"{group}.{name}": str(words) for name, words in sentences.items()}
    return found
