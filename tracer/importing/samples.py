"""How a model takes its samples, turned into how a problem says them.

Takes inputs as lists (whose texts are kept) or arrays of any library, in the layout of the
model: channels may stand last, time may come before the samples, rows of an embedding may
be counted from 0.  Gives lists in our layout.  Without inputs there are ones, where the
shape of a sample is known.  Read by `network`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracer.calculus.layers import LAYERS
from tracer.errors import ProblemError
from tracer.model.layer import Layer
from tracer.model.problem import Dense


@dataclass(frozen=True)
class Samples:
    """The layout of a model's inputs."""

    shape: tuple[int, ...] = ()
    """Of one sample, in the model's layout; none: it is not known."""
    channels_last: bool = False
    """Whether images have their channels behind rows and columns."""
    time_first: bool = False
    """Whether time stands before the samples."""
    from_zero: bool = False
    """Whether rows of an embedding are counted from 0, as frameworks do."""

    def of(self, inputs: Any, layers: Sequence[Dense | Layer]) -> Any:
        """The inputs of a problem.

        Raises:
            ProblemError: if there are none and no shape is known.
        """
        first = layers[0]
        kinds = LAYERS[first.type].takes if isinstance(first, Layer) else ()
        given = self._ones(first, kinds) if inputs is None else plain(inputs)
        if kinds == ("numbers",) and self.from_zero:
            return _counted_from_one(given)
        if self.time_first:
            return np.swapaxes(np.array(given, dtype=object), 0, 1).tolist()
        if kinds == ("image",) and self.channels_last:
            return _channels_first(given, int(first.settings.get("dimensions", 2)))
        return given

    def _ones(self, first: Dense | Layer, kinds: Sequence[str]) -> Any:
        """One sample of ones, or for an embedding of its first row."""
        if self.shape:
            number = 0 if kinds == ("numbers",) and self.from_zero else 1
            return np.full((1, *self.shape), number).tolist()
        if isinstance(first, Dense):
            return [["1"] * len(first.weights[0])]
        raise ProblemError(
            f"the model does not say what a sample looks like, and its first layer "
            f"({first.type}) takes any; give inputs",
            ("layers", 0),
        )


def plain(values: Any) -> Any:
    """Arrays of any library as lists; lists, with their texts, as they are."""
    if isinstance(values, list | tuple):
        return [plain(value) for value in values]
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return values.tolist() if hasattr(values, "tolist") else values


def _counted_from_one(value: Any) -> Any:
    """The number of each row, where the first is 1.

    Raises:
        ProblemError: for what is no whole number.
    """
    if isinstance(value, list):
        return [_counted_from_one(part) for part in value]
    try:
        number = float(value)
    except ValueError:
        number = 0.5
    if number != int(number) or number < 0:
        raise ProblemError(
            f"an input of this embedding is the number of a row, from 0; found {value}",
            ("layers", 0),
        )
    return int(number) + 1


def _channels_first(values: Any, axes: int) -> Any:
    """Images with the channels before rows and columns; one sample may stand alone."""
    array = np.array(values, dtype=object)
    if array.ndim == axes + 1:
        array = array[None]
    return np.moveaxis(array, -1, 1).tolist() if array.ndim == axes + 2 else values
