"""A PyTorch `Sequential`, or a state with the architecture told beside it.

The module is read by duck typing: `torch_modules` says what each is here.  PyTorch itself
is imported only to read a file that it has written, with `weights_only`, which loads
tensors and runs nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tracer.errors import FileError, MissingTool, ProblemError
from tracer.importing.found import Graph, refuse, text, unknown
from tracer.importing.network import Network
from tracer.importing.samples import Samples
from tracer.importing.torch_modules import MODULES, layers_of


def _leaky_relu(module: Any, where: str) -> tuple[str, dict[str, str]]:
    return "leaky_relu", {"leak": text(module.negative_slope)}


def _elu(module: Any, where: str) -> tuple[str, dict[str, str]]:
    return "elu", {"alpha": text(module.alpha)}


def _celu(module: Any, where: str) -> tuple[str, dict[str, str]]:
    """The same as ELU where alpha is 1."""
    refuse(where, {"alpha": (module.alpha, 1.0)})
    return "elu", {}


def _gelu(module: Any, where: str) -> tuple[str, dict[str, str]]:
    return ("gelu_tanh" if module.approximate == "tanh" else "gelu"), {}


def _softplus(module: Any, where: str) -> tuple[str, dict[str, str]]:
    refuse(where, {"beta": (module.beta, 1)})
    return "softplus", {}


def _over_units(name: str) -> Callable[[Any, str], tuple[str, dict[str, str]]]:
    def of(module: Any, where: str) -> tuple[str, dict[str, str]]:
        if module.dim not in (1, -1):
            kind = type(module).__name__
            raise ProblemError(
                f"{where}: {kind} along dimension {module.dim} is not over the units"
            )
        return name, {}

    return of


def _plain(name: str) -> Callable[[Any, str], tuple[str, dict[str, str]]]:
    return lambda module, where: (name, {})


_ACTIVATIONS: dict[str, Callable[[Any, str], tuple[str, dict[str, str]]]] = {
    "Identity": _plain("identity"),
    "Sigmoid": _plain("sigmoid"),
    "Tanh": _plain("tanh"),
    "ReLU": _plain("relu"),
    "LeakyReLU": _leaky_relu,
    "Softplus": _softplus,
    "Hardsigmoid": _plain("hard_sigmoid"),
    "ELU": _elu,
    "CELU": _celu,
    "SELU": _plain("selu"),
    "SiLU": _plain("silu"),
    "Softsign": _plain("softsign"),
    "GELU": _gelu,
    "Softmax": _over_units("softmax"),
    "LogSoftmax": _over_units("log_softmax"),
}
KNOWN = ("Sequential", *MODULES, *_ACTIVATIONS)


def read_module(model: Any) -> Network:
    """The layers of a `Sequential` (or of a single module).

    Raises:
        ProblemError: naming a module that has no counterpart here.
    """
    graph = Graph()
    for place, module in _modules(model, ""):
        kind = type(module).__name__
        if kind in _ACTIVATIONS:
            graph.activate(*_ACTIVATIONS[kind](module, place), place, kind)
            if getattr(module, "dim", None) == 1:  # the units, unless there are time steps
                graph.found[-1] = replace(graph.found[-1], takes=("units",))
        elif kind in MODULES:
            graph.add(*layers_of(module, place))
        else:
            raise unknown(place, "layer", kind, KNOWN)
    return Network(graph.layers(), type(model).__name__, samples=Samples(from_zero=True))


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
            "give its state_dict() and the architecture: like, a problem with such layers"
        )
    yield place or "the model", module


def read_file(path: str | os.PathLike[str]) -> Mapping[str, Any]:
    """A state that `torch.save` wrote: tensors by name.

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
    return state
