"""A model in an ONNX file: its operators, one after another, as layers.

The `onnx` package reads the file; what is constant is folded, a pair of operators that is
one function (``x*sigmoid(x)``) is joined, and `onnx_layers` says what each operator is here.
Which axis of a tensor is which is followed through transpositions, since recurrent
operators want time before the samples.

Source: the ONNX operator schemas.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tracer.errors import FileError, MissingTool, ProblemError
from tracer.importing.found import Graph, unknown
from tracer.importing.network import Network
from tracer.importing.onnx_layers import KNOWN, OPERATORS
from tracer.importing.onnx_walk import Node, Tensor, Walk
from tracer.importing.samples import Samples


def read_onnx(path: str | os.PathLike[str], training: bool = False) -> Network:
    """The layers of an ONNX file.

    Args:
        path: of the file.
        training: whether norms and dropout work as in training.

    Raises:
        MissingTool: if the onnx package is not installed.
        FileError: if the file cannot be read.
        ProblemError: naming an operator that has no counterpart here.
    """
    try:
        import onnx
    except ImportError:
        raise MissingTool("reading an ONNX file needs onnx: pip install onnx") from None
    name = os.fspath(path)
    try:
        graph = onnx.load(name).graph
        numbers, nodes = _parts(graph)
    except FileNotFoundError:
        raise FileError(f"{name}: there is no such file") from None
    except Exception as error:  # protobuf raises its own family, NumPy another
        raise FileError(f"{name}: is no ONNX file ({type(error).__name__})") from None
    moving = [one for one in graph.input if one.name not in numbers]
    if len(moving) != 1 or len(graph.output) != 1:
        raise ProblemError(
            f"the graph has {len(moving)} inputs and {len(graph.output)} outputs; here one of each"
        )
    read = _Reading(nodes, numbers, graph.output[0].name, training)
    read.start(moving[0].name, _sizes(moving[0]))
    return read.network(graph.name)


def _parts(graph: Any) -> tuple[dict[str, Any], list[Node]]:
    """The tensors of a graph by name, and its operators in order."""
    from onnx import helper, numpy_helper

    numbers = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    nodes = []
    for one in graph.node:
        told = {a.name: helper.get_attribute_value(a) for a in one.attribute}
        if one.op_type == "Constant":
            numbers[one.output[0]] = _constant(told, numpy_helper)
        else:
            nodes.append(Node(one.op_type, one.name, tuple(one.input), tuple(one.output), told))
    return numbers, nodes


def _constant(told: Mapping[str, Any], numpy_helper: Any) -> Any:
    """What a `Constant` holds: a tensor, or numbers."""
    if "value" in told:
        return numpy_helper.to_array(told["value"])
    return np.asarray(next(iter(told.values())))


def _sizes(value: Any) -> tuple[int | None, ...]:
    """The sizes of an input; None: any."""
    shape = value.type.tensor_type.shape
    return tuple(d.dim_value if d.HasField("dim_value") else None for d in shape.dim)


@dataclass
class _Reading:
    """The walk along the nodes."""

    nodes: list[Node]
    numbers: dict[str, Any]
    """Constants by name."""
    output: str
    training: bool
    tensors: dict[str, Tensor] = field(default_factory=dict)
    """What moves, by name."""
    shapes: set[str] = field(default_factory=set)
    """What is only about sizes of tensors."""
    samples: Samples = field(default_factory=Samples)
    graph: Graph = field(default_factory=Graph)

    def start(self, name: str, sizes: tuple[int | None, ...]) -> None:
        """Begin with the graph's only input."""
        self.tensors[name] = Tensor(0, tuple(range(len(sizes))))
        known = tuple(size for size in sizes[1:] if size)
        whole = known if len(known) == len(sizes) - 1 else ()
        self.samples = Samples(whole, from_zero=True)

    def network(self, name: str) -> Network:
        """All layers of the graph.

        Raises:
            ProblemError: naming the first operator that has no counterpart.
        """
        self.nodes = list(_joined(self.nodes))
        used = Counter(name for node in self.nodes for name in node.inputs)
        used[self.output] += 1
        walk = Walk(self.graph, self.numbers, self.tensors, used, self.training)
        for node in self.nodes:
            if self.is_folded(node):
                continue
            where = f"node {node.name or node.outputs[0]}"
            if node.kind not in OPERATORS:
                raise unknown(where, "layer", node.kind, KNOWN)
            OPERATORS[node.kind](walk, node, where)
        last = self.tensors.get(self.output)
        if last is None or last.number != len(self.graph.found):
            raise ProblemError("the output of the graph is not what its last layer gives")
        if walk.time_first:
            self.samples = Samples(from_zero=True, time_first=True)
        return Network(self.graph.layers(), name, samples=self.samples)

    def is_folded(self, node: Node) -> bool:
        """Whether a node is about constants or sizes alone; constants are worked out."""
        given = [name for name in node.inputs if name]
        about_sizes = node.kind == "Shape" or (
            given and all(n in self.numbers or n in self.shapes for n in given)
        )
        if not about_sizes:
            return False
        known = node.kind != "Shape" and all(name in self.numbers for name in given)
        value = _folded(node, [self.numbers[n] for n in given]) if known else _uniform(self, node)
        if value is None:
            self.shapes |= {*node.outputs}
        else:
            self.numbers[node.outputs[0]] = value
        return True


def _folded(node: Node, values: list[Any]) -> Any:
    """What an operator makes of constants; None: that is not worked out."""
    match node.kind:
        case "Identity" | "Cast":
            return values[0]
        case "Transpose":
            return np.transpose(values[0], node.told.get("perm"))
        case "Reshape" if (values[1] != 0).all():
            return np.reshape(values[0], values[1])
        case "Unsqueeze":
            axes = node.told.get("axes", values[1] if len(values) > 1 else ())
            return np.expand_dims(values[0], tuple(int(a) for a in axes))
        case "Squeeze":
            return np.squeeze(values[0])
    return None


def _uniform(reading: _Reading, node: Node) -> Any:
    """One number, spread to a size that is known only when the model runs; None: it is not."""
    if node.kind == "ConstantOfShape":
        return np.zeros(1)
    value = reading.numbers.get(node.inputs[0])
    spread = node.kind == "Expand" and value is not None and np.unique(value).size == 1
    return value if spread else None


def _joined(nodes: list[Node]) -> Iterator[Node]:
    """The nodes, ``x*sigmoid(x)`` as one of them."""
    used = Counter(name for node in nodes for name in node.inputs)
    gates = {n.outputs[0]: n for n in nodes if n.kind == "Sigmoid" and used[n.outputs[0]] == 1}
    products = {}
    for node in nodes:
        if node.kind == "Mul":
            for gate, other in (node.inputs, node.inputs[::-1]):
                if gate in gates and gates[gate].inputs[0] == other:
                    products[gate] = Node("Swish", node.name, (other,), node.outputs, {})
    ends = {product.outputs[0]: product for product in products.values()}
    for node in nodes:
        if node.outputs and node.outputs[0] in ends:
            yield ends[node.outputs[0]]
        elif not (node.kind == "Sigmoid" and node.outputs[0] in products):
            yield node
