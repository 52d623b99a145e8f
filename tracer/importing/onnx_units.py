"""Operators of ONNX over units: matrices, sums, activations, norms.

Takes a node; puts what it is here into the walk.  An attribute that our layer does not have
is refused with the node's name.  Read by the table of operators.

Source: the ONNX operator schemas, version 23 of the default domain.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tracer.errors import ProblemError
from tracer.importing.found import dense, merged, refuse, text, typed
from tracer.importing.making import dropout
from tracer.importing.onnx_walk import Node, Operator, Walk
from tracer.model.problem import Dense


def gemm(walk: Walk, node: Node, where: str) -> None:
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


def matmul(walk: Walk, node: Node, where: str) -> None:
    came = walk.one(node, where)
    weights = walk.needed(node, 1, where)
    walk.put(node, dense(weights.T, None, where), [came.number], len(came.axes))


def add(walk: Walk, node: Node, where: str) -> None:
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


def concat(walk: Walk, node: Node, where: str) -> None:
    came = walk.moving(node, where)
    rank = len(came[0].axes)
    if len(came) != len(node.inputs) or node.told["axis"] not in (-1, rank - 1):
        raise ProblemError(f"{where}: Concat is of layers here, along their units")
    if len({tensor.number for tensor in came}) != len(came):
        raise ProblemError(f"{where}: Concat of a layer with itself is unknown here")
    walk.put(node, merged(where, "concat"), [tensor.number for tensor in came], rank)


def activation(name: str, **attributes: tuple[str, float]) -> Operator:
    """An elementwise function; its attributes by our settings, each with its default."""

    def put(walk: Walk, node: Node, where: str) -> None:
        came = walk.one(node, where)
        settings = {s: text(node.told.get(n, d)) for s, (n, d) in attributes.items()}
        number = walk.graph.activate(
            name, settings, where, node.kind, came.number, shared=_is_shared(walk, node)
        )
        walk.tensors[node.outputs[0]] = replace(came, number=number)

    return put


def over_units(name: str) -> Operator:
    def put(walk: Walk, node: Node, where: str) -> None:
        axes = walk.one(node, where).axes
        if node.told.get("axis", -1) not in (-1, len(axes) - 1):
            raise ProblemError(f"{where}: {node.kind} along axis {node.told['axis']} is unknown")
        activation(name)(walk, node, where)

    return put


def gelu(walk: Walk, node: Node, where: str) -> None:
    told = node.told.get("approximate", b"none")
    activation("gelu_tanh" if told in (b"tanh", "tanh") else "gelu")(walk, node, where)


def hard_sigmoid(walk: Walk, node: Node, where: str) -> None:
    alpha, beta = node.told.get("alpha", 0.2), node.told.get("beta", 0.5)
    if (np.float32(alpha), beta) != (np.float32(1 / 6), 0.5):
        raise ProblemError(
            f"{where}: HardSigmoid with alpha = {alpha:.6g} and beta = {beta:.6g} is unknown here; "
            "known is 1/6 and 1/2"
        )
    activation("hard_sigmoid")(walk, node, where)


def swish(walk: Walk, node: Node, where: str) -> None:
    activation("swish" if node.told.get("alpha", 1) != 1 else "silu", **(
        {"beta": ("alpha", 1.0)} if node.told.get("alpha", 1) != 1 else {}
    ))(walk, node, where)  # fmt: skip


def prelu(walk: Walk, node: Node, where: str) -> None:
    came, slope = walk.one(node, where), walk.needed(node, 1, where)
    shared = slope.size == 1
    if not shared and slope.size != slope.shape[-1]:
        raise ProblemError(f"{where}: slopes of shape {slope.shape} are not one for each unit")
    numbers = {"slope": slope.reshape(() if shared else -1)}
    layer = typed("prelu", where, numbers, {} if shared else {"shared": False})
    walk.put(node, layer, [came.number], len(came.axes))


def batch_norm(walk: Walk, node: Node, where: str) -> None:
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


def norm(kind: str) -> Operator:
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


def dropped(walk: Walk, node: Node, where: str) -> None:
    came = walk.one(node, where)
    told = walk.constant(node, 1)
    rate = float(told) if told is not None else float(node.told.get("ratio", 0.5))
    walk.tensors[node.outputs[0]] = came
    for layer in dropout(where, rate, walk.training):
        walk.put(node, layer, [came.number], len(came.axes))
