"""A mistake made as a method: in every line of a rule at once, from the givens on.

The loss after the update of a well-known example comes out only so: with the updated
output weights in all hidden deltas, though every weight printed before it is right.
Tried for totals and for values after the update that no mistake in a single line gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracer.checking.case import Case
from tracer.checking.swaps import Swap
from tracer.checking.tolerance import fits
from tracer.checking.working import value_of
from tracer.errors import CalculationError
from tracer.formula.nodes import Node, symbols
from tracer.model.verdict import Cause


def whole_run(case: Case, methods: Sequence[str]) -> Iterator[Cause]:
    """The methods that give the written number when the whole run is made with them."""
    from tracer.checking.mistakes import LINES

    if case.line.rule not in ("loss", "report") and case.line.update == 0:
        return
    table = {mistake.id: mistake for mistake in reversed(LINES)}
    for name in methods:
        changed: dict[str, Node] = {}
        for line in case.calculation.lines:
            rewriting = next(iter(table[name].rewrite(case, line)), None)
            if isinstance(rewriting, Swap):
                changed[line.key] = rewriting.formula(line.formula)
            elif rewriting is not None:
                changed[line.key] = rewriting
        for group in _groups(case, changed):
            value = _run(case, group)
            if value is not None and fits(value, case.value, case.unit):
                key = next(iter(group))
                yield Cause(name, key, group[key], {}, value, "true", {"method": name})
                return


def _groups(case: Case, changed: dict[str, Node]) -> Iterator[dict[str, Node]]:
    """All rewritten lines together, and those of each rule by themselves."""
    if not changed:
        return
    yield changed
    rules = {case.calculation.line(key).rule for key in changed}
    if len(rules) > 1:
        for rule in sorted(rules):
            lines = [key for key in changed if case.calculation.line(key).rule == rule]
            yield {key: changed[key] for key in lines}


def _run(case: Case, changed: dict[str, Node]) -> float | None:
    """The case's value if the calculation is made with these lines; None: undefined."""
    values: dict[str, float] = {}
    waiting = [case.line.key]
    open_now: set[str] = set()
    while waiting:
        key = waiting[-1]
        if key in values:
            waiting.pop()
            continue
        line = case.calculation.line(key)
        if line.given:
            values[key] = line.true
            continue
        formula = changed.get(line.key, line.formula)
        needed = [name for name in symbols(formula) if name not in values]
        if needed:
            if key in open_now:
                return None  # the rewritten lines use one another in a circle
            open_now.add(key)
            waiting.extend(needed)
            continue
        try:
            values[key] = value_of(formula, values, case.trace.definitions)
        except (CalculationError, ArithmeticError, ValueError):
            return None
    return values[case.line.key]
