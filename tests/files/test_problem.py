"""What a problem file says reaches the Problem: every field, text kept, defaults filled in."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tracer.files.problem import load, load_text, read
from tracer.model.conventions import Conventions, Steps
from tracer.model.functions import Activation, Loss
from tracer.model.problem import Dense, Problem, Report
from tracer.model.rounding import EXACT, Precision, Rounding

EVERYTHING = """\
format: 1
name: Everything
inputs: [[0.05, 0.10], [1/3, 1e-3]]
features: [size, bedrooms]
targets: [[0.01, +0.990], [-1, .5]]
layers:
  - units: 2
    activation: {name: leaky_relu, leak: 0.1}
    weights: [[0.15, .], [null, 0.30]]
    biases: 0.350
  - weights: [[0.40, 0.45], [0.50, 0.55]]
    activation: {name: swish, formula: "z*sigmoid(k*z)", k: 1.0}
    biases: [0.60, 0.60]
loss: {name: fourth, formula: (y - a)**4, over_outputs: mean}
reduction: {batch: mean, written: delta}
report: {MSE: {loss: mean_squared_error, reduction: mean}}
optimizer: {gradient_descent: {rate: 0.50}}
freeze: [biases, "w1[ 1, 1 ]"]
updates: 3
batch: [[2], [1, 2]]
rounding:
  places: 4
  policy: shown
  ties: half_even
  roles: {z: exact, a: 3, update: {figures: 2}}
  givens: true
steps: {da: inline}
notation: mazur
conventions: {delta: t-o}
names: {wh1: "w1[1,1]", "ΔE/Δw": "dw1[1,1]"}
"""


def test_every_field_of_a_layer_network() -> None:
    """Each field of the format arrives where it belongs, numbers as written."""
    assert load_text(EVERYTHING) == Problem(
        name="Everything",
        inputs=(("0.05", "0.10"), ("1/3", "1e-3")),
        features=("size", "bedrooms"),
        targets=(("0.01", "0.990"), ("-1", ".5")),
        layers=(
            Dense(2, "leaky_relu", [["0.15", None], [None, "0.30"]], "0.350", {"leak": "0.1"}),
            Dense(
                2,
                Activation("swish", "z*sigmoid(k*z)", settings={"k": "1.0"}),
                [["0.40", "0.45"], ["0.50", "0.55"]],
                ["0.60", "0.60"],
            ),
        ),
        loss=Loss("fourth", "(y - a)**4", over_outputs="mean"),
        reduction="mean",
        written="delta",
        report={"MSE": Report("mean_squared_error", "mean")},
        settings={"rate": "0.50"},
        freeze=("biases", "w1[1,1]"),
        updates=3,
        batch=((2,), (1, 2)),
        rounding=Rounding(
            Precision(places=4),
            "shown",
            "half_even",
            {"z": EXACT, "a": Precision(places=3), "update": Precision(figures=2)},
            givens=True,
        ),
        steps=Steps(da="inline"),
        notation="mazur",
        conventions=Conventions(delta="t-o"),
        names={"wh1": "w1[1,1]", "ΔE/Δw": "dw1[1,1]"},
    )


def test_every_field_of_an_equation_network() -> None:
    """Given arrays of all shapes, equations as written, an upstream gradient."""
    found = load_text(
        """\
given: {s: 2.0, v: [1, 2], M: [[1, 2], [3, 4.50]]}
equations:
  - Y = M @ v
  - "Z = Y*s  "
upstream: {Z: [1, 0]}
learn: [M, v]
optimizer: {gradient_descent: {rate: 0.1}}
"""
    )
    assert found == Problem(
        given={"s": "2.0", "v": ("1", "2"), "M": (("1", "2"), ("3", "4.50"))},
        equations=("Y = M @ v", "Z = Y*s  "),
        upstream={"Z": ("1", "0")},
        learn=("M", "v"),
        settings={"rate": "0.1"},
    )


def test_units_follow_from_the_numbers() -> None:
    """Units may be left out where weights or biases tell how many there are."""
    text = "inputs: [1, 2]\nlayers: [{weights: [[1, 2], [3, 4], [5, 6]]}]"
    assert load_text(text).layers[0].units == 3
    text = "inputs: [1, 2]\nlayers: [{weights: symbolic, biases: [1, 2]}]"
    assert load_text(text).layers[0].units == 2


@pytest.mark.parametrize("word", ["false", "no", "False", "off"])
def test_no_biases(word: str) -> None:
    """YAML's words for false all mean: no biases."""
    text = f"inputs: [1]\nlayers: [{{weights: [[1]], biases: {word}}}]"
    assert load_text(text).layers[0].biases is False


def test_the_notation_gives_defaults() -> None:
    """Conventions and steps come from the notation's file where the problem is silent."""
    text = "inputs: [1]\nlayers: [{weights: [[1]]}]\n"
    assert load_text(text).conventions.delta == "dL/dz"
    found = load_text(text + "notation: gfg\nsteps: {da: own}\n")
    assert found.conventions == Conventions(delta="t-o", factors="slope-first")
    assert found.steps == Steps(da="own", slope="inline", gradient="inline", increment="own")
    other = load_text(text + "notation: gfg\n", notation="nielsen")
    assert (other.notation, other.conventions.delta) == ("nielsen", "dL/dz")


def test_a_notation_of_ones_own_stands_beside_the_problem(tmp_path: Path) -> None:
    """A notation that ends in .yaml is looked for in the problem's folder."""
    (tmp_path / "mine.yaml").write_text("extends: nielsen\nconventions: {delta: t-o}\n")
    problem = tmp_path / "p.yaml"
    problem.write_text("notation: mine.yaml\ninputs: [1]\nlayers: [{weights: [[1]]}]\n")
    assert load(problem).conventions.delta == "t-o"


def test_json_is_read_too(tmp_path: Path) -> None:
    """The same fields in JSON give the same problem."""
    path = tmp_path / "p.json"
    path.write_text('{"inputs": [0.5], "layers":\t[{"weights": [[0.20]], "biases": false}]}')
    assert load(path) == Problem(inputs=["0.5"], layers=[Dense(1, weights=[["0.20"]])])


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads standard input."""
    data = io.BytesIO(b"inputs: [1]\nlayers: [{weights: [[2]]}]\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    assert load("-").inputs == (("1",),)


def test_reading_keeps_the_source(tmp_path: Path) -> None:
    """`read` gives the problem with its file, and no recorded trace for a plain problem."""
    path = tmp_path / "p.yaml"
    path.write_text("inputs: [1]\nlayers: [{weights: [[2]]}]\n")
    found = read(path)
    assert found.recorded is None
    assert found.file.source.name == str(path)
