"""A case: one wrong statement, with everything that a mistake may look at.

Reproducing a written number means: change one line, the statement's own or one that the
sheet skipped on the way to it, and work the statement out again, at the sheet's own
numbers and at the true ones.  `Case.changed` does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from tracer.checking.calculation import Calculation, Line
from tracer.checking.entries import Entry
from tracer.checking.links import worked_out
from tracer.checking.own import Own, Sources
from tracer.checking.swaps import Swap
from tracer.checking.tape import Tape
from tracer.errors import CalculationError, UnknownQuantity
from tracer.formula.nodes import Node, Symbol
from tracer.model.answer import Statement, Written
from tracer.model.trace import Trace

LONGEST_CONE = 60
UNDEFINED = (CalculationError, UnknownQuantity, ArithmeticError, ValueError, KeyError)


class Alteration(Protocol):
    """A line as a mistake makes it; `altered` makes them."""

    line: Line
    rewriting: Node | Swap

    @property
    def tape(self) -> Tape: ...

    def value(self, numbers: Mapping[str, float]) -> float: ...

    def true_value(self, true: Mapping[str, float]) -> float | None: ...


@dataclass
class Case:
    """A wrong statement, in the sign of its quantity."""

    calculation: Calculation
    entry: Entry
    own: Own
    """The sheet's numbers, without what it says of this very quantity."""
    earlier: tuple[float, ...] = ()
    """Other values that the sheet states for the same quantity before this one."""
    later: tuple[float, ...] = ()
    used_right_later: bool = False
    """Whether a later line fits only if this quantity had its right value."""
    carried_on: bool = False
    """Whether later lines build on what is written: then it was no slip of the print."""
    made: frozenset[tuple[str, ...]] = frozenset()
    """Mistakes that are known to have been made before, each with the array of its line, and
    with what was taken for what."""

    def __post_init__(self) -> None:
        self.trace: Trace = self.calculation.trace
        self.statement: Statement = self.entry.statement
        self.written: Written = self.entry.number
        self.value = self.entry.value
        self.unit = self.entry.unit
        self.line: Line = self.entry.line
        self.sources: Sources = self.own.sources

    @cached_property
    def cone(self) -> list[Line]:
        """The line and the skipped lines before it, nearest first."""
        found: dict[str, Line] = {self.line.key: self.line}
        waiting = [self.line]
        while waiting and len(found) < LONGEST_CONE:
            for key in waiting.pop(0).operands:
                line = self.calculation.line(key)
                if line.key in found or line.given or self.own.statement(line.key):
                    continue
                found[line.key] = line
                waiting.append(line)
        return list(found.values())

    @property
    def downstream(self) -> frozenset[str]:
        """Everything that is worked out from this quantity."""
        if self.line.downstream is None:
            found = {self.line.key}
            for line in self.calculation.lines:
                if line.place > self.line.place and not found.isdisjoint(line.operands):
                    found.add(line.key)
            self.line.downstream = frozenset(found)
        return self.line.downstream

    @cached_property
    def slipped(self) -> set[str]:
        """What the sheet's own numbers have wrong, apart from this quantity."""
        believed = {key: self.own.statement(key) for key in self.sources.stated}
        return {key for key, stated in believed.items() if stated and not stated.sound}

    @cached_property
    def right(self) -> Mapping[str, float | None]:
        """What the line gives: at the sheet's ``own`` numbers, and at the ``true`` ones.

        The true ones are left out where they give the same.
        """
        own = self._right_at_own()
        true = self.line.true
        if own is not None and abs(own - true) <= 1e-12 * abs(true):
            return {"own": own}
        return {"own": own, "true": true}

    def _right_at_own(self) -> float | None:
        try:
            return self.line.tape.run(self.own)[-1]
        except UNDEFINED:
            return None

    @cached_property
    def worked(self) -> float | None:
        """What the working that is written beside the number comes to; None: none is shown."""
        if not self.statement.links:
            return None
        value = worked_out(self.statement, self.calculation.functions)
        return None if value is None else self.entry.turn * value

    @cached_property
    def is_sound(self) -> bool:
        """Whether the sheet's own numbers before this line are the true ones, but for digits."""
        try:
            return not self.own.roots_of(self.line.operands)
        except UNDEFINED:
            return False

    def numbers(self, at: str) -> Mapping[str, float]:
        """The sheet's own numbers, or the true ones."""
        return self.own if at == "own" else self.calculation.true

    def changed(self, one: Alteration, at: str) -> float | None:
        """The statement's value with one line of its cone altered; None: undefined."""
        numbers = self.numbers(at)
        try:
            value = one.value(numbers) if at == "own" else one.true_value(numbers)
            if one.line is self.line or value is None:
                return value
            changed = {one.line.key: value}
            for step in self._chains[one.line.key]:
                value = changed[step.key] = step.tape.run(numbers, changed)[-1]
        except UNDEFINED:
            return None
        return changed[self.line.key]

    def reach(self, one: Alteration, at: str) -> tuple[float, float] | None:
        """The same, and how far it may lie off from the digits of its operands."""
        if at == "true":
            value = self.changed(one, at)
            return None if value is None else (value, 0.0)
        line, rewriting = one.line, one.rewriting
        if isinstance(rewriting, Swap) and line is self.line and rewriting.is_between_quantities:
            return self._reach_by_swap(line, rewriting)
        own = Own(
            self.calculation,
            self.sources,
            self.own.chosen,
            without=self.own.without,
            line=self.own.line,
        )
        try:
            tape = one.tape
            places = own.run(tape)
            if line is not self.line:
                own.fill(line.key, tape, places)
                tape = self.line.tape
                places = own.run(tape)
            return places[-1], own.radius(tape, places)
        except UNDEFINED:
            return None

    def _reach_by_swap(self, line: Line, swap: Swap) -> tuple[float, float] | None:
        """The same without a formula: the line's own derivatives, at other quantities."""
        names = {key: node.name for key, node in swap.changes.items() if isinstance(node, Symbol)}
        try:
            places = line.tape.run(self.own, {key: self.own[names[key]] for key in names})
        except UNDEFINED:
            return None
        widths, origin = self.sources.widths, self.own.origin
        found: dict[int, float] = {}
        for name, slope in zip(line.tape.names, line.tape.slopes(places), strict=False):
            for n, inner in origin.get(names.get(name, name), {}).items():
                found[n] = found.get(n, 0.0) + slope * inner
        return places[-1], sum(abs(slope) * widths[n] for n, slope in found.items())

    @cached_property
    def _chains(self) -> dict[str, list[Line]]:
        """For each line of the cone: the lines that follow from it, in order."""
        order = sorted(self.cone, key=lambda line: line.place)
        chains: dict[str, list[Line]] = {}
        for place, start in enumerate(order):
            reached = {start.key}
            chain = []
            for line in order[place + 1 :]:
                if not reached.isdisjoint(line.operands):
                    reached.add(line.key)
                    chain.append(line)
            chains[start.key] = chain
        return chains

    def value_of(self, key: str) -> float | None:
        """A quantity by the sheet's own numbers; None: it has no value."""
        try:
            return self.own[key]
        except UNDEFINED:
            return None

    def definition(self, key: str) -> Line | None:
        """The line of a quantity, if there is one and it is not given."""
        return self.calculation.defined(key)

    def exists(self, key: str) -> bool:
        """Whether the calculation has such a quantity."""
        return key in self.calculation
