"""What every importer gives: dense layers with their numbers, and what the model says of itself.

Weights become texts by `repr`, so that the problem starts from exactly the numbers of
the model.  A layer or an activation that the tables lack is named in the error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tracer.calculus.activations import ACTIVATIONS
from tracer.errors import ProblemError, suggestion
from tracer.model.problem import Dense, Problem


@dataclass(frozen=True)
class Layer:
    """One dense layer as it is found in a model."""

    weights: Any
    """Shape (units, units of the layer before)."""
    biases: Any = None
    """Shape (units,); None: it has none."""
    activation: str = "identity"
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Network:
    """A model's layers, and as much as it says about its training."""

    layers: Sequence[Layer]
    name: str = ""
    loss: str | None = None
    reduction: str = "mean"
    rate: float | None = None
    optimizer: str = "gradient_descent"
    settings: Mapping[str, float] = field(default_factory=dict)
    """The optimizer's other settings."""
    regularizer: str = ""
    strength: float = 0.0

    def problem(
        self,
        inputs: Any = None,
        targets: Any = None,
        loss: str | None = None,
        rate: Any = None,
    ) -> Problem:
        """The model as a problem.

        Args:
            inputs: one row or several; by default a row of ones.
            targets: likewise; without them there is only a forward pass.
            loss: by default what the model was trained with, or half the squared error.
            rate: the learning rate; by default the model's own, or 0.1.

        Raises:
            ProblemError: if shapes do not fit, or the model cannot be said in our tables.
        """
        layers = [_dense(layer, number) for number, layer in enumerate(self.layers, 1)]
        if not layers:
            raise ProblemError("the model has no dense layer")
        sources = len(layers[0].weights[0])
        chosen = rate if rate is not None else self.rate if self.rate is not None else "0.1"
        return Problem(
            name=self.name,
            inputs=["1"] * sources if inputs is None else _plain(inputs),
            targets=() if targets is None else _plain(targets),
            layers=layers,
            loss=(loss or self.loss or "half_squared_error") if targets is not None else None,
            reduction=self.reduction,
            optimizer=self.optimizer,
            settings={
                "rate": chosen if isinstance(chosen, str) else repr(float(chosen)),
                **{name: repr(float(value)) for name, value in self.settings.items()},
            },
            regularizer=self.regularizer,
            strength=repr(float(self.strength)) if self.regularizer else "",
        )


def _plain(values: Any) -> Any:
    """Arrays of any library as lists; lists, with their texts, as they are."""
    if isinstance(values, list | tuple):
        return [_plain(value) for value in values]
    return values.tolist() if hasattr(values, "tolist") else values


def as_array(values: Any, what: str) -> np.ndarray[Any, Any]:
    """Numbers of any library as a NumPy array.

    Raises:
        ProblemError: if they are none, or not finite.
    """
    if hasattr(values, "detach"):  # a PyTorch tensor
        values = values.detach().cpu().numpy()
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ProblemError(f"{what}: these are no numbers") from None
    if not np.isfinite(found).all():
        raise ProblemError(f"{what}: not all numbers are finite")
    return found


def _dense(layer: Layer, number: int) -> Dense:
    what = f"layer {number}"
    if layer.activation not in ACTIVATIONS:
        raise unknown(what, "activation", layer.activation, ACTIVATIONS)
    weights = as_array(layer.weights, f"{what}, weights")
    if weights.ndim != 2:
        axes = f"{weights.ndim} axes" if weights.ndim != 1 else "1 axis"
        raise ProblemError(f"{what}: weights of a dense layer have 2 axes; these have {axes}")
    biases: Any = False
    if layer.biases is not None:
        found = as_array(layer.biases, f"{what}, biases").reshape(-1)
        biases = [repr(value) for value in found.tolist()]
    rows = [[repr(value) for value in row] for row in weights.tolist()]
    return Dense(len(rows), layer.activation, rows, biases, layer.settings)


def unknown(where: str, kind: str, name: str, known: Any) -> ProblemError:
    """The error for a layer or activation that has no counterpart here."""
    hint = suggestion(name, known) or f"; known are {', '.join(known)}"
    return ProblemError(f"{where}: there is no {kind} '{name}' here{hint}")
