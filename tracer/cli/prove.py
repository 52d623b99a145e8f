"""``tracer prove``: every gradient beside independent calculations of the same number.

Takes a problem; writes how many comparisons each method made and the worst difference, or
every one of them.  A disagreement is an error that names the quantity, with exit code 1.
Read by the group of commands.
"""

from __future__ import annotations

import click

from tracer.cli.console import patience, show_table
from tracer.cli.problems import located, problem_argument, work_through
from tracer.errors import ProofFailed
from tracer.files.problem import read
from tracer.model.trace import Agreement, Trace

_SMALLEST = 1e-15
"""Smaller relative differences are below what is compared with."""

_EXAMPLES = """\b
Examples:
  tracer prove problem.yaml          how many comparisons, and the worst difference
  tracer prove problem.yaml --all    each of them
"""


@click.command(epilog=_EXAMPLES, short_help="Hold every gradient against other calculations.")
@problem_argument
@click.option("--all", "each", is_flag=True, help="List every comparison.")
def prove(problem: str, each: bool) -> int:
    """Prove the gradients of PROBLEM: every parameter's by central differences, for small
    networks by SymPy's derivative of the whole composed loss too, and every local slope.

    Exit code 1, naming the quantity, if two calculations disagree.
    """
    from tracer.backprop.proving import CENTRAL
    from tracer.backprop.proving import prove as proven

    loaded = read(problem)
    found = work_through(loaded, loaded.problem, prove=False)
    with located(loaded), patience("comparing"):
        results = proven(found)
    whole = [result for result in results if result.method == CENTRAL]
    if not whole:
        click.echo(_nothing(found))
    if not results:
        return 0
    if each:
        show_table(
            ("quantity", "chain rule", "independent", "difference", "method"),
            [
                (r.subject, f"{r.derived:.12g}", f"{r.independent:.12g}", _relative(r), r.method)
                for r in results
            ],
        )
    else:
        show_table(
            ("method", "comparisons", "disagree", "worst relative difference"), _sums(results)
        )
    wrong = [result for result in results if not result.agrees]
    if wrong:
        raise ProofFailed("\n".join(map(_told, wrong)))
    return 0


def _nothing(found: Trace) -> str:
    """Why no gradient was compared."""
    if any(step.phase in ("backward", "gradient") for step in found):
        kinks = [step.key for step in found for remark in step.remarks if remark.kind == "kink"]
        where = f" ({', '.join(dict.fromkeys(kinks))})" if kinks else ""
        return (
            "No gradient was compared: a function stands at its kink, where no derivative "
            f"exists{where}."
        )
    return "There is nothing to prove: this problem derives no gradient."


def _sums(results: list[Agreement]) -> list[tuple[str, str, str, str]]:
    """One row for each method."""
    rows = []
    for method in dict.fromkeys(result.method for result in results):
        own = [result for result in results if result.method == method]
        worst = max(own, key=_difference)
        disagree = sum(not result.agrees for result in own)
        rows.append((method, str(len(own)), str(disagree), _relative(worst)))
    return rows


def _difference(result: Agreement) -> float:
    """The difference, relative to the larger of the two numbers."""
    size = max(abs(result.derived), abs(result.independent))
    return abs(result.derived - result.independent) / size if size else 0.0


def _relative(result: Agreement) -> str:
    """The difference; what machine numbers cannot tell apart is not called 0."""
    difference = _difference(result)
    return "below 1e-15" if difference < _SMALLEST else f"{difference:.1e}"


def _told(result: Agreement) -> str:
    return (
        f"{result.subject}: the chain rule gives {result.derived:.12g}, "
        f"the {result.method} {result.independent:.12g}"
    )
