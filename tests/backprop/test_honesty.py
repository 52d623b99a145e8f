"""``=`` only where the printed numbers, worked out by somebody else, give the printed result.

The recomputation shares nothing with tracer: the formula's text is read by the oracles'
reader, worked out with 60 digits, and rounded by `Decimal.quantize`.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction as Rational
from functools import partial
from typing import Any

import mpmath
import pytest

from tests.backprop.problems import problem_of
from tests.oracles.networks import KINKS, Layer, mp_number, random_network
from tests.oracles.networks import MPMATH as MP_FUNCTIONS
from tests.oracles.networks import activation as of_layer
from tests.oracles.programs import random_program
from tests.oracles.reading import keyed
from tests.oracles.symbolic import MPMATH
from tracer.backprop.tracing import trace
from tracer.formula.keys import Key
from tracer.formula.writing import write
from tracer.model.problem import Problem
from tracer.model.rounding import EXACT, Precision, Rounding
from tracer.model.step import Step
from tracer.model.trace import Trace

ROUNDINGS = {
    "carried 5": Rounding(Precision(figures=5)),
    "carried 3": Rounding(Precision(figures=3), ties="half_even"),
    "carried places": Rounding(Precision(places=4), roles={"z": EXACT}),
    "shown 5": Rounding(Precision(figures=5), policy="shown"),
    "shown 2": Rounding(Precision(figures=2), policy="shown"),
    "shown roles": Rounding(
        Precision(figures=4), policy="shown", roles={"update": Precision(places=5), "a": EXACT}
    ),
    "exact": Rounding(policy="exact"),
}
MODES = {"half_up": decimal.ROUND_HALF_UP, "half_even": decimal.ROUND_HALF_EVEN}
WIDE = decimal.Context(prec=300)


def activation(name: str, z: mpmath.mpf, *settings: mpmath.mpf) -> mpmath.mpf:
    """An activation as the oracles' forward pass has it; only a leak is ever changed."""
    layer = Layer(1, name, [], None)
    if name == "leaky_relu":
        return max(z, mpmath.mpf(0)) + settings[0] * min(z, mpmath.mpf(0))
    return of_layer(layer, z, MP_FUNCTIONS, mp_number)


FUNCTIONS: dict[str, Any] = {
    **MPMATH,
    "log_cosh": lambda y, a: mpmath.log(mpmath.cosh(a - y)),
    "huber": lambda y, a: min(abs(a - y), 1) ** 2 / 2 + max(abs(a - y) - 1, 0),
    **{name: partial(activation, name) for name in (*KINKS, "identity", "softplus", "silu")},
    **{name: partial(activation, name) for name in ("swish", "gelu", "gelu_tanh", "softsign")},
    "bent_identity": partial(activation, "bent_identity"),
    "ismax": lambda k, *cells: mpmath.mpf(cells.index(max(cells)) + 1 == k),
}


def recomputed(step: Step, found: Trace) -> mpmath.mpf:
    """The step's formula, worked out from the printed texts of its operands."""
    return keyed(write(step.formula), lambda key: mp_number(found[key].text), FUNCTIONS, mp_number)


def rounded(value: mpmath.mpf, precision: Precision, ties: str) -> Decimal:
    """The value as somebody else would round it."""
    number = Decimal(mpmath.nstr(value, 55))
    if number == 0:
        return number
    if precision.exact:
        unit = Decimal(1).scaleb(number.adjusted() - 16)
    elif precision.places is not None:
        unit = Decimal(1).scaleb(-precision.places)
    else:
        assert precision.figures is not None
        unit = Decimal(1).scaleb(number.adjusted() - precision.figures + 1)
    return number.quantize(unit, MODES[ties], WIDE)


def precision_of(step: Step, rounding: Rounding) -> Precision:
    """The declared precision of the step's role."""
    if rounding.policy == "exact":
        return EXACT
    role = {"update": "update", "increment": "increment"}.get(step.rule, Key.parse(step.key).role)
    return rounding.roles.get(role, rounding.precision)


def written_short(text: str, precision: Precision) -> bool:
    """Whether a result has fewer digits than its precision allows."""
    _, digits, exponent = Decimal(text).as_tuple()
    if precision.places is not None:
        return -int(exponent) < precision.places
    return len(digits) < (precision.figures or 0)


def dishonest(found: Trace) -> list[str]:
    """Lines that claim ``=`` and do not hold, or ``≈`` though they hold."""
    wrong = []
    rounding = found.problem.rounding
    with mpmath.workdps(60):
        for step in found:
            if step.rule == "given":
                continue
            precision = precision_of(step, rounding)
            try:
                value = recomputed(step, found)
            except ZeroDivisionError:
                value = mpmath.inf
            if not mpmath.isfinite(value):  # printed too short to be worked out at all
                if step.relation == "=":
                    wrong.append(f"{step}: again {value}")
                continue
            if abs(value) < 1e-45 and Rational(step.text) == 0:
                value = mpmath.mpf(0)  # decimals that cancel, in binary at 60 digits
            again = rounded(value, precision, rounding.ties)
            tiny = precision.places is not None and (again == 0) != (Rational(step.text) == 0)
            if precision.exact:  # 17 figures of 34: the last may differ by one
                error = abs(Rational(again) - Rational(step.text))
                holds = error <= abs(Rational(step.text)) * Rational(1, 10**15)
                honest = step.relation == "≈" or holds
            elif tiny:  # written with figures of its own, as it must not become 0
                honest = True
            else:
                holds = Rational(again) == Rational(step.text)
                short = written_short(step.text, precision)
                if short:  # a result that is written short says that it is exact
                    written = mp_number(step.text)
                    holds = abs(value - written) <= mpmath.mpf(10) ** -30 * abs(written)
                honest = holds == (step.relation == "=")
            if not honest:
                wrong.append(f"{step}: again {again}")
    return wrong


@pytest.mark.parametrize("name", ROUNDINGS)
@pytest.mark.parametrize("seed", range(7000, 7025))
def test_every_line_of_a_network_is_honest(seed: int, name: str) -> None:
    """Forward, loss, backward, update: the printed operands give what is printed."""
    network = random_network(seed, deepest=3, widest=3, batch=2)
    found = trace(problem_of(network, rounding=ROUNDINGS[name]), prove=False)
    assert dishonest(found) == []


@pytest.mark.parametrize("name", ["carried 5", "shown 5", "shown 2"])
@pytest.mark.parametrize("seed", range(0, 120, 6))
def test_every_line_of_a_program_is_honest(seed: int, name: str) -> None:
    """The same for equation networks."""
    program = random_program(seed)
    problem = Problem(
        given=program.given, equations=program.lines, loss="L", rounding=ROUNDINGS[name]
    )
    assert dishonest(trace(problem, prove=False)) == []


@pytest.mark.full
@pytest.mark.parametrize("name", ROUNDINGS)
@pytest.mark.parametrize("seed", range(8000, 8100))
def test_many_more_networks_are_honest(seed: int, name: str) -> None:
    """The long run of the first test."""
    found = trace(problem_of(random_network(seed), rounding=ROUNDINGS[name]), prove=False)
    assert dishonest(found) == []


def test_both_signs_occur() -> None:
    """Rounding in print makes some lines inexact; carrying makes every line exact."""
    network = random_network(7003, deepest=3, widest=3, batch=2)
    shown = trace(problem_of(network, rounding=ROUNDINGS["shown 5"]), prove=False)
    assert {step.relation for step in shown} == {"=", "≈"}
    carried = trace(problem_of(network, rounding=ROUNDINGS["carried 5"]), prove=False)
    assert {step.relation for step in carried} == {"="}
