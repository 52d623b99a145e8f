"""Goals 1 and 2: how long a plain start and a whole small walkthrough take as processes.

Run with ``python -m tests.benchmarks.startup``; needs handcalcs (a peer that prints
formula, numbers and result of a Python calculation).
"""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

from tests.benchmarks.paired import PYTHON, compare, process
from tracer.backprop.tracing import trace
from tracer.files.problem import load
from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol, substitute
from tracer.formula.writing import write

MAZUR = Path(__file__).parents[2] / "examples" / "mazur.yaml"
TRACER = [PYTHON, "-c", "from tracer.cli.main import main; main()"]


def same_equations() -> str:
    """The walkthrough's equations as a Python program for the peer."""
    found = trace(load(str(MAZUR)))
    lines = ["from math import exp"]
    for step in found:
        if (step.shown and step.update == 0) or step.rule == "given":
            formula = substitute(step.expanded or step.formula, _named)
            lines.append(f"{_plain(step.key)} = {write(formula)}")
    return "\n".join(lines[1:])


def _named(symbol: Symbol) -> Node:
    return Symbol(_plain(symbol.name))


def _plain(key: str) -> str:
    parsed = Key.parse(key)
    return "_".join([parsed.name.replace(".", "_"), *map(str, parsed.indices)])


PEER = """
from math import exp
from handcalcs.handcalcs import LatexRenderer
source = open({path!r}).read()
names = {{"exp": exp}}
exec(source, names)
line_args = {{"override": "", "precision": 5, "sci_not": False}}
print(LatexRenderer(source, names, line_args).render())
"""


def main() -> None:
    """Print the two tables."""
    compare(
        "Goal 1: a plain start",
        {
            "python -c pass": process([PYTHON, "-c", "pass"]),
            "tracer --version": process([*TRACER, "--version"]),
            "tracer --help": process([*TRACER, "--help"]),
        },
        "python -c pass",
        goals={"tracer --version": 5},
    )
    if importlib.util.find_spec("handcalcs") is None:
        print("\nGoal 2 needs its peer: pip install handcalcs")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "equations.py"
        path.write_text(same_equations(), encoding="utf-8")
        compare(
            "Goal 2: a whole walkthrough as a process",
            {
                "handcalcs, the same equations": process(
                    [PYTHON, "-c", PEER.format(path=str(path))]
                ),
                "tracer solve, LaTeX": process([*TRACER, "solve", str(MAZUR), "--to", "latex"]),
                "tracer solve, Markdown": process([*TRACER, "solve", str(MAZUR)]),
            },
            "handcalcs, the same equations",
            goals={"tracer solve, LaTeX": 0.8, "tracer solve, Markdown": 0.8},
        )


if __name__ == "__main__":
    main()
