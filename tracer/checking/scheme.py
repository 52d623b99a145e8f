"""The marking scheme: points for each statement, a cap on carrying, and flags.

Takes a `Marking` of the model's; gives what a statement of some status earns, and settles
the verdicts of a sheet: carried points are cut down to their cap, and a sheet that lives
on trivial wrong values, or counts errors the other way round, is flagged for whoever marks.
Read by `judging` and `marking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction as Rational

from tracer.checking.calculation import Calculation
from tracer.formula.keys import Key
from tracer.model.answer import Marking, Statement
from tracer.model.verdict import Verdict

_SIGNED = ("delta", "da")
"""What has the other sign where an error counts as target minus output."""
_TRIVIAL = (0.0, 1.0, -1.0)
_NOTHING = Rational(0)


class Scheme:
    """What statements are worth and earn, by a marking scheme."""

    def __init__(self, calculation: Calculation, marking: Marking) -> None:
        self.calculation = calculation
        self.marking = marking
        self._shares: dict[str, tuple[Rational, Rational]] = {}

    def earned(
        self, statement: Statement, status: str, severity: str = ""
    ) -> tuple[Rational, Rational]:
        """The points that a statement earns, and those that it might have earned."""
        if severity == "last digit":
            status = severity
        if statement.points is None and not self.marking.points:
            found = self._shares.get(status)
            if found is None:
                each = self.marking.each
                share = self.marking.earns.get(status, _NOTHING)
                found = self._shares[status] = (each * share, each)
            return found
        worth = statement.points if statement.points is not None else self._worth(statement)
        return worth * self.marking.earns.get(status, _NOTHING), worth

    def _worth(self, statement: Statement) -> Rational:
        """The points of the most specific entry: key, name, role, phase."""
        points, each = self.marking.points, self.marking.each
        key = statement.key
        if key is None:
            return points.get("expression", each)
        parsed = Key.parse(key)
        phase = self.calculation.line(key).phase
        for name in (key, parsed.name, parsed.role, phase):
            if name in points:
                return points[name]
        return each

    def settled(self, verdicts: tuple[Verdict, ...]) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
        """The verdicts with carried points capped, and what a marker should look at."""
        carried = [v for v in verdicts if v.status == "carried"]
        if not carried:
            return verdicts, ()
        flags = ["trivial_values"] if _is_gamed(verdicts, carried) else []
        allowed = sum((v.of for v in verdicts), _NOTHING) * self.marking.carried_cap
        earned = sum((v.points for v in carried), _NOTHING)
        if earned > allowed:
            flags.append("carried_cap")
            share = allowed / earned
            verdicts = tuple(
                replace(v, points=v.points * share) if v.status == "carried" else v
                for v in verdicts
            )
        return verdicts, tuple(flags)


def has_other_sign(verdicts: Sequence[Verdict]) -> bool:
    """Whether all deltas of a sheet have the other sign, and nothing built on them is wrong.

    Then it may count errors as target minus output: a convention, and no mistake.
    """
    signed = [v for v in verdicts if v.statement.key and _role(v.statement.key) in _SIGNED]
    turned = [v for v in signed if v.causes and v.causes[0].id == "sign"]
    wrong = [v for v in verdicts if v.status == "wrong"]
    updated = any(v.status in ("correct", "rounded") and _is_update(v) for v in verdicts)
    sound = any(v.status in ("correct", "rounded") for v in signed)
    return bool(turned) and len(turned) == len(wrong) and updated and not sound


def _role(key: str) -> str:
    return Key.parse(key).role


def _is_update(verdict: Verdict) -> bool:
    key = verdict.statement.key
    return key is not None and Key.parse(key).update > 0 and Key.parse(key).role in ("w", "b")


def _is_gamed(verdicts: Sequence[Verdict], carried: Sequence[Verdict]) -> bool:
    """Whether trivial wrong values written early make much after them 'consistent'."""
    trivial = {
        v.statement.n
        for v in verdicts
        if v.status in ("wrong", "too coarse")
        and v.statement.written is not None
        and float(v.statement.written.value) in _TRIVIAL
    }
    follows = [v for v in carried if trivial & set(v.carried_from)]
    return len(follows) * 3 >= len(verdicts)
