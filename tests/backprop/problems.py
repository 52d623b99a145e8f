"""The oracles' random networks as tracer's problems, and comparisons of their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath

from tests.oracles.networks import Network
from tracer.model.conventions import Conventions, Steps
from tracer.model.functions import Activation, Loss
from tracer.model.problem import Dense, Problem
from tracer.model.rounding import Precision, Rounding
from tracer.model.trace import Trace

OWN = {
    "bent_identity": Activation("bent_identity", formula="(sqrt(z**2 + 1) - 1)/2 + z"),
    "log_cosh": Loss("log_cosh", term="log((exp(a - y) + exp(y - a))/2)"),
}
"""What a problem would bring itself: formulas without a declared slope."""

PLENTY = Rounding(Precision(figures=12), policy="shown")


def problem_of(network: Network, **changes: Any) -> Problem:
    """The network as a problem."""
    layers = [
        Dense(
            layer.units,
            OWN.get(layer.activation, layer.activation),  # type: ignore[arg-type]
            layer.weights,
            False if layer.biases is None else layer.biases,
            {"leak": layer.leak} if layer.activation == "leaky_relu" else {},
        )
        for layer in network.layers
    ]
    chosen: dict[str, Any] = {
        "inputs": network.inputs,
        "targets": network.targets,
        "layers": layers,
        "loss": OWN.get(network.loss, network.loss),
        "reduction": network.reduction,
        "written": network.written,
        "settings": {"rate": network.rate},
        "rounding": PLENTY,
        "conventions": Conventions(**network.conventions),
        "steps": Steps(**network.steps),
    }
    return Problem(**{**chosen, **changes})


def exact(found: Trace, key: str) -> mpmath.mpf:
    """A quantity's exact value, at mpmath's present precision."""
    value = found[key].exact
    assert value is not None, key
    if hasattr(value, "numerator"):
        return mpmath.mpf(value.numerator) / value.denominator
    return mpmath.mpf(str(value))


def disagreements(
    found: Trace, expected: Mapping[str, Any], relative: float, absolute: float
) -> list[str]:
    """The expected quantities that the trace gives otherwise, or not at all."""
    wrong = []
    with mpmath.workdps(50):
        for key, value in expected.items():
            if key not in found:
                wrong.append(f"{key} is missing; expected {value}")
                continue
            ours, theirs = exact(found, key), mpmath.mpf(value)
            if abs(ours - theirs) > max(absolute, relative * abs(theirs)):
                wrong.append(f"{key} = {ours}; expected {theirs}")
    return wrong
