"""Text that people wrote (names, titles), made safe for each format.

Takes any text; gives text that shows the same characters and means nothing else in
Markdown, LaTeX or plain ASCII.  The LaTeX form is pure ASCII, so that it survives any
input encoding and engine.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape

from tracer.rendering.printers.letters import ENGLISH, plain

_SPACES = re.compile(r"\s+")
_MARKDOWN = re.compile(
    r"([\\`*_\[\]<>$|#~&]"  # everywhere
    r"|%(?=%)|=(?==)"  # Obsidian: what is not shown, what is marked
    r"|\{(?=[{%])|(?<!\w)@(?=\w)|\^(?=[^\s^]+\^))"  # Quarto, MyST: put in, cited, raised
)
_ACTING = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])"  # a backslash that hides a sign
    r"|\||`"
    r"|\*(?=\S.*\S?\*)|(?<!\w)_(?=\S.*_)"  # emphasis that closes again
    r"|~(?=.*~)|\$(?=\S.*\$)"
    r"|\[(?=[^\]]*\][(\[:])|\[(?=\^)"  # links and footnotes
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"
    r"|(?:^|(?<= ))#(?=#*$)|^#"  # what a heading drops, and what begins one
    r"|%(?=%)|=(?==)|\{(?=[{%])|(?<!\w)@(?=\w)|\^(?=[^\s^]+\^)"
)
"""Marks that act where they stand; those of single readers as in `_MARKDOWN`."""
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_TYPST = re.compile(r"[!-/:-@\[-`{-~]")
_LIST_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])(?!\d)")

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\trquotedbl{}",
    "–": "--",
    "—": "---",
    "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}",
    "·": r"\ensuremath{\cdot}",
    "≈": r"\ensuremath{\approx}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "…": r"\dots{}",
    "ß": r"\ss{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "ı": r"\i{}",
}
_LATEX_MARKS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
    "\u0328": "k",
}
_ASCII = {
    "–": "-", "—": "-", "−": "-", "×": "x", "·": "*", "≈": "~", "“": '"', "”": '"',
    "‘": "'", "’": "'", "…": "...", "\u00a0": " ", "½": "1/2",
}  # fmt: skip


def one_line(text: str) -> str:
    """The text without line breaks and characters that cannot be seen.

    >>> one_line("two\\n lines\\x07")
    'two lines'
    """
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return _SPACES.sub(" ", seen).strip()


def markdown(text: str) -> str:
    """Text for Markdown: no emphasis, link, formula, tag or table cell can come of it.

    >>> markdown("a *b* <c> $d$ | e_f")
    'a \\\\*b\\\\* \\\\<c\\\\> \\\\$d\\\\$ \\\\| e\\\\_f'
    """
    escaped = _MARKDOWN.sub(r"\\\1", one_line(text))
    return _LIST_START.sub(lambda m: rf"{m[1]}\{m[2]}" if m[1] else rf"\{m[3]}", escaped)


def plain_markdown(text: str) -> str:
    """Text for Markdown that is read as it stands: a backslash only where a mark would act.

    >>> print(plain_markdown("XOR_net, 2 * 3 & a [b] #1, $5"))
    XOR_net, 2 * 3 & a [b] #1, $5
    >>> print(plain_markdown("*b* _i_ <c> [d](e) $x$ | f"))
    \\*b* \\_i_ \\<c\\> \\[d](e) \\$x$ \\| f
    """
    line = one_line(text)
    escaped = _ACTING.sub(r"\\\g<0>", line)
    if _TAG.search(line):
        escaped = escaped.replace(">", r"\>")
    elif escaped.startswith(">"):
        escaped = f"\\{escaped}"
    return _LIST_START.sub(lambda m: rf"{m[1]}\{m[2]}" if m[1] else rf"\{m[3]}", escaped)


def latex(text: str) -> str:
    """Text for LaTeX, in pure ASCII.

    >>> print(latex("50 % of Łódź & {δ}"))
    50 \\% of \\L{}\\'{o}d\\'{z} \\& \\{\\ensuremath{\\delta}\\}
    """
    return "".join(_latex(character) for character in one_line(text))


def ascii_text(text: str) -> str:
    """Text for the ASCII flavor of Markdown.

    >>> ascii_text("1 – 2: żółw")
    '1 - 2: zolw'
    """
    return plain_markdown(plain("".join(_ASCII.get(character, character) for character in text)))


def html(text: str) -> str:
    """Text for HTML.

    >>> html("a < b")
    'a &lt; b'
    """
    return escape(one_line(text), quote=False)


def typst(text: str) -> str:
    """Text for Typst: every sign of ASCII shows itself, whatever it means in markup.

    >>> print(typst("50 % of #x & 1. $a$"))
    50 \\% of \\#x \\& 1\\. \\$a\\$
    """
    return _TYPST.sub(r"\\\g<0>", one_line(text))


def _latex(character: str) -> str:
    if character in _LATEX:
        return _LATEX[character]
    if character.isascii():
        return character
    if character in ENGLISH:
        word = ENGLISH[character]
        return "o" if word == "omicron" else rf"\ensuremath{{\{word}}}"
    taken = unicodedata.normalize("NFD", character)
    if len(taken) == 2 and taken[0].isascii() and taken[1] in _LATEX_MARKS:
        base = {"i": r"\i", "j": r"\j"}.get(taken[0], taken[0])
        return rf"\{_LATEX_MARKS[taken[1]]}{{{base}}}"
    return rf"\trunicode{{{ord(character):04X}}}"
