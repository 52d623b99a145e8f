"""Goal 6: what one printed line costs, beside handcalcs and SymPy on the same equations.

A line is general formula = numbers put in = result.  handcalcs prints that of a Python
program, SymPy prints general formula and numbers; ours is a whole page, its sentences and
tables included.  Run with ``python -m tests.benchmarks.rendering``; handcalcs is needed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial

import sympy

from tests.benchmarks.networks import named
from tests.benchmarks.paired import compare
from tests.benchmarks.startup import same_equations
from tracer.backprop.tracing import trace
from tracer.files.problem import load
from tracer.model.trace import Trace
from tracer.rendering.page import render


def by_sympy(found: Trace) -> list[str]:
    """General formula and numbers of each step, printed by SymPy."""
    lines = []
    for step in found:
        if step.shown and step.rule != "given":
            formula = step.formula.sympy() if hasattr(step.formula, "sympy") else _sympy(step)
            numbers = {
                symbol: sympy.UnevaluatedExpr(sympy.Float(found[symbol.name].text or "0", 6))
                for symbol in formula.free_symbols
            }
            lines.append(sympy.latex(formula) + sympy.latex(formula.subs(numbers)))
    return lines


def _sympy(step: object) -> sympy.Expr:
    from tracer.calculus.definitions import definitions
    from tracer.formula.bridge import to_sympy

    return to_sympy(step.expanded or step.formula, definitions())  # type: ignore[attr-defined]


def by_handcalcs() -> Callable[[], object]:
    """The peer's own renderer on the equations of the Mazur example."""
    from math import exp

    from handcalcs.handcalcs import LatexRenderer

    source, names = same_equations(), {"exp": exp}
    exec(source, names)
    arguments = {"override": "", "precision": 5, "sci_not": False}
    return lambda: LatexRenderer(source, names, arguments).render()


def main() -> None:
    """Print the table."""
    mazur = trace(load("examples/mazur.yaml"), prove=False)
    large = trace(named("D"), prove=False)
    tasks: dict[str, Callable[[], object]] = {
        "SymPy, A": partial(by_sympy, mazur),
        "tracer page, LaTeX, A": partial(render, mazur, to="latex"),
        "tracer page, Markdown, A": partial(render, mazur),
        "tracer page, LaTeX, D": partial(render, large, to="latex"),
    }
    if importlib.util.find_spec("handcalcs"):
        tasks = {"handcalcs, A": by_handcalcs(), **tasks}
    lines = {name: sum(s.shown for s in (large if name[-1] == "D" else mazur)) for name in tasks}
    if "handcalcs, A" in lines:
        lines["handcalcs, A"] = len(same_equations().splitlines())
    compare("Goal 6: per printed line", tasks, next(iter(tasks)), per=lines)


if __name__ == "__main__":
    main()
