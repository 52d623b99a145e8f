"""Every layer type beside PyTorch: the loss, all gradients, and ten updates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tracer
from tests.backprop.layering.cases import NAMED, problem_of
from tracer.model.history import History

torch = pytest.importorskip("torch", reason="PyTorch is not installed")


def numbers(run: History, name: str, update: int) -> Any:
    """An array of a run after so many updates, with the shape of the problem file."""
    return run.array(name)[update]


@pytest.mark.parametrize("how", ["straight", "numpy"])
@pytest.mark.parametrize("name", NAMED)
def test_ten_updates(name: str, how: str) -> None:
    """Loss, gradients and parameters of ten updates agree to 1e-10."""
    from tests.backprop.layering.by_torch import Model

    run = tracer.train(problem_of(name), 10, how=how)
    model = Model(NAMED[name])
    for update in range(10):
        loss = model.loss()
        assert run["loss"][update] == pytest.approx(loss.item(), rel=1e-10, abs=1e-12)
        for key, leaf in model.parameters.items():
            np.testing.assert_allclose(
                numbers(run, key, update), leaf.detach().numpy(), 1e-10, 1e-12, err_msg=key
            )
        gradients = torch.autograd.grad(loss, list(model.parameters.values()))
        with torch.no_grad():
            for (key, leaf), gradient in zip(model.parameters.items(), gradients, strict=True):
                np.testing.assert_allclose(
                    np.nan_to_num(numbers(run, f"d{key}", update)),
                    gradient.numpy(),
                    1e-10,
                    1e-12,
                    err_msg=f"d{key}",
                )
                leaf -= 0.1 * gradient
