"""Weights of a Keras model of dense layers, by duck typing: `layers`, `get_weights`.

Source: Keras 3, `keras.layers.Dense`: the kernel stands as (inputs, units); `linear` is
the identity; the slope of `leaky_relu` is 0.2 as an activation and 0.3 as a layer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tracer.errors import ProblemError
from tracer.importing.network import Layer, Network, as_array, unknown

_ACTIVATIONS = {
    "linear": "identity",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "leaky_relu": "leaky_relu",
    "softplus": "softplus",
    "softmax": "softmax",
}
_SETTINGS = {"leaky_relu": {"leak": "0.2"}}
_LAYERS = {"ReLU": "relu", "Softmax": "softmax", "LeakyReLU": "leaky_relu"}
_NOTHING = ("InputLayer", "Flatten", "Dropout")
KNOWN = ("Dense", "Activation", *_LAYERS, *_NOTHING)


def read_keras(model: Any) -> Network:
    """The layers of a sequential Keras model.

    Raises:
        ProblemError: naming a layer or activation that has no counterpart here.
    """
    layers: list[Layer] = []
    for number, layer in enumerate(model.layers, 1):
        kind, where = type(layer).__name__, f"layer {number} ({getattr(layer, 'name', '')})"
        if kind == "Dense":
            layers.append(_dense(layer, where))
        elif kind == "Activation" or kind in _LAYERS:
            if not layers or layers[-1].activation != "identity":
                raise ProblemError(f"{where}: {kind} does not follow a linear Dense layer")
            layers[-1] = _activated(layers[-1], layer, kind, where)
        elif kind not in _NOTHING:
            raise unknown(where, "layer", kind, KNOWN)
    return Network(layers, str(getattr(model, "name", "")))


def _dense(layer: Any, where: str) -> Layer:
    kernel, *biases = layer.get_weights()
    matrix = as_array(kernel, where).T
    found = Layer(matrix, biases[0] if biases else None)
    return _activated(found, layer, "Activation", where)


def _activated(dense: Layer, layer: Any, kind: str, where: str) -> Layer:
    if kind in _LAYERS:
        if kind == "LeakyReLU":
            slope = getattr(layer, "negative_slope", getattr(layer, "alpha", 0.3))
            leak = {"leak": repr(float(slope))}
            return replace(dense, activation="leaky_relu", settings=leak)
        return replace(dense, activation=_LAYERS[kind])
    function = getattr(layer, "activation", None)
    name = function if isinstance(function, str) else getattr(function, "__name__", "linear")
    if name not in _ACTIVATIONS:
        raise unknown(where, "activation", name, _ACTIVATIONS)
    chosen = _ACTIVATIONS[name]
    return replace(dense, activation=chosen, settings=_SETTINGS.get(chosen, {}))
