"""``tracer plot``: a recorded run as a picture, or as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracer.cli.output import deliver, output_options, stem
from tracer.cli.problems import bracketed, notation_of
from tracer.errors import FormulaError, ProblemError, TracerError, UnknownQuantity, suggestion

if TYPE_CHECKING:
    from tracer.model.history import Array, History
    from tracer.notation import Names
    from tracer.rendering.plots import Figure, Series

SUFFIXES = {"svg": ".svg", "pgfplots": ".tex", "csv": ".csv"}

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
    help="svg (the default), pgfplots (for LaTeX), or csv; else as the name of FILE ends.",
)
@click.option(
    "--log/--linear", default=None, help="Values by their logarithm; the default for gradients."
)
@click.option("--log-updates", is_flag=True, help="Updates by their logarithm.")
@click.option("--from", "first", metavar="K", type=click.IntRange(0), help="From this update on.")
@click.option("--until", metavar="K", type=click.IntRange(0), help="Up to this update.")
@click.option("--title", metavar="TEXT", help="Instead of the problem's name.")
@click.option("--notation", metavar="NAME", help="Whose letters; else the problem's.")
@click.option("--standalone", is_flag=True, help="pgfplots: a whole document.")
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
    standalone: bool,
    output: str | None,
    force: bool,
) -> None:
    """Plot what 'tracer train' recorded in the folder RUN, over the updates: an SVG picture
    that suits light and dark pages, a picture for LaTeX, or a table of the numbers.
    """
    from tracer.files.runs import open_run
    from tracer.notation import load_notation
    from tracer.rendering.plots import csv_text, pgfplots_text, svg_text

    to = to or _by_ending(output)
    words = [word for text in what for word in _words(text)] or ["loss"]
    history = _part(_complete(open_run(run), words), first, until)
    problem = history.problem
    book = load_notation(notation) if notation else notation_of(run, problem)
    figure = _figure(history, words, book.for_problem(problem), log, log_updates, title)
    if to == "csv":
        text = csv_text(figure)
    elif to == "pgfplots":
        text = pgfplots_text(figure, standalone)
    else:
        text = svg_text(figure)
    name = stem(run.rstrip("/\\")) + "-" + "-".join(_plain(word) for word in words[:3])
    deliver(text, output, name + SUFFIXES[to], force)


def _by_ending(output: str | None) -> str:
    endings = {ending: to for to, ending in SUFFIXES.items()}
    return endings.get(Path(output or "").suffix.lower(), "svg")


def _plain(word: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in word).strip("-")


def _words(text: str) -> list[str]:
    """Words between commas; a comma inside brackets parts nothing."""
    from tracer.cli.problems import COMMA

    return [word.strip() for word in COMMA.split(text) if word.strip()]


def _complete(history: History, words: Sequence[str]) -> History:
    """The run with what the words mean; calculated again where it was not recorded.

    The same updates in the same form give the same numbers to the last bit.
    """
    from tracer.backprop.training import train
    from tracer.cli.console import progress
    from tracer.formula.keys import Key

    recorded = {Key.parse(key).name for key in (*history.keys(), *history.layout.constants)}
    missing = [name for name in _names(history, words) if name not in recorded]
    if not missing or not history.last:
        return history
    wanted = [*dict.fromkeys(Key.parse(key).name for key in history), *missing]
    with progress("calculating what was not recorded") as seen:
        try:
            return train(history.problem, history.last, wanted, history.every, None, seen,
                         history.form or None)  # fmt: skip
        except ProblemError:
            return history  # the name means nothing; whoever looks for it says so


def _names(history: History, words: Sequence[str]) -> Iterator[str]:
    """The names of the quantities that some words need."""
    from tracer.formula.keys import Key

    learnt = dict.fromkeys(Key.parse(key).name for key in history.layout.learnt)
    for word in words:
        if word == "gradients":
            yield from (f"d{name}" for name in learnt)
        elif word == "loss" and history.layout.loss:
            yield history.layout.loss
        elif word not in _WORDS:
            said = history.problem.names.get(word, word)
            try:
                yield Key.parse(next(iter(bracketed(said)), said)).name
            except FormulaError:
                yield said


def _part(history: History, first: int | None, until: int | None) -> History:
    """The rows of some updates."""
    updates = history.updates
    if first is None and until is None:
        return history
    start = int(updates.searchsorted(first or 0))
    stop = len(updates) if until is None else int(updates.searchsorted(until, "right"))
    if start >= stop:
        raise click.BadParameter(f"this run has recorded no update from {first or 0} to {until}")
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
        {one.key: one for word in words for one in _series(history, word, names)}.values()
    )
    called = {"loss": "loss", "gradients": "norm of the gradient", "weights": "weights and biases"}
    return Figure(
        history.problem.name if title is None else title,
        [float(update) for update in history.updates],
        series,
        "updates",
        called.get(words[0], "") if len(words) == 1 else "",
        log,
        log_updates,
    )


def _series(history: History, word: str, names: Names) -> Iterator[Series]:
    """The series that a word asks for."""
    if word in _WORDS:
        yield from _WORDS[word](history, names)
        return
    for key in _keys(history, word):
        yield _named(history.column(key), key, names)


def _losses(history: History, names: Names) -> Iterator[Series]:
    from tracer.rendering.plots import Series

    keys = history.losses()
    if not keys:
        raise UnknownQuantity("this run did not record its loss")
    for key in keys:
        label = key.removeprefix("report.")
        yield Series(key, label, history.column(key).tolist(), group="loss")


def _gradients(history: History, names: Names) -> Iterator[Series]:
    from tracer.rendering.plots import Series
    from tracer.rendering.printers import PRINTERS

    for name, norms in history.gradient_norms().items():
        shown = names.array(name)
        unicode, latex = (PRINTERS[form].name(shown) for form in ("unicode", "latex"))
        yield Series(f"|d{name}|", f"‖∇{unicode}‖", norms.tolist(),
                     rf"$\lVert\nabla {latex}\rVert$", name)  # fmt: skip


def _weights(history: History, names: Names) -> Iterator[Series]:
    for key in history.layout.learnt:
        yield _named(history.column(key), key, names)


_WORDS: dict[str, Callable[[History, Names], Iterator[Series]]] = {
    "loss": _losses,
    "gradients": _gradients,
    "weights": _weights,
}


def _named(values: Array, key: str, names: Names) -> Series:
    """One quantity with its name in the notation."""
    from tracer.formula.keys import Key
    from tracer.rendering.plots import Series
    from tracer.rendering.printers import PRINTERS

    try:
        shown = names.name(key)
        label = PRINTERS["unicode"].name(shown)
        latex = f"${PRINTERS['latex'].name(shown)}$"
    except TracerError:  # what no notation names
        label, latex = key, ""
    return Series(key, label, values.tolist(), latex, Key.parse(key).name)


def _keys(history: History, word: str) -> list[str]:
    """The recorded keys that a word means: one key, or all of an array."""
    from tracer.formula.keys import Key

    known = [*history.keys(), *history.layout.constants]
    for spelling in (word, history.problem.names.get(word, word), *bracketed(word)):
        if spelling in known:
            return [spelling]
    found = [key for key in known if Key.parse(key).name == word]
    if not found:
        names = {Key.parse(key).name for key in known}
        hint = suggestion(word, [*_WORDS, *names, *known])
        raise UnknownQuantity(f"this run did not record '{word}'{hint}")
    return found
