"""A report in each format is taken by what has to read it, whatever a student typed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.rendering.katex import katex_errors
from tests.rendering.reports import ALL, HOSTILE, TRACE, hostile, small, upstream
from tracer.model.verdict import Report
from tracer.rendering.report import render_report
from tracer.rendering.templating import packaged_folder

EVERY = pytest.mark.parametrize("make", ALL.values(), ids=ALL.keys())
_VOID = {"meta", "br", "hr", "img", "link", "input"}


class Reader(HTMLParser):
    """Reads a page as a browser does, and remembers what a test asks for."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.rows: list[list[tuple[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if {"td", "th"} & set(self.open):
            tag, before = self.rows[-1][-1]
            self.rows[-1][-1] = (tag, before + data)


def page(found: Report) -> tuple[str, Reader]:
    text = render_report(found, TRACE, to="html")
    reader = Reader()
    reader.feed(text)
    reader.close()
    return text, reader


@EVERY
def test_the_web_page_is_well_formed(make: Callable[[], Report]) -> None:
    """Every element is closed in its order, every formula is XML, ids are single."""
    text, reader = page(make())
    assert reader.open == []
    for formula in re.findall(r"<math.*?</math>", text, re.DOTALL):
        ElementTree.fromstring(formula.replace("&#x2061;", ""))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [a["href"] for tag, a in reader.tags if tag == "a"]
    assert all(link and link[1:] in ids for link in links)


@EVERY
def test_the_web_page_stands_alone(make: Callable[[], Report]) -> None:
    """Nothing is fetched from anywhere, nothing runs."""
    text, reader = page(make())
    for tag, attributes in reader.tags:
        assert tag not in {"script", "link", "img", "iframe", "object"}
        assert not {"src", "onload", "onclick", "onerror", "style"} & attributes.keys()
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_the_web_page_can_be_read_without_colours_and_eyes() -> None:
    """A language, a title, headings of columns and rows, the marks in words, both schemes."""
    text, reader = page(small())
    assert ("html", {"lang": "en"}) in reader.tags
    assert "<title>A small network: the sheet, checked</title>" in text
    head, *rows = reader.rows
    assert [tag for tag, _ in head] == ["th"] * 6
    assert all(a == {"scope": "col"} for t, a in reader.tags[:60] if t == "th" and a != {})
    assert [row[1][0] for row in rows] == ["th"] * 5
    marks = [row[3][1] for row in rows]
    assert marks == ["correct", "correct", "wrong", "carried from 4", "missing"]
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_formulas_of_the_web_page_are_mathml() -> None:
    """The right line and the mistaken one stand there with names and with numbers; where a phone
    is too narrow for one, the keyboard scrolls it."""
    text, _ = page(small())
    assert "<mn>0.4</mn><mo>·</mo><mn>0.65</mn><mo>+</mo><mn>0.6</mn>" in text
    assert '<div class="side wrong" tabindex="0">' in text


def test_what_a_student_typed_is_only_text_on_the_web_page() -> None:
    """Tags in names come out as characters; control characters do not come out."""
    text, reader = page(hostile())
    assert "<script" not in text
    shown = "".join(reader.text)
    assert shown.count("<script>alert(1)</script> | $x_1$") == 5  # titles, heading, row, note
    assert "\x1b" not in text


def test_a_terminal_is_not_told_what_to_do_by_a_name() -> None:
    """No escape sequence of a sheet reaches the terminal."""
    assert "\x1b" in HOSTILE
    assert "\x1b" not in render_report(hostile(), TRACE)


# --- LaTeX ------------------------------------------------------------------------------------


@EVERY
def test_latex_is_ascii(make: Callable[[], Report]) -> None:
    """The fragment survives any input encoding."""
    assert render_report(make(), TRACE, to="latex").isascii()


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_latex_compiles(tmp_path: Path) -> None:
    """All reports in one document, and one as a document of its own, without a complaint."""
    bodies = [render_report(make(), TRACE, to="latex") for make in ALL.values()]
    head = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{tracer}\n"
    body = "\n\\clearpage\n".join(bodies)
    (tmp_path / "all.tex").write_text(f"{head}\\begin{{document}}\n{body}\n\\end{{document}}\n")
    alone = render_report(upstream(), TRACE, to="latex", standalone=True)
    (tmp_path / "alone.tex").write_text(alone)
    styles = {**os.environ, "TEXINPUTS": f"{packaged_folder() / 'latex'}:"}
    for name in ("all.tex", "alone.tex"):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", name]
        ran = subprocess.run(
            command, cwd=tmp_path, env=styles, capture_output=True, timeout=120, check=False
        )
        log = ran.stdout.decode("latin-1")
        assert ran.returncode == 0, log[-3000:]
        assert "Undefined" not in log
        for wide in re.findall(r"Overfull \\hbox \((\d+)\.", log):
            assert int(wide) < 20 or name == "all.tex", log


def test_latex_hostile_names() -> None:
    """A name cannot call a macro."""
    text = render_report(hostile(), TRACE, to="latex")
    assert r"\textbackslash{}input\{/etc/passwd\}" in text
    assert r"\input{/etc" not in text


# --- Markdown ---------------------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("flavor", ["github", "dollar", "plain", "ascii"])
def test_markdown_tables_are_tables(make: Callable[[], Report], flavor: str) -> None:
    """Every row has six cells, and a name cannot open a cell, a tag or a formula."""
    text = render_report(make(), TRACE, to="markdown", flavor=flavor)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) > 2
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 7
        assert not re.search(r"(?<!\\)<", row)
    assert "\n\n\n" not in text
    assert flavor != "ascii" or text.isascii()


def test_katex_takes_the_formulas_of_reports() -> None:
    """GitHub's Markdown holds only formulas that KaTeX in strict mode takes."""
    formulas = []
    for make in ALL.values():
        text = render_report(make(), TRACE, to="markdown")
        formulas += re.findall(r"\$`(.*?)`\$", text)
        formulas += re.findall(r"```math\n(.*?)\n```", text, re.DOTALL)
    assert len(formulas) > 15
    assert katex_errors(formulas) == []
