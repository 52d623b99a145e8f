"""Bad sheets: every error at once, with its line and column, in words and in bounded time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files.sheets.traces import mazur, traced
from tracer.errors import FileError
from tracer.files.sheets import open_sheet, read_article, read_sheet

HEAD = "name,value\n"
FAULTS = {
    HEAD + "foo,0.3\nz1[1],0.5\n": (2, 1, "no quantity is called 'foo'"),
    HEAD + "net_h3,0.3\n": (2, 1, "did you mean net_h"),
    HEAD + "z1[1],0.3.5\n": (2, 7, "'0.3.5' is not a number"),
    HEAD + "z1[1],nan\n": (2, 7, "'nan' is not a number"),
    HEAD + "z1[1],1/0\n": (2, 7, "'1/0' divides by 0"),
    HEAD + "z1[1],1e9999\n": (2, 7, "'1e9999' is too large"),
    HEAD + ",3\n": (2, 1, "a name is missing here"),
    HEAD + "z1[1]\n": (2, 1, "a name and a value, with ',' between"),
    HEAD + "__import__('os').system('ls'),3\n": (2, 1, "underscore"),
    HEAD + "system(z1[1]),3\n": (2, 1, "unknown function 'system'"),
    HEAD + "z1[1].__class__,3\n": (2, 1, "'.' has no meaning"),
    HEAD + "(" * 1000 + "z1[1]" + ")" * 1000 + ",3\n": (2, 1, "a name may have 300 characters"),
    HEAD + "(" * 120 + "z1[1]" + ")" * 120 + ",3\n": (2, 1, "nested more than"),
    HEAD + "z1,[1, 2, 3]\n": (2, 4, "z1 has 2 numbers; found 3 numbers"),
    HEAD + "foo,[1, 2, 3]\n": (2, 1, "no array is called 'foo'"),
    HEAD + "a1[1],0.5,0.6\n": (2, 1, "cannot be read"),
    "name,value,points\nz1[1],0.3,x\n": (2, 1, "'x' is not a number"),
    "name,value,colour\nz1[1],0.3,red\n": (1, 12, "unknown column 'colour'"),
    "name,value,negated\nz1[1],0.3,perhaps\n": (2, 1, "negated is yes or no"),
    "name,name,value\nz1[1],z1[1],3\n": (1, 1, "the column 'name' stands twice"),
    '{"z1[1]": 0.3,\n "z1[1]": 0.4}': (2, 2, "'z1[1]' stands twice, first in line 1"),
    "- {name: 'z1[1]', value: {a: 1}}\n": (1, 26, "a value is a number, or a list"),
    "- {value: 3, name: ''}\n": (1, 3, "an answer needs a name"),
    "- {name: 'z1[1]', value: 3, worth: 1}\n": (1, 29, "unknown key of an answer 'worth'"),
    "answers: 5\n": (1, 10, "a sheet is a list of {name, value}"),
    "- {name: 'z1[1]', value: 3}\n- [1, 2]\n": (2, 3, "an answer is {name: ..., value: ...}"),
    "net_h1 = 0.3775\nout_h1 = 0.5.9\n": (2, 10, "'0.5.9' is not a number"),
    "net_h1 = 0.3775\nout_h1 = inf\n": (2, 10, "'inf' is not a number"),
    "net_h1 = 38%\n": (1, 10, "a percentage is not read"),
    "net_h1 = 0.3775\nfoo = 0.2 + 0.1 = 0.3\n": (2, 1, "no quantity is called 'foo'"),
    "net_h1 = __import__('os').system('ls') = 0.3\n": (1, 10, "'_' has no meaning"),
    "net_h1 = system(0.5) = 0.3\n": (1, 10, "unknown function 'system'"),
    "net_h1 = " + "(" * 1000 + "1" + ")" * 1000 + " = 0.3\n": (1, 10, "nested more than 50 deep"),
    "net_h1 = [1, 2]\n": (1, 1, "'net_h1' is one number; an array stands here"),
    "net^(1) = [1, 2, 3]\n": (1, 1, "z1 has 2 numbers; found 3 numbers"),
    "---\nnotation: [a]\n---\nnet_h1 = 1\n": (2, 11, "'notation' is one word"),
    "---\ndelta: up\n---\nnet_h1 = 1\n": (2, 8, "unknown sign of delta 'up'"),
    "---\nnames: {a: 'zz[1]'}\n---\na = 1\n": (2, 12, "no quantity is called 'zz[1]'"),
    "---\nnames: {'a1[1]': 'a1[2]'}\n---\nnet_h1 = 1\n": (2, 18, "is the key of another quantity"),
    "---\nnames: {a: 'z1[1]', a: 'z1[2]'}\n---\na = 1\n": (2, 21, "'a' stands twice"),
    "---\nasked: ['w5*2']\n---\nnet_h1 = 1\n": (2, 9, "what is asked for is a quantity"),
    "---\n- a\n---\nnet_h1 = 1\n": (1, 1, "front matter is a table"),
}


@pytest.mark.parametrize("text", FAULTS, ids=lambda text: text[:40])
def test_told_with_its_place(text: str) -> None:
    """Each error names file, line and column, says what is wrong, and shows the line."""
    line, column, message = FAULTS[text]
    with pytest.raises(FileError) as caught:
        read_sheet(text, mazur())
    assert any(
        (at, where) == (line, column) and message in told for at, where, told in caught.value.faults
    ), str(caught.value)
    assert f"<text>:{line}:{column}: " in str(caught.value)
    assert "^" in str(caught.value)


def test_an_ambiguous_name() -> None:
    """A name that fits several quantities is refused with the list of them."""
    found = traced("articles/004-without-biases.yaml")
    with pytest.raises(FileError, match="'y' fits several quantities: y_target") as caught:
        read_sheet("name,value\ny,0.3\n", found)
    assert caught.value.faults[0][:2] == (2, 1)


def test_all_errors_at_once() -> None:
    """Names and numbers at fault in several lines are told together, in order."""
    with pytest.raises(FileError) as caught:
        read_sheet(HEAD + "foo,0.3\nz1[1],x\nz1[2],0.5\nbar,0.2\n", mazur())
    assert [fault[0] for fault in caught.value.faults] == [2, 3, 5]


def test_many_unknown_names_are_one_error() -> None:
    """Twenty names that nobody knows are told together, with what can be done about them."""
    rows = "".join(f"foo_{i},0.{i}\n" for i in range(1, 21))
    with pytest.raises(FileError) as caught:
        read_sheet(HEAD + rows, mazur())
    [(line, column, message)] = caught.value.faults
    assert (line, column) == (2, 1)
    assert "20 names are not known to this problem: 'foo_1', 'foo_2'" in message
    assert "and 8 more" in message
    assert "--skip-unknown" in message


WHOLE = {
    "\n \n": "this sheet is empty",
    HEAD: "no answer stands in this sheet",
    "# nothing\n# at all\n": "this sheet is empty",
    "---\nproblem: a.yaml\n---\n\n": "this sheet is empty",
    "Only words here.\nAnd here.\n": "no answer stands in this sheet",
}


@pytest.mark.parametrize("text", WHOLE)
def test_nothing_in_it(text: str) -> None:
    """A sheet without an answer is refused in words."""
    with pytest.raises(FileError, match=WHOLE[text]):
        read_sheet(text, mazur())


def test_files_that_are_none(tmp_path: Path) -> None:
    """Binary files, other encodings, folders, files that are not there."""
    for data, message in {
        b"\x00\x01\x02name": "binary file",
        b"\xff\xfen\x00a\x00": "UTF-16",
        b"name,value\nz1[1],\xe9\n": r"2:7: this byte is not UTF-8",
        b"": "this sheet is empty",
        b"x" * (1 << 21): "larger than 1 MiB",
    }.items():
        path = tmp_path / "sheet.csv"
        path.write_bytes(data)
        with pytest.raises(FileError, match=message):
            read_sheet(path, mazur())
    with pytest.raises(FileError, match="there is no such file"):
        read_sheet(tmp_path / "nowhere.csv", mazur())
    with pytest.raises(FileError, match="this is a folder"):
        read_sheet(tmp_path, mazur())


def test_a_problem_that_is_not_there(tmp_path: Path) -> None:
    """A problem that a sheet names and that is missing is told at its place in the sheet."""
    path = tmp_path / "sheet.csv"
    path.write_text("---\nproblem: nowhere.yaml\n---\n" + HEAD + "z1[1],1\n")
    with pytest.raises(FileError, match=r"sheet.csv:2:10: .*there is no such file"):
        open_sheet(path).problem()


LONG = {
    "known names": HEAD + "net_h1,0.3775\n" * 10_000,
    "unknown names": HEAD + "".join(f"foo{i},0.3\n" for i in range(10_000)),
    "lines": "net_h1 = 0.1 + 0.2 = 0.3775\n" * 10_000,
    "unknown lines": "".join(f"foo{i} = 0.1*{i} = 0.3\n" for i in range(10_000)),
    "a list": "answers:\n" + "  - {name: net_h1, value: 0.3775}\n" * 10_000,
    "continuations": "net_h1 = 0.1\n" + "= 0.2 + 0.1\n" * 10_000,
    "rows": "W^(1) = [0.1, 0.2]\n" + "[0.2, 0.1]\n" * 10_000,
    "one long line": "net_h1 = " + "1+" * 400_000 + "1 = 3\n",
    "brackets": "net_h1 = " + "[" * 4900 + "\n",
    "scripts": "net_h1" + "^{a}" * 1000 + " = 3\n",
    "spaces": "x" + " " * 4900 + "= 3\n",
    "fractions": "\\frac{" * 800 + "1" + "}" * 800 + " = 3\n",
    "labels": "a: " * 1600 + "x = 3\n",
    "dollars": "$" * 4000 + "=\n",
}


@pytest.mark.parametrize("name", LONG)
def test_long_sheets_end_in_words(name: str) -> None:
    """Ten thousand lines, and lines without end, are read or refused; never a traceback."""
    told = ""
    try:
        read_sheet(LONG[name], mazur())
    except FileError as error:
        told = str(error)
    assert len(told) < 10_000


def test_five_thousand_answers_are_enough() -> None:
    """One answer more than a sheet may hold is told in its line."""
    for kind in ("known names", "lines", "a list"):
        with pytest.raises(FileError, match="a sheet may hold 5000 answers") as caught:
            read_sheet(LONG[kind], mazur())
        assert caught.value.faults[0][0] in (5001, 5002)
    assert len(read_sheet(HEAD + "net_h1,0.3775\n" * 5000, mazur()).statements) == 5000


def test_an_article_without_a_calculation() -> None:
    """An article from which nothing can be read is refused in words."""
    with pytest.raises(FileError, match="no answer stands"):
        read_article("A day at the sea.\nThe sky was blue.\n", mazur())


def test_a_line_that_is_too_long() -> None:
    """Where nothing else could be read, the line that is too long is named."""
    with pytest.raises(FileError, match="<text>:2:1: a line may have 5000 characters"):
        read_sheet("Only words.\nnet_h1 = " + "0.1 + " * 2000 + "0.1 = 0.3775\n", mazur())


def test_numbers_propose_what_unknown_names_mean() -> None:
    """Where a number is that of one quantity only, the error says what to write."""
    with pytest.raises(FileError, match=r'names: \{"first": "a1\[1\]"\}'):
        read_sheet("first = 0.59327\nnet_h1 = 0.3775\n", mazur())
    with pytest.raises(FileError) as caught:
        read_sheet("first = 0.6\nnet_h1 = 0.3775\n", mazur())
    assert "names:" not in str(caught.value)


def test_an_article_of_which_nothing_is_known() -> None:
    """What cannot be read at all is no sheet without mistakes: the names are told."""
    text = "First we add up.\nHere it is.\nThen so:\nfirst = 0.59327\nAnd that is all.\n"
    with pytest.raises(FileError, match="not known to this problem: 'first'"):
        read_sheet(text, mazur())
