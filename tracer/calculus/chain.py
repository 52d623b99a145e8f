"""The chain rule over array equations: forward equations in, backward equations out.

Forward equations are walked from the last to the first.  Whatever a quantity's gradient
has collected becomes an equation of its own, and is then carried through the formula
that made the quantity.  How gradients are named, which of them are lines of their own,
and what multiplies them is the caller's business: it gives a `Style`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from tracer.calculus.normal_form import normal_form
from tracer.calculus.primitives import Shape, is_constant, pull_back
from tracer.formula.nodes import Call, Node, Symbol, symbols
from tracer.formula.rewriting import as_quotient, total
from tracer.model.quantity import Equation


class Style(Protocol):
    """How the backward equations of one kind of network are written."""

    def gradient(self, of: str, formula: Node) -> Node:
        """Note the equation of a gradient; the node by which later lines refer to it."""

    def slope(self, equation: Equation, call: Call, place: int, value: Node | None) -> Node:
        """The slope of an elementwise call, as later lines refer to it."""

    def part(self, of: str, formula: Node) -> Node:
        """Note the equation of an inner product inside a gradient; its symbol."""


def derive(
    forward: Sequence[Equation],
    seeds: Mapping[str, Node],
    wanted: Collection[str],
    shapes: Mapping[str, Shape],
    style: Style,
) -> None:
    """Walk the equations backwards and hand every gradient to `style`, in order.

    Args:
        forward: equations in order of calculation.
        seeds: gradients that are given from outside: 1 for a loss.
        wanted: the quantities whose gradients are asked for; only what lies on the way
            to them is differentiated.
        shapes: shapes of all quantities, growing as `style` names gradients.
        style: names and collects the backward equations.
    """
    needed = _on_the_way(forward, wanted)
    collected: dict[str, list[Node]] = {name: [seed] for name, seed in seeds.items()}
    made = {equation.target.name for equation in forward}
    first_use = _first_uses(forward)

    def settled(name: str) -> Node:
        formula = total(collected.pop(name))
        formula = normal_form(formula, lambda inner: style.part(name, inner))
        if is_constant(formula) and name in seeds and name not in wanted:
            return formula
        return style.gradient(name, formula)

    for place, equation in reversed(list(enumerate(forward))):
        name = equation.target.name
        if name not in collected or name not in needed:
            continue
        gradient = settled(name)

        def slope(call: Call, place: int, value: Node | None, at: Equation = equation) -> Node:
            return style.slope(at, call, place, value)

        for symbol, share in pull_back(equation.formula, gradient, shapes, slope, Symbol(name)):
            if symbol in needed:
                if is_constant(gradient):  # no factor of the chain rule stands before the slope
                    share = as_quotient(share)
                collected.setdefault(symbol, []).append(share)
        for parameter in symbols(equation.formula):
            # one that no earlier equation uses has its whole gradient: it is written now
            last = parameter not in made and first_use[parameter] == place
            if parameter in collected and last:
                settled(parameter)
    for name in [name for name in wanted if name in collected]:
        settled(name)


def _first_uses(forward: Sequence[Equation]) -> dict[str, int]:
    """Where in the order of calculation each quantity is used for the first time."""
    found: dict[str, int] = {}
    for place, equation in enumerate(forward):
        for name in symbols(equation.formula):
            found.setdefault(name, place)
    return found


def _on_the_way(forward: Sequence[Equation], wanted: Collection[str]) -> set[str]:
    """The quantities that depend on something wanted."""
    needed = set(wanted)
    for equation in forward:
        if needed.intersection(symbols(equation.formula)):
            needed.add(equation.target.name)
    return needed
