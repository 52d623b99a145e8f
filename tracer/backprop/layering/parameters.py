"""Declaring the parameters of a layer: what of them is missing, frozen, or a letter.

Takes nested tuples of number texts, in which None is a missing connection; gives the
symbol of the array in the plan.  Of its cells some are missing, some frozen; one that is
frozen as a whole, or never updated, counts as given.  Read by `dense` and, for the other
types of layers, by `own_numbers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracer.backprop.layering.penalties import kind_of_parameter
from tracer.backprop.plan import Draft
from tracer.formula.nodes import Symbol
from tracer.model.quantity import Axis, Index, Quantity


def declare_parameter(
    draft: Draft,
    name: str,
    axes: tuple[Axis, ...],
    values: Any,
    key: str = "",
    leading: tuple[int, ...] = (),
) -> Symbol:
    """A weight matrix or bias, with what of it is missing or frozen.

    Args:
        draft: the plan.
        name: of the array in equations.
        axes: its axes.
        values: nested tuples of texts (None: a missing connection), or one text that all
            share; ``"symbolic"``: letters.
        key: how its cells' keys begin; none: like the name.
        leading: indices that all its cells share.
    """
    missing: set[Index] = set()
    texts: dict[Index, str] = {}
    if isinstance(values, str):
        if values != "symbolic":
            texts[(0,) * len(axes)] = values
    else:
        for index, cell in _cells(values, len(axes)):
            if cell is None:
                missing.add(index)
            else:
                texts[index] = cell
    bare = Quantity(name, key or name, axes, "parameter", frozenset(missing), frozenset(), leading)
    frozen = _frozen(bare, draft.problem.freeze)
    fixed = bool(frozen) and frozen >= set(bare.cells())
    kind = "given" if fixed or not draft.problem.updates else "parameter"
    quantity = Quantity(name, bare.key, axes, kind, frozenset(missing), frozenset(frozen), leading)
    for index, text in texts.items():
        draft.values[quantity.cell(index)] = text
    return draft.declare(quantity)


def _cells(values: Any, depth: int, index: Index = ()) -> list[tuple[Index, str | None]]:
    """The cells of nested tuples; an axis that is not written has position 0."""
    if not isinstance(values, tuple):
        return [((*index, *(0,) * (depth - len(index))), values)]
    return [
        cell for place, part in enumerate(values) for cell in _cells(part, depth, (*index, place))
    ]


def _frozen(quantity: Quantity, freeze: Sequence[str]) -> set[Index]:
    """The cells of a parameter that the problem freezes."""
    if kind_of_parameter(quantity) in freeze or quantity.key in freeze:
        return set(quantity.cells())
    if not any(entry.startswith(f"{quantity.key}[") for entry in freeze):
        return set()  # without a look at each of a million cells
    return {index for index in quantity.cells() if quantity.cell(index) in freeze}
