"""How wide a formula will be, near enough to choose between one line and several.

Takes TeX (widths in points at 10 pt, as Computer Modern sets it) or plain text (characters).
Nothing is typeset; the estimate leans to the wide side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_TOKEN = re.compile(r"\\begin\{bmatrix\}|\\end\{bmatrix\}|\\[A-Za-z]+|\\.|\S")
_SPACES = {r"\,": 1.7, r"\;": 2.8, r"\quad": 10.0, r"\qquad": 20.0, r"\ ": 3.3, r"\!": -1.7}
_NOTHING = frozenset(
    {r"\left", r"\right", r"\bigl", r"\bigr", r"\biggl", r"\biggr", r"\displaystyle", "{}", r"\trn"}
)
_BINARY = {"+": 12.2, "-": 12.2, "=": 13.4, r"\cdot": 7.2, r"\odot": 12.2, r"\approx": 13.4}
_WIDE = {
    **dict.fromkeys("WM", 9.6),
    **dict.fromkeys("ABCDEFGHIJKLNOPQRSTUVXYZmw", 7.6),
    **dict.fromkeys("()[],.;:|'il", 3.6),
    r"\partial": 5.9,
    r"\lvert": 2.8,
    r"\rvert": 2.8,
    r"\sum": 14.5,
}
_SCRIPT = 0.74


@lru_cache(maxsize=8192)
def points(tex: str) -> float:
    """The width of a formula in TeX, in points.

    >>> 30 < points(r"w^{(1)}_{11}\\,x_1 + b") < 50
    True
    """
    return _sequence(_tokens(tex), "")[0]


def characters(text: str) -> float:
    """The width of a line of plain text, in columns.

    >>> characters("z₁⁽¹⁾")
    5.0
    """
    return float(sum(not unicodedata.combining(character) for character in text))


def _tokens(tex: str) -> Iterator[str]:
    return iter(_TOKEN.findall(tex))


def _sequence(tokens: Iterator[str], end: str) -> tuple[float, str]:
    """The width up to a closing token, and that token."""
    width, pending = 0.0, 0.0
    scripts = {"^": 0.0, "_": 0.0}
    for token in tokens:
        if token in ("^", "_"):
            scripts[token] += _SCRIPT * _atom(tokens)
            pending = max(scripts.values()) + 0.5
            continue
        width, pending = width + pending, 0.0
        scripts = {"^": 0.0, "_": 0.0}
        if token == end or token in ("}", r"\end{bmatrix}"):
            return width, token
        if token in ("&", r"\\"):
            return width, token
        width += _token(token, tokens)
    return width + pending, ""


def _atom(tokens: Iterator[str]) -> float:
    return _token(next(tokens, ""), tokens)


def _token(token: str, tokens: Iterator[str]) -> float:
    if token == "{":
        return _sequence(tokens, "}")[0]
    if token == r"\frac":
        return max(_atom(tokens), _atom(tokens)) + 2.4
    if token == r"\begin{bmatrix}":
        return _matrix(tokens)
    if token == r"\mathbf":
        return 1.15 * _atom(tokens)
    if token == r"\sqrt":
        return _atom(tokens) + 8.5
    if token in _NOTHING or token == "":
        return 0.0
    if token in _SPACES:
        return _SPACES[token]
    if token in _BINARY:
        return _BINARY[token]
    if token in (r"\mathrm", r"\text", r"\hat"):
        return _atom(tokens)
    if token in (r"\ln", r"\exp", r"\max", r"\min", r"\tanh"):
        return 5.2 * (len(token) - 1) + 1.7
    return _WIDE.get(token, 5.2)


def _matrix(tokens: Iterator[str]) -> float:
    columns: list[float] = []
    place = 0
    while True:
        width, end = _sequence(tokens, r"\end{bmatrix}")
        if place == len(columns):
            columns.append(0.0)
        columns[place] = max(columns[place], width)
        if end == "&":
            place += 1
        elif end == r"\\":
            place = 0
        else:
            return sum(columns) + 10.0 * (len(columns) - 1) + 12.0
