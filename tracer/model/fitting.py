"""Whether the parts of a layer network fit together: layers, inputs, targets, batches.

Takes the parts of a problem as it is made; what does not fit is told in words, with the path
of what is to be changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracer.errors import ProblemError
from tracer.model.arrays import counted
from tracer.model.dense import Dense, check_weights


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
