"""Mistakes that the tables of planted ones do not hold, each on a line worked out by hand."""

from __future__ import annotations

import math

import pytest

from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.files.problem_text import read_text
from tracer.files.sheets import read_sheet
from tracer.model.trace import Trace

TWO_OUTPUTS = """
inputs: [0.4, 0.9]
targets: [0, 1]
layers:
  - {activation: identity, weights: [[0.5, -0.3], [0.2, 0.7]], biases: false}
loss: LOSS
optimizer: {gradient_descent: {rate: 0.1}}
"""
"""Outputs -0.07 and 0.71; errors -0.07 and -0.29."""


def network(loss: str) -> Trace:
    """The network of two outputs with a loss."""
    return trace(read_text(TWO_OUTPUTS.replace("LOSS", loss), "<text>").problem, prove=False)


CASES = {
    "inputs interchanged": ("half_squared_error", "z1[2]", "0.460", "swapped_index"),
    "a half left out of every term": ("half_squared_error", "loss", "0.0890", "missing_half"),
    "a 2 that had cancelled": ("mean_squared_error", "da1[2]", "-0.145", "factor_two"),
    "a 2 left out": ("squared_error", "da1[2]", "-0.29", "factor_two"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_named_first(case: str) -> None:
    """0.2*0.9 + 0.7*0.4 = 0.460; 0.0049 + 0.0841 = 0.0890; half of the error 0.29; the error."""
    loss, key, written, cause = CASES[case]
    (verdict,) = check(network(loss), {key: written}).verdicts
    assert verdict.status == "wrong"
    assert verdict.causes[0].id == cause
    assert verdict.causes[0].value == pytest.approx(float(written), rel=1e-14)


INSIDE = """
given: {x: 0.5, w: 0.8, b: 0.1, o: 0.9}
equations:
  - g = tanh(w*x + b)
  - h = o*tanh(g)
  - L = 0.5*h**2
loss: L
learn: [w]
optimizer: {gradient_descent: {rate: 0.1}}
"""
"""g 0.462117, h 0.388627; dL/dg 0.388627*0.9*(1 - tanh(0.462117)^2) = 0.284548; dL/dw 0.111891."""
SLOPES = {
    "of a function inside a line, at its argument": ("dg", "0.27507", "slope_at_activation"),
    "of another function, where the sum has no name": ("dw", "0.035364", "wrong_slope"),
}


@pytest.mark.parametrize("case", SLOPES)
def test_slopes_of_functions_inside_a_line(case: str) -> None:
    """0.388627*0.9*(1 - 0.462117^2) = 0.27507; 0.284548*0.462117*(1 - 0.462117)*0.5 = 0.035364."""
    key, written, cause = SLOPES[case]
    sheet = {"g": "0.462117", "h": "0.388627", "dg": "0.284548"} | {key: written}
    report = check(trace(read_text(INSIDE, "<text>").problem, prove=False), sheet)
    assert report.verdicts[-1].causes[0].id == cause
    assert report.verdicts[-1].causes[0].value == pytest.approx(float(written), rel=1e-4)


TWO_THREE_ONE = """
inputs: [0.6, -1.2]
targets: [0.5]
layers:
  - activation: tanh
    weights: [[0.3, -0.4], [0.8, 0.1], [-0.5, 0.7]]
    biases: [0.1, -0.2, 0.05]
  - {activation: tanh, weights: [[0.6, -0.9, 0.25]], biases: [0.15]}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.2}}
"""


def test_a_mistake_in_one_cell_is_believed_in_the_next() -> None:
    """New weights 0.6383, -0.8905 in both hidden deltas, whose da the sheet does not show.

    0.6383*-0.2985*(1 - 0.6411^2) = -0.1122; -0.8905*-0.2985*(1 - 0.1586^2) = 0.2591, of which
    four digits alone would not tell the new weight from a slip of the calculator.
    """
    sheet = {"a1[1]": "0.6411", "a1[2]": "0.1586", "a1[3]": "-0.7969", "a2[1]": "0.1903",
             "delta2[1]": "-0.2985", "dw2[1,1]": "-0.1914", "dw2[1,2]": "-0.0473",
             "delta1[1]": "-0.1122", "delta1[2]": "0.2591",
             "w2[1,1]@1": "0.6383", "w2[1,2]@1": "-0.8905"}  # fmt: skip
    report = check(trace(read_text(TWO_THREE_ONE, "<text>").problem, prove=False), sheet)
    wrong = [verdict for verdict in report.verdicts if verdict.status == "wrong"]
    assert [verdict.causes[0].id for verdict in wrong] == ["updated_weight", "updated_weight"]


COARSE = {
    "w2[1,1]@1": "0.54", "w2[1,2]@1": "-0.25", "w2[1,3]@1": "-0.36", "b2[1]@1": "-0.03",
}  # fmt: skip
THREE_HIDDEN = """
inputs: [1, 0]
targets: [1]
layers:
  - {activation: sigmoid, weights: [[0.2, 0.3], [0.3, 0.1], [-0.1, -0.1]], biases: [0.3, 0.3, 0.3]}
  - {activation: sigmoid, weights: [[0.49, -0.31, -0.41]], biases: [-0.12]}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.2}}
"""


def test_what_coarse_numbers_share_is_believed() -> None:
    """Two digits agree with much by accident; four steps the wrong way round are no accident.

    0.49 + 0.2*0.46*0.55 = 0.54, -0.31 + 0.2*0.46*0.65 = -0.25, -0.41 + 0.2*0.46*0.55 = -0.36
    and -0.12 + 0.2*0.46 = -0.03, where each is subtracted.
    """
    sheet = {"a1[1]": "0.55", "a1[2]": "0.65", "a1[3]": "0.55", "delta2[1]": "0.46", **COARSE}
    report = check(trace(read_text(THREE_HIDDEN, "<text>").problem, prove=False), sheet)
    found = [report.verdicts[n].causes[0].id for n in range(4, 8)]
    assert found == ["added_for_subtracted"] * 4


NEIGHBOURS = """
given: {A: [[0.5, 1.5], [2, 1]], B: [[0.7, 0.2], [0.4, 1.1]], x: [1.3, 0.6]}
equations:
  - u = A @ x
  - v = B @ x
  - s = u*v
"""


def test_the_same_cell_of_another_array() -> None:
    """u = [1.55, 3.2] and v = [1.03, 1.18]: 3.2*1.18 = 3.776; with u for v it is 10.24."""
    sheet = {"u[1]": "1.55", "u[2]": "3.2", "v[1]": "1.03", "v[2]": "1.18", "s[2]": "10.24"}
    report = check(trace(read_text(NEIGHBOURS, "<text>").problem, prove=False), sheet)
    assert report.verdicts[-1].causes[0].id == "wrong_quantity"


def test_what_others_build_on_is_no_misprint() -> None:
    """One line uses the right number, two build on the wrong one: it was worked with."""
    right = trace(read_text(THREE_HIDDEN, "<text>").problem, prove=False)
    sheet = {"a1[1]": "0.6225", "a1[2]": "0.6457", "a1[3]": "0.5498", "z2[1]": "-0.2406",
             "a2[1]": "0.4701", "loss": "0.1567", "delta2[1]": "-0.1320", "dw2[1,1]": "-0.0822",
             "dw2[1,2]": "-0.0852"}  # fmt: skip
    first = check(right, sheet).first_mistake
    assert first is not None
    assert first.statement.name == "a2[1]"
    assert "misprint" not in [cause.id for cause in first.causes]


def test_a_mistake_of_method_in_an_output_after_the_update() -> None:
    """The new weights in the hidden deltas, worked through in plain Python to the next output."""

    def sigmoid(z: float) -> float:
        return 1 / (1 + math.exp(-z))

    hidden = [[0.2, 0.3, 0.3], [0.3, 0.1, 0.3], [-0.1, -0.1, 0.3]]
    out, bias = [0.49, -0.31, -0.41], -0.12
    a = [sigmoid(w[0] + w[2]) for w in hidden]  # the inputs are 1 and 0
    y = sigmoid(sum(w * x for w, x in zip(out, a, strict=True)) + bias)
    delta = (y - 1) * y * (1 - y)
    out = [w - 0.2 * delta * x for w, x in zip(out, a, strict=True)]
    back = [delta * w * x * (1 - x) for w, x in zip(out, a, strict=True)]  # w is the new one
    a = [sigmoid(w[0] + w[2] - 2 * 0.2 * d) for w, d in zip(hidden, back, strict=True)]
    y = sigmoid(sum(w * x for w, x in zip(out, a, strict=True)) + bias - 0.2 * delta)
    right = trace(read_text(THREE_HIDDEN, "<text>").problem, prove=False)
    (verdict,) = check(right, {"a2[1]@1": f"{y:.10f}"}).verdicts
    assert verdict.status == "wrong"
    assert verdict.causes[0].id == "updated_weight"
    assert verdict.causes[0].value == pytest.approx(y, rel=1e-12)


OWN_INCREMENT = """
inputs: [0.53]
targets: [1]
layers: [{activation: identity, weights: [[0.8]], biases: false}]
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.1}}
steps: {increment: own}
"""
INCREMENTS = {
    "the rate once more": ("0.8030528", "rate_twice"),
    "twice": ("0.861056", "applied_twice"),
    "turned round": ("0.769472", "added_for_subtracted"),
}


@pytest.mark.parametrize("case", INCREMENTS)
def test_an_increment_with_a_line_of_its_own_is_misused(case: str) -> None:
    """The increment is -0.1*(0.424 - 1)*0.53 = 0.030528, to be added once to 0.8."""
    text, cause = INCREMENTS[case]
    sheet = {"dw1[1,1]": "-0.30528", "increment.w1[1,1]": "0.030528", "w1[1,1]@1": text}
    report = check(trace(read_text(OWN_INCREMENT, "<text>").problem, prove=False), sheet)
    assert [verdict.status for verdict in report.verdicts] == ["correct", "correct", "wrong"]
    assert report.verdicts[-1].causes[0].id == cause
    assert report.verdicts[-1].causes[0].value == pytest.approx(float(text), rel=1e-12)


GATE = """
given: {x: 0.5, h: 0.3, W: 0.25, U: 0.15, b: 0.02}
equations:
  - o = sigmoid(x*W + h*U + b)
"""
"""A gate of a published calculation: 0.125 + 0.045 + 0.02 = 0.19, whose sigmoid is 0.547."""


@pytest.mark.parametrize(
    ("line", "cause"),
    {
        "o = sigmoid(0.5*0.25 + 0.3*0.15 + 0.02) = sigmoid(0.195) = 0.549": "arithmetic",
        "o = sigmoid(0.5*0.25 + 0.3*0.15 + 0.02) = sigmoid(0.19) = 0.540": "function_value",
        "o = 1/(1 + exp(-0.19)) = 1/(1 + 0.8521) = 0.540": "function_value",
    }.items(),
)
def test_where_a_working_goes_wrong(line: str, cause: str) -> None:
    """A step before the last is false: the number itself is no slip of its last digit."""
    found = trace(read_text(GATE, "<text>").problem)
    (verdict,) = check(found, read_sheet(f"{line}\n", found)).verdicts
    assert verdict.status == "wrong"
    assert verdict.causes[0].id == cause


def test_a_new_weight_where_another_update_follows() -> None:
    """0.6383*-0.2985 = -0.19053, of the first update; the second has deltas of its own."""
    sheet = {"delta2[1]": "-0.2985", "w2[1,1]@1": "0.6383", "da1[1]": "-0.19053"}
    twice = TWO_THREE_ONE + "updates: 2\n"
    report = check(trace(read_text(twice, "<text>").problem, prove=False), sheet)
    assert [verdict.status for verdict in report.verdicts] == ["correct", "correct", "wrong"]
    assert report.verdicts[-1].causes[0].id == "updated_weight"
    assert report.verdicts[-1].causes[0].value == pytest.approx(-0.6383 * 0.2985, rel=1e-14)
