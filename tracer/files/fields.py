"""The problem file's fields: one table for the reader and for the JSON Schema.

Each `Field` says its name, what may stand there (a *kind*), what it means and what
holds without it.  `reading` reads a file against this table (unknown keys, wrong
words, texts that are no numbers), `schema` publishes it for editors.

pydantic could do both and is deliberately not used: to import it costs most of the
time that a whole small problem may take.
"""

from __future__ import annotations

from tracer.calculus.losses import LOSSES
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.regularizers import REGULARIZERS
from tracer.calculus.schedules import SCHEDULES
from tracer.files.kinds import (
    Array,
    Either,
    Field,
    ListOf,
    Named,
    Switch,
    Table,
    Text,
    Whole,
    Word,
)
from tracer.files.layer_fields import FORMULA, LAYER, SETTING
from tracer.files.marking import MARKING
from tracer.formula.keys import NAME
from tracer.model.conventions import CHOICES, Conventions, Steps
from tracer.model.rounding import POLICIES, TIES

KEY = Text("the key of a quantity, such as w1[1,1]")
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

PRECISION = (
    Field("figures", Whole(1, 1000), "Significant figures.", 5),
    Field("places", Whole(0, 1000), "Decimal places."),
)
ROLE_PRECISION = Either(
    (Whole(0, 1000), Word(("exact",), "precision"), Table(PRECISION, "a precision")),
    "a precision is a whole number, {figures: n}, {places: n}, or exact",
)

REPORT = Table(
    (
        Field("loss", LOSS, "The loss that is printed.", required=True),
        Field("reduction", REDUCTION_WORD, "Over the batch.", "sum"),
    ),
    "a report",
)


def _choices(model: type, what: str, descriptions: dict[str, str]) -> Table:
    """A table of the choices that the model room declares."""
    return Table(
        tuple(
            Field(name, Word(words, f"choice for {name}"), descriptions[name])
            for name, words in CHOICES[model].items()
        ),
        what,
    )


OPTIMIZER = Table(
    tuple(
        Field(
            optimizer.name,
            Table(
                tuple(
                    Field(name, SETTING, f"Setting '{name}'.", default, required=default is None)
                    for name, default in optimizer.settings.items()
                ),
                f"the settings of {optimizer.name}",
            ),
            f"Update by {optimizer.name.replace('_', ' ')}.",
        )
        for optimizer in OPTIMIZERS.values()
    ),
    "an optimizer with its settings, such as {gradient_descent: {rate: 0.5}}",
    noun="optimizer",
)

REGULARIZER = Table(
    tuple(
        Field(
            regularizer.name,
            Table(
                (
                    Field("strength", SETTING, "The factor of the penalty.", required=True),
                    Field("biases", Switch((True, False)), "Whether biases count too.", False),
                ),
                f"the settings of {regularizer.name}",
            ),
            f"The penalty {regularizer.term} of each weight.",
        )
        for regularizer in REGULARIZERS.values()
    ),
    "a regularizer with its strength, such as {l2_half: {strength: 0.1}}",
    noun="regularizer",
)

SCHEDULE = Table(
    tuple(
        Field(
            schedule.name,
            Table(
                tuple(
                    Field(name, SETTING, f"Setting '{name}'.", default, required=default is None)
                    for name, default in schedule.settings.items()
                ),
                f"the settings of {schedule.name}",
            ),
            f"The rate {schedule.rate}.",
        )
        for schedule in SCHEDULES.values()
    ),
    "a schedule with its settings, such as {inverse_time: {decay: 0.1}}",
    noun="schedule",
)

CLIP = Table(
    (
        Field("value", SETTING, "Each gradient is kept between minus this and this."),
        Field("norm", SETTING, "All gradients are scaled down to this norm where it is more."),
    ),
    "a clipping, such as {norm: 1} or {value: 0.5}",
    noun="clipping",
)

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
        Field("features", ListOf(Text("a name"), "a list of names"), "Names of the inputs."),
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
            Either(
                (
                    Word(tuple(LOSSES), "loss"),
                    Text("a quantity of the equations", NAME),
                    LOSS_TABLE,
                ),
                "a loss is a name, {name: ..., formula: ...}, or a quantity of the equations",
            ),
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
            Either(
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
            ),
            "How the losses of a batch become one.",
            "sum",
        ),
        Field("report", Named(REPORT, "named losses"), "Further losses, never differentiated."),
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
            Table(
                (
                    *PRECISION,
                    Field("policy", Word(POLICIES, "rounding policy"), "When to round.", "carried"),
                    Field("ties", Word(TIES, "rule for ties"), "How 0.5 rounds.", "half_up"),
                    Field(
                        "roles",
                        Named(ROLE_PRECISION, "roles"),
                        "Precision of single roles, e.g. {z: exact, update: {places: 5}}.",
                    ),
                    Field("givens", Switch((True, False)), "Round given numbers too.", False),
                ),
                "a rounding",
            ),
            "To how many figures or places, when, and how ties fall.",
        ),
        Field(
            "steps",
            _choices(
                Steps,
                "the granularity of the steps",
                {
                    "da": "dL/da of each unit: a line of its own, or inside the delta's.",
                    "slope": "f'(z) of each unit: a line of its own, or inside the delta's.",
                    "gradient": "dL/dw: a line of its own, or inside the update's.",
                    "increment": "What the update adds: a line of its own, or inside it.",
                },
            ),
            "What is a line of its own (and so rounded), what stands inside another.",
        ),
        Field("notation", Text("the name of a notation"), "Whose letters to print.", "nielsen"),
        Field(
            "conventions",
            _choices(
                Conventions,
                "conventions",
                {
                    "delta": "dL/dz, or t-o: its negative, and the update adds.",
                    "factors": "Order of the factors in a delta's line.",
                    "shortcut": "When delta = a - y is written in one line.",
                },
            ),
            "Choices that change lines and digits; defaults come with the notation.",
        ),
        Field(
            "names",
            Named(KEY, "the author's own names", pattern=r"\S.*"),
            "The author's own names of quantities, accepted in answer sheets.",
        ),
        Field("marking", MARKING, "What answers are worth when a sheet is checked."),
    ),
    "a problem",
)
"""The whole problem file."""
