"""What an entry of ``layers`` may hold, type by type: dense as written here, the others as
their table in the calculus room says.

Read by `fields`, which is the table of the whole problem file.
"""

from __future__ import annotations

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.drawing import GENERATORS
from tracer.calculus.initializers import INITIALIZERS
from tracer.calculus.layers import LAYERS, LayerType
from tracer.calculus.layers.kinds import Setting
from tracer.calculus.ranges import INITIALIZER
from tracer.files.kinds import (
    Array,
    ByType,
    Either,
    Field,
    Kind,
    ListOf,
    Number,
    Switch,
    Table,
    Text,
    Whole,
    Word,
)
from tracer.formula.keys import NAME
from tracer.model.ranges import Range

INITIALIZER_SETTINGS = {
    setting: [i.name for i in INITIALIZERS.values() if setting in i.settings]
    for setting in dict.fromkeys(name for i in INITIALIZERS.values() for name in i.settings)
}
FORMULA = Text("a formula")
SETTING = Number("a number")


def setting(name: str, within: Range | None) -> Number:
    """What may stand as a number that is set: any, or one within a range."""
    return SETTING if within is None else Number("a number", name, within)


ACTIVATION = Either(
    (
        Word(tuple(ACTIVATIONS), "activation"),
        Table(
            (
                Field("name", Text("a name", NAME), "Name of the function.", required=True),
                Field("formula", FORMULA, "Your own function of z, e.g. z*sigmoid(z)."),
            ),
            "an activation",
            rest=SETTING,
        ),
    ),
    "an activation is a name, {name: ..., formula: ...}, or a name with its settings",
)

DRAWN = Table(
    (
        Field("seed", Whole(0, 2**32 - 1, "a seed"), "The same seed draws the same numbers."),
        Field("init", Word(tuple(INITIALIZERS), "initializer"), "How.", "xavier_uniform"),
        Field("digits", Whole(0, 17), "Decimal places to round the drawn numbers to."),
        Field(
            "generator",
            Word(GENERATORS, "generator"),
            "current: numpy.random.default_rng; legacy: numpy.random.seed.",
            "current",
        ),
        Field(
            "order",
            Word(("to,from", "from,to"), "order of a weight matrix"),
            "The order in which a matrix is drawn.",
            "to,from",
        ),
        *(
            Field(name, setting(name, INITIALIZER.get(name)), f"Of {' and '.join(users)}.")
            for name, users in INITIALIZER_SETTINGS.items()
        ),
    ),
    "numbers to draw, such as {seed: 7, init: xavier_uniform, digits: 2}",
)

_NAME = Text("a name of a layer", NAME)
_PLACE = (
    Field("name", _NAME, "What 'from' of other layers calls it; else its type and number."),
    Field(
        "from",
        Either((_NAME, ListOf(_NAME, "a list of layers")), "'from' is a layer or a list of layers"),
        "The layers that it takes from ('inputs': the inputs); else the one before.",
    ),
    Field(
        "combine",
        Word(("add", "concat"), "way to combine"),
        "How several layers that it takes from become one.",
        "add",
    ),
)

DENSE = Table(
    (
        Field("type", Word(("dense",), "layer type"), "The type of the layer.", "dense"),
        *_PLACE,
        Field("units", Whole(1, 100_000), "How many units; may be left out where weights tell."),
        Field("activation", ACTIVATION, "The activation function.", "sigmoid"),
        Field(
            "weights",
            Either(
                (
                    Array(2, 2, "rows of numbers, one row for each unit", sparse=True),
                    Word(("symbolic",), "way to give weights"),
                    DRAWN,
                ),
                "weights are rows of numbers, one row for each unit, symbolic, or drawn: "
                "{seed: 7, init: xavier_uniform, digits: 2}",
            ),
            "One row for each unit: shape (units, units of the layer before). "
            "A missing connection is '.' or null; symbolic: letters instead of numbers; "
            "or drawn from a seed: {seed: 7, init: xavier_uniform, digits: 2}.",
            required=True,
        ),
        Field(
            "biases",
            Either(
                (
                    Array(0, 1, "a list of numbers"),
                    Switch((False,)),
                    Word(("symbolic",), "way to give biases"),
                    DRAWN,
                ),
                "biases are a list of numbers, one number that the layer shares, or false for none",
            ),
            "One for each unit, one number that the whole layer shares, or false for none.",
            False,
        ),
    ),
    "a layer",
)

_PARAMETER = Either(
    (Array(0, 4, "numbers", even=True), DRAWN),
    "a parameter is numbers, or drawn: {seed: 7, init: xavier_uniform, digits: 2}",
)


def _setting(name: str, told: Setting) -> Kind:
    """What may stand as a layer's setting."""
    match told.kind:
        case "number":
            return setting(name, told.range)
        case "whole":
            return Whole(int(told.least), int(told.most))
        case "word":
            return Word(told.words, name)
        case "activation":
            single = tuple(one.name for one in ACTIVATIONS.values() if not one.vector)
            return Word(single, "activation of single units")
        case "switch":
            return Switch((True, False))
        case "name":
            return _NAME
        case "mask":
            seed = Field("seed", Whole(0, 2**32 - 1, "a seed"), "A seed.", required=True)
            drawn = Table((seed,), "a mask to draw, such as {seed: 7}")
            numbers = Array(1, 3, "numbers", even=True)
            return Either((numbers, drawn), "a mask is numbers, or {seed: 7}")
        case "pattern":
            return Array(1, 3, "numbers", even=True, hidden=True)
    return Array(1, 1, "a list of numbers")


def _typed(kind: LayerType) -> Table:
    """The fields of a layer of the layers table."""
    fields = [
        Field("type", Word((kind.name,), "layer type"), kind.about, required=True),
        *_PLACE,
    ]
    if kind.units:
        about = "How many units it has."
        if kind.told_by:
            about = f"How many units it has; {kind.told_by} tells it too."
        needed = not kind.told_by
        fields.append(Field("units", Whole(1, 100_000), about, required=needed))
    for name, told in kind.settings.items():
        needed = told.needed and told.default is None
        fields.append(Field(name, _setting(name, told), told.about, told.default, required=needed))
    fields += [Field(name, _PARAMETER, "Of its equations.") for name in kind.parameters]
    if kind.parameters:
        drawn = Either(
            (Word(("symbolic",), "way to give weights"), DRAWN),
            "weights of this layer are symbolic, or drawn: {seed: 7, init: xavier_uniform}; "
            "its parameters have names of their own",
        )
        fields.append(Field("weights", drawn, "How all parameters that are not given are drawn."))
    if kind.biases:
        fields.append(Field("biases", Switch((True, False)), "Whether there are biases.", True))
    return Table(tuple(fields), f"a layer of type {kind.name}")


LAYER = ByType(
    "type",
    {"dense": DENSE, **{name: _typed(kind) for name, kind in LAYERS.items()}},
    "dense",
    "a layer",
    "layer type",
)
"""An entry of ``layers``."""
