"""When a run ends before its last update: the loss is low enough, or falls no more.

Both look at the recorded rows; `Watch` is fed with them as they come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tracer.errors import ProblemError
from tracer.model.arrays import counted
from tracer.model.history import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Stop:
    """The rules by which a run ends early.

    Args:
        below: end when the loss is at most this.
        patience: end when the loss has reached no new low, lower by `fall`, for so many updates.
        fall: how much lower, as a share of the lowest loss so far, a new low must be.

    Raises:
        ProblemError: for numbers that cannot be meant.
    """

    below: float | None = None
    patience: int | None = None
    fall: float = 1e-3

    def __post_init__(self) -> None:
        if self.below is not None and not np.isfinite(self.below):
            raise ProblemError(
                f"the loss at which to stop is a number; found {self.below}", ("stop",)
            )
        if self.patience is not None and self.patience < 1:
            raise ProblemError("patience is a count of updates, at least 1", ("stop",))
        if not 0 <= self.fall < 1:
            raise ProblemError("fall is a share from 0 to less than 1", ("stop",))

    def __bool__(self) -> bool:
        return self.below is not None or self.patience is not None


class Watch:
    """Follows the loss of a run."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        self.lowest = float("inf")
        self.since = 0

    def sees(self, updates: NDArray[np.int64], losses: Array) -> tuple[int, str, str] | None:
        """The first row that ends the run, why, and a sentence about it.

        Args:
            updates: how many updates lie behind each of the new rows.
            losses: the loss of each.
        """
        hits = []
        if self.stop.below is not None:
            low = np.flatnonzero(losses <= self.stop.below)
            if len(low):
                row = int(low[0])
                hits.append(
                    (
                        row,
                        "loss",
                        f"the loss fell to {losses[row]:.6g} "
                        f"after {counted(int(updates[row]), 'update')}",
                    )
                )
        if self.stop.patience is not None:
            for row, (update, loss) in enumerate(
                zip(updates.tolist(), losses.tolist(), strict=True)
            ):
                if not np.isfinite(self.lowest) or (
                    loss < self.lowest - self.stop.fall * abs(self.lowest)
                ):
                    self.lowest, self.since = loss, int(update)
                elif update - self.since >= self.stop.patience:
                    hits.append((row, "plateau", self._flat(int(update), loss)))
                    break
        return min(hits, default=None)

    def _flat(self, update: int, loss: float) -> str:
        return (
            f"the loss has not fallen by {100 * self.stop.fall:.2g} % "
            f"for {counted(update - self.since, 'update')}: it was {self.lowest:.6g} "
            f"after {counted(self.since, 'update')} and is {loss:.6g} after {update}"
        )
