"""The marking scheme: points for each statement, a cap on carrying, and flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction as Rational

from tracer.formula.keys import Key
from tracer.model.answer import Marking
from tracer.model.trace import Trace
from tracer.model.verdict import Verdict

_TRIVIAL = (0.0, 1.0, -1.0)


def marked(
    trace: Trace, verdicts: Sequence[Verdict], marking: Marking
) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    """The verdicts with their points, and what a marker should look at."""
    given = [_with_points(trace, verdict, marking) for verdict in verdicts]
    flags = []
    if _is_gamed(given):
        flags.append("trivial_values")
    total = sum((verdict.of for verdict in given), Rational(0))
    carried = sum((v.points for v in given if v.status == "carried"), Rational(0))
    allowed = total * marking.carried_cap
    if carried > allowed:
        flags.append("carried_cap")
        share = allowed / carried
        given = [replace(v, points=v.points * share) if v.status == "carried" else v for v in given]
    return tuple(given), tuple(flags)


def _with_points(trace: Trace, verdict: Verdict, marking: Marking) -> Verdict:
    worth = verdict.statement.points
    if worth is None:
        worth = _worth(trace, verdict, marking)
    status = verdict.status
    if status == "wrong" and verdict.severity == "last digit":
        status = "last digit"
    return replace(verdict, of=worth, points=worth * marking.earns.get(status, Rational(0)))


def _worth(trace: Trace, verdict: Verdict, marking: Marking) -> Rational:
    """The points of the most specific entry: key, name, role, phase."""
    key = verdict.statement.key
    if key is None:
        return marking.points.get("expression", marking.each)
    parsed = Key.parse(key)
    for name in (key, parsed.name, parsed.role, trace[key].phase):
        if name in marking.points:
            return marking.points[name]
    return marking.each


def _is_gamed(verdicts: Sequence[Verdict]) -> bool:
    """Whether trivial wrong values written early make everything after them 'consistent'."""
    trivial = {
        v.statement.n
        for v in verdicts
        if v.status == "wrong"
        and v.statement.written is not None
        and float(v.statement.written.value) in _TRIVIAL
    }
    if not trivial:
        return False
    follows = [v for v in verdicts if v.status == "carried" and trivial & set(v.carried_from)]
    return len(follows) * 3 >= len(verdicts)
