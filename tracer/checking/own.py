"""The sheet's own numbers: what each quantity is, if the sheet is believed.

A quantity that the sheet states has the value it states, within the interval of its
digits; one that the sheet skips is filled with what the sheet's own numbers give.
`Sources` keeps what was stated and how it was judged; `Own` works quantities out, to
first order, either believing everything (`own`) or only what is sound (`sound`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracer.checking.tolerance import Affine, FirstOrder
from tracer.errors import CalculationError
from tracer.formula.evaluating import Evaluator
from tracer.formula.nodes import Node
from tracer.model.step import Step
from tracer.model.trace import Trace

NONE: frozenset[int] = frozenset()


@dataclass(slots=True)
class Stated:
    """A stated number of one quantity, in the quantity's own sign."""

    n: int
    value: float
    width: float
    """Half-width of its interval; 0 if it is written exactly."""
    unit: float
    sound: bool = True
    roots: frozenset[int] = NONE
    """The wrong statements that it is, or follows from."""


@dataclass(slots=True)
class Sources:
    """Everything that the sheet states, by key, and how far each may be off."""

    stated: dict[str, list[Stated]] = field(default_factory=dict)
    widths: dict[object, float] = field(default_factory=dict)
    by_number: dict[int, Stated] = field(default_factory=dict)

    def add(self, key: str, one: Stated) -> None:
        self.stated.setdefault(key, []).append(one)
        self.stated[key].sort(key=lambda stated: stated.n)
        self.widths[one.n] = one.width
        self.by_number[one.n] = one


class Own:
    """Quantities worked out from the sheet's own numbers.

    Args:
        trace: the right calculation.
        sources: what the sheet states.
        chosen: of a quantity that is stated several times, which statement to believe;
            elsewhere the latest.
        sound_only: do not believe wrong statements, nor what follows from them: put in
            their place what the line's formula gives.
        inner: the place to which inner results of the line itself may have been rounded.
    """

    def __init__(
        self,
        trace: Trace,
        sources: Sources,
        chosen: Mapping[str, int] | None = None,
        sound_only: bool = False,
        inner: float = 0.0,
    ) -> None:
        self.trace = trace
        self.sources = sources
        self.chosen = chosen or {}
        self.sound_only = sound_only
        self.evaluate = Evaluator(FirstOrder(), trace.definitions)
        self.on_line = FirstOrder(inner)
        self.known: dict[str, Affine] = {}
        self.roots: dict[str, frozenset[int]] = {}
        self.filled: list[str] = []

    def statement(self, key: str) -> Stated | None:
        """The statement of a key that is believed, if there is one."""
        options = self.sources.stated.get(key)
        if not options:
            return None
        if self.sound_only:
            options = [one for one in options if one.sound]
            if not options:
                return None
        number = self.chosen.get(key)
        return next((one for one in options if one.n == number), options[-1])

    def __getitem__(self, key: str) -> Affine:
        """The value of a quantity, worked out if it is not stated."""
        found = self.known.get(key)
        if found is None:
            self._work_out(key)
            found = self.known[key]
        return found

    def _work_out(self, key: str) -> None:
        """Fill a key in, and before it whatever it needs (without deep recursion)."""
        waiting = [key]
        while waiting:
            name = waiting[-1]
            if name in self.known:
                waiting.pop()
                continue
            stated = self.statement(name)
            if stated is not None:
                self.known[name] = Affine(stated.value, {stated.n: 1.0})
                self.roots[name] = stated.roots
                continue
            step = self.trace[name]
            if step.rule == "given":
                self.known[name] = Affine(_exact(step))
                self.roots[name] = NONE
                continue
            needed = [part for part in step.operands if part not in self.known]
            if needed:
                waiting.extend(needed)
                continue
            self.known[name] = self.evaluate(step.formula, self.known)
            self.roots[name] = _union(self.roots[part] for part in step.operands)
            self.filled.append(name)

    def formula(self, node: Node, operands: list[str]) -> Affine:
        """The value of a line's formula at these numbers."""
        for key in operands:
            self[key]
        return Evaluator(self.on_line, self.trace.definitions)(node, self.known)  # type: ignore[no-any-return]

    def roots_of(self, operands: list[str]) -> frozenset[int]:
        """The wrong statements that a line with these operands builds on."""
        for key in operands:
            self[key]
        return _union(self.roots[key] for key in operands)

    def radius(self, value: Affine) -> float:
        """How far a value may lie off, from the digits written and inner rounding."""
        if not value.slopes:
            return 0.0
        return value.radius(self.sources.widths) + value.radius(self.on_line.widths)


def _union(sets: object) -> frozenset[int]:
    total: frozenset[int] = NONE
    for part in sets:  # type: ignore[attr-defined]
        if part:
            total |= part
    return total


def _exact(step: Step) -> float:
    if step.exact is None:
        raise CalculationError(f"{step.key} has no number: a symbolic trace cannot be checked")
    return float(step.exact)
