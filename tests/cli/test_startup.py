"""What a start costs: nothing heavy is imported for help, a version or a plain solve."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import tracer
from tests.cli.runs import MAZUR, ROOT, process, run
from tracer.cli.group import COMMANDS
from tracer.version import VERSION

HEAVY = ("jinja2", "yaml", "numpy", "sympy", "rich", "torch", "mpmath", "IPython")
ENGINE = ("tracer.formula", "tracer.model", "tracer.calculus", "tracer.backprop")


def _imported(*arguments: str) -> set[str]:
    """Every module that a run of the command imports, by Python's own record."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tracer.cli.main", *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert len(lines) > 20, "the record of imports is empty"
    return {line.rpartition("|")[2].strip() for line in lines}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("doctor", "--help")])
def test_help_and_version_import_no_engine(arguments: tuple[str, ...]) -> None:
    """The list of commands, one command's help and the version need none of it."""
    imported = _imported(*arguments)

    assert not [name for name in imported if name in HEAVY or name.startswith(ENGINE)]


def test_the_version_needs_not_even_click() -> None:
    """`tracer --version` is answered before anything is imported."""
    assert "click" not in _imported("--version")


@pytest.mark.parametrize("arguments", [("solve", MAZUR), ("solve", MAZUR, "--to", "json")])
def test_a_plain_solve_imports_neither_sympy_nor_numpy(arguments: tuple[str, ...]) -> None:
    """They come with --symbolic, prove and explain alone."""
    imported = _imported(*arguments)

    assert "tracer.backprop.tracing" in imported
    assert not imported & {"sympy", "numpy", "rich", "mpmath", "torch"}


def test_the_package_imports_nothing_until_a_name_is_used() -> None:
    """`import tracer` alone brings none of its rooms."""
    code = "import sys, tracer; print(sorted(m for m in sys.modules if m.startswith('tracer')))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert done.stdout.strip() == "['tracer']"


def test_the_version_is_told_once() -> None:
    """Command, package and project file say that of `tracer/version.py`."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    assert (project["project"]["dynamic"], project["tool"]["hatch"]["version"]["path"]) == (
        ["version"],
        "tracer/version.py",
    )
    assert process("--version").stdout == f"tracer {VERSION}\n"
    assert run("--version").output == f"tracer {tracer.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    """Each command tells what it does; those for a problem with examples, line by line."""
    result = run(command, "--help")

    assert result.exit_code == 0
    assert COMMANDS[command][1] in run("--help").output
    assert f"Usage: tracer {command}" in result.output
    if command != "doctor":
        lines = [line.strip() for line in result.output.splitlines()]
        assert any(line.startswith(("tracer ", "bash:")) for line in lines)


def test_commands_live_where_the_table_says() -> None:
    """Each row names a command of its own name, so that --help cannot promise what is not."""
    from tracer.cli.group import cli

    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert command.name == name


def test_the_entry_point_of_the_project_exists() -> None:
    """pyproject.toml's script names the function that is called."""
    import tomllib

    from tracer.cli.main import main

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["scripts"] == {"tracer": f"{main.__module__}:{main.__name__}"}
    assert Path(tracer.__file__ or "").parent.joinpath("py.typed").is_file()
