"""Mistakes that any line can have: terms, indices, quantities, constants.

Each function takes a case and a line and gives what the line may have become: without a
term, with indices exchanged, with another unit's or an older quantity, another function, a
wrong constant or sign.  Those that only exchange operands give a `Swap` instead of a new
formula.  Read by the table of mistakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from tracer.calculus.activations import ACTIVATIONS
from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import (
    Rewriting,
    each_place,
    swapped,
    swapped_singly,
    without_term,
)
from tracer.checking.swaps import Swap
from tracer.formula.keys import Key
from tracer.formula.nodes import Call, Negative, Node, Number, Sum, Symbol
from tracer.formula.rewriting import ONE

USUAL = ("sigmoid", "tanh", "relu", "identity")
"""The functions that are taken for one another."""
_MOST_INTERCHANGED = 6
"""Operands of one kind among which two may have changed places."""


def old_weight(case: Case, line: Line) -> Iterator[Rewriting]:
    """A pass after the update was worked out with the old parameters."""
    if line.update == 0 or line.rule == "update":
        return

    def older(name: str) -> Node | None:
        key = Key.parse(name)
        if not key.update or case.calculation.line(name).rule != "update":
            return None
        return Symbol(str(key.at(key.update - 1)))

    def older_weight(name: str) -> Iterator[Node]:
        found = older(name)
        if found is not None and Key.parse(name).role != "b":
            yield found

    yield from swapped(line, older)
    yield from swapped(line, lambda name: next(older_weight(name), None))
    yield from swapped_singly(line, older_weight)


def missing_bias(case: Case, line: Line) -> Iterator[Rewriting]:
    """The bias was left out."""
    yield from without_term(
        line.formula, lambda term: isinstance(term, Symbol) and Key.parse(term.name).role == "b"
    )


def dropped_term(case: Case, line: Line) -> Iterator[Rewriting]:
    """A term of a sum was left out."""
    yield from without_term(line.formula, lambda term: not isinstance(term, Number))


def transposed(case: Case, line: Line) -> Iterator[Rewriting]:
    """A matrix was used transposed: the two indices of one quantity changed places."""
    for wanted in sorted({Key.parse(name).name for name in line.operands}):

        def turned(name: str, wanted: str = wanted) -> Node | None:
            key = Key.parse(name)
            other = _turned(case, key) if key.name == wanted else None
            return Symbol(other) if other else None

        yield from swapped(line, turned)


def swapped_index(case: Case, line: Line) -> Iterator[Rewriting]:
    """The two indices of one operand changed places."""

    def turned(name: str) -> Iterator[Node]:
        other = _turned(case, Key.parse(name))
        if other:
            yield Symbol(other)

    return swapped_singly(line, turned)


def interchanged(case: Case, line: Line) -> Iterator[Rewriting]:
    """Two operands of one kind changed places: ``w1*x2 + w2*x1``."""
    alike: dict[str, list[str]] = {}
    for name in line.operands:
        alike.setdefault(Key.parse(name).name, []).append(name)
    for names in alike.values():
        if len(names) <= _MOST_INTERCHANGED:
            for one, other in combinations(names, 2):
                yield Swap({one: Symbol(other), other: Symbol(one)})


def _turned(case: Case, key: Key) -> str | None:
    if len(key.indices) != 2 or key.indices[0] == key.indices[1]:
        return None
    other = str(replace(key, indices=key.indices[::-1]))
    return other if case.exists(other) else None


def another_function(case: Case, line: Line) -> Iterator[Rewriting]:
    """Another activation function was taken than the unit has, or none at all."""
    return _with_function(line, USUAL)


def a_rarer_function(case: Case, line: Line) -> Iterator[Rewriting]:
    """The same with the functions that are seldom meant."""
    return _with_function(line, [name for name in ACTIVATIONS if name not in USUAL])


def _with_function(line: Line, others: Iterable[str]) -> Iterator[Node]:
    """The line with another function in the place of each activation in it."""

    def instead(name: str, argument: Node) -> Iterator[Node]:
        for other in others:
            if other == "identity" != name:
                yield argument
            elif other not in ("identity", name) and not ACTIVATIONS[other].settings:
                yield Call(other, (argument,))

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Call) and part.function in ACTIVATIONS:
            yield from instead(part.function, part.arguments[0])

    if line.layer is None:
        yield from each_place(line.formula, change)
    elif line.rule == "activation" and len(line.operands) == 1:
        name = line.formula.function if isinstance(line.formula, Call) else "identity"
        yield from instead(name, Symbol(line.operands[0]))


def dead_unit_kept(case: Case, line: Line) -> Iterator[Rewriting]:
    """A ReLU unit whose input is negative was treated as if it were alive."""

    def change(part: Node) -> Iterator[Node]:
        match part:
            case Call("relu", (inside,)) | Call("maximum", (Number("0"), inside)):
                yield inside
            case Call("heaviside", _):
                yield ONE
            case Symbol(name) if _is_relu_slope(case, name):
                yield ONE

    return each_place(line.formula, change)


def _is_relu_slope(case: Case, name: str) -> bool:
    line = case.definition(name)
    return (
        line is not None and isinstance(line.formula, Call) and line.formula.function == "heaviside"
    )


def wrong_constant(case: Case, line: Line) -> Iterator[Rewriting]:
    """A constant of the formula was wrong: 2 for the root of 2, 1 for 2, e for 1."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Call) and part.function == "sqrt":
            yield part.arguments[0]
        if isinstance(part, Number) and part.text.lstrip("-").isdigit():
            for other in (int(part.text) + 1, int(part.text) - 1):
                yield Number(str(other)) if other >= 0 else Negative(Number(str(-other)))

    return each_place(line.formula, change)


def wrong_quantity(case: Case, line: Line) -> Iterator[Rewriting]:
    """Another unit's, layer's or sample's value, or z for a, or the target for the output."""
    return swapped_singly(line, lambda name: map(Symbol, case.calculation.alike(name)))


def before_its_slip(case: Case, line: Line) -> Iterator[Rewriting]:
    """Another quantity, as it would have been without the slip that the sheet made in it."""

    slipped = case.slipped - case.downstream

    def others(name: str) -> Iterator[Node]:
        for other in case.calculation.alike(name) if slipped else ():
            if other in slipped:
                yield case.calculation.line(other).formula

    return swapped_singly(line, others)


def from_elsewhere(case: Case, line: Line) -> Iterator[Rewriting]:
    """The number itself is that of another unit, layer or sample."""
    if line is case.line and case.statement.key is not None:
        for other in case.calculation.alike(line.key):
            if other not in case.downstream:
                yield Symbol(other)


def value_before_update(case: Case, line: Line) -> Iterator[Rewriting]:
    """An operand's value was left from before the update."""

    def before(key: str) -> Iterator[Node]:
        parsed = Key.parse(key)
        older = str(parsed.at(parsed.update - 1)) if parsed.update else ""
        if older and case.exists(older) and case.calculation.line(key).rule != "update":
            yield Symbol(older)

    yield from swapped(line, lambda key: next(before(key), None))
    if len(line.operands) > 2:
        yield from swapped_singly(line, before)


def stale_value(case: Case, line: Line) -> Iterator[Rewriting]:
    """An operand's value was left from an earlier statement."""
    for key in line.operands:
        for one in case.sources.stated.get(key, [])[:-1]:
            number: Node = Number(repr(abs(one.value)))
            yield Swap({key: Negative(number) if one.value < 0 else number})


def inner_sign(case: Case, line: Line) -> Iterator[Rewriting]:
    """The sign of one term was turned."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Sum):
            for i, term in enumerate(part.terms):
                turned = term.operand if isinstance(term, Negative) else Negative(term)
                yield Sum((*part.terms[:i], turned, *part.terms[i + 1 :]))
        elif isinstance(part, Call) and isinstance(part.arguments[0], Negative):
            yield Call(part.function, (part.arguments[0].operand,))

    return each_place(line.expanded, change)
