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
    loss: Any = None,
    rate: Any = None,
    like: Problem | None = None,
    training: bool = False,
) -> Problem:
    """A trained model as a problem.

    Args:
        source: a model, a mapping of arrays by name, or a path.
        inputs: samples as the model takes them (channels last and rows of an embedding from
            0, where it has them so); by default one of ones.
        targets: likewise; without them the problem is a forward pass alone.
        activations: for sources that do not say them: one for all dense layers, or one each.
        orientation: for mappings and `.npz`: weights are ``out,in`` or ``in,out``.
        loss: a name of the table, or a loss of PyTorch or Keras; by default what the model was
            trained with, or half the squared error.
        rate: the learning rate; by default the model's own, or 0.1.
        like: for mappings, `.npz` and PyTorch files: a problem whose layers are the
            architecture; all else in it stays, and its numbers are replaced.
        training: of Keras and ONNX: norms and dropout as in training; a PyTorch module says
            it itself.

    Raises:
        ProblemError: naming a layer or activation that the tables lack, with its place.
        FileError: if a file cannot be read.
        MissingTool: if the package that reads the file is not installed.

    >>> import numpy as np
    >>> import_model({"w1": np.array([[0.25, -1.5]]), "b1": np.array([0.5])}).layers[0].weights
    (('0.25', '-1.5'),)
    """
    from tracer.importing import architecture, archives

    arrays = _arrays(source)
    if like is not None:
        if arrays is None:
            raise ProblemError("this model says its architecture itself; leave out like")
        settings = None if rate is None else {**like.settings, "rate": rate}
        told = {"inputs": inputs, "targets": targets, "loss": loss, "settings": settings}
        changed = {name: value for name, value in told.items() if value is not None}
        return architecture.filled(like, arrays, **changed)
    if arrays is not None:
        network = archives.read_mapping(arrays, activations, orientation)
    else:
        network = _reader(source, training)()
    return network.problem(inputs, targets, loss, rate)


def _arrays(source: Any) -> Mapping[str, Any] | None:
    """Arrays by name, of sources that are nothing else."""
    from tracer.importing import archives, pytorch

    if isinstance(source, Mapping):
        return source
    if not isinstance(source, str | os.PathLike):
        return None
    suffix = os.path.splitext(os.fspath(source))[1].lower()
    if suffix == ".npz":
        return archives.read_npz(source)
    if suffix in (".pt", ".pth"):
        return pytorch.read_file(source)
    if suffix == ".onnx":
        return None
    raise FileError(
        f"{os.fspath(source)}: files of a model end in {', '.join(SUFFIXES)}"
        + ("; a pickle can run any code and is not read" if suffix in _PICKLES else "")
    )


def _reader(source: Any, training: bool) -> Callable[[], Network]:
    """The importer that understands a model."""
    from tracer.importing import keras, onnx_graph, pytorch, scikit_learn

    if isinstance(source, str | os.PathLike):
        return lambda: onnx_graph.read_onnx(source, training)
    if hasattr(source, "coefs_") or hasattr(source, "hidden_layer_sizes"):
        return lambda: scikit_learn.read_scikit_learn(source)
    if hasattr(source, "layers") and hasattr(source, "get_weights"):
        return lambda: keras.read_keras(source, training)
    if hasattr(source, "named_children") and hasattr(source, "state_dict"):
        return lambda: pytorch.read_module(source)
    raise ProblemError(f"a {type(source).__name__} is no model that can be imported")


_PICKLES = (".pkl", ".pickle", ".joblib")
