"""A case: one wrong statement, with everything that a mistake may look at.

Reproducing a written number means: rewrite the formula of one line, the statement's own
or one that the sheet skipped on the way to it, and work the statement out again, at the
sheet's own numbers and at the true ones.  `Case.value` does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tracer.checking.own import Own, Sources
from tracer.checking.tolerance import Affine
from tracer.errors import CalculationError, UnknownQuantity
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, symbols
from tracer.model.answer import Statement, Written
from tracer.model.step import Step
from tracer.model.trace import Trace

LONGEST_CONE = 60


class _Numbers(dict[str, float]):
    """Plain numbers, worked out when they are first asked for."""

    def __init__(self, own: Own) -> None:
        self.own = own

    def __missing__(self, key: str) -> float:
        self[key] = value = self.own[key].centre
        return value


class _Overlay(dict[str, float]):
    """Some numbers changed, the others as they are."""

    def __init__(self, below: _Numbers) -> None:
        self.below = below

    def __missing__(self, key: str) -> float:
        return self.below[key]


@dataclass
class Case:
    """A wrong statement, in the sign of its quantity."""

    trace: Trace
    statement: Statement
    written: Written
    value: float
    """What the sheet writes, in the quantity's sign."""
    unit: float
    own: Own
    truth: Own
    sources: Sources
    earlier: tuple[float, ...] = ()
    """Other values that the sheet states for the same quantity before this one."""
    later: tuple[float, ...] = ()
    written_keys: frozenset[str] = frozenset()
    """Keys that the sheet states anywhere."""
    used_right_later: bool = False
    """Whether a later line fits only if this quantity had its right value."""

    @cached_property
    def line(self) -> Step:
        """The statement's own line; an expression makes a line of its own."""
        key = self.statement.key
        if key is not None:
            return self.trace[key]
        return Step("expression", "expression", "", self.statement.formula)

    @cached_property
    def cone(self) -> list[Step]:
        """The line and the skipped lines before it, nearest first."""
        found: dict[str, Step] = {self.line.key: self.line}
        waiting = [self.line]
        while waiting and len(found) < LONGEST_CONE:
            for key in waiting.pop(0).operands:
                step = self.trace[key]
                if step.key in found or step.rule == "given" or self.own.statement(key):
                    continue
                found[step.key] = step
                waiting.append(step)
        return list(found.values())

    @cached_property
    def own_value(self) -> float | None:
        return self.value_of({}, "own")

    @cached_property
    def true_value(self) -> float | None:
        return self.value_of({}, "true")

    def numbers(self, at: str) -> Own:
        """The sheet's own numbers, or the true ones."""
        return self.own if at == "own" else self.truth

    def value_of(self, changed: Mapping[str, Node], at: str) -> float | None:
        """The statement's value with one line of its cone rewritten; None: undefined.

        `changed` holds at most one line: single mistakes are made in one place.
        """
        first = next(iter(changed), self.line.key)
        values = _Overlay(self._floats(at))
        try:
            for step in self._chain(first):
                formula = changed.get(step.key, step.formula)
                values[step.key] = self._evaluate(formula, values)
        except (CalculationError, UnknownQuantity, OverflowError, KeyError):
            return None
        return values[self.line.key]

    def affine(self, changed: Mapping[str, Node], at: str) -> Affine | None:
        """The same, with its derivatives by the written numbers."""
        numbers = self.numbers(at)
        first = next(iter(changed), self.line.key)
        dirty: dict[str, Affine] = {}
        try:
            for step in self._chain(first):
                formula = changed.get(step.key, step.formula)
                values = {key: dirty.get(key) or numbers[key] for key in symbols(formula)}
                dirty[step.key] = numbers.evaluate(formula, values)
        except (CalculationError, UnknownQuantity, OverflowError):
            return None
        return dirty[self.line.key]

    def _floats(self, at: str) -> _Numbers:
        return self._own_floats if at == "own" else self._true_floats

    @cached_property
    def _own_floats(self) -> _Numbers:
        return _Numbers(self.own)

    @cached_property
    def _true_floats(self) -> _Numbers:
        return _Numbers(self.truth)

    @cached_property
    def _evaluate(self) -> Evaluator:
        return Evaluator(Float(), self.trace.definitions)

    @cached_property
    def _chains(self) -> dict[str, list[Step]]:
        """For each line of the cone: itself and the lines that follow from it, in order."""
        inside = {step.key: step for step in self.cone}
        order: list[Step] = []
        done: set[str] = set()
        waiting = [(self.line, False)]
        while waiting:
            step, ready = waiting.pop()
            if ready:
                order.append(step)
            elif step.key not in done:
                done.add(step.key)
                waiting.append((step, True))
                waiting.extend((inside[k], False) for k in step.operands if k in inside)
        chains: dict[str, list[Step]] = {}
        for place, start in enumerate(order):
            reached = {start.key}
            chain = [start]
            for step in order[place + 1 :]:
                if not reached.isdisjoint(step.operands):
                    reached.add(step.key)
                    chain.append(step)
            chains[start.key] = chain
        return chains

    def _chain(self, key: str) -> list[Step]:
        return self._chains[key]

    @cached_property
    def by_role(self) -> dict[str, list[str]]:
        """The keys of the calculation by role, in its order."""
        found: dict[str, list[str]] = {}
        for key in self.trace.keys():  # noqa: SIM118 - a trace iterates over its steps
            found.setdefault(Key.parse(key).role, []).append(key)
        return found

    def definition(self, key: str) -> Step | None:
        """The line of a quantity, if there is one and it is not given."""
        try:
            step = self.trace[key]
        except UnknownQuantity:
            return None
        return None if step.rule == "given" else step

    def exists(self, key: str) -> bool:
        return key in self.trace

    def places(self) -> Iterator[str]:
        """Where candidates are worked out: the sheet's own numbers first."""
        yield "own"
        if self.true_value != self.own_value:
            yield "true"
