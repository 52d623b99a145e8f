"""A network of more than 300 quantities, for pages that must stay quick."""

from __future__ import annotations

from itertools import pairwise

from tracer.backprop.tracing import trace
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace


def large() -> Trace:
    """4-6-6-4: over 90 parameters, each with its gradient and its update."""
    sizes = [4, 6, 6, 4]
    layers = []
    for before, after in pairwise(sizes):
        rows = [[f"0.{1 + (3 * i + 5 * j) % 8}" for j in range(before)] for i in range(after)]
        layers.append(Dense(after, "sigmoid", rows, ["0.1"] * after))
    return trace(
        Problem(
            name="4-6-6-4",
            inputs=["0.1", "0.5", "0.2", "0.9"],
            targets=["1", "0", "0", "1"],
            layers=layers,
            loss="half_squared_error",
            settings={"rate": "0.5"},
        )
    )
