"""Whether the parts of a layer network fit together: layers, inputs, targets, batches.

Takes the parts of a problem as it is made; what does not fit is told in words, with the path
of what is to be changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction as Rational
from typing import Any

from tracer.errors import ProblemError
from tracer.model.arrays import counted
from tracer.model.dense import Dense, check_weights
from tracer.model.functions import Loss
from tracer.model.layer import Layer
from tracer.model.numbers import number_text


def check_layers(
    layers: Sequence[Dense], inputs: Any, targets: Any, features: Sequence[str]
) -> None:
    """Check that each layer meets the one before, and the targets the last.

    Args:
        layers: dense ones, each after the other.
        inputs: shape (samples, inputs).
        targets: shape (samples, units of the last layer), or none.
        features: the names of the inputs, or none.

    Raises:
        ProblemError: for the first that does not fit.
    """
    before, where = len(inputs[0]), "the inputs have"
    for number, layer in enumerate(layers, 1):
        check_weights(layer, number, before, where)
        before, where = layer.units, f"layer {number} has"
    for sample, row in enumerate(targets):
        if len(row) != before:
            raise ProblemError(
                f"the last layer has {counted(before, 'unit')}, so each sample needs "
                f"{counted(before, 'target')}; found {len(row)}{_as_rows(targets, len(inputs))}",
                ("targets", sample),
            )
    if targets and len(targets) != len(inputs):
        raise ProblemError(
            f"{counted(len(inputs), 'sample', 'need')} {counted(len(inputs), 'row')} of "
            f"targets; found {len(targets)}",
            ("targets",),
        )
    if features and len(features) != len(inputs[0]):
        raise ProblemError("there is one feature name for each input", ("features",))


def checked_loss(
    loss: str | Loss | None, layers: Sequence[Dense | Layer], reduction: str
) -> str | Loss | None:
    """The loss, its settings as texts of numbers, after a look at whether they fit the classes.

    Raises:
        ProblemError: where they do not, or where a weighted mean has no weights.
    """
    own = loss if isinstance(loss, Loss) else None
    if reduction == "weighted" and not (own and own.class_weights and own.classes == "outputs"):
        raise ProblemError(
            "a weighted mean needs the class_weights of a loss over classes, such as "
            "loss: {name: cross_entropy, class_weights: [1, 2]}",
            ("reduction",),
        )
    if own is None or not (own.smoothing or own.class_weights):
        return loss
    path = ("loss", "smoothing" if own.smoothing else "class_weights")
    if not own.classes:
        raise ProblemError(f"{own.name} knows no classes, so it has no {path[1]}", path)
    smoothing = number_text(own.smoothing, path) if own.smoothing else ""
    if smoothing and not 0 <= Rational(smoothing) < 1:
        raise ProblemError(f"smoothing is at least 0 and less than 1; found {smoothing}", path)
    weights = tuple(
        number_text(text, ("loss", "class_weights", place))
        for place, text in enumerate(own.class_weights)
    )
    if weights:
        _check_class_weights(own, weights, layers[-1].units)
    return replace(own, smoothing=smoothing, class_weights=weights)


def _check_class_weights(loss: Loss, weights: Sequence[str], units: int) -> None:
    """Whether there is a weight for each class, and none below 0."""
    found = f"found {len(weights)}"
    if loss.classes == "two" and len(weights) != 2:
        message = f"{loss.name} has two class_weights: of the answer 0 and of 1; {found}"
        raise ProblemError(message, ("loss", "class_weights"))
    if loss.classes == "outputs" and units and len(weights) != units:
        message = f"the last layer has {counted(units, 'unit')}, so there {_are(units)}; {found}"
        raise ProblemError(message, ("loss", "class_weights"))
    for place, text in enumerate(weights):
        if Rational(text) < 0:
            raise ProblemError(
                f"the weight of a class is not below 0; found {text}",
                ("loss", "class_weights", place),
            )


def _are(units: int) -> str:
    return "is 1 class weight" if units == 1 else f"are {units} class weights"


def _as_rows(targets: Sequence[Sequence[str]], samples: int) -> str:
    """How one list of a number for each sample is written, if that was meant."""
    if len(targets) != 1 or len(targets[0]) != samples or samples == 1:
        return ""
    rows = ", ".join(f"[{number}]" for number in targets[0][:3])
    more = ", ..." if samples > 3 else ""
    return f"; a batch has one row for each sample: [{rows}{more}]"


def check_batch(batch: str | Sequence[Sequence[int]], samples: int) -> None:
    """Check that a batch names samples that there are, each once.

    Raises:
        ProblemError: for the first part that does not.
    """
    if isinstance(batch, str):
        if batch not in ("full", "online"):
            raise ProblemError("batch is full, online, or lists of sample numbers", ("batch",))
        return
    for place, part in enumerate(batch):
        for sample in part:
            if not isinstance(sample, int) or not 1 <= sample <= samples:
                raise ProblemError(
                    f"there is no sample {sample}; samples count from 1 to {samples}",
                    ("batch", place),
                )
        if not part or len(set(part)) != len(part):
            raise ProblemError("a batch names each of its samples once", ("batch", place))
    if not batch:
        raise ProblemError("batch names no samples", ("batch",))
