"""A problem: the network, its numbers, and how the calculation is to be done.

Numbers are texts and stay as they were written.  In Python, plain numbers are accepted
and turned into text (``0.1`` becomes ``"0.1"``).  Shapes are checked here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction as Rational
from typing import Any

from tracer.errors import ProblemError
from tracer.model.conventions import Conventions, Steps, checked
from tracer.model.functions import Activation, Loss
from tracer.model.layer import Layer, checked_sources, nested
from tracer.model.numbers import number_text
from tracer.model.rounding import Rounding

Row = tuple[str, ...]
SparseRow = tuple[str | None, ...]
Array = str | tuple[Any, ...]
"""A number's text, or a tuple of arrays of equal shape."""


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
            object.__setattr__(self, "weights", _rows(self.weights, ("weights",), sparse=True))
        if isinstance(self.biases, str | int | float) and not isinstance(self.biases, bool):
            if self.biases != "symbolic":
                object.__setattr__(self, "biases", number_text(self.biases, ("biases",)))
        elif self.biases is True:
            raise ProblemError("biases are numbers, or false for none", ("biases",))
        elif self.biases is not False:
            found = tuple(number_text(b, ("biases", i)) for i, b in enumerate(self.biases))
            if len(found) != self.units:
                raise ProblemError(
                    f"{_count(self.units, 'unit', 'need')} {_count(self.units, 'bias')}; "
                    f"found {len(found)}",
                    ("biases",),
                )
            object.__setattr__(self, "biases", found)

    @property
    def shared_bias(self) -> bool:
        """Whether one bias serves the whole layer."""
        return isinstance(self.biases, str) and self.biases != "symbolic"


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
        if self.reduction not in ("sum", "mean"):
            raise ProblemError("reduction is sum or mean", ("reduction",))
        if self.over_time not in ("sum", "mean"):
            raise ProblemError("reduction over time is sum or mean", ("reduction", "time"))
        if bool(self.layers) == bool(self.equations):
            raise ProblemError("a problem has either layers or equations")
        if self.layers:
            if self.plain:
                put("inputs", _batch(self.inputs, ("inputs",)))
                put("targets", _batch(self.targets, ("targets",)) if len(self.targets) else ())
                self._check_layers()
            else:  # what layers of other types fit together is said by their table
                put("inputs", nested(self.inputs, ("inputs",)))
                put("targets", nested(self.targets, ("targets",)))
            self._check_batch()
        else:
            put("given", {k: _array(v, ("given", k)) for k, v in self.given.items()})
            put("upstream", {k: _array(v, ("upstream", k)) for k, v in self.upstream.items()})

    @property
    def plain(self) -> bool:
        """Whether its layers are dense, each after the other."""
        return all(isinstance(layer, Dense) and not layer.sources for layer in self.layers)

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
        """Whether weights are letters, so that the trace is a derivation without numbers."""
        return any(layer.weights == "symbolic" for layer in self.layers)

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

    def _check_layers(self) -> None:
        before, where = len(self.inputs[0]), "the inputs have"
        for number, layer in enumerate(self.layers, 1):
            check_weights(layer, number, before, where)  # type: ignore[arg-type]
            before, where = layer.units, f"layer {number} has"
        for sample, row in enumerate(self.targets):
            if len(row) != before:
                raise ProblemError(
                    f"the last layer has {_count(before, 'unit')}, so each sample needs "
                    f"{_count(before, 'target')}; found {len(row)}",
                    ("targets", sample),
                )
        if self.targets and len(self.targets) != self.samples:
            raise ProblemError(
                f"{_count(self.samples, 'sample', 'need')} {_count(self.samples, 'row')} of "
                f"targets; found {len(self.targets)}",
                ("targets",),
            )
        if self.features and len(self.features) != len(self.inputs[0]):
            raise ProblemError("there is one feature name for each input", ("features",))

    def _check_batch(self) -> None:
        if isinstance(self.batch, str):
            if self.batch not in ("full", "online"):
                raise ProblemError("batch is full, online, or lists of sample numbers", ("batch",))
            return
        for place, part in enumerate(self.batch):
            for sample in part:
                if not isinstance(sample, int) or not 1 <= sample <= self.samples:
                    raise ProblemError(
                        f"there is no sample {sample}; samples count from 1 to {self.samples}",
                        ("batch", place),
                    )
            if not part or len(set(part)) != len(part):
                raise ProblemError("a batch names each of its samples once", ("batch", place))
        if not self.batch:
            raise ProblemError("batch names no samples", ("batch",))


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
            f"layer {number} has {_count(layer.units, 'unit')} and {where} {before}, "
            f"so its weights need {_count(layer.units, 'row')} of {before}; "
            f"found {_count(len(layer.weights), 'row')} of {size}",
            path,
        )
    for unit, row in enumerate(layer.weights, 1):
        if all(weight is None for weight in row):
            raise ProblemError(
                f"unit {unit} of layer {number} has no connection", (*path, unit - 1)
            )


def as_number(text: str) -> Rational:
    """The exact value of a number's text."""
    return Rational(text)


def _batch(values: Any, path: tuple[str | int, ...]) -> tuple[Row, ...]:
    """Rows of numbers; a single row of numbers is one sample."""
    rows = list(values)
    if rows and (isinstance(rows[0], str) or not isinstance(rows[0], Iterable)):
        rows = [rows]
    if not rows or not len(rows[0]):
        raise ProblemError("there are no numbers here", path)
    return tuple(tuple(str(cell) for cell in row) for row in _rows(rows, path))


def _rows(rows: Any, path: tuple[str | int, ...], sparse: bool = False) -> tuple[SparseRow, ...]:
    found: list[SparseRow] = []
    for i, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__iter__"):
            raise ProblemError("rows of numbers are wanted here", (*path, i))
        found.append(
            tuple(
                None
                if sparse and (cell is None or cell == ".")
                else number_text(cell, (*path, i, j))
                for j, cell in enumerate(row)
            )
        )
        if len(found[-1]) != len(found[0]):
            raise ProblemError(
                f"row {i + 1} has {_count(len(found[-1]), 'number')}, row 1 has {len(found[0])}",
                (*path, i),
            )
    return tuple(found)


def _array(value: Any, path: tuple[str | int, ...]) -> Array:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return number_text(value, path)
    parts = tuple(_array(part, (*path, i)) for i, part in enumerate(value))
    if not parts or len({array_shape(part) for part in parts}) > 1:
        raise ProblemError("the rows of an array have one length, at least 1", path)
    if len(array_shape(parts)) > 2:
        raise ProblemError("a given is a number, a vector or a matrix", path)
    return parts


def array_shape(array: Array) -> tuple[int, ...]:
    """The shape of nested tuples of texts.

    >>> array_shape((("1", "2"), ("3", "4")))
    (2, 2)
    """
    if isinstance(array, str):
        return ()
    return (len(array), *array_shape(array[0]))


def _count(number: int, word: str, verb: str = "") -> str:
    """``1 unit``, ``2 units``; with a verb ``1 unit needs``, ``2 units need``."""
    plural = {"bias": "biases"}.get(word, word + "s")
    noun = word if number == 1 else plural
    return f"{number} {noun}" + (f" {verb}s" if number == 1 else f" {verb}") * bool(verb)
