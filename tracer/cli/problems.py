"""From a command's PROBLEM to a problem and its trace, with errors in their place.

Takes what a person types: a file, standard input or a recorded run, an update or a range of
them, a key with dots for brackets.  Gives the problem as read, its trace, and keys as the
trace has them; errors found after reading get file, line and column.  Read by the commands
that take a problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracer.cli.absent import why_absent
from tracer.errors import (
    CalculationError,
    ProblemError,
    TracerError,
    UnknownQuantity,
    suggestion,
)
from tracer.files.problem import Loaded, read
from tracer.model.problem import Problem
from tracer.model.trace import Trace

if TYPE_CHECKING:
    from tracer.backprop.passes import Pass

MOST_UPDATES = 200
"""More updates than this are not worked through line by line."""

Command = TypeVar("Command", bound=Callable[..., Any])


def problem_argument(command: Command) -> Command:
    """Add the argument PROBLEM: a file, or ``-`` for standard input."""
    kind = click.Path(dir_okay=True, allow_dash=True)
    return click.argument("problem", type=kind, metavar="PROBLEM")(command)


def notation_option(command: Command) -> Command:
    """Add ``--notation``."""
    return click.option(
        "--notation",
        metavar="NAME",
        help="Whose letters and conventions: a name of 'tracer notations list', or a file "
        "beside the problem. Instead of what the problem says.",
    )(command)


def is_run(path: str) -> bool:
    """Whether a PROBLEM is a recorded run."""
    return path != "-" and (Path(path) / "run.json").is_file()


def read_updates(path: str, updates: str | None, notation: str | None = None) -> Loaded:
    """Some updates of a recorded run as a problem of their own.

    Its numbers have all their digits; they are rounded in print alone, unless the
    problem of the run says otherwise.

    Args:
        path: the folder of the run.
        updates: ``k`` or ``a..b``, from 1.
        notation: instead of the one that the problem names.

    Raises:
        click.BadParameter: if the run has no such updates.
    """
    import json

    from tracer.backprop.reopening import problem_at
    from tracer.files.problem import read_text, to_data
    from tracer.files.run_description import LARGEST_PROBLEM
    from tracer.files.runs import open_run

    history = open_run(path)
    there = f"{path} has updates 1 to {history.last}"
    if updates is None:
        raise click.UsageError(f"{there}; choose with --update k or a..b")
    chosen = chosen_updates(updates, history.last)
    first, last = chosen[0], chosen[-1]
    if len(chosen) != last - first + 1:
        raise click.BadParameter("of a run, one update or a range of updates can be worked through")
    if len(chosen) > MOST_UPDATES:
        raise click.BadParameter(
            f"{len(chosen):,} updates are too many to work through line by line; "
            f"choose at most {MOST_UPDATES}"
        )
    problem = problem_at(history, first - 1, len(chosen))
    said = f"update {first}" if first == last else f"updates {first} to {last}"
    name = f"{problem.name}: {said}" if problem.name else said.capitalize()
    rounding = replace(problem.rounding, givens=True)
    if rounding.policy == "carried":
        rounding = replace(rounding, policy="shown")
    text = json.dumps(to_data(replace(problem, name=name, rounding=rounding)))
    folder = folder_of_run(path, notation)
    return Loaded(read_text(text, f"{path} ({said})", notation, folder, LARGEST_PROBLEM))


def read_problem(path: str, notation: str | None = None, update: str | None = None) -> Loaded:
    """What PROBLEM says: a file, ``-``, or one update of a recorded run."""
    return read_updates(path, update, notation) if is_run(path) else read(path, notation)


def read_whole(path: str, update: str | None) -> Loaded:
    """What PROBLEM says, for commands to which ``--update`` means that of a run alone.

    Raises:
        click.UsageError: if an update is chosen and PROBLEM is no run.
    """
    if update is not None and not is_run(path):
        raise click.UsageError(
            f"--update chooses an update of a run that tracer train recorded; {path} is no run"
        )
    return read_problem(path, update=update)


@contextmanager
def located(loaded: Loaded) -> Iterator[None]:
    """Give errors that are found after reading their file, line and column."""
    try:
        yield
    except ProblemError as error:
        raise loaded.locate(error) from None
    except CalculationError as error:
        raise loaded.locate_value(error) from None


def work_through(
    loaded: Loaded,
    problem: Problem,
    prove: bool = True,
    limit: Callable[[list[Pass]], None] | None = None,
) -> Trace:
    """The trace of a problem that was read from a file.

    Args:
        loaded: where errors get their place.
        problem: what is to be worked through.
        prove: whether to hold the gradients against central differences.
        limit: refuses what is too large; else what memory does not hold is refused.
    """
    from tracer.backprop.passes import passes_of, sketch
    from tracer.backprop.tracing import trace_passes
    from tracer.cli.console import patience
    from tracer.cli.memory import refuse_too_much_work

    updates = f" ({problem.updates} updates)" if problem.updates > 1 else ""
    with located(loaded), patience(f"working through {loaded.file.source.name}{updates}"):
        large = sketch(problem)
        passes = passes_of(large or problem)
        (limit or refuse_too_much_work)(passes)
        return trace_passes(problem, passes_of(problem) if large else passes, prove)


COMMA = re.compile(r",(?![^\[]*\])")
"""A comma that stands outside brackets."""
_DOTTED = re.compile(r"(?P<name>[^\[\]~#@]*?)(?P<indices>(?:\.\d+)+)(?P<rest>[~#@].*)?")


def find_key(found: Trace, text: str) -> str:
    """The key that a person means: as written, with dots for brackets, or an own name.

    ``dw2.1.2`` is ``dw2[1,2]``, because shells take brackets for patterns.

    Raises:
        UnknownQuantity: naming the nearest key.
    """
    text = text.strip()
    for spelling in (text, found.problem.names.get(text, text), *bracketed(text)):
        if spelling in found:
            return found[spelling].key
    for spelling in (text, *bracketed(text)):
        if reason := why_absent(found, spelling):
            raise UnknownQuantity(reason)
    if printed := _as_printed(found, text):
        return printed
    known = [*found.keys(), *found.problem.names]
    hint = suggestion(next(iter(bracketed(text)), text), known) or suggestion(text, known)
    raise UnknownQuantity(f"this calculation has no quantity '{text[:60]}'{hint}")


def _as_printed(found: Trace, text: str) -> str:
    """The key behind a name of the problem's notation: a page's x₁ is ``a0[1]``."""
    from tracer.files.sheets.naming import naming_of
    from tracer.formula.nodes import Symbol

    try:
        meant = naming_of(found, found.problem.notation).formula(text)
    except TracerError:
        return ""
    return meant.name if isinstance(meant, Symbol) and meant.name in found else ""


def bracketed(text: str) -> Iterator[str]:
    """Spellings with the last one or more dotted numbers as indices, most first; at last with
    the number at the end of the name as the first index: ``v1.2`` may be ``v[1,2]``.

    >>> list(bracketed("v1.2"))
    ['v1[2]', 'v[1,2]']
    """
    match = _DOTTED.fullmatch(text)
    if match is None:
        return
    numbers = match["indices"][1:].split(".")
    for kept in range(len(numbers)):
        before = "".join(f".{number}" for number in numbers[:kept])
        indices = ",".join(numbers[kept:])
        yield f"{match['name']}{before}[{indices}]{match['rest'] or ''}"
    if inside := re.fullmatch(r"(.*\D)(\d+)", match["name"]):
        yield f"{inside[1]}[{','.join((inside[2], *numbers))}]{match['rest'] or ''}"


def words_asked(found: Trace, texts: Sequence[str]) -> list[str]:
    """What ``--only`` asks for: phases and names as they are, keys with their brackets.

    Args:
        found: the calculation.
        texts: one or several words each, with commas between them.
    """
    words = [word.strip() for text in texts for word in COMMA.split(text)]
    return [_spelled(found, word) for word in words]


def _spelled(found: Trace, word: str) -> str:
    if word in {step.parsed.name for step in found}:
        return word
    everywhere = {str(replace(s.parsed, sample=None)) for s in found if s.sample is not None}
    if of_all := next((one for one in bracketed(word) if one in everywhere), ""):
        return of_all
    try:
        return find_key(found, word)
    except UnknownQuantity:
        return next(iter(bracketed(word)), word)


def chosen_updates(text: str, updates: int) -> list[int]:
    """The updates that ``k``, ``a..b``, ``all`` or a list with commas names, from 1.

    Raises:
        click.BadParameter: if there are no such updates.

    >>> chosen_updates("2..4", 10), chosen_updates("all", 2), chosen_updates("1,5", 9)
    ([2, 3, 4], [1, 2], [1, 5])
    """
    if text == "all":
        return list(range(1, updates + 1))
    chosen: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d+)\s*(?:\.\.\s*(\d+)\s*)?", part)
        if match is None:
            raise click.BadParameter(f"'{text}' is not an update k, a range a..b, or all")
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last:
            upwards = f"'{part.strip()}': a range goes upwards: {last}..{first}"
            raise click.BadParameter(upwards, param_hint="'--update'")
        if not 1 <= first <= last <= updates:
            there = "1 update" if updates == 1 else f"{updates} updates"
            told = f"'{part.strip()}': this problem has {there}"
            raise click.BadParameter(told, param_hint="'--update'")
        chosen.extend(range(first, last + 1))
    return sorted(set(chosen))


def folder_of_run(path: str, notation: str | None) -> Path:
    """Where the file of a notation is that is asked for: kept in the run, or beside it."""
    kept = notation is None or (Path(path) / notation).is_file()
    return Path(path) if kept else Path(path).parent
