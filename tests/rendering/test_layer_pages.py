"""Pages of networks of layers: every printed line holds, in every notation and form; every rule
of a layer says why; time steps are told one after another."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import tracer
from tests.honesty.documents import DETAILS, FORMS, NOTATIONS
from tests.honesty.judging import judge
from tracer.calculus.layers import LAYERS
from tracer.files.problem import load
from tracer.model.trace import Trace
from tracer.rendering.page import render
from tracer.rendering.prose import Prose
from tracer.rendering.reasons import reasons

FOLDER = Path(__file__).parents[2] / "examples" / "layers"
EXAMPLES = sorted(FOLDER.glob("*.yaml"))
PROSE = Prose("en")


@lru_cache(maxsize=4)
def traced(path: Path) -> Trace:
    return tracer.trace(load(path), prove=False)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_line_holds(path: Path, notation: str) -> None:
    """No line is wrong, none with numbers is passed over: Markdown and LaTeX in turn."""
    place = EXAMPLES.index(path) + NOTATIONS.index(notation)
    form, latex, detail = FORMS[place % len(FORMS)], place % 2, DETAILS[place // 2 % 2]
    page = render(traced(path), *(("latex", "") if latex else ("markdown", "dollar")), notation,
                  detail, form)  # fmt: skip
    report = judge(str(page))
    assert report.checked + report.by_name > 20
    assert report.wrong == []
    assert report.passed == []
    assert report.unseen == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_rule_says_why(path: Path) -> None:
    """Each line of a layer has a sentence of its own, each gradient at least the general one."""
    found = traced(path)
    types = set(LAYERS)
    for step in found:
        layer = found.problem.layers[step.layer - 1].type if step.layer else ""
        if layer in types and step.phase in ("forward", "backward", "gradient"):
            assert any(f"why.{word}" in PROSE for word in reasons(step, found)), step.rule


def test_time_steps_in_order() -> None:
    """Forwards the steps come first to last, backwards last to first; the empty state before the
    first step is said."""
    page = str(render(traced(FOLDER / "lstm.yaml"), "markdown", "plain"))
    forward, _, backward = page.partition("## Backward pass")
    assert "Time step 1. There is no state before it" in forward
    assert forward.index("Time step 1.") < forward.index("Time step 2.")
    last = "Back at time step 2, the last: nothing comes back to it from a later one."
    assert backward.index(last) < backward.index("Back at time step 1.")


def test_gates_have_their_letters() -> None:
    """The forget gate is f, its weights W with f below; the layer's name is left out where there
    is one layer, and told where the book uses the letter itself."""
    page = str(render(traced(FOLDER / "lstm.yaml"), "latex"))
    assert r"f^{(t=1)}_{1}" in page
    assert r"W_{f,11}" in page
    assert r"\mathrm{lstm}" not in page
    assert r"b^{(\mathrm{rnn})}" in str(render(traced(FOLDER / "elman.yaml"), "latex"))


def said(name: str, **chosen: str) -> str:
    return str(render(traced(FOLDER / f"{name}.yaml"), "markdown", "plain", **chosen))


def test_what_comes_back_is_told_by_what_the_quantity_went_into() -> None:
    """Softmax, mask, window, kernel and memory each have their own reason, and lend it to none."""
    softmax = "Back through softmax"
    assert said("attention").count(softmax) == said("transformer").count(softmax) == 1
    assert "The mask left out the scores" in said("attention")
    assert not [name for name in ("batch-norm", "embedding", "gru") if softmax in said(name)]
    assert "Of each window only the largest number went on" in said("convolutional")
    assert "So the kernel's gradient is a convolution, too" in said("convolutional")
    assert "The same numbers went on" in said("convolutional")
    assert "What was turned off gets nothing back" in said("dropout")
    assert "A row of the table gets what comes back" in said("embedding")
    for gate in ("output gate showed", "forget gate kept", "input gate let", "candidate went"):
        assert f"The {gate}" in said("lstm")


def test_the_last_time_step_has_nothing_behind_it() -> None:
    """The way back begins where a memory ends; where time is truncated, it says so."""
    assert "Back at time step 2, the last: nothing comes back to it" in said("lstm")
    assert "Backpropagation through time is truncated here" in said("elman")
    assert "truncated here" not in said("lstm")


def test_many_rules_are_displayed_and_told_once() -> None:
    """A sentence bears two formulas; a time step does not repeat what the one before it said."""
    page = said("gru")
    sentences = [line for line in page.splitlines() if re.match("[A-Z][a-z]+ .*=", line)]
    assert len(sentences) > 10
    assert max(line.count(" = ") for line in sentences) <= 2
    assert page.count("\nzᵣ⁽ᵗ⁼²⁾ ") == page.count("zᵣ⁽ᵗ⁼¹⁾ = ") - 1 == 0
    assert page.count("∂C/∂n⁽ᵗ⁼²⁾ = ") == 1
    assert "∂C/∂n⁽ᵗ⁼¹⁾ = " not in page


def test_what_several_layers_send_is_called_by_its_word() -> None:
    """``in`` is a word, set upright, and not i with subscript n."""
    page = str(render(traced(FOLDER / "graph.yaml")))
    assert r"\mathrm{in}_{1} &= a^{(2)}_{1}" in page
    assert "i_{n" not in page


def test_an_activation_by_itself_says_which() -> None:
    """In the first sentence and in the headings."""
    page = str(render(traced(FOLDER / "rectified.yaml"), flavor="plain"))
    assert "batch normalisation with 2 units, activation (ReLU) with 2 units, 1 output" in page
    assert "### 3. Layer 3: activation (ReLU)" in page
    assert "Back through layer 3: activation (ReLU)" in page


def test_a_graph_is_not_told_as_a_chain() -> None:
    """Each layer of a graph is called by its name, and where it takes from is said."""
    page = str(render(traced(FOLDER / "graph.yaml"), flavor="plain"))
    assert (
        "A network of 3 layers, joined as a graph: 2 inputs; left: 1 hidden unit (tanh), from"
        in page
    )
    assert "layer 3: 1 output unit (sigmoid), from left, right, the inputs." in page
    assert "### 2. Hidden layer 2 (right)" in page


def test_a_book_of_rows_has_rows_in_every_layer() -> None:
    """Samples in rows: scale and shift are rows, too, and the batch's mean is that of each column;
    tokens stand in rows in every book."""
    page = said("batch-norm", notation="cs231n", form="matrix")
    assert "X = [[1, 2], [3, 0], [2, 4]]" in page
    assert "γ = [[1, 0.5]]" in page
    assert "μ = mean₁(X) = mean₁([[1, 2], [3, 0], [2, 4]]) = [[2, 2]]" in page
    assert "x⁽ᵗ⁼¹⁾·Wᵢᵀ + bᵢ" in said("lstm", notation="torch", form="matrix")
    for notation in ("nielsen", "torch"):
        assert "scores = q·kᵀ" in said("attention", notation=notation, form="matrix")


def test_every_layer_is_told_factor_by_factor() -> None:
    """In full, a parameter's gradient goes through every time step that used it, a state's through
    all that it went into; where time is truncated, nothing goes back to the state before."""
    page = said("lstm", detail="full")
    assert "∂C/∂Uᵢ,₁₁    = ∂C/∂zᵢ,₁⁽ᵗ⁼²⁾ · ∂zᵢ,₁⁽ᵗ⁼²⁾/∂Uᵢ,₁₁" in page
    assert "∂C/∂z_{f,1}⁽ᵗ⁼²⁾ = ∂C/∂f₁⁽ᵗ⁼²⁾ · ∂f₁⁽ᵗ⁼²⁾/∂z_{f,1}⁽ᵗ⁼²⁾" in page
    assert "∂C/∂c₁⁽ᵗ⁼¹⁾" in page.split("by the chain rule")[-2]
    whole, cut = said("gru", detail="full"), said("elman", detail="full")
    assert re.search(r"∂z\S+⁽ᵗ⁼²⁾/∂h\S+⁽ᵗ⁼¹⁾", whole)
    assert re.search(r"∂z\S+⁽ᵗ⁼²⁾/∂h\S+⁽ᵗ⁼¹⁾", cut)
    assert not re.search(r"∂z\S+⁽ᵗ⁼³⁾/∂h\S+⁽ᵗ⁼²⁾", cut)
    for name in ("attention", "convolutional", "embedding", "batch-norm"):
        assert "by the chain rule:" in said(name, detail="full")


def test_batch_normalisation_in_its_published_form() -> None:
    """In full, the staged way back is followed by the compact formula; its numbers give the staged
    gradient, and those of NumPy's version of the formula at full precision."""
    np = pytest.importorskip("numpy")
    found = traced(FOLDER / "batch-norm-sigmoid.yaml")
    name, again = "batch_norm2", "(3 · ∂C⁽ˣ¹⁾/∂x̂₁⁽ˣ¹⁾ −"
    assert again in said("batch-norm-sigmoid", detail="full")
    assert again not in said("batch-norm-sigmoid")

    def column(part: str, unit: int) -> Any:
        cells = (found[f"{part}[{unit}]#{sample}"].exact or 0 for sample in (1, 2, 3))
        return np.array([float(cell) for cell in cells])

    for unit in (1, 2):
        x, d = column(f"{name}.normalised", unit), column(f"d{name}.normalised", unit)
        sigma = float(found[f"{name}.deviation[{unit}]"].exact or 0)
        compact = (3 * d - d.sum() - x * (d * x).sum()) / (3 * sigma)
        assert column("da1", unit) == pytest.approx(compact, rel=1e-12)
    for to in (("markdown", "dollar"), ("latex", "")):
        report = judge(str(render(found, *to, "nielsen", "full", "scalar")))
        assert (report.wrong, report.passed, report.unseen) == ([], [], [])


def test_no_number_is_used_before_it_is_worked_out() -> None:
    """Where one step of a layer has several samples, each array is whole before the next begins."""
    page = said("batch-norm-sigmoid").partition("## Did it help?")[2]
    places = [page.index(start) for start in ("x′_{c,1}⁽ˣ¹⁾ ", "x′_{c,1}⁽ˣ³⁾ ", "σ′₁² ")]
    assert places == sorted(places)
