"""`tracer explain` and `tracer prove`: what they say, and their exit codes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cli.runs import MAZUR, ROOT, run
from tracer.calculus.activations import ACTIVATIONS

DEAD = str(ROOT / "examples" / "calculations" / "061-dead-relu.yaml")
FORWARD = str(ROOT / "examples" / "calculations" / "041-attention.yaml")


@pytest.fixture
def wrong_slope(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sigmoid whose declared slope has a wrong sign in it."""
    wrong = replace(ACTIVATIONS["sigmoid"], slope="a*(1 + a)")
    monkeypatch.setitem(ACTIVATIONS.known, "sigmoid", wrong)


def test_an_explanation_tells_paths_sum_and_forms() -> None:
    """For Mazur's w1: two paths, their factors, the sum, and that all forms agree."""
    output = run("explain", MAZUR, "dw1.1.1").output

    assert "Every path from Eₜₒₜₐₗ back to w₁: 2 paths" in output
    assert "Eₜₒₜₐₗ ← Eₒ₁ ← outₒ₁ ← netₒ₁ ← outₕ₁ ← netₕ₁ ← w₁" in output
    assert "∂outₒ₁/∂netₒ₁ = outₒ₁·(1 − outₒ₁) ≈ 0.186816" in output
    assert "Sum of the shares ≈ 0.000438568" in output
    assert "∂Eₜₒₜₐₗ/∂W⁽¹⁾ = δ⁽¹⁾·iᵀ" in output
    assert "The component form, the sum over the paths and the matrix form agree." in output


def test_an_explanation_in_ascii() -> None:
    """--ascii uses no other character."""
    output = run("explain", MAZUR, "dw1.1.1", "--ascii", "--most", "1").output

    assert output.isascii()
    assert "E_total <- E_o1" in output
    assert "All other shares together" in output


@pytest.mark.parametrize(
    ("key", "heading"),
    [
        ("dw1[1,2]", "∂Eₜₒₜₐₗ/∂w₂   (dw1[1,2])"),
        ("w1.1.2", "w₂   (w1[1,2])"),
        ("w1.1.2@1", "w₂⁺   (w1[1,2]@1)"),
        ("delta1.2", "δₕ₂   (delta1[2])"),
        ("z1.1", "netₕ₁   (z1[1])"),
        ("a0.1", "i₁   (a0[1])"),
        ("loss", "Eₜₒₜₐₗ   (loss)"),
        ("slope2.1", "∂outₒ₁/∂netₒ₁   (slope2[1])"),
    ],
)
def test_every_kind_of_quantity_is_explained(key: str, heading: str) -> None:
    """Parameters, gradients, preactivations, inputs, the loss, new weights."""
    result = run("explain", MAZUR, key)

    assert result.exit_code == 0
    assert result.output.startswith(heading)


def test_a_quantity_of_an_equation_network_without_a_loss() -> None:
    """There is its line and what it depends on, and no path."""
    result = run("explain", FORWARD, "S.1.1")

    assert result.exit_code == 0
    assert "It depends on" in result.output
    assert "path" not in result.output


def test_own_names_are_keys_too() -> None:
    """A name of the problem's `names` finds its quantity."""
    problem = """
inputs: [0.5]
layers: [{weights: [[0.3]]}]
names: {wh1: "w1[1,1]"}
"""
    result = run("explain", "-", "wh1", given=problem)

    assert result.output.splitlines()[0].endswith("(w1[1,1])")


def test_an_unknown_key_names_the_nearest() -> None:
    """With dots or with brackets."""
    result = run("explain", MAZUR, "dw1.1.3")

    assert result.exit_code == 2
    assert "did you mean 'dw1[1," in result.stderr
    assert result.stdout == ""


def test_a_proof_counts_its_comparisons() -> None:
    """Eight weights by two methods, four slopes, and no disagreement."""
    result = run("prove", MAZUR)

    assert result.exit_code == 0
    rows = [line.split() for line in result.output.splitlines()]
    assert ["central", "difference", "8", "0"] in [row[:4] for row in rows]
    assert ["SymPy", "derivative", "of", "the", "whole", "loss", "8", "0"] in [r[:8] for r in rows]
    assert len(run("prove", MAZUR, "--all").output.splitlines()) == 1 + 8 + 8 + 4


def test_a_proof_of_nothing_says_so() -> None:
    """A problem without gradients is no failure."""
    result = run("prove", FORWARD)

    assert result.exit_code == 0
    assert "nothing to prove" in result.output


@pytest.mark.usefixtures("wrong_slope")
def test_a_disagreement_names_the_quantity_with_exit_code_1() -> None:
    """With a wrong slope in the table, no command calls the gradients right."""
    proof = run("prove", MAZUR)
    solved = run("solve", MAZUR)

    assert (proof.exit_code, solved.exit_code) == (1, 1)
    assert "dw1[1,1]: the chain rule gives" in proof.stderr
    assert "slope1[1]: the chain rule gives" in proof.stderr
    assert "central difference" in solved.stderr
    assert solved.stdout == ""


def test_a_dead_unit_is_explained() -> None:
    """A relu that is off passes nothing on: its paths are there, with share 0."""
    result = run("explain", DEAD, "dw1.1.1")

    assert result.exit_code == 0
    assert "agree" in result.output


SPARSE = """\
format: 1
inputs: [0.5, 0.8]
targets: [1]
layers:
  - {units: 2, activation: sigmoid, weights: [[0.15, .], [0.25, 0.30]], biases: [0.1, 0.2]}
  - {units: 1, activation: sigmoid, weights: [[0.40, .]], biases: [0.60]}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
"""


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("w2.1.2", "none leads from unit 2 of layer 1 to unit 1 of layer 2"),
        ("dw1.1.2", "none leads from input 2 to unit 1 of layer 1"),
    ],
)
def test_an_absent_connection_is_said_to_be_absent(key: str, words: str) -> None:
    """A weight that the problem leaves out is not taken for a misspelt key."""
    result = run("explain", "-", key, given=SPARSE)
    assert result.exit_code == 2
    assert words in result.output


def test_a_proof_calls_no_difference_nothing() -> None:
    """What machine numbers cannot tell apart is below 1e-15, and not 0."""
    assert "below 1e-15" in run("prove", MAZUR).output


def test_where_no_path_leads_it_is_said() -> None:
    """A unit that feeds nothing has no path, and the derivative is 0."""
    result = run("explain", "-", "delta1.2", given=SPARSE)
    assert result.exit_code == 0
    assert "No path leads from C back to z₂⁽²⁾: the derivative is 0." in result.output
    page = run("solve", "-", "--flavor", "plain", given=SPARSE).output
    assert "∂C/∂a₂⁽²⁾ = 0\n" in page
    assert page.count("no path leads from the loss back to there") == 1


def test_a_quantity_of_a_batch_is_one_per_sample() -> None:
    """Without a sample's number, the samples that there are are named."""
    result = run("explain", str(ROOT / "examples" / "articles" / "003-houses.yaml"), "delta1[1]")
    assert result.exit_code == 2
    assert "there is one 'delta1[1]' per sample: #1, #2" in result.output


def test_an_array_is_not_a_quantity() -> None:
    """The name of an array alone: one of its numbers is named instead."""
    result = run("explain", MAZUR, "dw1")
    assert result.exit_code == 2
    assert "'dw1' has several numbers; ask for one of them: 'dw1[1,1]', say" in result.output


def test_a_single_number_is_no_cell() -> None:
    """The loss of a batch has a matrix form, of which it is no cell."""
    result = run("explain", str(ROOT / "examples" / "articles" / "003-houses.yaml"), "loss")
    assert "Worked out by matrices ≈ " in result.output
    assert "cell ()" not in result.output


def test_the_first_index_may_stand_at_the_end_of_the_name() -> None:
    """In equations an array has no layer's number: dv1.2 is dv[1,2], where no dv1 is."""
    network = """
given: {v: [[1, 2], [3, 4]], x: [1, -1]}
equations: [s = sum(v@x)]
loss: s
learn: [v]
optimizer: {gradient_descent: {rate: 0.1}}
"""
    result = run("explain", "-", "dv1.2", given=network)
    assert result.exit_code == 0, result.stderr
    assert "(dv[1,2])" in result.output.splitlines()[0]
