"""Weights of an ONNX file: a chain of `Gemm` (or `MatMul` and `Add`) and activations.

Source: the ONNX operator schemas.  The `onnx` package reads the file; everything else
here is a walk along the chain.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracer.errors import FileError, MissingTool, ProblemError
from tracer.importing.network import Layer, Network, unknown

_ACTIVATIONS = {
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Relu": "relu",
    "LeakyRelu": "leaky_relu",
    "Softplus": "softplus",
    "Softmax": "softmax",
}
_NOTHING = ("Identity", "Flatten", "Dropout", "Cast")
KNOWN = ("Gemm", "MatMul", "Add", *_ACTIVATIONS, *_NOTHING)


def read_onnx(path: str | os.PathLike[str]) -> Network:
    """The layers of an ONNX file.

    Raises:
        MissingTool: if the onnx package is not installed.
        FileError: if the file cannot be read.
        ProblemError: naming an operator that has no counterpart here.
    """
    try:
        import onnx
        from onnx import numpy_helper
    except ImportError:
        raise MissingTool("reading an ONNX file needs onnx: pip install onnx") from None
    name = os.fspath(path)
    try:
        graph = onnx.load(name).graph
    except FileNotFoundError:
        raise FileError(f"{name}: there is no such file") from None
    except Exception as error:  # protobuf raises its own family
        raise FileError(f"{name}: is no ONNX file ({type(error).__name__})") from None
    numbers = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            numbers[node.output[0]] = numpy_helper.to_array(_attributes(node)["value"].t)
    return Network(_layers(graph, numbers), graph.name)


def _layers(graph: Any, numbers: Mapping[str, Any]) -> list[Layer]:
    layers: list[Layer] = []
    before = next((i.name for i in graph.input if i.name not in numbers), "")
    for node in graph.node:
        if node.op_type == "Constant":
            continue
        where = f"node {node.name or node.output[0]}"
        moving = [name for name in node.input if name and name not in numbers]
        if moving != [before]:
            raise ProblemError(f"{where}: the graph is not a chain of layers")
        before = node.output[0]
        _extend(layers, node, [numbers[n] for n in node.input if n in numbers], where)
    return layers


def _extend(layers: list[Layer], node: Any, values: list[Any], where: str) -> None:
    """Take one node into the layers."""
    kind, attributes = node.op_type, _attributes(node)
    if kind == "Gemm":
        layers.append(_gemm(attributes, values, where))
    elif kind == "MatMul" and len(values) == 1:
        layers.append(Layer(values[0].T))
    elif kind == "Add" and layers and layers[-1].biases is None and len(values) == 1:
        layers[-1] = replace(layers[-1], biases=values[0])
    elif kind in _ACTIVATIONS:
        if not layers or layers[-1].activation != "identity":
            raise ProblemError(f"{where}: {kind} does not follow a dense layer")
        leak = attributes["alpha"].f if "alpha" in attributes else 0.01
        settings = {"leak": repr(float(leak))} if kind == "LeakyRelu" else {}
        layers[-1] = replace(layers[-1], activation=_ACTIVATIONS[kind], settings=settings)
    elif kind not in _NOTHING:
        raise unknown(where, "layer", kind, KNOWN)


def _gemm(attributes: Mapping[str, Any], values: list[Any], where: str) -> Layer:
    """``alpha*x @ B + beta*C``, B perhaps transposed."""
    for name in ("alpha", "beta"):
        if name in attributes and attributes[name].f != 1:
            raise ProblemError(f"{where}: Gemm with {name} = {attributes[name].f} is unknown here")
    if "transA" in attributes and attributes["transA"].i:
        raise ProblemError(f"{where}: Gemm with a transposed input is unknown here")
    turned = "transB" in attributes and attributes["transB"].i
    weights = values[0] if turned else values[0].T
    return Layer(weights, values[1] if len(values) > 1 else None)


def _attributes(node: Any) -> dict[str, Any]:
    return {attribute.name: attribute for attribute in node.attribute}
