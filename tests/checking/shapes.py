"""The shape of a random layer network, and where its numbers are found."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

HIDDEN = ("sigmoid", "sigmoid", "tanh", "tanh", "relu", "leaky_relu", "softplus", "identity")
LOSSES = {
    "half_squared_error": ("sigmoid", "tanh", "identity", "relu", "softplus"),
    "squared_error": ("sigmoid", "tanh", "identity"),
    "mean_squared_error": ("sigmoid", "tanh", "identity", "leaky_relu"),
    "binary_cross_entropy": ("sigmoid",),
    "cross_entropy": ("softmax",),
}
"""Output activations that go with each loss."""


@dataclass(frozen=True)
class Shape:
    """What a network is made of, and where its numbers are found."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    biases: tuple[str, ...]
    """``own``, ``shared`` or ``none`` for each layer."""
    frozen: bool
    loss: str
    mean: bool
    samples: int
    shortcut: bool
    """Whether the last deltas are written as a - y."""

    def marks(self) -> list[str]:
        """``#1``, ``#2``; nothing where there is one sample."""
        if self.samples == 1:
            return [""]
        return [f"#{sample}" for sample in range(1, self.samples + 1)]

    def bias(self, layer: int, unit: int) -> str | None:
        kind = self.biases[layer - 1]
        return {"own": f"b{layer}[{unit}]", "shared": f"b{layer}", "none": None}[kind]

    def new(self, key: str, update: int) -> str:
        """A parameter's key in the pass after so many updates."""
        kept = self.frozen and key.startswith("b")
        return f"{key}@{update}" if update and not kept else key

    @property
    def share(self) -> Decimal:
        """By what sums over the samples are multiplied."""
        return Decimal(1) / self.samples if self.mean else Decimal(1)
