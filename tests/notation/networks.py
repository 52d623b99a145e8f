"""Networks of many kinds, for tests that hold for every name of every notation."""

from __future__ import annotations

from functools import cache
from typing import Any

from tracer.backprop.tracing import trace
from tracer.model.conventions import Conventions
from tracer.model.problem import Dense, Problem, Report

MEAN = {"loss": "squared_error", "reduction": "mean"}
RATE = {"settings": {"rate": "0.5"}}
FOUR: dict[str, Any] = {
    "inputs": [[0, 0], [0, 1], [1, 0], [1, 1]],
    "targets": [[0], [1], [1], [0]],
}


def rows(units: int, before: int) -> list[list[str]]:
    """Weights that differ from one another."""
    return [[f"0.{i + 1}{j + 1}" for j in range(before)] for i in range(units)]


TWO_TWO_TWO = Problem(
    inputs=["0.05", "0.10"],
    targets=["0.01", "0.99"],
    layers=[
        Dense(2, weights=[["0.15", "0.20"], ["0.25", "0.30"]], biases="0.35"),
        Dense(2, weights=[["0.40", "0.45"], ["0.50", "0.55"]], biases="0.60"),
    ],
    loss="half_squared_error",
    report={"MSE": Report("mean_squared_error")},
    **RATE,
)
TWO_TWO_ONE = Problem(
    inputs=["0.35", "0.7"],
    targets=["0.5"],
    layers=[
        Dense(2, weights=[["0.2", "0.2"], ["0.3", "0.3"]]),
        Dense(1, weights=[["0.3", "0.9"]]),
    ],
    loss="half_squared_error",
    conventions=Conventions(delta="t-o"),
    **RATE,
)
THREE_TWO_ONE = Problem(
    inputs=["1", "0", "1"],
    targets=["1"],
    layers=[
        Dense(2, weights=rows(2, 3), biases=["-0.4", "0.2"]),
        Dense(1, weights=[["-0.3", "-0.2"]], biases=["0.1"]),
    ],
    loss="half_squared_error",
    conventions=Conventions(delta="t-o"),
    **RATE,
)
BATCH = Problem(
    **FOUR,
    layers=[
        Dense(2, weights=rows(2, 2), biases=["0.1", "0.2"]),
        Dense(1, weights=rows(1, 2), biases="0.3"),
    ],
    updates=3,
    **MEAN,
    **RATE,
)
WIDE = Problem(
    inputs=[["1", "2", "3", "4"], ["4", "3", "2", "1"]],
    features=("size", "number of rooms", "age", "x9"),
    targets=[[1, 0], [0, 1]],
    layers=[
        Dense(12, "tanh", rows(12, 4), [f"0.{i}" for i in range(1, 13)]),
        Dense(3, "relu", rows(3, 12), "0.5"),
        Dense(2, "softmax", rows(2, 3), ["0.1", "0.2"]),
    ],
    loss="cross_entropy",
    reduction="mean",
    **RATE,
)
SOFTMAX_IN_FULL = Problem(
    inputs=["1", "2"],
    targets=[1, 0],
    layers=[Dense(2, "softmax", rows(2, 2), ["0.1", "0.2"])],
    loss="cross_entropy",
    conventions=Conventions(shortcut="never"),
    **RATE,
)
CHAIN = Problem(
    inputs=["1"],
    targets=["0"],
    layers=[Dense(1, weights=[["0.5"]], biases=["0.1"]) for _ in range(3)],
    updates=5,
    loss="half_squared_error",
    **RATE,
)
SPARSE = Problem(
    inputs=["1", "2"],
    targets=["0"],
    layers=[
        Dense(2, weights=[["0.1", "."], [".", "0.2"]], biases="0.5"),
        Dense(1, weights=[["0.3", "0.4"]]),
    ],
    loss="half_squared_error",
    freeze=("biases",),
    **RATE,
)
CONVOLUTION = Problem(
    given={"X": [[1, 2, 0], [0, 1, 3], [2, 1, 0]], "K": [["0.5", "-0.2"], ["0.1", "0.4"]]},
    equations=["Y = conv(X, K)", "p = sigmoid(sum(Y))", "L = -log(p)"],
    loss="L",
    learn=["K"],
    **RATE,
)
RECURRENT = Problem(
    given={"x1": "1", "x2": "0.5", "h0": "0", "Wxh": "1", "Whh": "0.5", "theta": "2", "y2": "1"},
    equations=[
        "z1 = Wxh*x1 + Whh*h0", "h1 = tanh(z1)", "z2 = Wxh*x2 + Whh*h1", "h2 = tanh(z2)",
        "yh2 = theta*h2", "E = 0.5*(yh2 - y2)**2",
    ],
    loss="E",
    learn=["Wxh", "Whh", "theta"],
    updates=3,
    **RATE,
)  # fmt: skip
ATTENTION = Problem(
    given={"X1": [[1, 0], [0, 1]], "W_k": [[1, 2], [0, 1]], "W_q": [[1, 2], [3, 4]], "b_1": "1"},
    equations=["y_out = softmax((X1 @ W_q) @ (X1 @ W_k).T) @ X1", "L = sum(y_out)*b_1"],
    loss="L",
    learn=["W_q", "W_k", "b_1"],
    updates=2,
    **RATE,
)
NETWORKS = {
    "2-2-2": TWO_TWO_TWO,
    "2-2-1": TWO_TWO_ONE,
    "3-2-1": THREE_TWO_ONE,
    "batch": BATCH,
    "wide": WIDE,
    "softmax in full": SOFTMAX_IN_FULL,
    "chain": CHAIN,
    "sparse": SPARSE,
    "convolution": CONVOLUTION,
    "recurrent": RECURRENT,
    "attention": ATTENTION,
}


@cache
def keys_of(network: str) -> tuple[str, ...]:
    """Every quantity of a network's calculation, with the values of an optimizer's memory."""
    keys = trace(NETWORKS[network]).keys()
    memory = [f"velocity.{key}" for key in keys if key[0] in "wb" and key[1].isdigit()]
    return (*keys, *memory)
