"""YAML and JSON as a tree in which everything knows its place and stays text.

Takes the bytes or the text of a file, gives a `Tree` of `Scalar`, `Items` and `Pairs`.
No number becomes a float here: ``0.20``, ``1/3`` and ``1e-3`` stay as written.  JSON
is read by the same path, since nearly every JSON text is YAML.  The tree is made from
the events of PyYAML's parser, so that nesting, size and aliases can be bounded; what
has no use in a problem file (anchors, tags, several documents) is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from tracer.errors import FileError, printable
from tracer.files.faults import Faults, Place, Source

LARGEST = 1 << 20
"""Bytes of a problem file."""
DEEPEST = 20
"""Levels of nesting; a problem needs five."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text without parts."""

    text: str
    plain: bool
    """Written without quotes."""
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Tree, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Pairs:
    """Keys with their values, in order; each key once."""

    pairs: tuple[tuple[Scalar, Tree], ...]
    place: Place

    def get(self, key: str) -> Tree | None:
        """The value under a key."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        """The key itself, with its place."""
        return next((name for name, _ in self.pairs if name.text == key), None)


Tree: TypeAlias = Scalar | Items | Pairs


def decoded(data: bytes, name: str) -> str:
    """The text of a file, which must be UTF-8.

    Raises:
        FileError: for other encodings, binary files and files that are too large.

    >>> decoded("rate: 0.5  # η".encode("utf-8-sig"), "mine.yaml")
    'rate: 0.5  # η'
    """
    if len(data) > LARGEST:
        raise FileError(f"{name}: larger than 1 MiB; this is no problem file")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError(f"{name}: this file is UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise FileError(f"{name}: this is a binary file, or its encoding is not UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A byte-order mark is not counted in `start`, nor is it a column.
        text = error.object[: error.start].decode("utf-8", "replace")
        lines = text.split("\n")
        raise FileError(
            f"{name}:{len(lines)}:{len(lines[-1]) + 1}: this byte is not UTF-8; "
            "save the file as UTF-8",
            [(len(lines), len(lines[-1]) + 1, "this byte is not UTF-8")],
        ) from None


def source_of(name: str, text: str) -> Source:
    """The text as a source for `read_tree`, JSON made fit for a YAML parser.

    Two things keep JSON from being YAML: tabs between tokens, and characters written as
    a pair of surrogates.  Lines stay where they are, columns too but behind such a pair.

    >>> source_of("mine.json", '{"rate":\\t0.5}').text
    '{"rate": 0.5}'
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith(("{", "[")) and ("\t" in text or "\\u" in text):
        try:
            json.loads(text, parse_int=str, parse_float=str)
        except (ValueError, RecursionError):
            return Source(name, text)
        # A tab inside a string would not be JSON, so these all stand between tokens.
        text = _ESCAPE.sub(_joined, text.replace("\t", " "))
    return Source(name, text)


_ESCAPE = re.compile(r"\\(?:u([dD][89abAB]\w\w)\\u([dD][c-fC-F]\w\w)|.)")


def _joined(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    high, low = int(match[1], 16) - 0xD800, int(match[2], 16) - 0xDC00
    return chr(0x10000 + high * 0x400 + low)


def read_tree(source: Source, gathered: Faults | None = None, largest: int = LARGEST) -> Tree:
    """The tree of a YAML or JSON text.

    Args:
        source: the text.
        gathered: where errors go that do not keep the rest from being read (a key that
            stands twice), to be told with those that follow; without it they are raised.
        largest: bytes beyond which it is not looked at.

    Raises:
        FileError: for anything that is not plain YAML of bounded size.

    >>> tree = read_tree(source_of("p.yaml", "rate: 0.20"))
    >>> tree.get("rate").text, tree.get("rate").place
    ('0.20', Place(line=1, column=7, length=4))
    """
    faults = Faults(source) if gathered is None else gathered
    try:
        if len(source.text.encode()) > largest:
            raise FileError(
                f"{source.name}: larger than {largest >> 20} MiB; this is no problem file"
            )
        tree = _Composer(source, faults).document()
    except UnicodeEncodeError as error:
        raise FileError(f"{source.name}: the text is not Unicode ({error.reason})") from None
    except yaml.YAMLError as error:
        faults.add(*_told(error, source))
        faults.raise_any()
    except (ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, FileError):
            raise
        faults.add(Place(1, 1), f"this is not YAML: {error}")
        faults.raise_any()
    if gathered is None:
        faults.raise_any()
    return tree


class _Composer:
    """Builds the tree from the parser's events."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.source = source
        self.faults = faults

    def document(self) -> Tree:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        events = iter(yaml.parse(self.source.text, Loader=loader))
        tree: Tree | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if tree is not None:
                    self.stop(event, "a second document begins here; a file holds one problem")
            elif isinstance(event, yaml.NodeEvent):
                tree = self.node(event, events, 1)
        if tree is None or (isinstance(tree, Scalar) and tree.plain and not tree.text):
            self.stop(None, "the file is empty")
        assert tree is not None
        return tree

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Tree:
        if isinstance(event, yaml.AliasEvent):
            self.stop(event, f"aliases (*{event.anchor}) are not read here; repeat the text")
        if event.anchor is not None:
            self.stop(event, f"anchors (&{event.anchor}) are not read here")
        if event.tag is not None and event.tag != "!":
            self.stop(event, f"tags ({event.tag[:40]}) are not read here")
        if depth > DEEPEST:
            self.stop(event, f"nested more than {DEEPEST} deep")
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, event.implicit[0], self.place(event, event))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self.node(inner, events, depth + 1))
            return Items(tuple(items), self.place(event, inner))
        return self.pairs(event, events, depth)

    def pairs(self, event: Any, events: Iterator[Any], depth: int) -> Pairs:
        found: dict[str, tuple[Scalar, Tree]] = {}
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = self.node(inner, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                self.faults.add(key.place, "a key is a text, not a list or a table")
            elif key.text in found:
                line = found[key.text][0].place.line
                self.faults.add(key.place, f"'{key.text[:40]}' stands twice, first in line {line}")
            else:
                found[key.text] = (key, value)
        return Pairs(tuple(found.values()), self.place(event, inner))

    def place(self, first: Any, last: Any) -> Place:
        """From the start of one event to the end of another, within the first line."""
        start, end = first.start_mark, last.end_mark
        if end.line == start.line:
            length = end.column - start.column
        else:
            length = len(self.source.line(start.line + 1).rstrip()) - start.column
        return Place(start.line + 1, start.column + 1, max(length, 1))

    def stop(self, event: Any, message: str) -> None:
        """Give up at this event, with the faults found so far."""
        self.faults.add(Place(1, 1) if event is None else self.place(event, event), message)
        self.faults.raise_any()


def _told(error: yaml.YAMLError, source: Source) -> tuple[Place, str]:
    """Place and message of an error of the YAML parser."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if mark is None:
        position = getattr(error, "position", 0)
        before = Source("", source.text[: position if isinstance(position, int) else 0])
        place = Place(len(before.lines), len(before.lines[-1]) + 1)
        return place, f"this is not YAML: {problem}"
    context = getattr(error, "context_mark", None)
    if context is not None and not "".join(source.lines[mark.line :])[mark.column :].strip():
        return Place(context.line + 1, context.column + 1), "what begins here is not closed"
    place = Place(mark.line + 1, mark.column + 1)
    line = source.line(place.line)
    character = line[mark.column : mark.column + 1]
    if "cannot start any token" in problem:
        if character == "\t":
            return place, "a tab stands here; YAML is indented with spaces"
        return place, f"a text that begins with '{printable(character)}' needs quotes"
    if "mapping values" in problem:
        return place, "a ':' is not expected here; check the indentation, or quote the text"
    if "expected ',' or" in problem and "[" in line[: mark.column]:
        problem += '; a text with brackets needs quotes, such as "w1[1,1]"'
    return place, f"this is not YAML: {problem}"
