"""What somebody who reads a page for the first time asks: each is answered on the page."""

from __future__ import annotations

import re
import unicodedata

import pytest

from tests.rendering.problems import batch, mazur
from tracer.model.functions import Loss
from tracer.model.problem import Dense
from tracer.model.rounding import Precision, Rounding
from tracer.rendering.page import render


def test_the_whole_derivative_by_the_outputs_is_about_the_samples_own_losses() -> None:
    """The loss of a batch is a mean, so 2 (A - Y) is the slope of each sample's own loss."""
    text = str(render(batch(loss="squared_error"), flavor="plain", form="both"))
    assert "∂C⁽ˣⁱ⁾/∂A⁽³⁾ = 2·(A⁽³⁾ − Y)" in text
    assert "∂C⁽ˣ¹⁾/∂a₁⁽³⁾⁽ˣ¹⁾ = 2·(a₁⁽³⁾⁽ˣ¹⁾ − y⁽ˣ¹⁾)" in text
    assert "How fast a sample's loss grows as its output grows" in text


def test_where_the_mean_stands_in_the_delta_what_follows_is_about_the_whole_loss() -> None:
    """With 1/m in the output's delta, the derivatives behind it are those of the mean."""
    trace = batch(loss="squared_error", written="delta")
    text = str(render(trace, flavor="plain", form="both"))
    assert "∂C⁽ˣⁱ⁾/∂A⁽³⁾ = " in text
    assert "∂C/∂A⁽²⁾ = " in text
    assert "∂C/∂a₁⁽²⁾⁽ˣ¹⁾ = " in text
    assert "how fast the loss grows with the unit's sum" in text


def test_a_samples_loss_has_one_name_in_both_forms() -> None:
    """With one output, a sample's loss is C of the sample in matrices, too."""
    text = str(render(batch(), flavor="plain", form="both"))
    assert re.search(r"^C⁽ˣⁱ⁾ +=|^C⁽ˣⁱ⁾ = ", text, re.MULTILINE)
    assert "Cⱼ" not in text


@pytest.mark.parametrize("flavor", ["plain", "ascii", "github"])
def test_one_mark_for_all_that_is_new(flavor: str) -> None:
    """A page marks weights, sums and losses after an update alike, and says what it means."""
    short = str(render(mazur(notation="nielsen"), flavor=flavor, form="both"))
    long = str(render(mazur(notation="nielsen", updates=4), flavor=flavor, form="both"))
    assert "new" not in re.sub(r"(?i)new parameters?|\| new|the new", "", short)
    assert "′" not in long.replace("new", "")
    assert "prime" not in long
    assert "after 4 updates, and so on" in long


def test_why_some_numbers_are_shorter_is_said() -> None:
    """Five figures are promised; 0.5 needs one."""
    assert "a number that ends earlier is written shorter" in str(render(mazur()))


def test_plain_rows_are_short_and_broken_where_they_read_best() -> None:
    """A long loss of one's own: at most 90 columns a row, broken at operators outside brackets."""
    own = Loss("own", "log((exp(a - y) + exp(-(a - y)))/2)")
    text = str(render(batch(loss=own), flavor="plain", form="both"))
    inside = [row for row in rows_of(text) if "e^(" in row]
    assert max(len(unicodedata.normalize("NFC", row)) for row in rows_of(text)) <= 90
    assert inside
    assert not any(row.rstrip().endswith("−") for row in inside)


def rows_of(text: str) -> list[str]:
    """The rows of the blocks of equations."""
    return [
        row for block in re.findall(r"```text\n(.*?)```", text, re.S) for row in block.split("\n")
    ]


@pytest.mark.parametrize("flavor", ["plain", "ascii", "github", "latex"])
def test_functions_and_signs_are_introduced_once(flavor: str) -> None:
    """The step H, a column of ones, and the product of arrays number by number."""
    letters = ("relu", "symbolic", "symbolic")
    trace = batch(layers=[Dense(2, *letters), Dense(1, *letters)])
    to = "latex" if flavor == "latex" else "markdown"
    text = str(render(trace, to, flavor, form="both"))
    for words in ("and 0 elsewhere", "is a column of 2 ones", "two arrays number by number"):
        assert text.count(words) == 1


def test_a_document_of_its_own_has_wider_lines() -> None:
    """A4 with margins of 24 mm: formulas that are broken in a fragment stand in one row."""
    fragment = str(render(mazur(), to="latex"))
    document = str(render(mazur(), to="latex", standalone=True))
    assert "left=24mm,right=24mm" in document
    assert document.count(r"\trlong") < fragment.count(r"\trlong")
    assert "addpenalty{-" not in document


def test_why_a_chain_is_only_nearly_equal_is_said() -> None:
    """With three figures carried, some factors miss the last figure: the reason stands above."""
    layers = [
        Dense(2, "tanh", [["0.3", "-0.2"], ["0.1", "0.4"]], ["0.1", "0"]),
        Dense(1, "identity", [["0.7", "-0.3"]], ["0.05"]),
    ]
    rounding = Rounding(Precision(figures=3), "carried")
    found = batch(
        inputs=[["1.2", "0.5"], ["0.8", "2.0"], ["2.1", "0.1"]],
        targets=[["2.5"], ["1.1"], ["4.0"]],
        layers=layers,
        loss="half_squared_error",
        rounding=rounding,
    )
    text = str(render(found, flavor="plain", detail="full"))
    chains = text.split("Factor by factor, by the chain rule")[1:]
    near = [part.split("```")[1] for part in chains if "miss the last figure" in part[:200]]
    silent = [part.split("```")[1] for part in chains if part.startswith(":")]
    assert near
    assert all("≈" in lines for lines in near)
    assert not any("≈" in lines for lines in silent)
