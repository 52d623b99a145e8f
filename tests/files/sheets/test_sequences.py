"""Names in sequences: states by their time step, shares of a gradient, what programs print.

The network and its numbers are a published exercise's; its gradients were printed there by
NumPy, and the shares of the time steps add up to them.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.files.sheets.traces import stated, traced
from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.files.problem_text import read_text
from tracer.files.sheets import read_sheet
from tracer.formula.parsing import parse
from tracer.model.trace import Trace

PROBLEM = """
inputs: [[0.1], [0.2], [0.3]]
targets: [[0.2], [0.4], [0.6]]
layers:
  - {type: elman, units: 1, W: [[0.5]], U: [[0.5]], b: [0.0]}
  - {units: 1, activation: identity, weights: [[1.0]], biases: [0.0]}
loss: squared_error
reduction: {batch: sum, time: mean}
optimizer: {gradient_descent: {rate: 0.01}}
"""


@cache
def network() -> Trace:
    """The recurrent network, traced."""
    return trace(read_text(PROBLEM).problem)


@pytest.mark.parametrize(
    ("name", "key"),
    {
        "h_2": "elman1.h[1]~2",
        "h^{(3)}": "elman1.h[1]~3",
        r"h^{\langle 1\rangle}": "elman1.h[1]~1",
        "z_1": "elman1.z[1]~1",
        "ŷ_2": "a2[1]~2",
        "L_3": "loss~3",
        "W_xh": "elman1.W[1,1]",
        "dL/dW_hh": "delman1.U[1,1]",
        "dL_dWy": "dw2[1,1]",
        r"\frac{\partial L}{\partial h_2}": "delman1.h[1]~2",
        "δ_3": "delman1.z[1]~3",
        "b_y'": "b2[1]@1",
    }.items(),
)
def test_customary_names(name: str, key: str) -> None:
    """The number below a state, or raised in brackets, is its time step."""
    assert read_sheet(f"{name} = 0.123456\n", network(), "nielsen").statements[0].key == key


@pytest.mark.parametrize(
    "name",
    [
        r"\frac{\partial L}{\partial W_{hh}}\Big|_{t=2}",
        r"\left.\frac{\partial L}{\partial U}\right|_{t=2}",
        "∂L/∂U |_{t=2}",
        "dW_hh^{(2)}",
        "dU (t=2)",
    ],
)
def test_the_share_of_a_time_step(name: str) -> None:
    """What one time step adds to a gradient is its delta times the state before it."""
    (one,) = read_sheet(f"{name} = -0.01517\n", network()).statements
    assert one.formula == parse("delman1.z[1]~2*elman1.h[1]~1")


def test_shares_are_judged() -> None:
    """-0.24925*0.12433 = -0.030989; -0.30364*0.049958 = -0.015169; before step 1 there is none."""
    lines = ["dU^{(3)} = -0.03099", "dU^{(2)} = -0.0157", "dU^{(1)} = 0", "dU = -0.046159"]
    report = check(network(), read_sheet("\n".join([*lines, ""]), network()))
    found = [one.status for one in report.verdicts]
    assert found == ["correct", "wrong", "correct", "correct"]


def test_a_share_where_steps_are_told_by_names() -> None:
    """In equations of one's own the step is the number in the names: h2 is the state at 2."""
    found = traced("catalogue/recurrent.yaml")
    (one,) = read_sheet(
        r"\frac{\partial L}{\partial Wy_{11}}\Big|_{t=2} = 0.1" + "\n", found
    ).statements
    assert one.formula == parse("dy2[1]*h2[1]")


def test_what_a_program_prints() -> None:
    """A name and its number with a colon between are an answer; a count of things is none."""
    text = (
        "Epoch: 1\nh_1 = 0.04995837\nLoss: 0.08378517767647224\nUnits: 3\nlr: 0.01\n"
        "dL_dWh: -0.04615923298359283\nTime: 0.53\n"
    )
    assert stated(read_sheet(text, network())) == [
        ("elman1.h[1]~1", "0.04995837"),
        ("loss", "0.08378517767647224"),
        ("delman1.U[1,1]", "-0.04615923298359283"),
    ]


def test_what_is_worked_out_is_the_output() -> None:
    """Many write y for the output: a target is given, nobody calculates it."""
    text = "t = 1\nh_1 = 0.04996\ny_1 = 1.0*0.04996 + 0 = 0.04996\ny_2 = 0.4\n"
    assert stated(read_sheet(text, network())) == [
        ("elman1.h[1]~1", "0.04996"), ("a2[1]~1", "0.04996"),
    ]  # fmt: skip


def test_labels_of_units() -> None:
    """The label of a hidden unit by itself is its output, as in an exam's key."""
    problem = """
inputs: [2, -1]
targets: [0]
layers:
  - {activation: sigmoid, weights: [[0.5, -0.3], [-0.2, 0.4]], biases: [0.2, -0.1]}
  - {activation: sigmoid, weights: [[0.6, -0.4]], biases: [0.3]}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.1}}
"""
    text = "z_{h1} = 1.5\nh_1 = 0.8176\nz_{h2} = -0.9\nh_2 = 0.2891\nδ_{h1} = 0.01325\n"
    assert [key for key, _ in stated(read_sheet(text, trace(read_text(problem).problem)))] == [
        "z1[1]", "a1[1]", "z1[2]", "a1[2]", "delta1[1]",
    ]  # fmt: skip


MOMENTUM = """
given: {x: 10}
equations:
  - f = (x - 4)**2
loss: f
learn: [x]
optimizer: {momentum_step: {rate: 0.2, beta: 0.9}}
updates: 2
"""
ADAM = """
given: {theta: 5}
equations:
  - f = theta**2
loss: f
learn: [theta]
optimizer: {adam: {rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8}}
updates: 2
"""


def test_iterates_of_an_optimizer() -> None:
    """The number below x, g and v is that of the update: a university's exercise on momentum."""
    text = (
        "g₁ = f'(x₀) = 2(10 - 4) = 12\nv₁ = 0.9(0) - 0.2(12) = -2.4\nx₁ = 10 + (-2.4) = 7.6\n"
        "g₂ = 2(7.6 - 4) = 7.2\nv₂ = 0.9(-2.4) - 0.2(7.2) = -2.16 - 1.44 = -3.6\nx₂ = 4.0\n"
    )
    found = trace(read_text(MOMENTUM).problem)
    sheet = read_sheet(text, found)
    assert [key for key, _ in stated(sheet)] == [
        "dx", "velocity.x@1", "x@1", "dx@1", "velocity.x@2", "x@2",
    ]  # fmt: skip
    assert {one.status for one in check(found, sheet).verdicts} == {"correct"}


def test_iterates_of_adam() -> None:
    """Corrected moments have the number of their update; an epsilon that is left out is none."""
    text = (
        "m_1 = 1\nv_1 = 0.1\n\\hat{m}_1 = 10\n\\hat{v}_1 = 100\n"
        r"\theta_1 = 5 - 0.1 \times \frac{10}{\sqrt{100} + 10^{-8}}"
        r" = 5 - 0.1 \times \frac{10}{10} = 4.9"
        "\ng_2 = 9.8\n"
    )
    found = trace(read_text(ADAM).problem)
    sheet = read_sheet(text, found)
    assert [key for key, _ in stated(sheet)] == [
        "first_moment.theta@1", "second_moment.theta@1", "corrected_first.theta",
        "corrected_second.theta", "theta@1", "dtheta@1",
    ]  # fmt: skip
    report = check(found, sheet)
    assert {(one.status, one.false_link) for one in report.verdicts} == {("correct", None)}
