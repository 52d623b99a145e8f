"""Codes: what of each number of a page decides how the page looks, as one small integer.

Takes the texts of all numbers of a trace at once; gives a code for each.  A code stands for
a kind and a length.  Where only bounds of lengths matter, its *class* stands for the kind
and for the smallest of a few rooms that holds the digits.  A `Dress` writes all numbers of a
page as they stand in one surrounding: in a table, as a result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from tracer.rendering.filling.marks import ANY, BELOW, Cut, Kind, Refused, cut, ends

_ZEROS = str.maketrans("123456789", "000000000")
_FREE = re.compile(r"(?P<before>-?)(?:\d+(?P<point>\.)\d+|\d\d+)(?P<after>e-?\d+)?")
"""Numbers whose digits can be others without a change of anything else.  A single digit
is none of them: a power of ten has no 1 before it, and 0 is not even printed everywhere."""
_LONG = 8
"""Characters of the digits of a mark in a sentence or cell."""


class Codes:
    """The codes that occurred so far.

    Args:
        rooms: lengths of digits up to which a page's lines need not be measured.

    >>> codes = Codes([5, 8])
    >>> codes.read(["-0.25", "-0.75", "0.25", "7"])
    ([0, 0, 1, 2], [0, 1, 2, 3])
    >>> codes.read(["-0.25", "7"])
    ([0, 2], [1])
    >>> codes.kinds[2].fixed, codes.lengths[0]
    ('7', 4)
    """

    def __init__(self, rooms: Iterable[int]) -> None:
        self.rooms = sorted(set(rooms))
        self.kinds: list[Kind] = []
        """By code."""
        self.lengths: list[int] = []
        """By code, how many characters the digits have."""
        self.classes: list[int] = []
        """By code, its class: kind and room."""
        self.odd: list[int] = []
        """By code, 0 where the number is a decimal that fits its room, else its class."""
        self.bounds: list[tuple[Kind, int, int]] = [(ANY, 0, 0)]
        """By class, the kind, and the least and largest length; 0: no bound is known."""
        self._sayings: dict[str, int] = {}
        """By pattern, where the pattern says all."""
        self._others: dict[str, int] = {}
        self._kinds: dict[object, Kind] = {}
        self._classes: dict[tuple[int, int], int] = {}

    def read(self, texts: Sequence[str], joined: str = "") -> tuple[list[int], list[int]]:
        """The codes of numbers, and which numbers are no mere decimals or are new in kind.

        Args:
            texts: the numbers.
            joined: the same, one a line, if that is known already.
        """
        patterns = (joined or "\n".join(texts)).translate(_ZEROS).split("\n")
        codes = list(map(self._sayings.get, patterns))
        if None not in codes:
            return codes, []  # type: ignore[return-value]
        others = [at for at, code in enumerate(codes) if code is None]
        for at in others:
            codes[at] = self._other(texts[at], patterns[at])
        return codes, others  # type: ignore[return-value]

    def kind(self, text: str) -> Kind:
        """The kind of one number."""
        return self.kinds[self.read([text])[0][0]]

    def _other(self, text: str, pattern: str) -> int:
        """The code of a number whose digits matter, or one of a new pattern."""
        if pattern in self._sayings:  # another number of the same page was the first
            return self._sayings[pattern]
        digits, mark, power = text.partition("e")
        key = f"{pattern[: len(digits)]}e{power}" if mark else text
        found = self._others.get(key)
        if found is not None:
            return found
        match = _FREE.fullmatch(text)
        if match is None:
            self._others[text] = found = self._new(self._kind(text, fixed=text), 0)
            return found
        facts = (match["before"], match["after"] or "", bool(match["point"]))
        kind = self._kind(facts, *facts)
        found = self._new(kind, len(text[kind.part]))
        if kind.simple:
            self._sayings[pattern] = found
        else:
            self._others[key] = found
        return found

    def _kind(
        self,
        key: object,
        before: str = "",
        after: str = "",
        point: bool = False,
        fixed: str | None = None,
    ) -> Kind:
        if key not in self._kinds:
            part = slice(len(before), -len(after) or None) if fixed is None else slice(0)
            self._kinds[key] = Kind(len(self._kinds), before, after, point, fixed, part)
        return self._kinds[key]

    def _new(self, kind: Kind, length: int) -> int:
        rooms = [0, *self.rooms]
        room = next((room for room in self.rooms if length <= room), 0)
        if (kind.number, room) not in self._classes:
            self._classes[kind.number, room] = len(self.bounds)
            shortest = 2 + kind.point
            least = max(shortest, rooms[rooms.index(room) - 1] + 1) if room else 0
            self.bounds.append((kind, least, room))
        found = self._classes[kind.number, room]
        self.kinds.append(kind)
        self.lengths.append(length)
        self.classes.append(found)
        self.odd.append(0 if kind.simple and room else found)
        return len(self.kinds) - 1


class Dress:
    """Numbers as they are written in one surrounding.

    Args:
        typeset: writes a number there.
        point: the decimal mark among its digits.

    Raises:
        Refused: where a minus changes what stands after the digits.
    """

    def __init__(self, typeset: Callable[[str], str], point: str) -> None:
        self.typeset = typeset
        self.point = point
        self._known: dict[Kind, Cut] = {}
        (before, after), _ = self._cut(ANY)
        (below, ending), _ = self._cut(BELOW)
        samples = [typeset("1"), typeset("-1.5e-5"), typeset("0.5"), typeset("-0.6")]
        self.outer = ends(samples)
        """What stands around every number, whatever it is."""
        if after != ending or any(map(str.isdigit, "".join(self.outer))):
            raise Refused("a minus changes what stands after a number")
        self.before = before[len(self.outer[0]) :]
        self.below = below[len(self.outer[0]) :]
        self.after = after[: len(after) - len(self.outer[1])]

    def all(self, joined: str) -> list[str]:
        """Decimal numbers, one a line, as written here, less what stands around them all.

        Args:
            joined: the numbers, their decimal mark put in already.
        """
        if (self.before, self.below, self.after) == ("", "-", ""):
            return joined.split("\n")
        between = f"{self.after}\n"
        text = f"\n{joined}".replace("\n-", "\0").replace("\n", f"{between}{self.before}")
        text = text.replace("\0", f"{between}{self.below}")
        return (text[len(between) :] + self.after).split("\n")

    def same(self, other: Dress) -> bool:
        """Whether decimal numbers are written alike in both surroundings."""
        mine = self.before, self.below, self.after
        return mine == (other.before, other.below, other.after)

    def one(self, text: str, kind: Kind) -> str:
        """Any number as written here, less what stands around them all."""
        if kind not in self._known:
            self._known[kind] = self._cut(kind)
        literals, slots = self._known[kind]
        found = literals[0]
        if slots:
            found += text[kind.part].replace(".", self.point) + literals[1]
        before, after = self.outer
        if not (found.startswith(before) and found[len(before) :].endswith(after)):
            raise Refused("a number stands in another surrounding than others")
        return found[len(before) : len(found) - len(after)]

    def _cut(self, kind: Kind) -> Cut:
        text, digits = kind.mark(0, _LONG)
        found = cut(self.typeset(text), {digits: 0})
        if len(found[1]) > 1:
            raise Refused("a number stands twice")
        return found
