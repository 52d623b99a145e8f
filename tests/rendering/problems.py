"""Two small calculations that the page tests print."""

from __future__ import annotations

from typing import Any

from tracer.backprop.tracing import trace
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace


def mazur(**changes: Any) -> Trace:
    """Mazur's 2-2-2 network, whose numbers anyone can look up in his article."""
    return trace(
        Problem(
            **{
                "name": "Mazur 2-2-2",
                "inputs": ["0.05", "0.10"],
                "targets": ["0.01", "0.99"],
                "layers": [
                    Dense(2, "sigmoid", [["0.15", "0.20"], ["0.25", "0.30"]], "0.35"),
                    Dense(2, "sigmoid", [["0.40", "0.45"], ["0.50", "0.55"]], "0.60"),
                ],
                "loss": "half_squared_error",
                "settings": {"rate": "0.5"},
                "freeze": ["biases"],
                "notation": "mazur",
                **changes,
            }
        )
    )


def convolution(**changes: Any) -> Trace:
    """A convolution, a sigmoid and a logarithm, as an equation network."""
    return trace(
        Problem(
            **{
                "given": {
                    "X": [["1", "2", "0"], ["0", "1", "3"], ["2", "1", "0"]],
                    "K": [["0.5", "-0.2"], ["0.1", "0.4"]],
                },
                "equations": ["Y = conv(X, K)", "p = sigmoid(sum(Y))", "L = -log(p)"],
                "loss": "L",
                "learn": ["K"],
                "settings": {"rate": "0.1"},
                **changes,
            }
        )
    )


def batch(**changes: Any) -> Trace:
    """Two samples through one hidden layer of two units."""
    return trace(
        Problem(
            **{
                "inputs": [["1", "2"], ["0", "-1"]],
                "targets": [["1"], ["0"]],
                "layers": [
                    Dense(2, "relu", [["0.5", "-0.4"], ["0.3", None]], ["0.1", "-0.1"]),
                    Dense(1, "sigmoid", [["0.7", "-0.6"]], ["0.2"]),
                ],
                "loss": "binary_cross_entropy",
                "reduction": "mean",
                "settings": {"rate": "0.1"},
                **changes,
            }
        )
    )
