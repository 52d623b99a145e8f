"""What a YAML file of words says: notations and sentences, from anybody's hands.

Takes the path of a file, gives tables and lists of texts; no text becomes a number, a date or
an object.  Size and depth are bounded, and what has no use in such a file (anchors, aliases,
tags, several documents) is refused, so that a short text cannot stand for a long one.  Read by
`loading`, and by the languages of pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tracer.errors import FileError

LARGEST = 100_000
"""Characters of a file; the longest of ours has a third of them."""
DEEPEST = 10
"""Levels of nesting; a notation needs four."""


def content_of(path: Path, what: str = "a notation") -> dict[str, Any]:
    """What a file says, as a table.

    Args:
        path: the file.
        what: the file is, in messages.

    Raises:
        FileError: if it is no text or no plain YAML, too long or nested too deeply.
    """
    import yaml

    events = yaml.parse(_text_of(path, what), getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    try:
        found = [
            _value(event, events, path, 1) for event in events if isinstance(event, yaml.NodeEvent)
        ]
    except yaml.YAMLError as error:
        raise FileError(f"{path}: {error}") from None
    if len(found) != 1 or not isinstance(found[0], dict):
        raise FileError(f"{path}: {what} is a list of words with a colon after each")
    return found[0]


def place_in(path: Path, words: Iterable[str | int]) -> tuple[int, int]:
    """Line and column, from 1, of the last of these words in a file, one inside the other.

    Args:
        path: of a file that `content_of` reads.
        words: as the `path` of an error says them; the file's beginning if none is there.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    node, mark = yaml.compose(path.read_text(encoding="utf-8"), loader), None
    for word in words:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == str(word)), None)
        if found is None:
            break
        mark, node = found[0].start_mark, found[1]
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _text_of(path: Path, what: str) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
    except UnicodeDecodeError:
        raise FileError(f"{path}: is not UTF-8") from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror or error})") from None
    if len(text) > LARGEST:
        raise FileError(f"{path}: {what} has at most {LARGEST:,} characters")
    return text


def _value(event: Any, events: Iterator[Any], path: Path, depth: int) -> Any:
    """The text, list or table that begins with an event; the events after it are used up."""
    import yaml

    place = f"{path}:{event.start_mark.line + 1}:{event.start_mark.column + 1}"
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise FileError(f"{place}: anchors (&) and aliases (*) are not read here")
    if event.tag not in (None, "!"):
        raise FileError(f"{place}: tags ({event.tag[:40]}) are not read here")
    if depth > DEEPEST:
        raise FileError(f"{place}: nested more than {DEEPEST} deep")
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return list(_until(yaml.SequenceEndEvent, events, path, depth))
    parts = list(_until(yaml.MappingEndEvent, events, path, depth))
    table: dict[str, Any] = {}
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        if not isinstance(key, str):
            raise FileError(f"{place}: a key is a text, not a list or a table")
        if key in table:
            raise FileError(f"{place}: '{key[:40]}' stands twice in this table")
        table[key] = value
    return table


def _until(end: type, events: Iterator[Any], path: Path, depth: int) -> Iterator[Any]:
    while not isinstance(event := next(events), end):
        yield _value(event, events, path, depth + 1)
