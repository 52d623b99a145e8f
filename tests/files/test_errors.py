"""Errors of problem files: all at once, each at its place, in words."""

from __future__ import annotations

import re

import pytest

from tracer.errors import FileError, ProblemError
from tracer.files.problem import load, load_text, read_text

GOOD = """\
inputs: [0.5, 0.8]
targets: [1]
layers:
  - {weights: [[0.1, 0.2], [0.3, 0.4]], biases: [0, 0]}
  - {weights: [[0.5, 0.6]], biases: [0]}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
"""
NETWORK = """\
given: {X: [1, 2], K: [3, 4]}
equations:
  - Y = X*K
  - L = sum(Y)
loss: L
learn: [K]
optimizer: {gradient_descent: {rate: 0.5}}
"""


def errors(text: str) -> list[tuple[int, int, str]]:
    """Line, column and message of every error in a text."""
    with pytest.raises(FileError) as caught:
        load_text(text, "p.yaml")
    told = re.findall(r"^p\.yaml:(\d+):(\d+): (.*)$", str(caught.value), re.MULTILINE)
    found = [(int(line), int(column), message) for line, column, message in told]
    assert found == list(caught.value.faults)
    return found


def test_the_frame_shows_line_and_caret() -> None:
    """An error looks as in a compiler: place, message, line, and a caret of its length."""
    with pytest.raises(FileError) as caught:
        load_text("inputs: [1]\nlayers:\n  - {activation: sigmod, weights: [[1]]}\n", "sheet3.yaml")
    assert str(caught.value) == (
        "sheet3.yaml:3:18: unknown activation 'sigmod'; did you mean 'sigmoid'?\n"
        "    3 |   - {activation: sigmod, weights: [[1]]}\n"
        "      |                  ^^^^^^"
    )


@pytest.mark.parametrize("weights", ["symbolic", "{seed: 7, init: xavier_uniform}"])
def test_a_layer_that_fits_into_no_memory(weights: str) -> None:
    """A few words that ask for ten thousand million weights are refused before any is made."""
    layer = f"{{units: 100000, weights: {weights}}}"
    with pytest.raises(FileError, match="at most 1,000,000 weights; 100000 units and 100000"):
        load_text(f"inputs: [1]\nlayers:\n  - {layer}\n  - {layer}\n", "large.yaml")


def test_all_errors_at_once() -> None:
    """One reading finds mistakes in keys, words, numbers and shapes."""
    found = errors(
        """\
inputs: [0.5, 0.8.1]
targets: [1]
layers:
  - {activaton: tanh, weights: [[0.1, 0.2], [0.3, 0.4]], biases: [0, 0]}
  - {activation: sigmod, weights: [[0.5, 0.6], [1, 2]], biases: [0]}
loss: half_squared_eror
optimizer: {gradient_descent: {}}
steps: {slope: inine}
"""
    )
    assert found == [
        (1, 15, "'0.8.1' is not a number"),
        (4, 6, "unknown key 'activaton'; did you mean 'activation'?"),
        (5, 18, "unknown activation 'sigmod'; did you mean 'sigmoid'?"),
        (5, 65, "layer 2: 2 units need 2 biases; found 1"),
        (6, 7, "unknown loss 'half_squared_eror'; did you mean 'half_squared_error'?"),
        (7, 31, "'rate' is missing in the settings of gradient_descent"),
        (8, 16, "unknown choice for slope 'inine'; did you mean 'inline'?"),
    ]


def test_unknown_names_of_several_equations_at_once() -> None:
    """Each equation's unknown names are told, behind an equation that cannot be read as well."""
    text = """\
given: {x: 2, weights: 4}
equations:
  - y = 1 - xx/2
  - p = log(yy) + foo
  - q = p + )
  - r = q + zz + weight
loss: L
"""
    assert [
        (line, column, message.split("'")[1 if "'" in message else 0])
        for line, column, message in errors(text)
    ] == [
        (3, 13, "xx"),
        (4, 13, "yy"),
        (4, 19, "foo"),
        (5, 13, "a bracket is closed that was not opened"),
        (6, 13, "zz"),
        (6, 18, "weight"),
        (7, 7, "L"),
    ]


def test_behind_an_equation_without_a_name_a_missing_name_proves_nothing() -> None:
    """Only what cannot be read is told: the name may be what it was to define."""
    text = "given: {x: 2}\nequations: [sum(x), L = 2*y]\n"
    assert [place[:2] for place in errors(text)] == [(2, 13)]


def test_errors_after_a_key_that_stands_twice() -> None:
    """A key that is repeated does not hide the other errors of the file."""
    text = """\
inputs: [1, 2]
inputs: [1, 2]
layers:
  - {weights: [[1, 2]], weights: [[1, 2]], activation: sigmod}
  - {weights: [[1, 2]]}
loss: half
targets: [1]
bogus: 1
optimizer: {gradient_descent: {rate: 0.5}}
"""
    found = [
        (line, column, re.split("[;,] (?!first)", message)[0])
        for line, column, message in errors(text)
    ]
    assert found == [
        (2, 1, "'inputs' stands twice, first in line 1"),
        (4, 25, "'weights' stands twice, first in line 4"),
        (4, 56, "unknown activation 'sigmod'"),
        (5, 15, "layer 2 has 1 unit and layer 1 has 1"),
        (6, 7, "unknown loss 'half'"),
        (8, 1, "unknown key 'bogus'"),
    ]


def test_all_shapes_at_once() -> None:
    """The shapes of several layers, of targets and of features are judged in one reading."""
    found = errors(
        """\
inputs: [0.5, 0.8]
features: [size]
targets: [1, 0]
layers:
  - {units: 2, weights: [[0.1, 0.2]], biases: false}
  - {units: 1, weights: [[0.5, 0.6], [0.7, 0.8]]}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
batch: [[1], [2]]
"""
    )
    assert found == [
        (2, 11, "there is one feature name for each input"),
        (3, 10, "the last layer has 1 unit, so each sample needs 1 target; found 2"),
        (
            *(5, 25),
            "layer 1 has 2 units and the inputs have 2, so its weights need 2 rows of 2; "
            "found 1 row of 2",
        ),
        (
            *(6, 25),
            "layer 2 has 1 unit and layer 1 has 2, so its weights need 1 row of 2; "
            "found 2 rows of 2",
        ),
        (9, 14, "there is no sample 2; samples count from 1 to 1"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("updates: -1", "8:10: a whole number from 0 to 1,000,000 is wanted here; found '-1'"),
        ("updates: 1.5", "8:10: a whole number from 0 to 1,000,000 is wanted here; found '1.5'"),
        ("updates:", "8:1: 'updates' has no value; write one or leave it out"),
        ("batch: half", "8:8: a batch is full, online, or lists of sample numbers; found 'half'"),
        ("learning_rate: 1", "8:1: unknown key 'learning_rate'"),
        ("format: 2", "8:9: a whole number 1 is wanted here; found '2'"),
        ("reduction: avg", "8:12: unknown reduction 'avg'; known are sum, mean"),
        ("freeze: biases", "8:9: a list of biases, weights or quoted keys is wanted here"),
        ('freeze: ["w1[1,3]"]', "8:10: unknown parameter 'w1[1,3]'; did you mean 'w1["),
        ("rounding: {figures: 0}", "8:21: a whole number from 1 to 1,000 is wanted here"),
        ("rounding: {figures: 3, places: 2}", "8:11: a precision is either figures"),
        ("rounding: {policy: cary}", "8:20: unknown rounding policy 'cary'"),
        ("rounding: {roles: {zz: exact}}", "8:20: unknown role 'zz'; did you mean 'z'?"),
        ("rounding: {roles: {z: 1.5}}", "8:23: a whole number from 0 to 1,000 is wanted here"),
        ("conventions: {delta: dL/da}", "8:22: unknown choice for delta 'dL/da'"),
        ("notation: mazr", "8:11: there is no notation 'mazr'; did you mean 'mazur'?"),
        ('names: {w: "w1[1"}', "8:12: 'w1[1' is not the name of a quantity"),
        (
            "report: {M: {loss: mse}}",
            "8:20: unknown loss 'mse'; did you mean 'mean_squared_error'?",
        ),
        ("given: {X: 1}", "8:1: 'given' goes with equations; this problem has layers"),
        ("equations: [a = 1]", "8:1: a problem has either layers or equations, not both"),
    ],
)
def test_one_wrong_line(line: str, message: str) -> None:
    """Each mistake has its place and its words."""
    with pytest.raises(FileError) as caught:
        load_text(GOOD + line + "\n", "p.yaml")
    assert str(caught.value).startswith(f"p.yaml:{message}")


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ("{units: 1, weights: {seed: 7, init: xavier}}", "unknown initializer 'xavier'"),
        ("{units: 1, weights: {init: he_normal}}", "he_normal needs a seed: the same seed draws"),
        ("{units: 1, weights: {seed: 1, init: constant}}", "constant needs its value"),
        ("{units: 1, weights: {seed: 1, low: 2}}", "xavier_uniform has no low"),
        ("{weights: {seed: 7}}", "'units' is missing here: only numbers would tell how many"),
        ("{weights: symbolic}", "'units' is missing here: only numbers would tell how many"),
        ("{units: 1}", "'weights' is missing in a layer"),
        ("{weights: [[., .]]}", "unit 1 of layer 1 has no connection"),
        ("{weights: [[1, 2], 3]}", "a row is wanted here like before; found '3'"),
        ("{weights: [[1, [2]]]}", "a number is wanted here like before; found a list"),
        ("{weights: [1, 2]}", "a row is wanted here; found '1'"),
        ("{weights: [[1, '1,5']]}", "'1,5' is not a number; did you mean 1.5?"),
        ("{weights: [[1, −2]]}", "'−2' is not a number; did you mean -2?"),
        ("{weights: [[1, 1/0]]}", "'1/0' divides by 0"),
        ("{weights: [[1, nan]]}", "'nan' is not a number"),
        ("{weights: [[1, 2]], biases: true}", "biases are a list of numbers, one number"),
        ("{weights: [[1, 2]], biases: [1, .]}", "'.' is not a number"),
        ("{weights: [[1, 2]], activation: {leak: 1}}", "'name' is missing in an activation"),
        (
            "{weights: [[1, 2]], activation: {name: tanh, leak: 1}}",
            "tanh has no settings",
        ),
        ("{weights: [[1, 2]], activation: {name: tnh}}", "unknown activation 'tnh'; did you mean"),
        ("sigmoid", "a layer is wanted here; found 'sigmoid'"),
    ],
)
def test_one_wrong_layer(layer: str, message: str) -> None:
    """Each mistake in a layer is told in words."""
    with pytest.raises(FileError) as caught:
        load_text(f"inputs: [1, 2]\nlayers: [{layer}]\n")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("X*K", "X*J", (3, 11, 1), "'J' is not given or defined before this line"),
        ("X*K", "X*Kk", (3, 11, 2), "did you mean 'K'?"),
        ("X*K", "X*L", (3, 11, 1), "'L' is not given or defined before this line"),
        ("sum(Y)", "sums(Y)", (4, 9, 4), "unknown function 'sums'; did you mean 'sum'?"),
        ("sum(Y)", "sum(Y", (4, 12, 1), "a bracket is not closed"),
        ("sum(Y)", "Y.real", (4, 10, 1), "the only attribute is .T"),
        ("sum(Y)", "__import__(Y)", (4, 9, 1), "underscore"),
        ("L = sum(Y)", "sum(Y)", (4, 5, 6), "an equation reads 'name = formula'"),
        ("L = sum(Y)", "Y = sum(Y)", (4, 5, 1), "'Y' is defined twice"),
        ("L = sum(Y)", "'L = sum(Z)'", (4, 14, 1), "'Z' is not given"),
        ("loss: L", "loss: M", (5, 7, 1), "unknown quantity of the equations 'M'; known are Y, L"),
        ("loss: L", "loss: {name: x}", (5, 7, 9), "the loss of equations is the name"),
        ("[K]", "[J]", (6, 9, 1), "unknown given quantity 'J'; known are K, X"),
        ("loss: L", "upstream: {Z: 1}", (5, 12, 1), "unknown quantity of the equations 'Z'"),
    ],
)
def test_equations_point_at_the_character(
    old: str, new: str, place: tuple[int, int, int], words: str
) -> None:
    """An error inside an equation has the column of the very name or sign."""
    with pytest.raises(FileError) as caught:
        load_text(NETWORK.replace(old, new), "p.yaml")
    line, column, length = place
    first, _, caret = str(caught.value).split("\n")[:3]
    assert first.startswith(f"p.yaml:{line}:{column}: ")
    assert words in first
    assert caret.strip("| ") == "^" * length


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("z*sigmoid(q)", "'q' has no meaning here; the formula may use z"),
        ("z*sigmid(z)", "unknown function 'sigmid'; did you mean 'sigmoid'?"),
        ("z @ z", "this has no meaning in a formula"),
        ("z.real", "'z.real' has no meaning here"),
        ("eval(z)", "unknown function 'eval'"),
        ("z if z else 1", "an operator is missing"),
        ("(lambda: z)()", ""),
    ],
)
def test_own_formulas_are_read_at_once(formula: str, words: str) -> None:
    """A user's activation may use z, its settings and the known functions, nothing else."""
    text = GOOD.replace("biases: [0]", f'activation: {{name: own, formula: "{formula}"}}')
    with pytest.raises(FileError) as caught:
        load_text(text)
    assert ":5:" in str(caught.value).split("\n")[0]
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", "a problem file holds 'key: value' lines"),
        ("name: x", "a problem needs 'layers'"),
        ("layers: [{weights: [[1]]}]", "layers need 'inputs'"),
        (GOOD.replace("loss: half_squared_error\n", ""), "'targets' goes with 'loss'"),
        (GOOD.replace("targets: [1]\n", ""), "'loss' goes with 'targets'"),
        (GOOD.replace("optimizer", "#"), "to learn, a problem needs an optimizer"),
        (GOOD.replace("gradient_descent", "newton"), "unknown optimizer 'newton'"),
        (GOOD.replace("gradient_descent", "sgd"), "did you mean 'gradient_descent'?"),
    ],
)
def test_what_is_missing(text: str, words: str) -> None:
    """A problem that lacks something is told what."""
    with pytest.raises(FileError) as caught:
        load_text(text)
    assert words in str(caught.value)


def test_two_functions_of_one_name() -> None:
    """A name has one meaning in a problem, and known names keep theirs."""
    own = "activation: {name: f, formula: %s}"
    text = GOOD.replace("biases: [0, 0]", own % "z").replace("biases: [0]", own % "2*z")
    assert errors(text) == [(5, 48, "'f' already stands for another formula")]
    text = GOOD.replace("biases: [0]", "activation: {name: tanh, formula: 2*z}")
    assert errors(text) == [(5, 48, "'tanh' is a known function; choose another name")]


def test_many_errors_are_counted() -> None:
    """After twenty errors the rest is only counted."""
    with pytest.raises(FileError) as caught:
        load_text("".join(f"key{i}: 1\n" for i in range(30)))
    assert len(caught.value.faults) == 31
    assert str(caught.value).endswith("<text>: and 11 more")


def test_long_lines_are_shown_in_part() -> None:
    """Of a very long line only the part around the error is shown."""
    with pytest.raises(FileError) as caught:
        load_text(f"inputs: [{'1, ' * 10_000}x1]\nlayers: [{{weights: [[1]]}}]\n")
    assert len(str(caught.value)) < 1000
    assert "x1" in str(caught.value).split("\n")[1]


def test_wide_characters_keep_the_caret_in_place() -> None:
    """A caret stands right below its word behind characters that take two columns."""
    with pytest.raises(FileError) as caught:
        load_text("{name: 漢字, lyers: 1}")
    line, caret = str(caught.value).split("\n")[-2:]
    assert line.index("lyers") + 2 == caret.index("^")


def test_late_errors_get_their_place() -> None:
    """An error that the engine raises later is located by its path in the problem."""
    file = read_text(NETWORK, "p.yaml")
    located = file.locate(ProblemError("shapes differ", ("equations", 1, 4, 3)))
    assert str(located) == (
        "p.yaml:4:9: shapes differ\n    4 |   - L = sum(Y)\n      |         ^^^"
    )
    assert file.locate(ProblemError("no", ("optimizer", "rate"))).faults == ((7, 38, "no"),)
    assert file.locate(ProblemError("no", ("nowhere", 3))).faults == ((1, 1, "no"),)


def test_files_that_cannot_be_read(tmp_path: object) -> None:
    """A missing file and a folder are told in words."""
    with pytest.raises(FileError, match="there is no such file"):
        load(f"{tmp_path}/none.yaml")
    with pytest.raises(FileError, match="this is a folder"):
        load(f"{tmp_path}")
    with pytest.raises(FileError, match="cannot be read"):
        load("a\0b")


def test_unknown_notation_from_outside() -> None:
    """A notation that was not named in the file is not blamed on the file."""
    with pytest.raises(ProblemError, match="there is no notation 'mazr'"):
        load_text(GOOD, notation="mazr")


@pytest.mark.parametrize(
    "told", ["[half_squared_error]", "{MSE: half_squared_error}", "{MSE: {reduction: mean}}"]
)
def test_how_a_further_loss_is_written_is_shown(told: str) -> None:
    """Whoever guesses at `report` finds in the message what it looks like."""
    [(line, _, message)] = errors(f"{GOOD}report: {told}\n")
    assert line == 8
    assert "{loss: mean_squared_error, reduction: mean}" in message


def test_one_target_for_each_sample_is_shown_as_rows() -> None:
    """A flat list of targets for a batch reads as one sample's; how rows look is shown."""
    batch = GOOD.replace("inputs: [0.5, 0.8]", "inputs: [[0.5, 0.8], [1, 2], [3, 4]]")
    [(_, _, message)] = errors(batch.replace("targets: [1]", "targets: [1, 0.50, 0]"))
    assert message.endswith("a batch has one row for each sample: [[1], [0.50], [0]]")
    [(_, _, alone)] = errors(batch.replace("targets: [1]", "targets: [1, 2]"))
    assert alone.endswith("found 2")


def test_a_misspelled_key_is_not_told_twice() -> None:
    """Inputs that are called input are there, under another name."""
    assert errors(GOOD.replace("inputs", "input")) == [
        (1, 1, "unknown key 'input'; did you mean 'inputs'?")
    ]


def test_an_unknown_function_that_is_like_none_is_told_which_there_are() -> None:
    """`dot` is near no name: the message lists the functions of equations, and the product."""
    with pytest.raises(FileError) as caught:
        load_text("given: {u: [1, 2], x: [3, 4]}\nequations: ['g = dot(u, x)']\n")
    assert "unknown function 'dot'; there are " in str(caught.value)
    assert " conv, " in str(caught.value)
    assert "and @ between two arrays" in str(caught.value)
