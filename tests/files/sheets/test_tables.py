"""CSV, YAML and JSON sheets: what they may look like, and that digits stay as typed."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.files.sheets.traces import mazur, stated, traced
from tracer.errors import FileError
from tracer.files.sheets import open_sheet, read_sheet
from tracer.formula.parsing import parse

TWO = [("z1[1]", "0.3775"), ("dw2[1,2]", "0.0827")]
SAME = {
    "commas": "name,value\nz1[1],0.3775\ndw2[1,2],0.0827\n",
    "quoted": 'name,value\n"z1[1]",0.3775\n"dw2[1,2]","0.0827"\n',
    "mark of byte order": "\ufeffname,value\nz1[1],0.3775\ndw2[1,2],0.0827\n",
    "tabs": "name\tvalue\nz1[1]\t0.3775\ndw2[1,2]\t0.0827\n",
    "semicolons": "name;value\nz1[1];0.3775\ndw2[1,2];0.0827\n",
    "spaces and blank lines": "name, value\n\nz1[1], 0.3775\n# a remark\ndw2[1,2] , 0.0827\n",
    "a header in German": "Größe;Wert\nz1[1];0.3775\ndw2[1,2];0.0827\n",
    "half a header": "Wert;name\n0.3775;z1[1]\n0.0827;dw2[1,2]\n",
    "columns turned": "value,name\n0.3775,z1[1]\n0.0827,dw2[1,2]\n",
    "more columns": "name,value,note\nz1[1],0.3775,by hand\ndw2[1,2],0.0827\n",
    "carriage returns": "name,value\r\nz1[1],0.3775\r\ndw2[1,2],0.0827\r\n",
    "yaml list": "- {name: 'z1[1]', value: 0.3775}\n- {name: 'dw2[1,2]', value: 0.0827}\n",
    "yaml pairs": "- z1[1]: 0.3775\n- dw2[1,2]: 0.0827\n",
    "yaml table": 'answers:\n  "z1[1]": 0.3775\n  "dw2[1,2]": 0.0827\n',
    "yaml bare table": "z1[1]: 0.3775\ndw2[1,2]: 0.0827\n",
    "json list": '[{"name": "z1[1]", "value": "0.3775"},\n{"name": "dw2[1,2]", "value": 0.0827}]\n',
    "json table": '{"z1[1]": 0.3775,\n "dw2[1,2]": "0.0827"}\n',
    "text": "z1[1] = 0.3775\ndw2[1,2] = 0.0827\n",
    "markdown": "| name | value |\n|--|--|\n| z1[1] | 0.3775 |\n| dw2[1,2] | 0.0827 |\n",
}


@pytest.mark.parametrize("form", SAME)
def test_every_form_says_the_same(form: str) -> None:
    """Two answers in every form of sheet are the same two statements."""
    assert stated(read_sheet(SAME[form], mazur())) == TWO


@pytest.mark.parametrize("ending", ["csv", "yaml", "json", "txt"])
def test_files_are_known_by_their_endings(tmp_path: Path, ending: str) -> None:
    """A file of each kind is read from its path."""
    text = {"csv": "commas", "yaml": "yaml list", "json": "json table", "txt": "text"}[ending]
    path = tmp_path / f"sheet.{ending}"
    path.write_text(SAME[text], encoding="utf-8")
    assert stated(read_sheet(path, mazur())) == TWO


def test_a_table_may_have_any_header_of_two_words(tmp_path: Path) -> None:
    """What ends in .csv is a table; a first line with a number is no header."""
    path = tmp_path / "sheet.csv"
    path.write_text(SAME["commas"].replace("name,value", "magnitud,valor"), encoding="utf-8")
    assert stated(read_sheet(path, mazur())) == TWO
    for wrong in ("z1[1],0.3775", "magnitud,", "magnitud,valor,nota", "points,valor"):
        path.write_text(SAME["commas"].replace("name,value", wrong), encoding="utf-8")
        with pytest.raises(FileError):
            read_sheet(path, mazur())


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` reads the sheet from standard input."""
    stdin = SimpleNamespace(buffer=io.BytesIO(SAME["commas"].encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert stated(read_sheet("-", mazur())) == TWO


def test_a_table_in_another_books_names() -> None:
    """Names that the problem's book does not have, but another has them all, are read in it."""
    text = "name,value\nz_1^[1],0.3775\ndw_12^[2],0.0827\n"
    assert stated(read_sheet(text, mazur())) == TWO
    with pytest.raises(FileError, match="no quantity is called 'z_1\\^\\[1\\]'"):
        read_sheet(text.replace("dw_12^[2]", "nothing"), mazur())


def test_numbers_stay_as_typed() -> None:
    """Trailing zeros, fractions, powers of ten, a decimal comma: text and value are kept."""
    sheet = read_sheet(
        "name;value\nnet_h1;0,3770\nnet_h2;1/3\nout_h1;3.77e-3\nout_h2;−3.77·10^-3\n"
        "net_o1;≈ 1.10\n",
        mazur(),
    )
    numbers = [s.written for s in sheet.statements]
    assert [n and n.text for n in numbers] == ["0,3770", "1/3", "3.77e-3", "−3.77·10^-3", "≈ 1.10"]
    assert [n and float(n.value) for n in numbers] == [0.377, 1 / 3, 0.00377, -0.00377, 1.1]
    assert [n and float(n.unit) for n in numbers] == [1e-4, 0, 1e-5, 1e-5, 0.01]


def test_columns_beside_the_value() -> None:
    """Points, a note, and the worth of the last place where the digits say too much."""
    sheet = read_sheet("name,value,points,note,ulp\nnet_h1,0.3775,2,mine,0.01\n", mazur())
    (one,) = sheet.statements
    assert (one.points, one.note, one.written and float(one.written.unit)) == (2, "mine", 0.01)


def test_blank_answers_are_statements() -> None:
    """A name without a number is kept as a blank, in every kind of sheet."""
    for text in (
        "name,value\nnet_h1,\n",
        '"net_h1":\n',
        "net_h1 =\n",
        "net_h1 = ____\nnet_h2 = ?\n",
    ):
        first = read_sheet(text, mazur()).statements[0]
        assert (first.key, first.written) == ("z1[1]", None)


def test_names_of_the_notation_of_the_problem_and_expressions() -> None:
    """Keys, a textbook's names, the problem's own names and expressions are all understood."""
    text = (
        "name,value\nw5+,1\nE_total,1\ndE/dout_o1,1\nw2[1,1]*delta2[1],1\nw5*delta_o1,1\n"
        "-(delta2[1]),1\ny[1]-a2[1]@1,1\nexp(-z1[1]),1\n"
    )
    found = [s.formula for s in read_sheet(text, mazur()).statements]
    wanted = ["w2[1,1]@1", "loss", "da2[1]", "w2[1,1]*delta2[1]", "w2[1,1]*delta2[1]",
              "-(delta2[1])", "y[1]-a2[1]@1", "exp(-z1[1])"]  # fmt: skip
    assert found == [parse(text) for text in wanted]
    own = traced("calculations/025-robert-gordon.yaml")
    assert stated(read_sheet("name,value\nw1,1\nw3_new,2\n", own)) == [
        ("w2[1,1]", "1"),
        ("w1[1,1]@1", "2"),
    ]


def test_a_key_beside_the_name() -> None:
    """A row may say what its name stands for; the name is kept for the report."""
    sheet = read_sheet("name,key,value\nfirst net,z1[1],0.3775\n", mazur())
    assert [(s.name, s.key) for s in sheet.statements] == [("first net", "z1[1]")]


def test_a_sheet_declares_names_and_what_is_asked() -> None:
    """Front matter brings own names and the quantities that are asked for."""
    text = '---\nnames: {first: "z1[1]"}\nasked: [net_h1, w5+]\n---\nname,value\nfirst,0.3775\n'
    sheet = read_sheet(text, mazur())
    assert stated(sheet) == [("z1[1]", "0.3775")]
    assert sheet.asked == ("z1[1]", "w2[1,1]@1")


def test_a_sheet_chooses_its_notation() -> None:
    """The same name is another quantity in another notation, which the sheet may choose."""
    text = "name,value\nz^[1]_2,0.5\n"
    front = "---\nnotation: ng\n---\n"
    assert stated(read_sheet(front + text, mazur())) == [("z1[2]", "0.5")]
    assert stated(read_sheet(text, mazur(), notation="ng")) == [("z1[2]", "0.5")]


def test_the_sign_of_deltas() -> None:
    """A sheet with delta = t - o is read against a problem with dL/dz, and the other way round."""
    text = "name,value\ndelta_o1,-0.1385\ndE/dw5,0.0822\nw5*delta_o1,-0.0554\n"
    sheet = read_sheet(text, mazur(), delta="t-o")
    assert [s.negated for s in sheet.statements] == [True, False, False]
    assert sheet.statements[2].formula == parse("w2[1,1]*(-delta2[1])")
    front = "---\ndelta: t-o\n---\n"
    assert read_sheet(front + text, mazur()).statements == tuple(
        s.__class__(**{**_fields(s), "line": s.line + 3}) for s in sheet.statements
    )
    opposite = traced("articles/004-without-biases.yaml")
    (one,) = read_sheet("name,value\ndelta_5,0.0368\n", opposite, delta="dL/dz").statements
    assert (one.key, one.negated) == ("delta2[1]", True)


def _fields(statement: object) -> dict[str, object]:
    return {name: getattr(statement, name) for name in statement.__slots__}  # type: ignore[attr-defined]


def test_negated_names() -> None:
    """A sheet may name the quantities of which it writes the opposite."""
    text = "---\nnegated: [delta_o1]\n---\nname,value\ndelta_o1,-0.1385\nnet_h1,0.3775\n"
    assert [s.negated for s in read_sheet(text, mazur()).statements] == [True, False]


def test_a_derivative_keeps_its_sign_under_t_minus_o() -> None:
    """Under t - o the key of dL/da is its opposite; a written derivative is the derivative."""
    opposite = traced("articles/004-without-biases.yaml")
    (one,) = read_sheet("name,value\ndE/dy_5,0.1651\n", opposite).statements
    assert one.formula == parse("-(da2[1])")


def test_arrays_in_a_listing() -> None:
    """A list of numbers states each cell of an array, in either layout of a vector."""
    sheet = read_sheet('answers:\n  "w2@1": [[0.36, 0.41], [0.51, 0.56]]\n', mazur())
    assert stated(sheet) == [
        ("w2[1,1]@1", "0.36"), ("w2[1,2]@1", "0.41"), ("w2[2,1]@1", "0.51"), ("w2[2,2]@1", "0.56"),
    ]  # fmt: skip
    for vector in ("[0.3775, 0.3925]", "[[0.3775], [0.3925]]", "[[0.3775, 0.3925]]"):
        sheet = read_sheet(f"answers:\n  z1: {vector}\n", mazur())
        assert stated(sheet) == [("z1[1]", "0.3775"), ("z1[2]", "0.3925")]


def test_skipping_unknown_names() -> None:
    """Unknown names are listed and skipped where that is wanted."""
    sheet = read_sheet("name,value\nnet_h1,0.3775\nfoo,3\n", mazur(), skip_unknown=True)
    assert (stated(sheet), sheet.skipped) == ([("z1[1]", "0.3775")], ("foo",))


def test_a_sheet_names_its_problem(tmp_path: Path) -> None:
    """A path beside the sheet, a table, or front matter that is the problem itself."""
    problem = "inputs: [0.5]\nlayers: [{weights: [[2]], activation: identity}]\n"
    (tmp_path / "net.yaml").write_text(problem)
    indented = "".join(f"  {line}\n" for line in problem.splitlines())
    for name, text in {
        "a.csv": "---\nproblem: net.yaml\n---\nname,value\nz1[1],1\n",
        "b.yaml": f"problem:\n{indented}answers: {{'z1[1]': 1}}\n",
        "c.txt": f"---\n{problem}---\nz1[1] = 1\n",
        "d.csv": f"---\n{problem}delta: t-o\n---\nname,value\nz1[1],1\n",
    }.items():
        (tmp_path / name).write_text(text)
        found = open_sheet(tmp_path / name).problem()
        assert found is not None
        assert found.inputs == (("0.5",),)
        assert found.layers[0].weights == (("2",),)
    assert open_sheet(SAME["commas"]).problem() is None
