"""Numbers as places in a text: what of a number decides how it is printed, and what does not.

A printed page depends on a number through its *kind* (sign, decimal point, power of ten)
and its length; the digits themselves only stand there.  A mark is a number of some kind
whose digits belong to another script, so that the places of its digits can be found in a
printed text, which is then cut into a format and the slots that fill it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from operator import itemgetter
from typing import Any

from tracer.records import dataclass

_SCRIPT = "".join(map(chr, range(0x1D7CE, 0x1D800)))
"""Fifty decimal digits (mathematical alphanumeric symbols) that nobody types."""
TOKEN = re.compile(rf"[{_SCRIPT}]+(?:(?:\.|,|\{{,\}})[{_SCRIPT}]+)?")
"""The digits of a mark, with whatever decimal mark they are printed."""
_ZEROS = str.maketrans("123456789", "000000000")
_FREE = re.compile(r"(?P<before>-?)(?:\d+(?P<point>\.)\d+|\d\d+)(?P<after>e-?\d+)?")
"""Numbers whose digits can be others without a change of anything else.  A single digit
is none of them: a power of ten has no 1 before it, and 0 is not even printed everywhere."""


class Refused(Exception):
    """The page cannot be filled: it is to be printed in the plain way."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a number is written, but for its digits."""

    number: int
    """By which it is known."""
    before: str = ""
    """The sign."""
    after: str = ""
    """The power of ten as our grammar has it: ``e-5``."""
    point: bool = False
    """Whether there is a decimal point among the digits."""
    fixed: str | None = None
    """The whole text, where every digit matters; it has no slot."""
    part: slice = field(default_factory=lambda: slice(None), hash=False)
    """Where the digits stand in a text of this kind."""

    def mark(self, serial: int, length: int) -> tuple[str, str]:
        """A number of this kind with digits that are found again, and these digits.

        Args:
            serial: which mark it is; two of them never look alike.
            length: how many characters the digits have, their point included.
        """
        if self.fixed is not None:
            return self.fixed, ""
        places = length - self.point
        found = ""
        for _ in range(places):
            serial, rest = divmod(serial, len(_SCRIPT))
            found = _SCRIPT[rest] + found
        if serial:
            raise Refused(f"{length} characters do not tell all numbers apart")
        digits = f"{found[:1]}.{found[1:]}" if self.point else found
        return f"{self.before}{digits}{self.after}", digits


class Kinds:
    """The kinds that occurred so far.

    >>> kinds = Kinds()
    >>> kinds.of("-0.25") is kinds.of("-0.75"), kinds.of("0.25") is kinds.of("-0.25")
    (True, False)
    """

    def __init__(self) -> None:
        self._known: dict[object, Kind] = {}
        self._patterns: dict[str, Kind] = {}

    def of(self, text: str) -> Kind:
        """The kind of a number."""
        return self.all_of([text])[0]

    def all_of(self, texts: Sequence[str]) -> list[Kind]:
        """The kinds of many numbers."""
        patterns = "\n".join(texts).translate(_ZEROS).split("\n")
        known = self._patterns
        return [
            known.get(pattern) or self._new(pattern, text)
            for pattern, text in zip(patterns, texts, strict=True)
        ]

    def beyond(self, count: int) -> list[Kind]:
        """The kinds after so many, in the order of their numbers."""
        return list(self._known.values())[count:] if len(self._known) > count else []

    def _new(self, pattern: str, text: str) -> Kind:
        match = _FREE.fullmatch(text)
        if match is None:
            return self._kept(text, fixed=text)
        facts = (match["before"], match["after"] or "", bool(match["point"]))
        found = self._kept(facts, *facts)
        if not found.after:  # a power's own digits matter, so its pattern does not say all
            self._patterns[pattern] = found
        return found

    def _kept(
        self,
        key: object,
        before: str = "",
        after: str = "",
        point: bool = False,
        fixed: str | None = None,
    ) -> Kind:
        if key not in self._known:
            part = slice(len(before), -len(after) or None) if fixed is None else slice(0)
            self._known[key] = Kind(len(self._known), before, after, point, fixed, part)
        return self._known[key]


Cut = tuple[str, tuple[int, ...]]
"""A format for ``%``, and the slots whose digits fill it, in order."""


def cut(text: str, slots: Mapping[str, int]) -> Cut:
    """A printed text as a format and the slots that fill it.

    Args:
        text: with marks in it.
        slots: by the digits of its mark.

    >>> text, digits = Kind(0, "-", point=True).mark(7, 4)
    >>> cut(f"5% of {text}", {digits: 3})
    ('5%% of -%s', (3,))
    """
    literals, places, end = [], [], 0
    for match in TOKEN.finditer(text):
        literals.append(text[end : match.start()].replace("%", "%%"))
        places.append(slot_of(match[0], slots))
        end = match.end()
    literals.append(text[end:].replace("%", "%%"))
    return "%s".join(literals), tuple(places)


def tokens(text: str) -> list[str]:
    """The digits of all marks in a text, as they are printed."""
    return TOKEN.findall(text)


def picking(places: Sequence[int]) -> Callable[[Sequence[Any]], Any]:
    """What picks the entries at these places for ``%``, as many as they are."""
    if not places:
        return lambda entries: ()
    return itemgetter(*places)


def slot_of(token: str, slots: Mapping[str, int]) -> int:
    """The slot of a mark's digits, whatever decimal mark they are printed with."""
    digits = token.replace("{,}", ".").replace(",", ".")
    if digits not in slots:
        raise Refused("the digits of two numbers ran together")
    return slots[digits]


def place(what: str, number: int, piece: int = 0) -> str:
    """A word that stands for a piece of a page until the page is filled.

    Args:
        what: ``L``: of a line; ``C``: a number in a table; ``S``: a sentence about the
            loss; ``P``: the proof; ``R``: a remark.
        number: which line, slot, sentence or remark.
        piece: of a line.
    """
    return f"\ue000{what}{number}.{piece}\ue001"
