"""Tapes: a line's formula as a short list of operations, worked out again and again.

Forward, a tape gives the line's value at some numbers; backward, its derivative by each
of them, and how far inner results rounded on scrap paper can move it.  A written number
stands for an interval, and what follows from several is not boxed in naively (which
blows up on ``a*(1 - a)`` and softmax) but to first order, with these derivatives.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping

from tracer.checking.operations import (
    ADD,
    CHOOSE,
    DIVIDE,
    MULTIPLY,
    NEGATE,
    NO_SECOND,
    POWER,
    SLOPES,
    SUBTRACT,
    Operation,
)
from tracer.checking.taping import Builder
from tracer.checking.tolerance import ends_at, last_place
from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition
from tracer.formula.limits import with_limits
from tracer.formula.nodes import Node


class Tape:
    """A formula, ready to be worked out.

    Args:
        formula: scalar; its symbols are keys.
        definitions: formulas behind the function names that it uses.

    >>> from tracer.formula.parsing import parse
    >>> tape = Tape(parse("w*a + b"), {})
    >>> places = tape.run({"w": 2.0, "a": 0.5, "b": 0.25})
    >>> places[-1], dict(zip(tape.names, tape.slopes(places)))
    (1.25, {'w': 0.5, 'a': 2.0, 'b': 1.0})
    """

    __slots__ = ("constants", "names", "operations")

    def __init__(self, formula: Node, definitions: Mapping[str, Definition]) -> None:
        self.names: list[str] = []
        self.constants: list[float] = []
        self.operations: list[Operation] = []
        builder = Builder(self, definitions)
        formula = with_limits(formula)
        builder.number_leaves(formula)
        last = builder.place(formula, {}, written=False)
        size = len(self.names) + len(self.constants)
        if not self.operations or last != size + len(self.operations) - 1:  # a bare symbol
            self.operations.append((ADD, operator.pos, last, NO_SECOND, False))

    def renamed(self, others: Mapping[str, str]) -> Tape:
        """The same operations on other quantities; a name may then stand twice."""
        found = Tape.__new__(Tape)
        found.names = [others.get(name, name) for name in self.names]
        found.constants = self.constants
        found.operations = self.operations
        return found

    def run(
        self, numbers: Mapping[str, float], instead: Mapping[str, float] | None = None
    ) -> list[float]:
        """The numbers, the constants and every result in order; the last is the value.

        Args:
            numbers: the value of each symbol.
            instead: values that some symbols have in place of those.

        Raises:
            CalculationError: where the value is not a finite number.
        """
        if instead is None:
            places = [numbers[name] for name in self.names]
        else:
            places = [instead[n] if n in instead else numbers[n] for n in self.names]
        places += self.constants
        push = places.append
        try:
            for _, function, first, second, _ in self.operations:
                if second >= 0:
                    push(function(places[first], places[second]))
                else:
                    push(function(places[first] if second == NO_SECOND else places))
        except (OverflowError, ValueError, ZeroDivisionError) as error:
            raise CalculationError("the formula has no finite value at these numbers") from error
        if not math.isfinite(places[-1]):
            raise CalculationError("the formula has no finite value at these numbers")
        return places

    def slopes(self, places: list[float]) -> list[float]:
        """The derivatives of the value by every place, those by the names first.

        Args:
            places: what `run` gave.
        """
        by = [0.0] * len(places)
        by[-1] = 1.0
        place = len(places) - 1
        for kind, function, first, second, _ in reversed(self.operations):
            slope = by[place]
            if slope:
                if kind == MULTIPLY:
                    by[first] += slope * places[second]
                    by[second] += slope * places[first]
                elif kind == ADD:
                    by[first] += slope
                    if second >= 0:
                        by[second] += slope
                elif kind == SUBTRACT:
                    by[first] += slope
                    by[second] -= slope
                else:
                    _other_slopes(kind, function, slope, first, second, places, place, by)
            place -= 1
        return by

    def scrap(self, places: list[float], by: list[float], unit: float, figures: int) -> float:
        """How far the value may move if inner results were rounded on scrap paper.

        What is added up may have been rounded at the last place of the line, and no
        coarser; a factor, a denominator or an argument besides to no fewer figures than
        the line writes.  A result that repeats a number, or ends there, loses nothing.

        Args:
            places: what `run` gave.
            by: what `slopes` gave.
            unit: the worth of the last place that the line writes.
            figures: how many significant digits the line writes.
        """
        moved = 0.0
        allowed = [0.0] * len(places)
        allowed[-1] = unit
        place = len(places) - 1
        for kind, _, first, second, written in reversed(self.operations):
            value, here = places[place], allowed[place]
            others = (places[first], places[second] if second >= 0 else value)
            if written and by[place] and value not in others and not ends_at(value, here):
                moved += abs(by[place]) * here / 2
            for operand in (first, second) if second >= 0 else (first,):
                if kind in (ADD, SUBTRACT, NEGATE):
                    allowed[operand] = here
                else:
                    allowed[operand] = min(unit, last_place(places[operand], figures))
            place -= 1
        return moved


def _other_slopes(
    kind: int,
    function: Callable[..., float],
    slope: float,
    first: int,
    second: int,
    places: list[float],
    place: int,
    by: list[float],
) -> None:
    x, y = places[first], places[place]
    if kind == NEGATE:
        by[first] -= slope
    elif kind == DIVIDE:
        by[first] += slope / places[second]
        by[second] -= slope * y / places[second]
    elif kind == CHOOSE:
        by[first if y == x else second] += slope
    elif kind == POWER:
        n = places[second]
        by[first] += slope * n * x ** (n - 1) if x else slope * float(n == 1)
        by[second] += slope * y * math.log(x) if x > 0 else 0.0
    elif second == NO_SECOND:
        by[first] += slope * SLOPES[function](x, y)
