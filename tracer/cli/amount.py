"""How many lines a page would have, said before anything is calculated.

Takes the passes of a problem and what was asked for, counts the cells of their equations,
and refuses in words what is too large to print.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from tracer.backprop.passes import Pass, cells_of
from tracer.cli.problems import COMMA, bracketed, chosen_updates
from tracer.errors import FormulaError, TracerError
from tracer.formula.keys import Key
from tracer.model.problem import Problem
from tracer.model.quantity import Equation
from tracer.model.step import PHASES

MOST_LINES = 2000
"""More lines than this are not printed unless they are asked for."""


def refuse_too_many_lines(
    problem: Problem, passes: list[Pass], only: Sequence[str], updates: str | None
) -> None:
    """Refuse to print more lines than anybody reads.

    Args:
        problem: what is to be worked through.
        passes: its passes.
        only: phases, quantities and keys as they are asked for; none: every line.
        updates: which updates, as they are asked for.

    Raises:
        TracerError: with the number of lines.
    """
    lines = printed_lines(problem, passes, only, updates)
    if lines > MOST_LINES:
        raise TracerError(
            f"this would print {lines:,} lines; choose with --only (a phase such as backward, "
            "or quantities such as dw1 or delta2.1), or print them all with --all-lines"
        )


def printed_lines(
    problem: Problem, passes: list[Pass], only: Sequence[str] = (), updates: str | None = None
) -> int:
    """How many lines a page would have."""
    from tracer.rendering.selecting import printed_passes

    count = sum(any(e.rule == "update" and n for e, n in one.lines()) for one in passes)
    chosen = None if updates is None else chosen_updates(updates, max(problem.updates, 1))
    printed = printed_passes(count, problem.symbolic, chosen)
    words = [word.strip() for text in only for word in COMMA.split(text)]
    return sum(
        _asked(equation, number, problem, words, one.draft.quantities)
        if words
        else _shown(equation)
        for number, one in enumerate(passes)
        for equation in one.draft.equations
        if number in printed and _is_new(equation, number, passes)
    )


def _is_new(equation: Equation, number: int, passes: list[Pass]) -> bool:
    """Whether no pass before this one has worked out the same: what is fixed stays as it is."""
    if equation.target.kind != "fixed":
        return True
    batch = passes[number].batch
    return all(one.batch != batch for one in passes[:number])


def _shown(equation: Equation) -> int:
    return cells_of(equation) if equation.shown else 0


def _asked(
    equation: Equation,
    number: int,
    problem: Problem,
    words: Sequence[str],
    names: Container[str],
) -> int:
    """How many cells of an equation of some pass the words ask for."""
    from tracer.rendering.selecting import is_in_phase

    found = 0
    target = equation.target
    share = not equation.shown and target.key != target.name and target.key in names
    for word in words:
        if word in PHASES:
            found += _shown(equation) if is_in_phase(equation.phase, word) else 0
        else:
            keys = _keys(problem.names.get(word, word))
            meant = next((key for key in keys if key.name == equation.target.key), None)
            if meant and not (share and meant.sample is None):
                found += _cells(equation, number, meant)
    return min(found, cells_of(equation))


def _cells(equation: Equation, number: int, key: Key) -> int:
    """How many cells a key means: all of an array, one, or one of each sample."""
    if str(key) == key.name:
        return cells_of(equation)
    if key.update != number + equation.is_next:
        return 0
    samples = [axis.size for axis in equation.target.axes if axis.name == "sample" and axis.labels]
    return samples[0] if samples and key.sample is None else 1


def _keys(word: str) -> Iterator[Key]:
    """A word as a key, in each of its spellings."""
    for spelling in (word, *bracketed(word)):
        try:
            yield Key.parse(spelling)
        except FormulaError:
            continue
