"""Every layer type: forward pass and gradients beside an independent one and its differences."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest

import tracer
from tests.backprop.layering.cases import CASES, NAMED, problem_of
from tests.oracles.layers import Network, central_differences, number
from tracer.calculus.layers import LAYERS
from tracer.model.trace import Trace


def traced(name: str, **more: Any) -> Trace:
    """The exact trace of a case."""
    rounding = {"policy": "exact"}
    return tracer.trace(problem_of(name, rounding=rounding, **more))


def learnt(found: Trace) -> dict[str, mpmath.mpf]:
    """The numbers of all parameters before the first update."""
    updated = [s.parsed.at(0) for s in found if s.rule == "update" and s.update == 1]
    return {str(key): number(found[str(key)].text) for key in updated}


def value(found: Trace, key: str) -> mpmath.mpf:
    return number(found[key].exact)


def test_every_type_has_a_case() -> None:
    """The cases and the table of layers have the same types."""
    assert set(CASES) == set(LAYERS)


@pytest.mark.parametrize("name", NAMED)
def test_gradients_are_central_differences(name: str) -> None:
    """Loss to 30 digits, every gradient to 1e-15, at 60 digits; and one update of each."""
    with mpmath.workdps(60):
        found = traced(name)
        parameters = learnt(found)
        loss = Network(NAMED[name], parameters).loss()
        assert mpmath.almosteq(value(found, "loss"), loss, 1e-30, 1e-30)
        for key, gradient in central_differences(NAMED[name], parameters).items():
            own = value(found, f"d{key}") if f"d{key}" in found else mpmath.mpf(0)
            assert mpmath.almosteq(own, gradient, 1e-15, 1e-15), key
            new = parameters[key] - mpmath.mpf("0.1") * own
            assert mpmath.almosteq(value(found, f"{key}@1"), new, 1e-30, 1e-30), key


@pytest.mark.parametrize("name", NAMED)
def test_proofs_hold(name: str) -> None:
    """`prove`: central differences of all parameters, and where the network is small enough
    the SymPy derivative of the whole loss; none disagrees."""
    results = tracer.prove(traced(name))
    assert results
    assert [result for result in results if not result.agrees] == []
