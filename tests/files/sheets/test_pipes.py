"""Markdown tables as sheets: alone or among lines, with errors at their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files.sheets.traces import mazur, stated, traced
from tracer.checking.marking import check
from tracer.errors import FileError
from tracer.files.sheets import read_sheet

ALONE = """| Quantity | Value | Points | Note |
|:---------|------:|-------:|------|
| `z1[1]`  | 0.3775 | 2 | easy |
| **out_h1** | $0.5933$ | | |
| z1[2] | | | |
"""
AMONG = """# My answers

z1[1] = 0.15*0.5 + 0.25*0.8 + 0.35 = 0.625

name | working | answer
--- | --- | ---
z1[2] | 0.20·0.5 + 0.30·0.8 + 0.35 | 0.64
a1[1] = σ(z1[1]) | σ(0.625) | 0.651

After this, z2[1] = 0.4*0.651 + 0.5*0.666 + 0.6 = 1.1934
"""


def test_a_table_alone(tmp_path: Path) -> None:
    """Names without their marks, numbers as typed, a blank, points and notes."""
    path = tmp_path / "sheet.md"
    path.write_text(ALONE, encoding="utf-8")
    found = read_sheet(path, mazur())

    assert stated(found) == [("z1[1]", "0.3775"), ("a1[1]", "0.5933"), ("z1[2]", None)]
    assert [(s.line, s.column) for s in found.statements] == [(3, 4), (4, 5), (5, 3)]
    assert (found.statements[0].points, found.statements[0].note) == (2, "easy")


def test_a_table_among_lines() -> None:
    """Lines and rows are stated in their order; the working of a row is its chain."""
    found = read_sheet(AMONG, traced("articles/002-three-digits.yaml"))
    report = check(traced("articles/002-three-digits.yaml"), found)

    assert [s.key for s in found.statements] == ["z1[1]", "z1[2]", "a1[1]", "z2[1]"]
    assert [v.status for v in report.verdicts] == ["correct", "wrong", "correct", "rounded"]
    assert report.verdicts[1].causes[0].id == "arithmetic"
    assert report.verdicts[1].false_link == 2
    assert [link.text for link in found.statements[2].links] == ["σ(z1[1])", "σ(0.625)"]
    assert found.unread == ()


def test_another_table_is_prose() -> None:
    """A table without names and values of quantities is passed over, and listed."""
    text = "| epoch | error |\n|---|---|\n| 1 | 0.3 |\n\nz1[1] = 0.3775\n"
    found = read_sheet(text, mazur())

    assert stated(found) == [("z1[1]", "0.3775")]
    assert found.unread == (1, 2, 3)


WRONG = {
    "a number": ("| z1[1] | 0.3.5 |", 11, "'0.3.5' is not a number"),
    "no number": ("| z1[1] | abc |", 11, "'abc' is not a number"),
    "a name": ("| net_h3 | 0.3 |", 3, "no quantity is called 'net_h3'; did you mean net_h"),
    "no name": ("| | 0.3 |", 5, "a name is missing here"),
    "a bar": ("| |z1[1]| | 0.3 |", 1, "4 cells stand here, 2 in the first line"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_a_row(case: str) -> None:
    """The error names line and column of the cell."""
    row, column, message = WRONG[case]
    with pytest.raises(FileError) as caught:
        read_sheet(f"| name | value |\n|--|--|\n| z1[2] | 0.3925 |\n{row}\n", mazur())

    assert f"<text>:4:{column}: {message}" in str(caught.value)


def test_a_misspelt_column() -> None:
    """A table that has names, but no values, is told what is wrong with its first line."""
    with pytest.raises(FileError) as caught:
        read_sheet("| name | valeu |\n|--|--|\n| z1[2] | 0.3925 |\n", mazur())

    assert "<text>:1:10: unknown column 'valeu'; did you mean 'value'?" in str(caught.value)


def test_a_table_of_something_else() -> None:
    """A table of what the symbols mean holds no answers; the lines below it are read."""
    text = "| Symbol | Value | Note on it |\n|---|---|---|\n| i1 | 0.05 | in |\n\nnet_h1 = 0.3775\n"
    assert stated(read_sheet(text, mazur())) == [("z1[1]", "0.3775")]


STEPS = r"""
| Step | Formula | Value |
|------|---------|-------|
| 1 | $net_{h1} = 0.15 \cdot 0.05 + 0.2 \cdot 0.1 + 0.35$ | **$0.3775$** |
| 2 | $0.5 \cdot 0.1$ | $0.05$ |
| 3 | $out_{h1}$ | $0.5933$ |
"""


def test_a_table_of_steps() -> None:
    """Where a formula's cell begins with a name, its row is a line of the calculation."""
    sheet = read_sheet(STEPS, mazur())
    assert stated(sheet) == [("z1[1]", "0.3775")]
    assert len(sheet.statements[0].links) == 1


def test_formulas_beside_their_results() -> None:
    """A table without known words in its head, as an exam's key has it: arrows join two units."""
    text = (
        "net_h1 = 0.3775\n\n| Trọng số | Gradient |\n| :--- | :--- |\n"
        "| $\\partial E / \\partial w_{h1 \\to o1} = \\delta_{o1} \\cdot out_{h1}$ "
        "| $0.1385 \\times 0.5933 = 0.0822$ |\n"
        "| $\\partial E / \\partial w_{x1 \\to h2} = \\delta_{h2} \\cdot i_1$ | 0.000498 |\n"
    )
    sheet = read_sheet(text, mazur())
    assert stated(sheet)[-2:] == [("dw2[1,1]", "0.0822"), ("dw1[2,1]", "0.000498")]
    assert len(sheet.statements[-2].links) == 2
    other = text.replace(" = \\delta_{h2} \\cdot i_1", "")
    assert stated(read_sheet(other, mazur())) == [("z1[1]", "0.3775")]
