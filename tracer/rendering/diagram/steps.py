"""Whether a calculation repeats itself in time: a recurrent network, written step by step.

Equations that are alike but for the quantities they take, and share their parameters, are
one equation at several times.  Nothing is read off their names.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracer.formula.nodes import Node, Symbol, substitute, symbols, walk
from tracer.model.quantity import Equation
from tracer.rendering.diagram.quantities import Quantities

_MOST_ENDS = 4
"""Equations after the last step (the loss); of more the graph is the better drawing."""


@dataclass(frozen=True, slots=True)
class Times:
    """The equations of each time step, by the names of their targets."""

    count: int
    when: dict[str, int]
    """By computed array: its time, from 1; those that belong to no time are left out."""
    initial: frozenset[str]
    """What the first step takes where later ones take the state before them."""


def times_of(arrays: Quantities) -> Times | None:
    """The time steps of a calculation, if it has any."""
    groups: dict[Node, list[Equation]] = {}
    for equation in arrays.equations:
        groups.setdefault(_alike(equation, arrays), []).append(equation)
    shared = [group for shape, group in groups.items() if len(group) > 1 and _parameters(shape)]
    if not shared:
        return None
    count = len(shared[0])
    repeated = [group for group in groups.values() if len(group) % count == 0]
    if any(len(group) != count for group in shared):
        return None
    when = {e.target.name: time for group in shared for time, e in enumerate(group, 1)}
    inside = {equation.target.name for group in repeated for equation in group}
    for equation in arrays.equations:  # the others belong where their latest operand does
        name, before = equation.target.name, [when.get(one) for one in arrays.operands(equation)]
        known = [time for time in before if time is not None]
        if name in inside and name not in when and known:
            when[name] = max(known)
    if not _recurs(arrays, when, count) or not _ends_well(arrays, when):
        return None
    return Times(count, when, _initial(arrays, repeated, when))


def _ends_well(arrays: Quantities, when: dict[str, int]) -> bool:
    """Whether what belongs to no step is a short chain after all of them."""
    ends = [e for e in arrays.equations if e.target.name not in when]
    previous = ""
    for equation in ends:
        computed = {name for name in arrays.operands(equation) if arrays.is_computed(name)}
        if any(name not in when and name != previous for name in computed):
            return False
        if previous and previous not in computed:
            return False
        previous = equation.target.name
    names = {equation.target.name for equation in ends}
    inside = [e for e in arrays.equations if e.target.name in when]
    return len(ends) <= _MOST_ENDS and all(
        names.isdisjoint(arrays.operands(equation)) for equation in inside
    )


def _alike(equation: Equation, arrays: Quantities) -> Node:
    """The formula with a blank for everything that is no parameter."""

    def blank(symbol: Symbol) -> Node:
        return symbol if _is_shared(symbol.name, arrays) else Symbol("_")

    return substitute(equation.formula, blank)


def _is_shared(name: str, arrays: Quantities) -> bool:
    """Whether it stays the same in time: a parameter, or where none is learnt, what is given
    and used again and again."""
    if any(quantity.kind == "parameter" for quantity in arrays.plan.quantities.values()):
        return name in arrays.plan.quantities and arrays.is_parameter(name)
    uses = sum(name in symbols(equation.formula) for equation in arrays.equations)
    return not arrays.is_computed(name) and uses > 1


def _parameters(shape: Node) -> bool:
    return any(name != "_" for name in symbols(shape))


def _recurs(arrays: Quantities, when: dict[str, int], count: int) -> bool:
    """Whether each step follows from the one before it, and none from a later one."""
    steps = set()
    for equation in arrays.equations:
        time = when.get(equation.target.name)
        for name in arrays.operands(equation):
            before = when.get(name)
            if time is None or before is None:
                continue
            if before > time or before < time - 1:
                return False
            steps.add((before, time))
    return all((time, time + 1) in steps for time in range(1, count))


def _initial(
    arrays: Quantities, repeated: list[list[Equation]], when: dict[str, int]
) -> frozenset[str]:
    """What equations of the first step take where those of the second take a computed array."""
    found = set()
    for group in repeated:
        first = [symbols_in_order(e.formula) for e in group if when.get(e.target.name) == 1]
        second = [symbols_in_order(e.formula) for e in group if when.get(e.target.name) == 2]
        for ones, others in zip(first, second, strict=False):
            for one, other in zip(ones, others, strict=True):
                if not arrays.is_computed(one) and arrays.is_computed(other):
                    found.add(one)
    return frozenset(found)


def symbols_in_order(node: Node) -> list[str]:
    """Every symbol where it stands, those that occur twice twice."""
    return [part.name for part in walk(node) if isinstance(part, Symbol)]
