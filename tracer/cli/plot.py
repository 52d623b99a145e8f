"""``tracer plot``: a recorded run as a picture, or as numbers.

Takes the folder of a run and what is to be shown of it (losses, norms of gradients,
weights, keys); writes SVG, pgfplots, Typst or CSV.  What was not recorded but can be worked
out again is completed by `series`.  Read by the group of commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from tracer.cli.output import deliver, format_of, output_options, stem
from tracer.cli.problems import folder_of_run
from tracer.cli.series import WORDS, completed, series_of

if TYPE_CHECKING:
    from tracer.model.history import History
    from tracer.notation import Names
    from tracer.rendering.plots import Figure

SUFFIXES = {"svg": ".svg", "pgfplots": ".tex", "typst": ".typ", "csv": ".csv"}

_EXAMPLES = """\b
Examples:
  tracer plot run -o loss.svg
  tracer plot run --what gradients -o gradients.svg
  tracer plot run --what w1,b1 --log-updates -o weights.svg
  tracer plot run --what 'a2[1]#1,a2[1]#4' --to pgfplots -o outputs.tex
  tracer plot run --what weights --to csv | head
"""


@click.command(epilog=_EXAMPLES, short_help="Plot a recorded run: loss, gradients, weights.")
@click.argument("run", metavar="RUN", type=click.Path())
@click.option(
    "--what",
    metavar="WORDS",
    multiple=True,
    help="loss (with the report losses; the default), gradients (the norm of each parameter's "
    "gradient), weights (all that is learnt), or keys: w1.1.2, w1, delta2. May be repeated.",
)
@click.option(
    "--to",
    type=click.Choice(list(SUFFIXES)),
    help="svg (the default), pgfplots (for LaTeX), typst, or csv; else as FILE ends.",
)
@click.option(
    "--log/--linear", default=None, help="Values by their logarithm; the default for gradients."
)
@click.option("--log-updates", is_flag=True, help="Updates by their logarithm.")
@click.option("--from", "first", metavar="K", type=click.IntRange(0), help="From this update on.")
@click.option("--until", metavar="K", type=click.IntRange(0), help="Up to this update.")
@click.option("--title", metavar="TEXT", help="Instead of the problem's name.")
@click.option("--notation", metavar="NAME", help="Whose letters; else the problem's.")
@click.option("--language", metavar="CODE", default="en", help="Of the words: en, de, es, ...")
@click.option("--comma/--point", default=None, help="Decimal commas, or points; else as CODE.")
@click.option("--templates", metavar="DIR", type=click.Path(file_okay=False, exists=True),
              help="Templates of yours, searched first.")  # fmt: skip
@click.option("--standalone", is_flag=True, help="pgfplots and typst: a whole document.")
@output_options
def plot(
    run: str,
    what: tuple[str, ...],
    to: str | None,
    log: bool | None,
    log_updates: bool,
    first: int | None,
    until: int | None,
    title: str | None,
    notation: str | None,
    language: str,
    comma: bool | None,
    templates: str | None,
    standalone: bool,
    output: str | None,
    force: bool,
) -> None:
    """Plot what 'tracer train' recorded in the folder RUN, over the updates: an SVG picture
    that suits light and dark pages, a picture for LaTeX or Typst, or a table of the numbers.
    """
    from tracer.files.runs import open_run
    from tracer.notation import load_notation, notation_of
    from tracer.rendering.languages import language_named
    from tracer.rendering.plots import csv_text, pgfplots_text, svg_text, typst_text

    to = format_of(to, output, SUFFIXES, "svg")
    words = [word for text in what for word in _words(text)] or ["loss"]
    history = _part(completed(open_run(run), words), first, until)
    problem = history.problem
    book = (
        load_notation(notation, folder_of_run(run, notation)) if notation else notation_of(problem)
    )
    figure = replace(
        _figure(history, words, book.for_problem(problem), log, log_updates, title),
        language=language,
        comma=language_named(language, templates or "").comma if comma is None else comma,
        templates=templates or "",
    )
    if to == "csv":
        text = csv_text(figure)
    elif to == "pgfplots":
        text = pgfplots_text(figure, standalone, figure.templates)
    elif to == "typst":
        text = typst_text(figure, standalone, figure.templates)
    else:
        text = svg_text(figure, figure.templates)
    name = stem(run.rstrip("/\\")) + "-" + "-".join(_plain(word) for word in words[:3])
    deliver(text, output, name + SUFFIXES[to], force)


def _plain(word: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in word).strip("-")


def _words(text: str) -> list[str]:
    """Words between commas; a comma inside brackets parts nothing."""
    from tracer.cli.problems import COMMA

    return [word.strip() for word in COMMA.split(text) if word.strip()]


def _part(history: History, first: int | None, until: int | None) -> History:
    """The rows of some updates."""
    updates = history.updates
    if first is None and until is None:
        return history
    start = int(updates.searchsorted(first or 0))
    stop = len(updates) if until is None else int(updates.searchsorted(until, "right"))
    if start >= stop:
        asked = f"up to {until}" if first is None else f"from {first} on"
        asked = asked if first is None or until is None else f"from {first} to {until}"
        there = f"it has those from {int(updates[0])} to {int(updates[-1])}"
        raise click.BadParameter(f"this run has recorded no update {asked}; {there}")
    return history[start:stop]


def _figure(
    history: History,
    words: Sequence[str],
    names: Names,
    log: bool | None,
    log_updates: bool,
    title: str | None,
) -> Figure:
    from tracer.rendering.plots import Figure

    if log is None:
        log = words == ["gradients"]
    series = tuple(
        {one.key: one for word in words for one in series_of(history, word, names)}.values()
    )
    return Figure(
        history.problem.name if title is None else title,
        [float(update) for update in history.updates],
        series,
        "updates",
        words[0] if len(words) == 1 and words[0] in WORDS else "",
        log,
        log_updates,
    )
