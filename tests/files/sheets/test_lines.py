"""Calculations as people write them: text, Markdown, LaTeX; chains, arrays, passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files.sheets.traces import mazur, stated
from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.files.problem_text import read_text
from tracer.files.sheets import read_sheet
from tracer.formula.parsing import parse
from tracer.model.functions import Activation
from tracer.model.problem import Dense, Problem

LINES = {
    "net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775": ("z1[1]", "0.3775", 1),
    "net_h1 = 0,15·0,05 + 0,20·0,10 + 0,35 = 0,3775": ("z1[1]", "0,3775", 1),
    "out_h1 = 1/(1 + e^{-0.3775}) ≈ 0.5933": ("a1[1]", "0.5933", 1),
    r"out_{h1} = \frac{1}{1+e^{-net_{h1}}} = \frac{1}{1+e^{-0.3775}} = 0.593269992": (
        "a1[1]", "0.593269992", 2),
    r"$$\frac{\partial E_{total}}{\partial w_5} = 0.7414 \cdot 0.1868 \times 0.5933 = 0.0822$$": (
        "dw2[1,1]", "0.0822", 1),
    r"\[ w_5^{+} = w_5 - \eta \frac{\partial E}{\partial w_5} = 0.4 - 0.5\cdot 0.08 = 0.3589 \]": (
        "w2[1,1]@1", "0.3589", 2),
    r"w_{5}(\text{new}) = 0.3589": ("w2[1,1]@1", "0.3589", 0),
    "- **net_h1** = 0.3775": ("z1[1]", "0.3775", 0),
    "2) `out_h1` = 0.593 (rounded)": ("a1[1]", "0.593", 0),
    "> $net_{h1} = 0.3775$": ("z1[1]", "0.3775", 0),
    "Step 3: net_h1 = 0.3775.": ("z1[1]", "0.3775", 0),
    "so the net input is net_h1 = 0.3775": ("z1[1]", "0.3775", 0),
    "δ_o1 = 0.7414(0.7514)(1 - 0.7514) = 0.1385": ("delta2[1]", "0.1385", 1),
    "∂E/∂out_o1 = -(0.01 - 0.7514) = 0.7414": ("da2[1]", "0.7414", 1),
    "∂out_o1/∂net_o1 = 0.7514·(1-0.7514) = 0.1868": ("slope2[1]", "0.1868", 1),
    "Δw5 = -0.5*0.0822 = −0.0411": ("increment.w2[1,1]", "−0.0411", 1),
    "E_total = ½·0.5968 = 0.2984": ("loss", "0.2984", 1),
    r"∂E/∂out_o1 = \left|0.01 - 0.7514\right| = |-0.7414| = 0.7414": ("da2[1]", "0.7414", 2),
    "net_h1 := 0.3775": ("z1[1]", "0.3775", 0),
    "dE/dw5 = 8.22 × 10⁻²": ("dw2[1,1]", "8.22 × 10⁻²", 0),
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_one_line(line: str) -> None:
    """A line as people write it: its quantity, its number, how many members are links."""
    key, number, links = LINES[line]
    sheet = read_sheet(line + "\n", mazur())
    assert stated(sheet)[-1] == (key, number)
    assert len(sheet.statements[-1].links) == links


def test_every_link_is_kept() -> None:
    """The members of a chain are formulas of numbers, with their columns and their signs."""
    (one,) = read_sheet("out_h1 = 1/(1+e^-0.3775) ≈ 1/1.6856 ≈ 0.5933\n", mazur()).statements
    assert [(link.formula, link.column, link.approximate) for link in one.links] == [
        (parse("1/(1 + exp(-0.3775))"), 10, False),
        (parse("1/1.6856"), 28, True),
    ]


def test_lines_that_continue() -> None:
    """Lines that begin with ``=`` or ``≈`` belong to the chain before them."""
    text = "net_o1 = 0.4*0.5933\n  + 0.0\n"
    assert read_sheet(text + "net_h1 = 0.3775\n", mazur()).unread == (1, 2)
    text = "net_o1 = w5*out_h1 + w6*out_h2 + b2\n   = 0.2373 + 0.2686 + 0.60\n\n   ≈ 1.1059\n"
    (one,) = read_sheet(text, mazur()).statements
    assert (one.key, one.written and one.written.text, len(one.links)) == ("z2[1]", "1.1059", 2)


def test_several_statements_in_a_line() -> None:
    """Commas, semicolons and gaps part statements; a decimal comma does not."""
    text = "net_h1 = 0,3775, net_h2 = 0,3925; out_h1 = 0,5933    out_h2 = 0,5969\n"
    assert stated(read_sheet(text, mazur())) == [
        ("z1[1]", "0,3775"), ("z1[2]", "0,3925"), ("a1[1]", "0,5933"), ("a1[2]", "0,5969"),
    ]  # fmt: skip


ARRAYS = [
    "net^(1) = [0.3775, 0.3925]",
    "net^(1) = [0.3775; 0.3925]",
    "net^(1) = [0,3775; 0,3925]",
    "net^(1) = [0.3775 0.3925]",
    "net^(1) = [[0.3775], [0.3925]]",
    "net^(1) = [0.3775, 0.3925]ᵀ",
    "net^(1) = [0.3775]\n          [0.3925]",
    r"net^{(1)} = \begin{bmatrix} 0.3775 \\ 0.3925 \end{bmatrix}",
    "net^{(1)} = \\begin{pmatrix}\n 0.3775 \\\\\n 0.3925\n\\end{pmatrix}",
    "net^(1) = (0.3775, 0.3925)",
]


@pytest.mark.parametrize("text", ARRAYS)
def test_a_vector(text: str) -> None:
    """A vector in brackets, over two lines, or in LaTeX: one statement a cell."""
    numbers = [
        float(s.written.value) for s in read_sheet(text + "\n", mazur()).statements if s.written
    ]
    keys = [s.key for s in read_sheet(text + "\n", mazur()).statements]
    assert (keys, numbers) == (["z1[1]", "z1[2]"], [0.3775, 0.3925])


def test_links_of_an_array_go_to_its_cells() -> None:
    """Arithmetic of arrays is taken apart cell by cell."""
    text = (
        "W^(2)_new = [[0.4, 0.45], [0.5, 0.55]] - 0.5*[[0.1, 0.2], [0.3, 0.4]]\n"
        "          = [[0.35, 0.35], [0.35, 0.35]]\n"
    )
    sheet = read_sheet(text, mazur())
    assert [s.key for s in sheet.statements] == [
        "w2[1,1]@1", "w2[1,2]@1", "w2[2,1]@1", "w2[2,2]@1",
    ]  # fmt: skip
    assert [s.links[0].formula for s in sheet.statements] == [
        parse("0.4 - 0.5*0.1"), parse("0.45 - 0.5*0.2"), parse("0.5 - 0.5*0.3"),
        parse("0.55 - 0.5*0.4"),
    ]  # fmt: skip


def test_rows_below_each_other_go_by_their_columns() -> None:
    """Two matrices side by side, over two lines, are read as two matrices."""
    text = (
        "W^(1)_new = [[0.1, 0.2],   W^(2)_new = [[0.5, 0.6],\n"
        "             [0.3, 0.4]]                [0.7, 0.8]]\n"
    )
    assert [number for _, number in stated(read_sheet(text, mazur()))] == [
        "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8",
    ]  # fmt: skip


def test_an_array_in_a_notation_that_writes_it_the_other_way() -> None:
    """A square matrix of a book with weights (from, to) is turned."""
    text = "---\nnotation: cs231n\n---\nW1_new = [[1, 2], [3, 4]]\n"
    assert stated(read_sheet(text, mazur())) == [
        ("w1[1,1]@1", "1"), ("w1[1,2]@1", "3"), ("w1[2,1]@1", "2"), ("w1[2,2]@1", "4"),
    ]  # fmt: skip


def test_the_repeated_forward_pass() -> None:
    """Behind the updates and words such as *after*, a name means the next pass."""
    updates = "".join(f"w{i}+ = 0.{i}\n" for i in range(1, 9))
    text = f"out_o1 = 0.75\n{updates}Before the update: out_o1 = 0.75\nAfter it:\nout_o1 = 0.74\n"
    found = [key for key, _ in stated(read_sheet(text, mazur())) if key and key.startswith("a2")]
    assert found == ["a2[1]", "a2[1]", "a2[1]@1"]


def test_no_next_pass_while_updates_follow() -> None:
    """Between the updates of two layers a forward quantity still is the old one."""
    text = (
        "w5+ = 0.36\nAfter the output layer, the new hidden weights:\nout_h1 = 0.59\nw1+ = 0.15\n"
    )
    assert ("a1[1]", "0.59") in stated(read_sheet(text, mazur()))


def test_no_next_pass_without_a_word() -> None:
    """A forward quantity restated behind the updates is the old one if nothing says otherwise."""
    assert stated(read_sheet("w5+ = 0.36\nout_o1 = 0.75\n", mazur()))[-1] == ("a2[1]", "0.75")


def test_a_parameter_with_a_calculation_is_the_next_one() -> None:
    """``w5 = w5 - ... = 0.3589`` states the updated weight; a given one copied states nothing."""
    text = "w5 = 0.40\nw5 = w5 - 0.5*0.0822 = 0.3589\nw6 = 0.4087\nnet_h1 = 0.3775\n"
    assert stated(read_sheet(text, mazur())) == [
        ("w2[1,1]@1", "0.3589"),
        ("w2[1,2]@1", "0.4087"),
        ("z1[1]", "0.3775"),
    ]


def test_numbers_that_are_put_in_are_stated() -> None:
    """A number used for a name is a statement where it is not the one stated before."""
    text = (
        "out_h1 = 0.5933\n"
        "net_o1 = w5*out_h1 + w6*out_h2 + b2 = 0.4*0.58 + 0.45*0.5969 + 0.6 = 1.1\n"
    )
    assert stated(read_sheet(text, mazur())) == [
        ("a1[1]", "0.5933"),
        ("a1[1]", "0.58"),
        ("a1[2]", "0.5969"),
        ("z2[1]", "1.1"),
    ]


def test_a_name_defined_in_its_line() -> None:
    """A name that nobody knows is what its line says it is."""
    (one,) = read_sheet("miss = target_o1 - out_o1 = 0.01 - 0.75 = -0.74\n", mazur()).statements
    assert one.formula == parse("y[1] - a2[1]")


def test_prose_is_passed_over_and_counted() -> None:
    """Lines without a calculation are listed; in prose an unknown name is skipped."""
    text = "Forward pass\n\nnet_h1 = 0.3775\nThe rest is easy.\nmood = 0.3\nNothing more here.\n"
    sheet = read_sheet(text, mazur())
    assert stated(sheet) == [("z1[1]", "0.3775")]
    assert (sheet.unread, sheet.skipped) == ((1, 4, 5, 6), ("mood",))


SLOPES = {
    "slope2[1] = σ'(1.1059) = 0.1868": ["σ'(1.1059)"],
    "slope2[1] = sigmoid'(z2[1]) = σ'(0.7514) = 0.7514(1-0.7514) = 0.1868": [
        "sigmoid'(z2[1])", "σ'(0.7514)", "0.7514(1-0.7514)"],
    r"slope2[1] = \sigma^{\prime}(1.1059) = 0.1868": [r"\sigma^{\prime}(1.1059)"],
    "delta2[1] = |0.01 - 0.7514|·σ′(1.1059) = 0.1385": ["|0.01 - 0.7514|·σ′(1.1059)"],
}  # fmt: skip


@pytest.mark.parametrize("line", SLOPES)
def test_slopes_and_bars_are_links(line: str) -> None:
    """``σ'(x)`` at the argument or at the value, ``|x|``: read, and every link of these holds."""
    sheet = read_sheet(line + "\n", mazur())
    (verdict,) = check(mazur(), sheet).verdicts
    assert [link.text for link in verdict.statement.links] == SLOPES[line]
    assert verdict.status in ("correct", "rounded")
    assert verdict.false_link is None


def test_a_false_slope_is_found() -> None:
    """σ'(1.1059) is 0.1868 in either reading of its sign, not 0.2868."""
    line = "delta2[1] = 0.7414·σ'(1.1059) = 0.7414·0.2868 = 0.1385\n"
    (verdict,) = check(mazur(), read_sheet(line, mazur())).verdicts
    assert verdict.false_link == 2


def test_functions_of_the_problems_own() -> None:
    """A link may use an activation that only the problem knows, and its slope."""
    own = Activation("doubled", formula="2*tanh(z)", slope="2 - a**2/2")
    problem = Problem(
        inputs=["0.5"], targets=["1"], layers=[Dense(1, own, [["1"]])], loss="half_squared_error",
        settings={"rate": "1"},
    )  # fmt: skip
    right = trace(problem, prove=False)
    lines = "a1[1] = doubled(0.5) = 0.924\nslope1[1] = doubled'(0.5) = 1.573\n"
    found = check(right, read_sheet(lines, right)).verdicts
    assert [(len(v.statement.links), v.status, v.false_link) for v in found] == [
        (1, "correct", None), (1, "correct", None)]  # fmt: skip
    wrong = check(right, read_sheet("a1[1] = doubled(0.5) = 0.824\n", right)).verdicts
    assert wrong[0].false_link == 2


EMPHASISED = {
    r"$$ net_{h1} = 0.0075 + 0.02 + 0.35 = \mathbf{0.3775} $$": "0.3775",
    r"$net_{h1} = \boxed{0.3775}$": "0.3775",
    r"$$\boxed{net_{h1} = 0.3775}$$": "0.3775",
    r"net_{h1} = \textcolor{red}{0.3775}": "0.3775",
}


@pytest.mark.parametrize("line", EMPHASISED)
def test_a_number_in_bold_or_in_a_box(line: str) -> None:
    """The look of a number or of a whole equation says nothing."""
    assert stated(read_sheet(line + "\n", mazur())) == [("z1[1]", EMPHASISED[line])]


def test_a_name_that_is_declared_means_itself_in_names_made_of_it() -> None:
    """``dL/dw2`` is the derivative by the author's own w2, whatever a book calls w2."""
    layers = [Dense(1, "tanh", [["0.5"]], ["0.1"]), Dense(1, "tanh", [["0.3"]], ["0.2"])]
    names = {"w1": "w1[1,1]", "w2": "w2[1,1]"}
    problem = Problem(
        inputs=["2"], targets=["1"], layers=layers, loss="squared_error",
        settings={"rate": "0.1"}, names=names,
    )  # fmt: skip
    sheet = read_sheet("dL/dw2 = -0.7776\nw2_new = 0.3778\n", trace(problem))
    assert [key for key, _ in stated(sheet)] == ["dw2[1,1]", "w2[1,1]@1"]


MIXED = (
    "z_{h1} = 0.3775\na_{h1} = 0.5933\nz_{o1} = 1.1059\nδ_{o1} = 0.1385\nb_{h1}^{(baru)} = 0.3\n"
)


def test_units_by_their_labels_in_any_notation() -> None:
    """``z_h1`` and ``δ_o1`` are understood whatever the notation calls the units."""
    problem = Problem(
        inputs=["0.05", "0.1"], targets=["0.01", "0.99"], loss="half_squared_error",
        layers=[Dense(2, "sigmoid", [["0.15", "0.2"], ["0.25", "0.3"]], ["0.35", "0.35"]),
         Dense(2, "sigmoid", [["0.4", "0.45"], ["0.5", "0.55"]], ["0.6", "0.6"])],
        settings={"rate": "0.5"},
    )  # fmt: skip
    keys = ["z1[1]", "a1[1]", "z2[1]", "delta2[1]", "b1[1]@1"]
    assert [key for key, _ in stated(read_sheet(MIXED, trace(problem)))] == keys


def chain_of_two() -> Problem:
    """One unit after another: z_2 is the second layer's in one book, the third's in another."""
    layers = [Dense(1, "sigmoid", [["2"]], ["0.5"]), Dense(1, "sigmoid", [["1.5"]], ["-1"])]
    return Problem(
        inputs=["0.5"], targets=["1"], layers=layers, loss="half_squared_error",
        settings={"rate": "0.5"},
    )  # fmt: skip


WITHOUT_INPUT = "z_1 = 1.5\na_1 = 0.8176\nz_2 = 0.2264\na_2 = 0.5564\nL = 0.0984\n"


@pytest.mark.parametrize("table", [False, True])
def test_the_numbers_tell_whose_names_these_are(table: bool) -> None:
    """Where two books read all names, that one is meant under which the numbers come out."""
    text = WITHOUT_INPUT
    if table:
        text = "name,value\n" + text.replace(" = ", ",")
    sheet = read_sheet(text, trace(chain_of_two()))
    assert [key for key, _ in stated(sheet)] == ["z1[1]", "a1[1]", "z2[1]", "a2[1]", "loss"]


def test_numbers_do_not_turn_names_for_a_slip() -> None:
    """A wrong number is no evidence that another book is used."""
    sheet = read_sheet("z_2 = 1.5\na_2 = 0.8176\nz_3 = 0.9\na_3 = 0.711\n", trace(chain_of_two()))
    assert [key for key, _ in stated(sheet)] == ["z1[1]", "a1[1]", "z2[1]", "a2[1]"]


def test_a_line_that_only_counts() -> None:
    """``t = 2`` numbers a step, ``dL/dL = 1`` begins a chain: no answers, no unknown names."""
    sheet = read_sheet("Step 1: t = 1\nnet_h1 = 0.3775\ndL/dL = 1.0\n", mazur())
    assert stated(sheet) == [("z1[1]", "0.3775")]
    assert sheet.skipped == ("t", "dL/dL")


RECURRENT = """
given: {x1: 1.0, x2: 2.0, Wx: 0.5, Wh: 0.1, Wy: 2.0, t: 2.0}
equations:
  - h1 = tanh(Wx*x1)
  - h2 = tanh(Wx*x2 + Wh*h1)
  - L = 1/2*(Wy*h2 - t)**2
loss: L
learn: [Wx]
optimizer: {gradient_descent: {rate: 0.1}}
"""
SLOPE_AT_VALUE = {"-0.3438": "dh2*(1 - h2**2)", "-0.5045": "dh2*(1 - tanh(h2)**2)"}


@pytest.mark.parametrize("number", SLOPE_AT_VALUE)
def test_the_number_tells_where_a_slope_is_meant(number: str) -> None:
    """dL/dh2 = -0.879: times 1 - 0.7803^2 it is -0.3438, times 1 - tanh(0.7803)^2 -0.5045."""
    text = f"miss = dL/dh2 * tanh'(h_2) = {number}\n"
    (one,) = read_sheet(text, trace(read_text(RECURRENT, "<text>").problem)).statements
    assert one.formula == parse(SLOPE_AT_VALUE[number])


DISPLAYED = {
    r"the sum: [ net_h1 = 0.0275 + 0.35 = 0.3775 ]": "0.3775",
    r"Sum: [ net_h1 = \begin{bmatrix} 0.0275 + 0.35 \end{bmatrix} = "
    r"\begin{bmatrix} 0.3775 \end{bmatrix} ]": "0.3775",
}


@pytest.mark.parametrize("line", DISPLAYED)
def test_a_displayed_equation_that_lost_its_backslashes(line: str) -> None:
    """Where a page was copied, brackets are left of the mathematics; one cell is one number."""
    assert stated(read_sheet(line + "\n", mazur())) == [("z1[1]", DISPLAYED[line])]


def test_a_page_with_front_matter_of_its_own(tmp_path: Path) -> None:
    """A Markdown file is lines, even if it begins like a list under somebody else's keys."""
    page = tmp_path / "post.md"
    page.write_text("---\ntitle: By hand\nlayout: post\n---\n- net_h1 = 0.3775\n", encoding="utf-8")
    assert stated(read_sheet(page, mazur())) == [("z1[1]", "0.3775")]
