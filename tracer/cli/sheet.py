"""``tracer sheet``: an answer sheet to be filled in, or filled in rightly."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from tracer.cli.output import deliver, format_of, output_options, stem, target
from tracer.cli.problems import is_run, located, read_whole, words_asked, work_through
from tracer.model.trace import Trace

SUFFIXES = {"csv": ".csv", "yaml": ".yaml", "text": ".txt"}

_EXAMPLES = """\b
Examples:
  tracer sheet mazur.yaml -o sheet.csv          every line of the calculation
  tracer sheet mazur.yaml --only backward --to yaml
  tracer sheet mazur.yaml --only dw1 --only loss --notation ng --to text
  tracer sheet mazur.yaml --filled | tracer check mazur.yaml -

\b
Filled in by hand, it is checked with: tracer check PROBLEM SHEET
"""


@click.command(epilog=_EXAMPLES, short_help="Write an answer sheet to fill in.")
@click.argument("problem", metavar="PROBLEM", type=click.Path(allow_dash=True))
@click.option(
    "--to",
    type=click.Choice(list(SUFFIXES)),
    help="A table (csv, the default), a list, or lines 'name ='; else as the name of FILE ends.",
)
@click.option(
    "--only",
    metavar="KEYS|PHASE",
    multiple=True,
    help="Only these quantities (dw1.1.2, delta1) or phases (forward, loss, backward, "
    "gradient, update); may be repeated.",
)
@click.option("--filled", is_flag=True, help="With the numbers that the solution prints.")
@click.option("--notation", metavar="NAME", help="Whose names; else the problem's.")
@click.option("--update", metavar="K", help="Of a run of tracer train: the update that is asked.")
@output_options
def sheet(
    problem: str,
    to: str | None,
    only: tuple[str, ...],
    filled: bool,
    notation: str | None,
    update: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Write an empty answer sheet for the quantities of PROBLEM that are asked, one line
    each, in the order of the calculation and in the problem's notation.
    """
    from tracer.files.sheets import sheet_template

    to = format_of(to, output, SUFFIXES, "csv")
    loaded = read_whole(problem, update)
    found = work_through(loaded, loaded.problem, prove=False)
    name = stem(problem) + "-sheet" + SUFFIXES[to]
    with located(loaded):
        text = sheet_template(
            found, _asked(found, only), to, notation, filled, _named(problem, output, name)
        )
    deliver(text, output, name, force)


def _asked(found: Trace, only: Sequence[str]) -> list[str] | None:
    """The keys that are asked for, in the order of the calculation; None: every line."""
    from tracer.rendering.selecting import selected

    words = words_asked(found, only)
    if not words:
        return None
    updates = range(1, max(found.problem.updates, 1) + 1)
    return [step.key for step in selected(found, words, updates)]


def _named(problem: str, output: str | None, name: str) -> str:
    """The problem's file as a sheet names it: from where the sheet will stand."""
    if problem == "-" or is_run(problem):
        return ""
    path = target(output, name)
    folder = Path() if path is None else path.parent
    return Path(os.path.relpath(problem, folder)).as_posix()
