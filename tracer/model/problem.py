"""A problem: the network, its numbers, and how the calculation is to be done.

Numbers are texts and stay as they were written.  In Python, plain numbers are accepted
and turned into text (``0.1`` becomes ``"0.1"``).  Shapes are checked once, by `fitting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tracer.errors import ProblemError
from tracer.model.arrays import Array, array_of, array_shape, batch_of
from tracer.model.conventions import Conventions, Steps, checked
from tracer.model.dense import Dense, check_weights
from tracer.model.fitting import check_batch, check_layers, checked_loss
from tracer.model.functions import Loss
from tracer.model.layer import Layer, nested
from tracer.model.numbers import as_number, number_text
from tracer.model.rounding import Rounding

__all__ = [
    "Array",
    "Dense",
    "Problem",
    "Report",
    "array_shape",
    "as_number",
    "check_weights",
]


@dataclass(frozen=True)
class Report:
    """A further loss that is printed and never differentiated."""

    loss: str | Loss
    reduction: str = "sum"


@dataclass(frozen=True)
class Problem:
    """Everything that a calculation starts from.

    A network is either `layers` with `inputs` and `targets` (one row a sample) or
    `equations` with `given` arrays.

    Raises:
        ProblemError: where the shapes do not fit; `path` says where.

    >>> problem = Problem(inputs=[0.5, 0.8], targets=[1], layers=[
    ...     Dense(1, weights=[["0.15", "0.25"]], biases=["0.35"])])
    >>> problem.inputs
    (('0.5', '0.8'),)
    """

    name: str = ""
    inputs: Any = ()
    targets: Any = ()
    features: tuple[str, ...] = ()
    layers: Sequence[Dense | Layer] = ()
    given: Mapping[str, Array] = field(default_factory=dict)
    equations: Sequence[str] = ()
    loss: str | Loss | None = None
    upstream: Mapping[str, Array] = field(default_factory=dict)
    learn: Sequence[str] | None = None
    reduction: str = "sum"
    written: str = "gradient"
    over_time: str = "sum"
    """How the losses of time steps become one: sum or mean."""
    report: Mapping[str, Report] = field(default_factory=dict)
    optimizer: str = "gradient_descent"
    settings: Mapping[str, str] = field(default_factory=dict)
    schedule: str = ""
    schedule_settings: Mapping[str, str] = field(default_factory=dict)
    clip: str = ""
    clip_at: str = ""
    regularizer: str = ""
    strength: str = ""
    regularize_biases: bool = False
    freeze: Sequence[str] = ()
    updates: int = 1
    made: int = 0
    """Updates that were made before the first of these: where the count of updates begins."""
    states: Mapping[str, str] = field(default_factory=dict)
    """The optimizer's memory before the first update, by key; 0 where nothing is said."""
    batch: str | Sequence[Sequence[int]] = "full"
    rounding: Rounding = field(default_factory=Rounding)
    steps: Steps = field(default_factory=Steps)
    conventions: Conventions = field(default_factory=Conventions)
    notation: str = "nielsen"
    folder: str = field(default="", compare=False, repr=False)
    """Where the problem was read from: its own notation's file lies beside it."""
    names: Mapping[str, str] = field(default_factory=dict)
    letters: bool = field(default=False, repr=False)
    """Only the formulas are asked for, whatever numbers are given."""

    def __post_init__(self) -> None:
        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)

        checked(self.steps)
        checked(self.conventions)
        for name in ("layers", "equations", "freeze", "features"):
            put(name, tuple(getattr(self, name)))
        put("learn", None if self.learn is None else tuple(self.learn))
        if not isinstance(self.batch, str):
            put("batch", tuple(tuple(part) for part in self.batch))
        put("settings", {k: number_text(v, ("optimizer", k)) for k, v in self.settings.items()})
        if not isinstance(self.updates, int) or not 0 <= self.updates <= 1_000_000:
            raise ProblemError("updates is a whole number from 0 to 1,000,000", ("updates",))
        if not isinstance(self.made, int) or self.made < 0:
            raise ProblemError("made is a whole number of updates", ("made",))
        put("states", {k: number_text(v, ("states", k)) for k, v in self.states.items()})
        if self.reduction not in ("sum", "mean", "weighted"):
            raise ProblemError("reduction is sum, mean or weighted", ("reduction",))
        if self.over_time not in ("sum", "mean"):
            raise ProblemError("reduction over time is sum or mean", ("reduction", "time"))
        if bool(self.layers) == bool(self.equations):
            raise ProblemError("a problem has either layers or equations")
        if self.layers:
            if self.plain:
                put("inputs", batch_of(self.inputs, ("inputs",)))
                put("targets", batch_of(self.targets, ("targets",)) if len(self.targets) else ())
                check_layers(self.layers, self.inputs, self.targets, self.features)  # type: ignore[arg-type]
            else:  # what layers of other types fit together is said by their table
                put("inputs", nested(self.inputs, ("inputs",)))
                put("targets", nested(self.targets, ("targets",)))
            check_batch(self.batch, self.samples)
            put("loss", checked_loss(self.loss, self.layers, self.reduction))
        else:
            put("given", {k: array_of(v, ("given", k)) for k, v in self.given.items()})
            put("upstream", {k: array_of(v, ("upstream", k)) for k, v in self.upstream.items()})

    @cached_property
    def plain(self) -> bool:
        """Whether its layers are dense, each after the other."""
        return all(isinstance(layer, Dense) and not layer.sources for layer in self.layers)

    @property
    def dense(self) -> tuple[Dense, ...]:
        """The layers where all are dense, each after the other; else none."""
        found = (layer for layer in self.layers if isinstance(layer, Dense))
        return tuple(found) if self.plain else ()

    @property
    def samples(self) -> int:
        """How many samples the inputs hold."""
        return len(self.inputs)

    @property
    def width(self) -> int:
        """How many inputs a sample has, or one time step of it, or one row of an image."""
        innermost = self.inputs[0]
        while not isinstance(innermost[0], str):
            innermost = innermost[0]
        return len(innermost)

    @property
    def symbolic(self) -> bool:
        """Whether the trace is a derivation without numbers: asked for, or weights are letters."""
        return self.letters or any(layer.weights == "symbolic" for layer in self.layers)

    def batches(self) -> tuple[tuple[int, ...], ...]:
        """The samples (from 1) of each update, repeated until there are `updates`."""
        everything = tuple(range(1, self.samples + 1))
        if self.batch == "full":
            cycle: tuple[tuple[int, ...], ...] = (everything,)
        elif self.batch == "online":
            cycle = tuple((sample,) for sample in everything)
        else:
            cycle = tuple(tuple(part) for part in self.batch)  # type: ignore[arg-type]
        return tuple(cycle[k % len(cycle)] for k in range(max(self.updates, 1)))
