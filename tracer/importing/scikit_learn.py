"""Weights of scikit-learn's `MLPClassifier` and `MLPRegressor`, by duck typing.

Source: scikit-learn, `sklearn.neural_network`: its `logistic` is our sigmoid, weights
stand as (inputs, units), and the loss is averaged over the samples.
"""

from __future__ import annotations

from typing import Any

from tracer.errors import ProblemError
from tracer.importing.found import as_array, dense, unknown
from tracer.importing.network import Network
from tracer.importing.objective import Objective

_ACTIVATIONS = {
    "identity": "identity",
    "logistic": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "softmax": "softmax",
}
_LOSSES = {
    "log_loss": "cross_entropy",
    "binary_log_loss": "binary_cross_entropy",
    "squared_error": "half_squared_error",
}


def read_scikit_learn(model: Any) -> Network:
    """The layers of a fitted `MLPClassifier` or `MLPRegressor`.

    The problem is trained as the model was: by its solver, with its penalty `alpha` (which
    there is halved and divided by the samples).  What has no counterpart is plain gradient
    descent here: L-BFGS, and rates that change.  Adam's epsilon stands a little elsewhere
    there (beside the uncorrected root), so that numbers agree to about eight digits.

    Raises:
        ProblemError: if it is not fitted, or uses an activation that the tables lack.
    """
    if not hasattr(model, "coefs_"):
        raise ProblemError(f"this {type(model).__name__} is not fitted: it has no weights yet")
    count = len(model.coefs_)
    names = [model.activation] * (count - 1) + [model.out_activation_]
    layers = []
    for number, (weights, biases, name) in enumerate(
        zip(model.coefs_, model.intercepts_, names, strict=True), 1
    ):
        if name not in _ACTIVATIONS:
            raise unknown(f"layer {number}", "activation", str(name), _ACTIVATIONS)
        matrix = as_array(weights, f"layer {number}").T
        layers.append(dense(matrix, biases, f"layer {number}", _ACTIVATIONS[name]))
    told = str(getattr(model, "loss", "squared_error"))
    if told not in _LOSSES:
        raise unknown("the model", "loss", told, _LOSSES)
    loss = _LOSSES[told]
    if loss == "cross_entropy" and names[-1] == "logistic":
        loss = "binary_cross_entropy"  # two classes share one output
    rate = getattr(model, "learning_rate_init", None)
    optimizer, settings = _solver(model)
    alpha = float(getattr(model, "alpha", 0))
    penalty = ("l2_mean", alpha) if alpha else ("", 0.0)
    name = type(model).__name__
    return Network(layers, name, Objective(loss), rate, optimizer, settings, *penalty)


def _solver(model: Any) -> tuple[str, dict[str, float]]:
    """The optimizer of our table that does what the model's solver does, and its settings."""
    solver = getattr(model, "solver", "")
    if solver == "adam":
        return "adam", {
            "beta1": model.beta_1,
            "beta2": model.beta_2,
            "epsilon": model.epsilon,
        }
    if solver == "sgd" and model.momentum:
        kind = "nesterov" if model.nesterovs_momentum else "momentum_step"
        return kind, {"beta": model.momentum}
    return "gradient_descent", {}
