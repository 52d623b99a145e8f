"""Keras's activations by our names: inside a layer's configuration, or layers of their own.

Read by `keras_layers` and `keras`.

Source: Keras 3, `keras.activations`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tracer.importing.found import refuse, text, unknown

Config = Mapping[str, Any]

_FUNCTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "linear": ("identity", {}),
    "sigmoid": ("sigmoid", {}),
    "tanh": ("tanh", {}),
    "relu": ("relu", {}),
    "leaky_relu": ("leaky_relu", {"leak": "0.2"}),
    "softplus": ("softplus", {}),
    "hard_sigmoid": ("hard_sigmoid", {}),
    "elu": ("elu", {}),
    "celu": ("elu", {}),
    "selu": ("selu", {}),
    "silu": ("silu", {}),
    "swish": ("silu", {}),
    "softsign": ("softsign", {}),
    "gelu": ("gelu", {}),
    "softmax": ("softmax", {}),
    "log_softmax": ("log_softmax", {}),
}


def activation_of(told: Any, where: str) -> tuple[str, Mapping[str, str]]:
    """Our activation and its settings, of the name that a layer's configuration has.

    Raises:
        ProblemError: naming one that the tables lack.
    """
    if told is None:
        return "identity", {}
    if isinstance(told, Mapping):
        told = told.get("config", told.get("class_name"))
    name = told if isinstance(told, str) else str(told)
    if name not in _FUNCTIONS:
        raise unknown(where, "activation", name, _FUNCTIONS)
    return _FUNCTIONS[name]


def _relu(config: Config, where: str) -> tuple[str, Mapping[str, str]]:
    refuse(where, {"max_value": (config["max_value"], None), "threshold": (config["threshold"], 0)})
    if config["negative_slope"]:
        return "leaky_relu", {"leak": text(config["negative_slope"])}
    return "relu", {}


def _softmax(config: Config, where: str) -> tuple[str, Mapping[str, str]]:
    refuse(where, {"axis": (config["axis"], -1)})
    return "softmax", {}


ACTIVATING: Mapping[str, Callable[[Config, str], tuple[str, Mapping[str, str]]]] = {
    "Activation": lambda config, where: activation_of(config["activation"], where),
    "ReLU": _relu,
    "LeakyReLU": lambda config, where: ("leaky_relu", {"leak": text(config["negative_slope"])}),
    "ELU": lambda config, where: ("elu", {"alpha": text(config["alpha"])}),
    "Softmax": _softmax,
}
"""Layers that are activations here."""
