"""Formulas in words: for screen readers, and as the words beside a drawing.

Brackets are said where the written formula in one line would have them.  The words are those
of a language (`words`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracer.formula.writing import ATOM, NEGATIVE, POWER, PRODUCT
from tracer.notation.name import Name
from tracer.rendering.number import split
from tracer.rendering.printers.letters import ENGLISH, stem_of
from tracer.rendering.printers.pieces import Piece
from tracer.rendering.printers.printer import TreePrinter
from tracer.rendering.printers.words import Words, words_of

_SAID_SIGNS = {":": "all", "+": "plus", "'": "prime", "*": "star", "-": "minus"}
"""Signs of indices that are said; all others are not."""
_POWERS = {"2": "squared", "3": "cubed"}


@dataclass(frozen=True)
class Spoken(TreePrinter):
    """Formulas in the words of a language.

    >>> from tracer.formula.parsing import parse
    >>> names = {"w": Name("w", sub="11"), "x": Name("x", sub="1"), "b": Name("b")}
    >>> Spoken().formula(parse("w*x + b"), names.__getitem__)
    'w one one times x one plus b'
    """

    language: str = "en"
    """Whose words are said."""
    folder: str = ""
    """The user's own templates, with languages of their own."""

    @property
    def words(self) -> Words:
        """The words of the language."""
        return words_of(self.language, self.folder)

    @property
    def plus(self) -> str:  # type: ignore[override]
        return f" {self.words['plus']} "

    @property
    def minus(self) -> str:  # type: ignore[override]
        return f" {self.words['minus']} "

    @property
    def opposite(self) -> str:  # type: ignore[override]
        return f"{self.words['minus']} "

    @property
    def slash(self) -> str:  # type: ignore[override]
        return f" {self.words['over']} "

    @property
    def equals(self) -> str:  # type: ignore[override]
        return self.words["equals"]

    @property
    def approx(self) -> str:  # type: ignore[override]
        return self.words["approx"]

    @property
    def absent(self) -> str:  # type: ignore[override]
        return self.words["nothing"]

    @property
    def signs(self) -> Mapping[str, str]:  # type: ignore[override]
        return {sign: f" {self.words[word]} " for sign, word in _SIGNS.items()}

    @property
    def separator(self) -> str:
        return f" {self.words['and']} "

    @property
    def next_cell(self) -> str:
        """Between two numbers of a row; a semicolon where the comma is the decimal mark."""
        return "; " if self.comma else ", "

    def number_piece(self, text: str) -> Piece:
        say = self.words.say
        parts = split(text)
        shown = parts.shown_digits("," if self.comma else ".")
        level, shape = ATOM, ""
        if parts.under:
            shown, level, shape = f"{shown}{self.slash}{parts.under}", PRODUCT, "slashed"
        elif parts.power:
            exponent = parts.power.lstrip("-")
            if exponent != parts.power:
                exponent = say("negative", number=exponent)
            ten = say("power", base="10", exponent=exponent)
            shown = ten if parts.only_power else f"{shown}{self.signs['times']}{ten}"
            level = POWER if parts.only_power else PRODUCT
        if parts.negative:
            shown, level = say("negative", number=shown), NEGATIVE
        return Piece(shown, level, True, not parts.negative, shape=shape)

    def name_text(self, name: Name) -> str:
        say = self.words.say
        layer = name.sup.strip("()[]")
        hat = self.words["hat"] if name.accent == "hat" else name.accent
        said = [
            self._letters(name.before),
            self._letters(name.base),
            hat,
            self._index(name.sub),
            say("layer", layer=self._index(layer)) if layer.isdigit() else self._index(name.sup),
            say("sample", sample=self._index(name.sample)) if name.sample else "",
            self._mark(name.mark),
        ]
        return " ".join(part for part in said if part)

    def derivative(self, top: Name, bottom: Name) -> Piece:
        names = {"top": self.name_text(top), "bottom": self.name_text(bottom)}
        return Piece(self.words.say("derivative", **names), PRODUCT, shape="derivative")

    def bracketed(self, piece: Piece) -> str:
        return self.words.say("bracket", inside=piece.text)

    def fraction(self, top: Piece, bottom: Piece) -> str:
        raise NotImplementedError("speech has no stacked fractions")

    def power(self, base: Piece, exponent: Piece) -> str:
        if exponent.text in _POWERS:
            return self.words.say(_POWERS[exponent.text], base=base.text)
        inner = exponent if exponent.level in (ATOM, NEGATIVE) else self.bracket(exponent)
        return self.words.say("power", base=base.text, exponent=inner.text)

    def called(self, function: str, arguments: Sequence[Piece]) -> Piece:
        inside = super().called("", arguments)
        return replace(inside, text=self.words.say("of", function=function, arguments=inside.text))

    def function_name(self, function: str, index: str) -> str:
        said = self.words.function(function) or self._letters(function)
        if not index:
            return said
        return self.words.say("indexed_function", function=said, index=self._index(index))

    def transposed(self, base: Piece) -> str:
        return self.words.say("transposed", base=base.text)

    def indexed(self, base: Piece, index: str) -> str:
        return self.words.say("indexed", base=base.text, index=self._index(index))

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        said = [
            self.words.say("row", number=self._index(str(i)), cells=self.next_cell.join(row))
            for i, row in enumerate(rows, 1)
        ]
        return self.words.say("matrix", rows="; ".join(said))

    def _mark(self, mark: str) -> str:
        """What tells an updated value from the old one, a word or signs."""
        word, _, number = mark.partition(" ")
        if word == "new":
            return f"{self.words['new']} {self._index(number)}".strip()
        return mark if len(mark) > 3 else self._index(mark)

    def _letters(self, text: str) -> str:
        stem, digits = stem_of(text)
        parts = stem.replace("_", " ").split()
        said = " ".join(self.words.letter(ENGLISH.get(part, part)) for part in parts)
        return f"{said} {self._index(digits)}".strip()

    def _index(self, text: str) -> str:
        """An index, its digits one by one: ``11`` is said "one one"."""
        words = []
        run = ""
        for character in f"{text} ":
            if character.isalpha():
                run += character
                continue
            if run:
                words.append(run)
                run = ""
            if character.isdecimal():
                words.append(self.words.digit(character))
            elif character in _SAID_SIGNS:
                words.append(self.words[_SAID_SIGNS[character]])
        return " ".join(words)


_SIGNS = {
    "times": "times",
    "beside": "times",
    "apart": "times",
    "chain": "times",
    "elementwise": "elementwise",
    "matmul": "matmul",
    "matmul times": "matmul",
}
"""By the kind of a product: what is said between its factors."""


def voice_of(language: str, folder: str = "") -> Spoken:
    """The printer that speaks a language.

    Args:
        language: its code.
        folder: the user's own templates, searched first.

    >>> from tracer.formula.parsing import parse
    >>> voice_of("de").formula(parse("1/2*x**2"), Name)
    '1 durch 2 mal x zum Quadrat'
    """
    return Spoken(language=language, folder=folder)
