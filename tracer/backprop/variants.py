"""Many variants of one problem at once: every number a column, one entry a variant.

The straight-line source of an update is run over NumPy vectors, so a class's worth of
exercises, or a sweep of learning rates, costs little more than one.  Takes a problem and
the given numbers in which the variants differ; gives all recorded numbers by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tracer.backprop.compiled.machine import Machine
from tracer.backprop.sinks import MEMORY
from tracer.errors import ProblemError, UnknownQuantity, suggestion
from tracer.model.history import Array, Layout
from tracer.model.problem import Problem


@dataclass(frozen=True)
class Variants:
    """What was recorded; a variant that has no finite value somewhere is inf or NaN there."""

    layout: Layout
    numbers: Array
    """Shape (updates, columns, variants)."""

    def __len__(self) -> int:
        """How many variants there are."""
        return int(self.numbers.shape[2])

    def __getitem__(self, key: str) -> Array:
        """One quantity, shape (updates, variants); NaN where a batch does not have it.

        Raises:
            UnknownQuantity: naming the nearest key.
        """
        places = self.layout.places.get(key)
        if places is None:
            hint = suggestion(key, self.layout.places)
            raise UnknownQuantity(f"'{key}' was not recorded{hint}")
        found = np.full((self.numbers.shape[0], len(self)), np.nan)
        for turn, batch in enumerate(self.layout.cycle):
            if batch in places:
                step = slice(turn, None, len(self.layout.cycle))
                found[step] = self.numbers[step, places[batch]]
        return found

    def at(self, variant: int, update: int = 0) -> dict[str, float]:
        """Every recorded number of one variant, with the parameters after `update` updates."""
        batch = self.layout.cycle[update % len(self.layout.cycle)]
        row = self.numbers[update, :, variant]
        return dict(zip(self.layout.columns[batch], row.tolist(), strict=False))


def train_variants(
    problem: Problem,
    columns: Mapping[str, Sequence[float] | Array],
    updates: int = 1,
    record: str | Iterable[str] = "all",
) -> Variants:
    """Calculate the same updates for many variants.

    Args:
        problem: the numbers that all variants share, and the network.
        columns: given numbers by key (``w1[1,2]``, ``a0[1]``, ``rate``), one entry a
            variant; all of one length.
        updates: how many rows: the parameters after 0, 1, ... updates and what follows
            from them.
        record: as in `train`.

    Raises:
        ProblemError: for an unknown key, or columns of different lengths.

    >>> from tracer.model.problem import Dense, Problem
    >>> problem = Problem(inputs=["2"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "identity", [["0.5"]])], settings={"rate": "0.1"})
    >>> train_variants(problem, {"w1[1,1]": [0.5, 1.0]})["z1[1]"]
    array([[1., 2.]])
    """
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise ProblemError("the columns have one entry for each variant, all as many")
    given: dict[str, Any] = {key: np.asarray(column, float) for key, column in columns.items()}
    machine = Machine(problem, record, "columns", given)
    for key in given:
        if key not in machine.known:
            hint = suggestion(key, machine.known)
            raise ProblemError(f"'{key}' is not a given number of this problem{hint}")
    layout = machine.layout()
    shape = (updates, layout.width, lengths.pop())
    if 8 * updates * shape[1] * shape[2] > MEMORY:
        raise ProblemError("the record would take more than 2 GiB; record fewer quantities")
    numbers = np.zeros(shape)
    outcome = machine.advance(0, updates, numbers, machine.start())
    if isinstance(outcome.error, KeyboardInterrupt):
        raise outcome.error
    return Variants(layout, numbers)
