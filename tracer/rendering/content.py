"""What a page says, as strings and lists of strings: all that a template receives.

`story` makes it from a trace; the templates place it.  Every decision (which lines, in
how many rows, which sign) has been made.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """One side of an equation after its sign: a formula, numbers, or the result."""

    sign: str
    parts: tuple[str, ...]
    """The rows it is broken into; each but the last ends in an operator."""
    kind: str = "formula"
    """``formula``, ``numbers`` or ``result``."""
    fitted: bool = False
    """Wider than the page and not to be broken: to be made smaller where that can be done."""


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row of equations that stand one below the other."""

    left: str
    """The left side; in plain text, blanks as wide as it in the rows that follow."""
    sign: str
    text: str
    after: str
    """What follows: ``line``, ``gap`` or nothing (the last row)."""
    continued: bool = False
    """Whether it continues the row before."""

    @property
    def opening(self) -> str:
        """Its sign, or a blank where it continues the row before."""
        return " " if self.continued else self.sign


@dataclass(frozen=True, slots=True)
class Line:
    """One equation: what it gives, and the members that follow."""

    key: str
    left: str
    members: tuple[Member, ...]
    label: str = ""
    """A label by which the author of a document can refer to it."""
    apart: bool = False
    """Whether a gap before it shows that something new begins (the next sample)."""

    @property
    def result(self) -> Member | None:
        """What the equation gives, if it ends in a result."""
        last = self.members[-1]
        return last if last.kind == "result" else None

    @property
    def sides(self) -> tuple[Member, ...]:
        """What stands before the result."""
        return self.members[:-1] if self.result else self.members


@dataclass(frozen=True, slots=True)
class Block:
    """Equations that stand together."""

    lines: tuple[Line, ...]
    wide: bool
    """Each line in one row, its signs aligned; else its members one below the other."""
    rows: tuple[Row, ...] = ()
    """The same lines, cut into printed rows."""
    tall: bool = False
    """Whether stacked fractions need a little more room between the lines."""
    columns: int = 0
    """How many members the longest line has."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one rule: why, in short, and the lines."""

    rule: str
    why: str = ""
    definition: str = ""
    """The rule in one formula, typeset for running text."""
    blocks: tuple[Block, ...] = ()
    chain_why: str = ""
    chain: tuple[Block, ...] = ()
    """The chain rule factor by factor."""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    text: str
    strong: bool = False
    """Whether it is a result."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `align` has ``l`` or ``r`` for each column."""

    head: tuple[str, ...]
    align: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: int | None = None
    """The column that holds results, from 0."""

    @property
    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """Row by row, each cell with whether it is a result."""
        return tuple(
            tuple(Cell(text, bool(text) and place == self.strong) for place, text in enumerate(row))
            for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs under one heading."""

    number: int
    heading: str
    groups: tuple[Group, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A phase of one update."""

    phase: str
    """``forward``, ``backward`` or ``update``: a style may colour them."""
    heading: str
    sections: tuple[Section, ...] = ()
    before: str = ""
    """A sentence that stands before it (updates that were left out)."""
    check: tuple[str, ...] = ()
    """Sentences that end it: what came of the update."""


@dataclass(frozen=True, slots=True)
class Content:
    """A whole page."""

    title: str
    intro: tuple[str, ...] = ()
    """Sentences."""
    given_heading: str = ""
    given_tables: tuple[Table, ...] = ()
    given_blocks: tuple[Block, ...] = ()
    parts: tuple[Part, ...] = ()
    check_heading: str = ""
    proof: str = ""
    """What the gradients were checked against."""
    facts: dict[str, str] = field(default_factory=dict)
    """What a template of one format may want besides, such as a prefix for labels."""
