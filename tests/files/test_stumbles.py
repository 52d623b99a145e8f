"""What people type who see a problem file for the first time, and what they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files.test_errors import GOOD, NETWORK, errors
from tracer.errors import FileError
from tracer.files.problem import load

MESSAGES = {
    "a number alone": (
        GOOD.replace("[0.5, 0.8]", "0.5"),
        "numbers are wanted here; found '0.5'; did you mean [0.5]?",
    ),
    "a weight alone": (
        GOOD.replace("[[0.5, 0.6]]", "0.5"),
        "found '0.5'; did you mean [[0.5]]?",
    ),
    "an exponent without end": (
        GOOD.replace("0.8", "1e99999999999"),
        "'1e99999999999' is too large or too small",
    ),
    "a rate at the top": (
        GOOD.replace("optimizer: {gradient_descent: {rate: 0.5}}", "learning_rate: 0.5"),
        "unknown key 'learning_rate'; it stands in 'optimizer', as in "
        "{gradient_descent: {rate: 0.5}}",
    ),
    "another word for updates": (
        GOOD + "epochs: 3\n",
        "unknown key 'epochs'; did you mean 'updates'?",
    ),
    "figures alone": (
        GOOD + "rounding: 5\n",
        "a rounding such as {figures: 5} is wanted here; found '5'",
    ),
    "a printed minus": (
        NETWORK.replace("X*K", "X − K"),
        "'−' has no meaning in a formula; write -",
    ),
    "a product without a sign": (
        NETWORK.replace("X*K", "2X"),
        "an operator is missing before this; a product is written with *",
    ),
    "an equation too early": (
        NETWORK.replace("sum(Y)", "sum(Z)").replace("loss:", "  - Z = Y\nloss:"),
        "'Z' is not given or defined before this line; equation 3 defines it, put that first",
    ),
    "one function twice in the table": (
        NETWORK.replace("sum(Y)", "sum(tahn(Y))"),
        "unknown function 'tahn'; did you mean 'tanh'?",
    ),
}


@pytest.mark.parametrize(("text", "message"), MESSAGES.values(), ids=MESSAGES)
def test_a_stumble_is_answered_with_what_to_write(text: str, message: str) -> None:
    """The message names what is meant, not only what is wrong."""
    assert any(told.endswith(message) for _, _, told in errors(text)), errors(text)


def test_a_misspelt_key_is_not_missing_as_well() -> None:
    """Who writes 'layer' is told the right word, not also that there are no layers."""
    assert errors(GOOD.replace("layers:", "layer:")) == [
        (3, 1, "unknown key 'layer'; did you mean 'layers'?")
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The nearest name in the folder is told, or that there is no such folder."""
    (tmp_path / "homework.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(FileError, match=r"no such file; did you mean '.*homework\.yaml'\?$"):
        load(tmp_path / "homwork.yaml")
    with pytest.raises(FileError, match=r"no such file, nor a folder .*week3$"):
        load(tmp_path / "week3" / "homework.yaml")


def test_a_folder_instead_of_its_file(tmp_path: Path) -> None:
    """The one problem file in it is told; of several none is chosen."""
    (tmp_path / "homework.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(FileError, match=r"a folder, not a file; did you mean '.*homework\.yaml'"):
        load(tmp_path)
    (tmp_path / "another.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(FileError, match=r"this is a folder, not a file$"):
        load(tmp_path)


@pytest.mark.parametrize(
    "sheet",
    ["---\nproblem: p.yaml\n---\nname,value\nz1[1],\n", 'problem: p.yaml\nanswers:\n  "C": 1\n'],
    ids=["csv", "yaml"],
)
def test_an_answer_sheet_is_no_problem(tmp_path: Path, sheet: str) -> None:
    """Whoever solves a sheet is told the command that reads it."""
    path = tmp_path / "sheet.csv"
    path.write_text(sheet, encoding="utf-8")
    with pytest.raises(FileError, match=r"answer sheet, not a problem; tracer check PROBLEM"):
        load(path)
