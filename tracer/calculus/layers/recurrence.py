"""What recurrent cells share: gates over what comes in and the state before, and settings.

Gives equations and parameters as texts of a layer's recipe: for each gate the sum ``z``
of both products and its value, the matrices ``W`` and ``U`` and the bias.  Read by the
three recurrent cells; `TWO_BIASES` by what holds their numbers against a framework's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracer.calculus.layers.kinds import Facts, Parameter, Setting

RECURRENT: Mapping[str, Setting] = {
    "return": Setting(
        "word",
        "The states of all time steps go on, or the last alone.",
        "all",
        words=("all", "last"),
    ),
    "truncate": Setting(
        "whole",
        "After so many steps no gradient goes further back (truncated backpropagation "
        "through time); without it, through all steps.",
        least=1,
        needed=False,
    ),
    "initial_h": Setting(
        "array", "The state before the first step, one number a unit; 0 else.", needed=False
    ),
}
"""Settings of every recurrent cell."""


def gate(name: str, function: str, of: Facts) -> tuple[str, str]:
    """The sum of a gate and its value: ``zf = Wf @ x + Uf @ h_before + bf``."""
    total = f"W{name} @ x + U{name} @ h_before{of.bias('b' + name)}"
    return f"z{name} = {total}", f"{name} = {function}(z{name})"


def gate_parameters(names: Sequence[str], of: Facts) -> dict[str, Parameter]:
    """Weights of what comes in, weights of the state before, and bias of each gate."""
    units = of.needed_units()
    found: dict[str, Parameter] = {}
    for name in names:
        found[f"W{name}"] = Parameter((units, of.inputs))
        found[f"U{name}"] = Parameter((units, units))
        if of.biases:
            found[f"b{name}"] = Parameter((units,))
    return found


def starting(memory: Sequence[str], of: Facts) -> dict[str, Sequence[str]]:
    """What the layer says about its memory before the first step."""
    told = {name: of.settings.get(f"initial_{name}") for name in memory}
    return {name: numbers for name, numbers in told.items() if numbers is not None}


TWO_BIASES: Mapping[str, Sequence[str]] = {
    "elman": ("b",),
    "lstm": ("bi", "bf", "bo", "bg"),
    "gru": ("br", "bu"),
}
"""The biases of which frameworks keep two, one beside each matrix, that are added up."""
