"""Comparing: somebody else's numbers beside ours, and the conventions that part them.

`compare` looks for the smallest set of conventions (a half in the loss, a mean over the
outputs, weights stored the other way round, ...) under which our own calculation gives
their numbers.  `alternatives` has those that change the calculation, `readings` those that
change how an array is read, `search` finds the smallest set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracer.backprop.comparing.search import Search
from tracer.backprop.comparing.stacked import unstacked
from tracer.backprop.comparing.theirs import groups_of
from tracer.errors import ProblemError
from tracer.model.comparison import Comparison
from tracer.model.problem import Problem

__all__ = ["compare"]

TOLERANCE = 1e-6
"""Of the largest number of an array; single precision keeps seven digits."""


def compare(
    problem: Problem,
    numbers: Mapping[str, Any],
    tolerance: float = TOLERANCE,
    source: str = "",
) -> Comparison:
    """Explain how somebody else's numbers differ from ours.

    Args:
        problem: layers or equations with numbers.
        numbers: theirs, by key (``dw1[1,2]``) or name of an array (``dw1``, ``w1@1``,
            ``loss``): numbers, texts (whose digits say how exact they are), lists, arrays.
            Of a recurrent cell also by PyTorch's names (``dlstm1.weight_ih_l0``).
        tolerance: how far numbers may lie apart, as a share of their array's largest.
        source: whose numbers they are.

    Raises:
        ProblemError: if the numbers cannot be compared.
        UnknownQuantity: for a name that no convention knows.

    >>> from tracer.model.problem import Dense
    >>> problem = Problem(inputs=["2"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "identity", [["0.75"]])], settings={"rate": "0.1"})
    >>> found = compare(problem, {"loss": 0.25, "dw1": [[2.0]], "w1@1": [[0.55]]})
    >>> [convention.id for convention in found.conventions]
    ['no_half']
    """
    if problem.symbolic:
        raise ProblemError("letters cannot be compared with numbers")
    if not 0 <= tolerance < 1:
        raise ProblemError("the tolerance is a share from 0 to less than 1")
    return Search(problem, groups_of(unstacked(numbers)), tolerance, source).result()
