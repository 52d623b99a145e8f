"""Holding an imported problem against the framework that it comes from.

`parameters` spells a problem's learnt arrays out by the names that a history has for them;
`hold` compares loss, gradients and one update of plain gradient descent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tracer.backprop.training import train
from tracer.model.layer import Layer
from tracer.model.problem import Problem


def parameters(problem: Problem) -> dict[str, Any]:
    """The learnt arrays of a problem: ``w1``, ``lstm2.Wi``."""
    found: dict[str, Any] = {}
    for number, layer in enumerate(problem.layers, 1):
        if isinstance(layer, Layer):
            for name, value in layer.parameters.items():
                found[f"{layer.type}{number}.{name}"] = np.array(value, dtype=float)
            continue
        found[f"w{number}"] = np.array(layer.weights, dtype=float)
        if layer.biases is not False:
            found[f"b{number}"] = np.array(layer.biases, dtype=float)
    return found


def hold(
    problem: Problem,
    loss: float,
    gradients: Mapping[str, Any],
    updated: Mapping[str, Any],
    within: float = 1e-12,
) -> None:
    """Assert that one update of the problem is the framework's.

    Args:
        problem: as it was imported, with the rate of the framework's update.
        loss: before the update.
        gradients: of every parameter, by our names.
        updated: the parameters after it.
        within: of the largest entry.
    """
    history = train(problem, 1)
    assert abs(history["loss"][0] - loss) <= within * max(abs(loss), 1)
    assert {*updated} == {*parameters(problem)}
    for name, after in updated.items():
        ours = history.array(name)[1]
        scale = max(np.abs(after).max(), 1)
        assert np.abs(ours.reshape(after.shape) - after).max() <= within * scale, name
        gradient = gradients[name]
        if name in problem.freeze:
            assert np.array_equal(ours.reshape(after.shape), parameters(problem)[name]), name
            continue
        theirs = history.array(f"d{name}")[0].reshape(gradient.shape)
        assert np.abs(theirs - gradient).max() <= within * max(np.abs(gradient).max(), 1), name
        assert np.any(gradient), name
