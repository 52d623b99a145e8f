"""Which parameters a layer network has, and whether those that are to be frozen exist."""

from __future__ import annotations

from tracer.files.functions import Report
from tracer.files.wording import unknown
from tracer.model.problem import Problem


def check_freeze(problem: Problem, fault: Report) -> None:
    """Check that each entry of ``freeze`` names a parameter.

    Args:
        problem: with shapes that fit.
        fault: where errors go, with their paths.
    """
    if not problem.layers:
        for place in range(len(problem.freeze)):
            fault(("freeze", place), "with equations, 'learn' says what is updated")
        return
    known = {"biases": None, "weights": None, **dict.fromkeys(parameters(problem))}
    for place, key in enumerate(problem.freeze):
        if key not in known:
            fault(("freeze", place), unknown("parameter", key, known))


def parameters(problem: Problem) -> list[str]:
    """The keys of all parameters of a layer network, whole arrays and single cells."""
    found: list[str] = []
    before = len(problem.inputs[0])
    for number, layer in enumerate(problem.layers, 1):
        found.append(f"w{number}")
        for unit in range(layer.units):
            row = [""] * before if layer.weights == "symbolic" else layer.weights[unit]
            found += [f"w{number}[{unit + 1},{j}]" for j, w in enumerate(row, 1) if w is not None]
        if layer.biases is not False:
            found.append(f"b{number}")
            if not layer.shared_bias:
                found += [f"b{number}[{unit}]" for unit in range(1, layer.units + 1)]
        before = layer.units
    return found
