"""What every compiled form of an update has in common.

A form makes updates one after another until the batches end or something stops it; it
says how many it made, the learnt numbers after them, and what stopped it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

STOPS = (ArithmeticError, ValueError, KeyboardInterrupt)
"""What may stop a run of updates: overflow, a logarithm of 0, Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a run of updates came."""

    done: int
    """Updates that were made whole (and recorded)."""
    state: Any
    """The learnt numbers after them, as the form keeps them."""
    error: BaseException | None
    """What stopped it; None: all batches were used."""


class Form(Protocol):
    """A compiled update."""

    @property
    def varying(self) -> Sequence[str]:
        """The given cells that each batch brings, in order."""

    def batch(self, values: Sequence[Any]) -> Any: ...
    def start(self, numbers: Sequence[Any]) -> Any: ...
    def numbers(self, state: Any) -> list[Any]: ...
    def finite(self, state: Any) -> bool: ...
    def run(self, rows: Any, batches: Iterable[Any], state: Any) -> Outcome: ...
