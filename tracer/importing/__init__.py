"""Importing trained models: weights in, a problem out.

`import_model` takes a model of scikit-learn, PyTorch or Keras, a state or mapping of
arrays, or the path of an `.npz`, ONNX or PyTorch file.  Pickles are not read: a pickle
runs whatever its author wrote into it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracer.errors import FileError, ProblemError
from tracer.importing.network import Network
from tracer.model.problem import Problem

SUFFIXES = (".npz", ".onnx", ".pt", ".pth")
"""Files that can be read."""


def import_model(
    source: Any,
    inputs: Any = None,
    targets: Any = None,
    activations: str | Sequence[str] = "sigmoid",
    orientation: str = "out,in",
    loss: str | None = None,
    rate: Any = None,
) -> Problem:
    """A trained model as a problem.

    Args:
        source: a model, a mapping of arrays by name, or a path.
        inputs: one row or several; by default a row of ones.
        targets: likewise; without them the problem is a forward pass alone.
        activations: for sources that do not say them: one for all layers, or one each.
        orientation: for mappings and `.npz`: weights are ``out,in`` or ``in,out``.
        loss: by default what the model was trained with, or half the squared error.
        rate: the learning rate; by default the model's own, or 0.1.

    Raises:
        ProblemError: naming a layer or activation that the tables lack.
        FileError: if a file cannot be read.
        MissingTool: if the package that reads the file is not installed.

    >>> import numpy as np
    >>> import_model({"w1": np.array([[0.25, -1.5]]), "b1": np.array([0.5])}).layers[0].weights
    (('0.25', '-1.5'),)
    """
    network = _reader(source, activations, orientation)()
    return network.problem(inputs, targets, loss, rate)


def _reader(
    source: Any, activations: str | Sequence[str], orientation: str
) -> Callable[[], Network]:
    """The importer that understands a source."""
    from tracer.importing import archives, keras, onnx_graph, pytorch, scikit_learn

    if isinstance(source, str | os.PathLike):
        suffix = os.path.splitext(os.fspath(source))[1].lower()
        if suffix == ".npz":
            return lambda: archives.read_npz(source, activations, orientation)
        if suffix == ".onnx":
            return lambda: onnx_graph.read_onnx(source)
        if suffix in (".pt", ".pth"):
            return lambda: pytorch.read_file(source, activations)
        raise FileError(
            f"{os.fspath(source)}: files of a model end in {', '.join(SUFFIXES)}"
            + ("; a pickle can run any code and is not read" if suffix in _PICKLES else "")
        )
    if isinstance(source, Mapping):
        return lambda: archives.read_mapping(source, activations, orientation)
    if hasattr(source, "coefs_") or hasattr(source, "hidden_layer_sizes"):
        return lambda: scikit_learn.read_scikit_learn(source)
    if hasattr(source, "layers") and hasattr(source, "get_weights"):
        return lambda: keras.read_keras(source)
    if hasattr(source, "named_children") and hasattr(source, "state_dict"):
        return lambda: pytorch.read_module(source)
    raise ProblemError(f"a {type(source).__name__} is no model that can be imported")


_PICKLES = (".pkl", ".pickle", ".joblib")
