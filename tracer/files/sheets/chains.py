r"""Chains: ``name = e1 = e2 ≈ v``, over one line or several, found among segments.

A segment that begins with ``=`` continues the chain before it; several statements may stand
in one line (``Loss = 0.0271, Prediction = 0.767``); a label before a colon is no part of the
name; a row of a table of answers is a chain, too.  What is no chain is prose, which
`passes` listens to for words such as *after*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from tracer.files.faults import Place, Source
from tracer.files.sheets.lines import Segment, segments
from tracer.files.sheets.pipes import PipeRow, PipeTable, pipe_tables
from tracer.files.sheets.statements import Cut, statements

_COMPARISON = re.compile(r"[<>!+\-*/%]=|==|≠|≤|≥|\\(?:neq?|leq?|geq?)(?![A-Za-z])")
_LABEL = re.compile(r"^(.*?[^:]):(?!=)\s+", re.DOTALL)
_LISTED = re.compile(
    r"(?P<name>[^\s:=]{1,60}(?:\s\([^()]*\))?)\s*:\s+(?P<value>[-+−]?\d*[.,]?\d+(?:[eE][-+]?\d+)?)"
)
_SYMBOL = re.compile(r"[\\_^\d\u0370-\u03ff\u2070-\u209c\u2202']|^\w$")
_LONGEST_NAME = 200
MOST = 5000
"""Chains of one sheet."""


@dataclass(slots=True)
class Member:
    """One member of a chain, as written."""

    text: str
    line: int
    column: int
    approximate: bool = False


@dataclass(slots=True)
class Chain:
    """A name and what is said to equal it."""

    head: Member
    members: list[Member]
    lines: set[int]
    prose: str = ""
    """What stands between the chain before and this one, its own label included."""
    told: dict[str, str] | None = None
    """Of a row of a table: what its further columns say."""
    listed: bool = False
    """Whether it is a name and a number with a colon between, as programs print them."""


@dataclass
class Text:
    """A text taken apart."""

    chains: list[Chain] = field(default_factory=list)
    prose_segments: int = 0
    lines: set[int] = field(default_factory=set)
    """Lines that are not blank."""
    too_long: int = 0
    """The line in which there are more chains than a sheet may have; 0: there is none."""
    complaints: list[tuple[Place, str]] = field(default_factory=list)
    """What is wrong with its tables."""


@lru_cache(maxsize=8)
def taken_apart(source: Source, first: int) -> Text:
    """The chains of a text, and how much of it is prose."""
    found = Text()
    prose: list[str] = []
    current: Chain | None = None
    above: Segment | None = None  # what may be the name of a chain that begins below it
    tables = list(pipe_tables(source.lines, first))
    rows = [row for table in tables for row in table.rows]
    rows.reverse()
    found.complaints = [one for table in tables for one in table.complaints]
    for segment in segments(_without(source.lines, tables), first):
        while rows and rows[-1].line < segment.line:
            _add_row(found, rows.pop(), prose)
            prose, current = [], None
        found.lines.update(segment.lines)
        text = segment.text
        parts = [] if _COMPARISON.search(text) else list(statements(text))
        if above and parts and not parts[0][1][0][2]:
            current = Chain(Member(above.text, above.line, above.column), [], set(above.lines))
            found.prose_segments -= 1
            current.prose = " ".join(prose[:-1]).strip()
            prose = []
            found.chains.append(current)
        above = segment if not parts and _may_be_name(text) else None
        if current and parts and parts[0][1] and not parts[0][1][0][2]:
            _continue(current, parts.pop(0), segment)
        elif (
            current and not parts and not current.members[-1].text and text[:1] in "-−.0123456789["
        ):
            current.members[-1] = Member(text, segment.line, segment.column)
            current.lines.update(segment.lines)
            continue
        elif not parts and (listed := _listed(segment, prose)) is not None:
            found.chains.append(listed)
            prose, current = [], None
            continue
        elif not parts:
            found.prose_segments += 1
            prose.append(text)
            current = None
        for offset, members in parts:
            if len(members) < 2 or not members[0][2]:
                prose.append(text)
                continue
            if len(found.chains) >= MOST:
                found.too_long = segment.line
                return found
            current = _chain(offset, members, segment, prose)
            prose = []
            found.chains.append(current)
    for row in reversed(rows):
        _add_row(found, row, prose)
        prose = []
    return found


def _without(lines: tuple[str, ...], tables: list[PipeTable]) -> tuple[str, ...]:
    """The lines with those of tables left blank, so that the others keep their numbers."""
    if not tables:
        return lines
    taken = {number for table in tables for number in table.lines}
    return tuple("" if number in taken else line for number, line in enumerate(lines, 1))


def _add_row(found: Text, row: PipeRow, prose: list[str]) -> None:
    """A row of a table as a chain; its name's cell may hold a formula as well."""
    if len(found.chains) >= MOST:
        found.too_long = found.too_long or row.line
        return
    found.lines.add(row.line)
    members = []
    for cell in (row.name, *row.working):
        cuts = next((cut for _, cut in statements(cell.text)), [(False, 0, cell.text)])
        members += [
            Member(text, row.line, cell.column + offset, approximate)
            for approximate, offset, text in cuts
            if text
        ]
    value = Member(row.value.text, row.line, row.value.column)
    chain = Chain(members[0], [*members[1:], value], {row.line}, " ".join(prose), row.told)
    found.chains.append(chain)


def _member(cut: Cut, segment: Segment) -> Member:
    approximate, offset, text = cut
    return Member(text, segment.line, segment.column + offset, approximate)


def _listed(segment: Segment, prose: list[str]) -> Chain | None:
    """``Loss: 0.0838``, a name with its number and no equals sign; a count of things is none."""
    match = _LISTED.fullmatch(segment.text)
    if match is None or match["value"].isdigit():
        return None
    line, column = segment.line, segment.column
    head = Member(match["name"], line, column)
    value = Member(match["value"], line, column + match.start("value"))
    return Chain(head, [value], set(segment.lines), " ".join(prose), listed=True)


def _may_be_name(text: str) -> bool:
    """Whether a line by itself may be the name of what is worked out in the lines below it."""
    words = sum(word.isalpha() for word in text.split())
    return words < 2 and len(text) <= _LONGEST_NAME and _SYMBOL.search(text) is not None


def _continue(chain: Chain, part: tuple[int, list[Cut]], segment: Segment) -> None:
    """Add the members of a segment that begins with a relation."""
    more = [_member(cut, segment) for cut in part[1][1:]]
    if chain.members and not chain.members[-1].text:
        chain.members.pop()
    chain.members += more
    chain.lines.update(segment.lines)


def _chain(offset: int, members: list[Cut], segment: Segment, prose: list[str]) -> Chain:
    head = _member(members[0], segment)
    label = ""
    while match := _LABEL.match(head.text):
        label += match[1] + " "
        head = Member(head.text[match.end() :], head.line, head.column + match.end())
    rest = [_member(cut, segment) for cut in members[1:]]
    return Chain(head, rest, set(segment.lines), " ".join([*prose, label]).strip())
