"""``tracer train``: many updates at full speed, everything recorded.

Takes a problem, how many updates and what to record, or a recorded run that is to go on; runs
the engine's training with a progress line, keeps the record in a run folder if one is named,
and prints the losses of some updates and the outputs after the last.  The exit code says
whether the run diverged or was interrupted.  Read by the group of commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tracer.cli.console import progress, show_table
from tracer.cli.problems import is_run, located, problem_argument
from tracer.errors import ProblemError
from tracer.files.problem import Loaded, read
from tracer.model.arrays import counted
from tracer.model.problem import Problem

if TYPE_CHECKING:
    from tracer.backprop.sinks import Sink
    from tracer.model.history import History

ENDINGS = {"diverged": 1, "interrupted": 130}
"""Exit codes of runs that did not end as they should."""
FIGURES = 6
"""Significant figures of the tables."""
_OPTIONS = (("record",), ("updates",), ("stop",), ("how",))
"""Faults that are no fault of the problem's file."""
_ROWS = 10
MOST_DIGITS = 9
"""Of the number of an update."""

_EXAMPLES = """\b
Examples:
  tracer train xor.yaml --updates 10000 -o run
  tracer train xor.yaml --print-every 4000           only the table, nothing kept
  tracer train xor.yaml --print-every 1,2,5,10,100   rows for chosen updates
  tracer train xor.yaml --record w,b,loss --every 10 -o run
  tracer train xor.yaml --stop-loss 0.01 --plateau 500
  tracer train run --updates 20000                   a run goes on, to 20000 in all
  tracer solve run --update 7312                     that update, line by line
  tracer plot run --what gradients -o gradients.svg

\b
A run is a folder of NumPy arrays (run.json says which column is what). Ctrl-C ends it and
keeps what was recorded; 'tracer train RUN' makes the rest of it, with the same numbers as
without a stop. Exit code 1 if it diverged; the record up to there is kept.
"""


def _rows(ctx: click.Context, param: click.Parameter, told: str | None) -> int | list[int] | None:
    """How often a table has a row: every so many updates, or at those of a list."""
    if told is None:
        return None
    words = [word.strip() for word in told.split(",")]
    if not all(word.isdecimal() and len(word) <= MOST_DIGITS for word in words):
        message = f"'{told}' is neither a number of updates nor a list such as 1,2,5,10,100"
        raise click.BadParameter(message, ctx, param)
    if len(words) > 1:
        return sorted({int(word) for word in words})
    if not int(words[0]):
        raise click.BadParameter("there is no row for every 0 updates", ctx, param)
    return int(words[0])


@click.command(epilog=_EXAMPLES, short_help="Make thousands of updates and record every number.")
@problem_argument
@click.option(
    "--updates",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many; else what PROBLEM says. Of a run: how many in all; else those that it lacks.",
)
@click.option(
    "--record",
    metavar="all|NAMES",
    default="all",
    show_default=True,
    help="What to keep: every line of the walkthrough, or roles and names, such as w,b,loss.",
)
@click.option(
    "--every",
    metavar="K",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Record the first of every K updates.",
)
@click.option("--stop-loss", metavar="X", type=float, help="End when the loss is at most X.")
@click.option(
    "--plateau",
    metavar="N",
    type=click.IntRange(min=1),
    help="End when the loss has not fallen by at least 0.1 % of itself for N updates.",
)
@click.option(
    "--how",
    type=click.Choice(["straight", "numpy", "columns"]),
    help="How to calculate: generated lines of Python, or NumPy; else by the network's size.",
)
@click.option(
    "--print-every",
    metavar="N|LIST",
    callback=_rows,
    help="A row of the table at the end for every N updates, or for those of a list "
    "(1,2,5,10,100); else about ten rows.",
)
@click.option(
    "-o", "--output", metavar="RUN", type=click.Path(), help="Keep the record in the folder RUN."
)
@click.option("--force", is_flag=True, help="Replace a run that is there.")
@click.pass_context
def train(ctx: click.Context, /, problem: str, **options: Any) -> int:
    """Make many updates of PROBLEM and record every number of every one.

    PROBLEM is a problem file, or the folder of a run, which then goes on where it ended. At the
    end the losses of some updates are printed as a table, those that PROBLEM only reports
    included, and the outputs after the last update.
    """
    if options["output"] == "-":
        raise click.BadParameter("a run is a folder; it cannot be written to standard output")
    if is_run(problem):
        history = _continued(ctx, problem, options)
        options["output"] = problem
    else:
        history = _made(read(problem), options)
    click.echo(history.problem.name or "Training")
    click.echo()
    _show_losses(history, options["print_every"])
    _show_outputs(history)
    kept = f"; kept in {options['output']}" if options["output"] else ""
    click.echo(f"{history.message}{kept}", err=True)
    return ENDINGS.get(history.stopped, 0)


def _made(loaded: Loaded, options: dict[str, Any]) -> History:
    """The run itself."""
    from tracer.backprop.stopping import Stop
    from tracer.backprop.training import train as run

    sink = _sink(options)
    updates = options["updates"]
    record = _record(loaded.problem, options["record"], kept=sink is not None)
    with located(loaded), progress(f"training {loaded.file.source.name}") as seen:
        try:
            stop = Stop(options["stop_loss"], options["plateau"])
            settings = (record, options["every"], stop if stop else None)
            return run(loaded.problem, updates, *settings, seen, options["how"], sink)
        except ProblemError as error:
            if error.path[:1] in _OPTIONS:
                raise click.BadParameter(str(error)) from None
            raise


def _continued(ctx: click.Context, path: str, options: dict[str, Any]) -> History:
    """A recorded run with the updates that it lacked."""
    from tracer.backprop.resuming import resume
    from tracer.backprop.stopping import Stop
    from tracer.files.continued_run import ContinuedRun

    for name in ("record", "every", "how", "output", "force"):
        if ctx.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT:
            option = "-o" if name == "output" else f"--{name}"
            raise click.UsageError(f"a run goes on as it began and where it is; leave out {option}")
    run = ContinuedRun(path)
    with progress(f"training {path}") as seen:
        try:
            stop = Stop(options["stop_loss"], options["plateau"])
            return resume(run.history, options["updates"], stop if stop else None, seen, run)
        except ProblemError as error:
            raise click.BadParameter(f"{path}: {error}") from None


def _sink(options: dict[str, Any]) -> Sink | None:
    if not options["output"]:
        return None
    from tracer.files.runs import RunFolder

    return RunFolder(options["output"], options["force"])


def _record(problem: Problem, told: str, kept: bool) -> str | list[str]:
    """What to record: as told; for the tables alone, only what they show."""
    words = [word.strip() for word in told.split(",") if word.strip()]
    if not words:
        raise click.BadParameter("there is nothing to record")
    if words != ["all"]:
        return words if "all" not in words else "all"
    if kept or problem.equations or problem.loss is None:
        return "all"
    return ["loss", f"a{len(problem.layers)}"]


def _show_losses(history: History, every: int | list[int] | None) -> None:
    """The losses of some updates, as articles print them."""
    keys = history.losses()
    if not keys or not len(history):
        return
    rows = [
        [str(row["update"]), *(f"{row[key]:.{FIGURES}g}" for key in keys)]
        for row in history.table(_chosen(history, every), keys)
    ]
    show_table(("update", *(key.removeprefix("report.") for key in keys)), rows)


def _chosen(history: History, every: int | list[int] | None) -> list[int]:
    """The updates that get a row: those of a list, or those recorded at every so many, and
    the last."""
    recorded = [int(update) for update in history.updates]
    if isinstance(every, list):
        listed = {*every}
        if missing := sorted(listed - {*recorded}):
            click.echo(f"Not recorded: {', '.join(map(str, missing))}.", err=True)
        return [update for update in recorded if update in listed] or recorded[-1:]
    every = every or _round_step(max(recorded[-1], 1) / _ROWS)
    found: list[int] = []
    wanted = 0
    for update in recorded:
        if update >= wanted:
            found.append(update)
            wanted = (update // every + 1) * every
    return found if found[-1] == recorded[-1] else [*found, recorded[-1]]


def _round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... that is at least this.

    >>> _round_step(1000), _round_step(73)
    (1000, 100)
    """
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor >= least:
                return step * factor
        step *= 10


def _show_outputs(history: History) -> None:
    """What the network gives for each sample at the end, beside its target."""
    problem = history.problem
    if not problem.layers or not len(history):
        return
    rows = list(_outputs(history))
    if not rows:
        return
    from tracer.notation import notation_of
    from tracer.rendering.printers import PRINTERS

    names = notation_of(problem).for_problem(problem)
    printer = PRINTERS["unicode"]
    click.echo()
    behind = counted(int(history.updates[-1]), "update")
    part = "" if len(rows) == problem.samples * problem.layers[-1].units else ", the last batch"
    click.echo(f"With the parameters after {behind}{part}:")
    show_table(
        ("output", "target", "value"),
        [(printer.name(names.name(key)), target, value) for key, target, value in rows],
    )


def _outputs(history: History) -> Iterator[tuple[str, str, str]]:
    """Key, target and value of each output of the last recorded row."""
    problem = history.problem
    values = history.at(int(history.updates[-1]))
    many = problem.samples > 1
    for sample in range(problem.samples):
        for unit in range(problem.layers[-1].units):
            key = f"a{len(problem.layers)}[{unit + 1}]" + (f"#{sample + 1}" if many else "")
            if key in values:
                target = problem.targets[sample][unit] if problem.targets else ""
                yield key, target, f"{values[key]:.{FIGURES}g}"
