"""The fourteen published calculations as sheets, and how each statement is to be judged.

The data (``tests/data/checking``) holds what each source states, in its order, and the
judgement of people who recomputed it: ``ok``, ``rounded``, ``carried`` or ``fresh``, and
of fresh mistakes the cause in their words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.backprop.test_calculations import our_key
from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.files.problem import load
from tracer.formula.parsing import parse
from tracer.model.answer import Sheet, Statement, written
from tracer.model.verdict import Report, Verdict

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT.parent / "examples"
DATA = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "data" / "checking").glob("*.yaml"))
}

CAUSES: dict[str, set[str]] = {
    "applied twice": {"applied_twice"},
    "arithmetic": {"arithmetic", "dropped_term", "wrong_quantity"},
    "decimal slip": {"decimal_slip", "digit_lost"},
    "forgot activation derivative": {"missing_slope"},
    "inconsistent copy": {"copied_wrongly", "misprint", "stale_value", "wrong_quantity"},
    "last-digit rounding": {"last_digit"},
    "misprint": {"misprint", "digit_lost", "digits_transposed", "copied_wrongly"},
    "missing factor 2": {"factor_two", "missing_half"},
    "not computed": {"not_computed"},
    "premature rounding": {"early_rounding"},
    "sign": {"sign", "added_for_subtracted"},
    "softmax not normalised": {"not_normalised"},
    "stale value": {"misprint", "copied_wrongly", "not_computed", "unexplained"},
    "transposed": {"transposed", "swapped_index"},
    "unexplained": {"unexplained", "arithmetic"},
    "used updated weight": {"updated_weight"},
    "wrong function value": {"function_value"},
    "wrong weight": {"wrong_quantity"},
}
"""The causes in the words of those who found them, and the ids that say the same."""

_QUANTITY = re.compile(r"(?:step2\.)?[A-Za-z]\w*(?:\[[\d,]+\])?")


@dataclass(frozen=True)
class Stated:
    """One statement, its judgement by people, and the checker's verdict."""

    fact: dict[str, Any]
    verdict: Verdict

    @property
    def named(self) -> set[str]:
        """The ids of the first two causes that the checker names."""
        return {cid for cause in self.verdict.causes[:2] for cid in (cause.id, cause.then) if cid}


def key_of(quantity: str, kind: str) -> str:
    """A quantity of the data, or an expression in such, in our keys."""

    def ours(match: re.Match[str]) -> str:
        name = match[0]
        if kind == "layers" and (moved := re.fullmatch(r"step([Wb])(\d.*)", name)):
            return f"increment.{moved[1].lower()}{moved[2]}"
        if kind == "layers" and name.removeprefix("step2.").startswith("x["):
            return "a0" + name.removeprefix("step2.")[1:]
        return our_key(name, kind) if name not in ("exp", "log", "sqrt") else name

    return _QUANTITY.sub(ours, quantity)


@cache
def report(name: str) -> Report:
    """The checker's report on one of the calculations."""
    data = DATA[name]
    problem = load(EXAMPLES / data["problem"])
    turned = problem.conventions.delta == "t-o"
    statements = []
    for fact in data["statements"]:
        key = key_of(fact["quantity"], data["kind"])
        negated = fact.get("sign") == "negated"
        if turned and key.startswith(("da", "delta")):
            negated = not negated  # tracer's own are negated there
        number = written(fact["value"], fact.get("ulp", ""))
        n = fact["n"]
        statements.append(Statement(n, fact["name"], parse(key), number, n, negated=negated))
    return check(trace(problem, prove=False), Sheet(tuple(statements)))


def stated(name: str) -> list[Stated]:
    """All statements of a calculation with both judgements."""
    facts = DATA[name]["statements"]
    return [Stated(f, v) for f, v in zip(facts, report(name).verdicts, strict=True)]
