"""``tracer check``: a sheet of hand-calculated numbers against the right calculation.

Takes a problem and a sheet, or a sheet that names its problem; reads both, works the
problem through, and writes the checker's report in the format that is asked for.  Exit
code 1 where a mistake was found.  Read by the group of commands.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from tracer.cli.console import on_terminal
from tracer.cli.output import add_style, deliver, format_of, output_options, stem
from tracer.cli.problems import read_whole, work_through
from tracer.errors import TracerError, printable
from tracer.files.problem import Loaded

if TYPE_CHECKING:
    from tracer.files.sheets import SheetFile
    from tracer.model.answer import Marking, Sheet
    from tracer.model.trace import Trace

SUFFIXES = {"terminal": ".txt", "markdown": ".md", "latex": ".tex", "html": ".html",
            "json": ".json"}  # fmt: skip
WIDEST = 110
"""Columns of a report on a terminal; longer lines are hard to read."""

_EXAMPLES = """\b
Examples:
  tracer check mazur.yaml sheet.csv            a table 'name,value'
  tracer check sheet.yaml                      a sheet that names its problem
  tracer check mazur.yaml notes.md             lines as people write them
  tracer check problem.yaml article.txt        the calculation in an article's text
  tracer check mazur.yaml sheet.csv --to html -o report.html
  tracer sheet mazur.yaml --filled | tracer check mazur.yaml -

\b
Every number is judged by the digits that are written. The first mistake is named with
its cause, and what merely follows from it is not counted again. Exit code 0: nothing
wrong; 1: a mistake was found; 2: bad input.
"""


@dataclass(frozen=True)
class _Task:
    """What is checked against what."""

    path: str
    """The problem's file, or that of the sheet which carries it."""
    loaded: Loaded
    sheet: SheetFile


@click.command(epilog=_EXAMPLES, short_help="Check a hand calculation; name its first mistake.")
@click.argument("problem", metavar="[PROBLEM]", type=click.Path(allow_dash=True))
@click.argument("sheet", metavar="SHEET", required=False, type=click.Path(allow_dash=True))
@click.option(
    "--notation", metavar="NAME", help="Whose names the sheet uses; else as it says itself."
)
@click.option(
    "--delta",
    type=click.Choice(["t-o", "dL/dz"]),
    help="The sign of the sheet's deltas: target minus output, or the derivative's.",
)
@click.option("--skip-unknown", is_flag=True, help="Skip names that are not known, and list them.")
@click.option(
    "--to",
    type=click.Choice(list(SUFFIXES)),
    help="The format of the report; else as the name of FILE ends, or for a terminal.",
)
@click.option(
    "--flavor",
    type=click.Choice(["github", "dollar", "plain", "ascii"]),
    help="Which Markdown: GitHub's, $...$ for others, or text in Unicode or ASCII.",
)
@click.option("--standalone", is_flag=True, help="LaTeX: a whole document.")
@click.option(
    "--marking",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="What answers earn: a file with a marking scheme, instead of the problem's own.",
)
@click.option("--unread", is_flag=True, help="List the lines that hold no calculation.")
@click.option("--update", metavar="K", help="Of a run of tracer train: the update that is checked.")
@click.option(
    "--language",
    metavar="CODE",
    default="en",
    show_default=True,
    help="Of the report: de, es, ... (see 'tracer languages').",
)
@click.option(
    "--comma/--point", default=None, help="Decimal commas, or points; else as the language has."
)
@click.option(
    "--templates",
    metavar="DIR",
    type=click.Path(file_okay=False, exists=True),
    help="Templates of yours, used before those of tracer.",
)
@output_options
def check(problem: str, sheet: str | None, **options: Any) -> int:
    """Check the numbers of SHEET, worked out by hand, against the right calculation of
    PROBLEM, which may be left out if the sheet names it.

    SHEET is a table (CSV, Markdown), a list (YAML, JSON), or text: lines as people write them, in
    plain text, Markdown or LaTeX, or a whole article with a calculation in it. '-' is
    standard input.
    """
    from tracer.checking.marking import check as judged
    from tracer.notation import notation_of
    from tracer.rendering.report import render_report
    from tracer.rendering.report_formats import WIDTH

    task = _task(problem, sheet, options["update"])
    found = work_through(task.loaded, task.loaded.problem, prove=False)
    read = task.sheet.read(found, options["notation"], options["skip_unknown"], options["delta"])
    report = judged(found, read, _marking(task, found, options["marking"]))
    output = options["output"]
    to = format_of(options["to"], output, SUFFIXES, "terminal")
    on_screen = output in (None, "-") and on_terminal()
    text = render_report(
        report,
        found,
        to,
        notation=notation_of(found.problem),
        flavor=options["flavor"] or "",
        colour=on_screen and not os.environ.get("NO_COLOR"),
        width=_columns() if on_screen else WIDTH,
        language=options["language"],
        comma=options["comma"],
        templates=options["templates"],
        standalone=options["standalone"],
    )
    deliver(text, output, stem(sheet or problem) + SUFFIXES[to], options["force"])
    if to == "latex":
        add_style(output)
    if options["unread"]:
        click.echo(printable("\n".join(_unread(task.sheet, read)), kept="\n"), err=True)
    return 1 if report.first_mistake is not None else 0


def _task(problem: str, sheet: str | None, update: str | None) -> _Task:
    """The two files, or the one that says both."""
    from tracer.files.sheets import open_sheet

    if sheet is not None:
        if problem == sheet == "-":
            raise click.UsageError("only one of PROBLEM and SHEET can be standard input")
        loaded, opened = read_whole(problem, update), open_sheet(sheet)
        if _is_problem(opened):
            raise click.UsageError(f"{sheet} is a problem; which sheet is to be checked?")
        return _Task(problem, loaded, opened)
    opened = open_sheet(problem)
    if _is_problem(opened):
        raise click.UsageError("Missing argument 'SHEET'.")
    if update is not None:
        raise click.UsageError("--update needs the run: tracer check RUN SHEET --update k")
    if opened.problem() is None:
        raise click.UsageError(
            f"{opened.source.name} names no problem; say which: tracer check PROBLEM {problem}"
        )
    return _Task(problem, _carried(opened), opened)


def _is_problem(sheet: SheetFile) -> bool:
    """Whether a file is a problem's and holds no answers."""
    from tracer.files.positions import Pairs

    tree = sheet.tree
    if not isinstance(tree, Pairs) or tree.get("answers") is not None:
        return False
    return tree.get("layers") is not None or tree.get("equations") is not None


def _carried(sheet: SheetFile) -> Loaded:
    """The problem that a sheet names or carries."""
    from tracer.files.positions import Scalar
    from tracer.files.problem import read
    from tracer.files.problem_text import read_parsed

    told = sheet.header.problem
    if isinstance(told, Scalar):
        return read(sheet.folder / told.text)
    assert told is not None
    return Loaded(read_parsed(sheet.source, told, folder=sheet.folder))


def _marking(task: _Task, found: Trace, path: str | None) -> Marking | None:
    """The marking scheme: of its own file, or of the problem's."""
    from tracer.files.marking import load_marking, marking_of, unmatched

    if path is None:
        file = task.loaded.file
        scheme = marking_of(file.tree, file.source)
    else:
        scheme = load_marking(path)
    for sentence in unmatched(scheme, found) if scheme is not None else ():
        raise TracerError(sentence)
    return scheme


def _unread(file: SheetFile, sheet: Sheet) -> Iterator[str]:
    """The lines that were passed over."""
    if not sheet.unread:
        yield "every line was read"
    for number in sheet.unread:
        yield f"{file.source.name}:{number}: {file.source.line(number).strip()}"


def _columns() -> int:
    return min(shutil.get_terminal_size().columns, WIDEST)
