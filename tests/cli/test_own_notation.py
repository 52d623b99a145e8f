"""A notation of one's own, beside the problem, under every command and when a run is reopened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.runs import run

NAME = "names: {{a: {{base: {}, sup: '({{layer}})', sub: '{{unit}}'}}}}"
OWN = f"extends: nielsen\n{NAME.format('quux')}\nconventions: {{delta: t-o}}\n"
PROBLEM = """
notation: {name}
inputs: [0.5, 0.8]
targets: [1]
layers:
  - {{weights: [[0.15, 0.25]], biases: [0.35]}}
  - {{weights: [[0.4]], biases: [0.1]}}
loss: half_squared_error
optimizer: {{gradient_descent: {{rate: 0.5}}}}
updates: 3
"""


@pytest.fixture(params=["mine.yaml", "books/mine.yaml"])
def problem(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A problem with its own notation beside or below it, in a folder that is not the current."""
    folder = tmp_path / "homework"
    (folder / request.param).parent.mkdir(parents=True)
    (folder / request.param).write_text(OWN, encoding="utf-8")
    path = folder / "p.yaml"
    path.write_text(PROBLEM.format(name=request.param), encoding="utf-8")
    return path


def test_every_command_finds_it(problem: Path) -> None:
    """A sheet in the notation is written, read and judged; pages and explanations use it."""
    for command in (
        ("solve", str(problem), "--flavor", "plain"),
        ("explain", str(problem), "dw2.1.1"),
        ("sheet", str(problem)),
        ("train", str(problem)),
    ):
        result = run(*command)
        assert result.exit_code == 0, (command, result.output)
        assert "quux" in result.output, command

    sheet = problem.with_name("s.csv")
    sheet.write_text(f"---\nproblem: {problem.name}\n---\nname,value\nquux_1^(2),0.6514\n")
    judged = run("check", str(sheet))
    assert judged.exit_code == 0, judged.output
    assert "quux" in judged.output


def test_a_run_keeps_it(problem: Path, tmp_path: Path) -> None:
    """The run is reopened where neither the problem nor its notation lie any more."""
    kept = tmp_path / "elsewhere" / "run"
    kept.parent.mkdir()
    assert run("train", str(problem), "-o", str(kept)).exit_code == 0
    shutil.rmtree(problem.parent)

    page = run("solve", str(kept), "--update", "2", "--flavor", "plain")
    picture = run("plot", str(kept), "--what", "a2[1]")
    sheet = run("sheet", str(kept), "--update", "2")
    for result in (page, picture, sheet):
        assert result.exit_code == 0, result.output
        assert "quux" in result.output


def test_a_notation_that_is_asked_for_lies_in_the_run_or_beside_it(
    problem: Path, tmp_path: Path
) -> None:
    """--notation finds the file that the run keeps, and another one beside the run."""
    kept = tmp_path / "run"
    assert run("train", str(problem), "-o", str(kept)).exit_code == 0
    (tmp_path / "other.yaml").write_text(f"extends: nielsen\n{NAME.format('corge')}\n")

    own = next(kept.rglob("mine.yaml")).relative_to(kept)
    first = run("solve", str(kept), "--update", "1", "--notation", str(own), "--flavor", "plain")
    other = run("solve", str(kept), "--update", "1", "--notation", "other.yaml")
    plotted = run("plot", str(kept), "--what", "a2[1]", "--notation", "other.yaml")
    assert "quux" in first.output
    assert "corge" in other.output
    assert "corge" in plotted.output


def test_all_errors_of_a_notation_file_come_at_once(tmp_path: Path) -> None:
    """Each unknown word or value of it stands with its line and column."""
    path = tmp_path / "p.yaml"
    path.write_text(PROBLEM.format(name="mine.yaml"), encoding="utf-8")
    wrong = "extends: nielsn\nletters: {}\nnames: {zz: {base: q}, z: {}}\nsteps: {da: owned}\n"
    (tmp_path / "mine.yaml").write_text(wrong, encoding="utf-8")

    told = run("solve", str(path)).stderr
    for fault in (
        "mine.yaml:1:1: there is no notation 'nielsn'; did you mean 'nielsen'?",
        "mine.yaml:2:1: unknown word 'letters'",
        "mine.yaml:3:9: there is no role 'zz'; did you mean 'z'?",
        "mine.yaml:3:24: a name has at least a base",
        "mine.yaml:4:9: da is one of own, inline; found 'owned'; did you mean 'own'?",
    ):
        assert fault in told


def test_a_file_named_without_its_ending_is_proposed(tmp_path: Path) -> None:
    """``notation: mine`` beside mine.yaml is answered with the file's name."""
    (tmp_path / "mine.yaml").write_text(OWN, encoding="utf-8")
    path = tmp_path / "p.yaml"
    path.write_text(PROBLEM.format(name="mine"), encoding="utf-8")
    assert "did you mean the file 'mine.yaml'?" in run("solve", str(path)).stderr
