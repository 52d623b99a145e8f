"""What a calculation shows about learning: gradient norms, dead and saturated units.

Plain data; the backprop room finds it, a trace carries it, pages say what is worth saying.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Norm:
    """The length of the gradients of one layer, or of one learnt array of equations."""

    update: int
    """How many updates the parameters have behind them."""
    layer: int | None
    name: str
    """``layer 2``, or the name of the array."""
    value: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about an update."""

    kind: str
    """``vanishing``, ``exploding``, ``dead``, ``saturated``, ``loss_rose``."""
    update: int
    keys: tuple[str, ...]
    """The quantities that show it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Numbers for a sentence about it, by name."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found in all updates of a trace."""

    norms: tuple[Norm, ...] = ()
    findings: tuple[Finding, ...] = ()

    def of_kind(self, kind: str) -> tuple[Finding, ...]:
        """The findings of one kind.

        >>> Diagnosis(findings=(Finding("dead", 0, ("a1[1]",)),)).of_kind("dead")[0].keys
        ('a1[1]',)
        """
        return tuple(finding for finding in self.findings if finding.kind == kind)
