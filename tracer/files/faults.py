"""Errors with their place in a file: collected, sorted and told all at once.

A reader adds faults to a `Faults` while it goes on reading; at the end `raise_any`
turns them into one `FileError`, each fault as ``file:line:column: message`` with the
offending line and a caret below it.  `Source` keeps the lines of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tracer.errors import FileError, printable
from tracer.model.columns import columns

MOST_TOLD = 20
"""Errors beyond this number are only counted."""
_WINDOW = 100
_LINE_ENDS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: line and column from 1, and how many characters long."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True)
class Source:
    """A file's name and text, for showing its lines.

    >>> print(Source("p.yaml", "loss: mse").frame(Place(1, 7, 3)))
        1 | loss: mse
          |       ^^^
    """

    name: str
    text: str
    lines: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(_LINE_ENDS.split(self.text)))

    def line(self, number: int) -> str:
        """The line with this number (from 1), or an empty one behind the end."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    def frame(self, place: Place) -> str:
        """The line at fault with a caret below; long lines are shown in part."""
        line, start = self.line(place.line), place.column - 1
        cut = max(start - _WINDOW // 2, 0) if len(line) > _WINDOW else 0
        shown = line[cut : cut + _WINDOW]
        before, at_fault = shown[: start - cut], shown[start - cut : start - cut + place.length]
        caret = " " * columns(before) + "^" * max(columns(at_fault), 1)
        return f"{place.line:>5} | {printable(shown)}\n      | {caret}"


class Faults:
    """The errors found so far in one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._found: dict[tuple[Place, str], None] = {}

    def add(self, place: Place, message: str) -> None:
        """Remember an error, in one line; the same one is told once."""
        self._found.setdefault((place, printable(message.replace("\n", "; "))))

    def __len__(self) -> int:
        return len(self._found)

    def raise_any(self) -> None:
        """Do nothing if there were no errors.

        Raises:
            FileError: with all errors in the order of the file.
        """
        if self._found:
            raise self.error()

    def error(self) -> FileError:
        """All errors as one, in the order of the file."""
        told = sorted(self._found)
        name = self.source.name
        parts = [
            f"{name}:{place.line}:{place.column}: {message}\n{self.source.frame(place)}"
            for place, message in told[:MOST_TOLD]
        ]
        if len(told) > MOST_TOLD:
            parts.append(f"{name}: and {len(told) - MOST_TOLD} more")
        return FileError(
            "\n".join(parts), [(place.line, place.column, message) for place, message in told]
        )
