"""The walk along an ONNX graph: its nodes, what moves along its edges, the layers so far.

Takes a node and gives its constants and the tensors that move into it; puts a layer behind
those that there are.  Read by the modules of operators and by `onnx_graph`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracer.errors import ProblemError
from tracer.importing.found import Found, Graph


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
