"""A case: one wrong statement, with everything that a mistake may look at.

Reproducing a written number means: rewrite the formula of one line, the statement's own
or one that the sheet skipped on the way to it, and work the statement out again, at the
sheet's own numbers and at the true ones.  `Case.value` does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tracer.checking.own import Own, Sources
from tracer.checking.tolerance import Affine
from tracer.errors import CalculationError, UnknownQuantity
from tracer.formula.nodes import Node, symbols
from tracer.model.answer import Statement, Written
from tracer.model.step import Step
from tracer.model.trace import Trace

LONGEST_CONE = 60


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
    _known: dict[tuple[object, str], float | None] = field(default_factory=dict)

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
        """The statement's value with some lines of its cone rewritten; None: undefined."""
        found = self.affine(changed, at)
        return None if found is None else found.centre

    def affine(self, changed: Mapping[str, Node], at: str) -> Affine | None:
        """The same, with its derivatives by the written numbers."""
        numbers = self.numbers(at)
        dirty: dict[str, Affine] = {}
        try:
            for step in self._affected(changed):
                formula = changed.get(step.key, step.formula)
                values = {
                    key: dirty[key] if key in dirty else numbers[key] for key in symbols(formula)
                }
                dirty[step.key] = numbers.evaluate(formula, values)
        except (CalculationError, UnknownQuantity, OverflowError):
            return None
        return dirty[self.line.key]

    def _affected(self, changed: Mapping[str, Node]) -> list[Step]:
        """The lines that must be worked out again, first to last, ending with the line."""
        cone = self.cone
        if not changed or set(changed) == {self.line.key}:
            return [self.line]
        wanted = set(changed) | {self.line.key}
        order: list[Step] = []
        done: set[str] = set()

        def visit(step: Step) -> bool:
            if step.key in done:
                return step.key in wanted
            done.add(step.key)
            inside = {s.key: s for s in cone}
            hit = step.key in wanted
            for key in step.operands:
                if key in inside and visit(inside[key]):
                    hit = True
            if hit:
                wanted.add(step.key)
                order.append(step)
            return hit

        visit(self.line)
        return order

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
