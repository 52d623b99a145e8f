"""Reports made by hand: verdicts and causes as a checker would give them, without one.

The network is 2-1-1 with sigmoids; the student wrote two or four digits.  All numbers of
the sheet and of the verdicts are worked out by hand: 0.4*0.65 = 0.26, and so on.
"""

from __future__ import annotations

from fractions import Fraction

from tracer import loads
from tracer import trace as traced
from tracer.formula.parsing import parse
from tracer.model.answer import Link, Sheet, Statement, written
from tracer.model.trace import Trace
from tracer.model.verdict import Cause, Report, Verdict

PROBLEM = """\
name: A small network
inputs: [0.5, 0.8]
targets: [1]
layers:
  - {weights: [[0.15, 0.25]], biases: [0.35]}
  - {weights: [[0.4]], biases: [0.6]}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
"""
TRACE: Trace = traced(loads(PROBLEM))


def statement(n: int, key: str, text: str | None, name: str = "", **more: object) -> Statement:
    """Statement `n`, standing in line `n` + 1, below a head."""
    number = None if text is None else written(text)
    return Statement(n, name or key, parse(key), number, line=n + 1, **more)  # type: ignore[arg-type]


def wrong(stated: Statement, own: float, true: float, *causes: Cause, **more: object) -> Verdict:
    """A wrong statement, far off."""
    facts: dict[str, object] = {"severity": "large", "own": own, "expected": true, **more}
    return Verdict(stated, "wrong", causes=causes, **facts)  # type: ignore[arg-type]


def right(stated: Statement) -> Verdict:
    """A correct statement."""
    value = None if stated.written is None else float(stated.written.value)
    return Verdict(stated, "correct", expected=value, points=Fraction(1))


def report(*verdicts: Verdict, filled: tuple[str, ...] = (), **sheet: object) -> Report:
    """A report of these verdicts."""
    statements = tuple(verdict.statement for verdict in verdicts)
    return Report(
        "A small network",
        Sheet(statements, **sheet),  # type: ignore[arg-type]
        verdicts,
        filled,
        trace=TRACE,
    )


MISSING_BIAS = Cause(
    "missing_bias", "z2[1]", parse("w2[1,1]*a1[1]"), {"w2[1,1]": 0.4, "a1[1]": 0.65}, 0.26
)


def small() -> Report:
    """Two right numbers, the bias left out, one number carried from that, one missing."""
    z2 = statement(3, "z2[1]", "0.26", "net of the output")
    a2 = statement(4, "a2[1]", "0.565", "output")
    return report(
        right(statement(1, "z1[1]", "0.625")),
        right(statement(2, "a1[1]", "0.65")),
        wrong(z2, 0.86, 0.860541, MISSING_BIAS),
        Verdict(
            a2, "carried", expected=0.70279, own=0.56464, carried_from=(3,), points=Fraction(1)
        ),
        Verdict(statement(5, "loss", None), "missing", expected=0.044167),
        unread=(9,),
    )


def upstream() -> Report:
    """The weight after the update in an error that the sheet does not show."""
    formula = parse("w2[1,1]@1*delta2[1]")
    cause = Cause(
        "updated_weight", "da1[1]", formula, {"w2[1,1]@1": 0.42, "delta2[1]": -0.062}, -0.0059
    )
    return report(
        right(statement(1, "a1[1]", "0.65")),
        right(statement(2, "delta2[1]", "-0.062")),
        right(statement(3, "slope1[1]", "0.2275")),
        right(statement(4, "w2[1,1]@1", "0.42")),
        wrong(statement(5, "delta1[1]", "-0.0059"), -0.005642, -0.005638, cause),
        filled=("da1[1]",),
    )


def method() -> Report:
    """A loss that comes out only if a mistake is made in every line of a rule."""
    formula = parse("w2[1,1]@1*delta2[1]")
    facts = {"method": "updated_weight"}
    cause = Cause("updated_weight", "da1[1]", formula, {}, 0.0433, "true", facts)
    return report(wrong(statement(1, "loss@1", "0.0433"), 0.0431, 0.0431, cause))


def turned() -> Report:
    """A sheet that writes errors as target minus output, one of them with a lost slope."""
    delta2 = statement(1, "delta2[1]", "0.062", "delta_2", negated=True)
    delta1 = statement(2, "delta1[1]", "0.0248", "delta_1", negated=True)
    cause = Cause("missing_slope", "delta1[1]", parse("-da1[1]"), {"da1[1]": -0.0248}, 0.0248)
    return report(right(delta2), wrong(delta1, 0.005642, 0.005638, cause))


def chain() -> Report:
    """A written chain of which one step is false."""
    links = (
        Link(parse("0.15*0.5 + 0.25*0.8 + 0.35"), "0.15*0.5 + 0.25*0.8 + 0.35"),
        Link(parse("0.075 + 0.02 + 0.35"), "0.075 + 0.02 + 0.35"),
    )
    stated = statement(1, "z1[1]", "0.445", links=links)
    return report(wrong(stated, 0.625, 0.625, Cause("arithmetic", "z1[1]"), false_link=2))


def clean() -> Report:
    """Nothing is wrong."""
    return report(right(statement(1, "z1[1]", "0.625")), right(statement(2, "a1[1]", "0.65")))


HOSTILE = "<script>alert(1)</script> | $x_1$ \\input{/etc/passwd} **b** \x1b[31m & `c` %"


def hostile() -> Report:
    """Names and texts that mean something in some format."""
    first = statement(1, "z1[1]", "0.9", HOSTILE)
    verdict = wrong(first, 0.625, 0.625, Cause("unexplained"))
    sheet = Sheet((first,), skipped=(HOSTILE,))
    return Report(HOSTILE, sheet, (verdict,), trace=TRACE)


ALL = {
    "small": small,
    "upstream": upstream,
    "method": method,
    "turned": turned,
    "chain": chain,
    "clean": clean,
    "hostile": hostile,
}
"""Every report made here, by name."""
