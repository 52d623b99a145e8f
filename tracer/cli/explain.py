"""``tracer explain``: one quantity, and every path from the loss back to it.

Takes a problem and a key; writes the rule and the numbers of that quantity, the paths with
their shares, and whether their sum agrees with backprop's own line and the matrix form.
Exit code 1 where it does not.  Read by the group of commands.
"""

from __future__ import annotations

import click

from tracer.cli.output import deliver, output_options, stem
from tracer.cli.problems import (
    find_key,
    located,
    notation_option,
    problem_argument,
    work_through,
)
from tracer.files.problem import read
from tracer.notation import notation_of

_EXAMPLES = """\b
Examples:
  tracer explain problem.yaml dw1.1.2          the gradient of a weight
  tracer explain problem.yaml 'delta1[1]'      the error of a unit
  tracer explain problem.yaml a0.2             the derivative by an input
  tracer explain problem.yaml dw1.1.2 --most 5 only the 5 largest shares

\b
A key names a quantity: z1[1], a1[1], loss, da1[1], slope1[1], delta1[1],
dw1[1,2], db1[1], w1[1,2]@1 (after one update), and #3 behind it for sample 3.
Dots may stand for the brackets, which shells take for patterns. The name that the page
prints in the problem's notation is read, too: x1, 'dC/dw_11^(2)'.
"""


@click.command(epilog=_EXAMPLES, short_help="One quantity: every path from the loss back to it.")
@problem_argument
@click.argument("key", metavar="KEY")
@notation_option
@click.option(
    "--most",
    metavar="N",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="List at most N paths, the largest shares first; all are counted and summed.",
)
@click.option(
    "--figures",
    metavar="N",
    type=click.IntRange(1, 30),
    default=6,
    show_default=True,
    help="Significant figures of the exact numbers shown.",
)
@click.option("--ascii", "plain", is_flag=True, help="Plain ASCII characters only.")
@output_options
def explain(
    problem: str,
    key: str,
    notation: str | None,
    most: int,
    figures: int,
    plain: bool,
    output: str | None,
    force: bool,
) -> int:
    """Explain one quantity of PROBLEM: its rule and its numbers, every path from the loss
    back to it with its factors and its share, and the sum of the shares beside backprop's
    own line and the matrix form.

    Exit code 1 if these do not agree.
    """
    from tracer.backprop.explaining import explain as explained
    from tracer.cli.explanation_text import text
    from tracer.rendering.formats import page_format
    from tracer.rendering.prose import Prose
    from tracer.rendering.typesetting import Typesetting

    loaded = read(problem, notation)
    found = work_through(loaded, loaded.problem)
    with located(loaded):
        told = explained(found, find_key(found, key), most)
        names = notation_of(found.problem).for_problem(found.problem)
        form = page_format("markdown", "ascii" if plain else "plain")
        setting = Typesetting(found, names, form, Prose())
        words = text(told, setting, figures)
    suffix = "".join(c if c.isalnum() else "-" for c in told.step.key).strip("-")
    deliver(words, output, f"{stem(problem)}-{suffix}.txt", force)
    return 0 if told.agrees else 1
