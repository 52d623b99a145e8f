"""`tracer check` and `tracer sheet`: reports, exit codes, and sheets that check as right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runs import MAZUR, ROOT, process, run

EXAMPLES = ROOT / "examples"
THREE_DIGITS = str(EXAMPLES / "articles" / "002-three-digits.yaml")

RIGHT = """name,value
net_h1,0.3775
out_h1,0.593269992
net_h2,0.3925
out_h2,0.596884378
"""
"""The first numbers of Mazur's article, which are right."""

SLIP = RIGHT + "net_o1,1.105905967\nout_o1,0.248634931\n"
"""His next line, and then 1 - 0.751365069: the sigmoid of minus net_o1."""

LINES = """My solution
z1[1] = 0.15*0.5 + 0.25*0.8 + 0.35 = 0.625
z1[2] = 0.20*0.5 + 0.30*0.8 + 0.35 = 0.64
a1[1] = 0.651
"""
"""Lines of a student who adds 0.1, 0.24 and 0.35 wrongly."""


def test_a_right_sheet() -> None:
    """Exit code 0, and the report says that nothing is wrong."""
    result = run("check", MAZUR, "-", given=RIGHT)

    assert result.exit_code == 0
    assert "4 of 4 points" in result.stdout
    assert "No mistake was found" in result.stdout
    assert result.stderr == ""


def test_a_mistake_is_exit_code_1() -> None:
    """The first wrong line is named with both numbers."""
    result = run("check", MAZUR, "-", given=SLIP)

    assert result.exit_code == 1
    assert "The first mistake" in result.stdout
    assert "0.248634931" in result.stdout
    assert "0.751365" in result.stdout


def test_lines_as_people_write_them() -> None:
    """In a text the false sum is found, and the right one is printed."""
    result = run("check", THREE_DIGITS, "-", "--to", "json", given=LINES)
    report = json.loads(result.stdout)
    wrong = [verdict for verdict in report["verdicts"] if verdict["status"] == "wrong"]

    assert result.exit_code == 1
    assert [verdict["key"] for verdict in wrong] == ["z1[2]"]
    assert wrong[0]["expected"] == pytest.approx(0.69)
    assert wrong[0]["causes"][0]["id"] == "arithmetic"


@pytest.mark.parametrize(
    ("to", "begins"),
    [
        ("terminal", "Mazur 2-2-2: the sheet, checked\n"),
        ("markdown", "# Mazur 2-2-2: the sheet, checked\n"),
        ("latex", "%"),
        ("html", "<!doctype html>"),
        ("json", "{\n"),
    ],
)
def test_every_format_has_the_exit_code(to: str, begins: str) -> None:
    """The mistake is told in each format, and by the exit code in all of them."""
    result = run("check", MAZUR, "-", "--to", to, given=SLIP)

    assert result.exit_code == 1
    assert result.stdout.startswith(begins)
    assert "0.248634931" in result.stdout.replace(" ", "").replace("\\,", "")


def test_a_german_report_has_decimal_commas() -> None:
    """Numbers and points with commas; --point writes points all the same."""
    sheet = "net_h1 = 0,3775\nout_h1 = 0,4013\n"
    german = run("check", MAZUR, "-", "--language", "de", given=sheet).stdout
    assert "Geschrieben: 0,4013. Richtig: 0,5933." in german
    assert "σ(0,3775) = 0,5933" in german
    assert (
        "Richtig: 0.5933."
        in run("check", MAZUR, "-", "--language", "de", "--point", given=sheet).stdout
    )


def test_the_report_in_json_is_valid() -> None:
    """What --to json writes is valid by `tracer schema report`."""
    import jsonschema

    report = json.loads(run("check", MAZUR, "-", "--to", "json", given=SLIP).stdout)
    jsonschema.validate(report, json.loads(run("schema", "report").stdout))

    assert report["first_mistake"] == 6


def test_no_colour_in_a_pipe() -> None:
    """A report in a pipe holds no escape codes."""
    done = process("check", MAZUR, "-", given=SLIP)

    assert done.returncode == 1
    assert "\x1b" not in done.stdout


def test_a_report_in_a_file(tmp_path: Path) -> None:
    """-o writes it once, --force again; a folder gets the sheet's name."""
    sheet = tmp_path / "mine.csv"
    sheet.write_text(SLIP, encoding="utf-8")
    report = tmp_path / "report.html"
    arguments = ("check", MAZUR, str(sheet), "--to", "html", "-o")

    assert run(*arguments, str(report)).exit_code == 1
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run(*arguments, str(report)).exit_code == 2
    assert run(*arguments, str(report), "--force").exit_code == 1
    assert run(*arguments, f"{tmp_path}/reports/").exit_code == 1
    assert (tmp_path / "reports" / "mine.html").is_file()


def test_a_sheet_that_names_its_problem(tmp_path: Path) -> None:
    """One file is enough: the problem's path in it goes from where the sheet stands."""
    (tmp_path / "p.yaml").write_bytes(Path(MAZUR).read_bytes())
    sheet = tmp_path / "sheets" / "s.yaml"
    sheet.parent.mkdir()
    sheet.write_text("problem: ../p.yaml\nanswers: {net_h1: 0.3775}\n", encoding="utf-8")

    assert run("check", str(sheet)).exit_code == 0
    sheet.write_text("problem: ../q.yaml\nanswers: {net_h1: 0.3775}\n", encoding="utf-8")
    missing = run("check", str(sheet))
    assert missing.exit_code == 2
    assert "s.yaml:1:" in missing.stderr


def test_a_sheet_that_carries_its_problem() -> None:
    """Front matter before the lines of the calculation."""
    text = f"---\n{Path(THREE_DIGITS).read_text(encoding='utf-8')}---\n{LINES}"

    assert run("check", "-", given=text).exit_code == 1
    assert run("check", "-", given=text.replace("= 0.64\n", "= 0.69\n")).exit_code == 0


def test_a_marking_scheme(tmp_path: Path) -> None:
    """Points from a file of its own, or from the problem's file."""
    scheme = tmp_path / "marking.yaml"
    scheme.write_text("points: {z: 3}\n", encoding="utf-8")
    result = run("check", MAZUR, "-", "--marking", str(scheme), given=RIGHT)
    assert "8 of 8 points" in result.stdout

    problem = tmp_path / "p.yaml"
    text = Path(MAZUR).read_text(encoding="utf-8")
    problem.write_text(text + "marking: {each: 5}\n", encoding="utf-8")
    assert "20 of 20 points" in run("check", str(problem), "-", given=RIGHT).stdout

    scheme.write_text("points: {dela2: 3}\n", encoding="utf-8")
    wrong = run("check", MAZUR, "-", "--marking", str(scheme), given=RIGHT)
    assert wrong.exit_code == 2
    assert "did you mean 'delta2'" in wrong.stderr


def test_what_was_not_read_is_listed_on_request() -> None:
    """--unread names the lines that hold no calculation."""
    result = run("check", THREE_DIGITS, "-", "--unread", given=LINES)

    assert "<stdin>:1: My solution" in result.stderr
    assert "z1[1]" not in result.stderr


def test_unknown_names() -> None:
    """An unknown name is refused with its place; --skip-unknown goes on without it."""
    given = RIGHT + "banana,1\n"
    refused = run("check", MAZUR, "-", given=given)
    skipped = run("check", MAZUR, "-", "--skip-unknown", given=given)

    assert refused.exit_code == 2
    assert "<stdin>:6:1" in refused.stderr
    assert refused.stdout == ""
    assert skipped.exit_code == 0
    assert "banana" in skipped.stdout


def test_the_sign_of_deltas() -> None:
    """--delta t-o turns the sheet's signs: 0.138498562 is right for Mazur's delta_o1 so read."""
    given = "name,value\ndelta_o1,-0.138498562\n"

    assert run("check", MAZUR, "-", given=given).exit_code == 1
    assert run("check", MAZUR, "-", "--delta", "t-o", given=given).exit_code == 0


BAD = {
    "empty": b"",
    "binary": bytes(range(256)) * 20,
    "not a number": b"name,value\nnet_h1,0.3.5\n",
    "nan": b"name,value\nnet_h1,nan\n",
    "divided by 0": b"name,value\nnet_h1,1/0\n",
    "only a header": b"name,value\n",
    "many brackets": b"name,value\n" + b"(" * 1000 + b"net_h1" + b")" * 1000 + b",1\n",
    "a call": b'name,value\n"open(net_h1)",1\n',
    "ten thousand lines": b"name,value\n" + b"net_h1,0.3775\n" * 10_000,
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_bad_sheets(tmp_path: Path, content: bytes) -> None:
    """Clear errors, exit code 2, no traceback."""
    sheet = tmp_path / "sheet.csv"
    sheet.write_bytes(content)
    result = run("check", MAZUR, str(sheet))

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "sheet.csv" in result.stderr
    assert "Traceback" not in result.stderr
    assert "fault in tracer" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (MAZUR,),
        (MAZUR, MAZUR),
        ("-", "-"),
        (MAZUR, "no-such-sheet.csv"),
        (MAZUR, str(ROOT)),
        (MAZUR, "-", "--to", "word"),
        (MAZUR, "-", "--notation", "nobody"),
        (MAZUR, "-", "--marking", "no-such-file"),
    ],
)
def test_bad_usage(arguments: tuple[str, ...]) -> None:
    """Exit code 2 and a word about it."""
    result = run("check", *arguments, given=RIGHT)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "fault in tracer" not in result.stderr


# --- sheets -------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["csv", "yaml", "text"])
@pytest.mark.parametrize("notation", [None, "ng", "mazur"])
def test_a_filled_sheet_is_right(to: str, notation: str | None) -> None:
    """Filled with the solution's own numbers a sheet has no mistake."""
    chosen = () if notation is None else ("--notation", notation)
    sheet = run("sheet", THREE_DIGITS, "--filled", "--to", to, *chosen)
    result = run("check", THREE_DIGITS, "-", given=sheet.stdout)

    assert sheet.exit_code == 0, sheet.stderr
    assert result.exit_code == 0, result.stdout


def test_an_empty_sheet_has_the_names_of_the_notation() -> None:
    """Mazur's names, no numbers, and the problem's file."""
    sheet = run("sheet", MAZUR).stdout

    assert "\nnet_h1,\n" in sheet
    assert "\nE_total,\n" in sheet
    assert "mazur.yaml" in sheet
    assert not any(line.rpartition(",")[2] for line in sheet.splitlines() if "," in line[5:])


def test_a_sheet_for_some_quantities() -> None:
    """--only takes phases, arrays and keys, in the order of the calculation."""
    one = run("sheet", MAZUR, "--only", "dw1.1.2").stdout
    phase = run("sheet", MAZUR, "--only", "loss").stdout
    several = run("sheet", MAZUR, "--only", "a2,z1").stdout
    wrong = run("sheet", MAZUR, "--only", "delt1")

    assert one.splitlines()[-1] == "dE_total/dw_2,"
    assert [line for line in phase.splitlines() if line.startswith("E_")][-2:] == [
        "E_o2+,",
        "E_total+,",
    ]
    assert several.splitlines()[-1].startswith("out_o2")
    assert several.index("net_h1") < several.index("out_o1")
    assert wrong.exit_code == 2
    assert "did you mean" in wrong.stderr


def test_a_sheet_in_a_folder_names_its_problem_from_there(tmp_path: Path) -> None:
    """A sheet that is written to a file is checked without naming the problem again."""
    result = run("sheet", MAZUR, "--filled", "-o", f"{tmp_path}/class/")

    assert result.exit_code == 0
    assert run("check", str(tmp_path / "class" / "mazur-sheet.csv")).exit_code == 0
    assert run("sheet", MAZUR, "-o", f"{tmp_path}/class/").exit_code == 2


def test_a_sheet_of_an_update_of_a_run(tmp_path: Path) -> None:
    """Update 7 of a recorded run is asked for, filled in, and checked."""
    folder = str(tmp_path / "run")
    run("train", THREE_DIGITS, "--updates", "20", "-o", folder)
    sheet = run("sheet", folder, "--update", "7", "--filled", "--only", "backward")

    assert run("check", folder, "-", "--update", "7", given=sheet.stdout).exit_code == 0
    assert run("check", folder, "-", "--update", "19", given=sheet.stdout).exit_code == 1


def test_an_update_is_of_a_run(tmp_path: Path) -> None:
    """To check, --update without a run is refused, not passed over."""
    sheet = tmp_path / "s.csv"
    sheet.write_text(f"---\nproblem: {MAZUR}\n---\nname,value\nnet_h1,0.3775\n")
    assert run("check", str(sheet)).exit_code == 0
    for arguments in (
        ("check", MAZUR, str(sheet), "--update", "2"),
        ("check", str(sheet), "--update", "2"),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, ""), arguments
        assert "--update" in result.stderr
        assert "run" in result.stderr


def test_a_sheet_of_chosen_updates(tmp_path: Path) -> None:
    """Of a problem with several updates those that are named are asked, as solve prints them."""
    problem = tmp_path / "p.yaml"
    text = Path(MAZUR).read_text(encoding="utf-8") + "updates: 3\n"
    problem.write_text(text, encoding="utf-8")

    def asked(*arguments: str) -> set[str]:
        made = run("sheet", str(problem), "--to", "text", "--notation", "nielsen", *arguments)
        assert made.exit_code == 0, made.stderr
        return {line.removesuffix(" =") for line in made.stdout.splitlines() if line.endswith("=")}

    first, second, all_three = asked("--update", "1"), asked("--update", "2"), asked()
    assert first & second == set()
    assert first | second < all_three
    assert first | second == asked("--update", "1..2")
    assert asked("--update", "2", "--only", "loss") == {"C'", "C_1'", "C_2'"}
    beyond = run("sheet", str(problem), "--update", "4")
    assert beyond.exit_code == 2
    assert "this problem has 3 updates" in beyond.stderr
