"""A finished page of HTML made lighter without a change to what it says or shows.

Takes the text that the template gave.  Rows of MathML that group nothing are opened, what
HTML closes by itself is left open, the mark of a quantity is written once for all elements
that read the same and mean the same (`sharing`), and quotes go where HTML asks for none.
Styles, scripts and text stay as they are.
"""

from __future__ import annotations

import re

from tracer.rendering.html.sharing import FORMULA, ends_of, shared, tag_of

_TOKEN = re.compile(
    r"(<(?:script|style)\b.*?</(?:script|style)>"
    r"""|<!?/?[a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*>)""",
    re.DOTALL,
)
_VALUE = re.compile(r"""=("[^"]*"|'[^']*')(?!/)""")
_BARE = re.compile(r"""[^\s"'=<>`]+""")
_ROWS = frozenset({"math", "mrow", "mtd", "msqrt"})
_SIGNS = frozenset("+−=,′")
"""Signs that no browser makes taller."""
_FLAT = '<mo stretchy="false">'
"""A bracket that does not grow, so that it needs no row to say how tall it shall be."""
_LINES = re.compile(r"\n(?=</?(?:div|section|details|summary|table|t\w+|figure|nav|header|main)\b)")
_PREFIX = ' form="prefix"'
_CLOSED = re.compile(
    r"</(?:p>\s*(?=<(?:p|div|section|details|h\d|ul|ol|table|figure|nav)\b|</(?:div|section|details|"
    r"header|main|body)>)"
    r"|t[dh]>(?=<t[dh]\b|</tr>)|tr>\s*(?=<tr\b|</(?:thead|tbody|table)>)|thead>\s*(?=<tbody\b)"
    r"|tbody>\s*(?=</table>)|li>\s*(?=<li\b|</[uo]l>)|(?:body|html)>\s*(?=</html>|\Z))"
)
"""Ends that HTML does not ask for, by what follows them."""
_TOGETHER = re.compile(rf"(?:</(?:{FORMULA}|tspan|text)>){{2,}}")
"""Ends in a formula, one after another."""


def packed(page: str) -> str:
    """The page made lighter.

    >>> packed('<body><p><math><mrow><mi class="a">x</mi><mn>2</mn></mrow></math></p></div>')
    '<body><p><math><mi class=a>x</mi><mn>2</math></div>'
    """
    tokens = shared(_first(_opened(_told_once(_TOKEN.split(page)))))
    return _left_open("".join(_unquoted(one) if _is_tag(one) else one for one in tokens))


def _is_tag(token: str) -> bool:
    return token.startswith("<") and not token.startswith(("<script", "<style"))


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
    ends, gone = ends_of(tokens), set()
    around: list[tuple[str, int]] = [("", len(tokens))]
    for place in sorted(ends):
        while around[-1][1] < place:
            around.pop()
        end = ends[place]
        one = ends.get(place + 2) == end - 2
        last = end + 2 == around[-1][1]
        loose = one or (around[-1][0] in _ROWS and _is_loose(tokens, place, end, last))
        if tokens[place] == "<mrow>" and loose:
            gone |= {place, end}
        else:
            around.append((tag_of(tokens[place]), end))
    return ["" if place in gone else token for place, token in enumerate(tokens)]


def _is_loose(tokens: list[str], start: int, end: int, at_end: bool) -> bool:
    """Whether a row may be opened, by the signs at its ends.

    Args:
        tokens: of the page.
        start: where the row begins.
        end: where it ends.
        at_end: whether it is the last in the row around it.
    """
    first, last = tokens[start + 2], tokens[end - 2]
    before = tokens[end - 4] if last == "</mo>" else ""
    return (not first.startswith("<mo") or first.startswith(("<mover", _FLAT))) and (
        at_end or last != "</mo>" or before == _FLAT
    )


def _first(tokens: list[str]) -> list[str]:
    """Without saying of a minus that it stands first where it does."""
    found, before = list(tokens), ""
    for place in range(1, len(tokens), 2):
        if not tokens[place]:
            continue
        if _PREFIX in tokens[place] and tag_of(before) in _ROWS and not before.startswith("</"):
            found[place] = tokens[place].replace(_PREFIX, "")
        before = tokens[place]
    return found


def _left_open(page: str) -> str:
    """Without the ends of paragraphs, rows and cells that the next tag tells."""
    head, body, rest = page.partition("<body>")
    main, script, after = rest.rpartition("<script>")
    if not script:
        main, after = rest, ""
    main = _LINES.sub("", _TOGETHER.sub(_together, _CLOSED.sub("", main)))
    return head + body + main + script + _CLOSED.sub("", after)


def _together(match: re.Match[str]) -> str:
    """Without the ends that the next one brings with it, as every browser reads them.

    An author may leave out only ends of HTML's own elements, so a conformance checker counts
    these; but what a parser makes of them is laid down in HTML 13.2.6.5 ("any other end tag"),
    and is the tree that the ends would give.  They are about a twentieth of a page.
    An end ends all that was begun since the nearest element of its name, so of two of the
    same name both must be there.
    """
    kept: list[str] = []
    for end in reversed(match[0].removesuffix(">").split(">")):
        if not kept or end in (kept[-1], "</math"):
            kept.append(end)
    return "".join(f"{end}>" for end in reversed(kept))


def _unquoted(tag: str) -> str:
    return _VALUE.sub(lambda m: f"={m[1][1:-1]}" if _BARE.fullmatch(m[1][1:-1]) else m[0], tag)
