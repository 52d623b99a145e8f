r"""The spelling of a name that all its typed forms share.

Takes what a person or a printer wrote (``net_h1``, ``a₁⁽¹⁾``, ``\frac{\partial
E}{\partial w_5}``, ``w_{1,1}(\text{new})``); gives a `Spelling`: letters, subscripts,
superscripts and the number of updates, in which brackets, spaces and markup no longer
matter.  `reading` looks spellings up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

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
_HAT = re.compile(r"\\?\b(?:wide)?hat\s*[{(]\s*([^{}()]*?)\s*[})]|([^\W\d])\u0302")
_ACCENT = re.compile(rf"\\({'|'.join(_ACCENTS)})\s*\{{(\w)\}}")
_SET = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|text\w*|math\w+|operatorname|boldsymbol|bm|mbox|rm|bf|it"
    r"|displaystyle|limits|nolimits|q?quad|phantom|hspace|[,;:!>. ])\*?"
    r"|\b(?:upright|bold|italic|op)(?=\()"
)
_TAMED = ((re.compile(r"\\?\bprime\b"), "'"), (re.compile(r"\\(?:langle|lvert)\b"), "("),
          (re.compile(r"\\(?:rangle|rvert)\b"), ")"), (re.compile(r"\\partial\b|\bdiff\b"), "d"),
          (re.compile(r"\\var(?=epsilon|phi|theta|rho|sigma)"), ""), (re.compile(r"\\ast\b"), "*"),
          (re.compile(r"\bpartial\b"), "d"))  # fmt: skip
_DELIMITED = re.compile(r"\\[(\[](.*)\\[)\]]", re.DOTALL)
_RUN = re.compile(r"[^\W_]+(?:,[^\W_]+)*|[+*']+\d*")
_MARK = re.compile(
    r"[,;]?(?:\(?(?:(?P<plus>\++|'+)(?P<count>\d*)|new(?P<new>\d*)"
    r"|after(?:update)?(?P<after>\d+)(?:updates?)?)\)?)(?![^\W\d])"
)
_PAIRS = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name without markup."""

    letters: str
    """``z``, ``delta``, ``dW``, ``net``: signs before, letter or word, accent."""
    low: str = ""
    """Subscripts and numbers at the letter: ``11``, ``1,12``, ``h1``."""
    high: str = ""
    """Superscripts with their brackets: ``(2)``, ``[2](3)``."""
    update: int = 0
    """How often it was updated, as its mark says."""
    by: Spelling | None = None
    """The denominator of a derivative."""

    @property
    def loose(self) -> str:
        """Letters, then all that hangs on them in one order, without brackets and commas."""
        hanging = re.sub(r"\W", "", self.high + self.low)
        bottom = f"/{self.by.loose}" if self.by else ""
        return f"{self.letters}|{hanging}|{self.update}{bottom}"


@lru_cache(maxsize=8192)
def spelling(text: str) -> Spelling:
    r"""The spelling of a typed or printed name.

    >>> spelling("a₁⁽¹⁾") == spelling("a^{(1)}_{1}") == spelling("a_1^(1)")
    True
    >>> spelling(r"\frac{\partial E_{total}}{\partial w_5}").by
    Spelling(letters='dw', low='5', high='', update=0, by=None)
    >>> spelling("w5+") == spelling("w_5^{+}") == spelling(r"w_{5}(\text{new})")
    True
    """
    return _whole(_without_markup(text))


def _without_markup(text: str) -> str:
    """ASCII where possible; ``_`` and ``^`` before scripts, ``/`` in fractions, no spaces."""
    text = text.strip().strip("$`")
    if match := _DELIMITED.fullmatch(text):
        text = match[1]
    text = unicodedata.normalize("NFD", text)
    text = _HAT.sub(lambda m: f"{m[1] or m[2]}hat", text)
    text = _ACCENT.sub(lambda m: m[2] + _ACCENTS[m[1]], text)
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
        end = _closing(text, start - 1)
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
        middle = _closing(text, first) if first >= 0 else -1
        second = text.find("{", middle) if middle > 0 else -1
        if second < 0:
            return text[: match.start()] + text[start:]
        end = _closing(text, second)
        top, bottom = text[first + 1 : middle], text[second + 1 : end]
    return f"{text[: match.start()]}({top})/({bottom}){text[end + 1 :]}"


def _closing(text: str, start: int) -> int:
    """Where the bracket at `start` closes."""
    opening, closing, depth = text[start], _PAIRS[text[start]], 0
    for place in range(start, len(text)):
        depth += (text[place] == opening) - (text[place] == closing)
        if not depth:
            return place
    return len(text)


def _whole(text: str) -> Spelling:
    text = _bare(text)
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "/" and not depth:
            top, bottom = _one(_bare(text[:place])), _one(_bare(text[place + 1 :]))
            return replace(top, by=bottom)
    return _one(text)


def _bare(text: str) -> str:
    """Without brackets around the whole."""
    while len(text) > 1 and text[0] in _PAIRS and _closing(text, 0) == len(text) - 1:
        text = text[1:-1]
    return text


def _one(text: str) -> Spelling:
    letters, lows, highs, update = "", list[str](), list[str](), 0
    place, raised = 0, False
    while place < len(text):
        letter = text[place]
        script = letter if letter in "_^" else ""
        start = place + len(script)
        if letter in "([" and raised:  # z^(2)(3): a second superscript
            script = "^"
        raised = script == "^"
        if start < len(text) and text[start] in _PAIRS:
            end = _closing(text, start)
            inside = text[start + 1 : end]
            place = end + 1
            if not script and text[start] == "{":
                letters += inside
                continue
            grouping = text[start] == "{" or "(" in inside or "[" in inside
            if script == "^" and not grouping:
                inside = text[start:place]
        elif script:
            run = _RUN.match(text, start)
            inside = run[0] if run else ""
            place = run.end() if run else start
        else:
            letters += letter
            place += 1
            continue
        inside, found = _mark_of(inside.replace("{", "").replace("}", ""))
        update += found
        (highs if script == "^" else lows).append(inside)
    rest, found = _mark_of(letters)
    letters, found = (rest, found) if rest else (letters, 0)
    digits = re.findall(r"\d+", letters)
    return Spelling(
        re.sub(r"[\d,_]", "", letters), _pieces([*digits, *lows]), "".join(highs), update + found
    )


def _mark_of(text: str) -> tuple[str, int]:
    """The text without its mark, and the number of updates that the mark says."""
    match = _MARK.search(text)
    if not match:
        return text, 0
    count = match["count"] or match["new"] or match["after"]
    update = int(count) if count else len(match["plus"] or "1")
    return text[: match.start()] + text[match.end() :], update


def _pieces(lows: list[str]) -> str:
    """Subscripts with a comma between them, unless each is one character."""
    parts = [part for low in lows for part in re.split(r"[,;]", low) if part]
    return ("," if any(len(part) > 1 for part in parts) else "").join(parts)
