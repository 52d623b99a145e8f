r"""Printed mathematics cut into tokens, in LaTeX and in plain text.

Takes what a page prints (``0.40\cdot 0.593 + \frac{1}{2}``, ``e^(−z)/2²``); gives one list
of tokens that does not depend on the format.  Brackets are only set where the page shows a
group: round a raised exponent, the two halves of a fraction, what stands under a root.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


class NotUnderstood(ValueError):
    """What is printed is no arithmetic that this reader knows."""


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a word, a sign, or the place of a value that a name stands for."""

    kind: str
    """``number``, ``word``, ``value``, or the sign itself."""
    text: str = ""


PI = "3.14159265358979323846264338327950288419716939937510"

_PLAIN = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)"
    r"|⟦(?P<value>\d+)⟧"
    r"|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)"
    r"|(?P<turned>ᵀ|\^T(?![A-Za-z]))"
    r"|(?P<times>\.\*|⊙|@|·|\*)"
    r"|(?P<nothing>\.)"
    r"|(?P<word>√|[A-Za-zσΦφ_]+(?:[0-9A-Za-z]*))(?P<axis>[₀-₉]+|[₀-₉ₖₛₚ₌]+(?:,[₀-₉ₖₛₚ₌]+)+|_?\{[^}]*\})?"
    r"|(?P<sign>[-−+/^()\[\],;:])"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₖₛₚ₌", "0123456789ksp=", "_{}")


def plain_tokens(text: str, comma: bool = False) -> list[Token]:
    """The tokens of a formula in Unicode or ASCII, with decimal points or commas."""
    if comma:
        text = re.sub(r"\]\[(\d+),(\d+)\]", r"][\1;\2]", text)  # a cell's index
        text = re.sub(r"(\d),(\d)", r"\1.\2", text)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text.replace("^⊙", "^"))
    text = text.replace("⌊", "floor(").replace("⌋", ")")
    text = re.sub(r"(?<!\w)(?:π|pi)(?!\w)", PI, text)
    text = re.sub(r"√(\d+(?:\.\d+)?)", r"√(\1)", text)
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _PLAIN.match(text, place)
        if match is None:
            raise NotUnderstood(f"{text[place : place + 12]!r} in {text!r}")
        place = match.end()
        found += _plain_token(match)
    return found


def _plain_token(match: re.Match[str]) -> list[Token]:
    kind = match.lastgroup or ""
    text = match[kind]
    match kind:
        case "blank":
            return []
        case "number" | "value":
            return [Token(kind, text)]
        case "word" | "axis":
            word, _, low = match["word"].partition("_")
            if low.isdigit():  # sum_1 along an axis; other words keep their underscore
                return [Token("word", word), Token("axis", low)]
            axis = [Token("axis", text.translate(_LOWERED))] if kind == "axis" else []
            return [Token("word", match["word"].rstrip("_")), *axis]
        case "raised":
            return [Token("^"), *_grouped(plain_tokens(text.translate(_RAISED)))]
        case "turned":
            return [Token("T")]
        case "nothing":
            return [Token("*")]
        case "times":
            return [Token(".*" if text in (".*", "⊙") else "*")]
    return [Token({"−": "-", ";": ","}.get(text, text))]


def with_powers(tokens: list[Token]) -> list[Token]:
    """The tokens with ``3.7 * 10 ^ (-5)`` as the one number that it is on the page."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        match = _power_of_ten(tokens, place)
        if match is None:
            found.append(tokens[place])
            place += 1
            continue
        exponent, place = match
        mantissa = "1"
        before = [token.kind for token in found[-3:]]
        if before[-2:] == ["number", "*"] and before[0] not in ("/", "^"):
            mantissa = found[-2].text
            del found[-2:]
        found.append(Token("number", f"{mantissa}e{exponent}"))
    return found


def _power_of_ten(tokens: list[Token], place: int) -> tuple[str, int] | None:
    """The exponent of the ``10 ^ (-5)`` that begins here, and the place behind it."""
    if tokens[place : place + 3] != [Token("number", "10"), Token("^"), Token("(")]:
        return None
    end = place + 3
    sign = "-" if end < len(tokens) and tokens[end].kind == "-" else ""
    end += len(sign)
    if end + 1 < len(tokens) and tokens[end].kind == "number" and tokens[end + 1].kind == ")":
        return sign + tokens[end].text, end + 2
    return None


def _grouped(tokens: list[Token]) -> list[Token]:
    return [Token("("), *tokens, Token(")")]


# --- LaTeX ------------------------------------------------------------------------------

_LATEX = re.compile(
    r"(?P<blank>\s+|\{\})"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|⟦(?P<value>\d+)⟧"
    r"|\\(?P<macro>[A-Za-z]+|.)"
    r"|(?P<letter>[A-Za-z])"
    r"|(?P<sign>[-+/^_()\[\],;&{}])"
)
_SIZES = {"left", "right", "bigl", "bigr", "biggl", "biggr", "quad", "trbreak"}
_SIGNS = {"cdot": "*", ",": "*", "odot": ".*"}
_WRAPS = {"mathbf", "trn", "trfit"}
_WORDS = {
    "sigma": "σ",
    "Phi": "Φ",
    "phi": "φ",
    "ln": "ln",
    "max": "max",
    "min": "min",
    "tanh": "tanh",
    "sin": "sin",
    "cos": "cos",
    "exp": "exp",
}


def latex_tokens(text: str) -> list[Token]:
    """The tokens of a formula in LaTeX."""
    return _Latex(text.replace("{,}", ".")).tokens()


class _Latex:
    """Reads LaTeX from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def tokens(self) -> list[Token]:
        found: list[Token] = []
        while self.place < len(self.text):
            found += self.one()
        return found

    def one(self) -> list[Token]:
        match = _LATEX.match(self.text, self.place)
        if match is None:
            raise NotUnderstood(f"{self.text[self.place : self.place + 12]!r} in {self.text!r}")
        kind = match.lastgroup or ""
        text = match[kind]
        if kind == "sign" and text == "{":
            return _grouped(latex_tokens(self.group()))
        self.place = match.end()
        match kind:
            case "blank":
                return []
            case "number" | "value":
                return [Token(kind, text)]
            case "letter":
                return [Token("word", text)]
            case "macro":
                return self.macro(text)
        if text == "^":
            return self.raised()
        if text == "_" and self.text[self.place : self.place + 1] == "{":
            return [Token("axis", self.group())]
        return [Token({";": ",", "&": ","}.get(text, text))]

    def macro(self, word: str) -> list[Token]:
        if word in _SIZES:
            return []
        if word in _SIGNS:
            return [Token(_SIGNS[word])]
        if word in _WORDS:
            return [Token("word", _WORDS[word])]
        if word in _WRAPS:
            return latex_tokens(self.group())
        match word:
            case "mathrm":
                return [Token("word", self.group().replace(r"\_", "_"))]
            case "frac" | "dfrac":
                top, bottom = latex_tokens(self.group()), latex_tokens(self.group())
                return _grouped([*_grouped(top), Token("/"), *_grouped(bottom)])
            case "sqrt":
                return [Token("word", "√"), *_grouped(latex_tokens(self.group()))]
            case "pi":
                return [Token("number", PI)]
            case "lfloor":
                return [Token("word", "floor"), Token("(")]
            case "lvert":
                return [Token("word", "abs"), Token("(")]
            case "rvert" | "rfloor":
                return [Token(")")]
            case "begin" if self.group() == "bmatrix":
                return self.matrix()
        raise NotUnderstood(f"\\{word} in {self.text!r}")

    def raised(self) -> list[Token]:
        inside = self.group().strip()
        if inside == r"\top":
            return [Token("T")]
        return [Token("^"), *_grouped(latex_tokens(inside.removeprefix(r"\odot")))]

    def matrix(self) -> list[Token]:
        end = self.text.index(r"\end{bmatrix}", self.place)
        body = self.text[self.place : end]
        self.place = end + len(r"\end{bmatrix}")
        found = [Token("[")]
        for number, row in enumerate(body.split(r"\\")):
            found += [Token(",")] * (number > 0)
            found += [Token("["), *latex_tokens(row), Token("]")]
        return [*found, Token("]")]

    def group(self) -> str:
        """The inside of the next group in braces; the place moves behind it."""
        while self.text[self.place : self.place + 1] == " ":
            self.place += 1
        inside, self.place = braced(self.text, self.place)
        return inside


def braced(text: str, start: int) -> tuple[str, int]:
    """The inside of the braces that open at `start`, and the place behind them."""
    if text[start : start + 1] != "{":
        raise NotUnderstood(f"a brace is missing at {text[start : start + 20]!r}")
    depth, place = 0, start
    while place < len(text):
        character = text[place]
        if character == "\\":
            place += 1
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return text[start + 1 : place], place + 1
        place += 1
    raise NotUnderstood(f"a brace is not closed: {text[start : start + 40]!r}")
