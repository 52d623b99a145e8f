"""Causes that are named by what is left: each has a criterion of its own.

A softmax row whose numbers do not sum to 1, a value after the update that nothing on the
sheet leads to, a function's value that is wrong at right operands, arithmetic where a link
of the chain is false or the line is short.  Takes a case and its verdict; gives the causes
that apply.  They reproduce no number, so `causes`, which reads them, puts them last.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracer.checking.case import Case
from tracer.checking.links import is_numeric
from tracer.formula.evaluating import Definition
from tracer.formula.nodes import Apply, Call, Fraction, Node, walk
from tracer.model.verdict import Cause, Verdict

_SHORT = 4
"""Lines that a person works out in one go."""


def named(case: Case, verdict: Verdict) -> Iterator[Cause]:
    """The elimination causes that apply, most telling first."""
    key = case.line.key
    if _not_normalised(case):
        yield Cause("not_normalised", key)
    elif not verdict.causes and _not_computed(case):
        yield Cause("not_computed", key)
    elif _function_value(case, verdict):
        yield Cause("function_value", key)
    elif _arithmetic(case, verdict):
        yield Cause("arithmetic", key)


def _operands_written(case: Case) -> bool:
    """Whether everything that the line needs stands on the sheet, or is given."""
    for key in case.line.operands:
        line = case.calculation.line(key)
        if not line.given and case.own.statement(line.key) is None:
            return False
    return True


def _operands_right(case: Case) -> bool:
    """Whether the written operands are sound."""
    for key in case.line.operands:
        stated = case.own.statement(case.calculation.line(key).key)
        if stated is not None and not stated.sound and stated.n in stated.roots:
            return False
    return True


def _functions(case: Case, node: Node) -> bool:
    """Whether a line needs a sigmoid, tanh, exp, log or root."""
    known: dict[str, Definition] = dict(case.trace.definitions)
    for part in walk(node):
        if isinstance(part, Call):
            if part.function in ("exp", "log", "sqrt", "tanh"):
                return True
            body = known.get(part.function)
            if body is not None and _functions(case, body.body):
                return True
    return False


def _function_value(case: Case, verdict: Verdict) -> bool:
    """The operand is right, and only a function stands between it and the number."""
    if verdict.false_link is not None:
        links = case.statement.links
        calls = [_calls(one.formula) for one in links[: verdict.false_link] if is_numeric(one)]
        if verdict.false_link > len(links):
            calls.append(0)
        return len(calls) > 1 and calls[-1] < calls[-2]
    return _operands_written(case) and _operands_right(case) and _functions(case, case.line.formula)


def _calls(formula: Node) -> int:
    """How many functions a member leaves to be worked out."""
    return sum(isinstance(part, Call) for part in walk(formula))


def _arithmetic(case: Case, verdict: Verdict) -> bool:
    """A link is false, or only plain arithmetic stands between the numbers and this one."""
    if verdict.false_link is not None:
        return True
    cone = case.cone
    return len(cone) <= _SHORT and not any(_functions(case, line.formula) for line in cone)


def _not_normalised(case: Case) -> bool:
    """The written softmax row does not sum to exactly one."""
    formula = case.line.formula
    key = case.statement.key
    if key is None or not _is_softmax(formula):
        return False
    row = _row(case, key)
    written = [case.sources.stated.get(name) for name in row]
    if any(not stated for stated in written) or len(row) < 2:
        return False
    total = sum(stated[-1].value for stated in written if stated)
    return abs(total - 1) > 1e-9


def _is_softmax(formula: Node) -> bool:
    """``exp(z_i)/(exp(z_1) + ...)``."""
    return (
        isinstance(formula, Fraction)
        and isinstance(formula.numerator, Call)
        and formula.numerator.function == "exp"
        and formula.numerator in list(walk(formula.denominator))
        and not isinstance(formula.denominator, Apply)
    )


def _row(case: Case, key: str) -> list[str]:
    """The keys that share this one's denominator."""
    line = case.calculation.line(key)
    formula = line.formula
    assert isinstance(formula, Fraction)
    return [
        other.key
        for other in case.calculation.lines
        if other.parsed.name == line.parsed.name
        and isinstance(other.formula, Fraction)
        and set(other.operands) == set(line.operands)
        and other.formula.denominator == formula.denominator
    ]


def _not_computed(case: Case) -> bool:
    """An after-update value, and the sheet shows nothing of that pass that leads to it."""
    line = case.line
    if line.phase not in ("forward", "loss", "report") or line.update == 0:
        return False
    layers = len(case.trace.problem.layers)
    key = line.parsed
    for name in case.sources.stated:
        other = case.calculation.line(name)
        inside = other.phase == "forward" and other.update == key.update
        output = bool(layers) and other.parsed.role == "a" and other.layer == layers
        if inside and not output and name != line.key:
            return False
    return True
