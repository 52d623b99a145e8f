"""From a problem to its plan: layers or equations, each by its own writer.

Read by all that works a plan through: tracing, training, the comparison of readings.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracer.backprop import equation_plan, layering
from tracer.backprop.plan import Draft
from tracer.model.problem import Problem


def make_plan(problem: Problem, batch: Sequence[int] = (), backward: bool = True) -> Draft:
    """The plan of one update.

    Args:
        problem: what is to be calculated.
        batch: sample numbers from 1 (layer networks only).
        backward: False: the forward pass and the loss alone.

    Raises:
        ProblemError: where names or shapes do not fit.
    """
    if problem.layers:
        return layering.write(problem, batch, backward)
    return equation_plan.write(problem, backward)
