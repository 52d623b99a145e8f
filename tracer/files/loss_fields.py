"""What ``loss``, ``report`` and ``reduction`` of a problem file may hold.

Read by `fields`, which is the table of the whole problem file.
"""

from __future__ import annotations

from tracer.calculus.losses import LOSSES
from tracer.files.kinds import Array, Either, Field, Table, Text, Word
from tracer.files.layer_fields import FORMULA, SETTING
from tracer.formula.keys import NAME

REDUCTION_WORD = Word(("sum", "mean"), "reduction")
OVER_BATCH = Word(("sum", "mean", "weighted"), "reduction")

_NAMED = (
    Field("name", Text("a name", NAME), "Name of the loss.", required=True),
    Field("formula", FORMULA, "Share of one output, in y (target) and a (output)."),
    Field("over_outputs", REDUCTION_WORD, "Over a sample's outputs: sum, or mean."),
)
LOSS_TABLE = Table(
    (
        *_NAMED,
        Field(
            "smoothing",
            SETTING,
            "Label smoothing: what share of each target is spread evenly over the classes.",
            "0",
        ),
        Field(
            "class_weights",
            Array(1, 1, "a number for each class"),
            "How much each class counts: a number for each output; of binary_cross_entropy two, "
            "for the answers 0 and 1.",
        ),
    ),
    "a loss",
)
LOSS = Either(
    (Word(tuple(LOSSES), "loss"), Table(_NAMED, "a loss")),
    "a loss is a name or {name: ..., formula: ...}",
)

LOSS_OR_QUANTITY = Either(
    (
        Word(tuple(LOSSES), "loss"),
        Text("a quantity of the equations", NAME),
        LOSS_TABLE,
    ),
    "a loss is a name, {name: ..., formula: ...}, or a quantity of the equations",
)

REPORT = Table(
    (
        Field("loss", LOSS, "The loss that is printed.", required=True),
        Field("reduction", REDUCTION_WORD, "Over the batch.", "sum"),
    ),
    "a report {loss: mean_squared_error, reduction: mean}",
)

REDUCTION = Either(
    (
        OVER_BATCH,
        Table(
            (
                Field(
                    "batch",
                    OVER_BATCH,
                    "Over the batch: sum, mean, or the mean weighted by class_weights.",
                    "sum",
                ),
                Field(
                    "written",
                    Word(("delta", "gradient"), "place of the 1/m"),
                    "Where the 1/m of a mean is written.",
                    "gradient",
                ),
                Field("time", REDUCTION_WORD, "Over the time steps.", "sum"),
            ),
            "a reduction",
        ),
    ),
    "a reduction is sum, mean, or {batch: mean, written: delta}",
)
