"""The training runs of the articles, beside their programs in plain NumPy.

Each procedure is written here as its article writes it, rows of samples or columns of
samples, errors of either sign; the files of `examples/training` give the start numbers.
Final predictions agree to 1e-12 of the largest, and so does every recorded array.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tracer.backprop.training import train
from tracer.files.problem import load
from tracer.model.problem import Problem

TRAINING = Path(__file__).parents[2] / "examples" / "training"
Record = dict[str, list[np.ndarray]]


def started(problem: Problem) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray, np.ndarray]:
    """Weights (out, in) and biases of each layer, inputs and targets as rows."""
    weights = [np.array(layer.weights, float) for layer in problem.layers]
    biases = [np.array(layer.biases, float) for layer in problem.layers]
    return weights, biases, np.array(problem.inputs, float), np.array(problem.targets, float)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def rows_of_samples(problem: Problem, epochs: int) -> Record:
    """Articles 000 and 004: weights (in, out), error = y - a, deltas summed and added."""
    (w1, w2), (b1, b2), x, y = started(problem)
    w1, w2, b1, b2 = w1.T.copy(), w2.T.copy(), b1[None].copy(), b2[None].copy()
    rate = float(problem.settings["rate"])
    record: Record = {name: [] for name in ("w1", "b1", "w2", "b2", "a1", "a2", "MSE")}
    for epoch in range(epochs + 1):
        hidden = sigmoid(np.dot(x, w1) + b1)
        predicted = sigmoid(np.dot(hidden, w2) + b2)
        for name, value in (
            ("w1", w1.T),
            ("b1", b1[0]),
            ("w2", w2.T),
            ("b2", b2[0]),
            ("a1", hidden.T),
            ("a2", predicted.T),
            ("MSE", np.mean(np.square(y - predicted))),
        ):
            record[name].append(np.array(value))
        if epoch == epochs:
            break
        error = y - predicted
        d_predicted = error * (predicted * (1 - predicted))
        error_hidden = d_predicted.dot(w2.T)
        d_hidden = error_hidden * (hidden * (1 - hidden))
        w2 += hidden.T.dot(d_predicted) * rate
        b2 += np.sum(d_predicted, axis=0, keepdims=True) * rate
        w1 += x.T.dot(d_hidden) * rate
        b1 += np.sum(d_hidden, axis=0, keepdims=True) * rate
    return record


def columns_of_samples(problem: Problem, epochs: int) -> Record:
    """Article 002, both classes: weights (out, in), gradients divided by m, subtracted."""
    weights, flat, x, y = started(problem)
    biases, x, y = [b[:, None] for b in flat], x.T, y.T
    rate, m, depth = float(problem.settings["rate"]), x.shape[1], len(weights)
    record: Record = {}
    for epoch in range(epochs + 1):
        a = [x]
        z = []
        for w, b in zip(weights, biases, strict=True):
            z.append(np.dot(w, a[-1]) + b)
            a.append(sigmoid(z[-1]))
        for number in range(1, depth + 1):
            record.setdefault(f"w{number}", []).append(weights[number - 1].copy())
            record.setdefault(f"b{number}", []).append(biases[number - 1][:, 0].copy())
            record.setdefault(f"a{number}", []).append(a[number])
        record.setdefault("MSE", []).append(np.mean((y - a[-1]) ** 2))
        if epoch == epochs:
            break
        da = -(y - a[-1])
        for number in range(depth, 0, -1):
            s = sigmoid(z[number - 1])
            dz = da * (s * (1 - s))
            dw = np.dot(dz, a[number - 1].T) / m
            db = np.sum(dz, axis=1, keepdims=True) / m
            da = np.dot(weights[number - 1].T, dz)
            weights[number - 1] = weights[number - 1] - rate * dw
            biases[number - 1] = biases[number - 1] - rate * db
    return record


def houses(problem: Problem, epochs: int) -> Record:
    """Article 003: a hidden layer of ReLU, a linear output, the mean squared error."""
    (w1, w2), (b1, b2), x, y = started(problem)
    rate, m = float(problem.settings["rate"]), len(x)
    record: Record = {name: [] for name in ("w1", "b1", "w2", "b2", "a1", "a2", "loss")}
    for epoch in range(epochs + 1):
        z1 = x @ w1.T + b1
        a1 = np.maximum(0, z1)
        a2 = a1 @ w2.T + b2
        for name, value in (
            ("w1", w1),
            ("b1", b1),
            ("w2", w2),
            ("b2", b2),
            ("a1", a1.T),
            ("a2", a2.T),
            ("loss", np.mean((a2 - y) ** 2)),
        ):
            record[name].append(np.array(value))
        if epoch == epochs:
            break
        d2 = 2 * (a2 - y) / m
        d1 = (d2 @ w2) * (z1 > 0)
        w2, b2 = w2 - rate * d2.T @ a1, b2 - rate * d2.sum(0)
        w1, b1 = w1 - rate * d1.T @ x, b1 - rate * d1.sum(0)
    return record


RUNS: dict[str, Callable[[Problem, int], Record]] = {
    "000-xor": rows_of_samples,
    "002-two-layers": columns_of_samples,
    "002-deep": columns_of_samples,
    "003-houses": houses,
    "004-xor": rows_of_samples,
}


@pytest.mark.parametrize("form", ["straight", "numpy"])
@pytest.mark.parametrize("name", RUNS)
def test_the_run_is_the_articles(name: str, form: str) -> None:
    """Every array of every epoch agrees to 1e-12 of its largest entry; the last to 1e-14."""
    problem = load(TRAINING / f"{name}.yaml")
    history = train(problem, how=form)
    record = RUNS[name](problem, problem.updates)
    assert len(history) == problem.updates + 1
    for array, rows in record.items():
        theirs = np.array(rows)
        ours = history.array("report.MSE" if array == "MSE" else array).reshape(theirs.shape)
        axes = tuple(range(1, theirs.ndim))
        scale = np.abs(theirs).max(axis=axes, keepdims=True)
        assert (np.abs(ours - theirs) <= 1e-12 * np.maximum(scale, 1e-3)).all(), array
        if array[0] in "wb":
            assert np.abs(ours[-1] - theirs[-1]).max() <= 1e-14 * np.abs(theirs[-1]).max(), array


def test_article_000_begins_as_its_seed_says() -> None:
    """The typed start numbers are those that the article's program draws, to the last digit."""
    problem = load(TRAINING / "000-xor.yaml")
    np.random.seed(1)
    hidden_weights = np.random.uniform(size=(2, 2))
    hidden_bias = np.random.uniform(size=(1, 2))
    output_weights = np.random.uniform(size=(2, 1))
    output_bias = np.random.uniform(size=(1, 1))
    (w1, w2), (b1, b2), _, _ = started(problem)
    assert np.array_equal(w1, hidden_weights.T)
    assert np.array_equal(b1, hidden_bias[0])
    assert np.array_equal(w2, output_weights.T)
    assert np.array_equal(b2, output_bias[0])


@pytest.mark.parametrize("name", ["000-xor", "004-xor"])
def test_ten_thousand_epochs_learn_xor(name: str) -> None:
    """The four outputs end on the right side of one half, and clearly."""
    history = train(load(TRAINING / f"{name}.yaml"))
    outputs = [history[f"a2[1]#{sample}"][-1] for sample in (1, 2, 3, 4)]
    assert [output > 0.5 for output in outputs] == [False, True, True, False]
    assert all(min(output, 1 - output) < 0.12 for output in outputs)
    assert history["report.MSE"][-1] < 0.01 < history["report.MSE"][0]


def test_the_houses_are_learnt() -> None:
    """Five hundred updates bring the mean squared error below a hundredth of its start."""
    loss = train(load(TRAINING / "003-houses.yaml"))["loss"]
    assert loss[-1] < loss[0] / 100
