"""The problem file's fields: one table for the reader and for the JSON Schema.

Each `Field` says its name, what may stand there (a *kind*), what it means and what
holds without it.  `reading` reads a file against this table (unknown keys, wrong
words, texts that are no numbers), `schema` publishes it for editors.

pydantic could do both and is deliberately not used: to import it costs most of the
time that a whole small problem may take.
"""

from __future__ import annotations

from tracer.files.kinds import Array, Either, Field, ListOf, Named, Switch, Table, Text, Whole, Word
from tracer.files.layer_fields import FORMULA, LAYER, SETTING
from tracer.files.learning_fields import CLIP, OPTIMIZER, REGULARIZER, SCHEDULE
from tracer.files.loss_fields import LOSS_OR_QUANTITY, REDUCTION, REPORT
from tracer.files.marking import MARKING
from tracer.files.rounding_fields import CONVENTIONS, ROUNDING, STEPS
from tracer.formula.keys import NAME

KEY = Text("the key of a quantity, such as w1[1,1]")

PROBLEM = Table(
    (
        Field("format", Whole(1, 1), "Version of this format.", 1),
        Field("name", Text("a title"), "Title of the problem."),
        Field(
            "inputs",
            Array(1, 4, "numbers"),
            "One sample, or a list of rows: one row a sample; of a sequence a list of time steps, "
            "of an image its rows.",
        ),
        Field(
            "features",
            ListOf(Text("a name"), "a list of names"),
            "Names of the inputs, for their subscripts: at most 24 letters each.",
        ),
        Field("targets", Array(1, 3, "numbers"), "What the outputs should be; rows like inputs."),
        Field("layers", ListOf(LAYER, "a list of layers"), "The layers, first to last."),
        Field(
            "given",
            Named(Array(0, 2, "a number, a list of numbers or rows of numbers"), "named arrays"),
            "The arrays that an equation network starts from.",
        ),
        Field(
            "equations",
            ListOf(FORMULA, "a list of equations"),
            "A network as equations 'name = formula' in NumPy-like writing; indices from 1.",
        ),
        Field(
            "loss",
            LOSS_OR_QUANTITY,
            "What is differentiated: a known loss, your own formula in y and a, or (for "
            "equations) the name of a scalar quantity.",
        ),
        Field(
            "upstream",
            Named(Array(0, 2, "a number, a list of numbers or rows of numbers"), "named arrays"),
            "Gradients that come from above, instead of a loss.",
        ),
        Field(
            "learn",
            ListOf(Text("a name", NAME), "a list of names", least=0),
            "The given arrays to update.",
        ),
        Field(
            "reduction",
            REDUCTION,
            "How the losses of a batch become one.",
            "sum",
        ),
        Field(
            "report",
            Named(REPORT, "named losses {MSE: {loss: mean_squared_error, reduction: mean}}"),
            "Further losses, never differentiated: {MSE: {loss: mean_squared_error}}.",
        ),
        Field("optimizer", OPTIMIZER, "How parameters are updated, with its settings."),
        Field("schedule", SCHEDULE, "How the learning rate changes from update to update."),
        Field("clip", CLIP, "Gradients are cut off before the update, by value or by norm."),
        Field("regularizer", REGULARIZER, "A penalty on the weights, added to the loss."),
        Field(
            "freeze",
            ListOf(KEY, "a list of biases, weights or quoted keys", least=0),
            'Parameters that are not updated: biases, weights, or quoted keys like "w1[1,1]".',
        ),
        Field("updates", Whole(0, 1_000_000), "How many updates to trace.", 1),
        Field("made", Whole(0, 10**9), "Updates that were made before the first of these.", 0),
        Field(
            "states",
            Named(SETTING, "numbers by key", pattern=r"\S.*"),
            'The optimizer\'s memory before the first update, e.g. {"velocity.w1[1,1]": 0.1}.',
        ),
        Field(
            "batch",
            Either(
                (
                    Word(("full", "online"), "kind of batch"),
                    ListOf(
                        ListOf(Whole(1, 1_000_000, "a sample's number"), "a list of samples"),
                        "lists of sample numbers",
                    ),
                ),
                "a batch is full, online, or lists of sample numbers",
            ),
            "full, online (one sample after another), or lists of samples: one update each.",
            "full",
        ),
        Field(
            "rounding",
            ROUNDING,
            "To how many figures or places, when, and how ties fall.",
        ),
        Field(
            "steps",
            STEPS,
            "What is a line of its own (and so rounded), what stands inside another.",
        ),
        Field("notation", Text("the name of a notation"), "Whose letters to print.", "nielsen"),
        Field(
            "conventions",
            CONVENTIONS,
            "Choices that change lines and digits; defaults come with the notation.",
        ),
        Field(
            "names",
            Named(KEY, "the author's own names", pattern=r"\S.*"),
            "The author's own names of quantities, accepted in answer sheets.",
        ),
        Field("letters", Switch((True, False)), "Print the formulas alone, no numbers.", False),
        Field("marking", MARKING, "What answers are worth when a sheet is checked."),
    ),
    "a problem",
)
"""The whole problem file."""
