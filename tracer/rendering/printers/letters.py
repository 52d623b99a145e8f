"""Letters of formulas: Greek by its English name, raised and lowered Unicode, plain ASCII.

Tables and three small lookups that the printers share; nothing here knows a format's
markup.
"""

from __future__ import annotations

import re
import unicodedata
from string import ascii_letters

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "nabla": "∇", "partial": "∂",
}  # fmt: skip
"""English names of letters and signs that have no key on a keyboard."""

ENGLISH = {letter: name for name, letter in GREEK.items()}
"""The same table read backwards, for names that come with the letter itself."""

_LOW = dict(
    zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_HIGH = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzLT'",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸᵀ′",
        strict=True,
    )
)


def stem_of(base: str) -> tuple[str, str]:
    """A name's base without the digits at its end, and the digits.

    >>> stem_of("W1"), stem_of("delta")
    (('W', '1'), ('delta', ''))
    """
    stem = base.rstrip("0123456789")
    return (stem, base[len(stem) :]) if stem else (base, "")


def is_word(base: str) -> bool:
    """Whether the base is a word, set upright, and no single letter.

    >>> is_word("net"), is_word("delta"), is_word("W1")
    (True, False, False)
    """
    stem = stem_of(base)[0]
    return len(stem) > 1 and stem not in GREEK


def lowered(text: str) -> str | None:
    """The text in Unicode subscripts; None where a character has none.

    A comma between indices stays an ordinary comma: Unicode has no lowered one.

    >>> lowered("1,2"), lowered("h1"), lowered("d")
    ('₁,₂', 'ₕ₁', None)
    """
    return _each(text, {**_LOW, ",": ","})


def raised(text: str) -> str | None:
    """The text in Unicode superscripts; None where a character has none.

    >>> raised("(2)"), raised("-1"), raised("[2]")
    ('⁽²⁾', '⁻¹', None)
    """
    return _each(text.replace("−", "-"), _HIGH)


def joined(mark: str) -> str:
    """A raised mark without the blank before its number.

    >>> joined("new 5"), joined("(2)")
    ('new5', '(2)')
    """
    return re.sub(r"(?<=[a-z]) (?=\d)", "", mark)


def _each(text: str, table: dict[str, str]) -> str | None:
    found = [table.get(character) for character in text]
    return None if None in found else "".join(part for part in found if part)


def hatted(letter: str) -> str | None:
    """The letter with a circumflex; None for letters over which many fonts draw it apart.

    >>> hatted("y"), hatted("m") == "m\u0302", hatted("δ")
    ('ŷ', True, None)
    """
    found = unicodedata.normalize("NFC", letter + "\u0302")
    return found if len(found) == 1 or letter in ascii_letters else None


_PLAIN = {
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ß": "ss",
    "æ": "ae",
    "ı": "i",
}


def plain(text: str) -> str:
    """The text in ASCII: Greek by name, marks dropped, anything else by its code point.

    >>> plain("δ"), plain("żółw"), plain("学")
    ('delta', 'zolw', 'u5b66')
    """
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character in ENGLISH or character in _PLAIN:
        return ENGLISH.get(character) or _PLAIN[character]
    first = unicodedata.normalize("NFD", character)[0]
    return first if first.isascii() else f"u{ord(character):04x}"


def pieces_of(text: str) -> list[str]:
    """An index cut into words, numbers and signs; short words into single letters.

    ``jk`` are two indices, ``out`` is a word.

    >>> pieces_of("h1"), pieces_of("jk"), pieces_of("out,2")
    (['h', '1'], ['j', 'k'], ['out', ',', '2'])
    """
    runs: list[str] = []
    for character in text:
        kind = _kind(character)
        if runs and kind != "sign" and _kind(runs[-1][-1]) == kind:
            runs[-1] += character
        else:
            runs.append(character)
    pieces: list[str] = []
    for run in runs:
        short = _kind(run[0]) == "letter" and len(run) < 3 and run not in GREEK
        pieces.extend(run if short else [run])
    return pieces


def _kind(character: str) -> str:
    if character.isalpha() or character == "_":
        return "letter"
    return "digit" if character.isdigit() or character == "." else "sign"
