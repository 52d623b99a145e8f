"""Recognising a slope: in a layer network by its key, elsewhere by what it says.

An author's own equations may hold a slope as a factor (``1 - h**2`` beside
``h = tanh(z)``) or under a name of its own (``q = 1 - s`` with ``s = h**2``).  A factor
is a slope if, written in terms of an activation's value and argument alone, it agrees
with that activation's slope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from tracer.calculus.activations import ACTIVATIONS
from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.errors import CalculationError
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.keys import Key
from tracer.formula.nodes import Call, Node, Product, Symbol, substitute, symbols, walk
from tracer.formula.parsing import ELEMENTARY, parse
from tracer.model.trace import Trace

_DEEPEST = 4
_KEPT = "checking.activations"
_POINTS = (0.37, -0.81, 1.63)


@dataclass(frozen=True)
class Activated:
    """``a = f(z)`` somewhere in the calculation."""

    name: str
    a: str
    """Its value's quantity; empty where it is only worked out inside another line."""
    z: str
    """Its argument's quantity; empty where the argument is a formula: ``tanh(W x + b)``."""


@dataclass(frozen=True)
class Slope:
    """A product that holds a slope: which activation's, and the other factors."""

    activation: Activated
    others: tuple[Node, ...]


def activations(trace: Trace) -> tuple[Activated, ...]:
    """Every activation of the calculation, in its order; kept beside the trace."""
    kept: tuple[Activated, ...] | None = vars(trace).get(_KEPT)
    if kept is None:
        kept = vars(trace)[_KEPT] = tuple(_activations(trace))
    return kept


def _activations(trace: Trace) -> Iterator[Activated]:
    for step in trace.steps:
        formula = step.formula
        if not isinstance(formula, Call):
            continue
        if formula.function in ACTIVATIONS or formula.function in ELEMENTARY:
            place = formula.arguments[0]
            yield Activated(
                formula.function, step.key, place.name if isinstance(place, Symbol) else ""
            )


def slope_in(case: Case, line: Line) -> Slope | None:
    """The slope among the factors of a line's product, with what is left without it."""
    if not isinstance(line.formula, Product):
        return None
    known: dict[Line, Slope | None] = case.calculation.slopes
    if line not in known:
        known[line] = _slope_in(case, line.formula)
    return known[line]


def _slope_in(case: Case, formula: Product) -> Slope | None:
    factors = formula.factors
    for count in (1, 2):
        for chosen in combinations(range(len(factors)), count):
            part = factors[chosen[0]] if count == 1 else Product(tuple(factors[i] for i in chosen))
            activation = _slope_of_what(case, part)
            if activation is not None:
                rest = tuple(f for i, f in enumerate(factors) if i not in chosen)
                return Slope(activation, rest)
    return None


def _slope_of_what(case: Case, part: Node) -> Activated | None:
    """The activation whose slope a factor is."""
    if isinstance(part, Symbol):
        key = Key.parse(part.name)
        if key.role == "slope" and case.trace.problem.layers:
            a = part.name.replace("slope", "a", 1)
            return next((one for one in activations(case.trace) if one.a == a), None)
    by_value = {one.a: one for one in activations(case.trace)}
    by_place = {one.z: one for one in activations(case.trace) if one.z}
    if (inner := _inner(part)) and _agree(inner, part):
        return inner
    written = part
    for _ in range(_DEEPEST):
        names = symbols(written)
        if names and all(name in by_value or name in by_place for name in names):
            one = by_value.get(names[0]) or by_place[names[0]]
            if {one.a, one.z}.issuperset(names) and _agree(one, written):
                return one
        deeper = substitute(written, lambda symbol: _opened(case, symbol, by_value))
        if deeper == written:
            return None
        written = deeper
    return None


def _inner(part: Node) -> Activated | None:
    """The function of one quantity that a factor works out itself: ``1 - tanh(c)**2``."""
    names = symbols(part)
    for call in walk(part):
        if isinstance(call, Call) and list(call.arguments) == [Symbol(name) for name in names]:
            return Activated(call.function, "", names[0])
    return None


def _opened(case: Case, symbol: Symbol, known: Mapping[str, Activated]) -> Node:
    line = None if symbol.name in known else case.definition(symbol.name)
    return symbol if line is None else line.formula


def _agree(one: Activated, written: Node) -> bool:
    """Whether a formula in a and z is the slope of the activation, at some points."""
    declared = ACTIVATIONS.get(one.name)
    if declared is None or not declared.slope:
        return False
    evaluate = Evaluator(Float())
    slope, formula = parse(declared.slope), parse(declared.formula or "z")
    settings = {name: float(text) for name, text in declared.settings.items()}
    try:
        for z in _POINTS:
            a = evaluate(formula, {"z": z, **settings})
            right = evaluate(slope, {"z": z, "a": a, **settings})
            if abs(evaluate(written, {one.a: a, one.z: z}) - right) > 1e-9:
                return False
    except (CalculationError, KeyError):
        return False
    return True
