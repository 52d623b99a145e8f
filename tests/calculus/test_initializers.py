"""Drawn numbers: those of NumPy's generators, with the spread that each source says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tracer.calculus.drawing import Drawing
from tracer.calculus.initializers import INITIALIZERS
from tracer.files.problem import dump, load, load_text

ARTICLE = Path(__file__).parents[2] / "examples" / "articles" / "000-xor-batch.yaml"
SPREADS = {
    "zeros": ("constant", lambda i, o: (0.0,)),
    "constant": ("constant", lambda i, o: (0.25,)),
    "uniform": ("uniform", lambda i, o: (-0.5, 0.5)),
    "normal": ("normal", lambda i, o: (1.0, 0.1)),
    "xavier_uniform": ("uniform", lambda i, o: (-((6 / (i + o)) ** 0.5), (6 / (i + o)) ** 0.5)),
    "xavier_normal": ("normal", lambda i, o: (0.0, (2 / (i + o)) ** 0.5)),
    "xavier_fan_in": ("normal", lambda i, o: (0.0, (1 / i) ** 0.5)),
    "he_uniform": ("uniform", lambda i, o: (-((6 / i) ** 0.5), (6 / i) ** 0.5)),
    "he_normal": ("normal", lambda i, o: (0.0, (2 / i) ** 0.5)),
}
"""The distribution of each, written once more from its source."""
SETTINGS = {
    "constant": {"value": "0.25"},
    "uniform": {"low": "-0.5", "high": "0.5"},
    "normal": {"mean": "1", "deviation": "0.1"},
}


def test_every_initializer_is_written_down_here() -> None:
    """One that is added to the table is added here as well."""
    assert set(SPREADS) == set(INITIALIZERS)


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize("generator", ["current", "legacy"])
def test_numbers_are_those_of_numpy(name: str, generator: str) -> None:
    """From one seed NumPy itself draws the same matrix, to the last bits of its bounds."""
    told = {"seed": 7, "init": name, "generator": generator, **SETTINGS.get(name, {})}
    found = np.array(Drawing().numbers(told, 3, 2, 2), float)
    kind, bounds = SPREADS[name]
    random = np.random.RandomState(7) if generator == "legacy" else np.random.default_rng(7)
    if kind == "constant":
        expected = np.full((3, 2), bounds(2, 3)[0])
    else:
        expected = getattr(random, kind)(*bounds(2, 3), size=(3, 2))
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=1e-15)


def test_one_seed_is_one_sequence() -> None:
    """What is drawn later from a seed continues; another seed begins anew."""
    drawing = Drawing()
    told = {"seed": 3, "init": "uniform"}
    first, second = (drawing.numbers(told, 1, 2, 2) for _ in range(2))
    (expected,) = np.random.default_rng(3).uniform(size=(1, 4)).tolist()
    assert [float(text) for text in first[0] + second[0]] == expected
    assert Drawing().numbers(told, 1, 2, 2) == first


def test_numbers_rounded_by_hand() -> None:
    """Two decimal places, and never a minus before a zero."""
    rows = Drawing().numbers(
        {"seed": 1, "init": "normal", "deviation": "0.02", "digits": 2}, 9, 9, 9
    )
    cells = [cell for row in rows for cell in row]
    assert all(len(cell.lstrip("-")) == 4 for cell in cells)
    assert "0.00" in cells
    assert "-0.00" not in cells


XOR = """
inputs: [[0, 0], [0, 1], [1, 0], [1, 1]]
layers:
  - {units: 2, weights: *drawn,
     biases: *drawn}
  - {units: 1, weights: *drawn, biases: *drawn}
"""


def test_the_xor_article_comes_from_its_seed() -> None:
    """np.random.seed(1) and uniform draws give the typed-in numbers of article 000."""
    told = "{seed: 1, init: uniform, generator: legacy, order: 'from,to'}"
    problem = load_text(XOR.replace("*drawn", told))
    article = load(ARTICLE)
    for drawn, typed in zip(problem.layers, article.layers, strict=True):
        assert (drawn.weights, drawn.biases) == (typed.weights, typed.biases)
    assert load_text(dump(problem)) == problem
