"""Kinds of values that may stand in a file: what the table of fields is made of.

`fields` says with them what a problem file may hold, `reading` reads a tree against them,
`schema` publishes them as JSON Schema.  A kind is data; it does nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tracer.formula.keys import NAME
from tracer.model.ranges import Range


@dataclass(frozen=True, slots=True)
class Text:
    """Any text, or one that matches a pattern."""

    what: str
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, kept as text; within: between which numbers the setting `name` lies."""

    what: str = "a number"
    name: str = ""
    within: Range | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int
    what: str = "a whole number"


@dataclass(frozen=True, slots=True)
class Word:
    """One of some words; `what` says of what kind they are (``activation``)."""

    words: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Switch:
    """``true`` or ``false``, or only one of the two."""

    values: tuple[bool, ...]

    @property
    def what(self) -> str:
        return " or ".join(str(value).lower() for value in self.values)


@dataclass(frozen=True, slots=True)
class Array:
    """Numbers in nested lists, from `least` to `most` levels deep; sparse: ``.`` allowed;
    even: all rows are of one length; hidden: minus infinity allowed."""

    least: int
    most: int
    what: str
    sparse: bool = False
    even: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of things of a kind, usually at least one."""

    item: Kind
    what: str
    least: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Known keys; `rest`: what further keys hold, if there may be any."""

    fields: tuple[Field, ...]
    what: str
    rest: Kind | None = None
    noun: str = "key"
    """What its keys are called in messages."""

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class Named:
    """Free names, each with a thing of a kind."""

    item: Kind
    what: str
    pattern: str = NAME


@dataclass(frozen=True, slots=True)
class Either:
    """One of several kinds, at most one of them a list and one a table."""

    kinds: tuple[Kind, ...]
    what: str


@dataclass(frozen=True, slots=True)
class ByType:
    """A table whose keys depend on what one of them says."""

    key: str
    tables: Mapping[str, Table]
    default: str
    """Which table holds where the key is left out."""
    what: str
    noun: str
    """What the words of the key are called in messages."""


Kind: TypeAlias = (
    Text | Number | Whole | Word | Switch | Array | ListOf | Table | Named | Either | ByType
)


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a table."""

    name: str
    kind: Kind
    description: str
    default: str | int | bool | None = None
    """What holds without it, for editors; None where that is not one value."""
    required: bool = False
