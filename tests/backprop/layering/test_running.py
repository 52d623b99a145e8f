"""Batch normalisation follows running statistics: from update to update, and in use."""

from __future__ import annotations

from typing import Any

import pytest

from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.errors import FileError
from tracer.files.problem import dump, load_text
from tracer.model.continuing import continued
from tracer.model.problem import Problem

UPDATES = 5


def problem(layer: str = "momentum: 0.1", more: str = "") -> Problem:
    """Two hidden units, normalised over three samples."""
    return load_text(
        f"""
inputs: [[1, 2], [0.5, 3], [-1, 1]]
targets: [[1], [0], [1]]
layers:
  - {{units: 2, activation: tanh, weights: [[0.3, 0.1], [-0.2, 0.4]], biases: [0, 0.1]}}
  - {{type: batch_norm, {layer}}}
  - {{units: 1, activation: sigmoid, weights: [[0.5, -0.3]], biases: [0]}}
loss: binary_cross_entropy
optimizer: {{gradient_descent: {{rate: 0.5}}}}
updates: {UPDATES}
rounding: {{policy: exact}}
{more}
"""
    )


def statistics(found: Any, update: int) -> list[float]:
    """Running mean and variance of both units after some updates."""
    return [
        float(found[f"batch_norm2.running_{word}[{unit}]@{update}"].exact or 0)
        for word in ("mean", "variance")
        for unit in (1, 2)
    ]


@pytest.mark.parametrize("said", ["momentum: 0.1", "running_mean: [0, 0]"])
def test_running_statistics_are_those_of_pytorch(said: str) -> None:
    """After five updates `BatchNorm1d` has the same running mean and variance, by default too."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    def tensor(values: Any) -> Any:
        return torch.tensor(values, dtype=torch.float64)

    hidden = torch.nn.Linear(2, 2, dtype=torch.float64)
    norm = torch.nn.BatchNorm1d(2, dtype=torch.float64)
    output = torch.nn.Linear(2, 1, dtype=torch.float64)
    with torch.no_grad():
        hidden.weight.copy_(tensor([[0.3, 0.1], [-0.2, 0.4]]))
        hidden.bias.copy_(tensor([0, 0.1]))
        output.weight.copy_(tensor([[0.5, -0.3]]))
        output.bias.zero_()
    model = torch.nn.Sequential(hidden, torch.nn.Tanh(), norm, output, torch.nn.Sigmoid())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    x, y = tensor([[1, 2], [0.5, 3], [-1, 1]]), tensor([[1], [0], [1]])
    for _ in range(UPDATES):
        optimizer.zero_grad()
        torch.nn.BCELoss(reduction="sum")(model(x), y).backward()
        optimizer.step()
    theirs = [*norm.running_mean.tolist(), *norm.running_var.tolist()]
    assert statistics(trace(problem(said)), UPDATES) == pytest.approx(theirs, rel=1e-12)


def test_training_carries_them_on() -> None:
    """Compiled updates give the running statistics of the trace, and a run goes on from them."""
    history, found = train(problem(), UPDATES), trace(problem())
    for unit in (1, 2):
        for word in ("mean", "variance"):
            key = f"batch_norm2.running_{word}[{unit}]"
            own = float(found[f"{key}@{UPDATES}"].exact or 0)
            assert float(history[key][-1]) == pytest.approx(own, rel=1e-12)
    learnt = {f"batch_norm2.running_mean[{k}]": 0.25 * k for k in (1, 2)}
    again = trace(continued(problem(), learnt))
    assert again["batch_norm2.running_mean[2]"].text == "0.5"


def test_a_step_is_the_textbooks() -> None:
    """Each is a line of its own; the variance of the batch goes in without its bias."""
    found = trace(problem("momentum: 0.2, running_mean: [0.5, 0]"))
    assert str(found["batch_norm2.running_mean[1]@1"]).startswith(
        "batch_norm2.running_mean[1]@1 = (1 - batch_norm2.momentum)*batch_norm2.running_mean[1]"
        " + batch_norm2.momentum*batch_norm2.mean[1] ≈ "
    )
    assert "3/(3 - 1)*batch_norm2.variance[1]" in str(found["batch_norm2.running_variance[1]@1"])
    biased = trace(problem("momentum: 0.2, running: biased"))
    assert "3/(3 - 1)" not in str(biased["batch_norm2.running_variance[1]@1"])


def test_without_a_word_nothing_is_followed() -> None:
    """Only where a layer says something of them are there running statistics."""
    assert not any("running" in step.key for step in trace(problem("epsilon: 1e-5")))


def test_files_read_back() -> None:
    """What is written of such a layer is read again as the same."""
    given = problem("momentum: 0.1, running_variance: [2, 3]")
    assert load_text(dump(given)) == given


@pytest.mark.parametrize("batch", ["online", "[[1, 2], [3]]"])
def test_a_batch_of_one_has_no_variance(batch: str) -> None:
    """It is refused before anything is worked out, at the layer's line."""
    with pytest.raises(FileError, match=r":6:5: batch_norm in training needs several samples"):
        problem(more=f"batch: {batch}")


MINI_BATCHES = """
inputs: [[1, 2], [0.5, 3], [-1, 1], [2, -0.5], [0.25, 0.75]]
targets: [[1], [0], [1], [0], [1]]
layers:
  - {units: 2, activation: tanh, weights: [[0.3, 0.1], [-0.2, 0.4]], biases: [0, 0.1]}
  - {type: batch_norm, variance: unbiased}
  - {units: 1, activation: sigmoid, weights: [[0.5, -0.3]], biases: [0]}
loss: binary_cross_entropy
optimizer: {gradient_descent: {rate: 0.5}}
updates: 4
batch: [[1, 2, 3], [4, 5]]
rounding: {policy: exact}
"""


@pytest.mark.parametrize("how", ["straight", "numpy"])
def test_an_unbiased_variance_divides_by_the_mini_batch(how: str) -> None:
    """Batches of three and of two: the trace and training give PyTorch's `var` and its updates."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    def leaf(values: Any) -> Any:
        return torch.tensor(values, dtype=torch.float64, requires_grad=True)

    w1, b1 = leaf([[0.3, 0.1], [-0.2, 0.4]]), leaf([0.0, 0.1])
    gamma, beta = leaf([1.0, 1.0]), leaf([0.0, 0.0])
    w3, b3 = leaf([[0.5, -0.3]]), leaf([0.0])
    x = torch.tensor([[1, 2], [0.5, 3], [-1, 1], [2, -0.5], [0.25, 0.75]], dtype=torch.float64)
    y = torch.tensor([[1], [0], [1], [0], [1]], dtype=torch.float64)
    optimizer = torch.optim.SGD([w1, b1, gamma, beta, w3, b3], lr=0.5)
    told = load_text(MINI_BATCHES)
    found, run = trace(told), train(told, how=how)
    for update in range(4):
        chosen = [[0, 1, 2], [3, 4]][update % 2]
        hidden = torch.tanh(x[chosen] @ w1.T + b1)
        variance = hidden.var(0, unbiased=True)
        mark = f"@{update}" if update else ""
        for unit in (1, 2):
            own = found[f"batch_norm2.variance[{unit}]{mark}"]
            assert f"/{len(chosen) - 1}" in str(own) or len(chosen) == 2
            assert float(own.exact or 0) == pytest.approx(variance[unit - 1].item(), rel=1e-12)
        rows = (hidden - hidden.mean(0)) / torch.sqrt(variance + 1e-5)
        a = torch.sigmoid((gamma * rows + beta) @ w3.T + b3)
        optimizer.zero_grad()
        torch.nn.BCELoss(reduction="sum")(a, y[chosen]).backward()
        optimizer.step()
        for name, values in (("w1", w1), ("b1", b1), ("batch_norm2.gamma", gamma), ("w3", w3)):
            for place, value in enumerate(values.detach().reshape(-1).tolist()):
                trained = run.array(name)[update + 1].reshape(-1)[place]
                assert trained == pytest.approx(value, rel=1e-12, abs=1e-14)
        assert float(found[f"w1[1,2]@{update + 1}"].exact or 0) == pytest.approx(
            w1[0, 1].item(), rel=1e-12
        )
