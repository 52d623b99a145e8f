"""``tracer draw``: the network of a problem as a picture, with the numbers of a stage.

Takes a problem and how far it is to be drawn; works it through and writes SVG, TikZ, Typst
or PNG.  A step may be lit up by its key, with or without its sample.  Read by the group of
commands.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from tracer.cli.asked import shortened
from tracer.cli.output import deliver, format_of, output_options, save, stem, target
from tracer.cli.problems import (
    bracketed,
    find_key,
    located,
    notation_option,
    problem_argument,
    read_problem,
    work_through,
)
from tracer.errors import FileError, UnknownQuantity

if TYPE_CHECKING:
    from tracer.files.problem import Loaded
    from tracer.model.step import Step
    from tracer.model.trace import Trace
    from tracer.rendering.diagram import Diagram

SUFFIXES = {"svg": ".svg", "tikz": ".tex", "typst": ".typ", "png": ".png"}

_EXAMPLES = """\b
Examples:
  tracer draw problem.yaml -o network.svg               the new weights beside the old ones
  tracer draw problem.yaml --stage network -o plain.svg           names only
  tracer draw problem.yaml --stage forward --to tikz -o notes/    \\input it
  tracer draw problem.yaml --highlight delta1.1 -o step.svg       one step lit up
  tracer draw problem.yaml --highlight delta1.1 --until delta1.1 --room updated -o 9.svg
  tracer draw problem.yaml --sample 3 --notation ng -o third.png
"""


@click.command(epilog=_EXAMPLES, short_help="Draw the network with its numbers.")
@problem_argument
@click.option(
    "--to",
    type=click.Choice(list(SUFFIXES)),
    help="svg (the default), tikz (for LaTeX), typst, or png; else as the name of FILE ends.",
)
@click.option(
    "--stage",
    type=click.Choice(["network", "given", "forward", "backward", "updated"]),
    help="How far the calculation is: names only, the given numbers, with the forward pass, "
    "with the deltas, with the new weights (the default; of a step: as far as it needs).",
)
@click.option("--highlight", metavar="KEY", help="Light up a step: what it gives, and from what.")
@click.option("--until", metavar="KEY", help="Show nothing that comes after this step.")
@click.option(
    "--room",
    type=click.Choice(["network", "given", "forward", "backward", "updated"]),
    help="Leave the room of a later stage, so that pictures of a series do not move.",
)
@click.option("--sample", metavar="N", type=click.IntRange(1), help="Which sample; else the first.")
@click.option("--update", metavar="K", help="Which update; else the first.")
@notation_option
@click.option(
    "--comma/--point", default=None, help="Decimal commas, or points; else as the language has it."
)
@click.option(
    "--language",
    metavar="CODE",
    default="en",
    show_default=True,
    help="Of the captions and of the words for those who do not see it: de, es, ...",
)
@click.option("--standalone", is_flag=True, help="tikz, typst: a whole document.")
@click.option(
    "--templates",
    metavar="DIR",
    type=click.Path(file_okay=False, exists=True),
    help="Templates of yours, used before those of tracer.",
)
@output_options
def draw(problem: str, **options: Any) -> None:
    """Draw the network of PROBLEM: units as cards that carry bias, z, a and delta, weights at
    the ends of the edges, inputs, targets and the loss; equations as a graph.

    The picture describes itself in words to those who do not see it. PROBLEM is a YAML file
    (see 'tracer init'), '-' for standard input, or the folder of a run (with --update).
    """
    to = format_of(options["to"], options["output"], SUFFIXES, "svg")
    loaded = read_problem(problem, options["notation"], options["update"])
    asked = shortened(loaded.problem, options["update"] or "1")
    found = work_through(loaded, asked, prove=False)
    layout = _layout(problem, loaded, found, options)
    name = stem(problem) + "-network" + SUFFIXES[to]
    if to == "png":
        _picture(layout, name, options)
        return
    from tracer.rendering.diagram import draw as drawn

    text = drawn(layout, to, options["standalone"], options["templates"] or "")
    deliver(text, options["output"], name, options["force"])


def _layout(path: str, loaded: Loaded, found: Trace, options: dict[str, Any]) -> Diagram:
    from tracer.cli.problems import chosen_updates, is_run
    from tracer.notation import notation_of
    from tracer.rendering.diagram import diagram

    highlight, until = (
        _step(found, options[word], options["sample"]) if options[word] else ""
        for word in ("highlight", "until")
    )
    updates = max(found.problem.updates, 1)
    chosen = [1]
    if options["update"] and not is_run(path):
        chosen = chosen_updates(options["update"], updates)
    if len(chosen) > 1:
        raise click.BadParameter("one update is drawn at a time")
    with located(loaded):
        return diagram(
            found,
            options["stage"] or "",
            highlight,
            notation_of(found.problem),
            options["sample"],
            chosen[0],
            until,
            options["room"] or "",
            options["language"],
            options["comma"],
            options["templates"] or "",
        )


def _step(found: Trace, text: str, sample: int | None) -> str:
    """The key of a step; where there is one for each sample, that of the sample drawn.

    Raises:
        UnknownQuantity: naming the nearest key.
    """
    try:
        return find_key(found, text)
    except UnknownQuantity:
        for spelling in (text, *bracketed(text)):
            for step in found:
                if step.sample and sample in (None, step.sample) and _shared(step) == spelling:
                    return step.key
        raise


def _shared(step: Step) -> str:
    """The key of a step without its sample."""
    return str(replace(step.parsed, sample=None))


def _picture(layout: Diagram, name: str, options: dict[str, Any]) -> None:
    from tracer.rendering.diagram.picture import png_of

    path = target(options["output"], name)
    data = png_of(layout, templates=options["templates"] or "")
    if path is not None:
        save(path, data, options["force"])
    elif sys.stdout.isatty():
        raise FileError("a PNG is no text for a terminal; name a file with -o")
    else:
        sys.stdout.buffer.write(data)
