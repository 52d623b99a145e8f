"""Every activation and every loss of the tables beside PyTorch: values and gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tracer.backprop.tracing import trace
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.losses import LOSSES
from tracer.model.conventions import Conventions
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch.nn import functional as F  # noqa: E402, N812

BY_TORCH: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": F.leaky_relu,
    "softplus": F.softplus,
    "step": lambda z: torch.heaviside(z.detach(), torch.zeros(1, dtype=z.dtype)) + 0 * z,
    # F.hardsigmoid multiplies by a sixth in single precision on its way back
    "hard_sigmoid": lambda z: F.relu6(z + 3) / 6,
    "elu": F.elu,
    "selu": F.selu,
    "silu": F.silu,
    "swish": F.silu,
    "softsign": F.softsign,
    "gelu": F.gelu,
    "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
    "softmax": lambda z: F.softmax(z, 1),
    "log_softmax": lambda z: F.log_softmax(z, 1),
}
LOSSES_BY_TORCH: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared_error": lambda y, a: F.mse_loss(a, y, reduction="sum") / 2,
    "squared_error": lambda y, a: F.mse_loss(a, y, reduction="sum"),
    "mean_squared_error": lambda y, a: F.mse_loss(a, y) * len(y),
    "binary_cross_entropy": lambda y, a: F.binary_cross_entropy(a, y, reduction="sum"),
    "cross_entropy": lambda y, a: -(y * torch.log(a)).sum(),
    "mean_absolute_error": lambda y, a: F.l1_loss(a, y) * len(y),
    "huber": lambda y, a: F.huber_loss(a, y, reduction="sum"),
    "hinge": lambda y, a: torch.relu(1 - y * a).sum(),
    "kl_divergence": lambda y, a: F.kl_div(torch.log(a), y, reduction="sum"),
    "negative_log_likelihood": lambda y, a: -(y * a).sum(),
}
PROBABILITIES = {"binary_cross_entropy", "cross_entropy", "kl_divergence"}


def test_nothing_of_the_tables_is_left_out() -> None:
    """What is added to a table is compared here, or this fails."""
    assert set(BY_TORCH) == set(ACTIVATIONS)
    assert set(LOSSES_BY_TORCH) == set(LOSSES)


def network(activation: str, loss: str, shortcut: str = "never") -> tuple[Problem, Any]:
    """A hidden layer and an output layer over two samples, and their loss in PyTorch."""
    draw = np.random.default_rng(len(activation) * 97 + len(loss))
    first, second = draw.uniform(-2, 2, (3, 2)).round(3), draw.uniform(-2, 2, (2, 3)).round(3)
    inputs = draw.uniform(-2, 2, (2, 2)).round(3)
    targets = np.array([[0.25, 0.75], [0.625, 0.375]])
    if loss == "hinge":
        targets = np.array([[1.0, -1.0], [-1.0, 1.0]])
    output = "sigmoid" if loss in PROBABILITIES else "identity"

    def texts(array: Any) -> list[list[str]]:
        return [[repr(float(cell)) for cell in row] for row in array]

    problem = Problem(
        inputs=texts(inputs),
        targets=texts(targets),
        layers=[Dense(3, activation, texts(first)), Dense(2, output, texts(second))],
        loss=loss,
        settings={"rate": "0.1"},
        conventions=Conventions(shortcut=shortcut),
    )
    weights = [torch.tensor(w, requires_grad=True) for w in (first, second)]
    hidden = BY_TORCH[activation](torch.tensor(inputs) @ weights[0].T)
    out = BY_TORCH[output](hidden @ weights[1].T)
    value = LOSSES_BY_TORCH[loss](torch.tensor(targets), out)
    value.backward()
    return problem, (float(value.detach()), [w.grad.numpy() for w in weights])


def agrees(found: Trace, expected: Any) -> None:
    """The loss and every gradient, to 1e-12."""
    value, gradients = expected
    assert float(found["loss"].exact or 0) == pytest.approx(value, rel=1e-12, abs=1e-14)
    for layer, gradient in enumerate(gradients, 1):
        for i, j in np.ndindex(*gradient.shape):
            ours = float(found[f"dw{layer}[{i + 1},{j + 1}]"].exact or 0)
            assert ours == pytest.approx(gradient[i, j], rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations_of_a_hidden_layer(activation: str) -> None:
    """The loss behind a layer of each activation, and the gradients before and after it."""
    problem, expected = network(activation, "half_squared_error")
    agrees(trace(problem), expected)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("shortcut", ["never", "always"])
def test_losses(loss: str, shortcut: str) -> None:
    """Each loss over two samples, and the gradients of two layers before it."""
    problem, expected = network("tanh", loss, shortcut)
    agrees(trace(problem), expected)
