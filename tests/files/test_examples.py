"""The example problems are what their comments say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tracer.files.problem import dump, load, load_text
from tracer.model.problem import Dense

EXAMPLES = Path(__file__).parents[2] / "examples"
PROBLEMS = [
    EXAMPLES / "mazur.yaml",
    *sorted((EXAMPLES / "articles").glob("*.yaml")),
    *sorted((EXAMPLES / "calculations").glob("*.yaml")),
]


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_examples_load(path: Path) -> None:
    """Every example is read, says where it comes from, and survives being written anew."""
    assert path.read_text(encoding="utf-8").startswith("# ")
    problem = load(path)
    assert problem.name
    assert load_text(dump(problem)) == problem


def test_there_are_all_of_them() -> None:
    """The first example, five articles, fourteen published calculations."""
    assert len(PROBLEMS) == 1 + 5 + 14


def test_the_xor_article_starts_from_its_seed() -> None:
    """The typed-in numbers are those that NumPy's old generator draws from seed 1."""
    generator = np.random.RandomState(1)
    drawn = [generator.uniform(size=size) for size in ((2, 2), (1, 2), (2, 1), (1, 1))]
    hidden, output = load(EXAMPLES / "articles" / "000-xor-batch.yaml").layers
    assert isinstance(hidden, Dense)
    typed = [np.array(a, dtype=float) for a in (hidden.weights, hidden.biases)]
    typed += [np.array(a, dtype=float) for a in (output.weights, output.biases)]
    assert (typed[0] == drawn[0].T).all()
    assert (typed[1] == drawn[1][0]).all()
    assert (typed[2] == drawn[2].T).all()
    assert (typed[3] == drawn[3][0]).all()


def test_the_drawing_is_sparse() -> None:
    """The article's drawing has four connections into the hidden layer, the rest is missing."""
    hidden, output = load(EXAMPLES / "articles" / "001-sparse.yaml").layers
    assert sum(weight is not None for row in hidden.weights for weight in row) == 4
    assert [[weight is not None for weight in row] for row in output.weights] == [
        [True, False, False],
        [False, True, True],
    ]
