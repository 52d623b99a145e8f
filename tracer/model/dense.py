"""A dense layer: what its author says about it, and whether it meets the layer before.

Takes numbers as Python or a file gives them; keeps them as texts, with None for a missing
connection, and refuses what does not fit the layer's own units.  `check_weights` holds the
weights against what comes in, which a layer alone does not know.  Read by `problem`, which
hands `Dense` on, and by `fitting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracer.errors import ProblemError
from tracer.model.arrays import counted, rows_of
from tracer.model.functions import Activation
from tracer.model.layer import checked_sources
from tracer.model.numbers import number_text


@dataclass(frozen=True)
class Dense:
    """A fully or partially connected layer.

    Args:
        units: how many units.
        activation: a name of the activations table, or an `Activation`.
        weights: rows of the receiving unit, shape (units, units of the layer before);
            None is a missing connection.  ``"symbolic"``: letters instead of numbers.
        biases: one per unit, one number shared by the layer, or False for none.
        settings: settings of the activation, e.g. ``{"leak": "0.1"}``.
        name: what `sources` of other layers call it; none: ``dense`` and its number.
        sources: the layers that it takes from; none: the one before.
        combine: ``add`` or ``concat``: how several sources become one.
    """

    units: int
    activation: str | Activation = "sigmoid"
    weights: Any = "symbolic"
    biases: Any = False
    settings: Mapping[str, str] = field(default_factory=dict)
    name: str = field(default="", repr=False)
    sources: Sequence[str] = field(default=(), repr=False)
    combine: str = field(default="add", repr=False)

    type = "dense"

    def __post_init__(self) -> None:
        if not isinstance(self.units, int) or isinstance(self.units, bool) or self.units < 1:
            raise ProblemError("a layer has at least 1 unit", ("units",))
        object.__setattr__(self, "sources", checked_sources(self.sources, self.combine))
        if self.weights != "symbolic":
            object.__setattr__(self, "weights", rows_of(self.weights, ("weights",), sparse=True))
        if isinstance(self.biases, str | int | float) and not isinstance(self.biases, bool):
            if self.biases != "symbolic":
                object.__setattr__(self, "biases", number_text(self.biases, ("biases",)))
        elif self.biases is True:
            raise ProblemError("biases are numbers, or false for none", ("biases",))
        elif self.biases is not False:
            found = tuple(number_text(b, ("biases", i)) for i, b in enumerate(self.biases))
            if len(found) != self.units:
                raise ProblemError(
                    f"{counted(self.units, 'unit', 'need')} {counted(self.units, 'bias')}; "
                    f"found {len(found)}",
                    ("biases",),
                )
            object.__setattr__(self, "biases", found)

    @property
    def shared_bias(self) -> bool:
        """Whether one bias serves the whole layer."""
        return isinstance(self.biases, str) and self.biases != "symbolic"


def check_weights(layer: Dense, number: int, before: int, where: str) -> None:
    """Check that a layer's weights meet its units and what comes in.

    Raises:
        ProblemError: in words; `where` begins the part about what comes in.
    """
    path = ("layers", number - 1, "weights")
    if layer.weights == "symbolic":
        return
    widths = sorted({len(row) for row in layer.weights})
    if len(layer.weights) != layer.units or widths != [before]:
        size = " or ".join(map(str, widths)) or "0"
        raise ProblemError(
            f"layer {number} has {counted(layer.units, 'unit')} and {where} {before}, "
            f"so its weights need {counted(layer.units, 'row')} of {before}; "
            f"found {counted(len(layer.weights), 'row')} of {size}",
            path,
        )
    for unit, row in enumerate(layer.weights, 1):
        if all(weight is None for weight in row):
            raise ProblemError(
                f"unit {unit} of layer {number} has no connection", (*path, unit - 1)
            )
