"""Exact arithmetic with error bounds: what is 0 is 0, and nothing else is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer.backprop.tracing import trace
from tracer.formula.bounding import Approximate, Bounding
from tracer.formula.evaluating import Evaluator
from tracer.formula.parsing import parse
from tracer.model.problem import Dense, Problem
from tracer.model.rounding import Precision, Rounding

SHOWN = Rounding(Precision(figures=5), policy="shown")
ZEROS = [
    "log(exp(x)) - x",
    "sqrt(x)**2 - x",
    "exp(x)*exp(-x) - 1",
    "exp(x + y) - exp(x)*exp(y)",
    "tanh(x) - (exp(x) - exp(-x))/(exp(x) + exp(-x))",
    "exp(x)/(exp(x) + exp(y)) + exp(y)/(exp(x) + exp(y)) - 1",
    "Phi(x) + Phi(-x) - 1",
    "log(x*y) - log(x) - log(y)",
    "x**0.3*x**0.7 - x",
]
NUMBERS = st.fractions(Fraction(1, 10), 5, max_denominator=1000)


def value(formula: str, x: Fraction, y: Fraction) -> object:
    """The formula's value in bounded arithmetic."""
    return Evaluator(Bounding(68))(parse(formula), {"x": x, "y": y})


@pytest.mark.parametrize("formula", ZEROS)
@given(x=NUMBERS, y=NUMBERS)
def test_what_is_0_is_0(formula: str, x: Fraction, y: Fraction) -> None:
    """Identities of exp, log and the like leave nothing behind."""
    assert value(formula, x, y) == 0


@pytest.mark.parametrize("formula", ZEROS)
@given(x=NUMBERS, y=NUMBERS)
def test_what_is_small_stays(formula: str, x: Fraction, y: Fraction) -> None:
    """The same with 1e-40 more are not taken for 0."""
    found = value(f"{formula} + 1e-40*exp(1)", x, y)
    assert abs(Decimal(str(found)) - Decimal("2.718281828e-40")) < Decimal("1e-48")


FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "tanh": mpmath.tanh,
    "phi": mpmath.npdf,
    "Phi": mpmath.ncdf,
}


@pytest.mark.parametrize("function", FUNCTIONS)
@given(x=NUMBERS, y=NUMBERS)
def test_the_bound_holds(function: str, x: Fraction, y: Fraction) -> None:
    """f(e^x * y / x^2) lies within its bound of what mpmath says with 60 digits."""
    arithmetic = Bounding(20)
    inner = Evaluator(arithmetic)(parse("exp(x)*y/exp(2)/x**2.5"), {"x": x, "y": y})
    found = arithmetic.call(function, [inner])
    assert isinstance(found, Approximate)
    with mpmath.workdps(60):
        a, b = (mpmath.mpf(n.numerator) / n.denominator for n in (x, y))
        true = FUNCTIONS[function](mpmath.exp(a) * b / mpmath.exp(2) / a ** mpmath.mpf("2.5"))
        assert abs(true - mpmath.mpf(str(Decimal(found)))) <= mpmath.mpf(str(found.error))


@pytest.mark.parametrize("function", ["exp", "phi", "Phi"])
def test_a_bound_is_small_beside_a_small_number(function: str) -> None:
    """At -e^3 all three are below 1e-8, and keep 15 of their 20 digits."""
    arithmetic = Bounding(20)
    inner = Evaluator(arithmetic)(parse("-exp(x)"), {"x": Fraction(3)})
    found = arithmetic.call(function, [inner])
    assert isinstance(found, Approximate)
    assert 0 < found.error < Decimal("1e-15") * found < Decimal("1e-23")


def test_a_bias_shared_before_a_softmax_has_no_gradient() -> None:
    """Softmax does not change when all sums grow alike: 0, where 1e-67 used to stand."""
    found = trace(
        Problem(
            inputs=["0.5", "0.8"],
            targets=["0", "1", "0"],
            layers=[Dense(3, "softmax", [["0.1", "0.2"], ["0.3", "0.4"], ["0.5", "0.7"]], "0.3")],
            loss="cross_entropy",
            settings={"rate": "0.5"},
            rounding=SHOWN,
        )
    )
    assert found["db1"].text == "0"
    assert found["db1"].exact == 0
    assert found["b1@1"].text == "0.3"


def test_shifted_logits_have_gradients_that_add_up_to_0() -> None:
    """The same in an equation network, where a constant is added to all of them."""
    found = trace(
        Problem(
            given={"z": ["0.3", "1.1", "-0.7"], "c": "0.5"},
            equations=["p = softmax(z + c)", "L = -log(p[2])"],
            loss="L",
            rounding=SHOWN,
        )
    )
    assert found["dc"].exact == 0
    assert found["dc"].text == "0"


def test_a_small_difference_is_no_residue() -> None:
    """1 - tanh(z)**2 at z = 40 is 7.2e-35 and stays so beside a sum that is 0."""
    found = trace(
        Problem(
            given={"z": "40", "x": "0.3"},
            equations=["s = 1 - tanh(z)**2", "n = log(exp(x)) - x"],
            rounding=SHOWN,
        )
    )
    assert found["n"].text == "0"
    assert found["s"].text == "7.2194e-35"  # 4*exp(-80)
