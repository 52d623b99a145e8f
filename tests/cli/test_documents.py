"""`tracer solve` writing whole documents: PDFs by Typst and by TeX, and what goes wrong."""

from __future__ import annotations

import shutil
import stat
import sys
from pathlib import Path

import pytest

from tests.cli.runs import MAZUR, process, run

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is missing")

FAILING = r"""#!{python}
import pathlib
pathlib.Path("page.log").write_text({log!r})
raise SystemExit(1)
"""
"""A program that fails like TeX."""


def tex_that_fails(folder: Path, log: str) -> dict[str, str]:
    """An environment whose only TeX fails with that log."""
    program = folder / "bin" / "pdflatex"
    program.parent.mkdir()
    program.write_text(FAILING.format(python=sys.executable, log=log))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": str(program.parent)}


def test_a_pdf_without_tex(tmp_path: Path) -> None:
    """--to pdf writes the same bytes each time, and never over a file."""
    pytest.importorskip("typst", reason="typst is not installed")
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"

    assert run("solve", MAZUR, "--to", "pdf", "-o", str(one)).exit_code == 0
    assert run("solve", MAZUR, "--to", "pdf", "-o", str(two)).exit_code == 0
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().startswith(b"%PDF")

    again = run("solve", MAZUR, "--to", "pdf", "-o", str(one))
    assert again.exit_code == 2
    assert "--force" in again.stderr


def test_the_source_of_the_pdf() -> None:
    """--to typst prints what the PDF is made of."""
    result = run("solve", MAZUR, "--to", "typst")
    assert result.exit_code == 0
    assert "#show: worked.with(" in result.output


@needs_tex
def test_a_document_and_its_pdf(tmp_path: Path) -> None:
    """--compile leaves the document and its PDF in a folder, and nothing else."""
    folder = f"{tmp_path}/notes/"
    result = run("solve", MAZUR, "--to", "latex", "--only", "forward", "--compile", "-o", folder)

    assert result.exit_code == 0, result.stderr
    assert sorted(path.name for path in Path(folder).iterdir()) == ["mazur.pdf", "mazur.tex"]
    assert (Path(folder) / "mazur.pdf").read_bytes().startswith(b"%PDF")


@needs_tex
def test_a_template_that_tex_refuses(tmp_path: Path) -> None:
    """TeX's first reason and its line are told; no file is written."""
    (tmp_path / "latex").mkdir()
    (tmp_path / "latex" / "document-article.tex").write_text(
        "\\documentclass{article}\n\\begin{document}\n\\nothing\n\\end{document}\n"
    )
    result = run("solve", MAZUR, "--to", "latex", "--compile", "--templates", str(tmp_path),
                 "-o", str(tmp_path / "page.pdf"))  # fmt: skip

    assert result.exit_code == 2
    assert "Undefined control sequence (line 3 of the document)" in result.stderr
    assert not (tmp_path / "page.pdf").exists()


def test_without_tex(tmp_path: Path) -> None:
    """No TeX: exit code 3, what to install, what needs none; nothing is written."""
    target = tmp_path / "page.pdf"
    done = process("solve", MAZUR, "--to", "latex", "--compile", "-o", str(target),
                   PATH=str(tmp_path))  # fmt: skip

    assert done.returncode == 3
    assert "latexmk" in done.stderr
    assert "--to pdf needs no TeX" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("! LaTeX Error: File `exam.cls' not found.\n", "exam (exam.cls): tlmgr install exam"),
        ("! LaTeX Error: File `booktabs.sty' not found.\n", "texlive-latex-recommended"),
        ("! LaTeX Error: File `odd.sty' not found.\n", "package odd (odd.sty): tlmgr install odd"),
        (
            "! Font T1/lmr/m/n/10=ec-lmr10 at 10.0pt not loadable: Metric (TFM) file not found.\n",
            "font ec-lmr10",
        ),
    ],
)
def test_a_missing_package_is_named(log: str, told: str, tmp_path: Path) -> None:
    """What is missing and what brings it, exit code 3."""
    done = process("solve", MAZUR, "--to", "latex", "--document", "exam", "--compile",
                   **tex_that_fails(tmp_path, log))  # fmt: skip

    assert done.returncode == 3
    assert told in done.stderr
    assert done.stdout == ""


def test_a_document_that_is_not_compiled_is_written(tmp_path: Path) -> None:
    """What TeX refuses can be looked at, and compiled elsewhere; there is no PDF beside it."""
    target = tmp_path / "slides.tex"
    log = "! Undefined control sequence.\nl.3 \\nothing\n"
    done = process("solve", MAZUR, "--to", "latex", "--document", "beamer", "--compile",
                   "-o", str(target), **tex_that_fails(tmp_path, log))  # fmt: skip

    assert done.returncode == 2
    assert f"{target} is written" in done.stderr
    assert "\\end{document}" in target.read_text(encoding="utf-8")
    assert not target.with_suffix(".pdf").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--to", "html", "--compile"], "--to latex"),
        (["--to", "pdf", "--document", "beamer"], "--to latex"),
        (["--to", "latex", "--answers"], "--document exam"),
        (["--lines", "stacked"], "--to latex"),
        (["--to", "pdf", "--symbolic", "dw1.1.1"], "--to markdown, latex or json"),
        (["--to", "latex", "--prefix", "a:b"], "letters, digits and hyphens"),
    ],
)
def test_options_that_do_not_belong_together(options: list[str], told: str) -> None:
    """Refused in words, before anything is calculated."""
    result = run("solve", MAZUR, *options)
    assert result.exit_code == 2
    assert told in result.stderr


def test_the_key_of_a_sheet() -> None:
    """--answers switches the class option."""
    result = run("solve", MAZUR, "--to", "latex", "--document", "exam", "--answers")
    assert "addpoints,answers]{exam}" in result.output


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("page.html", "<!doctype html>"),
        ("page.TEX", "% A worked example"),
        ("page.json", "{"),
        ("page.md", "# Mazur 2-2-2"),
        ("page.txt", "# Mazur 2-2-2"),
    ],
)
def test_the_name_of_the_file_says_the_format(tmp_path: Path, name: str, beginning: str) -> None:
    """Nobody has to say --to html and page.html; a .txt is plain text."""
    path = tmp_path / name
    assert run("solve", MAZUR, "-o", str(path)).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith(beginning)
    assert ("## Given\n" in text) == (name in ("page.md", "page.txt"))
    assert ("δₒ₁ =" in text) == (name == "page.txt")


@pytest.mark.parametrize(
    "arguments",
    [
        ("solve", MAZUR, "-o", "a.png"),
        ("sheet", MAZUR, "-o", "a.docx"),
        ("draw", MAZUR, "-o", "a.pdf"),
    ],
)
def test_no_file_promises_another_format(arguments: tuple[str, ...]) -> None:
    """An ending that the command does not make is refused, and those that it makes are said."""
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "but ." in refused.stderr
    assert not Path(arguments[-1]).exists()


def test_a_document_of_tex_need_not_be_called_so() -> None:
    """--document exam alone is LaTeX."""
    assert r"\documentclass" in run("solve", MAZUR, "--document", "exam").stdout


@pytest.mark.parametrize("to", ["html", "pdf", "latex", "json"])
def test_folding_is_refused_elsewhere(to: str) -> None:
    """What only Markdown has is refused elsewhere, not passed over."""
    refused = run("solve", MAZUR, "--fold", "--to", to)
    assert refused.exit_code == 2
    assert "Markdown and notebooks" in refused.stderr


@pytest.mark.parametrize("to", ["html", "typst", "latex"])
def test_an_exercise_is_never_a_whole_solution(to: str) -> None:
    """Outside Markdown an exercise is a sheet: its blanks are there, and no result is, nor in the
    drawing; LaTeX's class prints none without its option `answers`."""
    text = run("solve", MAZUR, "--exercise", "--to", to).stdout
    results = ["0.138498562", "0.0821670408", "0.358916480", "0.751365070"]

    assert "0.05" in text
    if to == "latex":
        assert r"\documentclass[11pt,a4paper,addpoints]{exam}" in text
        assert r"\usepackage[nonumbers]{tracer}" in text
    else:
        assert not [one for one in results if one in text]
        assert text.count("blank") > 90


def test_the_key_of_an_exercise() -> None:
    """With --answers the same sheet of Typst holds every result; JSON is no sheet."""
    key = run("solve", MAZUR, "--exercise", "--answers", "--to", "typst").stdout

    assert "0.138498562" in key
    assert run("solve", MAZUR, "--exercise", "--to", "json").exit_code == 2
    assert run("solve", MAZUR, "--answers", "--to", "pdf").exit_code == 2
