"""Goal 6: what one printed line costs, beside handcalcs, SymPy and a Jinja loop of one's own.

A line is general formula = numbers put in = result.  The peers print such lines and nothing
else: handcalcs from a Python program, SymPy by ``latex``, the loop from a list of pieces
with one filter for numbers.  Ours are whole pages, tables, sentences, brackets and the
choice of ``=`` or ``≈`` included: ``render`` prints one page, ``render_many`` the pages of a
class, each of a variant that it has not seen.  Networks: A is the 2-2-2 network of the
example, D 4-8-8-3.  Processor time.  Run with ``python -m tests.benchmarks.rendering``;
handcalcs is needed for its row.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial

import jinja2
import sympy

from tests.benchmarks.networks import drawn, named
from tests.benchmarks.paired import compare
from tests.benchmarks.startup import same_equations
from tracer.backprop.tracing import trace
from tracer.files.problem import load
from tracer.formula.nodes import symbols
from tracer.model.problem import Problem
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.notation.loading import load_notation
from tracer.rendering.filling import Filler
from tracer.rendering.page import render
from tracer.rendering.printers import PRINTERS

BEFORE = {"A": 40, "D": 12}
"""Pages of a class that were printed before the clock starts."""
ROUNDS = 7
TIMES = {"A": 20, "D": 2}
"""Pages of a class printed in one round, each of a variant that was not printed before."""


def by_sympy(found: Trace) -> list[str]:
    """General formula and numbers of each step, printed by SymPy."""
    lines = []
    for step in equations(found):
        formula = _sympy(step)
        numbers = {
            symbol: sympy.UnevaluatedExpr(sympy.Float(found[symbol.name].text or "0", 6))
            for symbol in formula.free_symbols
        }
        lines.append(sympy.latex(formula) + sympy.latex(formula.subs(numbers)))
    return lines


def _sympy(step: Step) -> sympy.Expr:
    from tracer.calculus.definitions import definitions
    from tracer.formula.bridge import to_sympy

    return to_sympy(step.expanded or step.formula, definitions())


def by_handcalcs() -> Callable[[], object]:
    """The peer's own renderer on the equations of the Mazur example."""
    from math import exp

    from handcalcs.handcalcs import LatexRenderer

    source, names = same_equations(), {"exp": exp}
    exec(source, names)
    arguments = {"override": "", "precision": 5, "sci_not": False}
    return lambda: LatexRenderer(source, names, arguments).render()


LOOP = r"""\begin{align*}
{% for e in equations %}{{ e.left }} &= {{ e.general }} = {% for p in e.pieces %}{% if p is string
%}{{ p }}{% else %}{{ values[p[0]] | number }}{% endif %}{% endfor %} = {{ values[e.key] | number
}} \\
{% endfor %}\end{align*}"""


def by_jinja(found: Trace) -> Callable[[dict[str, float]], str]:
    """What one writes for oneself: a loop over equations, a filter for numbers in it."""
    printer, names = PRINTERS["latex"], load_notation("mazur").for_problem(found.problem)
    lines = []
    for step in equations(found):
        node = step.expanded or step.formula
        marks = {key: f"7{place:04d}.7" for place, key in enumerate(symbols(node))}
        text, pieces = printer.formula(node, marks.__getitem__), []
        while (at := min((text.find(m) for m in marks.values() if m in text), default=-1)) >= 0:
            key = next(key for key, mark in marks.items() if text.startswith(mark, at))
            pieces += [text[:at], (key,)]
            text = text[at + len(marks[key]) :]
        general = printer.formula(step.formula, names.name)
        left = printer.name(names.name(step.key))
        lines.append({"left": left, "general": general, "pieces": [*pieces, text], "key": step.key})
    environment = jinja2.Environment(autoescape=False)
    environment.filters["number"] = _number
    template = environment.from_string(LOOP)
    return lambda values: template.render(equations=lines, values=values)


def _number(value: float) -> str:
    """Six figures, a power of ten, brackets round what is negative."""
    text = f"{value:.6g}"
    if "e" in text:
        digits, _, power = text.partition("e")
        text = rf"{digits}\cdot 10^{{{int(power)}}}"
    return f"({text})" if text.startswith("-") else text


def equations(found: Trace) -> list[Step]:
    """The steps that are printed as lines."""
    return [step for step in found if step.shown and step.rule != "given"]


def class_pages(
    problem: Problem, network: str, known: bool = False, **options: str
) -> Callable[[], object]:
    """A task that prints pages of a class.

    Args:
        problem: the first of the class.
        network: its letter.
        known: print pages whose looks are known, instead of further variants.
        options: of `render`.
    """
    filler, before, times = Filler(**options), BEFORE[network], TIMES[network]
    printed = [trace(drawn(problem, seed), prove=False) for seed in range(before)]
    for one in printed:
        filler.page(one)
    count = 0 if known else times * (ROUNDS + 1)
    waiting = [trace(drawn(problem, before + n), prove=False) for n in range(count)]

    def run() -> None:
        for number in range(times):
            filler.page(printed[number] if known else waiting.pop())

    return run


def many(task: Callable[[], object], times: int) -> Callable[[], object]:
    """A short task as often as it takes to be timed."""

    def run() -> None:
        for _ in range(times):
            task()

    return run


def main() -> None:
    """Print the table."""
    mazur = load("examples/mazur.yaml")
    a, d = trace(mazur, prove=False), trace(named("D"), prove=False)
    values = {step.key: float(step.value or 0) for step in a}
    loop = by_jinja(a)
    tasks: dict[str, Callable[[], object]] = {
        "SymPy, A": partial(by_sympy, a),
        "Jinja loop of one's own, A": many(lambda: loop(values), TIMES["A"]),
        "render, LaTeX, A": partial(render, a, to="latex"),
        "render, Markdown, A": partial(render, a),
        "render, LaTeX, D": partial(render, d, to="latex"),
        "render_many, looks known, LaTeX, A": class_pages(mazur, "A", known=True, to="latex"),
        "render_many, LaTeX, A": class_pages(mazur, "A", to="latex"),
        "render_many, Markdown, A": class_pages(mazur, "A"),
        "render_many, LaTeX, D": class_pages(named("D"), "D", to="latex"),
    }
    if importlib.util.find_spec("handcalcs"):
        tasks = {"handcalcs, A": by_handcalcs(), **tasks}
    lines = {name: len(equations(d if name.endswith("D") else a)) for name in tasks}
    if "handcalcs, A" in lines:
        lines["handcalcs, A"] = len(same_equations().splitlines())
    for name in lines:
        if name.startswith(("Jinja", "render_many")):
            lines[name] *= TIMES[name[-1]]
    base = next(iter(tasks))
    table = compare("Goal 6: per printed line", tasks, base, ROUNDS, per=lines, cpu=True)
    for mine in ("render_many, looks known, LaTeX, A", "render_many, LaTeX, A"):
        print(f"\n{mine}: so many times less than (goals: 2,000; 200; 6.7)")
        for peer in (base, "SymPy, A", "Jinja loop of one's own, A"):
            print(f"{peer:44s}{table[peer] / table[mine]:10.1f}")


if __name__ == "__main__":
    main()
