r"""Statements of a segment: ``name = e1 = e2 ≈ v``, cut at their signs and from each other.

Takes the text of a segment; gives, of each statement in it, its members with their columns.
Behind a comma, a gap or an arrow (``x = 3 ⇒ ∂L/∂w = 0.2·x = 0.6``) a new one may begin.
`chains` puts them together over the lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_RELATION = re.compile(
    r"\\text\s*\{\s*=>?\s*\}|\\(?:approx|simeq|cong|Rightarrow|implies|leftarrow|gets|coloneqq)(?![A-Za-z])"
    r"|:=|=>|⇒|⟹|≈|≃|≅|←|(?<![<>!=+\-*/%])=(?!=)"
)
_APPROXIMATE = ("≈", "≃", "≅", "\\approx", "\\simeq", "\\cong")
_CUT = re.compile(
    r"(?<!\\)[,;](?=\s|\\[,;:!> ]|\\q?quad)"
    r"|(?<=[\w)\]])\.(?=\s+[A-ZÄÖÜ])"  # the end of a sentence
    r"|\s{2,}|\t|\\q?quad(?![A-Za-z])|\s(?:and|und|et|y)\s"
)
_SPACE = re.compile(r"(?:[ \t&]|\\q?quad(?![A-Za-z])|\\[,;:!> ])*")
_ARROW = re.compile(r"\\(?:Rightarrow|implies)|=>|⇒|⟹")
_COMMAND = re.compile(r"\\(?:[dt]?frac|cdot|times|left|right|sqrt|exp|sigma|tanh)(?![A-Za-z])")
_CALCULATED = re.compile(r"\d\.\d|[+*·×]|\\(?:cdot|times)|\(\s*[-−]?\d")
"""What a name does not hold."""
_OPERATORS = "+-−–*/·×∗⋅^=≈<>([{,;"

Cut = tuple[bool, int, str]
"""Whether ``≈`` stood before a member, its column in the segment, its text."""


def statements(text: str) -> Iterator[tuple[int, list[Cut]]]:
    """Each statement of a segment with its members; nothing if there is no relation."""
    depths = _depths(text)
    relations = [m for m in _RELATION.finditer(text) if not depths[m.start()]]
    if not relations:
        return
    follows = [m for n, m in enumerate(relations) if _concludes(text, relations, n)]
    relations = [m for m in relations if m not in follows]
    start = 0
    for cut in sorted([*_CUT.finditer(text), *follows], key=re.Match.start):
        parts = cut in follows or _parts_here(text, cut, relations, start)
        if depths[cut.start()] or not parts:
            continue
        if text[start : cut.start()].strip(" &"):
            yield start, _members(text, start, cut.start(), relations)
        start = cut.end()
    yield start, _members(text, start, len(text), relations)


def _concludes(text: str, relations: list[re.Match[str]], place: int) -> bool:
    """Whether an arrow between two statements stands there: ``x = 3 ⇒ ∂L/∂w = 0.2·x = 0.6``."""
    arrow = relations[place]
    if place + 1 >= len(relations) or not _ARROW.fullmatch(arrow[0]):
        return False
    if not place and text[: arrow.start()].strip(" &"):
        return False
    behind = text[arrow.end() : relations[place + 1].start()].strip(" &")
    letters = any(letter.isalpha() for letter in _COMMAND.sub("", behind))
    return letters and not behind[:1].isdigit() and not _CALCULATED.search(behind)


def _parts_here(text: str, cut: re.Match[str], relations: list[re.Match[str]], start: int) -> bool:
    """Whether a new statement begins behind a comma or a gap."""
    before = any(start <= m.start() < cut.start() for m in relations)
    after = next((m for m in relations if m.start() >= cut.end()), None)
    if not before or after is None:
        return False
    left, name = text[: cut.start()].rstrip(), text[cut.end() : after.start()].strip()
    return bool(name) and name[0] not in _OPERATORS and left[-1:] not in _OPERATORS[:-2]


def _members(text: str, start: int, end: int, relations: list[re.Match[str]]) -> list[Cut]:
    found: list[Cut] = []
    approximate = False
    for match in [m for m in relations if start <= m.start() < end]:
        found.append(_cut(text, start, match.start(), approximate))
        approximate = match[0] in _APPROXIMATE
        start = match.end()
    found.append(_cut(text, start, end, approximate))
    return found


def _cut(text: str, start: int, end: int, approximate: bool) -> Cut:
    piece = text[start:end]
    blank = _SPACE.match(piece)
    before = blank.end() if blank else 0
    return approximate, start + before, piece[before:].rstrip(" \t&")


def _depths(text: str) -> list[int]:
    """How deep in brackets each character stands; all 0 if they do not match."""
    found, depth = [], 0
    for letter in text:
        depth -= letter in ")]}"
        found.append(max(depth, 0))
        depth += letter in "([{"
    return found if depth == 0 else [0] * len(text)
