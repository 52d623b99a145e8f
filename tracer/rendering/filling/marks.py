"""Numbers as places in a text: what of a number decides how it is printed, and what does not.

A printed page depends on a number through its *kind* (sign, decimal point, power of ten)
and its length; the digits themselves only stand there.  A mark is a number of some kind
whose digits belong to another script, so that the places of its digits can be found in a
printed text, which is then cut into what stands between them and the slots that fill them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

_SCRIPT = "".join(map(chr, range(0x1D7CE, 0x1D800)))
"""Fifty decimal digits (mathematical alphanumeric symbols) that nobody types."""
TOKEN = re.compile(rf"[{_SCRIPT}]+(?:(?:\.|,|\{{,\}})[{_SCRIPT}]+)?")
"""The digits of a mark, with whatever decimal mark they are printed."""


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

    @property
    def simple(self) -> bool:
        """Whether it is a decimal number, with a sign or none, and nothing else."""
        return self.fixed is None and self.point and not self.after

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


ANY = Kind(-1, point=True)
"""A positive decimal number."""
BELOW = Kind(-2, before="-", point=True)
"""A negative one."""

Cut = tuple[tuple[str, ...], tuple[int, ...]]
"""What stands before, between and after the digits of numbers, and their slots in order."""


def cut(text: str, slots: Mapping[str, int]) -> Cut:
    """A printed text as what stands between the digits and the slots that fill it.

    Args:
        text: with marks in it.
        slots: by the digits of its mark.

    >>> text, digits = Kind(0, "-", point=True).mark(7, 4)
    >>> cut(f"5% of {text}.", {digits: 3})
    (('5% of -', '.'), (3,))
    """
    literals, places, end = [], [], 0
    for match in TOKEN.finditer(text):
        literals.append(text[end : match.start()])
        places.append(slot_of(match[0], slots))
        end = match.end()
    return (*literals, text[end:]), tuple(places)


def tokens(text: str) -> list[str]:
    """The digits of all marks in a text, as they are printed."""
    return TOKEN.findall(text)


def slot_of(token: str, slots: Mapping[str, int]) -> int:
    """The slot of a mark's digits, whatever decimal mark they are printed with."""
    digits = token.replace("{,}", ".").replace(",", ".")
    if digits not in slots:
        raise Refused("the digits of two numbers ran together")
    return slots[digits]


def place(what: str, number: int, piece: int = 0) -> str:
    """A word that stands for a piece of a page until the page is filled.

    Args:
        what: ``L``: a row of a line; ``E``: the sign before a line's result; ``V``: a
            line's result; ``C``: a number in a table; ``S``: a sentence about the loss;
            ``P``: the proof; ``R``: a group's remarks; ``Z``: the end of a sample of a page.
        number: which line, slot, group or sentence.
        piece: of a line, which of its rows.
    """
    return f"\ue000{what}{number}.{piece}\ue001"


PLACE = re.compile(rf"\ue000(?P<what>[A-Z])(?P<number>\d+)\.(?P<piece>\d+)\ue001|{TOKEN.pattern}")
Item = tuple[str, int, int]
"""What stands at a place, its number and its piece; ``D``: the digits of a slot."""


def parts(text: str, found: Mapping[str, int]) -> tuple[list[str], list[Item]]:
    """The text before, between and after the places, and the places."""
    literals, items, end = [], [], 0
    for match in PLACE.finditer(text):
        literals.append(text[end : match.start()])
        end = match.end()
        if match["what"]:
            items.append((match["what"], int(match["number"]), int(match["piece"])))
        else:
            items.append(("D", slot_of(match[0], found), 0))
    return [*literals, text[end:]], items


def marked(
    serials: Iterable[int], kinds: Sequence[Kind], lengths: Sequence[int]
) -> tuple[dict[str, str], dict[str, int]]:
    """Marks for numbers of these kinds and lengths.

    Returns:
        The text of each number by its serial, and the serial by its digits, for `cut`.
    """
    texts, slots = {}, {}
    for serial, kind, length in zip(serials, kinds, lengths, strict=True):
        texts[str(serial)], digits = kind.mark(serial, length)
        if digits:
            slots[digits] = serial
    return texts, slots


def ends(texts: Sequence[str]) -> tuple[str, str]:
    """What all of these texts begin with, and what all of them end with.

    >>> ends(["$0.5$", "$-0.6$"])
    ('$', '$')
    """
    least, most = min(texts), max(texts)
    before = next((at for at, sign in enumerate(least) if most[at : at + 1] != sign), len(least))
    turned = [text[::-1] for text in texts]
    last, first = min(turned), max(turned)
    after = next((at for at, sign in enumerate(last) if first[at : at + 1] != sign), len(last))
    return least[:before], last[:after][::-1]


def picking(places: Sequence[int]) -> Callable[[Sequence[Any]], Any]:
    """What picks the entries at these places, a tuple also where it is one or none."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda entries: tuple([entries[place] for place in places])
