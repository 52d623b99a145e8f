"""The page: what it says, in which order, and that it says what was asked for."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.rendering.problems import batch, convolution, mazur
from tracer.backprop.tracing import trace
from tracer.errors import ProblemError, TracerError, UnknownQuantity
from tracer.model.conventions import Conventions, Steps
from tracer.model.problem import Dense, Problem
from tracer.model.rounding import Precision, Rounding
from tracer.model.trace import Trace
from tracer.rendering.formats import FORMATS
from tracer.rendering.page import count_lines, render

PROBLEMS = {"mazur": mazur, "convolution": convolution}


class Markdown(SingleFileSnapshotExtension):
    """One readable file a snapshot."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


class Tex(Markdown):
    """The same for LaTeX."""

    file_extension = "tex"


@pytest.mark.parametrize("flavor", ["github", "dollar", "plain", "ascii"])
@pytest.mark.parametrize("name", PROBLEMS)
def test_markdown_as_reviewed(name: str, flavor: str, snapshot: SnapshotAssertion) -> None:
    """Every flavor of Markdown is what a person has looked at."""
    page = render(PROBLEMS[name](), flavor=flavor)
    assert page.text == snapshot(extension_class=Markdown)


@pytest.mark.parametrize("name", PROBLEMS)
def test_latex_as_reviewed(name: str, snapshot: SnapshotAssertion) -> None:
    """The LaTeX fragment is what a person has looked at."""
    assert render(PROBLEMS[name](), to="latex").text == snapshot(extension_class=Tex)


def test_mazur_article_numbers() -> None:
    """With nine figures shown the page has the numbers of Mazur's article."""
    shown = Rounding(Precision(places=9), policy="shown")
    text = str(render(mazur(rounding=shown), flavor="ascii"))
    for number in ("0.593269992", "0.596884378", "0.751365070", "0.772928465", "0.298371109"):
        assert number in text
    assert "0.358916480" in text
    assert "0.561370121" in text


def test_a_line_is_name_formula_numbers_result() -> None:
    """A preactivation as one would write it on paper."""
    line = "net_h1 = w_1*i_1 + w_2*i_2 + b_1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775"
    assert line in str(render(mazur(), flavor="ascii"))


def test_brief_leaves_numbers_and_reasons_out() -> None:
    """A brief page has formula and result, and no sentence of why."""
    text = str(render(mazur(), flavor="ascii", detail="brief"))
    assert "net_h1 = w_1*i_1 + w_2*i_2 + b_1 = 0.3775" in text
    assert "0.15*0.05" not in text
    assert "adds up" not in text


def test_full_has_the_chain_factor_by_factor() -> None:
    """The three slopes of Mazur's article stand in the line of w5, with their product."""
    text = str(render(mazur(), flavor="ascii", detail="full"))
    chain = "dE_total/dw_5 = dE_total/dout_o1 * dout_o1/dnet_o1 * dnet_o1/dw_5"
    assert chain in text
    numbers = text[text.index(chain) :]
    assert "0.74136*0.18682*0.59327" in numbers.partition("dE_total/dw_6 = dE_total/dout")[0]


def test_full_has_every_path_to_a_hidden_unit() -> None:
    """A hidden output acts on the loss through both output units."""
    text = " ".join(str(render(mazur(), flavor="ascii", detail="full")).split())
    paths = "dE_total/dnet_o1 * dnet_o1/dout_h1 + dE_total/dnet_o2 * dnet_o2/dout_h1"
    assert paths in text


def test_relation_is_approximate_where_numbers_do_not_give_the_result() -> None:
    """With full precision carried some printed operands miss the printed result."""
    text = str(
        render(mazur(rounding=Rounding(Precision(figures=3), policy="shown")), flavor="plain")
    )
    assert " ≈ " in text
    carried = str(render(mazur(), flavor="plain"))
    assert " ≈ " not in carried


def test_fall_of_the_loss_is_the_difference_of_what_is_printed() -> None:
    """0.29837 - 0.29104: the sentence subtracts the two numbers that the page shows."""
    text = str(render(mazur(), flavor="ascii"))
    before, after, difference = re.search(
        r"= ([\d.]+) - ([\d.]+) = ([\d.]+)`, or about", text
    ).groups()  # type: ignore[union-attr]
    assert Fraction(before) - Fraction(after) == Fraction(difference)
    assert (before, after) == ("0.29837", "0.29104")


def test_a_rising_loss_is_called_so() -> None:
    """Far too large a step: the sentence does not claim a fall."""
    steep = mazur(
        layers=[Dense(2, "identity", [["1", "2"], ["3", "4"]])],
        freeze=[],
        settings={"rate": "1000"},
    )
    text = str(render(steep, flavor="ascii"))
    assert "The loss rose" in text
    assert "The loss fell" not in text


def test_parameter_table_has_old_gradient_new() -> None:
    """One row a learnt parameter; frozen biases have none."""
    text = str(render(mazur(), flavor="ascii"))
    table = text[text.index("| parameter | old | gradient | new |") :].partition("\n\n")[0]
    rows = table.splitlines()[2:]
    assert len(rows) == 8
    assert rows[0] == "| `w_5` | `0.40` | `0.082168` | **`0.35892`** |"


def test_negated_delta_gives_the_same_gradient_and_chain() -> None:
    """Under delta: t-o the errors turn their sign, the slope dE/dw does not."""
    negated = mazur(
        conventions=Conventions(delta="t-o"), steps=Steps(increment="own"), notation="gfg"
    )
    text = " ".join(str(render(negated, flavor="ascii", detail="full")).split())
    chain = "dE/dw_{1,3} = dE/dy_5 * dy_5/da_3 * da_3/dw_{1,3}"
    assert f"{chain} = 0.74136*0.18682*0.59327 = 0.082168" in text
    assert "Error_5 = y_{target,5} - y_5 = 0.01 - 0.75136 = -0.74136" in text


def test_matrix_form_has_matrices_of_the_same_numbers() -> None:
    """W times x plus b, with the numbers of the problem in their places."""
    text = str(render(mazur(), flavor="ascii", form="matrix"))
    assert "net^(1) = W^(1) @ i + b^(1)" in text
    assert "[[0.15, 0.20], [0.25, 0.30]] @ [[0.05], [0.10]] + [[0.35], [0.35]]" in text
    assert "[[0.3775], [0.3925]]" in text
    assert "net_h1 =" not in text


@pytest.mark.parametrize(
    ("notation", "equation", "start"),
    [
        ("ng", "Z^[1] = W^[1] @ X + b^[1]", "[[0.5, -0.4], [0.3, .]] @ [[1, 0], [2, -1]]"),
        ("cs231n", "z1 = X @ W1 + b1", "[[1, 2], [0, -1]] @ [[0.5, 0.3], [-0.4, .]]"),
        ("torch", "z1 = x @ W1^T + b1", "[[1, 2], [0, -1]] @ [[0.5, -0.4], [0.3, .]]^T"),
    ],
)
def test_matrix_form_follows_rows_and_columns_of_the_notation(
    notation: str, equation: str, start: str
) -> None:
    """A book whose samples are rows has the transposed equation and matrices."""
    text = str(render(batch(), flavor="ascii", form="matrix", notation=notation))
    assert equation in text
    assert start in text


def test_bias_gradient_of_a_batch_is_a_product_with_ones() -> None:
    """The sum over samples in matrix form, in columns and in rows."""
    assert "@ 1_2" in str(render(batch(), flavor="ascii", form="matrix", notation="nielsen"))
    assert "1_2^T @" in str(render(batch(), flavor="ascii", form="matrix", notation="torch"))


def test_samples_stand_apart_in_a_batch() -> None:
    """Within a rule the lines of one sample stand together."""
    page = render(batch(), only=["forward"])
    block = page.content.parts[0].sections[0].groups[0].blocks[0]
    assert [line.key for line in block.lines] == [
        "z1[1]#1",
        "z1[2]#1",
        "z1[1]#2",
        "z1[2]#2",
    ]
    assert [line.apart for line in block.lines] == [False, False, True, False]


def test_symbolic_trace_has_formulas_alone() -> None:
    """Without numbers there is no result, no table and no claim about the loss."""
    problem = Problem(
        inputs=["1", "2"],
        targets=["1"],
        layers=[Dense(2), Dense(1)],
        loss="half_squared_error",
        settings={"rate": "0.1"},
    )
    from tracer.backprop.tracing import trace

    page = render(trace(problem), flavor="ascii")
    kinds = {
        member.kind
        for part in page.content.parts
        for section in part.sections
        for group in section.groups
        for block in group.blocks
        for line in block.lines
        for member in line.members
    }
    assert kinds == {"formula"}
    assert "The loss" in page.text
    assert "fell" not in page.text


def test_first_and_last_update_by_default() -> None:
    """Of four updates the middle ones are left out, and the page says so."""
    text = str(render(mazur(updates=4), flavor="ascii"))
    assert "## Update 1: forward pass" in text
    assert "## Update 4: forward pass" in text
    assert "## Update 2" not in text
    assert "Updates 2 to 3 are worked out in the same way" in text


def test_chosen_updates() -> None:
    """Only what was asked for; the pass after the last update comes with the last."""
    text = str(render(mazur(updates=4), flavor="ascii", updates=[2]))
    assert "## Update 2: forward pass" in text
    assert "## Update 1" not in text
    assert "Did it help?" not in text


def test_unknown_update_is_refused() -> None:
    """The message says which updates there are."""
    with pytest.raises(ProblemError, match="updates 1 to 4"):
        render(mazur(updates=4), updates=[7])


def test_only_a_phase_or_a_quantity() -> None:
    """--only prints what it names and draws no conclusions."""
    text = str(render(mazur(), flavor="ascii", only=["delta1", "w2[1,1]@1"]))
    lines = [line for line in text.splitlines() if re.match(r"\S+ +=", line)]
    assert [line.split()[0] for line in lines] == ["delta_h1", "delta_h2", "w_5^+"]
    assert "| parameter |" not in text


def test_unknown_word_of_only_is_refused_with_a_hint() -> None:
    """A misspelled phase is answered with the nearest."""
    with pytest.raises(UnknownQuantity, match="backward"):
        render(mazur(), only=["bakward"])


def test_count_of_lines_is_the_number_of_lines() -> None:
    """What the command line refuses by is what would be printed."""
    found = mazur()
    page = render(found)
    printed = [
        line
        for part in page.content.parts
        for section in part.sections
        for group in section.groups
        for block in group.blocks
        for line in block.lines
    ]
    assert count_lines(found) == len(printed)


@pytest.mark.parametrize("option", ["to", "flavor", "detail", "form"])
def test_unknown_words_are_refused(option: str) -> None:
    """Each option knows its words."""
    with pytest.raises(TracerError, match="markdwn"):
        render(mazur(), **{option: "markdwn"})


def test_decimal_comma() -> None:
    """Numbers carry a comma, and are set apart by semicolons where they stand in a row."""
    assert "0,3775" in str(render(mazur(), flavor="plain", comma=True))
    assert "0{,}3775" in str(render(mazur(), to="latex", comma=True))
    assert "0.3775" not in str(render(mazur(), comma=True))


def every_page(found: Trace) -> list[str]:
    """The page in every flavor, detail and form."""
    return [
        str(render(found, to, flavor, detail=detail, form=form))
        for to, flavors in FORMATS.items()
        for flavor in flavors
        for detail in ("brief", "standard", "full")
        for form in ("scalar", "matrix", "both")
    ]


@pytest.mark.parametrize("problem", [mazur, convolution, batch])
def test_traps_of_markdown_and_tex(problem: object) -> None:
    """No line of mathematics begins with an operator, nothing ends in a stray line break."""
    for text in every_page(problem()):  # type: ignore[operator]
        assert "\n\n\n" not in text
        assert text.endswith("\n")
        assert not re.search(r"\\\\(\[\d+pt\])?\s*\\end\{aligned(at)?\}", text)
        assert not re.search(r"\\(operatorname|mbox|phantom|tag|boldsymbol|color)\b", text)
        inside = re.findall(r"(?:\$\$|```math)\n(.*?)\n(?:\$\$|```)", text, re.DOTALL)
        for formula in inside:
            assert not re.search(r"^\s*([-+=#>*]|\d+\.\s)", formula, re.MULTILINE)
            assert "\n\n" not in formula


def test_ascii_and_latex_are_ascii() -> None:
    """The two formats that promise it keep to ASCII, whatever the names."""
    found = mazur(name="Żółw – “δ” 学 & co.")
    assert str(render(found, flavor="ascii")).isascii()
    assert str(render(found, to="latex", standalone=True)).isascii()


def test_what_rounding_hides_is_said() -> None:
    """Two numbers that nearly cancel: the page says what the printed ones alone would give."""
    problem = Problem(
        given={"x": "1.001", "y": "1"},
        equations=["a = exp(x)", "b = exp(y)", "d = a - b"],
        rounding=Rounding(Precision(figures=3), policy="shown"),
    )
    page = str(render(trace(problem), flavor="plain"))
    assert "d = a − b = 2.72 − 2.72 ≈ 0.00272" in page
    assert "rounding took from them: d ≈ 0." in page


def test_a_chain_says_what_its_factors_give() -> None:
    """Where the error was rounded in between, factors and gradient stand side by side."""
    problem = Problem(
        inputs=["9.87"],
        targets=["1"],
        layers=[Dense(1, "sigmoid", [["0.1"]])],
        loss="half_squared_error",
        settings={"rate": "0.5"},
        rounding=Rounding(Precision(places=3)),
    )
    page = str(render(trace(problem), flavor="plain", detail="full"))
    # sigmoid(0.987) = 0.7285, slope 0.728*0.272 = 0.198, delta -0.272*0.198 = -0.054
    assert "= (−0.054)·9.87" in page
    assert re.search(r"= \(−0\.272\)·0\.198·9\.87\s+= −0\.532 ≈ −0\.533", page)
    assert "these factors give the first" in page


@pytest.mark.parametrize("detail", ["brief", "standard"])
def test_a_letter_for_a_function_is_defined(detail: str) -> None:
    """Where a textbook calls the sigmoid F, the page says so, in layers and in equations."""
    own = convolution()
    assert "Here F(z) = 1/(1 + e^(−z))" in str(render(own, "markdown", "plain", "gfg", detail))
    layers = str(render(mazur(), "markdown", "plain", "gfg", detail))
    assert layers.count("F(a) = 1/(1 + e^(−a))") == 1


def test_an_authors_name_is_no_function() -> None:
    """Where the author has a quantity F, the sigmoid keeps its own name."""
    problem = Problem(given={"x": "0.3"}, equations=["F = 2*x", "y = sigmoid(F)"])
    assert "y = σ(F)" in str(render(trace(problem), "markdown", "plain", "gfg"))
