"""The proof takes as many digits as a calculation needs, and no more than it can wait for."""

from __future__ import annotations

import pytest

from tracer.backprop.proving import DIGITS, Forward
from tracer.backprop.tracing import trace
from tracer.formula.evaluating import MOST_DIGITS, Exact
from tracer.model.problem import Dense, Problem


@pytest.mark.parametrize(
    ("number", "digits"),
    [("0.1", DIGITS), ("1e-500", DIGITS + 500), ("1e-9999", DIGITS + MOST_DIGITS)],
)
def test_digits_are_bounded(number: str, digits: int) -> None:
    """Numbers that lie 500 powers of ten apart keep theirs; 10,000 would take minutes."""
    problem = Problem(
        inputs=["0.5", number],
        targets=["0.3"],
        layers=[Dense(1, "sigmoid", [["0.4", "1"]], ["0"])],
        loss="half_squared_error",
        settings={"rate": "0.5"},
    )
    found = trace(problem)
    assert found.proof
    assert all(one.agrees for one in found.proof)
    arithmetic = Forward(found).evaluate.arithmetic
    assert isinstance(arithmetic, Exact)
    assert arithmetic.digits == pytest.approx(digits, abs=3)
