"""Goal 6: what one printed line costs, beside handcalcs, SymPy and a Jinja loop of one's own.

A line is general formula = numbers put in = result, and all print the same lines, each peer's
names taken from the same trace.  The peers print such lines and nothing else: handcalcs from a
Python program, SymPy by ``latex``, the loop from a list of pieces with a filter for numbers,
laid out as our lines are.  Ours are whole pages, tables, sentences, brackets and the choice of
one row or several included: ``render`` prints one page, ``render_many`` the pages of a class,
each of a variant that it has not seen ("new"), or has ("known").  Networks: A is the 2-2-2
network of the example, XOR the network of an article on four samples, D 4-8-8-3; variants have
other inputs, weights and biases, and so other signs, lengths and looks.  Processor time, in one
process and in turns.  Run with ``python -m tests.benchmarks.rendering`` (and, for some of the
networks alone, their names); handcalcs is needed for its row.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import partial
from math import exp

import jinja2
import sympy

from tests.benchmarks.networks import drawn, named
from tests.benchmarks.paired import compare
from tracer.backprop.tracing import trace
from tracer.calculus.definitions import definitions
from tracer.files.problem import load
from tracer.formula.bridge import to_sympy
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol, substitute, symbols
from tracer.formula.writing import write
from tracer.model.problem import Problem
from tracer.model.step import Step
from tracer.model.trace import Trace
from tracer.notation.loading import load_notation
from tracer.rendering.filling import Filler
from tracer.rendering.page import render
from tracer.rendering.printers import PRINTERS

NETWORKS: dict[str, Callable[[], Problem]] = {
    "A": lambda: load("examples/mazur.yaml"),
    "XOR": lambda: load("examples/articles/000-xor-batch.yaml"),
    "D": lambda: named("D"),
}
BEFORE = {"A": 40, "XOR": 40, "D": 12}
"""Pages of a class that were printed before the clock starts."""
ROUNDS = 9
TIMES = {"A": 20, "XOR": 10, "D": 2}
"""Pages printed in one round, each of another variant."""
GOALS = {"handcalcs": 1 / 2000, "SymPy": 1 / 200, "Jinja loop": 0.15}


def equations(found: Trace) -> list[Step]:
    """The steps that are printed as lines."""
    return [step for step in found if step.shown and step.rule != "given"]


# -- the peers ----------------------------------------------------------------------------------


def by_sympy(found: Trace) -> list[str]:
    """General formula, numbers and result of each step, printed by SymPy."""
    lines = []
    for step in equations(found):
        formula = to_sympy(step.expanded or step.formula, definitions())
        numbers = {
            symbol: sympy.UnevaluatedExpr(sympy.Float(found[symbol.name].text, 6))
            for symbol in formula.free_symbols
        }
        lines.append(f"{sympy.latex(formula)} = {sympy.latex(formula.subs(numbers))} = {step.text}")
    return lines


def by_handcalcs(found: Trace) -> Callable[[], object]:
    """The peer's own renderer on the same equations and values."""
    from handcalcs.handcalcs import LatexRenderer

    program = "\n".join(
        f"{_plain(step.key)} = {write(substitute(step.expanded or step.formula, _named))}"
        for step in equations(found)
    )
    names = {_plain(step.key): float(step.text) for step in found} | {"exp": exp}
    arguments = {"override": "", "precision": 5, "sci_not": False}
    return lambda: LatexRenderer(program, names, arguments).render()


def _named(symbol: Symbol) -> Node:
    return Symbol(_plain(symbol.name))


def _plain(key: str) -> str:
    """A key as a name of Python."""
    parsed = Key.parse(key)
    parts = [parsed.name.replace(".", "_"), *map(str, parsed.indices)]
    parts += [f"s{parsed.sample}"] if parsed.sample else []
    return "_".join([*parts, f"u{parsed.update}"] if parsed.update else parts)


LOOP = r"""<% for e in equations %>
\treq[<< e.label >>]{<< e.left >>}
  {<< e.general >>}
  {<% for p in e.pieces %><% if p is string %><< p >><% else %><< texts[p[0]] | number(p[1])
>><% endif %><% endfor %>}
  {<< signs[e.key] >>}{\mathbf{<< texts[e.key] | number >>}}\\
<% endfor %>"""


def by_jinja(found: Trace) -> Callable[[Trace], str]:
    """What one writes for oneself: a loop over equations, a filter for numbers in it."""
    printer, names = PRINTERS["latex"], load_notation("mazur").for_problem(found.problem)
    lines = []
    for step in equations(found):
        node = step.expanded or step.formula
        marks = {found[key].key: f"7{place:04d}.7" for place, key in enumerate(symbols(node))}

        def leaf(key: str, marks: dict[str, str] = marks) -> str:
            return marks[found[key].key]

        text, pieces = printer.formula(node, leaf), []
        while (at := min((text.find(m) for m in marks.values() if m in text), default=-1)) >= 0:
            key = next(key for key, mark in marks.items() if text.startswith(mark, at))
            pieces += [text[:at], (key, not text[:at].rstrip().endswith(("{", "e^{-")))]
            text = text[at + len(marks[key]) :]
        general = printer.formula(step.formula, names.name)
        left, label = printer.name(names.name(step.key)), _plain(step.key)
        line = {"left": left, "label": label, "general": general, "key": step.key}
        lines.append(line | {"pieces": [*pieces, text]})
    environment = jinja2.Environment(
        autoescape=False, trim_blocks=True, block_start_string="<%", block_end_string="%>",
        variable_start_string="<<", variable_end_string=">>",
    )  # fmt: skip
    environment.filters["number"] = _number
    template = environment.from_string(LOOP)

    def page(one: Trace) -> str:
        texts = {step.key: step.text for step in one.steps}
        signs = {step.key: "=" if step.relation == "=" else r"\approx" for step in one.steps}
        return template.render(equations=lines, texts=texts, signs=signs)

    return page


def _number(text: str, bracket: bool = False) -> str:
    """The macro for decimals, a power of ten, brackets round a negative operand."""
    digits, power, after = text.lstrip("-"), "", ""
    if "e" in digits:
        digits, _, after = digits.partition("e")
        power = rf"\cdot 10^{{{after}}}"
    if "." in digits:
        digits = rf"\trn{{{digits}}}"
    if text.startswith("-"):
        return f"(-{digits}{power})" if bracket else f"-{digits}{power}"
    return digits + power


# -- the tasks ----------------------------------------------------------------------------------


def class_pages(network: str, known: bool = False, **options: str) -> Callable[[], object]:
    """A task that prints pages of a class.

    Args:
        network: its letter.
        known: print pages that were printed before, instead of further variants.
        options: of `render`.
    """
    problem = NETWORKS[network]()
    filler, before, times = Filler(**options), BEFORE[network], TIMES[network]
    printed = [trace(drawn(problem, seed)) for seed in range(before)]
    for one in printed:
        filler.page(one)
    count = 0 if known else times * (ROUNDS + 1)
    waiting = [trace(drawn(problem, before + n)) for n in range(count)]

    def run() -> None:
        for number in range(times):
            filler.page(printed[number] if known else waiting.pop())

    return run


def loop_pages(network: str) -> Callable[[], object]:
    """A task that prints the equations of as many variants by the loop."""
    problem = NETWORKS[network]()
    traces = [trace(drawn(problem, seed), prove=False) for seed in range(TIMES[network])]
    page = by_jinja(traces[0])

    def run() -> None:
        for one in traces:
            page(one)

    return run


def tasks_of(network: str) -> dict[str, Callable[[], object]]:
    """The tasks for one network, by their names in the table."""
    found = trace(NETWORKS[network]())
    tasks: dict[str, Callable[[], object]] = {
        f"SymPy, {network}": partial(by_sympy, found),
        f"Jinja loop, {network}": loop_pages(network),
        f"render, LaTeX, {network}": partial(render, found, to="latex"),
        f"render_many, known, LaTeX, {network}": class_pages(network, known=True, to="latex"),
        f"render_many, new, LaTeX, {network}": class_pages(network, to="latex"),
        f"render_many, new, Markdown, {network}": class_pages(network),
    }
    if importlib.util.find_spec("handcalcs"):
        tasks = {f"handcalcs, {network}": by_handcalcs(found), **tasks}
    return tasks


def main() -> None:
    """Print the tables, of all networks or of those named on the command line."""
    for network in sys.argv[1:] or NETWORKS:
        tasks = tasks_of(network)
        count = len(equations(trace(NETWORKS[network](), prove=False)))
        many = ("Jinja", "render_many")
        per = {name: count * (TIMES[network] if name.startswith(many) else 1) for name in tasks}
        peers = [(peer, name) for peer in GOALS for name in tasks if name.startswith("render_many")]
        pairs = {
            (name, f"{peer}, {network}"): GOALS[peer]
            for peer, name in peers
            if f"{peer}, {network}" in tasks
        }
        title = f"Goal 6: per printed line, {count} lines a page"
        compare(title, tasks, next(iter(tasks)), ROUNDS, per=per, cpu=True, pairs=pairs)


if __name__ == "__main__":
    main()
