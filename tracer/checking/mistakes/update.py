"""Mistakes of the update: rate, sign, and which parameters are updated.

Each function takes a case and a line and gives what the line may have become: the rate
forgotten or used twice, the increment added twice or with the other sign, a bias updated
that is kept, or kept that is updated.  These last two are recognised in the preactivations
after the update, which use the bias.  Read by the table of mistakes.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracer.checking.calculation import Line
from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import Rewriting, each_place, swapped, without_factor
from tracer.formula.keys import Key
from tracer.formula.nodes import Fraction, Negative, Node, Number, Product, Sum, Symbol
from tracer.formula.rewriting import ONE, negative, product, total

RATE = Symbol("rate")


def no_learning_rate(case: Case, line: Line) -> Iterator[Rewriting]:
    """The learning rate was forgotten."""
    yield from without_factor(line.formula, lambda factor: factor == RATE)


def rate_twice(case: Case, line: Line) -> Iterator[Rewriting]:
    """The learning rate was applied twice."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Product) and RATE in part.factors:
            yield product(RATE, part)

    yield from each_place(line.formula, change)
    if line.rule == "update" and RATE.name not in line.operands and isinstance(line.formula, Sum):
        first, last = line.formula.terms[0], line.formula.terms[-1]
        yield total((first, product(RATE, last)))


def applied_twice(case: Case, line: Line) -> Iterator[Rewriting]:
    """The increment was added twice."""
    if line.rule == "update" and isinstance(line.formula, Sum):
        yield Sum((*line.formula.terms, line.formula.terms[-1]))


def added_for_subtracted(case: Case, line: Line) -> Iterator[Rewriting]:
    """The increment was added where it is subtracted, or the other way round."""
    if line.rule == "update" and isinstance(line.formula, Sum):
        *before, last = line.formula.terms
        turned = last.operand if isinstance(last, Negative) else Negative(last)
        yield Sum((*before, turned))


def bias_updated(case: Case, line: Line) -> Iterator[Rewriting]:
    """A bias that the problem keeps was updated."""
    if line.update == 0 or line.rule != "preactivation":
        return
    for key in line.operands:
        parsed = Key.parse(key)
        if parsed.role != "b" or case.calculation.line(key).rule != "given":
            continue
        change = _bias_step(case, line, parsed)
        if change is not None:
            yield total((line.formula, change))


def _bias_step(case: Case, line: Line, bias: Key) -> Node | None:
    """What the update would have added to a bias: minus the rate times its deltas."""
    deltas = [
        Symbol(found.key)
        for found in case.calculation.lines
        if found.rule == "delta"
        and found.layer == bias.layer
        and found.update == line.update - 1
        and (not bias.indices or found.parsed.indices == bias.indices)
    ]
    if not deltas or not case.exists("rate"):
        return None
    share = Fraction(Number("1"), Symbol("m")) if case.exists("m") else ONE
    change = product(RATE, share, total(deltas))
    added = case.trace.problem.conventions.delta == "t-o"
    return change if added else negative(change)


def bias_not_updated(case: Case, line: Line) -> Iterator[Rewriting]:
    """The old bias was kept where it is updated."""
    if line.rule == "update" and Key.parse(line.key).role == "b":
        yield Symbol(str(line.parsed.at(line.update - 1)))

    def older(name: str) -> Node | None:
        key = Key.parse(name)
        if key.role != "b" or not key.update or case.calculation.line(name).rule != "update":
            return None
        return Symbol(str(key.at(key.update - 1)))

    if line.rule == "preactivation":
        yield from swapped(line, older)
