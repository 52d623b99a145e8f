"""``tracer prove``: what could not be compared is said, and why."""

from __future__ import annotations

from pathlib import Path

from tests.cli.runs import run

KINK = """\
inputs: [[1, 0.5], [2, -1]]
targets: [[1], [0]]
layers:
  - {activation: relu, weights: [[0.1, 0.2], [-0.3, 0.4]], biases: 0.1}
  - {activation: sigmoid, weights: [[0.3, -0.1]], biases: [0]}
loss: binary_cross_entropy
reduction: mean
optimizer: {gradient_descent: {rate: 0.1}}
"""
"""The second unit's sum is 0 for the first sample: -0.3 + 0.2 + 0.1."""


def test_gradients_at_a_kink_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    """Slopes can be compared, gradients cannot: the quantity at the kink is named."""
    path = tmp_path / "kink.yaml"
    path.write_text(KINK, encoding="utf-8")
    result = run("prove", str(path))
    assert result.exit_code == 0
    assert "No gradient was compared" in result.output
    assert "no derivative exists (slope1[2]#1)" in result.output
    assert "SymPy derivative of the activation" in result.output


def test_the_page_says_why_its_check_is_missing(tmp_path: Path) -> None:
    """Every page ends with a check by central differences; where it cannot, it says so."""
    path = tmp_path / "kink.yaml"
    path.write_text(KINK, encoding="utf-8")
    page = run("solve", str(path), "--flavor", "plain").output
    assert "Check." not in page
    assert "no central differences can check the gradients" in page


def test_a_shared_bias_is_explained_in_a_batch_too(tmp_path: Path) -> None:
    """The hidden layer's one bias serves two units: its gradient is no single error."""
    path = tmp_path / "kink.yaml"
    path.write_text(KINK, encoding="utf-8")
    page = run("solve", str(path), "--flavor", "plain").output
    assert "The bias serves every unit of the layer" in page
    assert "its gradient is the error itself, put together over the samples" in page
