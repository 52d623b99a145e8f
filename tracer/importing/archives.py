"""Weights by name: an `.npz` file, or any mapping of names to arrays.

Layers are found by names such as ``w1`` and ``b1``, ``W1``, ``weights1``, ``bias1``, by
names that end in ``.weight`` and ``.bias`` (a PyTorch state), or by order where the
names are NumPy's ``arr_0``, ``arr_1``; our own names (``lstm2.Wi``) say the type as well.  The
functions of the layers stand in no archive and are given.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from tracer.errors import ProblemError
from tracer.files.archive import read_arrays
from tracer.importing.architecture import is_own, read_own
from tracer.importing.found import as_array, dense
from tracer.importing.network import Network
from tracer.model.arrays import counted

LARGEST = 256 << 20
"""Bytes of an archive when it is unpacked; a network that is traced has far fewer."""
_NUMBERED = re.compile(r"(?P<kind>w|weights?|kernel|b|bias(?:es)?)_?(?P<number>\d+)", re.IGNORECASE)
_DOTTED = re.compile(r"(?P<layer>.*)\.(?P<kind>weight|bias)")
_BY_ORDER = re.compile(r"arr_\d+")


def read_npz(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The arrays of an `.npz` file, by name.

    Raises:
        FileError: if it is no such file, or holds anything but arrays of numbers.
    """
    return read_arrays(path, LARGEST)


def read_mapping(
    arrays: Mapping[str, Any],
    activations: str | Sequence[str] = "sigmoid",
    orientation: str = "out,in",
) -> Network:
    """The layers of a mapping of names to arrays.

    Args:
        arrays: weights and biases by name.
        activations: one for all dense layers, or one for each.
        orientation: ``out,in`` (a row for each receiving unit) or ``in,out``.

    Raises:
        ProblemError: if the names or shapes do not make a network.
    """
    if orientation not in ("out,in", "in,out"):
        raise ProblemError("the orientation of weights is 'out,in' or 'in,out'")
    if any(map(is_own, arrays)):
        return _of_types(arrays, activations)
    pairs = _pairs(arrays)
    if not pairs:
        raise ProblemError(f"no weights are found among {', '.join(list(arrays)[:8]) or 'nothing'}")
    chosen = _chosen(activations, len(pairs))
    matrices = [as_array(weights, name) for name, weights, _ in pairs]
    _check_chain([name for name, _, _ in pairs], matrices, orientation)
    _check_biases(pairs, matrices, orientation)
    turned = [matrix.T if orientation == "in,out" else matrix for matrix in matrices]
    parts = zip(turned, pairs, chosen, strict=True)
    return Network(
        [
            dense(weights, biases, f"layer {number}", activation)
            for number, (weights, (_, _, biases), activation) in enumerate(parts, 1)
        ]
    )


def _chosen(activations: str | Sequence[str], count: int) -> list[str]:
    """The activation of each dense layer."""
    chosen = [activations] * count if isinstance(activations, str) else list(activations)
    if len(chosen) != count:
        layers, wanted = counted(count, "layer", "need"), counted(count, "activation")
        raise ProblemError(f"{layers} {wanted}, not {len(chosen)}")
    return chosen


def _of_types(arrays: Mapping[str, Any], activations: str | Sequence[str]) -> Network:
    """Layers of several types, by our own names."""
    count = sum(name.startswith("w") and not is_own(name) for name in arrays)
    return Network(read_own(arrays, _chosen(activations, count)))


def _pairs(arrays: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Name, weights and biases of each layer, in order."""
    if arrays and all(_BY_ORDER.fullmatch(name) for name in arrays):
        return _by_order(arrays)
    weights: dict[Any, tuple[str, Any]] = {}
    biases: dict[Any, Any] = {}
    for name, array in arrays.items():
        numbered, dotted = _NUMBERED.fullmatch(name), _DOTTED.fullmatch(name)
        match = numbered or dotted
        if match is None:
            raise ProblemError(
                f"'{name}' is neither weights nor biases of a dense layer; for layers of other "
                "types give the architecture: like, a problem with such layers"
            )
        layer: Any = int(numbered["number"]) if numbered else dotted["layer"]  # type: ignore[index]
        if match["kind"][0].lower() == "b":
            biases[layer] = array
        else:
            weights[layer] = (name, array)
    for layer in biases:
        if layer not in weights:
            raise ProblemError(f"layer {layer} has biases and no weights")
    numbers = all(isinstance(layer, int) for layer in weights)
    order = sorted(weights) if numbers else list(weights)
    return [(*weights[layer], biases.get(layer)) for layer in order]


def _by_order(arrays: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """A matrix begins a layer; a vector after it holds its biases."""
    found: list[tuple[str, Any, Any]] = []
    for name in sorted(arrays, key=lambda name: int(name[4:])):
        axes = np.ndim(arrays[name])
        if axes == 2 and not (found and found[-1][2] is None and 1 in np.shape(arrays[name])):
            found.append((name, arrays[name], None))
        elif found and found[-1][2] is None:
            found[-1] = (*found[-1][:2], arrays[name])
        else:
            raise ProblemError(f"{name}: {axes} axes are neither weights nor biases")
    return found


def _check_chain(names: Sequence[str], matrices: Sequence[Any], orientation: str) -> None:
    """Each layer takes as many numbers as the one before gives."""
    rows, columns = (0, 1) if orientation == "out,in" else (1, 0)
    for before, after, name in zip(matrices, matrices[1:], names[1:], strict=False):
        if before.ndim != 2 or after.ndim != 2:
            continue
        if after.shape[columns] != before.shape[rows]:
            other = "in,out" if orientation == "out,in" else "out,in"
            hint = ""
            if all(b.shape[columns] == a.shape[rows] for a, b in _turned(matrices)):
                hint = f"; they do as '{other}'"
            raise ProblemError(
                f"{name}: weights of shape {after.shape} do not follow {before.shape} "
                f"as '{orientation}'{hint}"
            )


def _check_biases(
    pairs: Sequence[tuple[str, Any, Any]], matrices: Sequence[Any], orientation: str
) -> None:
    """Each unit has a bias: where the senders have, the weights were stored the other way round."""
    axis, other = (0, "in,out") if orientation == "out,in" else (1, "out,in")
    for (name, _, biases), matrix in zip(pairs, matrices, strict=True):
        if biases is None or matrix.ndim != 2:
            continue
        units, found = matrix.shape[axis], np.size(biases)
        if found not in (units, 1) and found == matrix.shape[1 - axis]:
            raise ProblemError(
                f"{name}: weights of shape {matrix.shape} have {counted(units, 'unit')} as "
                f"'{orientation}', and there are {counted(found, 'bias')}; "
                f"they fit together as '{other}'"
            )


def _turned(matrices: Sequence[Any]) -> list[tuple[Any, Any]]:
    turned = [matrix.T for matrix in matrices]
    return list(pairwise(turned))
