"""Whether the parameters that are to be frozen are parameters of the network.

Takes a problem whose shapes fit; gives an error for each entry of ``freeze`` that names
none.  An entry is looked up, not searched in a list of all parameters: a network may have
millions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracer.errors import FormulaError
from tracer.files.functions import Report
from tracer.files.wording import unknown
from tracer.formula.keys import Key
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem, array_shape

_KINDS = ("biases", "weights")
_MOST_CELLS = 2000
"""Among so many single parameters the one that was meant is looked for."""


def check_freeze(problem: Problem, fault: Report) -> None:
    """Check that each entry of ``freeze`` names a parameter.

    Args:
        problem: with shapes that fit.
        fault: where errors go, with their paths.
    """
    if not problem.layers:
        for place in range(len(problem.freeze)):
            fault(("freeze", place), "with equations, 'learn' says what is updated")
        return
    for place, text in enumerate(problem.freeze):
        if text not in _KINDS and not _is_parameter(problem, text):
            fault(("freeze", place), unknown("parameter", text, _known(problem)))


def _is_parameter(problem: Problem, text: str) -> bool:
    """Whether the key names a whole array of parameters, or one cell of it."""
    try:
        key = Key.parse(text)
    except FormulaError:
        return False
    number, bare = key.layer or 0, str(Key(f"{key.role}{key.layer}", key.indices))
    if key.part and 1 <= number <= len(problem.layers):
        return _is_local(problem.layers[number - 1], key) and str(replace(key, update=0)) == text
    if bare != text or key.role not in ("w", "b") or not 1 <= number <= len(problem.layers):
        return False
    layer = problem.layers[number - 1]
    if not isinstance(layer, Dense):
        return False
    if key.role == "b":
        return layer.biases is not False and (not key.indices or _is_bias(layer, key.indices))
    return not key.indices or _is_connection(layer, _sources(problem, number), key.indices)


def _is_local(layer: Dense | Layer, key: Key) -> bool:
    """Whether the key names a parameter of a layer's own, or one cell of it."""
    if not isinstance(layer, Layer) or key.role != layer.type or layer.parameters == "symbolic":
        return False
    if key.part not in layer.parameters:
        return False
    shape = array_shape(layer.parameters[key.part])
    inside = all(1 <= index <= size for index, size in zip(key.indices, shape, strict=False))
    return not key.indices or (inside and len(key.indices) == len(shape))


def _is_bias(layer: Dense, indices: tuple[int, ...]) -> bool:
    return not layer.shared_bias and len(indices) == 1 and 1 <= indices[0] <= layer.units


def _is_connection(layer: Dense, sources: int, indices: tuple[int, ...]) -> bool:
    if len(indices) != 2 or not (1 <= indices[0] <= layer.units and 1 <= indices[1] <= sources):
        return False
    to, source = indices
    return layer.weights == "symbolic" or layer.weights[to - 1][source - 1] is not None


def _sources(problem: Problem, number: int) -> int:
    """How many numbers a row of a layer's weights has."""
    weights = problem.layers[number - 1].weights
    if weights and weights != "symbolic":
        return len(weights[0])
    return problem.layers[number - 2].units if number > 1 else len(problem.inputs[0])


def _known(problem: Problem) -> list[str]:
    """What may stand in ``freeze``, for the nearest word; of a large network not each cell."""
    numbers = range(1, len(problem.layers) + 1)
    arrays = [
        f"{role}{n}" for n in numbers for role in "wb" if _is_parameter(problem, f"{role}{n}")
    ]
    for n, layer in enumerate(problem.layers, 1):
        if isinstance(layer, Layer) and layer.parameters != "symbolic":
            arrays += [f"{layer.type}{n}.{name}" for name in layer.parameters]
    sizes = [_sources(problem, n) * problem.layers[n - 1].units for n in numbers]
    cells = _cells(problem) if sum(sizes) <= _MOST_CELLS else ()
    return [*_KINDS, *arrays, *(cell for cell in cells if _is_parameter(problem, cell))]


def _cells(problem: Problem) -> Iterator[str]:
    for number, layer in enumerate(problem.layers, 1):
        for unit in range(1, layer.units + 1):
            yield f"b{number}[{unit}]"
            for source in range(1, _sources(problem, number) + 1):
                yield f"w{number}[{unit},{source}]"
