"""Problems written as files and as data read back equal."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files.test_problem import EVERYTHING
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.losses import LOSSES
from tracer.errors import ProblemError
from tracer.files.problem import dump, load_text, to_data
from tracer.model.conventions import CHOICES, Conventions, Steps
from tracer.model.functions import Activation
from tracer.model.problem import Dense, Problem, Report
from tracer.model.rounding import EXACT, POLICIES, TIES, Precision, Rounding

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,4})?(e-?[1-9])?", fullmatch=True)
FRACTIONS = st.builds(lambda a, b: f"{a}/{b}", st.integers(-9, 9), st.integers(1, 9))
NUMBER = NUMBERS | FRACTIONS
PRECISION = st.builds(lambda n: Precision(figures=n), st.integers(1, 9)) | st.builds(
    lambda n: Precision(places=n), st.integers(0, 9)
)
TITLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def choices(model: Any) -> st.SearchStrategy[Any]:
    return st.builds(
        model, **{name: st.sampled_from(words) for name, words in CHOICES[model].items()}
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Layer networks of every field's every kind."""
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    samples = draw(st.integers(1, 3))

    def rows(count: int, width: int) -> list[list[str]]:
        return [[draw(NUMBER) for _ in range(width)] for _ in range(count)]

    activation = st.sampled_from([*ACTIVATIONS, Activation("own", "k*z", settings={"k": "2"})])
    layers = [
        Dense(
            units,
            draw(activation),
            rows(units, before),
            draw(st.sampled_from([False, draw(NUMBER), rows(1, units)[0]])),
        )
        for before, units in pairwise(widths)
    ]
    sample = st.integers(1, samples)
    batch = st.lists(st.lists(sample, min_size=1, unique=True), min_size=1, max_size=3)
    return Problem(
        name=draw(TITLE),
        inputs=rows(samples, widths[0]),
        targets=rows(samples, widths[-1]),
        features=draw(st.sampled_from([(), [draw(TITLE) or "x"] * widths[0]])),
        layers=layers,
        loss=draw(st.sampled_from(list(LOSSES))),
        reduction=draw(st.sampled_from(["sum", "mean"])),
        written=draw(st.sampled_from(["delta", "gradient"])),
        report=draw(st.sampled_from([{}, {"R": Report("squared_error", "mean")}])),
        settings={"rate": draw(NUMBER).lstrip("-")},
        freeze=draw(st.sampled_from([(), ["biases"], ["w1[1,1]"]])),
        updates=draw(st.integers(0, 5)),
        batch=draw(st.sampled_from(["full", "online"]) | batch),
        rounding=Rounding(
            draw(PRECISION),
            draw(st.sampled_from(POLICIES)),
            draw(st.sampled_from(TIES)),
            draw(st.dictionaries(st.sampled_from(["z", "update"]), PRECISION | st.just(EXACT))),
            draw(st.booleans()),
        ),
        steps=draw(choices(Steps)),
        conventions=draw(choices(Conventions)),
        notation=draw(st.sampled_from(["nielsen", "gfg", "ng"])),
        names=draw(st.sampled_from([{}, {"my weight": "w1[1,1]"}])),
    )


@given(problems())
def test_written_problems_read_back_equal(problem: Problem) -> None:
    """YAML and JSON both give the same problem again, whatever the notation's defaults."""
    assert load_text(dump(problem)) == problem
    assert load_text(json.dumps(to_data(problem), ensure_ascii=True)) == problem


def test_everything_reads_back_equal() -> None:
    """Missing connections, own functions and settings survive as well."""
    problem = load_text(EVERYTHING)
    assert load_text(dump(problem)) == problem
    assert load_text(json.dumps(to_data(problem))) == problem


@pytest.mark.parametrize(
    "extra",
    [
        {"loss": "L", "learn": ["K"], "settings": {"rate": "0.1"}},
        {"upstream": {"Y": [["1", "0"]]}, "learn": []},
        {},
    ],
)
def test_equation_networks_read_back_equal(extra: dict[str, Any]) -> None:
    """With a loss, with an upstream gradient, and as they stand."""
    problem = Problem(
        given={"X": [["1", "2.50"]], "K": ["1", "2"], "s": "1/3"},
        equations=["Y = X*K", "L = sum(Y)*s"],
        **extra,
    )
    assert load_text(dump(problem)) == problem


@given(TITLE)
def test_any_title_survives(title: str) -> None:
    """Quotes, colons, emoji, words with a meaning in YAML: a text comes back as it was."""
    problem = Problem(name=title, inputs=["1"], layers=[Dense(1, weights=[["1"]])])
    assert load_text(dump(problem)).name == title


def test_the_layout_is_that_of_the_examples() -> None:
    """One layer a line, numbers bare, keys with brackets in quotes."""
    problem = load_text(EVERYTHING.replace("name: Everything", "name: 'yes'"))
    lines = dump(problem).splitlines()
    assert lines[1:4] == [
        'name: "yes"',
        "inputs: [[0.05, 0.10], [1/3, 1e-3]]",
        "features: [size, bedrooms]",
    ]
    assert lines[6] == (
        "  - {units: 2, activation: {name: leaky_relu, leak: 0.1}, "
        "weights: [[0.15, .], [., 0.30]], biases: 0.350}"
    )
    assert 'freeze: [biases, "w1[1,1]"]' in lines


def test_what_the_format_cannot_say() -> None:
    """A rounding that is exact by default under another policy is refused, not altered."""
    layers = [Dense(1, weights=[["1"]])]
    problem = Problem(inputs=["1"], layers=layers, rounding=Rounding(EXACT))
    with pytest.raises(ProblemError, match="a file needs figures or places"):
        dump(problem)
