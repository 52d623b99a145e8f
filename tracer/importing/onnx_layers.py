"""What each operator of ONNX is here: a table from its name to what it adds to the layers.

Takes a node, the constants and what moves through the graph; puts layers behind those that
there are.  Recurrent operators keep their gates in the order i, o, f, c (LSTM) and z, r, h
(GRU), with two rows of biases, and want time before the samples.  An attribute that our
layer does not have is refused with the node's name.  Read by `onnx_graph`.

Source: the ONNX operator schemas, version 23 of the default domain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tracer.errors import ProblemError
from tracer.importing.found import (
    Found,
    Graph,
    dense,
    merged,
    one_of_axes,
    refuse,
    text,
    typed,
)
from tracer.importing.torch_modules import convolution, dropout, pooling
from tracer.model.problem import Dense


@dataclass(frozen=True)
class Node:
    """An operator of the graph."""

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    told: Mapping[str, Any]
    """Its attributes."""


@dataclass(frozen=True)
class Tensor:
    """What moves along an edge of the graph."""

    number: int
    """The layer that gives it; 0: the inputs."""
    axes: tuple[int, ...]
    """For each of its axes which axis of ours it is (0: samples); -1: one of a single entry."""

    @property
    def plain(self) -> bool:
        """Whether its axes stand as ours."""
        return self.axes == tuple(range(len(self.axes)))


@dataclass
class Walk:
    """The walk along the graph: what there is so far."""

    graph: Graph
    numbers: Mapping[str, Any]
    tensors: dict[str, Tensor]
    used: Mapping[str, int]
    """How often each name is taken."""
    training: bool
    time_first: bool = False
    """Whether the model takes time before the samples."""

    def moving(self, node: Node, where: str) -> list[Tensor]:
        """The tensors that move into a node, their axes as ours.

        Raises:
            ProblemError: if they stand another way.
        """
        found = [self.tensors[name] for name in node.inputs if name in self.tensors]
        if not found:
            raise ProblemError(f"{where}: {node.kind} takes nothing that was given by a layer")
        if not all(tensor.plain for tensor in found):
            raise ProblemError(f"{where}: {node.kind} along transposed axes is unknown here")
        return found

    def one(self, node: Node, where: str) -> Tensor:
        """The only tensor that moves into a node.

        Raises:
            ProblemError: if there are several.
        """
        found = self.moving(node, where)
        if len(found) > 1:
            raise ProblemError(f"{where}: {node.kind} of two layers is unknown here")
        return found[0]

    def constant(self, node: Node, place: int) -> Any:
        """The constant that stands at a place of a node's inputs; None: there is none."""
        name = node.inputs[place] if place < len(node.inputs) else ""
        return np.asarray(self.numbers[name], dtype=float) if name in self.numbers else None

    def needed(self, node: Node, place: int, where: str) -> Any:
        """The constant at a place.

        Raises:
            ProblemError: if it is none.
        """
        found = self.constant(node, place)
        if found is None:
            raise ProblemError(f"{where}: input {place + 1} of {node.kind} is not a constant")
        return found

    def put(self, node: Node, layer: Found, sources: Sequence[int], axes: int) -> None:
        """Put a layer behind others; its result has so many axes."""
        number = self.graph.add(layer, sources=sources)
        self.tensors[node.outputs[0]] = Tensor(number, tuple(range(axes)))


Operator = Callable[[Walk, Node, str], None]

# --- units --------------------------------------------------------------------------------


def _gemm(walk: Walk, node: Node, where: str) -> None:
    """``alpha*x @ B + beta*C``, B perhaps transposed."""
    came = walk.one(node, where)
    for name in ("alpha", "beta"):
        if node.told.get(name, 1) != 1:
            raise ProblemError(f"{where}: Gemm with {name} = {node.told[name]} is unknown here")
    if node.told.get("transA", 0):
        raise ProblemError(f"{where}: Gemm with a transposed input is unknown here")
    weights = walk.needed(node, 1, where)
    weights = weights if node.told.get("transB", 0) else weights.T
    biases = walk.constant(node, 2)
    if biases is not None:
        biases = np.broadcast_to(biases.reshape(-1), len(weights))
    walk.put(node, dense(weights, biases, where), [came.number], len(came.axes))


def _matmul(walk: Walk, node: Node, where: str) -> None:
    came = walk.one(node, where)
    weights = walk.needed(node, 1, where)
    walk.put(node, dense(weights.T, None, where), [came.number], len(came.axes))


def _add(walk: Walk, node: Node, where: str) -> None:
    """Biases of the matrix before, or two layers added up."""
    came = walk.moving(node, where)
    if len(node.inputs) == len(came) and len({tensor.number for tensor in came}) == len(came):
        walk.put(node, merged(where, "add"), [t.number for t in came], len(came[0].axes))
        return
    constants = [name for name in node.inputs if name in walk.numbers]
    if len(came) != 1 or len(constants) != 1:
        raise ProblemError(f"{where}: {node.kind} of these is unknown here")
    number = came[0].number
    before = walk.graph.found[number - 1] if number else None
    plain = before is not None and isinstance(before.layer, Dense)
    if before is None or not plain or before.layer.biases is not False or _is_shared(walk, node):
        raise ProblemError(f"{where}: a constant is added to what is no sum of weights")
    assert isinstance(before.layer, Dense)
    biases = np.asarray(walk.numbers[constants[0]], dtype=float).reshape(-1)
    if before.layer.activation != "identity" or len(biases) not in (1, before.layer.units):
        raise ProblemError(f"{where}: a constant is added to what is no sum of weights")
    whole = dense([[0.0]] * before.layer.units, np.broadcast_to(biases, before.layer.units), where)
    layer = replace(before.layer, biases=whole.layer.biases)
    walk.graph.found[number - 1] = replace(before, layer=layer)
    walk.tensors[node.outputs[0]] = came[0]


def _is_shared(walk: Walk, node: Node) -> bool:
    """Whether another node takes from the same tensor."""
    return any(walk.used[name] > 1 for name in node.inputs if name in walk.tensors)


def _concat(walk: Walk, node: Node, where: str) -> None:
    came = walk.moving(node, where)
    rank = len(came[0].axes)
    if len(came) != len(node.inputs) or node.told["axis"] not in (-1, rank - 1):
        raise ProblemError(f"{where}: Concat is of layers here, along their units")
    if len({tensor.number for tensor in came}) != len(came):
        raise ProblemError(f"{where}: Concat of a layer with itself is unknown here")
    walk.put(node, merged(where, "concat"), [tensor.number for tensor in came], rank)


def _activation(name: str, **attributes: tuple[str, float]) -> Operator:
    """An elementwise function; its attributes by our settings, each with its default."""

    def put(walk: Walk, node: Node, where: str) -> None:
        came = walk.one(node, where)
        if _is_shared(walk, node):
            raise ProblemError(f"{where}: {node.kind} follows what other nodes take as well")
        settings = {s: text(node.told.get(n, d)) for s, (n, d) in attributes.items()}
        walk.graph.activate(name, settings, where, node.kind, came.number)
        walk.tensors[node.outputs[0]] = came

    return put


def _over_units(name: str) -> Operator:
    def put(walk: Walk, node: Node, where: str) -> None:
        axes = walk.one(node, where).axes
        if node.told.get("axis", -1) not in (-1, len(axes) - 1):
            raise ProblemError(f"{where}: {node.kind} along axis {node.told['axis']} is unknown")
        _activation(name)(walk, node, where)

    return put


def _gelu(walk: Walk, node: Node, where: str) -> None:
    told = node.told.get("approximate", b"none")
    _activation("gelu_tanh" if told in (b"tanh", "tanh") else "gelu")(walk, node, where)


def _hard_sigmoid(walk: Walk, node: Node, where: str) -> None:
    alpha, beta = node.told.get("alpha", 0.2), node.told.get("beta", 0.5)
    if (np.float32(alpha), beta) != (np.float32(1 / 6), 0.5):
        raise ProblemError(
            f"{where}: HardSigmoid with alpha = {alpha:.6g} and beta = {beta:.6g} is unknown here; "
            "known is 1/6 and 1/2"
        )
    _activation("hard_sigmoid")(walk, node, where)


def _swish(walk: Walk, node: Node, where: str) -> None:
    _activation("swish" if node.told.get("alpha", 1) != 1 else "silu", **(
        {"beta": ("alpha", 1.0)} if node.told.get("alpha", 1) != 1 else {}
    ))(walk, node, where)  # fmt: skip


def _prelu(walk: Walk, node: Node, where: str) -> None:
    came, slope = walk.one(node, where), walk.needed(node, 1, where)
    shared = slope.size == 1
    if not shared and slope.size != slope.shape[-1]:
        raise ProblemError(f"{where}: slopes of shape {slope.shape} are not one for each unit")
    numbers = {"slope": slope.reshape(() if shared else -1)}
    layer = typed("prelu", where, numbers, {} if shared else {"shared": False})
    walk.put(node, layer, [came.number], len(came.axes))


def _batch_norm(walk: Walk, node: Node, where: str) -> None:
    """Its momentum is the share that stays; its running variance divides by m."""
    came = walk.one(node, where)
    gamma, beta, mean, variance = (walk.needed(node, place, where) for place in range(1, 5))
    settings: dict[str, Any] = {"epsilon": text(node.told.get("epsilon", 1e-5))}
    if walk.training or node.told.get("training_mode", 0):
        share = 1 - float(np.float32(node.told.get("momentum", 0.9)))
        settings |= {"momentum": text(round(share, 7)), "running": "biased"}
    else:
        settings |= {"mode": "test"}
    settings |= {"running_mean": mean, "running_variance": variance}
    layer = typed("batch_norm", where, {"gamma": gamma, "beta": beta}, settings)
    walk.put(node, layer, [came.number], len(came.axes))


def _norm(kind: str) -> Operator:
    def put(walk: Walk, node: Node, where: str) -> None:
        came = walk.one(node, where)
        axis = node.told.get("axis", -1)
        refuse(where, {"axis": (axis if axis != len(came.axes) - 1 else -1, -1)})
        gamma, beta = walk.needed(node, 1, where), walk.constant(node, 2)
        numbers = {"gamma": gamma}
        if kind == "layer_norm":
            numbers["beta"] = np.zeros(gamma.shape) if beta is None else beta
        frozen = ("beta",) if kind == "layer_norm" and beta is None else ()
        settings = {"epsilon": text(node.told.get("epsilon", 1e-5))}
        layer = typed(kind, where, numbers, settings, frozen=frozen)
        walk.put(node, layer, [came.number], len(came.axes))

    return put


def _dropout(walk: Walk, node: Node, where: str) -> None:
    came = walk.one(node, where)
    told = walk.constant(node, 1)
    rate = float(told) if told is not None else float(node.told.get("ratio", 0.5))
    walk.tensors[node.outputs[0]] = came
    for layer in dropout(where, rate, walk.training):
        walk.put(node, layer, [came.number], len(came.axes))


# --- images and tables ------------------------------------------------------------------------


def _conv(walk: Walk, node: Node, where: str) -> None:
    came, kernel = walk.one(node, where), walk.needed(node, 1, where)
    axes = kernel.ndim - 2
    if axes > 2:
        raise ProblemError(f"{where}: Conv over {axes} axes is unknown here")
    refuse(
        where,
        {
            "group": (node.told.get("group", 1), 1),
            "dilations": ({*node.told.get("dilations", (1,))}, {1}),
        },
    )
    stride = one_of_axes(tuple(node.told.get("strides", (1,))), where, "strides")
    pad = _pad(node, where, kernel.shape[2:], stride)
    layer = convolution(where, kernel, walk.constant(node, 2), axes, stride, pad)
    walk.put(node, layer, [came.number], len(came.axes))


def _pad(node: Node, where: str, sizes: Sequence[int], stride: int) -> int:
    """The border on every side."""
    told = node.told.get("auto_pad", b"NOTSET")
    if told in (b"NOTSET", "NOTSET"):
        return one_of_axes(tuple(node.told.get("pads", (0,))), where, "pads")
    if told in (b"VALID", "VALID"):
        return 0
    size = one_of_axes(tuple(sizes), where, "the kernel's size")
    if stride != 1 or size % 2 == 0:
        raise ProblemError(f"{where}: auto_pad with borders of different width is unknown here")
    return size // 2


def _pool(kind: str) -> Operator:
    def put(walk: Walk, node: Node, where: str) -> None:
        came, sizes = walk.one(node, where), tuple(node.told["kernel_shape"])
        stride = one_of_axes(tuple(node.told.get("strides", (1,))), where, "strides")
        refuse(
            where,
            {
                "pads": (_pad(node, where, sizes, stride), 0),
                "ceil_mode": (node.told.get("ceil_mode", 0), 0),
                "dilations": ({*node.told.get("dilations", (1,))}, {1}),
            },
        )
        size = one_of_axes(sizes, where, "kernel_shape")
        layer = pooling(kind, where, len(sizes), size, stride)
        walk.put(node, layer, [came.number], len(came.axes))

    return put


def _flatten(walk: Walk, node: Node, where: str) -> None:
    came = walk.one(node, where)
    if node.told.get("axis", 1) != 1:
        raise ProblemError(f"{where}: Flatten along axis {node.told['axis']} mixes the samples")
    if len(came.axes) == 2:
        walk.tensors[node.outputs[0]] = came
        return
    walk.put(node, typed("flatten", where), [came.number], 2)


def _reshape(walk: Walk, node: Node, where: str) -> None:
    """All numbers of a sample in a row, or an axis of a single entry left out."""
    came = walk.tensors.get(node.inputs[0])
    target = walk.constant(node, 1)
    if came is not None and -1 in came.axes:
        axes = tuple(axis for axis in came.axes if axis >= 0)
        if target is not None and len(target) == len(axes):
            walk.tensors[node.outputs[0]] = replace(came, axes=axes)
            return
    if target is None or len(target) != 2:
        raise ProblemError(
            f"{where}: Reshape to anything but a row for each sample is unknown here"
        )
    _flatten(walk, replace(node, told={}), where)


def _gather(walk: Walk, node: Node, where: str) -> None:
    """Rows of a table, by what moves; or the last time step of a recurrent layer."""
    table = walk.constant(node, 0)
    if table is not None:
        came = walk.one(node, where)
        refuse(where, {"axis": (node.told.get("axis", 0), 0)})
        layer = typed("embedding", where, {"E": table}, units=table.shape[-1])
        walk.put(node, layer, [came.number], len(came.axes) + 1)
        return
    came = walk.one(node, where)
    index = walk.constant(node, 1)
    number = came.number
    last = index is not None and index.size == 1 and float(index.reshape(())) == -1
    if not last or node.told.get("axis", 0) != 1 or not number or index.ndim:
        raise ProblemError(f"{where}: Gather is of rows of a table or of the last time step here")
    _end(walk, number, where)
    walk.tensors[node.outputs[0]] = Tensor(number, (0, 1))


def _end(walk: Walk, number: int, where: str) -> None:
    """Let a recurrent layer give its last state alone.

    Raises:
        ProblemError: if it is no such layer.
    """
    one = walk.graph.found[number - 1]
    if one.layer.type not in _CELLS.values():
        raise ProblemError(f"{where}: the last time step is that of a recurrent layer here")
    assert not isinstance(one.layer, Dense)
    told = replace(one.layer, settings={**one.layer.settings, "return": "last"})
    walk.graph.found[number - 1] = replace(one, layer=told)


def _transpose(walk: Walk, node: Node, where: str) -> None:
    came = walk.tensors[node.inputs[0]]
    order = node.told.get("perm", tuple(reversed(range(len(came.axes)))))
    walk.tensors[node.outputs[0]] = replace(came, axes=tuple(came.axes[place] for place in order))


def _squeeze(walk: Walk, node: Node, where: str) -> None:
    """An axis of a single entry left out."""
    came = walk.tensors[node.inputs[0]]
    told = walk.constant(node, 1)
    axes = node.told.get("axes", () if told is None else told.reshape(-1))
    places = {int(axis) % len(came.axes) for axis in axes}
    if not places or any(came.axes[place] >= 0 for place in places):
        raise ProblemError(f"{where}: Squeeze of an axis that holds numbers is unknown here")
    left = tuple(axis for place, axis in enumerate(came.axes) if place not in places)
    walk.tensors[node.outputs[0]] = replace(came, axes=left)


def _pass(walk: Walk, node: Node, where: str) -> None:
    walk.tensors[node.outputs[0]] = walk.tensors[node.inputs[0]]


# --- recurrent layers ---------------------------------------------------------------------

_CELLS = {"RNN": "elman", "LSTM": "lstm", "GRU": "gru"}
_GATES = {"RNN": ("",), "LSTM": tuple("iofg"), "GRU": tuple("urn")}
_FUNCTIONS = {
    "RNN": [b"Tanh"],
    "LSTM": [b"Sigmoid", b"Tanh", b"Tanh"],
    "GRU": [b"Sigmoid", b"Tanh"],
}


def _recurrent(walk: Walk, node: Node, where: str) -> None:
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
    layer = typed(_CELLS[node.kind], where, found, settings, units, biases)
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


OPERATORS: Mapping[str, Operator] = {
    "Gemm": _gemm,
    "MatMul": _matmul,
    "Add": _add,
    "Sum": _add,
    "Concat": _concat,
    "Sigmoid": _activation("sigmoid"),
    "Tanh": _activation("tanh"),
    "Relu": _activation("relu"),
    "LeakyRelu": _activation("leaky_relu", leak=("alpha", 0.01)),
    "Softplus": _activation("softplus"),
    "Elu": _activation("elu", alpha=("alpha", 1.0)),
    "Selu": _activation(
        "selu",
        scale=("gamma", 1.05070102214813232421875),
        alpha=("alpha", 1.67326319217681884765625),
    ),
    "Softsign": _activation("softsign"),
    "HardSigmoid": _hard_sigmoid,
    "Gelu": _gelu,
    "Swish": _swish,
    "Softmax": _over_units("softmax"),
    "LogSoftmax": _over_units("log_softmax"),
    "PRelu": _prelu,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _norm("layer_norm"),
    "RMSNormalization": _norm("rms_norm"),
    "Dropout": _dropout,
    "Conv": _conv,
    "MaxPool": _pool("max_pool"),
    "AveragePool": _pool("average_pool"),
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Gather": _gather,
    "RNN": _recurrent,
    "LSTM": _recurrent,
    "GRU": _recurrent,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Identity": _pass,
    "Cast": _pass,
}
"""Operators that are known, by name."""
KNOWN = tuple(OPERATORS)
