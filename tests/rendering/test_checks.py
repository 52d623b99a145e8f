"""What a page says at its end: whether the update helped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracer.backprop.tracing import trace
from tracer.files.problem import load_text
from tracer.rendering.page import render

PROBLEM = """
inputs: [0.5, 0.1]
targets: [0.6]
layers: [{units: 1, weights: [[0.8, 0.02]], biases: [0.0001]}]
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.0001}}
rounding: {figures: 5, policy: shown}
"""


def test_a_fall_that_the_printed_figures_hardly_show_is_told_with_all_digits() -> None:
    """3.2635e-7 - 3.2634e-7 is 1e-11, but the loss fell by half of that (found with mpmath)."""
    text = render(trace(load_text(PROBLEM)), flavor="plain").text
    assert "C − C′ = 3.2635·10⁻⁷ − 3.2634·10⁻⁷ = 10⁻¹¹." in text
    assert "With all its digits it changed by 4.7434·10⁻¹²." in text


@pytest.mark.parametrize("change", [{"rate": "0.1"}, {"policy": "carried"}])
def test_other_falls_are_told_by_their_printed_figures_alone(change: dict[str, str]) -> None:
    """Where the printed difference is near enough, or the printed numbers are all there is."""
    problem = load_text(PROBLEM)
    if "rate" in change:
        problem = replace(problem, settings=change)
    else:
        problem = replace(problem, rounding=replace(problem.rounding, policy="carried"))
    assert "With all its digits" not in render(trace(problem), flavor="plain").text
