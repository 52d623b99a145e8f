"""Kinks: where a slope is a convention it is said, in layers and in equations alike."""

from __future__ import annotations

from typing import Any

import pytest

from tracer.backprop.kinks import ELEMENTARY_KINKS
from tracer.backprop.tracing import trace
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.losses import LOSSES
from tracer.formula.grammar import ARRAY_FUNCTIONS, ELEMENTARY
from tracer.model.problem import Dense, Problem


def said(problem: Problem) -> dict[str, str]:
    """The function that each line with a kink is remarked to differentiate."""
    return {
        step.key: remark.facts.get("function", "")
        for step in trace(problem)
        for remark in step.remarks
        if remark.kind.startswith("kink")
    }


def equations(*lines: str, **given: Any) -> Problem:
    """An equation network whose loss is L."""
    return Problem(given=given, equations=lines, loss="L")


CASES = {
    "a relu at 0": (("a = relu(x)", "L = sum(a)"), {"x": ["0", "1"]}, {"dx[1]": "relu"}),
    "written out": (("L = sum(maximum(0, x))",), {"x": ["0", "2"]}, {"dx[1]": "maximum"}),
    "a leak": (("L = sum(leaky_relu(x))",), {"x": ["-1", "0"]}, {"dx[2]": "leaky_relu"}),
    "two ends": (
        ("L = sum(hard_sigmoid(x))",),
        {"x": ["3", "-3", "0"]},
        {"dx[1]": "hard_sigmoid", "dx[2]": "hard_sigmoid"},
    ),
    "abs at 0": (("L = sum(abs(x))",), {"x": ["1", "0"]}, {"dx[2]": "abs"}),
    "equal maxima": (("L = max(x)",), {"x": ["1", "2", "2"]}, {"dx[2]": "max", "dx[3]": "max"}),
    "two equal": (
        ("L = maximum(x, y)",),
        {"x": "2", "y": "2"},
        {"dx": "maximum", "dy": "maximum"},
    ),
    "in a pool": (
        ("L = sum(maxpool(X))",),
        {"X": [["1", "1"], ["0", "1"]]},
        {"dX[1,1]": "max", "dX[1,2]": "max", "dX[2,2]": "max"},
    ),
    "a loss": (
        ("L = mean_absolute_error(y, x)",),
        {"x": ["1", "2"], "y": ["1", "3"]},
        {"dx[1]": "mean_absolute_error", "dy[1]": "mean_absolute_error"},
    ),
    "one's own": (("a = x*heaviside(x)", "L = a"), {"x": "0"}, {"dx": ""}),
    "no tie": (("L = sum(relu(x)) + max(x) + abs(y)",), {"x": ["1", "2"], "y": "3"}, {}),
    "a smooth elu": (("L = sum(elu(x))",), {"x": ["0"]}, {}),
    "a tie that nothing hangs on": (("L = 0*relu(x) + x",), {"x": "0"}, {}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_kink_in_equations_is_said(case: str) -> None:
    """At ties the gradient's line names the function, and only where another slope was possible."""
    lines, given, expected = CASES[case]
    assert said(equations(*lines, **given)) == expected


def test_a_kink_in_layers_is_said() -> None:
    """The slope of each layer, the loss's and the penalty's line, by the same rule."""
    problem = Problem(
        inputs=["1"],
        targets=["1"],
        layers=[Dense(1, "relu", [["0"]]), Dense(1, "hard_sigmoid", [["3"]], "3")],
        loss="mean_absolute_error",
        settings={"rate": "0.5"},
        regularizer="l1",
        strength="0.1",
    )
    assert said(problem) == {
        "da2[1]": "mean_absolute_error",
        "slope2[1]": "hard_sigmoid",
        "slope1[1]": "relu",
        "dw1[1,1]": "l1",
    }


def test_every_function_with_a_corner_says_what_holds_there() -> None:
    """No function of the grammar or of the tables is left without its sentence."""
    corners = {"maximum", "minimum", "abs", "sign", "heaviside"}
    kinked = (corners & set(ELEMENTARY)) - {"sign", "heaviside"}  # their own slope is 0
    assert set(ELEMENTARY_KINKS) == kinked | ({"max"} & set(ARRAY_FUNCTIONS))
    for function in (*ACTIVATIONS.values(), *LOSSES.values()):
        jumps = any(word in function.slope for word in ("heaviside", "sign("))
        assert bool(function.kink) >= jumps, function.name
