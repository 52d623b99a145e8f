"""How a run ends: exit codes, no traceback, nothing half-written, nothing overwritten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runs import MAZUR, ROOT, process, run

BAD = {
    "unknown key": "inputs: [1]\nlayerz: []",
    "unknown activation": "inputs: [1]\nlayers: [{weights: [[1]], activation: sigmod}]",
    "wrong shape": "inputs: [1]\nlayers: [{units: 2, weights: [[1]]}]",
    "no YAML": "inputs: [1\nlayers: }",
    "a list": "- 1\n- 2",
    "empty": "",
    "log of 0": "given: {x: 0}\nequations: ['L = log(x)']",
    "overflow": "given: {x: 1e9}\nequations: ['L = exp(exp(x))']",
    "division by 0": "given: {x: 0}\nequations: ['L = 1/x']",
    "attribute": "given: {x: 0}\nequations: ['L = x.real']",
    "dunder": "given: {x: 0}\nequations: ['L = __import__(x)']",
    "shapes of equations": "given: {x: [1, 2], y: [1, 2, 3]}\nequations: ['L = x + y']",
    "control characters": "inputs: [\x01]",
    "deep nesting": "given: {x: 1}\nequations: ['L = " + "(" * 500 + "x" + ")" * 500 + "']",
}


@pytest.mark.parametrize("problem", BAD.values(), ids=BAD)
@pytest.mark.parametrize("command", ["solve", "prove", "explain"])
def test_bad_input_is_told_in_words_with_exit_code_2(command: str, problem: str) -> None:
    """An error on standard error, nothing on standard output, no traceback."""
    key = ["L"] if command == "explain" else []
    result = run(command, "-", *key, given=problem)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "<stdin>" in result.stderr
    assert "Traceback" not in result.stderr
    assert "fault in tracer" not in result.stderr


def test_an_error_found_while_solving_has_its_line_and_caret() -> None:
    """Shapes that do not meet are noticed late, and still have their place in the file."""
    result = run("solve", "-", given=BAD["shapes of equations"])

    assert "<stdin>:2:" in result.stderr
    assert "^" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("slove", MAZUR),
        ("solve",),
        ("solve", MAZUR, "--to", "word"),
        ("solve", MAZUR, "--figures", "3", "--places", "3"),
        ("solve", MAZUR, "--notation", "mazurr"),
        ("solve", "no-such-file.yaml"),
        ("solve", str(ROOT)),
        ("solve", MAZUR, "--templates", "no-such-folder"),
        ("explain", MAZUR),
        ("notations", "show", "nobody"),
        ("templates", "show", "nothing.md"),
        ("completion", "cmd"),
        ("schema", "sheet"),
    ],
)
def test_bad_usage_is_told_with_exit_code_2(arguments: tuple[str, ...]) -> None:
    """Unknown commands, options, names and files."""
    result = run(*arguments)

    assert result.exit_code == 2
    assert result.stderr.strip()
    assert result.stdout == ""
    assert "fault in tracer" not in result.stderr


def test_a_misspelt_command_is_guessed() -> None:
    """The nearest command is named."""
    assert "did you mean 'solve'" in run("slove", MAZUR).stderr


def test_an_output_file_is_whole_or_not_there(tmp_path: Path) -> None:
    """-o writes once, refuses to overwrite, and leaves nothing behind when it fails."""
    page = tmp_path / "page.md"
    first = run("solve", MAZUR, "-o", str(page))
    written = page.read_bytes()
    second = run("solve", MAZUR, "-o", str(page), "--flavor", "plain")
    failed = run("solve", "-", "-o", str(tmp_path / "bad.md"), given=BAD["log of 0"])

    assert (first.exit_code, second.exit_code, failed.exit_code) == (0, 2, 2)
    assert first.stdout == ""
    assert "--force" in second.stderr
    assert page.read_bytes() == written
    assert [path.name for path in tmp_path.iterdir()] == ["page.md"]

    forced = run("solve", MAZUR, "-o", str(page), "--flavor", "plain", "--force")
    assert forced.exit_code == 0
    assert page.read_bytes() != written


def test_an_output_folder_is_made(tmp_path: Path) -> None:
    """A name that ends in / is a folder: the page has the problem's name, LaTeX its style."""
    folder = tmp_path / "notes"
    result = run("solve", MAZUR, "--to", "latex", "-o", f"{folder}/")

    assert result.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["mazur.tex", "tracer.sty"]
    assert run("solve", MAZUR, "-o", str(folder)).exit_code == 0
    assert (folder / "mazur.md").is_file()


def test_an_output_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """A file where a folder should be."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("solve", MAZUR, "-o", str(tmp_path / "file" / "page.md"))

    assert result.exit_code == 2
    assert "fault in tracer" not in result.stderr


def test_standard_output_and_a_file_hold_the_same_bytes(tmp_path: Path) -> None:
    """Written twice, printed once: one text, without a byte of difference."""
    page = tmp_path / "page.md"
    run("solve", MAZUR, "-o", str(page))

    assert process("solve", MAZUR).stdout.encode() == page.read_bytes()
    assert run("solve", MAZUR, "-o", "-").stdout_bytes == page.read_bytes()


def test_a_fault_of_ours_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception asks for a report; the traceback only with TRACER_DEBUG."""

    def broken(*arguments: object, **options: object) -> None:
        raise ZeroDivisionError("oh\nno")

    monkeypatch.setattr("tracer.backprop.tracing.trace_passes", broken)
    monkeypatch.delenv("TRACER_DEBUG", raising=False)
    quiet = run("solve", MAZUR)
    monkeypatch.setenv("TRACER_DEBUG", "1")
    loud = run("solve", MAZUR)

    assert quiet.exit_code == loud.exit_code == 2
    assert quiet.stderr.count("\n") == 1
    assert "please report it (ZeroDivisionError: oh)" in quiet.stderr
    assert "Traceback" in loud.stderr


def test_an_interruption_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is no traceback."""

    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tracer.backprop.tracing.trace_passes", interrupted)
    result = run("solve", MAZUR)

    assert result.exit_code == 130
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently there")
def test_a_reader_that_goes_away_is_no_error() -> None:
    """`tracer ... | head -1` says nothing on standard error."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tracer.cli.main", "solve", MAZUR],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    told = running.stderr.read()
    running.stderr.close()

    assert running.wait(60) == 141
    assert told == b""


def test_nothing_is_said_in_a_pipe() -> None:
    """No progress, no colour, no message: only the page."""
    done = process("solve", MAZUR)

    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
