"""Problems that tests of long runs share."""

from __future__ import annotations

from typing import Any

import numpy as np

from tracer.model.problem import Dense, Problem

INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
TARGETS = [[0], [1], [1], [0]]


def xor(**changes: Any) -> Problem:
    """Article 000's network and data, its numbers drawn anew in the article's order."""
    draw = np.random.RandomState(1).uniform
    w1, b1 = draw(size=(2, 2)), draw(size=(1, 2))
    w2, b2 = draw(size=(2, 1)), draw(size=(1, 1))
    chosen: dict[str, Any] = {
        "inputs": INPUTS,
        "targets": TARGETS,
        "layers": [
            Dense(2, "sigmoid", w1.T.tolist(), b1[0].tolist()),
            Dense(1, "sigmoid", w2.T.tolist(), b2[0].tolist()),
        ],
        "loss": "half_squared_error",
        "settings": {"rate": "0.1"},
        "updates": 10_000,
    }
    return Problem(**{**chosen, **changes})


def running_away(rate: str = "1.5") -> Problem:
    """One weight and a learning rate under which it grows beyond all bounds."""
    return Problem(
        inputs=["1"],
        targets=["3"],
        layers=[Dense(1, "identity", [["0.5"]])],
        loss="squared_error",
        settings={"rate": rate},
    )
