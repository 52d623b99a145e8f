"""``tracer solve``: a problem file in, the whole worked example out.

Takes a problem and how the page is to look; refuses what is too large before anything is
calculated, works the problem through, and writes the page, the trace as JSON, or one
quantity composed of the given ones.  A trace that is read back is worked through again and
compared.  Read by the group of commands.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tracer.cli.amount import MOST_LINES, refuse_too_many_lines
from tracer.cli.asked import as_asked, shortened
from tracer.cli.console import on_terminal
from tracer.cli.documents import (
    check_document_options,
    deliver_page,
    document_options,
    format_asked,
)
from tracer.cli.memory import refuse_too_much_work
from tracer.cli.output import output_options
from tracer.cli.problems import (
    chosen_updates,
    find_key,
    is_run,
    located,
    notation_option,
    read_problem,
    words_asked,
    work_through,
)
from tracer.errors import ProofFailed
from tracer.files.problem import Loaded
from tracer.model.problem import Problem
from tracer.model.trace import Trace
from tracer.notation import notation_of

if TYPE_CHECKING:
    from tracer.backprop.passes import Pass

LETTERS = "*"
"""What ``--symbolic`` holds when no key follows it."""

_EXAMPLES = """\b
Examples:
  tracer solve problem.yaml                      text on a terminal
  tracer solve problem.yaml -o page.md           Markdown for GitHub
  tracer solve problem.yaml -o page.html         steps, practice, no network
  tracer solve problem.yaml -o page.pdf          no TeX needed
  tracer solve problem.yaml --document beamer --compile -o slides.tex
  tracer solve problem.yaml -o page.ipynb
  tracer solve problem.yaml --diagram -o page.md     the network in page-network.svg
  tracer solve problem.yaml --notation ng --form both --detail full
  tracer solve problem.yaml --figures 3 --policy shown
  tracer solve problem.yaml --only backward --only dw1.1.2
  tracer solve problem.yaml --update 2..4        of a problem with many updates
  tracer solve run --update 7312                 of a run that tracer train recorded
  tracer solve problem.yaml --to json | tracer solve -
  tracer solve problem.yaml --symbolic dw1.1.2   composed in terms of the givens
"""


_PASSED_ON = (
    *("detail", "form", "comma", "language", "templates", "prefix", "standalone"),
    *("answers", "frames", "lines", "fold", "exercise"),
)
"""The options that `render` takes as they are."""


@click.command(epilog=_EXAMPLES, short_help="Work a problem through and print every step.")
@click.argument("problem", metavar="PROBLEM", required=False, type=click.Path(allow_dash=True))
@click.option(
    "--to",
    type=click.Choice(["markdown", "html", "latex", "typst", "pdf", "ipynb", "json"]),
    help="The format; else as the name of FILE ends, or markdown.",
)
@click.option(
    "--flavor",
    type=click.Choice(["github", "dollar", "obsidian", "quarto", "myst", "plain", "ascii"]),
    help="Which Markdown: GitHub's, $...$ for others (Jupyter, pandoc; Obsidian, Quarto and MyST "
    "fold in their own way), or text in Unicode or ASCII; else plain on a terminal and in a .txt, "
    "and github in another file or a pipe.",
)
@click.option("--fold", is_flag=True, help="Markdown: the steps of each section fold away.")
@click.option(
    "--exercise",
    is_flag=True,
    help="Markdown: the given numbers as an exercise, then its solution; PDF, HTML and "
    "LaTeX: a sheet with blanks (--answers: its key, not in HTML).",
)
@notation_option
@click.option(
    "--detail",
    type=click.Choice(["brief", "standard", "full"]),
    default="standard",
    show_default=True,
    help="brief: no numbers in the formulas; full: the chain rule factor by factor.",
)
@click.option(
    "--form",
    type=click.Choice(["scalar", "matrix", "both"]),
    default="scalar",
    show_default=True,
    help="Unit by unit, as matrices, or both.",
)
@click.option(
    "--update", "update", metavar="K|A..B|all", help="Which updates; else the first and the last."
)
@click.option(
    "--only",
    metavar="KEYS|PHASE",
    multiple=True,
    help="Only these quantities (dw1.1.2, delta1) or phases (forward, loss, backward with its "
    "gradients, gradient, update); may be repeated.",
)
@click.option("--figures", metavar="N", type=click.IntRange(1, 50), help="Significant figures.")
@click.option("--places", metavar="N", type=click.IntRange(0, 50), help="Decimal places.")
@click.option(
    "--policy",
    type=click.Choice(["carried", "shown", "exact"]),
    help="Carry rounded numbers on as by hand, round in print only, or not at all.",
)
@click.option(
    "--symbolic",
    metavar="[KEY]",
    is_flag=False,
    flag_value=LETTERS,
    help="One quantity composed of the given ones alone; without KEY the whole derivation "
    "in letters.",
)
@click.option(
    "--diagram",
    is_flag=True,
    help="Put a drawing of the network at the top: in Markdown an SVG file beside FILE, in a "
    "LaTeX fragment TikZ (documents and PDFs have one anyway).",
)
@click.option("--standalone", is_flag=True, help="The same as --document article.")
@document_options
@click.option("--prefix", default="", metavar="TEXT", help="LaTeX: before every label.")
@click.option(
    "--language",
    metavar="CODE",
    default="en",
    show_default=True,
    help="Of the sentences: de, es, ... (see 'tracer languages').",
)
@click.option(
    "--comma/--point", default=None, help="Decimal commas, or points; else as the language has it."
)
@click.option(
    "--templates",
    metavar="DIR",
    type=click.Path(file_okay=False, exists=True),
    help="Templates of yours, used before those of tracer.",
)
@click.option("--all-lines", is_flag=True, help=f"Print even more than {MOST_LINES:,} lines.")
@output_options
def solve(problem: str | None, **options: Any) -> None:
    """Work PROBLEM through and print every step: the forward pass, the loss, every
    gradient and every updated parameter, and whether it helped.

    PROBLEM is a YAML file (see 'tracer init'), '-' for standard input, a trace that was
    written with --to json (that is worked through again and compared), or the folder of a
    run (with --update).
    """
    symbolic: str | None = options["symbolic"]
    if problem is None and symbolic not in (None, LETTERS):  # --symbolic PROBLEM
        problem, symbolic = symbolic, LETTERS
    options["problem"] = problem
    if problem is None:
        raise click.UsageError("Missing argument 'PROBLEM'.")
    if options["figures"] is not None and options["places"] is not None:
        raise click.UsageError("either --figures or --places")
    options["to"] = format_asked(options)
    check_document_options(options)
    loaded = read_problem(problem, options["notation"], options["update"])
    if is_run(problem):
        options["update"] = None if options["to"] == "json" else "all"
    asked = as_asked(loaded.problem, options, symbolic == LETTERS)
    if asked.rounding.policy == "exact" and (options["figures"] or options["places"] is not None):
        raise click.UsageError(
            "the policy 'exact' rounds nothing; with --figures or --places say --policy carried "
            "or --policy shown"
        )
    if loaded.recorded is None:
        asked = shortened(asked, options["update"])
    page = options["to"] != "json" and symbolic in (None, LETTERS)
    found = work_through(loaded, asked, limit=partial(_refuse, asked, options, page))
    if loaded.recorded is not None and asked == loaded.problem and not options["notation"]:
        _compare(loaded, found)
    if symbolic not in (None, LETTERS):
        text = _composed(found, symbolic or "", options)
    else:
        with located(loaded):
            text = _text(found, options)
    deliver_page(text, problem, options)


def _refuse(asked: Problem, options: dict[str, Any], page: bool, passes: list[Pass]) -> None:
    """Refuse what is too large to print or to work out, before anything is calculated."""
    if options["all_lines"]:
        return
    if page:
        refuse_too_many_lines(asked, passes, options["only"], options["update"])
    refuse_too_much_work(passes, "; --all-lines works them out all the same")


def _compare(loaded: Loaded, found: Trace) -> None:
    """Hold the steps of a trace file against the ones just worked out."""
    difference = loaded.recorded.disagreement(found) if loaded.recorded else ""
    if difference:
        raise ProofFailed(f"{loaded.file.source.name}: {difference}")


def _text(found: Trace, options: dict[str, Any]) -> str:
    if options["to"] == "json":
        if options["only"] or options["update"]:
            raise click.UsageError("--only and --update choose what is printed; JSON holds all")
        from tracer.files.trace_json import to_json

        return to_json(found)
    from tracer.files.writing import dump
    from tracer.rendering.page import render

    updates = options["update"]
    rendered = render(
        found,
        "typst" if options["to"] == "pdf" else options["to"],
        flavor=options["flavor"] or _usual_flavor(options),
        notation=notation_of(found.problem),
        only=words_asked(found, options["only"]) or None,
        updates=updates and chosen_updates(updates, max(found.problem.updates, 1)),
        document=options["document"] or "",
        diagram=_drawing(found, options),
        source=dump(found.problem) if options["to"] == "ipynb" else "",
        **{name: options[name] for name in _PASSED_ON},
    )
    return rendered.text


def _drawing(found: Trace, options: dict[str, Any]) -> str:
    """What stands at the top of the page, if a drawing is wanted."""
    if not options["diagram"]:
        return ""
    from tracer.cli.illustrating import illustration

    return illustration(found, options, options["flavor"] or _usual_flavor(options))


def _composed(found: Trace, key: str, options: dict[str, Any]) -> str:
    if options["to"] not in ("markdown", "latex", "json"):
        raise click.UsageError("--symbolic KEY is one formula: --to markdown, latex or json")
    from tracer.cli.composed import composed

    names = notation_of(found.problem).for_problem(found.problem)
    return composed(
        found,
        find_key(found, key),
        names,
        options["to"],
        options["flavor"] or _usual_flavor(options),
    )


def _usual_flavor(options: dict[str, Any]) -> str:
    """Text for a person at a terminal that can show it, or in a .txt; else GitHub's Markdown."""
    if str(options["output"]).lower().endswith(".txt"):
        return "plain"
    if options["output"] not in (None, "-") or not on_terminal():
        return "github"
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return "plain" if encoding == "utf8" else "ascii"
