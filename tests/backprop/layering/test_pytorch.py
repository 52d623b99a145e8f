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


SHARED = {
    "conv-2": "two filters over several channels",
    "attention-2": "two heads",
    "maxout-1": "two pieces",
    "transformer_block-1": "two norms",
}
"""Cases with several arrays of one name, each of which has a memory of its own."""


@pytest.mark.parametrize("how", ["straight", "numpy"])
@pytest.mark.parametrize("name", SHARED)
def test_each_array_of_a_name_has_its_own_memory(name: str, how: str) -> None:
    """Adam over five updates: training and the trace move every parameter as PyTorch does."""
    from tests.backprop.layering.by_torch import Model

    adam = {"optimizer": {"adam": {"rate": "0.05"}}, "updates": 5, "rounding": {"policy": "exact"}}
    problem = problem_of(name, **adam)
    run, found = tracer.train(problem, 5, how=how), tracer.trace(problem)
    model = Model(NAMED[name])
    optimizer = torch.optim.Adam(model.parameters.values(), lr=0.05)
    for update in range(1, 6):
        optimizer.zero_grad()
        model.loss().backward()
        optimizer.step()
        for key, leaf in model.parameters.items():
            theirs = leaf.detach().numpy()
            np.testing.assert_allclose(numbers(run, key, update), theirs, 1e-9, 1e-11, err_msg=key)
            for place in np.ndindex(theirs.shape):
                cell = f"{key}[{','.join(str(i + 1) for i in place)}]@{update}"
                if cell in found:
                    assert float(found[cell].exact or 0) == pytest.approx(theirs[place], rel=1e-9)
