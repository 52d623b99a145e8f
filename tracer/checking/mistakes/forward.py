"""Mistakes that any line can have: terms, indices, quantities, constants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import each_place, everywhere, without_term
from tracer.formula.keys import Key
from tracer.formula.nodes import (
    Call,
    Negative,
    Node,
    Number,
    Sum,
    Symbol,
    symbols,
)
from tracer.formula.rewriting import ONE
from tracer.model.step import Step

_MOST_OTHERS = 24


def old_weight(case: Case, step: Step) -> Iterator[Node]:
    """A pass after the update was worked out with the old parameters."""
    if step.update == 0:
        return

    def older(symbol: Symbol) -> Node | None:
        key = Key.parse(symbol.name)
        updated = case.exists(symbol.name) and case.trace[symbol.name].rule == "update"
        return Symbol(str(key.at(key.update - 1))) if updated and key.update else None

    every = everywhere(step.formula, older)
    if every is not None:
        yield every
        yield from each_place(
            step.formula,
            lambda part: filter(None, (older(part),)) if isinstance(part, Symbol) else (),
        )


def missing_bias(case: Case, step: Step) -> Iterator[Node]:
    """The bias was left out."""
    yield from without_term(
        step.formula, lambda term: isinstance(term, Symbol) and Key.parse(term.name).role == "b"
    )


def dropped_term(case: Case, step: Step) -> Iterator[Node]:
    """A term of a sum was left out."""
    yield from without_term(step.formula, lambda term: not isinstance(term, Number))


def transposed(case: Case, step: Step) -> Iterator[Node]:
    """A matrix was used transposed: the two indices of one quantity changed places."""
    names = {Key.parse(name).name for name in symbols(step.formula)}
    for name in sorted(names):

        def turned(symbol: Symbol, wanted: str = name) -> Node | None:
            key = Key.parse(symbol.name)
            other = _turned(case, key)
            return Symbol(other) if key.name == wanted and other else None

        changed = everywhere(step.formula, turned)
        if changed is not None:
            yield changed


def swapped_index(case: Case, step: Step) -> Iterator[Node]:
    """The two indices of one operand changed places."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Symbol):
            other = _turned(case, Key.parse(part.name))
            if other:
                yield Symbol(other)

    return each_place(step.formula, change)


def _turned(case: Case, key: Key) -> str | None:
    if len(key.indices) != 2 or key.indices[0] == key.indices[1]:
        return None
    other = str(replace(key, indices=key.indices[::-1]))
    return other if case.exists(other) else None


def dead_unit_kept(case: Case, step: Step) -> Iterator[Node]:
    """A ReLU unit whose input is negative was treated as if it were alive."""

    def change(part: Node) -> Iterator[Node]:
        match part:
            case Call("relu", (inside,)) | Call("maximum", (Number("0"), inside)):
                yield inside
            case Call("heaviside", _):
                yield ONE
            case Symbol(name) if _is_relu_slope(case, name):
                yield ONE

    return each_place(step.formula, change)


def _is_relu_slope(case: Case, name: str) -> bool:
    step = case.definition(name)
    return (
        step is not None
        and isinstance(step.formula, Call)
        and step.formula.function == ("heaviside")
    )


def wrong_constant(case: Case, step: Step) -> Iterator[Node]:
    """A constant of the formula was wrong: 2 for the root of 2, 1 for 2, e for 1."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Call) and part.function == "sqrt":
            yield part.arguments[0]
        if isinstance(part, Number) and part.text.lstrip("-").isdigit():
            for other in (int(part.text) + 1, int(part.text) - 1):
                yield Number(str(other)) if other >= 0 else Negative(Number(str(-other)))

    return each_place(step.formula, change)


def wrong_quantity(case: Case, step: Step) -> Iterator[Node]:
    """Another unit's, layer's or sample's value, or z for a, or the target for the output."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Symbol):
            for other in _neighbours(case, part.name):
                yield Symbol(other)
                stated = case.own.statement(other)
                if stated is not None and not stated.sound:  # its line, before the slip
                    yield case.trace[other].formula

    yield from each_place(step.formula, change)
    key = case.statement.key
    if key is not None and step.key == key:
        for other in _neighbours(case, key):
            yield Symbol(other)


def _neighbours(case: Case, name: str) -> list[str]:
    """Quantities that are easily taken for this one: nearest first."""
    key = Key.parse(name)
    found = [
        candidate
        for role in (key.role, *_ALIKE.get(key.role, ()))
        for candidate in case.calculation.by_role.get(role, ())
        if candidate != key and _near(key, candidate)
    ]
    found.sort(key=lambda other: _distance(key, other))
    return [str(other) for other in found[:_MOST_OTHERS]]


_ALIKE = {"a": "zy", "z": "a", "y": "a", "da": ("delta",), "delta": ("da",)}


def _near(key: Key, other: Key) -> bool:
    if other.update > key.update + 1:
        return False
    if other.role == key.role:
        same_form = len(other.indices) == len(key.indices)
        return same_form and (other.layer is not None or other.name == key.name)
    same_cell = other.indices == key.indices and other.layer == key.layer
    return same_cell or other.role == "y"


def _distance(key: Key, other: Key) -> tuple[int, int, int, int]:
    """Same kind and layer first, then other layers, samples, updates."""
    return (
        abs(key.update - other.update),
        abs((key.layer or 0) - (other.layer or 0)),
        int(key.role != other.role),
        int(key.sample != other.sample),
    )


def stale_value(case: Case, step: Step) -> Iterator[Node]:
    """An operand's value was left from an earlier statement, or from before the update."""
    for key in symbols(step.formula):
        stated = case.sources.stated.get(key, [])
        for one in stated[:-1]:
            number: Node = Number(_plain(abs(one.value)))
            number = Negative(number) if one.value < 0 else number
            changed = everywhere(
                step.formula,
                lambda s, k=key, n=number: n if s.name == k else None,  # type: ignore[misc]
            )
            if changed is not None:
                yield changed
        parsed = Key.parse(key)
        before = str(parsed.at(parsed.update - 1)) if parsed.update else ""
        if before and case.exists(before) and case.trace[key].rule != "update":
            changed = everywhere(
                step.formula,
                lambda s, k=key, b=before: Symbol(b) if s.name == k else None,  # type: ignore[misc]
            )
            if changed is not None:
                yield changed


def inner_sign(case: Case, step: Step) -> Iterator[Node]:
    """The sign of one term was turned."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Sum):
            for i, term in enumerate(part.terms):
                turned = term.operand if isinstance(term, Negative) else Negative(term)
                yield Sum((*part.terms[:i], turned, *part.terms[i + 1 :]))
        elif isinstance(part, Call) and isinstance(part.arguments[0], Negative):
            yield Call(part.function, (part.arguments[0].operand,))

    written = step.expanded or step.formula
    return each_place(written, change)


def _plain(value: float) -> str:
    return repr(value)
