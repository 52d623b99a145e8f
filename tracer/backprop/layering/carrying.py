"""What a layer carries on from update to update without learning it: running statistics.

Takes the placed layers of a plan whose forward pass is written; adds, for each number that a
recipe calls running, its value after the update.  Read by the backward pass.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracer.backprop.layering.functions import filled
from tracer.backprop.layering.own_numbers import OwnNumbers
from tracer.backprop.plan import Draft
from tracer.calculus.layers.fitting import read_formula
from tracer.calculus.layers.placing import Placed
from tracer.formula.nodes import Node, Number, Symbol, symbols
from tracer.model.quantity import Axis, Equation, Quantity


def write_running(draft: Draft, placed: Iterable[Placed], samples: Axis) -> None:
    """The running numbers of all layers after the update."""
    for one in placed:
        if one.recipe is None:
            continue
        own = OwnNumbers(draft, one, samples)
        for name, (start, text) in one.recipe.running.items():
            key = f"{one.label}.{name}"
            quantity = Quantity(key, key, own.vector((len(start),)), "parameter")
            for index, number in zip(quantity.cells(), start, strict=True):
                draft.values[quantity.cell(index)] = number
            draft.declare(quantity)
            formula = read_formula(text)
            names: dict[str, Node] = {
                local: Symbol(f"{one.label}.{local}") for local in symbols(formula)
            }
            names["samples"] = Number(str(samples.size))
            draft.write(Equation(quantity, filled(formula, names), "running", "update", one.number))
