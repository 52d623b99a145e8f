"""A mistake made as a method: in every line of a rule at once, from the givens on.

The loss after the update of a well-known example comes out only so: with the updated
output weights in all hidden deltas, though every weight printed before it is right.
Tried for totals and for values after the update that no mistake in a single line gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracer.checking.calculation import Calculation
from tracer.checking.candidates import CHANCE, accidents
from tracer.checking.case import Case
from tracer.checking.swaps import Swap
from tracer.checking.tolerance import fits
from tracer.checking.working import value_of
from tracer.errors import CalculationError
from tracer.formula.nodes import Node, symbols
from tracer.model.verdict import Cause

_ENOUGH = 3
"""With so many digits, agreement is no chance."""


@dataclass(frozen=True)
class Run:
    """The whole calculation made with one method's lines."""

    method: str
    changed: Mapping[str, Node]
    values: Mapping[str, float]
    """What comes out; without what is not finite."""


def whole_run(case: Case, methods: Sequence[str]) -> Iterator[Cause]:
    """The methods that give the written number when the whole run is made with them."""
    if case.line.rule not in ("loss", "report") and case.line.update == 0:
        return
    runs = case.calculation.runs
    if runs is None:
        runs = case.calculation.runs = list(_runs(case, methods))
    named = set()
    for run in runs:
        value = run.values.get(case.line.key)
        if value is None or run.method in named or value == case.line.true:
            continue
        if fits(value, case.value, case.unit) and _says_something(case, runs):
            named.add(run.method)
            key = next(iter(run.changed))
            facts = {"method": run.method}
            yield Cause(run.method, key, run.changed[key], {}, value, "true", facts)


def _says_something(case: Case, runs: Sequence[Run]) -> bool:
    """Whether it is more than chance that one of the runs gives what is written."""
    if not case.unit or case.written.figures >= _ENOUGH:
        return True
    values = [run.values.get(case.line.key) for run in runs]
    return accidents(case, case.line.true, (v for v in values if v is not None)) <= CHANCE


def _runs(case: Case, methods: Sequence[str]) -> Iterator[Run]:
    """Every method in all lines together, and in those of each rule by themselves."""
    from tracer.checking.mistakes import LINES

    table = {mistake.id: mistake for mistake in reversed(LINES)}
    for name in methods:
        changed: dict[str, Node] = {}
        for line in case.calculation.lines:
            rewriting = next(iter(table[name].rewrite(case, line)), None)
            if isinstance(rewriting, Swap):
                changed[line.key] = rewriting.formula(line.formula)
            elif rewriting is not None:
                changed[line.key] = rewriting
        for group in _groups(case.calculation, changed):
            yield Run(name, group, _worked_out(case.calculation, group))


def _groups(calculation: Calculation, changed: dict[str, Node]) -> Iterator[dict[str, Node]]:
    if not changed:
        return
    yield changed
    rules = {calculation.line(key).rule for key in changed}
    if len(rules) > 1:
        for rule in sorted(rules):
            lines = [key for key in changed if calculation.line(key).rule == rule]
            yield {key: changed[key] for key in lines}


def _worked_out(calculation: Calculation, changed: Mapping[str, Node]) -> dict[str, float]:
    """Everything that can be worked out with these lines."""
    values: dict[str, float] = {}
    failed: set[str] = set()
    for line in calculation.lines:
        _work_out(calculation, changed, line.key, values, failed)
    return values


def _work_out(
    calculation: Calculation,
    changed: Mapping[str, Node],
    wanted: str,
    values: dict[str, float],
    failed: set[str],
) -> None:
    """One quantity, and before it whatever it needs (without deep recursion)."""
    waiting = [wanted]
    opened: set[str] = set()
    while waiting:
        key = waiting[-1]
        if key in values or key in failed:
            waiting.pop()
            continue
        line = calculation.line(key)
        if line.given:
            values[key] = line.true
            continue
        formula = changed.get(line.key)
        operands = line.operands if formula is None else symbols(formula)
        needed = [name for name in operands if name not in values]
        if needed and (key in opened or not failed.isdisjoint(needed)):
            failed.add(key)  # in a circle, or on something that cannot be worked out
        elif needed:
            opened.add(key)
            waiting.extend(needed)
        else:
            try:
                if formula is None:
                    values[key] = line.tape.run(values)[-1]
                else:
                    values[key] = value_of(formula, values, calculation.definitions)
            except (CalculationError, ArithmeticError, ValueError):
                failed.add(key)
