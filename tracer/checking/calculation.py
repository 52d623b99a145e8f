"""The calculation that sheets are held against: a trace, prepared once for many sheets.

Gives the `Line` of a quantity or of an expression on a sheet: formula, operands, place in
the order, true value exactly and as a float, and its tape.  Lines are made when somebody
asks for them, and the whole is kept beside the trace, so that a class of sheets pays once.
Read by nearly every module of this room.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tracer.calculus.definitions import definitions
from tracer.checking.likeness import alike
from tracer.checking.tape import Tape
from tracer.errors import CalculationError, TracerError
from tracer.formula.evaluating import Definition, Evaluator, Exact, Value
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol, symbols
from tracer.model.answer import Statement
from tracer.model.step import Step
from tracer.model.trace import Trace

_KEPT = "checking.calculation"


class Line:
    """One quantity's line, or the line that an expression of the sheet makes.

    Attributes:
        key: the quantity's key; of an expression, its text.
        step: the step of the trace.
        operands: the keys that the formula uses.
        place: where it belongs in the order of the calculation.
        exact: its true value.
        true: the same as a float.
        given: whether it is given rather than worked out.
        is_expression: whether the sheet made it, and no quantity has it.
        parsed: the key, taken apart.
        altered: what mistakes make of it, once asked for; kept by `checking.altered`.
        downstream: everything worked out from it, once asked for.
    """

    __slots__ = (
        "_tape", "altered", "definitions", "downstream", "exact", "expanded", "formula", "given",
        "is_expression", "key", "layer", "operands", "parsed", "phase", "place", "rule", "true",
        "update",
    )  # fmt: skip

    def __init__(
        self, step: Step, place: float, exact: Value, definitions: Mapping[str, Definition]
    ) -> None:
        self.key = step.key
        self.parsed = Key.parse(step.key)
        self.rule = step.rule
        self.phase = step.phase
        self.layer = step.layer
        self.update = self.parsed.update
        self.formula: Node = step.formula
        self.expanded: Node = step.expanded or step.formula
        self.operands = symbols(step.formula)
        self.place = place
        self.exact = exact
        self.true = float(exact)
        self.given = step.rule == "given"
        self.is_expression = step.rule == "expression"
        self.definitions = definitions
        self.altered: list[Any] | None = None
        self.downstream: frozenset[str] | None = None
        self._tape: Tape | None = None

    @property
    def tape(self) -> Tape:
        """The formula, ready to be worked out."""
        if self._tape is None:
            self._tape = Tape(self.formula, self.definitions)
        return self._tape


class Calculation:
    """A trace with its lines by key, in the order of the calculation."""

    def __init__(self, trace: Trace) -> None:
        if trace.symbolic:
            raise TracerError("a symbolic trace has no numbers: it cannot be checked")
        self.trace = trace
        self.definitions = trace.definitions
        self._places = {step.key: place for place, step in enumerate(trace.steps)}
        self._known = dict.fromkeys(self._places, True)
        self._lines: dict[str, Line] = {}
        self._alike: dict[str, list[str]] = {}
        self.slopes: dict[Line, Any] = {}
        """What is known of slopes inside lines; kept by the mistakes that look for them."""
        self.runs: list[Any] | None = None
        """The whole calculation made with each method's mistake, once asked for."""

    def line(self, key: str) -> Line:
        """The line of a quantity.

        Raises:
            UnknownQuantity: naming the nearest key.
        """
        found = self._lines.get(key)
        if found is None:
            step = self.trace[key]
            found = self._lines.get(step.key)  # the same under another spelling?
            if found is None:
                if step.exact is None:
                    raise TracerError(f"{key} has no number: it cannot be checked")
                place = self._places[step.key]
                found = Line(step, place, step.exact, self.definitions)
                self._lines[step.key] = found
            self._lines[key] = found
        return found

    def line_of(self, statement: Statement) -> Line:
        """The line that a statement is about; an expression makes one of its own."""
        formula = statement.formula
        if isinstance(formula, Symbol):
            return self.line(formula.name)
        parts = {name: self.line(name) for name in symbols(formula)}
        values = {name: part.exact for name, part in parts.items()}
        try:
            exact = Evaluator(Exact(), self.definitions)(formula, values)
        except CalculationError as error:
            raise CalculationError(f"'{statement.name}' has no value: {error}") from error
        place = max((part.place for part in parts.values()), default=0)
        step = Step("expression", "expression", "", formula)
        return Line(step, place + 0.5, exact, self.definitions)

    def defined(self, key: str) -> Line | None:
        """The line of a quantity, if there is one and it is not given."""
        if key not in self:
            return None
        line = self.line(key)
        return None if line.given else line

    @cached_property
    def functions(self) -> Mapping[str, Definition]:
        """The formulas behind all function names, the problem's own ones among them."""
        return definitions() | self.definitions

    @cached_property
    def givens(self) -> dict[str, float]:
        """The value of everything that is given."""
        every = (self.line(key) for key in self._places)
        return {line.key: line.true for line in every if line.given}

    @cached_property
    def lines(self) -> list[Line]:
        """Every line that is worked out, in order."""
        return [line for key in self._places if not (line := self.line(key)).given]

    def alike(self, key: str) -> list[str]:
        """Quantities that are easily taken for this one, nearest first."""
        found = self._alike.get(key)
        if found is None:
            found = self._alike[key] = alike(
                Key.parse(key), self.by_role, free=not self.trace.problem.layers
            )
        return found

    def __contains__(self, key: str) -> bool:
        if key not in self._known:
            self._known[key] = key in self.trace
        return self._known[key]

    @cached_property
    def true(self) -> Mapping[str, float]:
        """The true value of everything."""
        return _True(self)

    @cached_property
    def by_role(self) -> dict[str, list[Key]]:
        """The keys of the calculation by role, in its order."""
        found: dict[str, list[Key]] = {}
        for name in self._places:
            key = Key.parse(name)
            found.setdefault(key.role, []).append(key)
        return found


class _True(dict[str, float]):
    """True values, looked up when they are first asked for."""

    def __init__(self, calculation: Calculation) -> None:
        self.calculation = calculation

    def __missing__(self, key: str) -> float:
        self[key] = value = self.calculation.line(key).true
        return value


def calculation_of(trace: Trace) -> Calculation:
    """The prepared calculation of a trace, kept beside it for the next sheet."""
    kept: Calculation | None = vars(trace).get(_KEPT)
    if kept is None:
        kept = vars(trace)[_KEPT] = Calculation(trace)
    return kept
