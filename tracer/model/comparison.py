"""What a comparison of two calculations found: conventions, and what they explain.

Made by the engine, which holds somebody else's numbers against its own; read by whoever
tells people about it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Convention:
    """A choice that two right calculations may make differently."""

    id: str
    """``half``, ``mean_over_batch``, ``transposed``, ...; each has its sentence in the prose."""
    where: str = ""
    """The quantities that it is about, where it is not about all: ``loss``, ``gradients``."""
    facts: tuple[tuple[str, str], ...] = ()
    """What the sentence mentions, by name."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One array, theirs beside ours."""

    name: str
    """``dw2``, ``w1@1``, ``loss``."""
    count: int
    """How many numbers were compared."""
    explained: bool
    """Whether all agree under `conventions`."""
    conventions: tuple[Convention, ...] = ()
    """Those of the comparison that this array needs; none: it agrees as it is."""
    key: str = ""
    """The number that differs most (as calculated here, without other conventions) ..."""
    ours: float | None = None
    """... and its value here; None where there is no such number."""
    theirs: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A framework's numbers beside a problem's."""

    problem: str
    source: str
    """Whose numbers they are."""
    arrays: tuple[Compared, ...]
    conventions: tuple[Convention, ...] = ()
    """The smallest set that explains the most."""
    alternatives: tuple[tuple[Convention, ...], ...] = ()
    """Other sets as small that explain as much."""

    @property
    def agrees(self) -> bool:
        """Whether all numbers agree as they are."""
        return self.explained and not self.conventions

    @property
    def explained(self) -> bool:
        """Whether all numbers agree under the conventions."""
        return all(array.explained for array in self.arrays)
