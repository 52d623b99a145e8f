"""``tracer compare``: a framework's numbers beside the hand calculation's.

Takes a problem and either a framework to ask or a file of numbers; writes the
conventions by which they differ, as text or JSON.  Exit code 1 where they do not agree,
explained or not.  Read by the group of commands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from tracer.cli.output import deliver, format_of, output_options, stem
from tracer.cli.problems import is_run, located, problem_argument, read_problem
from tracer.model.comparison import Comparison
from tracer.model.json_text import json_text
from tracer.model.problem import Problem

FRAMEWORKS = {"torch": "PyTorch"}
_SUFFIXES = {"text": ".txt", "json": ".json"}

_EXAMPLES = """\b
Examples:
  tracer compare mazur.yaml --with torch      why PyTorch prints other numbers
  tracer compare mazur.yaml --with torch --exactly
  tracer compare mazur.yaml --numbers mine.npz
  tracer compare mazur.yaml --numbers mine.csv --to json

\b
Numbers of yours stand under keys or names of arrays: loss, dw1, db1, w1@1 (after the
update), dw1[1,2]; of a recurrent cell also PyTorch's (dlstm1.weight_ih_l0). An .npz
file: numpy.savez('mine.npz', **{'dw1': ..., 'w1@1': ...}).
Exit code 0: all agree; 1: they differ, by conventions or otherwise; 3: PyTorch is missing.
"""


@click.command(epilog=_EXAMPLES, short_help="Explain why a framework's numbers differ.")
@problem_argument
@click.option(
    "--with", "framework", type=click.Choice(list(FRAMEWORKS)), help="The framework to ask."
)
@click.option(
    "--exactly",
    is_flag=True,
    help="Let the framework do just what the problem says, instead of what it does by "
    "itself: everything must agree.",
)
@click.option(
    "--numbers",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Numbers of yours: .npz, .json or .csv (key,value).",
)
@click.option(
    "--tolerance",
    metavar="SHARE",
    type=click.FloatRange(0, 1, max_open=True),
    help="How far numbers may lie apart, as a share of their array's largest: 1e-6 for your "
    "numbers, 1e-9 for those of a framework.",
)
@click.option("--update", metavar="K", help="Of a run of tracer train: the update to compare.")
@click.option(
    "--to",
    type=click.Choice(list(_SUFFIXES)),
    help="The format: text (the default) or json; else as the name of FILE ends.",
)
@output_options
def compare(problem: str, **options: Any) -> int:
    """Hold a framework's numbers for the first update of PROBLEM against the hand
    calculation, and name the smallest set of conventions by which they differ: a half in
    the loss, a mean, transposed weights, another learning rate, ...
    """
    from tracer.backprop.comparing import compare as compared
    from tracer.cli.console import patience

    if (options["framework"] is None) == (options["numbers"] is None):
        raise click.UsageError("either --with torch or --numbers FILE")
    if options["exactly"] and options["framework"] is None:
        raise click.UsageError("--exactly tells a framework what to do; it needs --with")
    loaded = read_problem(problem, update=options["update"])
    if is_run(problem) and loaded.problem.updates > 1:
        raise click.BadParameter("one update is compared")
    with located(loaded), patience("comparing"):
        numbers, source, tolerance = _theirs(loaded.problem, options)
        if options["tolerance"] is not None:
            tolerance = options["tolerance"]
        found = compared(loaded.problem, numbers, tolerance, source)
    to = format_of(options["to"], options["output"], _SUFFIXES, "text")
    name = f"{stem(problem)}-compared{_SUFFIXES[to]}"
    deliver(_WRITERS[to](found), options["output"], name, options["force"])
    if not found.explained and options["numbers"] is not None:
        click.echo(
            f"Is it a mistake? 'tracer check {problem} SHEET' (lines name,value) says in which "
            "line it was made, and what it was.",
            err=True,
        )
    return 0 if found.agrees else 1


def _theirs(problem: Problem, options: dict[str, Any]) -> tuple[dict[str, Any], str, float]:
    """The numbers, whose they are, and how exact."""
    if options["framework"] is not None:
        from tracer.importing.torch_numbers import torch_numbers

        return torch_numbers(problem, options["exactly"]), FRAMEWORKS[options["framework"]], 1e-9
    from tracer.files.numbers import load_numbers

    path = options["numbers"]
    return load_numbers(path), "standard input" if path == "-" else path, 1e-6


def _text(found: Comparison) -> str:
    from tracer.cli.comparison_text import text

    return text(found)


def _json(found: Comparison) -> str:
    from tracer.cli.comparison_text import Words

    words = Words()
    data = asdict(found)
    for place, one in enumerate(found.conventions):
        data["conventions"][place]["sentence"] = words.convention(one)
    for listed in (data["conventions"], *data["alternatives"]):
        for convention in listed:
            convention["facts"] = dict(convention["facts"])
    for array in data["arrays"]:
        array["conventions"] = [convention["id"] for convention in array["conventions"]]
    data = {"format": 1, "agrees": found.agrees, "explained": found.explained, **data}
    return json_text(data, indent=1) + "\n"


_WRITERS: dict[str, Callable[[Comparison], str]] = {"text": _text, "json": _json}
