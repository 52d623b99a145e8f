"""Tracing: the plan worked through cell by cell, every intermediate number kept.

Each step is evaluated twice: exactly, from exact operands, and as the problem's rounding
has it, from the numbers that were written down before.  If numbers were added that lie so
far apart that 34 digits do not hold both (1 - a of a saturated unit), the whole trace is
made again with as many digits as that takes.
"""

from __future__ import annotations

from tracer.backprop.diagnosing import diagnosed
from tracer.backprop.numbering import Numbering
from tracer.backprop.passes import Pass, passes_of
from tracer.backprop.plan import Cells, Draft
from tracer.calculus.layers.wiring import completed
from tracer.calculus.primitives import entry
from tracer.errors import CalculationError, TracerError
from tracer.formula.bounding import Bounding
from tracer.formula.evaluating import DIGITS, MOST_DIGITS, Exact
from tracer.formula.rewriting import ZERO
from tracer.model.problem import Problem
from tracer.model.quantity import Equation
from tracer.model.trace import Trace


def trace(problem: Problem, prove: bool = True) -> Trace:
    """Work a problem through and record every quantity.

    Args:
        problem: the network, its numbers and conventions.
        prove: whether to hold the exact gradients against central differences.

    Returns:
        The trace of `problem.updates` updates and of the forward pass after them.

    Raises:
        ProblemError: if names or shapes do not fit.
        CalculationError: where a quantity has no finite value.
        ProofFailed: if a gradient disagrees with the central difference.

    >>> from tracer.model.problem import Dense, Problem
    >>> problem = Problem(inputs=["0.5", "0.8"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "identity", [["0.15", "0.25"]])], settings={"rate": "0.5"})
    >>> print(trace(problem)["z1[1]"])
    z1[1] = w1[1,1]*a0[1] + w1[1,2]*a0[2] = 0.275
    """
    if not isinstance(problem, Problem):
        raise TracerError(
            f"trace() takes a Problem, such as load(path) gives; found {problem!r:.60}"
        )
    problem = completed(problem)
    return trace_passes(problem, passes_of(problem), prove)


def trace_passes(problem: Problem, passes: list[Pass], prove: bool = True) -> Trace:
    """Like `trace`, of passes that are planned already."""
    found = diagnosed(_worked_out(problem, passes))
    if prove and not problem.symbolic:
        from tracer.backprop.proving import spot_check

        return spot_check(found)
    return found


def _worked_out(problem: Problem, passes: list[Pass]) -> Trace:
    """The trace, with as many digits as it takes to keep everything that was added apart.

    Where terms cancelled nearly all their digits, it is made with twice as many, and with
    bounds of their errors: what is left below them is 0.
    """
    run = _Tracing(problem, passes, Exact())
    failed: CalculationError | None = None
    try:
        found = run.run()
    except CalculationError as error:
        failed = error
    digits = run.numbers.arithmetic.enough_digits
    if digits > DIGITS and not run.numbers.cancelled:
        failed, run = None, _Tracing(problem, passes, Exact(digits))
        found = run.run()
    if run.numbers.cancelled:
        failed, digits = None, min(max(digits, run.numbers.arithmetic.digits + DIGITS), MOST_DIGITS)
        found = _Tracing(problem, passes, Bounding(digits)).run()
    if failed is not None:
        raise failed
    return found


class _Tracing:
    """One run through all passes."""

    def __init__(self, problem: Problem, passes: list[Pass], exact: Exact) -> None:
        self.problem = problem
        self.passes = passes
        self.numbers = Numbering(problem, exact)

    def run(self) -> Trace:
        for update, one in enumerate(self.passes):
            self.givens(one.draft, update)
        for update, one in enumerate(self.passes):
            cells = Cells(one.draft.quantities, one.draft.shapes, update)
            for equation in one.draft.equations:
                self.equation(equation, cells, update)
        plans = tuple(one.draft.finished(one.batch) for one in self.passes)
        return Trace(
            self.problem, tuple(self.numbers.steps.values()), plans, self.numbers.definitions
        )

    def givens(self, draft: Draft, update: int) -> None:
        for quantity in draft.quantities.values():
            if quantity.kind == "clock":
                self.numbers.given(quantity.cell((), update), str(self.problem.made + update + 1))
            if quantity.kind not in ("given", "parameter"):
                continue
            for index in quantity.cells():
                key = quantity.cell(index)
                if key not in self.numbers.steps:
                    self.numbers.given(key, draft.values.get(key))

    def equation(self, equation: Equation, cells: Cells, update: int) -> None:
        target = equation.target
        for index in target.cells():
            if equation.is_next and index in target.frozen:
                continue
            formula = entry(equation.formula, index, cells) or ZERO
            key = target.cell(index, update + equation.is_next)
            if target.kind == "fixed" and key in self.numbers.steps:
                continue
            step = self.numbers.step(key, equation, formula)
            if step is not None:
                self.numbers.steps[key] = step
