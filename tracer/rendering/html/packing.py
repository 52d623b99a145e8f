"""A finished page of HTML made lighter without a change to what it says or shows.

Takes the text that the template gave.  Rows of MathML that group nothing are opened; the
mark of a quantity is written once for all elements that are alike and mean the same, since
the page's script passes it on to the others; quotes go where HTML asks for none.  Styles,
scripts and text stay as they are.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(<(?:script|style)\b.*?</(?:script|style)>"
    r"""|<!?/?[a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*>)""",
    re.DOTALL,
)
_FORMULA = re.compile(r"</?(m(?!ain|eta|ark|ap|enu|eter)\w+|span)\b")
_MARK = re.compile(r' data-[kv]="[^"]*"')
_VALUE = re.compile(r"""=("[^"]*"|'[^']*')(?!/)""")
_BARE = re.compile(r"""[^\s"'=<>`]+""")
_ROWS = frozenset({"math", "mrow", "mtd", "msqrt"})
_SIGNS = frozenset("+−=,′")
"""Signs that no browser makes taller."""
_FLAT = '<mo stretchy="false">'
"""A bracket that does not grow, so that it needs no row to say how tall it shall be."""


def packed(page: str) -> str:
    """The page made lighter.

    >>> packed('<math><mrow><mi class="a">x</mi><mn>2</mn></mrow></math>')
    '<math><mi class=a>x</mi><mn>2</mn></math>'
    """
    tokens = _marked_once(_opened(_told_once(_TOKEN.split(page))))
    return "".join(_unquoted(one) if _is_tag(one) else one for one in tokens)


def _is_tag(token: str) -> bool:
    return token.startswith("<") and not token.startswith(("<script", "<style"))


def _tag(token: str) -> str:
    """The tag, if it is one of those of which formulas and numbers are made."""
    match = _FORMULA.match(token)
    return match[1] if match else ""


def _ends(tokens: list[str]) -> dict[int, int]:
    """Where each element of a formula begins, and where it ends, by the places of its tags."""
    found: dict[int, int] = {}
    still: list[int] = []
    for place in range(1, len(tokens), 2):
        token = tokens[place]
        if not (tag := _tag(token)) or token.endswith("/>"):
            continue
        if not token.startswith("</"):
            still.append(place)
        elif still and _tag(tokens[still[-1]]) == tag:
            found[still.pop()] = place
    return found


def _told_once(tokens: list[str]) -> list[str]:
    """Without telling signs not to grow that never do."""
    never = [*(after in _SIGNS for after in tokens[1:]), False]
    return [
        "<mo>" if token == _FLAT and never[place] else token for place, token in enumerate(tokens)
    ]


def _opened(tokens: list[str]) -> list[str]:
    """Without the rows in rows that neither bear anything nor hold a sign that may grow.

    A sign at either end of a row has another shape there than in the middle; such rows stay.
    """
    ends, gone = _ends(tokens), set()
    around: list[tuple[str, int]] = [("", len(tokens))]
    for place in sorted(ends):
        while around[-1][1] < place:
            around.pop()
        end = ends[place]
        one = ends.get(place + 2) == end - 2
        loose = one or (around[-1][0] in _ROWS and _is_loose(tokens, place, end))
        if tokens[place] == "<mrow>" and loose:
            gone |= {place, end}
        else:
            around.append((_tag(tokens[place]), end))
    return ["" if place in gone else token for place, token in enumerate(tokens)]


def _is_loose(tokens: list[str], start: int, end: int) -> bool:
    """Whether a row may be opened, by the signs at its ends."""
    first, last = tokens[start + 2], tokens[end - 2]
    before = tokens[end - 4] if last == "</mo>" else ""
    return (not first.startswith("<mo") or first.startswith(("<mover", _FLAT))) and (
        last != "</mo>" or before == _FLAT
    )


def _marked_once(tokens: list[str]) -> list[str]:
    """With a mark only where it first stands, if all that looks so means the same.

    Where it does not, the first says so with ``data-o``.  What stands inside something with
    a mark is part of that.
    """
    ends, found = _ends(tokens), list(tokens)
    looks: dict[int, str] = {}
    marks: dict[str, set[str]] = {}
    inside = 0
    for start in sorted(ends):
        mark = "".join(_MARK.findall(tokens[start]))
        if start < inside and not mark:
            continue
        looks[start] = _MARK.sub("", "".join(tokens[start : ends[start] + 1]))
        marks.setdefault(looks[start], set()).add(mark)
        inside = max(inside, ends[start]) if mark else inside
    seen: set[str] = set()
    for start, look in looks.items():
        if not (mark := "".join(_MARK.findall(tokens[start]))):
            continue
        if len(marks[look]) > 1:
            own = "" if look in seen else " data-o"
            found[start] = tokens[start].replace(mark, mark + own)
        elif look in seen:
            found[start] = tokens[start].replace(mark, "")
        seen.add(look)
    return found


def _unquoted(tag: str) -> str:
    return _VALUE.sub(lambda m: f"={m[1][1:-1]}" if _BARE.fullmatch(m[1][1:-1]) else m[0], tag)
