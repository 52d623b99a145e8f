"""Mistakes of the backward pass: slopes and weights in the deltas.

Each function takes a case and a line and gives what the line may have become: a slope left
out, taken at the other place or of another activation, the weights after the update.
Slopes are found by `slopes`, so that equations of an author's own are covered as layers
are.  Read by the table of mistakes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from tracer.calculus.activations import ACTIVATIONS
from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import Rewriting, swapped, swapped_singly
from tracer.checking.mistakes.slopes import Activated, Slope, activations, slope_in
from tracer.checking.swaps import Swap
from tracer.formula.keys import Key
from tracer.formula.nodes import Call, Node, Product, Symbol, substitute, symbols
from tracer.formula.parsing import parse
from tracer.formula.rewriting import ONE, product

BACKWARD_RULES = {"da", "delta", "slope", "gradient", "part", "equation", "expression"}


def missing_slope(case: Case, line: Line) -> Iterator[Rewriting]:
    """f' was left out of a line, or of a quantity that the line uses."""
    for formula, _ in _lines_with_slope(case, line, ONE):
        yield formula


def _lines_with_slope(case: Case, line: Line, instead: Node) -> Iterator[tuple[Rewriting, Slope]]:
    """The line with a slope in it replaced; also through the line of an operand."""
    found = slope_in(case, line)
    if found is not None:
        yield _with(found, instead), found
    for key in line.operands:
        inner = case.definition(key)
        if inner is None or not isinstance(inner.formula, Product):
            continue
        found = slope_in(case, inner)
        if found is not None:
            yield Swap({key: _with(found, instead)}), found


def _with(found: Slope, instead: Node) -> Node:
    return product(*found.others, instead) if instead != ONE else product(ONE, *found.others)


def slope_at_activation(case: Case, line: Line) -> Iterator[Rewriting]:
    """f' was taken at a where z is meant, or at z where a is."""
    found = slope_in(case, line) if line.rule != "slope" else None
    for activation in _looked_at(case, found):
        if line.rule == "slope" and activation.a in line.operands + _below(case, line):
            at = _slope_at(activation.name, Symbol(activation.a))
            if at is not None:
                yield at
            yield from _slopes_of(activation, activation.name, activation.z)
        elif found is not None and found.activation == activation:
            at = _slope_at(activation.name, Symbol(activation.a)) if activation.a else None
            if at is not None:
                yield _with(found, at)
            for node in _slopes_of(activation, activation.name, activation.z):
                yield _with(found, node)


def _looked_at(case: Case, found: Slope | None) -> tuple[Activated, ...]:
    """The calculation's activations, and one that only the line itself works out."""
    inner = (found.activation,) if found is not None and not found.activation.a else ()
    return (*activations(case.trace), *inner)


def _below(case: Case, line: Line) -> list[str]:
    """The activation that belongs to a slope written in z."""
    if line.layer is None:
        return []
    return [str(replace(Key.parse(line.key), name=f"a{line.layer}"))]


def _slope_at(name: str, place: Node) -> Node | None:
    """f'(place), with f worked out again there: s(a)(1 - s(a))."""
    activation = ACTIVATIONS.get(name)
    if activation is None or not activation.slope:
        return None
    inside = {"z": place, "a": Call(name, (place,))}
    return substitute(_parsed(activation.slope), lambda s: inside.get(s.name, s))


def _slopes_of(here: Activated, name: str, value: str) -> Iterator[Node]:
    """The slope of the function `name` at an activation's argument, if that is a quantity."""
    declared = ACTIVATIONS.get(name)
    if declared is None or not declared.slope or declared.settings:
        return
    inside = {"z": here.z, "a": value}
    node = substitute(_parsed(declared.slope), lambda s: Symbol(inside.get(s.name, s.name)))
    if "" not in symbols(node):
        yield node


def wrong_slope(case: Case, line: Line) -> Iterator[Rewriting]:
    """The slope of another activation was used."""
    found = slope_in(case, line) if line.rule != "slope" else None
    for activation in _looked_at(case, found):
        here = line.rule == "slope" and activation.a in line.operands + _below(case, line)
        if not here and (found is None or found.activation != activation):
            continue
        for other in ACTIVATIONS:
            if other in (activation.name, "identity"):
                continue
            for node in _slopes_of(activation, other, activation.a):
                yield node if found is None else _with(found, node)


def updated_weight(case: Case, line: Line) -> Iterator[Rewriting]:
    """The weights after the update were used in the backward pass."""
    if line.rule not in BACKWARD_RULES or line.phase == "forward":
        return

    def newer(name: str) -> Node | None:
        key = Key.parse(name)
        if key.state or key.role in ("a", "z"):
            return None
        later = str(key.at(key.update + 1))
        is_parameter = case.exists(later) and case.calculation.line(later).rule == "update"
        return Symbol(later) if is_parameter else None

    yield from swapped(line, newer)
    if len(line.operands) > 2:
        yield from swapped_singly(line, lambda name: filter(None, (newer(name),)))


@lru_cache(maxsize=256)
def _parsed(text: str) -> Node:
    return parse(text)
