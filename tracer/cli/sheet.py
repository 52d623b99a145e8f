"""``tracer sheet``: an answer sheet to be filled in, or filled in rightly.

Takes a problem and which quantities, phases or updates are asked; writes a table, a list or
lines that ``tracer check`` reads.  The problem's file is named as it is found from where
the sheet will stand.  Read by the group of commands.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from tracer.cli.output import deliver, format_of, output_options, stem, target
from tracer.cli.problems import (
    chosen_updates,
    is_run,
    located,
    read_problem,
    words_asked,
    work_through,
)
from tracer.model.trace import Trace

SUFFIXES = {"csv": ".csv", "yaml": ".yaml", "text": ".txt"}

_EXAMPLES = """\b
Examples:
  tracer sheet mazur.yaml -o sheet.csv          every line of the calculation
  tracer sheet mazur.yaml --only backward --to yaml
  tracer sheet mazur.yaml --only dw1 --only loss --notation ng --to text
  tracer sheet xor.yaml --update 1              of a problem with several updates
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
@click.option(
    "--update",
    metavar="K|A..B",
    help="Which update is asked, of a problem with several or of a run of tracer train.",
)
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
    each, in the order of the worked example and in the problem's notation.
    """
    from tracer.files.sheets import sheet_template

    to = format_of(to, output, SUFFIXES, "csv")
    loaded = read_problem(problem, update=update)
    updates = max(loaded.problem.updates, 1)
    chosen = None if update is None or is_run(problem) else chosen_updates(update, updates)
    found = work_through(loaded, loaded.problem, prove=False)
    name = stem(problem) + "-sheet" + SUFFIXES[to]
    with located(loaded):
        text = sheet_template(
            found, _asked(found, only, chosen), to, notation, filled, _named(problem, output, name)
        )
    deliver(text, output, name, force)


def _asked(found: Trace, only: Sequence[str], chosen: Sequence[int] | None) -> list[str] | None:
    """The keys that are asked for, in the order of the calculation; None: every line.

    Args:
        found: the calculation.
        only: words for phases, quantities and keys; none: every line.
        chosen: of which updates, from 1; None: of all.
    """
    from tracer.rendering.selecting import selected

    words = words_asked(found, only)
    if not words and chosen is None:
        return None
    updates = range(1, max(found.problem.updates, 1) + 1) if chosen is None else chosen
    return [step.key for step in selected(found, words or None, updates)]


def _named(problem: str, output: str | None, name: str) -> str:
    """The problem's file as a sheet names it: from where the sheet will stand."""
    if problem == "-" or is_run(problem):
        return ""
    path = target(output, name)
    folder = Path() if path is None else path.parent
    return Path(os.path.relpath(problem, folder)).as_posix()
