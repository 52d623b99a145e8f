"""LaTeX as it is compiled: every example, no error, nothing sticks out of the page.

Starting pdflatex costs more than a page, so several examples stand in one document.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.pages.examples import EXAMPLES, NOTATIONS, TWO, name_of, traced
from tracer.rendering.page import render
from tracer.rendering.templating import packaged_folder

_TOO_WIDE = 1.0
"""Points by which a box may stick out; nobody sees less."""
_AT_ONCE = 8


def log_of(
    folder: Path, fragments: Sequence[tuple[str, str]], options: str = "", runs: int = 1
) -> str:
    """Compile fragments in one article; gives the log.

    Args:
        folder: to work in.
        fragments: pairs of a name, which is noted in the log, and a fragment.
        options: of the package.
        runs: how often; only a second run sees labels that stand twice.
    """
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    body = "\n".join(rf"\typeout{{[[{name}]]}}{text}\clearpage" for name, text in fragments)
    source = (
        "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n"
        f"\\usepackage[{options}]{{tracer}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )
    (folder / "page.tex").write_text(source, encoding="ascii")
    environment = {**os.environ, "TEXINPUTS": f".:{packaged_folder() / 'latex'}:"}
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-draftmode", "page"]
    for _ in range(runs):
        made = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=300
        )
    log = (folder / "page.log").read_text(encoding="latin-1")
    assert made.returncode == 0, "\n".join(re.findall(r"^!.*\n.*\n.*", log, re.MULTILINE))
    return log


def complaints(log: str) -> list[str]:
    """Boxes that stick out, labels that stand twice, what is missing: each with its example."""
    found = []
    name = ""
    for line in log.splitlines():
        if match := re.search(r"\[\[(.*?)\]\]", line):
            name = match[1]
        wide = re.search(r"Overfull \\[hv]box \(([\d.]+)pt too", line)
        if wide and float(wide[1]) > _TOO_WIDE:
            found.append(f"{name}: {line}")
        if "multiply defined" in line or "Missing character" in line:
            found.append(f"{name}: {line}")
    return found


def packs() -> list[list[Path]]:
    """The examples, a few at a time."""
    return [EXAMPLES[start : start + _AT_ONCE] for start in range(0, len(EXAMPLES), _AT_ONCE)]


@pytest.mark.parametrize("paths", packs(), ids=lambda paths: paths[0].stem)
def test_every_example_compiles(paths: list[Path], tmp_path: Path) -> None:
    """No error, no box more than a point too wide, no label twice."""
    fragments = [
        (name_of(path), str(render(traced(path), to="latex", prefix=f"{path.stem}-")))
        for path in paths
    ]

    assert complaints(log_of(tmp_path, fragments)) == []


def test_matrices_and_chains_compile(tmp_path: Path) -> None:
    """The longest pages, with decimal commas: in every notation, and a batch in rows."""
    shown = [(TWO[0], notation, "full") for notation in NOTATIONS]
    shown.append((TWO[1], "torch", "standard"))
    fragments = []
    for path, notation, detail in shown:
        page = render(
            traced(path),
            to="latex",
            form="both",
            detail=detail,
            notation=notation,
            prefix=f"{path.stem}-{notation}-",
        )
        fragments.append((f"{path.stem} {notation}", str(page)))

    assert complaints(log_of(tmp_path, fragments, "comma")) == []


def test_one_fragment_twice(tmp_path: Path) -> None:
    """Two prefixes keep the labels of two copies apart; one prefix would not."""
    trace = traced(TWO[0])
    apart = [(word, str(render(trace, to="latex", prefix=word))) for word in ("first-", "second-")]
    alike = [(word, str(render(trace, to="latex", prefix="first-"))) for word in ("one", "other")]

    assert complaints(log_of(tmp_path, apart, runs=2)) == []
    assert complaints(log_of(tmp_path, alike, runs=2)) != []


@pytest.mark.parametrize("options", ["stacked", "wide", "nonumbers"])
def test_the_layouts_of_the_package(options: str, tmp_path: Path) -> None:
    """Stacked never sticks out; wide is the author's own choice, and compiles."""
    log = log_of(tmp_path, [(path.stem, str(render(traced(path), to="latex"))) for path in TWO[:1]],
                 options)  # fmt: skip
    assert options == "wide" or complaints(log) == []
