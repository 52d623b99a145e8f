"""Mistakes of losses and their slopes: halves, twos, squares, logarithms, means.

Each function takes a case and a line and gives what the line may have become; a factor 2
or a half is also looked for where it has cancelled, and a division where it stands in the
line of an operand.  Added factors are tried in lines of losses, deltas and gradients and in
an author's equations alone.  Read by the table of mistakes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from tracer.calculus.losses import LOSSES
from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import Rewriting, each_place, without_factor
from tracer.checking.swaps import Swap
from tracer.formula.nodes import Call, Fraction, Node, Number, Power, Product, Sum, Symbol
from tracer.formula.parsing import parse
from tracer.formula.rewriting import product

TWO = Number("2")
HALF = Fraction(Number("1"), TWO)
_LOSS_RULES = {
    "loss",
    "loss_term",
    "sample_loss",
    "report",
    "da",
    "delta",
    "gradient",
    "equation",
    "weight_gradient",
    "bias_gradient",
}


def factor_two(case: Case, line: Line) -> Iterator[Rewriting]:
    """A factor 2 was left out: of a product, over a fraction bar, or before it cancelled."""
    seen = False
    for formula in without_factor(line.formula, lambda factor: factor == TWO):
        yield formula
        seen = True
    for formula in each_place(line.formula, _unmultiplied):
        yield formula
        seen = True
    if not seen and line.rule == "da" and _has_two(case):
        yield product(HALF, line.formula)


def _unmultiplied(part: Node) -> Iterator[Node]:
    if isinstance(part, Fraction) and part.numerator == TWO:
        yield Fraction(Number("1"), part.denominator)


def _has_two(case: Case) -> bool:
    """Whether the slope of the problem's loss has a factor 2, which may have cancelled."""
    loss = case.trace.problem.loss
    declared = LOSSES.get(loss) if isinstance(loss, str) else loss
    slope = parse(declared.slope) if declared is not None and declared.slope else None
    return isinstance(slope, Product) and TWO in slope.factors


def extra_two(case: Case, line: Line) -> Iterator[Rewriting]:
    """A factor 2 was written where there is none."""
    if line.rule in _LOSS_RULES and next(factor_two(case, line), None) is None:
        yield product(TWO, line.formula)


def missing_half(case: Case, line: Line) -> Iterator[Rewriting]:
    """The half was left out."""
    halves = (HALF, Number("0.5"))
    yield from without_factor(line.formula, lambda factor: factor in halves)
    yield from each_place(line.formula, _undivided)
    if line.rule in ("loss", "sample_loss"):
        yield from _without_halves(case, line)


def _without_halves(case: Case, line: Line) -> Iterator[Swap]:
    """A total, the half left out of every term that is added up in it."""
    changes: dict[str, Node] = {}
    for key in line.operands:
        term = case.definition(key)
        if term is None:
            continue
        changed = next(missing_half(case, term), None)
        if changed is None:
            return
        changes[key] = changed.formula(term.formula) if isinstance(changed, Swap) else changed
    if changes:
        yield Swap(changes)


def extra_half(case: Case, line: Line) -> Iterator[Rewriting]:
    """A half was written where there is none."""
    if line.rule in _LOSS_RULES and next(missing_half(case, line), None) is None:
        yield product(HALF, line.formula)


def _undivided(part: Node) -> Iterator[Node]:
    if isinstance(part, Fraction) and part.denominator == TWO and part.numerator != Number("1"):
        yield part.numerator


def missing_square(case: Case, line: Line) -> Iterator[Rewriting]:
    """A square was left out."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Power) and part.exponent == TWO:
            yield part.base

    return each_place(line.formula, change)


def missing_log(case: Case, line: Line) -> Iterator[Rewriting]:
    """The logarithm was left out."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Call) and part.function == "log":
            yield part.arguments[0]

    return each_place(line.formula, change)


def wrong_log_base(case: Case, line: Line) -> Iterator[Rewriting]:
    """The logarithm to base 10 or 2 was used for the natural one."""
    logs = list(_logs(line.formula))
    for base in ("10", "2"):
        if logs:
            yield Fraction(line.formula, Call("log", (Number(base),)))


def _logs(node: Node) -> Iterator[Node]:
    from tracer.formula.nodes import walk

    return (part for part in walk(node) if isinstance(part, Call) and part.function == "log")


def mean_for_sum(case: Case, line: Line) -> Iterator[Rewriting]:
    """A sum was divided by the number of its terms, or of samples or outputs."""
    for count in _counts(case, line):
        yield Fraction(line.formula, Number(str(count)))


def sum_for_mean(case: Case, line: Line) -> Iterator[Rewriting]:
    """The division by the number of samples or outputs was left out."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Product) and not any(isinstance(f, Power) for f in part.factors):
            for i, factor in enumerate(part.factors):
                if _is_share(factor):
                    yield product(*part.factors[:i], *part.factors[i + 1 :])

    yield from each_place(line.formula, change)
    yield from each_place(line.formula, _without_count)


def divided_twice(case: Case, line: Line) -> Iterator[Rewriting]:
    """The division by the number of samples or outputs was made twice."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Product):
            for factor in part.factors:
                if _is_share(factor):
                    yield product(factor, part)

    yield from each_place(line.formula, change)
    for key in line.operands:  # the share already stands in an operand's line
        inner = case.definition(key)
        if inner is not None and isinstance(inner.formula, Product):
            for factor in inner.formula.factors:
                if _is_share(factor) and isinstance(factor.denominator, Symbol):
                    yield product(factor, line.formula)
                    return


def _is_share(factor: Node) -> TypeGuard[Fraction]:
    """``1/m``, ``1/2`` and the like."""
    return isinstance(factor, Fraction) and factor.numerator == Number("1")


def _without_count(part: Node) -> Iterator[Node]:
    match part:
        case Fraction(Number("1"), _):
            return
        case Fraction(top, Symbol() | Number()):
            yield top


def _counts(case: Case, line: Line) -> list[int]:
    """Numbers by which a sum might be divided."""
    counts = set()
    if isinstance(line.formula, Sum):
        counts.add(len(line.formula.terms))
    for part in line.formula.factors if isinstance(line.formula, Product) else ():
        if isinstance(part, Sum):
            counts.add(len(part.terms))
    problem = case.trace.problem
    if problem.layers:
        counts |= {problem.samples, problem.layers[-1].units}
    return sorted(counts - {0, 1})
