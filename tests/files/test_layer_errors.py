"""What does not fit in a network of layers of several types is told at its place, in words."""

from __future__ import annotations

import re

import pytest

from tracer.errors import FileError, ProblemError
from tracer.files.problem import load_text
from tracer.model.layer import Layer

D = "{name: left, weights: [[1, 2], [3, 4]]}"
UNITS, STEPS, IMAGE = "[1, 2]", "[[1, 2], [3, 4]]", "[[1, 2], [3, 4]]"


def errors(inputs: str, targets: str, *layers: str) -> list[tuple[int, int, str]]:
    """Line, column and message of every error."""
    text = "\n".join(
        [
            f"inputs: {inputs}",
            f"targets: {targets}",
            "layers:",
            *(f"  - {layer}" for layer in layers),
            "loss: half_squared_error",
            "optimizer: {gradient_descent: {rate: 0.1}}",
        ]
    )
    with pytest.raises(FileError) as caught:
        load_text(text, "p.yaml")
    told = re.findall(r"^p\.yaml:(\d+):(\d+): (.*)$", str(caught.value), re.MULTILINE)
    assert str(caught.value).count("^") >= len(told)
    return [(int(line), int(column), message) for line, column, message in told]


@pytest.mark.parametrize(
    ("inputs", "targets", "layers", "expected"),
    [
        pytest.param(
            UNITS, "[1]", ["{type: lstmm, units: 2, weights: {seed: 1}}"],
            (4, 12, "unknown layer type 'lstmm'; did you mean 'lstm'?"),
            id="unknown type",
        ),
        pytest.param(
            STEPS, "[[1], [1]]", ["{type: elman, units: 1, activation: tanhh, weights: {seed: 1}}"],
            (4, 41, "unknown activation of single units 'tanhh'; did you mean 'tanh'?"),
            id="unknown activation",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{type: activation, function: softmax}"],
            (5, 34, "unknown activation of single units 'softmax'"),
            id="an activation of all units",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{type: layer_norm, epsilom: 0.1}"],
            (5, 24, "unknown key 'epsilom'; did you mean 'epsilon'?"),
            id="unknown setting",
        ),
        pytest.param(
            STEPS, "[[1, 1], [1, 1]]", ["{type: lstm, units: 2, return: end, weights: {seed: 1}}"],
            (4, 36, "unknown return 'end'; known are all, last"),
            id="unknown word",
        ),
        pytest.param(
            STEPS, "[[1, 1], [1, 1]]", ["{type: lstm, units: 2, truncate: 0, weights: {seed: 1}}"],
            (4, 38, "a whole number from 1 to 1,000,000 is wanted here; found '0'"),
            id="a bound",
        ),
        pytest.param(
            STEPS, "[[1, 1], [1, 1]]", ["{type: lstm, weights: {seed: 1}}"],
            (4, 5, "'units' is missing in a layer of type lstm"),
            id="no units",
        ),
        pytest.param(
            STEPS, "[[1, 1], [1, 1]]", ["{type: lstm, units: 2}"],
            (4, 5, "lstm needs Wi, Ui, Wf, Uf, Wo, Uo, Wg, Ug (each 2 rows of 2 numbers) and "
                   "bi, bf, bo, bg (each 2 numbers); or draw all its numbers: weights: {seed: 7}"),
            id="no numbers",
        ),
        pytest.param(
            STEPS, "[[1], [1]]",
            ["{type: lstm, units: 1, weights: {seed: 1}, Wi: [[1, 2, 3]]}"],
            (4, 52, "Wi of this lstm needs 1 row of 2 numbers; found 1 row of 3 numbers"),
            id="a parameter's shape",
        ),
        pytest.param(
            UNITS, "[1, 2]",
            ["{type: elman, units: 2, weights: {seed: 1}}", "{type: conv, K: [1]}"],
            (5, 12, "conv takes an image; what comes in is a sequence of 2 steps of 2 numbers"),
            id="a sequence into a convolution",
        ),
        pytest.param(
            IMAGE, "[1, 0]", ["{type: conv, K: [[1, 2, 3], [1, 2, 3], [1, 2, 3]], b: 0}"],
            (4, 5, "the kernel (3, 3) is larger than its input (2, 2)"),
            id="a kernel larger than its input",
        ),
        pytest.param(
            IMAGE, "[1, 0]",
            ["{type: conv, size: 2, weights: {seed: 3}}", "{type: max_pool, size: 3}"],
            (5, 5, "the pool of 3 is larger than its input (1, 1)"),
            id="a pool larger than its input",
        ),
        pytest.param(
            IMAGE, "[1, 0]", ["{type: conv, size: 2, weights: {seed: 3}}"],
            (4, 3, "the last layer gives 1 channel of 1 x 1; flatten them for the loss"),
            id="an image as output",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{type: dropout, rate: 0.5, mask: [1, 0, 1]}"],
            (5, 38, "what comes in is 2 units, so the mask needs 2 numbers; found 3 numbers"),
            id="a mask of the wrong size",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{type: dropout, rate: 1.5, mask: [1, 0]}"],
            (5, 27, "rate lies between 0 and 0.999; found 1.5"),
            id="a rate",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{type: dropout, rate: 0.5}"],
            (5, 5, "dropout needs its mask: numbers, or drawn: mask: {seed: 7}"),
            id="no mask",
        ),
        pytest.param(
            UNITS, "[1, 2]",
            ["{name: a, from: b, weights: [[1, 2], [3, 4]]}",
             "{name: b, from: a, weights: [[1, 2], [3, 4]]}", D],
            (4, 21, "layers take from each other in a circle: a takes from b takes from a"),
            id="a circle",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{type: residual, from: lift}"],
            (5, 28, "there is no layer 'lift' to take from; did you mean 'left'?"),
            id="an unknown source",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, D, "{type: residual, from: left}"],
            (5, 12, "two layers are called 'left'"),
            id="a name twice",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{weights: [[1, 2], [3, 4], [5, 6]]}",
                              "{type: residual, from: left}"],
            (6, 28, "only equal shapes are added; found 3 units and 2 units"),
            id="a sum of different shapes",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{from: inputs, weights: [[1, 2], [3, 4]]}"],
            (4, 5, "no layer takes from left: what it gives does not reach the output, "
                   "which is the last layer"),
            id="a loose end",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{type: batch_norm}"],
            (5, 5, "batch_norm in training needs several samples; one sample has no variance"),
            id="a batch of one",
        ),
        pytest.param(
            "[[1, 2], [3, 4]]", "[[1, 2], [3, 4]]",
            [D, "{type: batch_norm, mode: test, running_mean: [1]}"],
            (5, 50, "running_mean needs one number for each of 2 units; found 1"),
            id="a running mean",
        ),
        pytest.param(
            STEPS, STEPS, ["{type: attention, heads: 3, weights: {seed: 1}}"],
            (4, 30, "3 heads cannot share a width of 2 evenly"),
            id="heads",
        ),
        pytest.param(
            STEPS, STEPS, ["{type: attention, weights: {seed: 1}, mask: [[1, 0, 1], [1, 1, 0]]}"],
            (4, 49, "what comes in is a sequence of 2 steps of 2 numbers, so the mask needs "
                    "2 rows of 2 numbers; found 2 rows of 3 numbers"),
            id="a mask of attention",
        ),
        pytest.param(
            STEPS, STEPS, ["{type: attention, weights: {seed: 1}, padding: [1, 2]}"],
            (4, 56, "a mask holds 1 for what is seen and 0 for what is not; found 2"),
            id="an entry of a mask",
        ),
        pytest.param(
            STEPS, STEPS,
            ["{type: attention, weights: {seed: 1}, mask: [[0, 0, 0], [0, -inf, 1], [0, 0, 0]]}"],
            (4, 71, "a mask holds 0 for what is seen and -inf for what is not; found 1"),
            id="two kinds of masks",
        ),
        pytest.param(
            STEPS, STEPS,
            ["{type: attention, causal: true, weights: {seed: 1}, padding: [0, 1]}"],
            (4, 66, "token 1 sees no token at all"),
            id="a token that sees nothing",
        ),
        pytest.param(
            "[[1, 2], [3]]", STEPS, ["{type: attention, weights: {seed: 1}}"],
            (1, 9, "sample 1: the parts of a list have one length, at least 1"),
            id="ragged steps",
        ),
        pytest.param(
            STEPS, "[1, 3, 4]",
            ["{type: lstm, units: 2, return: last, weights: {seed: 1}}"],
            (2, 10, "the output is 2 units, so each sample needs targets of that shape"),
            id="targets",
        ),
        pytest.param(
            STEPS, "[1, 3, 4]",
            ["{type: lstm, units: 2, return: last, weights: {seed: 1}}",
             "{units: 3, weights: [[1, 2, 3]]}"],
            (5, 25, "layer 2 has 3 units and what comes in has 2, so its weights need 3 rows of 2; "
                    "found 1 row of 3"),
            id="a dense layer behind",
        ),
        pytest.param(
            "[[1, 4]]", "[[1, 3], [4, 5]]",
            ["{type: embedding, units: 2, rows: 3, weights: {seed: 1}}"],
            (1, 14, "an input of this embedding is the number of one of its 3 rows, from 1; "
                    "found 4"),
            id="a row that is not there",
        ),
        pytest.param(
            UNITS, "[1, 2]", [D, "{type: tied, to: lift, b: [1, 2]}"],
            (5, 22, "there is no dense layer 'lift' before this one; did you mean 'left'?"),
            id="tied to nothing",
        ),
    ],
)  # fmt: skip
def test_each_at_its_place(
    inputs: str, targets: str, layers: list[str], expected: tuple[int, int, str]
) -> None:
    """One error in the file gives one message, at its line and column."""
    assert errors(inputs, targets, *layers) == [expected]


@pytest.mark.parametrize("weights", ["symbolic", "{seed: 7}"])
def test_a_layer_that_fits_into_no_memory(weights: str) -> None:
    """A few words that ask for ten thousand million numbers are refused before any is made."""
    layer = f"{{type: lstm, units: 100000, weights: {weights}}}"
    assert errors(STEPS, "[[1], [1]]", layer) == [
        (4, 5, "Ui of this lstm would have 10,000,000,000 numbers; an array has at most 1,000,000")
    ]


def test_errors_of_several_layers_come_together() -> None:
    """Settings that cannot be read are told layer by layer, all at once."""
    found = errors(
        STEPS, "[1, 2]", "{type: lstm, units: 2, retrun: last, weights: {seed: 1}}", "{type: drop}"
    )
    assert [message for _, _, message in found] == [
        "unknown key 'retrun'; did you mean 'return'?",
        "unknown layer type 'drop'; did you mean 'dropout'?",
    ]


def test_an_unknown_type_hides_nothing_before_it() -> None:
    """The layers before one of an unknown type are looked at; those behind it, as far as they
    do not depend on it."""
    wide = "{type: elman, units: 2, W: [[1]], U: [[1, 1], [1, 1]], b: [0, 0]}"
    found = errors(STEPS, "[1]", wide, "{type: lstmm, units: 2}", "{activaton: tanh, units: 1}")
    assert [message.split(";")[0] for *_, message in found] == [
        "W of this elman needs 2 rows of 2 numbers",
        "unknown layer type 'lstmm'",
        "'weights' is missing in a layer",
        "unknown key 'activaton'",
    ]


LSTM = """{type: lstm, units: 3, return: last,
     Wi: [[1, 1], [1, 1]], Wf: [[1, 1], [1, 1]], Wo: [[1, 1], [1, 1]], Wg: [[1, 1], [1, 1]],
     Ui: [[1, 1], [1, 1]], Uf: [[1, 1], [1, 1]], Uo: [[1, 1], [1, 1]], Ug: [[1, 1], [1, 1]],
     bi: [1, 1, 1], bf: [1, 1], bo: [1, 1], bg: [1, 1]}"""
DENSE_OF_TWO = "{units: 1, weights: [[1, 2]], biases: [0]}"


def test_every_array_of_every_layer_at_once() -> None:
    """A layer of 3 units with arrays for 2: each array that is wrong, and the layer behind."""
    found = errors(STEPS, "[1]", LSTM, DENSE_OF_TWO)
    wrong = [message.split(" of this lstm needs ")[0] for _, _, message in found[:-1]]
    assert wrong == ["Wi", "Wf", "Wo", "Wg", "Ui", "Uf", "Uo", "Ug", "bf", "bo", "bg"]
    assert found[0][2] == "Wi of this lstm needs 3 rows of 2 numbers; found 2 rows of 2 numbers"
    assert found[-1] == (
        8, 25, "layer 2 has 1 unit and what comes in has 3, so its weights need 1 row of 3; "
               "found 1 row of 2",
    )  # fmt: skip


def test_names_and_shapes_in_one_round() -> None:
    """A misspelt parameter is not missed as well; the other arrays are looked at all the same,
    and what nobody can know (what a misspelt setting gives) is not guessed."""
    elman = "{type: elman, units: 2, Ww: [[1, 1], [1, 1]], U: [[1, 1]], b: [0, 0], retrun: last}"
    assert errors(STEPS, "[1]", elman, "{units: 1, weights: [[1, 2, 3]]}") == [
        (4, 29, "unknown key 'Ww'; did you mean 'W'?"),
        (4, 54, "U of this elman needs 2 rows of 2 numbers; found 1 row of 2 numbers"),
        (4, 75, "unknown key 'retrun'; did you mean 'return'?"),
    ]


def test_missing_arrays_are_told_together() -> None:
    """One sentence names them all, by their shapes, beside an array that is wrong."""
    elman = "{type: elman, units: 2, return: last, b: [0]}"
    assert [message for *_, message in errors(STEPS, "[1]", elman, DENSE_OF_TWO)] == [
        "elman needs W, U (each 2 rows of 2 numbers); or draw all its numbers: weights: {seed: 7}",
        "b of this elman needs 2 numbers; found 1 number",
    ]


@pytest.mark.parametrize(
    ("inputs", "layer", "expected"),
    [
        pytest.param(
            STEPS,
            "{type: elman, units: 2, W: [[1, 1], [1, 1, 1]], U: [[1, 1], [1, 1]], b: [0, 0]}",
            (4, 41, "row 2 has 3 numbers, row 1 has 2"),
            id="a parameter",
        ),
        pytest.param(
            "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]",
            "{type: conv, K: [[0.5, -0.2, 1], [0.1, 0.3]]}",
            (4, 38, "row 2 has 2 numbers, row 1 has 3"),
            id="a kernel",
        ),
        pytest.param(
            "[[1, 2]]", "{type: embedding, E: [[1, 2], [3]]}",
            (4, 35, "row 2 has 1 number, row 1 has 2"),
            id="a table of rows",
        ),
        pytest.param(
            UNITS, "{type: maxout, units: 1, W: [[[1, [2]]], [[1, 2]]], b: [[0], [0]]}",
            (4, 39, "a number is wanted here like before; found a list"),
            id="an entry in a list",
        ),
        pytest.param(
            UNITS, "{type: maxout, units: 1, W: [[[1, 2]], [[[1], [2]]]], b: [[0], [0]]}",
            (4, 44, "row 2 has 1 times 2 rows of 1 number, row 1 has 1 row of 2 numbers"),
            id="deeper",
        ),
        pytest.param(
            STEPS, "{type: lstm, units: 2, initial_h: [1], weights: {seed: 1}}",
            (4, 39, "initial_h needs 2 numbers; found 1 number"),
            id="a state before the first step",
        ),
        pytest.param(
            STEPS, "{type: lstm, units: 2, initial_c: [1, 2, 3], weights: symbolic}",
            (4, 39, "initial_c needs 2 numbers; found 3 numbers"),
            id="a state beside letters",
        ),
        pytest.param(
            STEPS, "{type: lstm, units: 2, initial_c: [[1], [2, 3]], weights: {seed: 1}}",
            (4, 40, "a number is wanted here; found a list"),
            id="rows as a state",
        ),
        pytest.param(
            UNITS, "{type: dropout, rate: 0.5, mask: [[1, 0], [1]]}",
            (4, 47, "row 2 has 1 number, row 1 has 2"),
            id="a mask",
        ),
        pytest.param(
            UNITS, "{type: dropout, rate: 0.5, mask: {}}",
            (4, 38, "'seed' is missing in a mask to draw, such as {seed: 7}"),
            id="a mask without its seed",
        ),
        pytest.param(
            UNITS, "{type: dropout, rate: 0.5, mask: [1, 3]}",
            (4, 42, "a mask holds 1 for what stays and 0 for what is off; found 3"),
            id="a mask of something else",
        ),
        pytest.param(
            UNITS, "{type: dropout, rate: 0.3, mask: [0, 1.43]}",
            (4, 42, "a mask holds 1 for what stays and 0 for what is off; found 1.43; "
                    "1/(1 - rate) is multiplied already, unless inverted: false"),
            id="a mask that would scale twice",
        ),
        pytest.param(
            UNITS, "{type: dropout, rate: 0.3, inverted: false, mask: [0, 1.44]}",
            (4, 59, "a mask holds 1 for what stays and 0 for what is off; found 1.44"),
            id="a mask that is scaled wrongly",
        ),
    ],
)  # fmt: skip
def test_uneven_arrays(inputs: str, layer: str, expected: tuple[int, int, str]) -> None:
    """Rows of unequal length, and numbers nested unequally, are told where they stand, alone."""
    assert errors(inputs, "[1]", layer, "{type: flatten}", DENSE_OF_TWO)[:1] == [expected]


def test_a_mask_may_be_scaled_where_nothing_else_scales() -> None:
    """1/(1 - rate), exact or rounded, is a mask's where the layer does not scale by itself."""
    text = "inputs: [1, 2]\nlayers:\n  - {type: dropout, rate: 0.3, inverted: false, mask: [MASK]}"
    for mask in ("0, 1.43", "10/7, 1.428571", "1, 0"):
        load_text(text.replace("MASK", mask))


def test_python_hears_the_same() -> None:
    """Arrays that are given in Python are refused in the same words."""
    with pytest.raises(ProblemError, match="row 2 has 1 number, row 1 has 2"):
        Layer("conv", parameters={"K": [["1", "2"], ["3"]]})
    with pytest.raises(ProblemError, match="there are no numbers here"):
        Layer("conv", parameters={"K": [[], ["3"]]})


def test_an_embedding_is_as_wide_as_its_rows() -> None:
    """E tells how many units an embedding has; without it they have to be said."""
    text = "inputs: [[2, 1]]\ntargets: [[[1, 2, 3], [4, 5, 6]]]\nlayers:\n" + "  - {LAYER}\n"
    text += "loss: half_squared_error\noptimizer: {gradient_descent: {rate: 0.1}}\n"
    given = text.replace("LAYER", "type: embedding, E: [[1, 2, 3], [4, 5, 6]]")
    assert load_text(given).layers[0].units == 3
    with pytest.raises(FileError, match="'units' is missing here"):
        load_text(text.replace("LAYER", "type: embedding, rows: 2, weights: {seed: 1}"))
