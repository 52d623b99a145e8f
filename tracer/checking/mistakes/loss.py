"""Mistakes of losses and their slopes: halves, twos, squares, logarithms, means."""

from __future__ import annotations

from collections.abc import Iterator

from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import each_place, without_factor
from tracer.formula.nodes import Call, Fraction, Node, Number, Power, Product, Sum, Symbol
from tracer.formula.rewriting import product
from tracer.model.step import Step

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


def factor_two(case: Case, step: Step) -> Iterator[Node]:
    """A factor 2 was left out, or written where there is none."""
    found = False
    for formula in without_factor(step.formula, lambda factor: factor == TWO):
        found = True
        yield formula
    if not found and step.rule in _LOSS_RULES:
        yield product(TWO, step.formula)


def missing_half(case: Case, step: Step) -> Iterator[Node]:
    """The half was left out, or written where there is none."""
    halves = (HALF, Number("0.5"))
    found = False
    for formula in without_factor(step.formula, lambda factor: factor in halves):
        found = True
        yield formula
    for formula in each_place(step.formula, _undivided):
        found = True
        yield formula
    if not found and step.rule in _LOSS_RULES:
        yield product(HALF, step.formula)


def _undivided(part: Node) -> Iterator[Node]:
    if isinstance(part, Fraction) and part.denominator == TWO and part.numerator != Number("1"):
        yield part.numerator


def missing_square(case: Case, step: Step) -> Iterator[Node]:
    """A square was left out."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Power) and part.exponent == TWO:
            yield part.base

    return each_place(step.formula, change)


def missing_log(case: Case, step: Step) -> Iterator[Node]:
    """The logarithm was left out."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Call) and part.function == "log":
            yield part.arguments[0]

    return each_place(step.formula, change)


def wrong_log_base(case: Case, step: Step) -> Iterator[Node]:
    """The logarithm to base 10 or 2 was used for the natural one."""
    logs = list(_logs(step.formula))
    for base in ("10", "2"):
        if logs:
            yield Fraction(step.formula, Call("log", (Number(base),)))


def _logs(node: Node) -> Iterator[Node]:
    from tracer.formula.nodes import walk

    return (part for part in walk(node) if isinstance(part, Call) and part.function == "log")


def mean_for_sum(case: Case, step: Step) -> Iterator[Node]:
    """A sum was divided by the number of its terms, or of samples or outputs."""
    for count in _counts(case, step):
        yield Fraction(step.formula, Number(str(count)))


def sum_for_mean(case: Case, step: Step) -> Iterator[Node]:
    """The division by the number of samples or outputs was left out."""
    yield from without_factor(step.formula, _is_share)
    yield from each_place(step.formula, _without_count)


def divided_twice(case: Case, step: Step) -> Iterator[Node]:
    """The division by the number of samples or outputs was made twice."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Product):
            for factor in part.factors:
                if _is_share(factor):
                    yield product(factor, part)

    yield from each_place(step.formula, change)
    for key in step.operands:  # the share already stands in an operand's line
        inner = case.definition(key)
        if inner is not None and isinstance(inner.formula, Product):
            for factor in inner.formula.factors:
                if _is_share(factor):
                    yield product(factor, step.formula)
                    return


def _is_share(factor: Node) -> bool:
    """``1/m``, ``1/2`` and the like."""
    return isinstance(factor, Fraction) and factor.numerator == Number("1")


def _without_count(part: Node) -> Iterator[Node]:
    if isinstance(part, Fraction) and isinstance(part.denominator, Symbol | Number):
        yield part.numerator


def _counts(case: Case, step: Step) -> list[int]:
    """Numbers by which a sum might be divided."""
    counts = set()
    if isinstance(step.formula, Sum):
        counts.add(len(step.formula.terms))
    for part in step.formula.factors if isinstance(step.formula, Product) else ():
        if isinstance(part, Sum):
            counts.add(len(part.terms))
    problem = case.trace.problem
    if problem.layers:
        counts |= {problem.samples, problem.layers[-1].units}
    return sorted(counts - {0, 1})
