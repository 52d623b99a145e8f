"""Recurrent operators of ONNX: the order of their gates, their biases, their axes.

An LSTM keeps its gates in the order i, o, f, c, a GRU in the order z, r, h, each with two
rows of biases; time stands before the samples, unless ``layout`` says otherwise.  Read by
the table of operators.

Source: the ONNX operator schemas, version 23 of the default domain.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tracer.errors import ProblemError
from tracer.importing.found import refuse, typed
from tracer.importing.onnx_walk import Node, Tensor, Walk

CELLS = {"RNN": "elman", "LSTM": "lstm", "GRU": "gru"}
_GATES = {"RNN": ("",), "LSTM": tuple("iofg"), "GRU": tuple("urn")}
_FUNCTIONS = {
    "RNN": [b"Tanh"],
    "LSTM": [b"Sigmoid", b"Tanh", b"Tanh"],
    "GRU": [b"Sigmoid", b"Tanh"],
}


def recurrent(walk: Walk, node: Node, where: str) -> None:
    came = walk.tensors[node.inputs[0]]
    first = bool(node.told.get("layout", 0))
    if came.number == 0 and not first and came.plain:
        walk.time_first = True
        came = replace(came, axes=(1, 0, 2))
    refuse(where, {"the order of its axes": (came.axes, (0, 1, 2) if first else (1, 0, 2))})
    _check_cell(walk, node, where)
    found = _cell_numbers(walk, node, where)
    settings: dict[str, Any] = {}
    if node.kind == "RNN" and node.told.get("activations", [b"Tanh"]) == [b"Relu"]:
        settings["activation"] = "relu"
    if node.kind == "GRU" and node.told.get("linear_before_reset", 0):
        settings["reset"] = "after"
    whole, last = (_is_taken(walk, node, place) for place in (0, 1))
    if (whole and last) or _is_taken(walk, node, 2):
        raise ProblemError(f"{where}: two results of {node.kind} are taken; here one")
    if last:
        settings["return"] = "last"
    units, biases = int(node.told["hidden_size"]), any(name[0] == "b" for name in found)
    layer = typed(CELLS[node.kind], where, found, settings, units, biases)
    number = walk.graph.add(layer, sources=[came.number])
    if last:
        walk.tensors[node.outputs[1]] = Tensor(number, (0, -1, 1) if first else (-1, 0, 1))
    else:
        walk.tensors[node.outputs[0]] = Tensor(number, (0, 1, -1, 2) if first else (1, -1, 0, 2))


def _is_taken(walk: Walk, node: Node, place: int) -> bool:
    return place < len(node.outputs) and walk.used[node.outputs[place]] > 0


def _check_cell(walk: Walk, node: Node, where: str) -> None:
    """Refuse what our cells do not have."""
    wanted = _FUNCTIONS[node.kind]
    functions = node.told.get("activations", wanted)
    if node.kind == "RNN" and functions == [b"Relu"]:
        wanted = functions
    refuse(
        where,
        {
            "direction": (node.told.get("direction", b"forward"), b"forward"),
            "activations": (functions, wanted),
            "clip": (node.told.get("clip"), None),
            "input_forget": (node.told.get("input_forget", 0), 0),
            "sequence_lens": (len(node.inputs) > 4 and bool(node.inputs[4]), False),
            "peepholes": (len(node.inputs) > 7 and bool(node.inputs[7]), False),
        },
    )
    for place in (5, 6):
        name = node.inputs[place] if place < len(node.inputs) else ""
        state = walk.constant(node, place)
        if name and (state is None or np.any(state != 0)):
            raise ProblemError(f"{where}: {node.kind} starts from 0 here, not from '{name}'")


def _cell_numbers(walk: Walk, node: Node, where: str) -> dict[str, Any]:
    """Our parameters: one array a gate; biases added up but where the reset gate stands."""
    gates = _GATES[node.kind]
    kernel, recurrent = (walk.needed(node, place, where)[0] for place in (1, 2))
    biases = walk.constant(node, 3)
    found: dict[str, Any] = {}
    for letter, whole in (("W", kernel), ("U", recurrent)):
        for gate, part in zip(gates, np.split(whole, len(gates)), strict=True):
            found[f"{letter}{gate}"] = part
    if biases is None:
        return found
    first, second = (np.split(half, len(gates)) for half in np.split(biases[0], 2))
    apart = node.kind == "GRU" and node.told.get("linear_before_reset", 0)
    for gate, one, other in zip(gates, first, second, strict=True):
        if apart and gate == "n":
            found |= {"bn": one, "bm": other}
        else:
            found[f"b{gate}"] = one + other
    return found
