"""Goals 5 and 7: what derivation and rendering cost as networks grow.

Goal 5: the derivation of D and E, SymPy's proof of each local slope included, beside
SymPy's derivative of the whole composed loss of A, the smallest.  Goal 7: the cost of
one printed line on E beside that on A.  Run with ``python -m tests.benchmarks.growth``.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.cache import clear_cache

from tests.benchmarks.networks import letters, named
from tests.benchmarks.paired import compare
from tracer.backprop.planning import make_plan
from tracer.backprop.tracing import trace
from tracer.model.problem import Problem
from tracer.rendering.page import render


def whole_composition(problem: Problem) -> Any:
    """SymPy's way: the loss as one expression, and its derivative by every weight."""
    clear_cache()  # as in a fresh process
    found = trace(problem, prove=False)
    loss = found.sympy("loss")
    weights = [step.key for step in found if step.rule == "given" and step.key[0] in "wb"]
    return [sympy.diff(loss, sympy.Symbol(key, real=True)) for key in weights]


def derivation(problem: Problem) -> Any:
    """Ours: backward equations from the forward ones, each local slope proven once."""
    clear_cache()
    plan = make_plan(problem, problem.batches()[0])
    z, a, y = sympy.symbols("z a y", real=True)
    sigmoid = 1 / (1 + sympy.exp(-z))
    assert sympy.simplify(sympy.diff(sigmoid, z) - sigmoid * (1 - sigmoid)) == 0
    assert sympy.diff((y - a) ** 2 / 2, a) == a - y
    return plan


def main() -> None:
    """Print the tables."""
    small, middle, large = named("A"), named("D"), named("E")
    compare(
        "Goal 5: derivation",
        {
            "SymPy, whole composition of A": lambda: whole_composition(small),
            "tracer, A": lambda: derivation(small),
            "tracer, D": lambda: derivation(middle),
            "tracer, E": lambda: derivation(large),
        },
        "SymPy, whole composition of A",
        goals={"tracer, D": 3, "tracer, E": 3},
    )
    one, ten = letters([2, 2]), letters([2] * 11)
    narrow, wide = letters([2, 2, 1]), letters([64, 64, 1])
    compare(
        "Goal 5: derivation by depth",
        {"depth 1": lambda: derivation(one), "depth 10": lambda: derivation(ten)},
        "depth 1",
        goals={"depth 10": 1.5},
    )
    compare(
        "Goal 5: derivation by width",
        {"width 2": lambda: derivation(narrow), "width 64": lambda: derivation(wide)},
        "width 2",
        goals={"width 64": 2.5},
    )
    traces = {name: trace(named(name), prove=False) for name in "ADE"}
    compare(
        "Goal 7: rendering, per printed line",
        {name: lambda found=found: render(found, to="latex") for name, found in traces.items()},
        "A",
        rounds=5,
        goals={"E": 1.5},
        per={name: sum(s.shown for s in found) for name, found in traces.items()},
    )
    compare(
        "Tracing, per recorded quantity",
        {
            name: lambda name=name: trace(named(name), prove=False)  # type: ignore[misc]
            for name in "ADE"
        },
        "A",
        rounds=5,
        per={name: len(found) for name, found in traces.items()},
    )


if __name__ == "__main__":
    main()
