"""Mistakes of the update: rate, sign, and which parameters are updated."""

from __future__ import annotations

from collections.abc import Iterator

from tracer.checking.case import Case
from tracer.checking.mistakes.kinds import each_place, everywhere, without_factor
from tracer.formula.keys import Key
from tracer.formula.nodes import Negative, Node, Product, Sum, Symbol
from tracer.formula.rewriting import negative, product, total
from tracer.model.step import Step

RATE = Symbol("rate")
_UPDATES = {"update", "increment"}


def no_learning_rate(case: Case, step: Step) -> Iterator[Node]:
    """The learning rate was forgotten."""
    yield from without_factor(step.formula, lambda factor: factor == RATE)


def rate_twice(case: Case, step: Step) -> Iterator[Node]:
    """The learning rate was applied twice."""

    def change(part: Node) -> Iterator[Node]:
        if isinstance(part, Product) and RATE in part.factors:
            yield product(RATE, part)

    yield from each_place(step.formula, change)
    if step.rule == "update" and RATE.name not in step.operands and isinstance(step.formula, Sum):
        first, last = step.formula.terms[0], step.formula.terms[-1]
        yield total((first, product(RATE, last)))


def applied_twice(case: Case, step: Step) -> Iterator[Node]:
    """The increment was added twice."""
    if step.rule == "update" and isinstance(step.formula, Sum):
        yield Sum((*step.formula.terms, step.formula.terms[-1]))


def added_for_subtracted(case: Case, step: Step) -> Iterator[Node]:
    """The increment was added where it is subtracted, or the other way round."""
    if step.rule == "update" and isinstance(step.formula, Sum):
        *before, last = step.formula.terms
        turned = last.operand if isinstance(last, Negative) else Negative(last)
        yield Sum((*before, turned))


def bias_updated(case: Case, step: Step) -> Iterator[Node]:
    """A bias that the problem keeps was updated."""
    if step.update == 0 or step.rule != "preactivation":
        return
    for key in step.operands:
        parsed = Key.parse(key)
        if parsed.role != "b" or case.trace[key].rule != "given":
            continue
        change = _bias_step(case, step, parsed)
        if change is not None:
            yield total((step.formula, change))


def _bias_step(case: Case, step: Step, bias: Key) -> Node | None:
    """What the update would have added to a bias: minus the rate times its deltas."""
    deltas = [
        Symbol(found.key)
        for found in case.trace
        if found.rule == "delta"
        and found.layer == bias.layer
        and found.update == step.update - 1
        and (not bias.indices or found.parsed.indices == bias.indices)
    ]
    if not deltas or not case.exists("rate"):
        return None
    change = product(RATE, total(deltas))
    added = case.trace.problem.conventions.delta == "t-o"
    return change if added else negative(change)


def bias_not_updated(case: Case, step: Step) -> Iterator[Node]:
    """The old bias was kept where it is updated."""
    if step.rule == "update" and Key.parse(step.key).role == "b":
        yield Symbol(str(step.parsed.at(step.update - 1)))

    def older(symbol: Symbol) -> Node | None:
        key = Key.parse(symbol.name)
        updated = key.role == "b" and key.update and case.trace[symbol.name].rule == "update"
        return Symbol(str(key.at(key.update - 1))) if updated else None

    if step.rule == "preactivation":
        changed = everywhere(step.formula, older)
        if changed is not None:
            yield changed
