"""Letters, words and indices in LaTeX mathematics, in plain ASCII.

Takes any text that a name may hold; gives markup that is safe in every reader.
"""

from __future__ import annotations

import unicodedata

from tracer.rendering.printers.letters import ENGLISH, GREEK, pieces_of, plain

_SIGNS = {
    "_": r"\_",
    "'": r"\prime ",
    "*": r"\ast ",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "$": r"\$",
    " ": r"\,",
}
_ACCENTS = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde", "\u0304": "bar",
    "\u0306": "breve", "\u0307": "dot", "\u0308": "ddot", "\u030a": "mathring", "\u030c": "check",
}  # fmt: skip


def symbol(base: str) -> str:
    """A letter in italics, a Greek letter by its macro, a word upright.

    >>> symbol("w"), symbol("delta"), symbol("net_out")
    ('w', '\\\\delta', '\\\\mathrm{net\\\\_out}')
    """
    name = ENGLISH.get(base, base)
    if name in GREEK:
        return r"\varepsilon" if name == "epsilon" else f"\\{name}"
    letters = escaped(base)
    return letters if len(base) == 1 else rf"\mathrm{{{letters}}}"


def script(text: str) -> str:
    """The inside of an index: letters in italics, words upright.

    >>> script("1,2"), script("o1"), script("total")
    ('1,2', 'o1', '\\\\mathrm{total}')
    """
    shown = ""
    for piece in pieces_of(text):
        part = symbol(piece) if piece[0].isalpha() else escaped(piece)
        needs_gap = part.startswith("\\") and part[-1].isalpha()
        shown += f"{part} " if needs_gap else part
    return shown


def escaped(text: str) -> str:
    """The text in ASCII, with accents and signs as macros of mathematics.

    >>> escaped("leaky_relu"), escaped("żo")
    ('leaky\\\\_relu', '\\\\dot{z}o')
    """
    return "".join(_SIGNS.get(letter) or _accented(letter) for letter in text)


def _accented(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 2 and parts[0].isascii() and parts[1] in _ACCENTS:
        return rf"\{_ACCENTS[parts[1]]}{{{parts[0]}}}"
    name = ENGLISH.get(letter)
    return f"\\{name} " if name else plain(letter)


def before(signs: str) -> str:
    """The signs before a name, separated by blanks, so set that the name can follow.

    >>> before("partial"), before("Delta d")
    ('\\\\partial ', '\\\\Delta d')
    """
    shown = ""
    for sign in signs.split():
        part = symbol(sign)
        shown += f"{part} " if part.startswith("\\") else part
    return shown
