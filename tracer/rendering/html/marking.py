"""MathML whose names and numbers say which quantity they stand for.

A name gets ``data-k``, a number ``data-v``, each with the mark of its key: letters, digits
and hyphens, single on a page, and the id of the line that gives the quantity.  The page's
script lights up what has the same mark, and blanks numbers that are not known yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tracer.rendering.lines import label
from tracer.rendering.printers.mathml import Mathml
from tracer.rendering.printers.pieces import Piece

_PLAIN_SCRIPT = re.compile(r"[\d,()\[\]]+")
_LABEL = re.compile(r"[a-z]\d+")
_TAG = re.compile(r"<(/?)[^>]*?(/?)>")
RESERVED = frozenset(
    {"all", "back", "card", "drawing", "dd", "dt", "end", "forward",
     "given", "lit", "live", "practice", "score", "slider", "steps", "stub", "turned"}
)  # fmt: skip
"""Ids of the page's own elements and of the drawing's arrow heads."""


@dataclass(frozen=True)
class Marked(Mathml):
    """MathML with marks.

    >>> from tracer.rendering.printers.pieces import Known
    >>> Marked(marks={"a0[1]": "a0-1"}).number(Known("0.05", "a0[1]"))
    '<mn data-v="a0-1">0.05</mn>'
    """

    marks: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """The mark of each key."""

    def script(self, text: str) -> str:
        if _PLAIN_SCRIPT.fullmatch(text):  # (2) in one element: a page has hundreds of them
            return f"<mn>{text}</mn>"
        if _LABEL.fullmatch(text):  # h1: a label, upright as in the drawing
            return f"<mi>{text}</mi>"
        return super().script(text)

    def result(self, text: str) -> str:
        return text  # the style sheet knows where results stand

    def marked(self, piece: Piece, key: str, number: bool) -> Piece:
        mark = self.marks.get(key)
        if mark is None:
            return piece
        return replace(piece, text=_with(piece.text, "v" if number else "k", mark))


def marks_of(keys: Iterable[str]) -> dict[str, str]:
    """A mark for each key, no two alike.

    >>> marks_of(["w2[1,2]@1", "O[1,1]", "O.1[1]"])
    {'w2[1,2]@1': 'w2-1-2-u1', 'O[1,1]': 'O-1-1', 'O.1[1]': 'O-1-1-b'}
    """
    found: dict[str, str] = {}
    taken = set(RESERVED)
    for key in keys:
        mark = label(key)
        while mark in taken:
            mark += "-b"
        taken.add(mark)
        found[key] = mark
    return found


@lru_cache(maxsize=16384)
def _with(markup: str, kind: str, mark: str) -> str:
    """The markup with a mark: at its one element, or at a row around several.

    Args:
        markup: a name or a number.
        kind: ``k`` of a name, ``v`` of a number.
        mark: of the quantity.
    """
    attribute = f'data-{kind}="{mark}"'
    if not _is_one_element(markup):
        return f"<mrow {attribute}>{markup}</mrow>"
    end = re.match(r"<\w+", markup)
    assert end is not None
    return f"{end[0]} {attribute}{markup[end.end() :]}"


def _is_one_element(markup: str) -> bool:
    depth = 0
    for tag in _TAG.finditer(markup):
        depth += -1 if tag[1] else 0 if tag[2] else 1
        if depth == 0:
            return tag.end() == len(markup)
    return False
