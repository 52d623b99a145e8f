"""Weights of a PyTorch `Sequential`, or of a state with the activations told beside it.

The module is read by duck typing; PyTorch itself is imported only to read a file that it
has written, with `weights_only`, which loads tensors and runs nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tracer.errors import FileError, MissingTool, ProblemError
from tracer.importing.archives import read_mapping
from tracer.importing.network import Layer, Network, unknown


def _leaky_relu(module: Any) -> dict[str, str]:
    return {"leak": repr(float(module.negative_slope))}


def _softplus(module: Any) -> dict[str, str]:
    if float(module.beta) != 1:
        raise ProblemError(f"Softplus with beta = {module.beta} has no counterpart here")
    return {}


def _softmax(module: Any) -> dict[str, str]:
    if module.dim not in (1, -1):
        raise ProblemError(f"Softmax along dimension {module.dim} is not over the units")
    return {}


def _plain(module: Any) -> dict[str, str]:
    return {}


_ACTIVATIONS: dict[str, tuple[str, Callable[[Any], dict[str, str]]]] = {
    "Identity": ("identity", _plain),
    "Sigmoid": ("sigmoid", _plain),
    "Tanh": ("tanh", _plain),
    "ReLU": ("relu", _plain),
    "LeakyReLU": ("leaky_relu", _leaky_relu),
    "Softplus": ("softplus", _softplus),
    "Softmax": ("softmax", _softmax),
}
_NOTHING = ("Flatten", "Dropout")
"""Modules that change no number of a trained network with vectors in."""
KNOWN = ("Sequential", "Linear", *_ACTIVATIONS, *_NOTHING)


def read_module(model: Any) -> Network:
    """The layers of a `Sequential` (or a single `Linear`).

    Raises:
        ProblemError: naming a module that has no counterpart here.
    """
    layers: list[Layer] = []
    open_layer = False
    for place, module in _modules(model, ""):
        kind = type(module).__name__
        if kind == "Linear":
            layers.append(Layer(module.weight, module.bias))
            open_layer = True
        elif kind in _ACTIVATIONS:
            if not open_layer:
                raise ProblemError(f"{place}: {kind} does not follow a Linear")
            name, settings = _ACTIVATIONS[kind]
            layers[-1] = replace(layers[-1], activation=name, settings=settings(module))
            open_layer = False
        elif kind not in _NOTHING:
            raise unknown(place, "layer", kind, KNOWN)
    return Network(layers, type(model).__name__)


def _modules(module: Any, place: str) -> Iterator[tuple[str, Any]]:
    """The modules of a `Sequential` in order, those inside others too."""
    kind = type(module).__name__
    if kind == "Sequential":
        for name, part in module.named_children():
            yield from _modules(part, f"{place}.{name}" if place else f"module {name}")
        return
    if kind not in KNOWN and any(True for _ in module.children()) and not place:
        raise ProblemError(
            f"{kind} is not a Sequential, so the order of its layers is not known; "
            "give its state_dict() and the activations"
        )
    yield place or "the model", module


def read_state(state: Mapping[str, Any], activations: str | Sequence[str] = "sigmoid") -> Network:
    """The layers of a state dictionary: ``0.weight``, ``0.bias``, ``2.weight``, ...

    Raises:
        ProblemError: for anything that is not the weights or biases of a dense layer.
    """
    return read_mapping(state, activations)


def read_file(
    path: str | os.PathLike[str], activations: str | Sequence[str] = "sigmoid"
) -> Network:
    """The layers of a state that `torch.save` wrote.

    Raises:
        MissingTool: if PyTorch is not installed.
        FileError: if the file holds anything but tensors by name.
    """
    try:
        import torch
    except ImportError:
        raise MissingTool("reading a PyTorch file needs PyTorch: pip install torch") from None
    name = os.fspath(path)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise FileError(f"{name}: there is no such file") from None
    except Exception as error:  # whatever an unpickler may raise on a foreign file
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise FileError(f"{name}: holds no plain state; save model.state_dict() ({said})") from None
    if not isinstance(state, Mapping):
        raise FileError(f"{name}: holds a {type(state).__name__}, not a state")
    return read_state(state, activations)
