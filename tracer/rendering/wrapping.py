"""A long formula of plain text in several lines, broken where it reads best.

Takes a formula that is printed in one line of characters; gives lines that fit.  A line
ends in an operator.  The formula is broken outside of brackets first, after ``+`` and
``−`` before ``·``, and never at a fraction's slash; what does not fit by itself is broken
inside its brackets in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tracer.rendering.measuring import characters

_BREAK = re.compile(
    r"(?P<sum> [+−-] )|(?P<list>[,;] )"
    r"|(?P<product> (?:⊙|·|\.\*|\*|@) |·(?!10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])|(?<!\.)\*)"
)
_OPENING, _CLOSING = "([{", ")]}"
_NARROWEST = 24.0
"""Columns that a formula gets beside even the longest name."""

_ENDS_IN_PRODUCT = re.compile(r"\\(?:cdot|odot)\s*(?:\{\})?$")
_OPEN = re.compile(r"[(\[]|\\lvert")
_CLOSE = re.compile(r"[)\]]|\\rvert")

Level = tuple[int, int]
"""How deep in brackets an operator stands, and how tightly it binds."""


def wrapped(text: str, room: float) -> list[str]:
    """The formula in lines of at most `room` columns, where that can be done.

    >>> wrapped("0.5·(1 + 2) + 0.25·(3 + 4)/(5 + 6)", 24)
    ['0.5·(1 + 2) +', '0.25·(3 + 4)/(5 + 6)']
    """
    return [line.strip() for line in _lines(text, max(room, _NARROWEST))]


def _lines(text: str, room: float) -> list[str]:
    if characters(text.strip()) <= room:
        return [text]
    places = list(_places(text))
    if not places:
        return [text]
    least = min(level for _, level in places)
    ends = [end for end, level in places if level == least]
    starts = [0, *ends]
    pieces = [text[a:b] for a, b in zip(starts, [*ends, len(text)], strict=True)]
    lines: list[str] = []
    for piece in pieces:
        together = (lines[-1] if lines else "") + piece
        if lines and characters(together.strip()) <= room:
            lines[-1] = together
            continue
        inside = _lines(piece, room) if len(pieces) > 1 else [piece]
        if lines and len(inside) > 1 and characters((lines[-1] + inside[0]).strip()) <= room:
            lines[-1] += inside.pop(0)
        lines += inside
    return lines


def _places(text: str) -> Iterator[tuple[int, Level]]:
    """After which characters a line may end, and how well: the least level is the best."""
    depth, place, bar = 0, 0, False
    while place < len(text):
        match = _BREAK.match(text, place)
        if match and place > 0 and match.end() < len(text):
            yield match.end(), (depth + bar, 1 if match.lastgroup == "product" else 0)
        depth += (text[place] in _OPENING) - (text[place] in _CLOSING)
        bar ^= text[place] == "|"
        place = match.end() if match else place + 1


def depths(pieces: Iterable[str]) -> list[int]:
    """In how many brackets each piece of a formula ends.

    >>> depths(["a (b +", "c) +", "d"])
    [1, 0, 0]
    """
    found, depth = [], 0
    for piece in pieces:
        depth += len(_OPEN.findall(piece)) - len(_CLOSE.findall(piece))
        found.append(depth)
    return found


def best_breaks(pieces: Sequence[str], widths: Sequence[float], room: float) -> list[int]:
    """Which breaks between the pieces of a formula make the fewest lines that fit.

    Among equally many lines those win that break outside of brackets, then those that break
    after ``+`` and ``-``, and then those of about the same length.  To keep a short bracket
    whole is worth a line.  Breaks are counted from 0; none fit where a piece is too wide.

    >>> best_breaks(["a (b +", "c) +", "d +", "e"], [3, 2, 2, 1], 6)
    [1]
    """
    inside = depths(pieces)
    product = [bool(_ENDS_IN_PRODUCT.search(piece)) for piece in pieces]
    short = [_is_short(place, inside, widths, room) for place in range(len(pieces))]
    best: list[tuple[tuple[float, ...], list[int]]] = [((0, 0, 0, 0), [])]
    for end in range(1, len(pieces) + 1):
        found = []
        for start in range(end - 1, -1, -1):
            left = room - sum(widths[start:end])
            if left < 0 and start < end - 1:
                break
            (lines, deep, products, ragged), before = best[start]
            if start:
                deep += inside[start - 1]
                lines += short[start - 1]
                products += product[start - 1]
            breaks = [*before, start - 1] if start else before
            found.append(((lines + 1, deep, products, ragged + left**2), breaks))
        best.append(min(found))
    return best[-1][1]


def _is_short(place: int, inside: Sequence[int], widths: Sequence[float], room: float) -> bool:
    """Whether a break stands inside a bracket that is not long."""
    depth = inside[place]
    if not depth:
        return False
    start = end = place
    while start > 0 and inside[start - 1] >= depth:
        start -= 1
    while end < len(inside) - 1 and inside[end] >= depth:
        end += 1
    return sum(widths[start : end + 1]) <= room / 2
