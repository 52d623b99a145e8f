"""LaTeX as it is compiled: every example, no error, nothing sticks out of the page.

Starting pdflatex costs more than a page, so several examples stand in one document.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.pages.examples import EXAMPLES, FOLDER, LAYERS, NOTATIONS, TWO, name_of, traced
from tests.pages.tex import ENGINES, LANGUAGES, complaints, in_language, log_of_source
from tracer.rendering.page import render

_AT_ONCE = 8
SETTINGS = [(engine, babel) for engine in ENGINES for babel in LANGUAGES][1:]
"""Engines and languages besides pdflatex alone."""


def log_of(
    folder: Path,
    fragments: Sequence[tuple[str, str]],
    options: str = "",
    runs: int = 1,
    engine: str = "pdflatex",
    babel: str = "",
) -> str:
    """Compile fragments in one article; gives the log.

    Args:
        folder: to work in.
        fragments: pairs of a name, which is noted in the log, and a fragment.
        options: of the package.
        runs: how often; only a second run sees labels that stand twice.
        engine: pdflatex or lualatex.
        babel: a language, or none.
    """
    body = "\n".join(rf"\typeout{{[[{name}]]}}{text}\clearpage" for name, text in fragments)
    source = (
        "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n"
        f"\\usepackage[{options}]{{tracer}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )
    return log_of_source(folder, in_language(source, babel), engine, runs)


def packs() -> list[list[Path]]:
    """The examples, a few at a time."""
    paths = [*EXAMPLES, *LAYERS]
    return [paths[start : start + _AT_ONCE] for start in range(0, len(paths), _AT_ONCE)]


@pytest.mark.parametrize("paths", packs(), ids=lambda paths: paths[0].stem)
def test_every_example_compiles(paths: list[Path], tmp_path: Path) -> None:
    """No error, no box more than a point too wide, no label twice."""
    fragments = [
        (name_of(path), str(render(traced(path), to="latex", prefix=f"{path.stem}-")))
        for path in paths
    ]

    assert complaints(log_of(tmp_path, fragments)) == []


@pytest.mark.parametrize(("engine", "babel"), SETTINGS)
def test_active_characters_and_engines(engine: str, babel: str, tmp_path: Path) -> None:
    """The same with both engines, under babel's German and French: the first example and a
    few others, another choice for each, twice in one document and with decimal commas."""
    place = SETTINGS.index((engine, babel))
    paths = [TWO[0], *EXAMPLES[3 + 2 * place :: 15]]
    fragments = [
        (name_of(path), str(render(traced(path), to="latex", prefix=f"{path.stem}-{copy}-")))
        for path in paths
        for copy in ("a", "b")
    ]

    assert complaints(log_of(tmp_path, fragments, "comma", 2, engine, babel)) == []


@pytest.mark.full
@pytest.mark.parametrize("paths", packs(), ids=lambda paths: paths[0].stem)
@pytest.mark.parametrize(("engine", "babel"), SETTINGS)
def test_every_example_everywhere(
    paths: list[Path], engine: str, babel: str, tmp_path: Path
) -> None:
    """Every example in every setting, each twice."""
    fragments = [
        (name_of(path), str(render(traced(path), to="latex", prefix=f"{path.stem}-{copy}-")))
        for path in paths
        for copy in ("a", "b")
    ]

    assert complaints(log_of(tmp_path, fragments, "", 2, engine, babel)) == []


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


@pytest.mark.parametrize("choice", ["12pt", "twocolumn,landscape", "twocolumn"])
def test_short_lines_are_stacked(choice: str, tmp_path: Path) -> None:
    """Where the author's lines are short for the letters, so that equations side by side would
    stick out, they stand one below the other: larger letters, or the columns of a journal."""
    page = str(render(traced(FOLDER / "catalogue" / "relu-binary.yaml"), to="latex"))
    source = (
        f"\\documentclass[{choice}]{{article}}\n\\usepackage[T1]{{fontenc}}\n\\usepackage{{lmodern}}\n"
        f"\\usepackage{{tracer}}\n\\begin{{document}}\n{page}\n\\end{{document}}\n"
    )

    assert complaints(log_of_source(tmp_path, source)) == []


@pytest.mark.parametrize("options", ["stacked", "wide", "nonumbers"])
def test_the_layouts_of_the_package(options: str, tmp_path: Path) -> None:
    """Stacked never sticks out; wide is the author's own choice, and compiles."""
    log = log_of(tmp_path, [(path.stem, str(render(traced(path), to="latex"))) for path in TWO[:1]],
                 options)  # fmt: skip
    assert options == "wide" or complaints(log) == []
