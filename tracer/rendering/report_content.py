"""What a report says, as strings and lists of strings: all that its templates receive.

`report_story` makes it from a report and its trace; the templates place it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tracer.rendering.content import Block


@dataclass(frozen=True, slots=True)
class Shown:
    """Equations with the words before them."""

    words: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong statement, explained."""

    number: int
    """Of the statement, from 1: a place to link to."""
    heading: str
    severity: str
    """``last digit``, ``small`` or ``large``: a style may colour it."""
    numbers: str
    """What is written, what the sheet's own numbers give, what is right."""
    said: tuple[str, ...]
    """What happened, in sentences."""
    advice: str
    right: Shown | None = None
    mistaken: Shown | None = None
    also: tuple[str, ...] = ()
    """Other mistakes that give the same number."""
    also_words: str = ""
    link: str = ""
    """Which step of a written chain is false."""
    follows: str = ""
    again: str = ""
    """In which other values the same mistake was made."""
    more: tuple[int, ...] = ()
    """The numbers of their statements: places to link to, as `number` is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of the sheet."""

    number: int
    line: str
    name: str
    written: str
    status: str
    """The status as one word, for styles: ``too_coarse``."""
    mark: str
    """The status as people read it: ``carried from line 5``."""
    right: str
    """The right value, where the statement differs from it."""
    points: str
    first: bool = False
    """Whether it is the first mistake."""

    @property
    def explained(self) -> bool:
        """Whether the report has a paragraph about it, to which its mark leads."""
        return self.status == "wrong"


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A whole report."""

    title: str
    score: str
    counts: str
    verdict: str
    """One sentence where there is no mistake."""
    head: tuple[str, ...]
    """The headings of the columns of the sheet."""
    rows: tuple[Row, ...]
    first: Mistake | None = None
    others: tuple[Mistake, ...] = ()
    notes: tuple[str, ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    """Headings: ``first``, ``others``, ``sheet``, ``notes``."""
