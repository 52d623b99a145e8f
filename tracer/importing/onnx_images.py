"""Operators of ONNX over images and tables, and those that only turn or drop axes.

Takes a node; puts what it is here into the walk.  Read by the table of operators.

Source: the ONNX operator schemas, version 23 of the default domain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracer.errors import ProblemError
from tracer.importing.found import one_of_axes, refuse, typed
from tracer.importing.making import convolution, pooling
from tracer.importing.onnx_cells import CELLS
from tracer.importing.onnx_walk import Node, Operator, Tensor, Walk
from tracer.model.problem import Dense


def conv(walk: Walk, node: Node, where: str) -> None:
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


def pool(kind: str) -> Operator:
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


def flatten(walk: Walk, node: Node, where: str) -> None:
    came = walk.one(node, where)
    if node.told.get("axis", 1) != 1:
        raise ProblemError(f"{where}: Flatten along axis {node.told['axis']} mixes the samples")
    if len(came.axes) == 2:
        walk.tensors[node.outputs[0]] = came
        return
    walk.put(node, typed("flatten", where), [came.number], 2)


def reshape(walk: Walk, node: Node, where: str) -> None:
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
    flatten(walk, replace(node, told={}), where)


def gather(walk: Walk, node: Node, where: str) -> None:
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
    if one.layer.type not in CELLS.values():
        raise ProblemError(f"{where}: the last time step is that of a recurrent layer here")
    assert not isinstance(one.layer, Dense)
    told = replace(one.layer, settings={**one.layer.settings, "return": "last"})
    walk.graph.found[number - 1] = replace(one, layer=told)


def transpose(walk: Walk, node: Node, where: str) -> None:
    came = walk.tensors[node.inputs[0]]
    order = node.told.get("perm", tuple(reversed(range(len(came.axes)))))
    walk.tensors[node.outputs[0]] = replace(came, axes=tuple(came.axes[place] for place in order))


def squeeze(walk: Walk, node: Node, where: str) -> None:
    """An axis of a single entry left out."""
    came = walk.tensors[node.inputs[0]]
    told = walk.constant(node, 1)
    axes = node.told.get("axes", () if told is None else told.reshape(-1))
    places = {int(axis) % len(came.axes) for axis in axes}
    if not places or any(came.axes[place] >= 0 for place in places):
        raise ProblemError(f"{where}: Squeeze of an axis that holds numbers is unknown here")
    left = tuple(axis for place, axis in enumerate(came.axes) if place not in places)
    walk.tensors[node.outputs[0]] = replace(came, axes=left)


def passed(walk: Walk, node: Node, where: str) -> None:
    walk.tensors[node.outputs[0]] = walk.tensors[node.inputs[0]]
