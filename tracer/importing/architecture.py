"""Numbers by name put into an architecture that is told: the layers of a problem.

Takes a problem, whose layers say types, sizes and settings, and a mapping of names to
arrays: our own names (``w1``, ``b1``, ``lstm2.Wi``), or a PyTorch state, whose entries stand
in the order of the layers (``0.weight``, ``rnn.weight_ih_l0``).  Gives that problem with the
numbers of the mapping.  Without an architecture, our own names alone say one.  Read by the
importer of mappings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.wiring import check_network, completed, normalised
from tracer.errors import ProblemError, suggestion
from tracer.importing.found import Found, as_array, dense, texts, typed
from tracer.importing.samples import plain
from tracer.importing.torch_states import ENTRIES, unpacked
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem

_OWN = re.compile(r"(?P<label>(?P<kind>[a-z_]+?)(?P<number>\d+))\.(?P<name>\w+)")
_DENSE = re.compile(r"(?P<name>[wb])(?P<number>\d+)")
_STATISTICS = ("running_mean", "running_variance")


def is_own(name: str) -> bool:
    """Whether this is our name of a parameter of a layer type: ``lstm2.Wi``.

    >>> is_own("lstm2.Wi"), is_own("lstm2.weight_ih_l0"), is_own("w1")
    (True, False, False)
    """
    match = _OWN.fullmatch(name)
    kind = LAYERS.get(match["kind"]) if match else None
    return match is not None and kind is not None and match["name"] in _names(match["kind"])


def _names(kind: str) -> tuple[str, ...]:
    told = LAYERS[kind]
    return (*told.parameters, *(name for name in _STATISTICS if name in told.settings))


def filled(like: Problem, arrays: Mapping[str, Any], **changed: Any) -> Problem:
    """The problem with the numbers of a mapping, and with whatever else is changed.

    Raises:
        ProblemError: where they are not those that its layers have.
    """
    if not like.layers:
        raise ProblemError("an architecture is a problem with layers")
    own = any(is_own(name) or _DENSE.fullmatch(name) for name in arrays)
    numbers = _by_name(like, arrays) if own else _by_order(like, arrays)
    layers = [
        _with(layer, number, numbers.get(number, {})) for number, layer in enumerate(like.layers, 1)
    ]
    if not like.plain:
        told = (changed.get(name, getattr(like, name)) for name in ("inputs", "targets"))
        samples, wanted, _ = normalised(layers, *map(plain, told))
        changed |= {"inputs": samples, "targets": wanted}
    found = replace(like, layers=layers, **changed)
    if not found.plain:
        check_network(found)
    return completed(found)


def _with(layer: Dense | Layer, number: int, numbers: Mapping[str, Any]) -> Dense | Layer:
    """A layer with other numbers, each of the shape that it had."""
    where = f"layer {number} ({layer.type})"
    if isinstance(layer, Dense):
        told = dense(numbers["w"], numbers.get("b"), where).layer
        if told.units != layer.units:
            raise ProblemError(f"{where}: has {layer.units} units, and the weights {told.units}")
        assert isinstance(told, Dense)
        return replace(layer, weights=told.weights, biases=told.biases)
    names = LAYERS[layer.type].parameters
    values = {name: texts(as_array(v, f"{where}, {name}")) for name, v in numbers.items()}
    statistics = {name: values.pop(name) for name in _STATISTICS if name in values}
    follows = layer.settings.get("mode") == "test" or any(
        name in layer.settings for name in ("momentum", *_STATISTICS)
    )
    biases = bool(layer.biases) if not LAYERS[layer.type].biases else _biased(layer, values)
    return replace(
        layer,
        parameters={name: values[name] for name in names if name in values},
        settings={**layer.settings, **(statistics if follows else {})},
        biases=biases,
    )


def _biased(layer: Layer, values: Mapping[str, Any]) -> bool:
    return any(name in values for name in LAYERS[layer.type].bias_names)


# --- by our own names -------------------------------------------------------------------


def _by_name(like: Problem, arrays: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Numbers of each layer, by the layer's number and the parameter's name."""
    known = [name for n, layer in enumerate(like.layers, 1) for name in _own_names(n, layer)]
    found: dict[int, dict[str, Any]] = {}
    for name, array in arrays.items():
        if name not in known:
            raise ProblemError(f"the architecture has no '{name}'{suggestion(name, known)}")
        match = _OWN.fullmatch(name) or _DENSE.fullmatch(name)
        assert match is not None
        found.setdefault(int(match["number"]), {})[match["name"]] = array
    for number, layer in enumerate(like.layers, 1):
        if isinstance(layer, Dense) and "w" not in found.get(number, {}):
            raise ProblemError(f"there is no 'w{number}', the weights of layer {number}")
    return found


def _own_names(number: int, layer: Dense | Layer) -> list[str]:
    if isinstance(layer, Dense):
        return [f"w{number}", f"b{number}"]
    return [f"{layer.type}{number}.{name}" for name in _names(layer.type)]


def read_own(arrays: Mapping[str, Any], activations: Sequence[str]) -> list[Found]:
    """The layers that our own names say: each type and number once, without a gap.

    Raises:
        ProblemError: where a number is left out, or a layer says nothing of its size.
    """
    layers = _grouped(arrays)
    functions = iter(activations)
    return [_said(number, *layers[number], functions) for number in sorted(layers)]


def _grouped(arrays: Mapping[str, Any]) -> dict[int, tuple[str, dict[str, Any]]]:
    layers: dict[int, tuple[str, dict[str, Any]]] = {}
    for name, array in arrays.items():
        match = _OWN.fullmatch(name) if is_own(name) else _DENSE.fullmatch(name)
        if match is None:
            raise ProblemError(f"'{name}' is no parameter of a layer here")
        kind = match["kind"] if is_own(name) else "dense"
        number = int(match["number"])
        if layers.setdefault(number, (kind, {}))[0] != kind:
            raise ProblemError(f"layer {number} is '{layers[number][0]}' and '{kind}'")
        layers[number][1][match["name"]] = array
    for number in range(1, max(layers) + 1):
        if number not in layers:
            raise ProblemError(
                f"nothing is said of layer {number}; give the architecture: like, a problem "
                "with such layers"
            )
    return layers


def _said(number: int, kind: str, numbers: Mapping[str, Any], functions: Any) -> Found:
    where = f"layer {number}"
    if kind == "dense":
        if "w" not in numbers:
            raise ProblemError(f"{where} has biases and no weights")
        return dense(numbers["w"], numbers.get("b"), where, next(functions, "sigmoid"))
    arrays = {name: as_array(v, f"{where}, {name}") for name, v in numbers.items()}
    settings: dict[str, Any] = {n: arrays.pop(n) for n in _STATISTICS if n in arrays}
    if settings:
        settings["mode"] = "test"
    told = LAYERS[kind]
    if kind in ("tied", "conv", "attention", "transformer_block", "gru", "maxout", "prelu"):
        _refuse_unsaid(where, kind)
    first = next(iter(arrays.values()), np.zeros(0))
    units = (first.shape[-1] if told.told_by else first.shape[0]) if told.units else 0
    biases = any(name in arrays for name in told.bias_names) or not told.biases
    return typed(kind, where, arrays, settings, units, biases)


def _refuse_unsaid(where: str, kind: str) -> None:
    """What the numbers of such a layer do not say.

    Raises:
        ProblemError: always.
    """
    raise ProblemError(
        f"{where}: the numbers of '{kind}' do not say its settings; give the architecture: "
        "like, a problem with such layers"
    )


# --- a PyTorch state, in order ------------------------------------------------------------


@dataclass
class _State:
    """The entries of a state that were not used so far, in order."""

    left: dict[str, Any]

    def take(self, kind: str, where: str) -> dict[str, Any]:
        """The next entries, which have to be those of such a layer.

        Raises:
            ProblemError: if others stand there.
        """
        if not self.left:
            raise ProblemError(f"{where}: no entries of the state are left for it")
        first = next(iter(self.left))
        for name in ENTRIES[kind]:
            match = re.fullmatch(rf"(?P<before>(?:.*\.)?){re.escape(name)}(?P<mark>_l\d+)?", first)
            if match is None or (match["mark"] is not None) != (name.startswith("weight_")):
                continue
            before, mark = match["before"], match["mark"] or ""
            full = {entry: f"{before}{entry}{mark}" for entry in ENTRIES[kind]}
            return {
                entry: as_array(self.left.pop(name), name)
                for entry, name in full.items()
                if name in self.left
            }
        raise ProblemError(f"{where}: the state has '{first}' there, which no '{kind}' has")


def _by_order(like: Problem, arrays: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Numbers of each layer that has any, in the order of the state."""
    told = {name: v for name, v in arrays.items() if not name.endswith("num_batches_tracked")}
    state = _State(told)
    found: dict[int, dict[str, Any]] = {}
    for number, layer in enumerate(like.layers, 1):
        kind, where = layer.type, f"layer {number} ({layer.type})"
        if isinstance(layer, Layer) and not LAYERS[kind].parameters:
            continue
        if kind not in ENTRIES:
            raise ProblemError(f"{where}: a state has no such layer")
        found[number] = _turned(layer, state.take(kind, where), where)
    if state.left:
        raise ProblemError(f"the architecture has no layer for '{next(iter(state.left))}'")
    return found


def _turned(layer: Dense | Layer, entries: Mapping[str, Any], where: str) -> dict[str, Any]:
    heads = 1 if isinstance(layer, Dense) else layer.settings.get("heads", 1)
    try:
        numbers = unpacked(layer.type, entries, heads)
    except (KeyError, ValueError) as error:
        raise ProblemError(f"{where}: its entries of the state do not fit it ({error})") from None
    if isinstance(layer, Dense):
        return {name[0]: values for name, values in numbers.items()}
    if layer.type == "conv":
        return {name: np.squeeze(v, _ones(v)) if name == "K" else v for name, v in numbers.items()}
    return numbers


def _ones(kernel: Any) -> tuple[int, ...]:
    """The leading axes of a kernel that have one entry: one filter, one channel."""
    return tuple(axis for axis in (0, 1) if kernel.shape[axis] == 1)
