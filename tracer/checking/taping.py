"""Writing a formula onto a tape: leaves first, then every operation in order.

Takes a formula and the definitions of its functions, which are written out in place; adds
names, constants and operations to an empty tape, each operation with the places of its
operands and whether a person would write its result down.  Read by `tape`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Protocol

from tracer.checking.operations import (
    ADD,
    CALL,
    CHOOSE,
    DIVIDE,
    ELEMENTARY,
    EVERYTHING,
    MULTIPLY,
    NEGATE,
    NO_SECOND,
    POWER,
    SUBTRACT,
    Largest,
    Operation,
    powered,
)
from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition
from tracer.formula.limits import with_limits
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


class Blank(Protocol):
    """What is written on: a tape without operations."""

    names: list[str]
    constants: list[float]
    operations: list[Operation]


class Builder:
    """Writes a formula onto a tape: leaves first, then every operation in order."""

    def __init__(self, tape: Blank, definitions: Mapping[str, Definition]) -> None:
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
                yield from self._constants(_written(self.definitions[part.function].body))

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
                        MULTIPLY, operator.mul, total, self.place(factor, bound), here
                    )
                return total
            case Negative(operand):
                inside = self.place(operand, bound, written)
                return self._put(NEGATE, operator.neg, inside, NO_SECOND, False)
            case Fraction(top, bottom):
                first, second = self.place(top, bound), self.place(bottom, bound)
                return self._put(DIVIDE, operator.truediv, first, second, written)
            case Power(base, exponent):
                first, second = self.place(base, bound), self.place(exponent, bound)
                return self._put(POWER, powered, first, second, written)
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
                total = self._put(SUBTRACT, operator.sub, total, second, last)
            else:
                total = self._put(ADD, operator.add, total, self.place(term, bound), last)
        return total

    def _call(self, function: str, arguments: list[int], written: bool) -> int:
        definition = self.definitions.get(function)
        if definition is not None:
            if len(arguments) != len(definition.parameters):
                raise CalculationError(f"{function} takes {len(definition.parameters)} numbers")
            inside = dict(zip(definition.parameters, arguments, strict=True))
            return self.place(_written(definition.body), inside, written)
        if function in ("maximum", "minimum"):
            choose = max if function == "maximum" else min
            total = arguments[0]
            for other in arguments[1:]:
                total = self._put(CHOOSE, choose, total, other, False)
            return total
        if function == "ismax":
            which, *cells = arguments
            largest = Largest(which, tuple(cells))
            return self._put(CALL, largest, cells[0], EVERYTHING, False)
        if function not in ELEMENTARY:
            raise CalculationError(f"unknown function '{function}'")
        return self._put(CALL, ELEMENTARY[function][0], arguments[0], NO_SECOND, written)

    def _put(
        self, kind: int, function: Callable[..., float], first: int, second: int, written: bool
    ) -> int:
        tape = self.tape
        tape.operations.append((kind, function, first, second, written))
        return len(tape.names) + len(tape.constants) + len(tape.operations) - 1


@lru_cache(maxsize=256)
def _written(body: Node) -> Node:
    """A function's formula as machine numbers take it."""
    return with_limits(body)
