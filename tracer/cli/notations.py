"""``tracer notations``: list the textbooks' notations, show one, compare two.

Three commands on the notation room: the list, the file of one as a start for another, and
a problem's quantities with their names in two notations side by side.  Read by the group
of commands.
"""

from __future__ import annotations

import click

from tracer.cli.console import show_table
from tracer.cli.output import emit
from tracer.cli.problems import located, problem_argument, work_through
from tracer.errors import TracerError, suggestion

_EXAMPLES = """\b
Examples:
  tracer notations list
  tracer notations show mazur > mine.yaml      to change it; then: notation: mine.yaml
  tracer notations dictionary mazur ng problem.yaml
"""


@click.group(epilog=_EXAMPLES, short_help="Textbooks' notations: list, show, compare.")
def notations() -> None:
    """The notations of textbooks: their letters, indices and conventions."""


@notations.command("list", short_help="The notations there are.")
def list_them() -> None:
    """List every notation that comes with tracer."""
    from tracer.notation import list_notations

    show_table(("name", "title"), list_notations())


@notations.command(short_help="The file of a notation.")
@click.argument("name")
def show(name: str) -> None:
    """Print the file of the notation NAME: a start for a notation of your own."""
    from tracer.notation import list_notations
    from tracer.notation.loading import TEXTBOOKS

    known = [known for known, _ in list_notations()]
    if name not in known:
        hint = suggestion(name, known) or f"; there are {', '.join(known)}"
        raise TracerError(f"there is no notation '{name}'{hint}")
    emit((TEXTBOOKS / f"{name}.yaml").read_text(encoding="utf-8"))


@notations.command(short_help="The names of every quantity in two notations.")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@problem_argument
@click.option("--ascii", "plain", is_flag=True, help="Plain ASCII characters only.")
def dictionary(first: str, second: str, problem: str, plain: bool) -> None:
    """Print the two names of every quantity of PROBLEM side by side, in the notations A
    and B.
    """
    from pathlib import Path

    from tracer.files.problem import read
    from tracer.notation import dictionary as pairs
    from tracer.notation import load_notation
    from tracer.rendering.printers import PRINTERS

    loaded = read(problem)
    found = work_through(loaded, loaded.problem, prove=False)
    folder = Path() if problem == "-" else Path(problem).parent
    printer = PRINTERS["ascii" if plain else "unicode"]
    left_book, right_book = load_notation(first, folder), load_notation(second, folder)
    with located(loaded):
        keys = [step.key for step in found if step.shown]
        rows = [
            (key, printer.name(left), printer.name(right))
            for key, left, right in pairs(left_book, right_book, found.problem, keys)
        ]
    show_table(("key", first, second), rows)
