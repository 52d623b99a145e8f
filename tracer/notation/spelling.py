r"""The spelling of a name that all its typed forms share.

Takes what a person or a printer wrote (``net_h1``, ``a₁⁽¹⁾``, ``\frac{\partial
E}{\partial w_5}``, ``w_{1,1}(\text{new})``); gives a `Spelling`: letters, subscripts,
superscripts and the number of updates, in which brackets, spaces and markup no longer
matter.  `reading` looks spellings up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from tracer.notation.markup import PAIRS, closing, without_markup

_RUN = re.compile(r"[^\W_]+(?:,[^\W_]+)*|[+*']+\d*")
NEW = r"(?:new|neue?|nuev[oa]|nouveau|nouvelle|nuov[oa]|nov[oa]|baru|updated)"
"""What marks the value after the update, in the languages in which people write."""
_MARK = re.compile(
    rf"[,;]?(?:\(?(?:(?P<plus>\++)(?P<count>\d*)|(?P<prime>'+)|{NEW}(?P<new>\d*)"
    r"|after(?:update)?(?P<after>\d+)(?:updates?)?)\)?)(?![^\W\d])"
)


_ABOVE = re.compile(r"d(?:[A-Za-z]|loss|cost|error|out|net|mse)", re.IGNORECASE)
_BELOW = re.compile(r"d[^\W\d_]")
"""What stands above and below in a derivative that is typed as one word."""


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
        hanging = _in_order(self.high) + re.sub(r"[\W_]", "", self.low)
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
    return _whole(without_markup(text))


def _whole(text: str) -> Spelling:
    text = _bare(text)
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "/" and not depth:
            top, bottom = _one(_bare(text[:place])), _one(_bare(text[place + 1 :]))
            return replace(top, by=bottom)
    return _quotient(_one(text))


def _quotient(typed: Spelling) -> Spelling:
    """The spelling; of a derivative typed as in a program, ``dL_dw5``, as of a quotient."""
    below = typed.low
    if not _ABOVE.fullmatch(typed.letters) or not _BELOW.match(below) or typed.high:
        return typed
    return replace(typed, low="", update=0, by=replace(_one(below), update=typed.update))


def _bare(text: str) -> str:
    """Without brackets around the whole."""
    while len(text) > 1 and text[0] in PAIRS and closing(text, 0) == len(text) - 1:
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
        if start < len(text) and text[start] in PAIRS:
            end = closing(text, start)
            inside = text[start + 1 : end]
            place = end + 1
            if not script and text[start] == "{":  # {z_1}^{(2)}
                text, place = text[:start] + inside + text[end + 1 :], start
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


def _in_order(high: str) -> str:
    """What stands above: numbers, then what begins with a letter, as ``x_1, 2`` or ``2, x_1``."""
    pieces = re.findall(r"[^\W_]+", re.sub(r"(?<=[^\W\d])_", "", high))
    return "".join(sorted(pieces, key=lambda piece: not piece[0].isdigit()))


def _mark_of(text: str) -> tuple[str, int]:
    """The text without its mark, and the number of updates that the mark says."""
    match = _MARK.search(text)
    if not match:
        return text, 0
    count = match["count"] or match["new"] or match["after"]
    update = int(count) if count else len(match["plus"] or match["prime"] or "1")
    return text[: match.start()] + text[match.end() :], update


def _pieces(lows: list[str]) -> str:
    """Subscripts with a comma between them, unless each is one character."""
    parts = [part for low in lows for part in re.split(r"[,;]", low) if part]
    return ("," if any(len(part) > 1 for part in parts) else "").join(parts)
