"""The texts of a diagram, free of any format, and the room that they take.

A text is a row of pieces: names of quantities, numbers as written, words, signs.  The
writers print each piece with their own printer; the layout only asks how wide it will be,
and gets the widest answer of the three formats.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Any, cast

from tracer.formula.nodes import Node
from tracer.notation.name import Name
from tracer.notation.names import Names
from tracer.rendering.printers import PRINTERS, Printer
from tracer.rendering.printers.letters import GREEK, stem_of
from tracer.rendering.printers.pieces import Marks

SIZES = {"body": 14.0, "small": 12.0, "caption": 12.0, "title": 15.0}
"""Height of the letters, by the word that labels use."""
SCRIPT = 0.72
"""Size of indices beside that of the letters they hang on."""
BOLD = 1.1
"""How much wider strong letters are."""
LONGEST, KEPT = 10, 8
"""Figures; of a longer number so many are shown, and an ellipsis."""

_NARROW = {
    **dict.fromkeys("ijl", 0.29),
    **dict.fromkeys(".,:'|′·", 0.34),
    **dict.fromkeys("()[]frtI/", 0.41),
    **dict.fromkeys(" ", 0.32),
}
_WIDE = {
    **dict.fromkeys("mwMW", 0.99),
    **dict.fromkeys("ABCDEGHKNOPQRTUVXY", 0.78),
    **dict.fromkeys("−+=→←≈×∂∇⊙", 0.85),
    **dict.fromkeys("…⋮", 1.0),
}
_USUAL = 0.64
_FORMULA = 1.12
"""How much wider TeX sets a formula than a line of letters is."""
_POWER = 0.9
"""What TeX puts round the dot before a power of ten."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula over arrays, and what its arrays are called."""

    node: Node
    names: Names
    arrays: frozenset[str]
    """The names whose products are elementwise: all but single numbers."""
    comma: bool = False

    def printed(self, printer: str | Printer) -> str:
        """The formula as one of the printers writes it."""
        names, found = self.names, _printer(printer, self.comma)
        text: str = found.formula(self.node, names.array, self.arrays, names.function)
        return text


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text."""

    kind: str
    """``name``, ``number``, ``formula``, ``word`` or ``sign``."""
    value: Name | Formula | str
    comma: bool = False
    """Whether a number has a decimal comma."""


Text = tuple[Piece, ...]


def word(text: str) -> Text:
    """A person's words, or ours."""
    return (Piece("word", text),)


def sign(text: str) -> Text:
    """A sign: ``→``, ``…``, ``⋮``."""
    return (Piece("sign", text),)


def named(name: Name) -> Text:
    """The name of a quantity; a derivative with a slash instead of a tall fraction."""
    return (Piece("name", name),)


def number(text: str, comma: bool = False) -> Text:
    """A number as it was written; very long ones are cut short, which is said.

    >>> [piece.value for piece in number("0.417022004702574")]
    ['0.41702200', '…']
    """
    figures = sum(c.isdigit() for c in text.partition("e")[0].lstrip("+-0."))
    if figures <= LONGEST or "/" in text or "." not in text:
        return (Piece("number", text, comma),)
    mantissa, mark, power = text.partition("e")
    kept = mantissa[: KEPT - figures]
    if mark:  # an ellipsis cannot stand before a power of ten
        return (Piece("number", f"{kept}e{power}", comma),)
    return (Piece("number", kept, comma), Piece("sign", "…"))


def number_in(piece: Piece, printer: str | Printer) -> str:
    """A number as one of the printers writes it.

    >>> number_in(Piece("number", "-0.5", comma=True), "unicode")
    '−0,5'
    >>> number_in(Piece("number", "-1/3"), "latex")
    '-1/3'
    """
    assert isinstance(piece.value, str)
    found = _printer(printer, piece.comma)
    top, bar, bottom = piece.value.partition("/")
    if bar and found.stacked:  # a stacked fraction would reach the line on which it stands
        return f"{found.number(top)}{found.slash}{found.number(bottom)}"
    text: str = found.number(piece.value)
    return text


def _printer(printer: str | Printer, comma: bool) -> Any:
    """A printer, by its name in the table or itself, that writes decimal commas or points."""
    found = cast("Any", PRINTERS[printer] if isinstance(printer, str) else printer)
    return replace(found, comma=True) if comma else found


def width_of(text: Text, size: str = "body") -> float:
    """How wide a text will be at most, in units."""
    return SIZES[size] * sum(_piece_width(piece) for piece in text)


def is_tall(text: Text) -> bool:
    """Whether a name in it has a lowered and a raised index."""
    return any(
        {-1, 1} <= {level for _, level, _ in name_runs(piece.value)}
        for piece in text
        if isinstance(piece.value, Name)
    )


def _piece_width(piece: Piece) -> float:
    if isinstance(piece.value, Name):
        return _name_width(piece.value)
    if isinstance(piece.value, Formula):
        return _FORMULA * letters(piece.value.printed("unicode"))
    if piece.kind == "number":
        power = "e" in piece.value.lower()
        return letters(number_in(piece, "unicode")) + (_POWER if power else 0.0)
    return letters(piece.value) + (0.3 if piece.kind == "sign" and "→" in piece.value else 0)


def _name_width(name: Name) -> float:
    if name.over is not None:
        return _name_width(replace(name, over=None)) + _name_width(name.over) + 0.4
    return sum(letters(text) * (SCRIPT if level else 1.0) for text, level, _ in name_runs(name)) + (
        0.1 if name.base not in GREEK else 0.05
    )


def letters(text: str) -> float:
    """How wide a text is at most, in sizes of the font."""
    return sum(_letter(character) for character in text)


def _letter(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    small = unicodedata.decomposition(character)
    if small.startswith(("<super>", "<sub>")):
        return 0.45
    return _NARROW.get(character) or _WIDE.get(character, _USUAL)


def name_runs(name: Name) -> list[tuple[str, int, bool]]:
    """A name as runs of letters, each with its level (0, lowered -1, raised 1), and whether
    it is slanted.

    >>> name_runs(Name("delta", sub="h1", sup="(2)"))
    [('δ', 0, True), ('h1', -1, False), ('(2)', 1, False)]
    """
    if name.over is not None:
        return [*name_runs(replace(name, over=None)), ("/", 0, False), *name_runs(name.over)]
    stem, digits = stem_of(name.base)
    base = GREEK.get(stem, stem)
    marks = Marks.of(name)
    before = "".join(GREEK.get(part, part) for part in name.before.split())
    accent = unicodedata.normalize("NFC", base + "\u0302") if name.accent == "hat" else base
    runs = [
        (before, 0, before.isalpha() and before.isascii()),
        (accent, 0, len(base) == 1),
        (digits + marks.prime.replace("'", "′"), 0, False),
        (_script(name.sub), -1, False),
        *((_script(raised), 1, False) for raised in marks.raised),
        (f" ({marks.after})" if marks.after else "", 0, False),
    ]
    return [run for run in runs if run[0]]


def _script(text: str) -> str:
    return GREEK.get(text, text)
