"""The tables of given numbers."""

from __future__ import annotations

import pytest

from tracer.backprop.tracing import trace
from tracer.files.problem import load_text
from tracer.rendering.page import render

GIVEN_LAYERS = """
inputs: [[1.23456, 2], [0.56789, -1]]
targets: [[0.11119], [0.25551]]
layers:
  - {weights: [[0.123456, 0.2]], activation: sigmoid}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
rounding: {figures: 3, givens: true, roles: {y: {places: 1}}}
"""
GIVEN_EQUATIONS = """
given: {x: [1.23456, 2], K: [[0.56789, -1.11111], [1/3, 2]], s: 0.77777}
equations: [L = s*sum(K@x)]
rounding: {figures: 3, givens: true}
"""


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        (GIVEN_LAYERS, ["1 | 1.23 | 2 | 0.1 |", "| 0.568 |", "| 0.3 |"], ["1.2345", "0.25551"]),
        (GIVEN_EQUATIONS, ["[1.23], [2]", "0.568, −1.11", "0.333, 2", "0.778"], ["1/3", "1.2345"]),
    ],
    ids=["samples", "arrays"],
)
def test_given_numbers_are_shown_as_they_are_used(
    text: str, shown: list[str], hidden: list[str]
) -> None:
    """With `givens: true` the tables of given numbers hold the rounded ones of the lines."""
    page = render(trace(load_text(text)), flavor="plain").text
    given = page.partition("## Forward pass")[0]
    assert [part for part in shown if part not in given] == []
    assert [part for part in hidden if part in page] == []


def test_semicolons_between_decimal_commas_are_seen_in_typst() -> None:
    """A bare semicolon after code ends the code and is not printed: `0,5; 2` was `0,5 2`."""
    page = render(trace(load_text(GIVEN_LAYERS)), to="typst", comma=True).text
    assert '$"0,123"$)\\; #f(' in page
    assert "); #f(" not in page


def test_semicolons_between_decimal_commas_are_plain_elsewhere() -> None:
    """In LaTeX and Markdown they need no mark."""
    found = trace(load_text(GIVEN_LAYERS))
    assert "$0{,}123$; $0{,}2$" in render(found, to="latex", comma=True).text
    assert "0,123; 0,2" in render(found, flavor="plain", comma=True).text
