"""Reaching: whether the sheet's own numbers give what it writes.

Everything that was judged so far is kept here: as the sheet says it, with only what is
sound in it, and with what is unsound mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

from tracer.checking.calculation import Calculation
from tracer.checking.entries import Entry, Finding
from tracer.checking.own import NONE, Own, Sources, Stated
from tracer.checking.written import is_same, reaches
from tracer.errors import CalculationError
from tracer.formula.keys import Key
from tracer.formula.nodes import Negative, Node, Symbol

_MOST_CHOICES = 16
"""Combinations tried where a line's operands are stated several times."""


class Reaching:
    """The sheet's own numbers, and what can be reached from them."""

    def __init__(self, calculation: Calculation) -> None:
        self.calculation = calculation
        self.sources = Sources()
        self.own = Own(calculation, self.sources)
        self.sound = Own(calculation, self.sources, sound_only=True)
        self.mended = Own(calculation, self.sources, sound_only=True, as_written=True)
        self.filled: dict[str, None] = {}

    def against_own(self, entry: Entry) -> Finding:
        """Can the sheet's own numbers give it?

        What is stated several times is believed as it stood last before this line; if
        that does not give it, each other statement is tried.
        """
        if not self.sources.repeated:
            return self._with_choice(entry, self.own)
        own = Own(self.calculation, self.sources, line=entry.statement.n)
        first = self._with_choice(entry, own)
        if first.status != "wrong":
            return first
        for chosen in self._choices(own):
            other = Own(self.calculation, self.sources, chosen, line=entry.statement.n)
            finding = self._with_choice(entry, other, chosen)
            if finding.status != "wrong":
                return finding
        return first

    def _used(self, own: Own) -> dict[str, int]:
        """Which statement is believed of each repeated quantity that a line looked at."""
        found = {}
        for key in self.sources.repeated:
            stated = own.statement(key) if key in own else None
            if stated is not None:
                found[key] = stated.n
        return found

    def _choices(self, own: Own) -> Iterator[Mapping[str, int]]:
        """The other ways to believe one statement of each repeated quantity in sight."""
        used = self._used(own)
        several = [[one.n for one in self.sources.stated[key]] for key in used]
        for numbers in islice(product(*several), _MOST_CHOICES):
            chosen = dict(zip(used, numbers, strict=True))
            if chosen != used:
                yield chosen

    def _with_choice(
        self, entry: Entry, own: Own, chosen: Mapping[str, int] | None = None
    ) -> Finding:
        line, value, unit = entry.line, entry.value, entry.unit
        try:
            places = own.run(line.tape)
        except CalculationError:
            return Finding("wrong", chosen=chosen or {})
        if chosen is None:
            chosen = self._used(own) if self.sources.repeated else {}
        if own is not self.own:
            self.filled.update(own.filled)
        centre = places[-1]
        roots = own.roots_of(line.operands)
        as_written = reaches(centre, value, unit, 0.0, near=True)
        if as_written and not roots:
            exact = is_same(centre, value, places)
            return Finding("rounded", centre, centre - unit, centre + unit, NONE, chosen, exact)
        radius = own.radius(line.tape, places, unit, entry.number.figures)
        half = max(unit, unit / 2 + radius)
        ends = (centre - half, centre + half)
        inner = 0.0
        if not value and unit < 1:
            inner = line.tape.scrap(places, line.tape.slopes(places), unit, entry.number.figures)
        if not reaches(centre, value, unit, radius, True, inner):
            # a line after a misprint or a bad copy: it was worked out with the right number
            sound = bool(roots) and self._reached_with(self.mended, entry, near=True)
            return Finding("rounded" if sound else "wrong", centre, *ends, NONE, chosen)
        if not roots or self._reached_soundly(entry, as_written):
            return Finding("rounded", centre, *ends, NONE, chosen)
        return Finding("carried", centre, *ends, roots, chosen)

    def _reached_soundly(self, entry: Entry, strict: bool) -> bool:
        """Whether the sheet's sound numbers alone give it too.

        With `strict` (its unsound ones give it as they are written) the sound ones must
        come within a unit of the last place without stretching their intervals.
        """
        if strict:
            try:
                centre = self.sound.run(entry.line.tape)[-1]
            except CalculationError:
                return False
            if abs(centre - entry.value) > entry.unit:
                return False
        return self._reached_with(self.sound, entry, near=False)

    def _reached_with(self, own: Own, entry: Entry, near: bool) -> bool:
        """Whether a line can be reached within the digits of some numbers."""
        try:
            places = own.run(entry.line.tape)
        except CalculationError:
            return False
        radius = own.radius(entry.line.tape, places)
        return reaches(places[-1], entry.value, entry.unit, radius, near)

    def said_before(self, entry: Entry) -> frozenset[int]:
        """The mistakes behind the same wrong number, if it was stated further up."""
        for one in self.sources.stated.get(self.quantity(entry), ()):
            if one.n < entry.statement.n and one.value == entry.value and not one.sound:
                return one.roots
        return NONE

    def quantity(self, entry: Entry) -> str:
        """The key that a statement gives a number to, perhaps with the other sign."""
        if not entry.line.is_expression:
            return entry.line.key
        key = _negated(entry.statement.formula)
        return "" if key is None else self.calculation.line(key).key

    def state(self, entry: Entry, stated: Stated) -> None:
        """Note what the sheet says, for the lines that build on it."""
        key = self.quantity(entry)
        if not key:
            return
        if entry.line.is_expression:
            stated.value = -stated.value  # the statement is about minus the quantity
        self.sources.add(key, stated)
        self.own.believe(key, stated)


def _negated(formula: Node) -> str | None:
    """The key of ``-(key)``, a quantity stated with the other sign."""
    if isinstance(formula, Negative) and isinstance(formula.operand, Symbol):
        return str(Key.parse(formula.operand.name))
    return None
