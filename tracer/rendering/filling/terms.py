"""Sums cut at their terms: each term printed once, and the sum put together from them.

A sum at the top of a formula is printed term by term, so that its text is that of its terms
one after the other, and so are the rows into which it is broken.  Terms have few numbers, and
therefore few combinations of kinds.  Where a term holds a sum itself, or where no row of one
term fits, the member is printed as a whole (`members`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from tracer.formula.nodes import Negative, Node, Sum, Symbol, walk
from tracer.rendering.filling.codes import Codes
from tracer.rendering.filling.marks import Cut, Kind, cut, marked, picking
from tracer.rendering.printers.signs import line_starts
from tracer.rendering.typesetting import LONGEST_SUM, Typesetting

_ANCHOR, _NUMBER = "anchor", Kind(-1).mark(0, 2)[0]
"""A symbol that stands beside a term while it is printed, and its number."""
_MOST = 4096
"""Combinations of lengths that are kept."""
CLOSE = 1e-6
"""Widths that are added up in another order may differ by so much, in points, at most."""


@dataclass(eq=False, slots=True)
class Term:
    """A term with its numbers left open, for numbers of certain classes."""

    cut: Cut
    """After its sign."""
    tall: bool
    least: float
    most: float
    """How wide it is at least and at most, with its sign."""


class Terms:
    """One term of a sum.

    Args:
        node: the sum, its symbols the numbers from 0 as texts.
        place: which term.
        setting: of the page.
        codes: of the form.
        point: the decimal mark on the page.
    """

    def __init__(
        self, node: Sum, place: int, setting: Typesetting, codes: Codes, point: str
    ) -> None:
        self.setting, self.codes, self.point = setting, codes, point
        term = node.terms[place]
        found = dict.fromkeys(part.name for part in walk(term) if isinstance(part, Symbol))
        self.serials = [int(name) for name in found]
        self.pick = picking(self.serials)
        anchor = Symbol(_ANCHOR)
        self.first = place == 0
        self.node = Sum((term, anchor) if self.first else (anchor, term))
        signed = Negative(anchor) if isinstance(term, Negative) and place else anchor
        numbers = {_ANCHOR: _NUMBER}
        self.sign = setting.formula(Sum((anchor, signed)), numbers.__getitem__)
        self.sign = self.sign.removeprefix(_NUMBER).removesuffix(_NUMBER)
        """What stands before it, unless it is the first."""
        self.sign_width = setting.width(self.sign)
        self._known: dict[tuple[int, ...], tuple[Term | None, float]] = {}
        self._terms: dict[tuple[int, ...], Term | None] = {}

    def of(self, codes: tuple[int, ...]) -> tuple[Term | None, float]:
        """The term for numbers of these codes, and how wide it is; None: lengths matter."""
        found = self._known.get(codes)
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            found = self._known[codes] = self._of(codes)
        return found

    def _of(self, codes: tuple[int, ...]) -> tuple[Term | None, float]:
        classes = tuple(self.codes.classes[code] for code in codes)
        if classes not in self._terms:
            self._terms[classes] = self._bounded(classes)
        kinds = [self.codes.kinds[code] for code in codes]
        lengths = [self.codes.lengths[code] for code in codes]
        found = self._terms[classes]
        return found, self._print(kinds, lengths)[1] if found else 0.0

    def _bounded(self, classes: tuple[int, ...]) -> Term | None:
        bounds = [self.codes.bounds[one] for one in classes]
        if not all(room or kind.fixed is not None for kind, _, room in bounds):
            return None
        kinds = [kind for kind, _, _ in bounds]
        found, most, tall = self._print(kinds, [room for _, _, room in bounds])
        short, least, _ = self._print(kinds, [length for _, length, _ in bounds])
        return Term(found, tall, least, most) if found == short else None

    def _print(self, kinds: Sequence[Kind], lengths: Sequence[int]) -> tuple[Cut, float, bool]:
        """The term printed with marks beside an anchor, which is then taken away."""
        texts, slots = marked(self.serials, kinds, lengths)
        texts[_ANCHOR] = _NUMBER
        text = self.setting.formula(self.node, texts.__getitem__)
        text = text.removesuffix(self.sign + _NUMBER) if self.first else text.removeprefix(_NUMBER)
        width = self.setting.width(text)
        bare = text if self.first else text.removeprefix(self.sign)
        return cut(bare, slots), width, self.setting.is_tall(text)


class Cutting:
    """A sum that is cut at its terms.

    Args:
        node: the sum, its symbols the numbers from 0 as texts.
        room: how wide a row may be.
        setting: of the page.
        codes: of the form.
        point: the decimal mark on the page.
    """

    def __init__(
        self, node: Sum, room: float, setting: Typesetting, codes: Codes, point: str
    ) -> None:
        self.room = room
        self.terms = [Terms(node, place, setting, codes, point) for place in range(len(node.terms))]

    def of(self, codes: tuple[int, ...]) -> tuple[tuple[Cut, ...], bool, float, Bounds] | None:
        """Its rows, whether the first is tall, how wide it is, and its bounds in one row.

        None: it is to be printed as a whole.
        """
        found = [one.of(one.pick(codes)) for one in self.terms]
        terms = [term for term, _ in found if term is not None]
        if len(terms) < len(found):
            return None
        widths = [width for _, width in found]
        bounds = sum(term.least for term in terms), sum(term.most for term in terms)
        starts = self._starts(widths)
        if starts is None:
            return None
        rows = [
            self._row(terms, start, stop)
            for start, stop in zip([0, *starts], [*starts, len(terms)], strict=True)
        ]
        end = starts[0] if starts else len(terms)
        first = sum(widths[:end])
        return tuple(rows), any(term.tall for term in terms[:end]), first, bounds

    def _starts(self, widths: Sequence[float]) -> list[int] | None:
        """Before which terms it is broken; None: that cannot be said from these widths."""
        whole = sum(widths)
        if abs(whole - self.room) < CLOSE:
            return None
        if whole < self.room:
            return []
        for most in range(LONGEST_SUM, 0, -1):
            starts = sorted(line_starts(len(widths), most))
            ends = zip([0, *starts], [*starts, len(widths)], strict=True)
            widest = max(self._width(widths, start, stop) for start, stop in ends)
            if abs(widest - self.room) < CLOSE:
                return None
            if widest < self.room:
                return starts
        return None

    def _width(self, widths: Sequence[float], start: int, stop: int) -> float:
        """How wide a row is: the sign before its first term ends the row before it."""
        found = sum(widths[start:stop])
        found -= self.terms[start].sign_width if start else 0.0
        return found + (self.terms[stop].sign_width if stop < len(widths) else 0.0)

    def _row(self, terms: Sequence[Term], start: int, stop: int) -> Cut:
        """One row, put together from its terms."""
        literals, serials, text = [], [], ""
        for place in range(start, stop):
            if place > start:
                text += self.terms[place].sign
            (first, *rest), slots = terms[place].cut
            text += first
            for serial, literal in zip(slots, rest, strict=True):
                literals.append(text)
                serials.append(serial)
                text = literal
        if stop < len(terms):
            text += self.terms[stop].sign.rstrip() + "{}"
        return (*literals, text), tuple(serials)


Bounds = tuple[float, float]
"""The least and the largest width."""


def can_cut(node: Node) -> TypeGuard[Sum]:
    """Whether a formula is a sum of terms in which there is no sum."""
    if not isinstance(node, Sum):
        return False
    return not any(isinstance(part, Sum) for term in node.terms for part in walk(term))
