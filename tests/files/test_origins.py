"""Errors of values are told at the line of the file that the number is worked out by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runs import run
from tracer.files.origins import origin
from tracer.model.problem import Dense, Problem

EQUATIONS = """given: {x: 2, K: [[1, 2], [3, 4]]}
equations:
  - y = 1 - x/2
  - "p = log(y)"
  - L = sum(K)*p
loss: L
"""
SLOPE = """given: {x: 0}
equations:
  - y = sqrt(x)
  - L = 2*y
loss: L
"""
LAYERS = """inputs: [10, 0.8]
targets: [1]
layers:
  - {{weights: [[0.15, 0.25]], biases: [0.35]}}
  - weights: [[9]]
    activation: {{name: mine, formula: "{0}"}}
loss: {1}
optimizer: {{gradient_descent: {{rate: 0.5}}}}
"""


@pytest.mark.parametrize(
    ("text", "place", "message", "line"),
    [
        (EQUATIONS, "4:5", "p: log of 0 does not exist (y = 0)", '  - "p = log(y)"'),
        (SLOPE, "3:5", "dx: division by 0 (dy = 2, y = 0)", "  - y = sqrt(x)"),
        (
            LAYERS.format("1/(z - z)", "half_squared_error"),
            "5:5",
            "a2[1]: division by 0 (z2[1] = ",
            "  - weights: [[9]]",
        ),
        (
            LAYERS.format("z - z", "binary_cross_entropy"),
            "7:7",
            "loss: log of 0 does not exist (y[1] = 1, a2[1] = 0)",
            "loss: binary_cross_entropy",
        ),
        (
            LAYERS.format("exp(10000*z)", "half_squared_error"),
            "5:5",
            "a2[1]: the result is too large",
            "  - weights: [[9]]",
        ),
    ],
    ids=["logarithm", "gradient", "layer", "loss", "overflow"],
)
def test_a_number_that_does_not_exist_has_its_line(
    text: str, place: str, message: str, line: str, tmp_path: Path
) -> None:
    """File, line and column, what and with which numbers, the line, and a caret below it."""
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    for command in ("solve", "prove", "sheet"):
        result = run(command, str(path))
        first, frame, caret = result.stderr.rstrip("\n").split("\n")
        assert (result.exit_code, result.stdout) == (2, "")
        assert first.startswith(f"tracer: {path}:{place}: {message}")
        assert frame == f"{place.split(':')[0]:>5} | {line}"
        column = int(place.split(":")[1])
        assert caret.startswith("      | " + " " * (column - 1) + "^")


def test_the_origins_of_quantities() -> None:
    """Each quantity of a network leads to the entry of the file that defines it."""
    dense = Problem(inputs=[1], targets=[1], layers=[Dense(2), Dense(1)], loss="squared_error")
    for key, path in {
        "z1[1]#2": ("layers", 0),
        "delta2[1]": ("layers", 1),
        "w2[1,2]@3": ("layers", 1),
        "velocity.w1[1,1]@1": ("layers", 0),
        "loss[1]": ("loss",),
        "data_loss": ("loss",),
        "penalty": ("regularizer",),
        "rate@2": ("schedule",),
        "clip_scale": ("clip",),
        "report.MSE": ("report", "MSE"),
        "a0[1]": ("inputs",),
        "y[1]": ("targets",),
        "lstm2.f[1]~2": ("layers", 1),
        "m": (),
        "w7[1,1]": (),
        "not a key": (),
    }.items():
        assert origin(dense, key) == path, key

    equations = Problem(
        given={"X": (("1",),)},
        equations=["O = X@X@X", "loss = sum(O)"],
        loss="loss",
        learn=["X"],
        settings={"rate": "1"},
    )
    for key, path in {
        "O.1[1,1]": ("equations", 0),
        "dO.1[1,1]": ("equations", 0),
        "dO[1,1]": ("equations", 1),
        "loss": ("equations", 1),
        "increment.X[1,1]": ("given", "X"),
        "nowhere": (),
    }.items():
        assert origin(equations, key) == path, key
