"""Which column of a run's rows holds which quantity, and why a run ended.

Made when a run begins, kept with its numbers, and read by whoever looks a number up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

REASONS = {
    "updates": "all updates were made",
    "loss": "the loss fell to the threshold",
    "plateau": "the loss stopped falling",
    "diverged": "a number was no longer finite",
    "interrupted": "stopped by hand",
    "unfinished": "the run ended before its time",
}
"""Why a run ended."""


@dataclass(frozen=True)
class Layout:
    """Which column of a row holds which quantity."""

    cycle: tuple[tuple[int, ...], ...]
    """The samples of each batch, in the order in which batches come round."""
    columns: Mapping[tuple[int, ...], tuple[str, ...]]
    """For each batch the keys of its columns; a shorter row is filled up with zeros."""
    learnt: tuple[str, ...]
    """The keys of all numbers that updates change."""
    states: tuple[str, ...] = ()
    """Those of them that are the optimizer's memory."""
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Shapes of the arrays, without the sample axis, by what their keys begin with."""
    constants: Mapping[str, float] = field(default_factory=dict)
    """Given numbers that hold for the whole run: frozen parameters, the learning rate."""
    loss: str = "loss"
    """The key of what is trained; empty where there is only an upstream gradient."""

    @cached_property
    def width(self) -> int:
        """Columns of a row."""
        return max(map(len, self.columns.values()))

    @cached_property
    def places(self) -> dict[str, dict[tuple[int, ...], int]]:
        """Each key's column, for each batch that has it."""
        found: dict[str, dict[tuple[int, ...], int]] = {}
        for batch, keys in self.columns.items():
            for column, key in enumerate(keys):
                found.setdefault(key, {})[batch] = column
        return found
