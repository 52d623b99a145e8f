"""The passes of a calculation: a plan for each update, and one for the forward pass after it.

Takes a problem, gives the drafts in order, each with the samples of its batch.  Nothing is
worked out here, so a calculation can be counted before it is made: `tracing` works the
passes through, the command line asks how many lines that would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod

from tracer.backprop.plan import Draft
from tracer.backprop.planning import make_plan
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem
from tracer.model.quantity import Equation

MANY_WEIGHTS = 20_000
"""So many are left out while lines are counted."""


@dataclass(frozen=True)
class Pass:
    """The plan of one update, or of the forward pass after the last."""

    draft: Draft
    batch: tuple[int, ...] = ()
    """The samples, by their numbers in the problem; none in an equation network."""

    def lines(self) -> Iterator[tuple[Equation, int]]:
        """Each equation, with the number of cells that it gives."""
        for equation in self.draft.equations:
            yield equation, cells_of(equation)


def passes_of(problem: Problem) -> list[Pass]:
    """A pass for each update's batch, and one for the forward pass after the last.

    Raises:
        ProblemError: if names or shapes do not fit.

    >>> problem = Problem(given={"x": "2"}, equations=["L = x**2"], loss="L", learn=["x"],
    ...     settings={"rate": "0.1"})
    >>> [[e.target.name for e, _ in one.lines()] for one in passes_of(problem)]
    [['L', 'dx', 'increment.x', 'x'], ['L']]
    """
    if not problem.layers:
        first = make_plan(problem)
        if not (problem.updates and any(e.is_next for e in first.equations)):
            return [Pass(first)]
        return [Pass(first)] * problem.updates + [Pass(make_plan(problem, backward=False))]
    batches = problem.batches()
    made = {batch: make_plan(problem, batch) for batch in dict.fromkeys(batches)}
    passes = [Pass(made[batch], batch) for batch in batches]
    if any(e.is_next for e in passes[-1].draft.equations):
        return [*passes, Pass(make_plan(problem, batches[-1], backward=False), batches[-1])]
    return passes[:1]


def sketch(problem: Problem) -> Problem | None:
    """The same network with letters for its numbers, to be counted; None if it is small.

    Its passes have the same lines, and are planned without a look at each of a million
    weights.
    """
    sizes = [len(one.weights) * len(one.weights[0]) for one in problem.layers if _is_full(one)]
    if sum(sizes) < MANY_WEIGHTS:
        return None
    layers = [
        replace(one, weights="symbolic", biases="symbolic" if one.biases else one.biases)
        if isinstance(one, Dense) and _is_full(one) and not one.shared_bias
        else one
        for one in problem.layers
    ]
    return replace(problem, layers=layers)


def _is_full(layer: Dense | Layer) -> bool:
    """Whether a layer has a number for each connection."""
    if not isinstance(layer, Dense) or layer.weights == "symbolic":
        return False
    return not any(None in row for row in layer.weights)


def cells_of(equation: Equation) -> int:
    """How many cells an equation gives, without a look at each.

    A missing cell is none, and one that is frozen has no value after the update.
    """
    target = equation.target
    left_out = target.missing | target.frozen if equation.is_next else target.missing
    return prod(target.shape) - len(left_out)


def count_cells(passes: list[Pass]) -> int:
    """How many lines are worked out, shown or not, in all passes together."""
    counted = {id(one.draft): sum(cells for _, cells in one.lines()) for one in passes}
    return sum(counted[id(one.draft)] for one in passes)
