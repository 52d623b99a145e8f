"""The sheet's own numbers: what each quantity is, if the sheet is believed.

A quantity that the sheet states has the value it states, within the interval of its
digits; one that the sheet skips is filled with what the sheet's own numbers give.
`Sources` keeps what was stated and how it was judged; `Own` works quantities out, to
first order, either believing everything or only what is sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracer.checking.calculation import Calculation
from tracer.checking.tape import Tape

NONE: frozenset[int] = frozenset()
_NO_SLOPES: Mapping[int, float] = {}


@dataclass(slots=True)
class Stated:
    """A stated number of one quantity, in the quantity's own sign."""

    n: int
    value: float
    width: float
    """Half-width of its interval; 0 if it is written exactly."""
    sound: bool = True
    roots: frozenset[int] = NONE
    """The wrong statements that it is, or follows from."""


@dataclass(slots=True)
class Sources:
    """Everything that the sheet states, by key, and how far each may be off."""

    stated: dict[str, list[Stated]] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    doubted: bool = False
    """Whether anything stated is unsound."""
    repeated: dict[str, None] = field(default_factory=dict)
    """What is stated more than once."""

    def add(self, key: str, one: Stated) -> None:
        """Note a statement; those of one quantity stay in the sheet's order."""
        self.widths[one.n] = one.width
        if not one.sound:
            self.doubted = True
            self.widths[-one.n] = one.width  # of the right number, had it been written
        others = self.stated.get(key)
        if others is None:
            self.stated[key] = [one]
            return
        self.repeated[key] = None
        others.append(one)
        others.sort(key=lambda stated: stated.n)


class Own(dict[str, float]):
    """Quantities worked out from the sheet's own numbers, when they are asked for.

    Args:
        calculation: the right calculation.
        sources: what the sheet states.
        chosen: of a quantity that is stated several times, which statement to believe.
        sound_only: do not believe wrong statements, nor what follows from them: put in
            their place what the line's formula gives.
        as_written: what is put in their place may have been rounded as the wrong one is.
        without: a quantity whose statements are not to be believed.
        line: the number of the statement that is looked at: of what is stated several
            times, the latest before it is believed, else the first after it.
    """

    def __init__(
        self,
        calculation: Calculation,
        sources: Sources,
        chosen: Mapping[str, int] | None = None,
        sound_only: bool = False,
        as_written: bool = False,
        without: str = "",
        line: int | None = None,
    ) -> None:
        super().__init__(calculation.givens)
        self.calculation = calculation
        self.sources = sources
        self.chosen = chosen or {}
        self.sound_only = sound_only
        self.as_written = as_written
        self.without = without
        self.line = line
        self._origins: dict[str, Mapping[int, float]] = {}
        self._waiting: dict[str, tuple[Tape, list[float]]] = {}
        """What was filled in since derivatives were last asked for, in order."""
        self.roots: dict[str, frozenset[int]] = {}
        self.filled: dict[str, None] = {}
        for key in sources.stated.keys() & calculation.givens.keys():
            del self[key]  # a given that the sheet states for itself

    def statement(self, key: str) -> Stated | None:
        """The statement of a key that is believed, if there is one."""
        options = self.sources.stated.get(key)
        if options is None or key == self.without:
            return None
        if self.sound_only:
            options = [one for one in options if one.sound]
            if not options:
                return None
        if len(options) == 1:
            return options[0]
        number = self.chosen.get(key)
        if number is not None:
            return next((one for one in options if one.n == number), options[-1])
        if self.line is None:
            return options[-1]
        before = [one for one in options if one.n < self.line]
        return before[-1] if before else options[0]

    def __missing__(self, key: str) -> float:
        """Fill a key in, and before it whatever it needs (without deep recursion)."""
        waiting = [key]
        while waiting:
            name = waiting[-1]
            if name in self:
                waiting.pop()
                continue
            line = self.calculation.line(name)
            stated = self.statement(line.key)
            if stated is not None:
                self.believe(name, stated)
                continue
            if line.given:
                self[name] = line.true
                continue
            needed = [part for part in line.operands if part not in self]
            if needed:
                waiting.extend(needed)
                continue
            self.fill(name, line.tape, line.tape.run(self))
            self.filled[line.key] = None
            if self.as_written and line.key in self.sources.stated:
                instead_of = self.sources.stated[line.key][-1].n
                self._origins[name] = {**self.origin[name], -instead_of: 1.0}
        return self[key]

    @property
    def origin(self) -> Mapping[str, Mapping[int, float]]:
        """Derivatives of what was filled in, by the statements that it comes from."""
        if self._waiting:
            self._settle()
        return self._origins

    def _settle(self) -> None:
        """Work out the derivatives of all that was filled in since."""
        waiting, self._waiting = self._waiting, {}
        for key, (tape, places) in waiting.items():
            self._origins[key] = self._origin(tape, tape.slopes(places))

    def believe(self, key: str, stated: Stated) -> None:
        """Take a statement as it is, in place of whatever stood for the quantity."""
        if key in self:
            self._settle()  # what was filled in with the old one keeps it
        self[key] = stated.value
        self._origins[key] = {stated.n: 1.0}
        self.roots[key] = stated.roots

    def fill(self, key: str, tape: Tape, places: list[float]) -> None:
        """Put a quantity in, worked out in another way than its line says."""
        self[key] = places[-1]
        self._waiting[key] = (tape, places)
        self.roots[key] = self.roots_of(tape.names)

    def _origin(self, tape: Tape, slopes: list[float]) -> dict[int, float]:
        """The derivatives by the sheet's statements, from those by the operands."""
        found: dict[int, float] = {}
        origins = self.origin
        for name, slope in zip(tape.names, slopes, strict=False):
            if slope:
                for n, inner in origins.get(name, _NO_SLOPES).items():
                    found[n] = found.get(n, 0.0) + slope * inner
        return found

    def run(self, tape: Tape) -> list[float]:
        """The places of a tape at these numbers."""
        return tape.run(self)

    def radius(self, tape: Tape, places: list[float], unit: float = 0.0, figures: int = 0) -> float:
        """How far a result may lie off, from the digits written and inner rounding."""
        by = tape.slopes(places)
        widths = self.sources.widths
        origin = self._origin(tape, by)
        radius = sum(abs(slope) * widths[n] for n, slope in origin.items())
        return radius + tape.scrap(places, by, unit, figures) if unit else radius

    def roots_of(self, operands: Iterable[str]) -> frozenset[int]:
        """The wrong statements that a line with these operands builds on."""
        if not self.sources.doubted:
            return NONE
        total = NONE
        for key in operands:
            self[key]
            total |= self.roots.get(key, NONE)
        return total
