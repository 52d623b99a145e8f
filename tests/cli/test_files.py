"""init, schema, notations, templates, doctor and completion."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.cli.runs import MAZUR, run


def test_init_writes_a_problem_that_can_be_solved(tmp_path: Path) -> None:
    """The commented file is solved as it stands; its first line names the schema beside it."""
    path = tmp_path / "first.yaml"
    made = run("init", str(path))

    assert made.exit_code == 0
    assert "first.yaml, " in made.stderr
    assert "tracer.schema.json. Now: tracer solve " in made.stderr
    assert run("solve", str(path)).exit_code == 0
    first = path.read_text(encoding="utf-8").splitlines()[0]
    schema = tmp_path / first.partition("$schema=")[2]
    assert json.loads(schema.read_text(encoding="utf-8"))["type"] == "object"


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    """A second init refuses, and with --force replaces."""
    path = tmp_path / "problem.yaml"
    run("init", f"{tmp_path}/")
    path.write_text("mine", encoding="utf-8")

    assert run("init", str(path)).exit_code == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert run("init", str(path), "--force").exit_code == 0
    assert path.read_text(encoding="utf-8") != "mine"


def test_init_to_standard_output() -> None:
    """`tracer init - | tracer solve -` works."""
    made = run("init", "-")

    assert run("solve", "-", given=made.stdout).exit_code == 0


@pytest.mark.parametrize(("arguments", "needs"), [((), "oneOf"), (("trace",), "required")])
def test_schema_prints_a_schema(arguments: tuple[str, ...], needs: str) -> None:
    """Both kinds are JSON, and have what a validator needs."""
    assert needs in json.loads(run("schema", *arguments).output)


def test_the_schema_accepts_a_trace_of_ours() -> None:
    """What --to json writes is valid by `tracer schema trace`."""
    import jsonschema

    schema = json.loads(run("schema", "trace").output)
    jsonschema.validate(json.loads(run("solve", MAZUR, "--to", "json").output), schema)


def test_notations_are_listed_and_shown() -> None:
    """Every listed notation can be shown, and what is shown is its file."""
    names = [line.split()[0] for line in run("notations", "list").output.splitlines()[1:]]

    assert {"nielsen", "ng", "mazur", "torch"} <= set(names)
    for name in names:
        assert "names" in yaml.safe_load(run("notations", "show", name).output)


def test_a_shown_notation_is_a_start_for_ones_own(tmp_path: Path) -> None:
    """A copy beside the problem is used by its file's name, from any folder."""
    own = run("notations", "show", "mazur").output.replace("base: net", "base: sum")
    (tmp_path / "mine.yaml").write_text(own, encoding="utf-8")
    problem = tmp_path / "problem.yaml"
    problem.write_bytes(Path(MAZUR).read_bytes())
    result = run("solve", str(problem), "--notation", "mine.yaml", "--flavor", "plain")

    assert result.exit_code == 0, result.stderr
    assert "sumₕ₁" in result.output


def test_a_dictionary_gives_two_names_of_each_quantity() -> None:
    """Mazur's w5 is Nielsen's w with superscript 3 and subscript 11."""
    rows = [
        line.split()
        for line in run("notations", "dictionary", "mazur", "nielsen", MAZUR).output.splitlines()
    ]

    assert rows[0] == ["key", "mazur", "nielsen"]
    assert ["w2[1,1]", "w₅", "w₁₁⁽³⁾"] in rows


def test_a_notation_of_the_command_line_is_not_blamed_on_the_problem() -> None:
    """An unknown name in the command has no line in the problem file."""
    result = run("notations", "dictionary", "mazur", "foo", MAZUR)

    assert result.exit_code == 2
    assert "there is no notation 'foo'" in result.stderr
    assert "mazur.yaml" not in result.stderr


def test_templates_are_listed_shown_and_copied(tmp_path: Path) -> None:
    """A copied template is used in place of the packaged one."""
    names = run("templates", "list").output.split()
    assert "markdown/page.md" in names
    assert run("templates", "show", "markdown/page.md").output.strip()

    copied = run("templates", "copy", str(tmp_path / "mine"), "markdown")
    assert copied.exit_code == 0
    page = tmp_path / "mine" / "markdown" / "page.md"
    page.write_text("MY PAGE\n", encoding="utf-8")
    again = run("templates", "copy", str(tmp_path / "mine"))
    assert again.exit_code == 2
    assert page.read_text(encoding="utf-8") == "MY PAGE\n"

    solved = run("solve", MAZUR, "--templates", str(tmp_path / "mine"))
    assert solved.output == "MY PAGE\n"


def test_a_template_runs_in_a_sandbox(tmp_path: Path) -> None:
    """A template that reaches for Python's insides is refused, exit code 2."""
    (tmp_path / "markdown").mkdir()
    attack = "<< page.__class__.__mro__ >>\n"
    (tmp_path / "markdown" / "page.md").write_text(attack, encoding="utf-8")
    result = run("solve", MAZUR, "--templates", str(tmp_path))

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "markdown/page.md" in result.stderr


def test_doctor_tells_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs are looked for by name; a missing one is a dash, never an error."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    result = run("doctor")

    assert result.exit_code == 0
    rows = {line.split("  ")[0]: line for line in result.output.splitlines()}
    assert rows["pdflatex"].split()[1] == "-"
    assert rows["Python: click"].split()[2][0].isdigit()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    """The script asks tracer itself for the words."""
    result = run("completion", shell)

    assert result.exit_code == 0
    assert f"_TRACER_COMPLETE={shell}_complete" in result.output


def test_completion_completes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked as the bash script asks, tracer offers its commands and their options."""
    from tests.cli.runs import process

    words = process(_TRACER_COMPLETE="bash_complete", COMP_WORDS="tracer so", COMP_CWORD="1")
    options = process(
        _TRACER_COMPLETE="bash_complete", COMP_WORDS="tracer solve --fl", COMP_CWORD="2"
    )

    assert words.stdout.split() == ["plain,solve"]
    assert options.stdout.split() == ["plain,--flavor"]


def test_the_bash_script_is_a_bash_script() -> None:
    """bash itself finds no fault in it."""
    script = run("completion", "bash").output
    try:
        done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no bash here")

    assert (done.returncode, done.stderr) == (0, "")


def test_init_writes_where_it_is_told(tmp_path: Path) -> None:
    """-o is the same as the argument; a name that is neither a .yaml nor a folder is refused."""
    path = tmp_path / "second.yaml"
    made = run("init", "-o", str(path))
    assert made.exit_code == 0
    assert path.is_file()
    for wrong in (
        (str(tmp_path / "in1"),),
        ("-o", str(tmp_path / "x.json")),
        (str(path), "-o", "a"),
    ):
        result = run("init", *wrong)
        assert result.exit_code == 2, wrong
    assert {file.name for file in tmp_path.iterdir()} == {"second.yaml", "tracer.schema.json"}
    assert f"tracer init {tmp_path}/in1.yaml" in run("init", str(tmp_path / "in1")).stderr


def test_templates_are_copied_where_it_is_told(tmp_path: Path) -> None:
    """-o names the folder as elsewhere; without any folder nothing is copied."""
    folder = tmp_path / "mine"
    assert run("templates", "copy", "markdown", "-o", str(folder)).exit_code == 0
    assert (folder / "markdown" / "page.md").is_file()
    assert not (folder / "html").exists()
    missing = run("templates", "copy")
    assert missing.exit_code == 2
    assert "the folder is missing" in missing.stderr
    (tmp_path / "file").write_text("")
    assert "is no folder" in run("templates", "copy", str(tmp_path / "file")).stderr
