r"""Markup off: what was typed or printed, as one line of ASCII.

Takes Unicode (``a₁⁽¹⁾``), LaTeX (``a^{(1)}_{1}``) or Typst; gives ``a_{1}^{(1)}``: scripts
after ``_`` and ``^``, fractions with ``/``, Greek letters by their names, no spaces.
`spelling` reads it.
"""

from __future__ import annotations

import re
import unicodedata

_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi",
    "chi", "psi", "omega",
)  # fmt: skip
_LETTERS = {chr(0x3B1 + i): name for i, name in enumerate(_GREEK)}
_LETTERS |= {chr(0x391 + i): name.capitalize() for i, name in enumerate(_GREEK)}
_LETTERS |= {
    "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "∂": "d", "∆": "Delta", "ℓ": "ell",
    "∇": "nabla", "−": "-", "–": "-", "′": "'", "″": "''", "‴": "'''", "’": "'", "⟨": "(",
    "⟩": ")", "⁄": "/", "∕": "/",
}  # fmt: skip
_ACCENTS = {
    "grave": "\u0300", "acute": "\u0301", "tilde": "\u0303", "bar": "\u0304", "breve": "\u0306",
    "dot": "\u0307", "ddot": "\u0308", "mathring": "\u030a", "check": "\u030c",
}  # fmt: skip
_FRACTION = re.compile(r"\\[dtc]?frac\b|\bfrac\(")
_HAT = re.compile(
    r"\\?\b(?:wide)?hat\s*[{(]\s*([^{}()_^]*?)\s*([_^][^{}()]*?|[_^]\{[^{}()]*\})?\s*[})]"
    r"|([^\W\d])\u0302"
)
"""A hat over a letter, with its scripts under the hat or beside it."""
_BARE_ACCENT = re.compile(
    rf"(\\(?:(?:wide)?hat|{'|'.join(_ACCENTS)}))(?:\s+([^\W\d_])(?![^\W\d_])|\s*(\\[A-Za-z]+))"
)
"""An accent without braces: ``\\hat y``, ``\\hat\\theta``."""
_ACCENT = re.compile(rf"\\({'|'.join(_ACCENTS)})\s*\{{(\w)([_^]\w+|[_^]\{{\w+\}})?\}}")
_SET = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|text\w*|math\w+|operatorname|boldsymbol|bm|mbox|rm|bf|it"
    r"|displaystyle|limits|nolimits|q?quad|phantom|hspace|[,;:!>. ])\*?"
    r"|\b(?:upright|bold|italic|op)(?=\()"
)
_TAMED = ((re.compile(r"\\?\bprime\b"), "'"), (re.compile(r"\\(?:langle|lvert)\b"), "("),
          (re.compile(r"\\(?:rangle|rvert)\b"), ")"), (re.compile(r"\\partial\b|\bdiff\b"), "d"),
          (re.compile(r"\\var(?=epsilon|phi|theta|rho|sigma)"), ""), (re.compile(r"\\ast\b"), "*"),
          (re.compile(r"\bpartial\b"), "d"),
          (re.compile(r"\\(?:long)?(?:right)?arrow\b|\\to\b|→|->"), ""))  # fmt: skip
_DELIMITED = re.compile(r"\\[(\[](.*)\\[)\]]", re.DOTALL)
PAIRS = {"{": "}", "(": ")", "[": "]"}


def without_markup(text: str) -> str:
    """ASCII where possible; ``_`` and ``^`` before scripts, ``/`` in fractions, no spaces."""
    text = text.strip().strip("$`")
    if match := _DELIMITED.fullmatch(text):
        text = match[1]
    text = unicodedata.normalize("NFD", text)
    text = _BARE_ACCENT.sub(lambda m: f"{m[1]}{{{m[2] or m[3]}}}", text)
    text = _HAT.sub(lambda m: f"{m[1] or m[3]}hat{m[2] or ''}", text)
    text = _ACCENT.sub(lambda m: m[2] + _ACCENTS[m[1]] + (m[3] or ""), text)
    text = _plain_letters(text)
    while match := _FRACTION.search(text):
        text = _fraction(text, match)
    text = _SET.sub("", text)
    for pattern, plain in _TAMED:
        text = pattern.sub(plain, text)
    text = re.sub(r"[\s\\\"~·]+", "", text.replace(r"\_", "_"))
    return unicodedata.normalize("NFC", text.replace("<", "(").replace(">", ")"))


def _plain_letters(text: str) -> str:
    """Raised and lowered characters as scripts, Greek letters by their names."""
    out, state = "", ""
    for letter in text:
        kind, _, code = unicodedata.decomposition(letter).partition(" ")
        script = {"<super>": "^", "<sub>": "_"}.get(kind, "")
        if script != state and not (state and letter == "," and script == ""):
            out += ("}" if state else "") + (f"{script}{{" if script else "")
            state = script
        if kind in ("<super>", "<sub>", "<font>"):
            letter = chr(int(code.split()[0], 16))
        out += _LETTERS.get(letter, letter)
    return out + ("}" if state else "")


def _fraction(text: str, match: re.Match[str]) -> str:
    r"""``\frac{a}{b}`` or ``frac(a, b)`` as ``(a)/(b)``."""
    start = match.end()
    if match[0].endswith("("):
        end = closing(text, start - 1)
        depth, comma = 0, end
        for place in range(start, end):
            depth += text[place] in "([{"
            depth -= text[place] in ")]}"
            if text[place] == "," and not depth:
                comma = place
                break
        top, bottom = text[start:comma], text[comma + 1 : end]
    else:
        first = text.find("{", start)
        middle = closing(text, first) if first >= 0 else -1
        second = text.find("{", middle) if middle > 0 else -1
        if second < 0:
            return text[: match.start()] + text[start:]
        end = closing(text, second)
        top, bottom = text[first + 1 : middle], text[second + 1 : end]
    return f"{text[: match.start()]}({top})/({bottom}){text[end + 1 :]}"


def closing(text: str, start: int) -> int:
    """Where the bracket at `start` closes."""
    opening, partner, depth = text[start], PAIRS[text[start]], 0
    for place in range(start, len(text)):
        depth += (text[place] == opening) - (text[place] == partner)
        if not depth:
            return place
    return len(text)
