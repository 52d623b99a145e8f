"""Layers of several types under the other choices of a problem: batches, penalties, freezing,
signs, optimizers, truncation, letters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tracer
from tests.backprop.layering.cases import NAMED, problem_of
from tracer.calculus.layers import LAYERS
from tracer.files.problem import load_text

PENALTY = {"l2": {"strength": "0.1", "biases": True}}
FROZEN = ["lstm1.Wi", "lstm1.Uf[1,2]", "b2"]

CHOICES: list[tuple[str, dict[str, Any]]] = [
    *((name, {"batch": "online", "updates": 3}) for name in (
        "lstm-1", "dropout-2", "embedding-1", "attention-1", "conv-1", "elman-1")),
    ("gru-1", {"batch": [[2], [1, 2]], "updates": 3}),
    ("embedding-1", {"batch": [[2], [1, 2]], "updates": 3}),
    ("lstm-1", {"regularizer": {"l2_half": {"strength": "0.1"}}, "updates": 2}),
    ("lstm-1", {"regularizer": PENALTY, "freeze": FROZEN, "updates": 2}),
    ("lstm-1", {"freeze": ["biases"], "updates": 2}),
    ("transformer_block-1", {"conventions": {"delta": "t-o"}, "updates": 2}),
    ("batch_norm-1", {"conventions": {"delta": "t-o"},
                      "reduction": {"batch": "mean", "written": "delta"}, "updates": 2}),
    ("lstm-1", {"optimizer": {"adam": {"rate": "0.1"}}, "clip": {"norm": "0.1"}, "updates": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "chosen"), CHOICES, ids=str)
def test_traced_proven_and_trained_alike(name: str, chosen: dict[str, Any]) -> None:
    """The trace's gradients are proven, and both compiled forms give its numbers."""
    problem = problem_of(name, rounding={"policy": "exact"}, **chosen)
    found = tracer.trace(problem)
    assert len(found.proof) == 3
    for how in ("straight", "numpy"):
        run = tracer.train(problem, problem.updates, how=how)
        for key in run.keys():  # noqa: SIM118
            for update in range(problem.updates + 1):
                own, now = f"{key}@{update}" if update else key, run[key][update]
                if own in found and now == now:
                    assert now == pytest.approx(float(found[own].exact or 0), abs=1e-12), own


def test_frozen_parameters_stay() -> None:
    """A whole array, a single cell, and a bias of a dense layer behind."""
    steps = {step.key for step in tracer.trace(problem_of("lstm-1", freeze=FROZEN))}
    assert not any(key.startswith("lstm1.Wi[") and key.endswith("@1") for key in steps)
    assert "lstm1.Uf[1,1]@1" in steps
    assert not steps & {"lstm1.Uf[1,2]@1", "b2[1]@1"}


def test_truncated_through_time() -> None:
    """After every two steps no gradient goes further back: PyTorch with the state detached."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from tests.backprop.layering.by_torch import tensor

    data = NAMED["elman-1"]
    layer, dense = data["layers"]
    problem = problem_of("elman-1", layers=[{**layer, "truncate": 2}, dense])
    found = tracer.train(problem, 1)
    assert len(tracer.trace(problem).proof) == 3
    w, u, b, v, c = leaves = [
        tensor(told).requires_grad_()
        for told in (*(layer[name] for name in "WUb"), dense["weights"], dense["biases"])
    ]
    h, loss = torch.zeros(2, 3, dtype=torch.float64), 0
    targets = tensor(data["targets"])
    for step, x in enumerate(tensor(data["inputs"]).unbind(1)):
        h = torch.tanh(x @ w.T + (h.detach() if step % 2 == 0 else h) @ u.T + b)
        loss = loss + (h @ v.T + c - targets[:, step]).square().sum() / 4
    names = ("elman1.W", "elman1.U", "elman1.b", "w2", "b2")
    for name, gradient in zip(names, torch.autograd.grad(loss, leaves), strict=True):
        np.testing.assert_allclose(found.array(f"d{name}")[0], gradient.numpy(), 1e-12, 1e-14)


def test_in_letters() -> None:
    """Symbolic parameters make a derivation without numbers, back through time."""
    found = tracer.trace(
        load_text(
            """
inputs: [[1, 2], [3, 4]]
targets: [1]
layers:
  - {type: elman, units: 1, return: last, weights: symbolic}
  - {units: 1, weights: symbolic, biases: symbolic}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
"""
        )
    )
    assert str(found["delman1.h[1]~1"]) == ("delman1.h[1]~1 = elman1.U[1,1]*delman1.z[1]~2")
    assert found.symbolic


def test_a_sequence_of_losses_is_summed_or_averaged() -> None:
    """The mean over the time steps is the sum divided by their number."""
    summed = tracer.trace(problem_of("elman-1", reduction={"batch": "mean"}))
    averaged = tracer.trace(problem_of("elman-1", reduction={"batch": "mean", "time": "mean"}))
    for key in ("loss", "delman1.W[1,1]", "dw2[1,1]"):
        assert float(summed[key].exact or 0) == pytest.approx(
            3 * float(averaged[key].exact or 0), rel=1e-12
        )


BIASES = {
    "maxout-1": ["b"],
    "tied-1": ["b"],
    "conv-1": ["b"],
    "elman-1": ["b"],
    "lstm-1": ["bi", "bf", "bo", "bg"],
    "gru-1": ["br", "bu", "bn"],
}


def _noughts(value: Any) -> Any:
    return [_noughts(one) for one in value] if isinstance(value, list) else "0"


def test_these_types_may_do_without_biases() -> None:
    """A type that is added to them needs its names here."""
    assert {name.removesuffix("-1") for name in BIASES} == {n for n in LAYERS if LAYERS[n].biases}


@pytest.mark.parametrize("name", BIASES)
def test_without_biases_is_with_biases_of_0(name: str) -> None:
    """`biases: false` leaves them out; loss and all other gradients are those with noughts."""
    layers = NAMED[name]["layers"]
    [place] = [n for n, one in enumerate(layers) if one.get("type") == name.removesuffix("-1")]
    own = layers[place]
    bare = {key: value for key, value in own.items() if key not in BIASES[name]}
    noughts = {key: _noughts(own[key]) for key in BIASES[name] if key in own}
    found, expected = (
        tracer.train(problem_of(name, layers=[*layers[:place], one, *layers[place + 1 :]]), 1)
        for one in ({**bare, "biases": False}, {**bare, **noughts})
    )
    assert set(found.keys()) < set(expected.keys())
    for key in found.keys():  # noqa: SIM118
        if not key.endswith("@1") and found[key][0] == found[key][0]:
            assert found[key][0] == pytest.approx(expected[key][0], rel=1e-14, abs=1e-15), key


SEQUENCE = """
inputs: INPUTS
targets: TARGETS
layers: [{type: elman, units: UNITS, W: WHOLE, U: NOUGHTS, b: BIASES, activation: identity}]
loss: mean_squared_error
reduction: sum
optimizer: {gradient_descent: {rate: 0.5}}
"""


@pytest.mark.parametrize(
    ("units", "samples", "expected"),
    [(1, 1, "37"), (2, 1, "37"), (1, 2, "74"), (2, 2, "74")],
)
def test_a_mean_over_outputs_at_every_step(units: int, samples: int, expected: str) -> None:
    """Each output is 1 and then 2, for 7 and then 3: 6^2 + 1^2 = 37 for each sample."""
    told = SEQUENCE
    for word, value in {
        "INPUTS": [[[1], [2]]] * samples,
        "TARGETS": [[[7] * units, [3] * units]] * samples,
        "UNITS": units,
        "WHOLE": [[1]] * units,
        "NOUGHTS": [[0] * units] * units,
        "BIASES": [0] * units,
    }.items():
        told = told.replace(word, str(value))
    assert str(tracer.trace(load_text(told))["loss"].exact) == expected
