"""Marks of quantities, each written once for everything on a page that reads the same.

Takes a page cut into tags and texts; gives it with the marks that its script cannot find out
by itself (``templates/html/page.js`` passes on the others).  Whatever reads the same and
means something else keeps its own mark, and the first says so with ``data-o``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FORMULA = r"m(?!ain|eta|ark|ap|enu|eter)\w+"
"""The names of elements of MathML."""
_MADE = re.compile(rf"</?({FORMULA}|span|text|td|b|p)(?=[\s>/])")
"""What names and numbers are made of, and what lines are made of."""
_SIGHTED = re.compile(r"m(?!ath$)\w+|span|text|td")
"""What the script looks at."""
_MARK = re.compile(r' data-([kv])="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_DEEP = 40
"""How far back the beginning of an element is looked for; a template may leave one open."""
_LINE = re.compile(r'<p id="([^"]*)"')


@dataclass(frozen=True, slots=True)
class _Sight:
    """An element that may stand for a quantity."""

    look: str
    """What is read there."""
    mark: str
    """``k`` or ``v`` and the mark of the quantity; nothing without one."""
    given: bool = False
    """Whether the script knows it from the line in which it stands."""


def tag_of(token: str) -> str:
    """The tag, if it is one of those of which formulas, numbers and lines are made."""
    match = _MADE.match(token)
    return match[1] if match else ""


def ends_of(tokens: list[str]) -> dict[int, int]:
    """Where each such element begins, and where it ends, by the places of its tags."""
    found: dict[int, int] = {}
    still: list[int] = []
    for place in range(1, len(tokens), 2):
        token = tokens[place]
        if not (tag := tag_of(token)) or token.endswith("/>"):
            continue
        if not token.startswith("</"):
            still.append(place)
        elif tag in [tag_of(tokens[one]) for one in still[-_DEEP:]]:
            while tag_of(tokens[still[-1]]) != tag:
                still.pop()
            found[still.pop()] = place
    return found


def shared(tokens: list[str]) -> list[str]:
    """With a mark only where it first stands, if all that reads so means the same.

    >>> "".join(shared(["", '<mn data-v="a">', "2", "</mn>", "", '<mn data-v="a">', "2", "</mn>"]))
    '<mn data-v="a">2</mn><mn>2</mn>'
    """
    tokens = _celled(tokens)
    ends, found = ends_of(tokens), list(tokens)
    lines = _Lines(tokens, ends)
    sights = _sights(tokens, ends, lines)
    meant: dict[str, set[str]] = {}
    for one in sights.values():
        meant.setdefault(one.look, set()).add(one.mark)
    known = {one.look for one in sights.values() if one.given and len(meant[one.look]) == 1}
    seen: set[str] = set()
    for start, one in sights.items():
        if not one.mark:
            continue
        if len(meant[one.look]) > 1:
            if one.look not in seen:
                found[start] = tokens[start][:-1] + " data-o>"
        elif one.look in seen | known:
            found[start] = _MARK.sub("", tokens[start])
            if one.given and found[start] == "<span>":
                found[start] = found[ends[start]] = ""
        seen.add(one.look)
    for start in lines.loose:
        found[start] = tokens[start][:-1] + " data-o>"
    return found


def _celled(tokens: list[str]) -> list[str]:
    """With a cell itself as the number that stands alone in it."""
    found = list(tokens)
    for place in range(3, len(tokens) - 4, 2):
        cell = tokens[place - 2]
        alone = not tokens[place - 1] and not tokens[place + 3] and tokens[place + 4] == "</td>"
        if alone and cell.startswith("<td") and tokens[place].startswith("<span data-v="):
            found[place - 2] = cell[:-1] + tokens[place][len("<span") :]
            found[place] = found[place + 2] = ""
    return found


class _Lines:
    """What the lines of a page tell about the elements in them."""

    def __init__(self, tokens: list[str], ends: dict[int, int]) -> None:
        self.given: set[int] = set()
        """Where the name and the number of a line's own quantity stand."""
        self.loose: list[int] = []
        """Lines whose name is that of something else."""
        for start in ends:
            if line := _LINE.match(tokens[start]):
                self._read(tokens, ends, start, line[1])

    def _read(self, tokens: list[str], ends: dict[int, int], start: int, mark: str) -> None:
        left = next((n for n in range(start + 2, ends[start], 2) if tokens[n]), start)
        inside = [n for n in range(left + 2, ends.get(left, left), 2) if tokens[n]]
        name = inside[0] if inside else 0
        if name and ends.get(name) == inside[-1]:
            if _MARK.findall(tokens[name]) == [("k", mark)]:
                self.given.add(name)
            elif not _MARK.search(tokens[name]):
                self.loose.append(start)
        for place in range(start, ends[start], 2):
            own = tokens[place] == "<b>" and f'<span data-v="{mark}">' == tokens[place + 2]
            if own and start not in self.loose:
                self.given.add(place + 2)


def _sights(tokens: list[str], ends: dict[int, int], lines: _Lines) -> dict[int, _Sight]:
    """What the script sees, in the order of the page; nothing inside something marked."""
    found: dict[int, _Sight] = {}
    beyond = 0
    for start in sorted(ends):
        mark = "".join(kind + one for kind, one in _MARK.findall(tokens[start]))
        if (start < beyond and not mark) or not _SIGHTED.fullmatch(tag_of(tokens[start])):
            continue
        inside = "".join(tokens[start + 1 : ends[start]])
        look = _TAG.sub("", inside).replace("→ ", "", 1)
        if look and (tag_of(tokens[start]) != "td" or look == inside):
            found[start] = _Sight(look, mark, start in lines.given)
            beyond = max(beyond, ends[start]) if mark else beyond
    return found
