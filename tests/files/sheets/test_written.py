"""Ways of writing that published calculations use, each with what it says.

The lines are those of hand calculations that were found in lecture notes, exam keys and
articles; which quantity a line means is read from its own words there.
"""

from __future__ import annotations

import pytest

from tests.files.sheets.traces import stated
from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.files.problem_text import read_text
from tracer.files.sheets import read_sheet
from tracer.model.trace import Trace

LOGISTIC = """
inputs: [3000, 6, 1]
targets: [0]
layers: [{activation: sigmoid, weights: [[0.001, 0.01, -0.005]], biases: [0.1]}]
loss: squared_error
optimizer: {gradient_descent: {rate: 0.00001}}
"""
CHAIN = """
inputs: [3]
targets: [1]
layers:
  - {activation: relu, weights: [[0.5]], biases: [0.2]}
  - {activation: sigmoid, weights: [[0.8]], biases: [-0.5]}
loss: squared_error
optimizer: {gradient_descent: {rate: 0.1}}
"""
WIDE = """
inputs: [0.5, 0.3]
targets: [0.7]
layers:
  - {activation: sigmoid, weights: [[0.3, 0.2], [0.2, 0.3]], biases: false}
  - {activation: identity, weights: [[0.4, 0.5]], biases: false}
loss: squared_error
optimizer: {gradient_descent: {rate: 0.1}}
names: {w5: "w2[1,1]", w6: "w2[1,2]", z_1: "z1[1]", a_1: "a1[1]"}
"""


def traced(problem: str) -> Trace:
    """The trace of a problem that is written here."""
    return trace(read_text(problem).problem)


def test_a_name_on_a_line_of_its_own() -> None:
    """In an aligned equation the name may stand alone, its chain below it."""
    text = (
        "$$\n\\begin{aligned}\n\\frac{\\partial L}{\\partial w_5}\n"
        "&= \\frac{\\partial L}{\\partial \\hat{y_1}} \\cdot a_1 \\\\[10pt]\n"
        "&= -2 \\cdot (0.7 - 0.4943) \\cdot 0.552 \\\\[10pt]\n&= -0.227\n\\end{aligned}\n$$\n"
    )
    (one,) = read_sheet(text, traced(WIDE)).statements
    assert (one.key, one.written and one.written.text, one.line) == ("dw2[1,1]", "-0.227", 3)


def test_words_above_a_continued_line_are_no_name() -> None:
    """What stands above a line that begins with = is a name only if it looks like one."""
    text = "z_1 = 0.3*0.5 + 0.2*0.3 = 0.21\nthe same for the second unit\n= 0.19\n"
    assert stated(read_sheet(text, traced(WIDE))) == [("z1[1]", "0.21")]


def test_a_box_around_the_whole_equation() -> None:
    """A box may hold fractions of derivatives with accents, however deep their braces."""
    line = r"\boxed{\frac{\partial L}{\partial \hat{y}} = 2(\hat{y} - y) = 2(0.702 - 1) = -0.596}"
    assert stated(read_sheet(f"{line}\n", traced(CHAIN)))[-1] == ("da2[1]", "-0.596")


@pytest.mark.parametrize("arrow", [r"\Rightarrow", "=>", "⇒", r"\implies"])
def test_an_arrow_begins_a_statement(arrow: str) -> None:
    """Behind an arrow a new name may stand, in the same line or in the next."""
    told = r"\frac{\partial l}{\partial w_1} = 1.918 \cdot 0.039319 \cdot 3000 = 226.2"
    for gap in (" ", "\n"):
        text = rf"\frac{{\partial z}}{{\partial w_1}} = x_1 = 3000{gap}{arrow} {told}"
        found = stated(read_sheet(f"{text}\n", traced(LOGISTIC)))
        assert found == [("dw1[1,1]", "226.2")], text


def test_an_arrow_before_a_result() -> None:
    """An arrow before a number, or before a sum of numbers, is an equals sign."""
    text = "z_1 = 0.5*3 + 0.2 => 1.5 + 0.2 = 1.7\na_2 = 1/(1+e^-0.86) => 0.703\n"
    assert stated(read_sheet(text, traced(CHAIN))) == [("z1[1]", "1.7"), ("a2[1]", "0.703")]


@pytest.mark.parametrize(
    ("name", "key", "number"),
    [
        (r"\frac{\partial z_2}{\partial w_2}", "a1[1]", "1.7"),
        ("∂z₂/∂a₁", "w2[1,1]", "0.9"),
        ("dz_1/dw_1", "a0[1]", "2"),
        (r"\frac{\partial a_2}{\partial z_2}", "slope2[1]", "0.209"),
    ],
)
def test_derivatives_inside_a_unit(name: str, key: str, number: str) -> None:
    """What a unit's sum changes by is what goes into it, or the weight that it goes through."""
    text = f"z_1 = 1.7\nz_2 = 0.86\n{name} = {number}\n"
    assert stated(read_sheet(text, traced(CHAIN)))[-1] == (key, number)


def test_what_is_one_by_definition_is_no_answer() -> None:
    """The derivative of a sum by its bias, or of the loss by itself, is 1 in any calculation."""
    sheet = read_sheet("z = 3.155\ndz/db = 1\ndL/dL = 1\n", traced(LOGISTIC))
    assert stated(sheet) == [("z1[1]", "3.155")]


def test_a_name_with_its_meaning_in_brackets() -> None:
    """Words in brackets behind a name say what it is, and are no part of it."""
    text = "η (Learning Rate) = 0.00001\nz (net input) = 3.155\n"
    assert stated(read_sheet(text, traced(LOGISTIC))) == [("z1[1]", "3.155")]


@pytest.mark.parametrize("name", [r"\hat{y_1}", r"\hat{y}_1", r"\hat y_1", "ŷ₁", r"\hat{y_{1}}"])
def test_a_hat_over_letter_and_number(name: str) -> None:
    """The hat may stand over the letter alone or over its number as well."""
    assert stated(read_sheet(f"{name} = 0.4943\n", traced(WIDE))) == [("a2[1]", "0.4943")]


def test_small_spaces_after_commas() -> None:
    r"""Statements in one line may be set apart by ``,\;`` of LaTeX."""
    text = r"\(z_1 = 1.7,\; a_1 = 1.7,\; z_2 = 0.86\)"
    assert stated(read_sheet(f"{text}\n", traced(CHAIN))) == [
        ("z1[1]", "1.7"), ("a1[1]", "1.7"), ("z2[1]", "0.86"),
    ]  # fmt: skip


def test_a_derivative_typed_as_in_a_program() -> None:
    """``dL_dw5`` is the derivative of the loss by what is called w5."""
    found = stated(read_sheet("dL_dw5 = -0.227\ndE_da1 = -0.16\n", traced(WIDE)))
    assert found == [("dw2[1,1]", "-0.227"), ("da1[1]", "-0.16")]


TANH = """
inputs: [1, 0]
targets: [1]
layers:
  - activation: tanh
    weights: [[0.8, -0.4], [-0.5, 0.9], [0.3, -0.6], [-0.7, 0.2]]
    biases: [0.1, -0.2, 0.0, 0.3]
  - {activation: sigmoid, weights: [[0.6, -0.3, 0.5, -0.4]], biases: [0.1]}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.1}}
"""
"""A network of a published course, which writes samples as rows and a weight as (from, to)."""

ROWS = r"""
z^{[1]}_1 = 0.9
z^{[1]}_2 = -0.7
a^{[1]}_1 = 0.7163
a^{[1]}_4 = -0.3799
z^{[2]} = 1.0088
\hat{y} = 0.7328
\delta^{[2]} = -0.05231
\frac{\partial L}{\partial W^{[1]}_{11}} = -0.01528
\frac{\partial L}{\partial W^{[1]}_{12}} = +0.00996
\frac{\partial L}{\partial W^{[1]}_{13}} = -0.02394
\frac{\partial L}{\partial W^{[1]}_{14}} = +0.01791
\frac{\partial L}{\partial W^{[1]}_{21}} = 0.00000
"""


def test_numbers_tell_how_weights_are_counted() -> None:
    """One book's layers with another's order of a weight's units: the numbers show it."""
    sheet = read_sheet(ROWS, traced(TANH))
    found = dict(stated(sheet))
    assert (found["dw1[2,1]"], found["dw1[1,2]"]) == ("+0.00996", "0.00000")
    assert found["z1[2]"] == "-0.7"
    assert sheet.recounted
    report = check(traced(TANH), sheet)
    assert {one.status for one in report.verdicts} <= {"correct", "rounded"}
    assert "other_counting" in report.flags


def test_a_notation_that_is_named_is_kept() -> None:
    """Where the notation is told, names mean what it says, whatever the numbers."""
    line = "z^{[1]}_1 = 0.9\ndw^{[1]}_{12} = 0.00996\n"
    sheet = read_sheet(line, traced(TANH), notation="ng")
    assert not sheet.recounted
    assert dict(stated(sheet))["dw1[1,2]"] == "0.00996"


def test_numbers_tell_that_the_first_hidden_layer_is_layer_one() -> None:
    """Layers in round brackets, the input being layer 0: no book of ours writes that."""
    lines = ["z^{(1)}_1 = 0.9", "z^{(1)}_2 = -0.7", "z^{(1)}_3 = 0.3", "a^{(1)}_1 = 0.7163"]
    text = "\n".join([*lines, "z^{(2)} = 1.0088", "a^{(2)} = 0.7328", "δ^{(2)} = -0.05231", ""])
    found = dict(stated(read_sheet(text, traced(TANH))))
    assert (found["z1[3]"], found["z2[1]"], found["delta2[1]"]) == ("0.3", "1.0088", "-0.05231")


def test_numbers_tell_that_weights_are_numbered_by_their_source() -> None:
    """w1 and w2 may both begin at the first input, in a table as well."""
    problem = WIDE[: WIDE.index("names:")].replace("0.3, 0.2], [0.2, 0.3", "0.3, 0.25], [0.2, 0.4")
    rows = ["w1+,0.302", "w2+,0.203", "w3+,0.251", "w4+,0.402"]
    sheet = read_sheet("\n".join(["name,value", *rows, ""]), traced(problem))
    assert [key for key, _ in stated(sheet)] == [
        "w1[1,1]@1", "w1[2,1]@1", "w1[1,2]@1", "w1[2,2]@1",
    ]  # fmt: skip


AFTER = "z_1 = 0.530*3 + 0.2 = 1.79\na_1 = 1.79\nz_2 = 0.821*1.79 + (-0.5) = 0.97\na_2 = 0.725\n"
BEFORE = "z_1 = 0.5*3 + 0.2 = 1.7\na_1 = 1.7\nz_2 = 0.8*1.7 + (-0.5) = 0.86\na_2 = 0.703\n"
"""The forward pass of a published calculation, after its update of the weights and before."""


def test_numbers_tell_that_the_next_pass_has_begun() -> None:
    """Behind updates a forward pass with other numbers is the repeated one, without a word."""
    problem = CHAIN + "freeze: [biases]\n"
    updates = "w2_new = 0.821\nw1_new = 0.530\n"
    names = 'names: {w1: "w1[1,1]", w2: "w2[1,1]"}\n'
    text = f"{BEFORE}{updates}验证\n{AFTER}"
    found = stated(read_sheet(text, traced(problem + names)))
    assert found[4:] == [
        ("w2[1,1]@1", "0.821"), ("w1[1,1]@1", "0.530"),
        ("z1[1]@1", "1.79"), ("a1[1]@1", "1.79"), ("z2[1]@1", "0.97"), ("a2[1]@1", "0.725"),
    ]  # fmt: skip


def test_updates_that_are_left_out() -> None:
    """A sheet that goes on with the next epoch at once is judged in the next epoch."""
    problem = CHAIN + "freeze: [biases]\nupdates: 2\n"
    sheet = read_sheet(BEFORE + AFTER, traced(problem))
    assert [key for key, _ in stated(sheet)[4:]] == ["z1[1]@1", "a1[1]@1", "z2[1]@1", "a2[1]@1"]
    report = check(traced(problem), sheet)
    assert {one.status for one in report.verdicts} <= {"correct", "rounded"}


def test_a_number_that_is_put_right_stays_in_its_pass() -> None:
    """A quantity stated again with a better number, or with a slip, is no next pass."""
    for slip in ("1.07", "1.72", "1.65"):
        text = f"z_1 = {slip}\nz_1 = 1.7\na_1 = 1.7\nz_2 = 0.86\nz_1 = {slip}\n"
        keys = [key for key, _ in stated(read_sheet(text, traced(CHAIN)))]
        assert keys == ["z1[1]", "z1[1]", "a1[1]", "z2[1]", "z1[1]"], slip


def test_factors_in_another_order() -> None:
    """Numbers that are put in for names may stand in another order: products are products."""
    text = (
        "z_1 = 0.21\na_1 = 0.552\n"
        r"\hat{y_1} = w_5 \cdot a_1 = 0.552 \times 0.4 = 0.2208" + "\n"
    )
    assert stated(read_sheet(text, traced(WIDE)))[-1] == ("a2[1]", "0.2208")
