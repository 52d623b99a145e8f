"""What a page says in words: how samples are put together, what small numbers keep, where a
slope is a convention, what an update does before its steps."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tracer.backprop.kinks import ELEMENTARY_KINKS
from tracer.backprop.tracing import trace
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.losses import LOSSES
from tracer.calculus.regularizers import REGULARIZERS
from tracer.files.problem import load_text
from tracer.model.problem import Dense, Problem
from tracer.rendering.page import render
from tracer.rendering.prose import Prose


def said(text: str, **asked: Any) -> str:
    """The page of a problem file as plain text."""
    return str(render(trace(load_text(text)), flavor="plain", **asked))


def one_unit(more: str = "", activation: str = "identity", x: str = "1") -> str:
    """A problem file of one unit with one input."""
    return f"""
inputs: [{x}]
targets: [1]
layers: [{{activation: {activation}, weights: [[0.5]], biases: false}}]
loss: half_squared_error
optimizer: {{gradient_descent: {{rate: 0.1}}}}
{more}"""


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("reduction: mean", "There are m = 3 samples; the loss is the mean over them."),
        ("reduction: sum", "There are 3 samples; the loss is summed over them."),
        ("reduction: mean\nbatch: [[1, 2], [3]]", "over which the loss is averaged."),
        ("reduction: sum\nbatch: [[1, 2], [3]]", "over which the loss is summed."),
    ],
)
def test_how_samples_are_put_together(more: str, sentence: str) -> None:
    """The letter for their number is introduced, and a part of them is summed or averaged."""
    text = one_unit().replace("inputs: [1]", "inputs: [[1], [2], [3]]")
    text = text.replace("targets: [1]", "targets: [[1], [2], [3]]")
    assert sentence in said(text + more)


def test_numbers_that_no_place_is_left_for() -> None:
    """Two decimal places leave nothing of 0.0013: the page says what such a number keeps."""
    text = one_unit("rounding: {places: 2}")
    assert "would come out as 0" not in said(one_unit("rounding: {figures: 2}"))
    page = said(text.replace("[1]\nlayers", "[0.551]\nlayers"))
    assert "A number that would come out as 0 keeps 2 significant figures instead." in page
    assert "= 0.0013" in page  # 1/2*0.051**2 = 0.0013005


@pytest.mark.parametrize(("language", "words"), [("de", "0,004, von höchstens 1"),
                                                 ("en", "0.004, of 1 at most")])  # fmt: skip
def test_a_saturated_slope_has_the_decimals_of_the_language(language: str, words: str) -> None:
    """tanh(3.453) = 0.998: no backslash, and a decimal comma where the language has one."""
    page = said(one_unit(activation="tanh", x="6.906"), language=language)
    assert words in page


def test_a_unit_that_is_off_for_the_only_sample() -> None:
    """Every sample is spoken of only where there are several."""
    assert "a₁⁽²⁾: off. The slope is 0" in said(one_unit(activation="relu", x="-1"))


def test_a_loss_of_ones_own_is_called_by_its_name() -> None:
    """A formula with a name is no word of the language."""
    own = '{name: fourth, formula: "(y - a)**4"}'
    page = said(one_unit().replace("half_squared_error", own))
    assert "The loss (fourth) is (y − a)⁴." in page


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_kink_has_its_sentence(language: str) -> None:
    """What the tables say of a kink is a sentence of every language."""
    prose = Prose(language)
    words = {one.kink for one in ACTIVATIONS.values()} | {one.kink for one in LOSSES.values()}
    words |= {one.kink for one in REGULARIZERS.values()}
    for word in (words - {""}) | set(ELEMENTARY_KINKS.values()) | {"here"}:
        assert f"kink.{word}" in prose


def test_a_kink_is_told_in_the_language_of_the_page() -> None:
    """No English stands in a German remark, and the function has its printed name."""
    page = said(one_unit(activation="relu", x="0"), language="de")
    assert "die Funktion ReLU hat einen Knick bei z = 0, wo die Steigung als 0 gilt." in page


@pytest.mark.parametrize("clip", ["value", "norm"])
def test_clipping_has_a_section_of_its_own(clip: str) -> None:
    """Gradients are clipped under a heading that says so, not under that of new parameters."""
    page = said(one_unit(f"clip: {{{clip}: 0.1}}"))
    headings = re.findall(r"^### \d+\. (.*)$", page, re.MULTILINE)
    assert headings.count("New parameters of the output layer") == 1
    assert "Clipped gradients of the output layer" in headings


def test_a_rate_that_changes_has_a_section_of_its_own() -> None:
    """The learning rate of an update stands before the parameters that use it."""
    page = said(one_unit("updates: 2\nschedule: {exponential: {decay: 0.5}}", "tanh"))
    assert re.search(r"^### \d+\. Learning rate$", page, re.MULTILINE)


def test_the_rule_of_single_numbers_is_not_told_twice() -> None:
    """Where cells of an array are used one by one, the lines say all that a rule would."""
    equations = ["h = tanh(w*x[1])", "L = (h - x[2])**2"]
    problem = Problem(
        given={"x": ("0.3", "0.6"), "w": "0.5"}, equations=equations, loss="L", learn=("w",),
        settings={"rate": "0.1"},
    )  # fmt: skip
    assert str(render(trace(problem), flavor="plain")).count("tanh(w·x₁)") == 1


def test_an_exercise_about_chosen_quantities() -> None:
    """It gives the numbers to start from and asks for these alone; many are not listed."""
    problem = Problem(
        inputs=["1", "2"], targets=["1"], loss="half_squared_error", settings={"rate": "0.1"},
        layers=[Dense(2, "tanh", [["1", "0"], ["2", "1"]]), Dense(1, "tanh", [["1", "1"]])],
    )  # fmt: skip
    found = trace(problem)
    page = str(render(found, flavor="plain", exercise=True, only=["delta1"]))
    assert "## Given" in page
    assert "Work out by hand: δ₁⁽²⁾, δ₂⁽²⁾.\n" in page
    many = str(render(found, flavor="plain", exercise=True, only=["forward", "backward"]))
    assert "Work out by hand the quantities that the solution shows." in many
    assert "## Given" not in str(render(found, flavor="plain", only=["delta1"]))
