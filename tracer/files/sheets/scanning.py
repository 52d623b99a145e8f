r"""The pieces of mathematics as people type it: numbers, signs, words, brackets.

Takes one member of a chain in plain text, Unicode or LaTeX; gives tokens.  A word is cut
with all that may hang on it (``w_{1,1}(\text{new})``, ``a₁⁽¹⁾``, ``dE/dw5``), together with
the places where it may also end, since ``y²`` may be a power and ``a(2)`` a product: what
it is, `algebra` asks the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracer.errors import FormulaError
from tracer.notation.spelling import NEW

LONGEST = 4000
"""Characters of one member."""

_SPACING = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle|space|q?quad|limits|[,;:!> ])"
    r"|&|\u2009|\u00a0|~"
)
_BARS = re.compile(r"\\(?:[lr]?vert)(?![A-Za-z])")
_PARTS = {ord("½"): "(1/2)", ord("⅓"): "(1/3)", ord("⅔"): "(2/3)", ord("¼"): "(1/4)",
          ord("¾"): "(3/4)", ord("⌊"): " floor(", ord("⌋"): ")"}  # fmt: skip
_FLOOR = {r"\lfloor": "⌊", r"\rfloor": "⌋"}
_COMMA = re.compile(r"(?<=\d)\{,\}(?=\d)")
_STRESSED = re.compile(
    r"\\(?:mathbf|boldsymbol|bm|boxed|mathit|mathrm)\s*"
    r"\{(\s*[-+−–]?\s*[.\d](?:[^{}\\]|\\(?:cdot|times|,)|\{[^{}]*\})*)\}"
)
"""A number that is set off from the others, as results are."""
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾·ᵀ", "0123456789+-().T", strict=True))
_POWER_OF_TEN = (
    r"\s*(?:[·×∙⋅*]|\\cdot|\\times|x)\s*10\s*(?:\^|\*\*)\s*[{(]?\s*([-+−–]?\d{1,4})\s*[)}]?"
)
_TAIL = rf"(?:[eE]([-+−–]?\d{{1,4}})(?!\w)|{_POWER_OF_TEN})?"
_NUMBER = re.compile(rf"(\d+[.,]\d+|\d+\.(?!\d)|\d+|\.\d+){_TAIL}")
_POINTED = re.compile(rf"(\d+\.\d+|\d+\.(?!\d)|\d+|\.\d+){_TAIL}")
_SIGNS = {
    "+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "·": "*", "×": "*", "∗": "*", "⋅": "*",
    "∙": "*", "•": "*", "⊙": "*", "∘": "*", "/": "/", "÷": "/", "∕": "/", "^": "^", "(": "(",
    ")": ")", "|": "|", "[": "[", "]": "]", "{": "(", "}": ")", ",": ",", ";": ";", "√": "√",
}  # fmt: skip
_DIGITS = re.compile(r"[\d.]+")
_LETTERS = re.compile(r"[A-Za-z]+")
_TIME = re.compile(r"~(?=\d)")
_COMMANDS = {"cdot": "*", "times": "*", "ast": "*", "odot": "*", "circ": "*", "div": "/",
             "frac": "frac", "dfrac": "frac", "tfrac": "frac", "sqrt": "√"}  # fmt: skip
_SUPER = r"[\u00b2\u00b3\u00b9\u2070-\u207f\u1d40\u02e1\u1d38]"
_HEAD = (
    r"(?:\\(?:mathrm|text|textrm|textit|operatorname|mathbf|boldsymbol|mathcal|mathit|hat|widehat"
    r"|bar|vec|tilde)\s*\{[^{}]{0,40}\}|\\[A-Za-z]+|[^\W\d_]\u0302?)"
)
_BRACES = r"\{(?:[^{}]|\{[^{}]*\}){0,60}\}"
_HANGING = (
    rf"(?:_{_BRACES}|_[^\W_]+|[\u2080-\u209c\u1d62-\u1d6a\u2c7c]|{_SUPER}|\^{_BRACES}"
    r"|\^\(\w{1,4}\)|\^\[\w{1,4}\]|\^[+*'\d]|\[\s*\d+\s*(?:,\s*\d+\s*){0,3}\]|['′]"
    r"|~\d+|\#\d+|@\d+|\.[^\W\d_][^\W_]*|\.\d+(?=[\[@#])"
    rf"|\s?\((?:{NEW}|\\text\{{\s*{NEW}\s*\}}|\d{{1,2}}|{NEW}\s+\d+)\))"
)
_WORD = re.compile(
    rf"(?:(?:\\Delta|\\partial|\\nabla)\s*(?=[\\\w])|[Δ∆∂∇]\s*)?{_HEAD}(?:[^\W_]|\u0302)*{_HANGING}*"
)
_DERIVATIVE = re.compile(r"\s*/\s*(?=d[^\W\d_]|∂|\\partial)")
_FRACTION = re.compile(
    rf"\\[dt]?frac\s*\{{\s*(?:\\partial|∂|d\s*\w)(?:[^{{}}]|{_BRACES}){{0,60}}\}}"
    rf"\s*\{{\s*(?:\\partial|∂|d\s*\w)(?:[^{{}}]|{_BRACES}){{0,60}}\}}"
)
_EULER = re.compile(rf"(?:\\mathrm\{{e\}}|e)(?=\s*\^|{_SUPER})")
_RAISING = re.compile(rf"{_SUPER}+")
_ENDS = re.compile(
    r"[\u00b2\u00b3\u00b9\u2070-\u207b]+$|\^\{\s*[^{}(\[\s][^{}]*\}$|\^[^\s)\]]$|\s?\([^()]*\)$"
    r"|\[[^\[\]]*\]$|['′]+$"
)
"""What may hang on a name or be a sign of its own: a power, a factor; a bracketed superscript
is a layer's or a sample's number and no power."""


_PRIME = re.compile(r"(?:['′]|\^\s*\{?\s*(?:['′]|\\prime)\s*\}?)$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A number, a sign or a word."""

    kind: str
    """``number``, ``word``, or the sign itself (``+ - * / ^ ( ) [ ] | , ; √ frac``)."""
    text: str
    start: int
    end: int


def cleaned(text: str) -> str:
    r"""Without spacing commands; ``0{,}5`` as ``0,5``, ``**`` as ``^``, ``½`` as ``(1/2)``.

    >>> cleaned(r"\mathbf{-0.38\cdot 10^{-3}}")
    '-0.38\\cdot 10^{-3}'
    """
    for command, sign in _FLOOR.items():
        text = text.replace(command, sign)
    text = text.translate(_PARTS)
    if "\\" in text:
        text = _STRESSED.sub(r"\1", text)
    if "\\" in text or "&" in text or "{" in text or "~" in text:
        kept = _TIME.sub("\0", text)
        text = _SPACING.sub(" ", _COMMA.sub(",", _BARS.sub("|", kept))).replace("\0", "~")
    return text.replace("**", "^")


def pieces(text: str) -> list[Piece]:
    """Cut a cleaned text.

    Raises:
        FormulaError: at a character that has no meaning, with its column.
    """
    if len(text) > LONGEST:
        raise FormulaError(f"a formula may have {LONGEST} characters; this one has {len(text)}")
    return list(_cut(text))


def _cut(text: str) -> Iterator[Piece]:
    position, inside = 0, 0
    lists = ";" not in text
    while position < len(text):
        letter = text[position]
        if letter.isspace():
            position += 1
            continue
        inside += (letter == "[") - (letter == "]")
        number = _POINTED if inside > 0 and lists else _NUMBER
        if found := number.match(text, position):
            piece = _number(text, found)
        elif found := _RAISING.match(text, position):
            piece = Piece("raised", "".join(_RAISED.get(c, c) for c in found[0]), *found.span())
        elif found := _EULER.match(text, position):
            piece = Piece("word", "e", *found.span())
        elif letter == "\\" and (found := _FRACTION.match(text, position)):
            piece = Piece("word", found[0], *found.span())
        elif letter == "\\" and (command := _command(text, position)) in _COMMANDS:
            end = position + 1 + len(command)
            piece = Piece(_COMMANDS[command], text[position:end], position, end)
        elif found := _WORD.match(text, position):
            end = _whole_word(text, found)
            piece = Piece("word", text[position:end], position, end)
        elif letter in _SIGNS:
            piece = Piece(_SIGNS[letter], letter, position, position + 1)
        else:
            raise FormulaError(f"'{letter}' has no meaning in a formula", position)
        yield piece
        position = piece.end


def _number(text: str, found: re.Match[str]) -> Piece:
    start, end = found.span()
    if text[end : end + 1] == "." and text[end + 1 : end + 2].isdigit():
        raise FormulaError(f"'{_run(text, start)}' is not a number", start)
    digits, power = found[1].replace(",", ".").rstrip("."), found[2] or found[3]
    said = f"{digits}e{power.translate(_MINUS)}" if power else digits
    return Piece("number", f"0{said}" if said[0] == "." else said, start, end)


_MINUS = str.maketrans("−–", "--")


def _run(text: str, start: int) -> str:
    found = _DIGITS.match(text, start)
    return found[0][:40] if found else ""


def _command(text: str, position: int) -> str:
    found = _LETTERS.match(text, position + 1)
    return found[0] if found else ""


def _whole_word(text: str, word: re.Match[str]) -> int:
    """The end of a word; of the derivative, where one is written as a quotient."""
    if word[0][0] in "d∂\\" and (slash := _DERIVATIVE.match(text, word.end())):
        below = _WORD.match(text, slash.end())
        if below:
            return below.end()
    return word.end()


def unprimed(word: str) -> str:
    r"""A function's name without the sign of its derivative; empty if there is none.

    >>> unprimed("σ'"), unprimed(r"\sigma^{\prime}"), unprimed("tanh")
    ('σ', '\\sigma', '')
    """
    found = _PRIME.search(word)
    return word[: found.start()].rstrip() if found else ""


def shorter(word: str) -> Iterator[str]:
    """The word itself, and what is left without the last thing that hangs on it."""
    yield word
    for _ in range(4):
        found = _ENDS.search(word)
        if found is None or not found.start() or word[found.start() - 1] in "^⁽":
            return
        word = word[: found.start()].rstrip()
        yield word
