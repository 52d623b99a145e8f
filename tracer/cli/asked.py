"""The problem as a command asks for it: other rounding, letters for numbers, fewer updates.

Takes the problem of the file and the options of ``solve``, gives the problem that is worked
through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracer.cli.problems import MOST_UPDATES, chosen_updates
from tracer.errors import TracerError
from tracer.model.problem import Problem
from tracer.model.rounding import Precision


def as_asked(problem: Problem, options: Mapping[str, Any], letters: bool) -> Problem:
    """The problem with the rounding of the options, or as formulas alone (`letters`)."""
    rounding: dict[str, Any] = {}
    if options["figures"] is not None or options["places"] is not None:
        rounding["precision"] = Precision(options["figures"], options["places"])
    if options["policy"] is not None:
        rounding["policy"] = options["policy"]
    return replace(
        problem,
        rounding=replace(problem.rounding, **rounding),
        letters=problem.letters or letters,
    )


def shortened(problem: Problem, chosen: str | None) -> Problem:
    """A problem of very many updates, up to the last one that is printed.

    Raises:
        TracerError: if that is too far on.
    """
    if problem.updates <= MOST_UPDATES:
        return problem
    if chosen in (None, "all"):
        raise TracerError(
            f"{problem.updates:,} updates are too many to work through line by line; choose "
            "with --update 1..3, or record them (tracer train PROBLEM -o run) and open any of "
            "them (tracer solve run --update k)"
        )
    last = max(chosen_updates(chosen or "", problem.updates))
    if last > MOST_UPDATES:
        raise TracerError(
            f"update {last:,} has {last - 1:,} others before it; record them (tracer train "
            f"PROBLEM -o run), then open it (tracer solve run --update {last})"
        )
    return replace(problem, updates=last)
