"""The README keeps what it promises: its problems, commands, pages and Python run as they stand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
NEEDS = {"--with torch": "torch", "--to pdf": "typst", ".png": "typst"}
"""What a command asks for that a bare machine does not have: the module that brings it."""


def blocks(language: str, holding: str = "") -> list[str]:
    """The README's blocks in one language that hold a text."""
    return [text for kind, text in BLOCKS if kind == language and holding in text]


def commands() -> Iterator[str]:
    """Every command of the README, one for each of its alternatives ``a|b``."""
    for text in blocks("bash"):
        for line in text.splitlines():
            command = re.sub(r"\s+#.*", "", line)
            if not command.startswith("tracer "):
                continue
            choice = re.search(r"(?<= )\w+(?:\|\w+)+", command)
            for one in choice[0].split("|") if choice else [""]:
                yield command.replace(choice[0], one) if choice else command


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README's commands name."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "problem.yaml").write_text(blocks("yaml", "# problem.yaml")[0], encoding="utf-8")
    (folder / "sheet.csv").write_text("name,value\nnet_h1,0.3775\nout_h1,0.59327\n")
    (folder / "notes.md").write_text("net_h1 = 0.15*0.05 + 0.20*0.10 + 0.35 = 0.3775\n")
    shutil.copy(ROOT / "examples" / "sheets" / "article-004.tex", folder / "article.txt")
    weights = {"w1": np.array([[0.1, 0.2], [0.3, 0.4]]), "b1": np.array([0.0, 0.1])}
    np.savez(folder / "model.npz", **weights)
    np.savez(folder / "weights.npz", **weights, w2=weights["w1"], b2=weights["b1"])
    return folder


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a shell makes of it, `tracer` being the one under test."""
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("there is no bash")
    ours = f'tracer() {{ "{sys.executable}" -m tracer.cli.main "$@"; }}; set -o pipefail; '
    return subprocess.run(
        [bash, "-c", ours + command], cwd=folder, capture_output=True, encoding="utf-8"
    )


@pytest.mark.parametrize("command", list(commands()))
def test_a_command_runs(command: str, desk: Path) -> None:
    """It ends well (or with 1, where numbers are found to differ) and says something."""
    for sign, module in NEEDS.items():
        if sign in command and not find_spec(module):
            pytest.skip(f"{module} is not installed")
    for written in re.findall(r"-o (\S+)", command):
        (desk / written).unlink() if (desk / written).is_file() else None
    done = shell(command, desk)
    good = (0, 1) if re.search(" (check|compare) ", command) else (0,)
    assert done.returncode in good, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout or re.search(r"-o \S", command)


def test_the_lines_that_it_shows(desk: Path) -> None:
    """The first problem prints the lines of the backward pass that stand below it."""
    (shown,) = blocks("text", "∂E")
    page = shell("tracer solve problem.yaml --flavor plain", desk).stdout
    for line in shown.splitlines():
        assert line in page


def test_the_error_that_it_shows(desk: Path) -> None:
    """A misspelt activation is told as the README tells it."""
    (shown,) = blocks("text", "did you mean")
    row = int(shown.split(":")[1])
    text = (desk / "problem.yaml").read_text(encoding="utf-8").splitlines()
    text[row - 1] = shown.splitlines()[1].partition("|")[2][1:]
    (desk / "wrong").mkdir()
    (desk / "wrong" / "problem.yaml").write_text("\n".join(text) + "\n", encoding="utf-8")
    done = shell("tracer solve problem.yaml", desk / "wrong")
    assert done.returncode == 2
    assert shown.strip() in done.stderr.strip()


def test_the_verdict_that_it_shows(desk: Path) -> None:
    """The most copied number is explained in the words that the README quotes."""
    (shown,) = blocks("text", "0.291027924")
    done = shell("tracer check examples/sheets/001-mazur.csv", desk)
    said = " ".join(done.stdout.split())
    assert " ".join(shown.split()) in said


@pytest.mark.parametrize("text", blocks("yaml"))
def test_a_problem_is_one(text: str, desk: Path) -> None:
    """Every problem of the README is worked through."""
    (desk / "one.yaml").write_text(text, encoding="utf-8")
    assert shell("tracer solve one.yaml", desk).returncode == 0


@pytest.mark.parametrize("text", blocks("python", "import tracer"))
def test_the_python_runs(text: str) -> None:
    """Every line of it runs, beside the examples."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", text],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr


def test_the_templates_change_the_page(desk: Path) -> None:
    """The template of the README stands in ten lines, and the page is the one it describes."""
    ((text, name),) = [
        (text, name) for text in blocks("jinja") for name in re.findall(r"^<# (mine/[\w/.]+)", text)
    ]
    assert len(text.splitlines()) <= 10
    (desk / name).parent.mkdir(parents=True, exist_ok=True)
    (desk / name).write_text(text, encoding="utf-8")
    page = shell("tracer solve problem.yaml --templates mine/", desk).stdout
    assert page.startswith("# Exercise sheet 3")
    assert "Check." not in page
    assert "0.13850" in page


def test_every_picture_is_there() -> None:
    """What the README shows stands in the repository."""
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


def test_every_link_leads_somewhere() -> None:
    """Files and folders that the README links to are there."""
    for link in re.findall(r"(?<!!)\[[^]]+\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link
