"""Two hundred random networks beside PyTorch: every number of one update."""

from __future__ import annotations

import re

import pytest

from tests.backprop.problems import disagreements, problem_of
from tests.oracles.networks import ACTIVATIONS, OUTPUTS, Network, by_torch, random_network
from tracer.backprop.tracing import trace
from tracer.calculus.activations import ACTIVATIONS as TABLE
from tracer.calculus.losses import LOSSES

pytest.importorskip("torch", reason="PyTorch is not installed")

SEEDS = range(200)


def expected(network: Network) -> dict[str, float]:
    """PyTorch's numbers under the conventions of the network.

    Under ``written: delta`` the output's delta, and what follows from it, carries 1/m;
    under ``delta: t-o`` deltas and dL/da are negated, gradients are not.
    """
    found = by_torch(network)
    last = len(network.layers)
    sign = -1 if network.conventions["delta"] == "t-o" else 1
    mean = network.samples if network.written == "delta" and network.reduction == "mean" else 1
    for key in found:
        if match := re.match(r"(delta|da)(\d+)\[", key):
            scaled = match[1] == "delta" or int(match[2]) < last
            found[key] = sign * found[key] / (mean if scaled else 1)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_every_quantity_is_pytorchs(seed: int) -> None:
    """Activations, losses, deltas, gradients and updated parameters agree to 1e-12."""
    network = random_network(seed)
    found = trace(problem_of(network), prove=seed % 5 == 0)
    reference = expected(network)
    hidden = {key for key in reference if key.startswith("da") and key not in found}
    assert (
        disagreements(found, {k: v for k, v in reference.items() if k not in hidden}, 1e-12, 1e-15)
        == []
    )


def test_the_networks_cover_what_can_be_chosen() -> None:
    """Among the seeds stands every activation, every loss with its outputs, every choice."""
    networks = [random_network(seed) for seed in SEEDS]
    assert {layer.activation for n in networks for layer in n.layers} == set(ACTIVATIONS)
    assert {n.layers[-1].activation for n in networks} == set(ACTIVATIONS)
    pairs = {(n.loss, n.layers[-1].activation) for n in networks}
    few = ("binary_cross_entropy", "cross_entropy", "kl_divergence")
    assert pairs >= {(loss, name) for loss in few for name in OUTPUTS[loss]}
    assert {n.loss for n in networks} == set(OUTPUTS)
    # log_softmax has its comparison in tests/calculus: here a shared bias behind it would
    # have the gradient 0, which PyTorch gives to 1e-15 of its terms only
    assert set(TABLE) - {"log_softmax"} < set(ACTIVATIONS)
    assert set(LOSSES) < set(OUTPUTS)
    assert {n.samples for n in networks} == {1, 2, 3, 4}
    assert {len(n.layers) for n in networks} == {1, 2, 3, 4}
    assert {layer.units for n in networks for layer in n.layers} == {1, 2, 3, 4}
    assert {n.written for n in networks if n.reduction == "mean"} == {"gradient", "delta"}
    assert any(None in row for n in networks for layer in n.layers for row in layer.weights)
    assert {type(layer.biases) for n in networks for layer in n.layers} == {list, str, type(None)}
    for field in ("conventions", "steps"):
        chosen = [getattr(n, field) for n in networks]
        for name in chosen[0]:
            assert len({choice[name] for choice in chosen}) >= 2, name
