"""Judging one statement: right, right within its rounding, carried, or wrong.

A written value is *correct* if the full-precision value rounds or truncates to it;
*rounded* if it can be reached from the sheet's own sound numbers within their digits;
*carried* if only an earlier wrong number gives it; else *wrong*.  Statements are judged
in the order of the calculation, so that everything upstream is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product

from tracer.checking.calculation import Calculation, Line
from tracer.checking.links import false_link
from tracer.checking.own import NONE, Own, Sources, Stated
from tracer.checking.scheme import Scheme
from tracer.checking.written import Habit, is_exact, is_right, is_same, reaches
from tracer.errors import CalculationError
from tracer.formula.keys import Key
from tracer.formula.nodes import Negative, Node, Symbol
from tracer.model.answer import Statement, Written
from tracer.model.verdict import Verdict

_MOST_CHOICES = 16
"""Combinations tried where a line's operands are stated several times."""


@dataclass(slots=True)
class Entry:
    """A statement with a number, and the line that it is about."""

    statement: Statement
    line: Line
    number: Written
    turn: int
    """-1 if the sheet writes minus the quantity."""
    value: float
    """What is written, in the quantity's sign."""
    unit: float


@dataclass(slots=True)
class Finding:
    """What the sheet's own numbers say of a statement."""

    status: str
    own: float | None = None
    low: float = 0.0
    high: float = 0.0
    """What would have been accepted, in the quantity's sign."""
    roots: frozenset[int] = NONE
    chosen: Mapping[str, int] = field(default_factory=dict)
    exact: bool = False
    """Whether the sheet's numbers give exactly what is written."""


class Judge:
    """Judges the statements of one sheet, one after another."""

    def __init__(self, calculation: Calculation, habit: Habit, scheme: Scheme) -> None:
        self.calculation = calculation
        self.habit = habit
        self.scheme = scheme
        self.sources = Sources()
        self.own = Own(calculation, self.sources)
        self.sound = Own(calculation, self.sources, sound_only=True)
        self.chosen: dict[int, Mapping[str, int]] = {}
        """Which of several statements each line was judged with."""
        self.filled: dict[str, None] = {}

    def verdict(self, entry: Entry) -> Verdict:
        """The verdict on the next statement, which later ones then build on."""
        line, value, unit = entry.line, entry.value, entry.unit
        if is_right(entry.number, value, unit, line.true, line.exact):
            return self._correct(entry)
        finding = self._against_own(entry)
        if finding.status == "wrong":
            finding.roots = self._said_before(entry)
            finding.status = "carried" if finding.roots else "wrong"
        status = finding.status
        if status == "rounded" and self._is_coarse(entry, finding.exact):
            status = "too coarse"
        sound = status == "rounded"
        roots = finding.roots or (NONE if sound else frozenset({entry.statement.n}))
        width = 0.0 if sound and finding.exact else unit / 2
        self._state(entry, Stated(entry.statement.n, value, width, sound, roots))
        if finding.chosen:
            self.chosen[entry.statement.n] = finding.chosen
        severity = _severity(entry, finding) if status == "wrong" else ""
        points, of = self.scheme.earned(entry.statement, status, severity)
        own, interval = None, None
        if finding.own is not None:
            own = entry.turn * finding.own
            ends = (entry.turn * finding.low, entry.turn * finding.high)
            interval = (min(ends), max(ends))
        return Verdict(
            entry.statement,
            status,
            severity,
            entry.turn * line.true,
            own,
            interval,
            points,
            of,
            (),
            tuple(sorted(finding.roots)) if status == "carried" else (),
            finding.chosen,
            _false_link(entry.statement),
        )

    def _correct(self, entry: Entry) -> Verdict:
        line, value, unit = entry.line, entry.value, entry.unit
        exact = is_exact(entry.number, value, line.true, line.exact)
        cut = abs(line.true - value) > unit / 2
        status = "correct"
        if not exact and self._is_coarse(entry):
            status = "too coarse"
        width = 0.0 if exact else unit if cut else unit / 2
        sound = status == "correct"
        roots = NONE if sound else frozenset({entry.statement.n})  # it shows nothing
        self._state(entry, Stated(entry.statement.n, value, width, sound, roots))
        points, of = self.scheme.earned(entry.statement, status)
        return Verdict(
            entry.statement,
            status,
            "",
            entry.turn * line.true,
            points=points,
            of=of,
            false_link=_false_link(entry.statement),
        )

    def _is_coarse(self, entry: Entry, exact: bool | None = None) -> bool:
        """Whether it shows nothing; a number that its line gives with all digits does."""
        if entry.unit < 0.5 * abs(entry.line.true) or not self.habit.is_too_coarse(
            entry.number, entry.unit, entry.line.true
        ):
            return False
        if exact is None:
            try:
                places = self.own.run(entry.line.tape)
            except CalculationError:
                return True
            exact = is_same(places[-1], entry.value, places)
        return not exact

    def _said_before(self, entry: Entry) -> frozenset[int]:
        """The mistakes behind the same wrong number, if it was stated further up."""
        for one in self.sources.stated.get(self.quantity(entry), ()):
            if one.n < entry.statement.n and one.value == entry.value and not one.sound:
                return one.roots
        return NONE

    # --- against the sheet's own numbers -------------------------------------------------

    def _against_own(self, entry: Entry) -> Finding:
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
        if not reaches(centre, value, unit, radius, near=True):
            # a line after a misprint or a bad copy: it was worked out with the right number
            sound = bool(roots) and self._reached_soundly(entry, strict=False)
            return Finding("rounded" if sound else "wrong", centre, *ends, NONE, chosen)
        if not roots or self._reached_soundly(entry, as_written):
            return Finding("rounded", centre, *ends, NONE, chosen)
        return Finding("carried", centre, *ends, roots, chosen)

    def _reached_soundly(self, entry: Entry, strict: bool) -> bool:
        """Whether the sheet's sound numbers alone give it too.

        With `strict` (its unsound ones give it as they are written) the sound ones must
        come within a unit of the last place without stretching their intervals.
        """
        line, value, unit = entry.line, entry.value, entry.unit
        try:
            places = self.sound.run(line.tape)
        except CalculationError:
            return False
        if strict and abs(places[-1] - value) > unit:
            return False
        radius = self.sound.radius(line.tape, places)
        return reaches(places[-1], value, unit, radius, near=False)

    def quantity(self, entry: Entry) -> str:
        """The key that a statement gives a number to, perhaps with the other sign."""
        if not entry.line.is_expression:
            return entry.line.key
        key = _negated(entry.statement.formula)
        return "" if key is None else self.calculation.line(key).key

    def _state(self, entry: Entry, stated: Stated) -> None:
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


def _false_link(statement: Statement) -> int | None:
    return false_link(statement) if statement.links else None


def _severity(entry: Entry, finding: Finding) -> str:
    """How bad a mistake is, against the nearer of the true value and the sheet's own."""
    rights = [entry.line.true] if finding.own is None else [entry.line.true, finding.own]
    distance, right = min((abs(entry.value - right), right) for right in rights)
    if entry.unit and distance <= 1.5 * entry.unit:
        return "last digit"
    return "small" if distance <= 0.02 * abs(right) else "large"
