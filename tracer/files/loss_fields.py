"""What ``loss``, ``report`` and ``reduction`` of a problem file may hold.

Read by `fields`, which is the table of the whole problem file.
"""

from __future__ import annotations

from tracer.calculus.losses import LOSSES
from tracer.files.kinds import Either, Field, Table, Text, Word
from tracer.files.layer_fields import FORMULA
from tracer.formula.keys import NAME

REDUCTION_WORD = Word(("sum", "mean"), "reduction")

LOSS_TABLE = Table(
    (
        Field("name", Text("a name", NAME), "Name of the loss.", required=True),
        Field("formula", FORMULA, "Share of one output, in y (target) and a (output)."),
        Field("over_outputs", REDUCTION_WORD, "Over a sample's outputs.", "sum"),
    ),
    "a loss",
)
LOSS = Either(
    (Word(tuple(LOSSES), "loss"), LOSS_TABLE),
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
        REDUCTION_WORD,
        Table(
            (
                Field(
                    "batch",
                    REDUCTION_WORD,
                    "Over the batch.",
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
