"""Tapes: a line's formula as a short list of operations, worked out again and again.

Forward, a tape gives the line's value at some numbers; backward, its derivative by each
of them, and how far inner results rounded on scrap paper can move it.  A written number
stands for an interval, and what follows from several is not boxed in naively (which
blows up on ``a*(1 - a)`` and softmax) but to first order, with these derivatives.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracer.checking.tolerance import ends_at, last_place
from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition
from tracer.formula.nodes import (
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    symbols,
    walk,
)

_ADD, _SUBTRACT, _MULTIPLY, _DIVIDE, _POWER, _NEGATE, _CHOOSE, _CALL = range(8)
_NO_SECOND, _EVERYTHING = -1, -2
"""In place of a second operand: there is none, or the function looks at all places."""


def _power(base: float, exponent: float) -> float:
    value = base**exponent
    if isinstance(value, complex):
        raise ValueError
    return float(value)


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


def _heaviside(x: float) -> float:
    return 1.0 if x > 0 else 0.0


def _flat(x: float, y: float) -> float:
    return 0.0


ELEMENTARY: dict[str, tuple[Callable[[float], float], Callable[[float, float], float]]] = {
    "exp": (math.exp, lambda x, y: y),
    "log": (math.log, lambda x, y: 1 / x),
    "sqrt": (math.sqrt, lambda x, y: 0.5 / y if y else 0.0),
    "tanh": (math.tanh, lambda x, y: 1 - y * y),
    "abs": (abs, lambda x, y: _sign(x)),
    "sign": (_sign, _flat),
    "heaviside": (_heaviside, _flat),
}
"""Elementary functions, and their slopes from argument and value."""

_Operation = tuple[int, Callable[..., float], int, int, bool]
"""Kind, function, the places of its operands, and whether a person would write it down."""


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
        self.operations: list[_Operation] = []
        builder = _Builder(self, definitions)
        builder.number_leaves(formula)
        last = builder.place(formula, {}, written=False)
        size = len(self.names) + len(self.constants)
        if not self.operations or last != size + len(self.operations) - 1:  # a bare symbol
            self.operations.append((_ADD, operator.pos, last, _NO_SECOND, False))

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
                    push(function(places[first] if second == _NO_SECOND else places))
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
                if kind == _MULTIPLY:
                    by[first] += slope * places[second]
                    by[second] += slope * places[first]
                elif kind == _ADD:
                    by[first] += slope
                    if second >= 0:
                        by[second] += slope
                elif kind == _SUBTRACT:
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
                if kind in (_ADD, _SUBTRACT, _NEGATE):
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
    if kind == _NEGATE:
        by[first] -= slope
    elif kind == _DIVIDE:
        by[first] += slope / places[second]
        by[second] -= slope * y / places[second]
    elif kind == _CHOOSE:
        by[first if y == x else second] += slope
    elif kind == _POWER:
        n = places[second]
        by[first] += slope * n * x ** (n - 1) if x else slope * float(n == 1)
        by[second] += slope * y * math.log(x) if x > 0 else 0.0
    elif second == _NO_SECOND:
        by[first] += slope * _SLOPES[function](x, y)


@dataclass(frozen=True)
class _Largest:
    """1 if the cell of that number is the first of the largest, else 0."""

    which: int
    cells: tuple[int, ...]

    def __call__(self, places: list[float]) -> float:
        values = [places[cell] for cell in self.cells]
        return float(values.index(max(values)) + 1 == places[self.which])


_SLOPES: dict[Any, Callable[[float, float], float]] = dict(ELEMENTARY.values())


class _Builder:
    """Writes a formula onto a tape: leaves first, then every operation in order."""

    def __init__(self, tape: Tape, definitions: Mapping[str, Definition]) -> None:
        self.tape = tape
        self.definitions = definitions
        self.names: dict[str, int] = {}
        self.numbers: dict[str, int] = {}

    def number_leaves(self, formula: Node) -> None:
        """Give every symbol and every constant its place."""
        tape = self.tape
        tape.names.extend(symbols(formula))
        self.names = {name: place for place, name in enumerate(tape.names)}
        for text in dict.fromkeys(self._constants(formula)):
            self.numbers[text] = len(tape.names) + len(tape.constants)
            top, slash, bottom = text.partition("/")
            tape.constants.append(float(top) / float(bottom) if slash else float(text))

    def _constants(self, node: Node) -> Iterator[str]:
        for part in walk(node):
            if isinstance(part, Number):
                yield part.text
            elif isinstance(part, Call) and part.function in self.definitions:
                yield from self._constants(self.definitions[part.function].body)

    def place(self, node: Node, bound: Mapping[str, int], written: bool = True) -> int:
        """Write a part of the formula; where its value will stand."""
        match node:
            case Symbol(name):
                return bound[name] if name in bound else self.names[name]
            case Number(text):
                return self.numbers[text]
            case Sum(terms):
                return self._sum(terms, bound, written)
            case Product(factors):
                total = self.place(factors[0], bound)
                for i, factor in enumerate(factors[1:], 2):
                    here = written or i < len(factors)
                    total = self._put(
                        _MULTIPLY, operator.mul, total, self.place(factor, bound), here
                    )
                return total
            case Negative(operand):
                inside = self.place(operand, bound, written)
                return self._put(_NEGATE, operator.neg, inside, _NO_SECOND, False)
            case Fraction(top, bottom):
                first, second = self.place(top, bound), self.place(bottom, bound)
                return self._put(_DIVIDE, operator.truediv, first, second, written)
            case Power(base, exponent):
                first, second = self.place(base, bound), self.place(exponent, bound)
                return self._put(_POWER, _power, first, second, written)
            case Call(function, arguments):
                return self._call(
                    function, [self.place(part, bound) for part in arguments], written
                )
        raise CalculationError("an array formula has no single value")

    def _sum(self, terms: tuple[Node, ...], bound: Mapping[str, int], written: bool) -> int:
        total = self.place(terms[0], bound)
        for i, term in enumerate(terms[1:], 2):
            last = written and i == len(terms)  # a sum is written when it is complete
            if isinstance(term, Negative):
                second = self.place(term.operand, bound)
                total = self._put(_SUBTRACT, operator.sub, total, second, last)
            else:
                total = self._put(_ADD, operator.add, total, self.place(term, bound), last)
        return total

    def _call(self, function: str, arguments: list[int], written: bool) -> int:
        definition = self.definitions.get(function)
        if definition is not None:
            if len(arguments) != len(definition.parameters):
                raise CalculationError(f"{function} takes {len(definition.parameters)} numbers")
            inside = dict(zip(definition.parameters, arguments, strict=True))
            return self.place(definition.body, inside, written)
        if function in ("maximum", "minimum"):
            choose = max if function == "maximum" else min
            total = arguments[0]
            for other in arguments[1:]:
                total = self._put(_CHOOSE, choose, total, other, False)
            return total
        if function == "ismax":
            which, *cells = arguments
            largest = _Largest(which, tuple(cells))
            return self._put(_CALL, largest, cells[0], _EVERYTHING, False)
        if function not in ELEMENTARY:
            raise CalculationError(f"unknown function '{function}'")
        return self._put(_CALL, ELEMENTARY[function][0], arguments[0], _NO_SECOND, written)

    def _put(
        self, kind: int, function: Callable[..., float], first: int, second: int, written: bool
    ) -> int:
        tape = self.tape
        tape.operations.append((kind, function, first, second, written))
        return len(tape.names) + len(tape.constants) + len(tape.operations) - 1
