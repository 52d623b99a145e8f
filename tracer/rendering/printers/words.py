"""The words of spoken formulas in one language.

They are the sentences of ``prose/*.spoken.yaml``, translated like all others, and the names
that pages give to activations and losses; read by the printer `Spoken`, once for each language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from tracer.rendering.languages import english_sentences, language_named

PART = "spoken"
_FACT = re.compile(r"\{(\w+)\}")


class Words:
    """What a voice says, by name.

    Args:
        sentences: by name: ``said.plus``.

    >>> Words({"said.squared": "{base} squared"}).say("squared", base="x")
    'x squared'
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences
        said = {name: words for name, words in sentences.items() if name.startswith("said.")}
        self._cut = {name: tuple(_FACT.split(words)) for name, words in said.items()}

    def __getitem__(self, name: str) -> str:
        """The words without anything put in: those of a sign."""
        return self._sentences[f"said.{name}"]

    def say(self, name: str, **facts: str) -> str:
        """The words with what is put in."""
        parts = self._cut[f"said.{name}"]
        return "".join(facts[part] if at % 2 else part for at, part in enumerate(parts))

    def digit(self, digit: str) -> str:
        """A digit of an index."""
        return self._sentences[f"digit.d{int(digit)}"]

    def letter(self, name: str) -> str:
        """A letter by its English name; any other word as it is."""
        return self._sentences.get(f"letter.{name}", name)

    def function(self, name: str) -> str | None:
        """What a function, an activation or a loss is called; None: by its own name."""
        kinds = ("function", "activation", "loss")
        known = (self._sentences.get(f"{kind}.{name}") for kind in kinds)
        return next((words for words in known if words), None)


@lru_cache(maxsize=16)
def words_of(language: str, folder: str = "") -> Words:
    """The words of a language.

    Args:
        language: its code.
        folder: the user's own templates, searched first.

    Raises:
        TracerError: if there is no such language.

    >>> words_of("de")["plus"]
    'plus'
    """
    known = language_named(language, folder)
    before = f"{PART}:"
    return Words(
        {
            name.removeprefix(before): known.say(name, english)
            for part in ("", PART)
            for name, english in english_sentences(folder, part).items()
        }
    )
