"""Diagrams as they are drawn: TikZ compiled, Typst accepted as accessible, SVG in a browser.

The browser measures every text, so that the layout's own idea of how wide letters are is
held against real ones.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from tests.pages.examples import EXAMPLES, FOLDER, traced
from tests.pages.test_latex import complaints, log_of
from tests.rendering.test_diagram import HOSTILE, hostile
from tracer.model.trace import Trace
from tracer.rendering.diagram import STAGES, diagram, draw
from tracer.rendering.diagram.shapes import Diagram, Label

SHOWN = ("mazur", "articles/001-sparse", "articles/004-without-biases", "articles/003-houses",
         "catalogue/lstm", "catalogue/recurrent", "catalogue/attention", "catalogue/convolutional",
         "catalogue/gate-circuit", "catalogue/batch-norm")  # fmt: skip


@cache
def example(name: str) -> Trace:
    return traced(FOLDER / f"{name}.yaml")


def layouts() -> list[tuple[str, Diagram]]:
    """One drawing of each kind, and each stage of one of them."""
    found = [(name, diagram(example(name))) for name in SHOWN]
    found += [(stage, diagram(example("mazur"), stage, notation="ng")) for stage in STAGES]
    found.append(("lit", diagram(example("mazur"), highlight="delta1[1]")))
    found.append(("hostile", diagram(hostile())))
    return found


def test_tikz_compiles(tmp_path: Path) -> None:
    """Every kind of drawing, no error, and nothing sticks out of the page."""
    pictures = [(name, draw(layout, "tikz")) for name, layout in layouts()]

    assert complaints(log_of(tmp_path, pictures)) == []


def test_a_tikz_document_compiles(tmp_path: Path) -> None:
    """A document of its own needs nothing of tracer's."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    source = draw(diagram(example("mazur")), "tikz", standalone=True)
    (tmp_path / "network.tex").write_text(source, encoding="ascii")
    made = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "network"],
        cwd=tmp_path, capture_output=True, timeout=120,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout[-2000:]


@pytest.mark.parametrize("name", [*SHOWN, "hostile"])
def test_typst_accepts_it_as_accessible(name: str) -> None:
    """PDF/UA-1: every formula of the drawing has its words, and so has the drawing."""
    typst = pytest.importorskip("typst")
    found = hostile() if name == "hostile" else example(name)
    source = draw(diagram(found), "typst", standalone=True).encode()
    pdf = typst.compile(source, format="pdf", pdf_standards="ua-1", ignore_system_fonts=True)
    assert pdf.startswith(b"%PDF")


def measured(layout: Diagram, folder: Path) -> list[dict[str, float]]:
    """The rectangles of all texts, as Chromium sets them."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("Chromium is not installed")
    page = folder / "page.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><body>" + draw(layout, "svg", id="d") + "<script>"
        "const b=[...document.querySelectorAll('svg text')].map(t=>{const r=t.getBBox();"
        "return {x:r.x,width:r.width}});"
        "const p=document.createElement('pre');p.id='boxes';p.textContent=JSON.stringify(b);"
        "document.body.append(p)</script>",
        encoding="utf-8",
    )
    made = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()],
        capture_output=True, timeout=120, text=True,
    )  # fmt: skip
    match = re.search(r'<pre id="boxes">(.*?)</pre>', made.stdout, re.DOTALL)
    assert match, made.stderr[-1000:]
    found: list[dict[str, float]] = json.loads(unescape(match[1]))
    return found


@pytest.mark.parametrize("name", ["mazur", "articles/003-houses", "catalogue/lstm",
                                  "catalogue/convolutional"])  # fmt: skip
def test_letters_take_no_more_room_than_was_left(name: str, tmp_path: Path) -> None:
    """What a browser draws stays inside the rectangles that the layout kept free."""
    layout = diagram(example(name), "updated")
    labels: list[Label] = layout.labels
    boxes = measured(layout, tmp_path)
    assert len(boxes) == len(labels)
    for label, box in zip(labels, boxes, strict=True):
        kept = label.rect
        slack = 1.5
        assert box["x"] >= kept.x - slack, label
        assert box["x"] + box["width"] <= kept.right + slack, label


def test_the_hostile_name_is_shown_as_it_is(tmp_path: Path) -> None:
    """In the browser it is the title's text, and nothing else."""
    layout = diagram(hostile())
    assert layout.title == HOSTILE
    assert measured(layout, tmp_path)


def test_no_example_is_without_a_drawing() -> None:
    """Whatever can be calculated can be drawn, in every format."""
    for path in EXAMPLES:
        layout = diagram(traced(path))
        for to in ("svg", "tikz", "typst"):
            assert draw(layout, to)
        assert replace(layout, title="x").description
