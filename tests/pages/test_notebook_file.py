"""Notebooks: what Jupyter's own libraries say of the ones that are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.examples import EXAMPLES, LAYERS, name_of, traced
from tracer.files.writing import dump
from tracer.rendering.page import render

nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")


@pytest.mark.parametrize("path", [*EXAMPLES, *LAYERS], ids=name_of)
def test_every_example_is_a_valid_notebook(path: Path) -> None:
    """nbformat accepts it, every cell says something, and its last cell holds the problem; the
    cell before the two of code says what they are for."""
    found = traced(path)
    written = render(found, to="ipynb", source=dump(found.problem), fold=True, exercise=True).text
    notebook = nbformat.reads(written, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.source.strip() for cell in notebook.cells)
    assert notebook.cells[-1].source.startswith("%%tracer\nformat: 1\n")
    assert "change a number and run both cells" in notebook.cells[-3].source
    assert [cell.cell_type for cell in notebook.cells[-3:]] == ["markdown", "code", "code"]
    for cell in notebook.cells[:-2]:
        assert cell.source.count("<details>") == cell.source.count("</details>")
        assert cell.source.count("\n$$") % 2 == 0


def test_it_runs(tmp_path: Path) -> None:
    """Jupyter executes it: the problem's cell shows the worked example, and HTML comes out."""
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    found = traced(EXAMPLES[0])
    written = render(found, to="ipynb", source=dump(found.problem)).text
    notebook = nbformat.reads(written, as_version=4)
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (shown,) = notebook.cells[-1].outputs
    assert "text/markdown" in shown.data
    html, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    assert html.count("begin{aligned") >= written.count("begin{aligned")


def test_the_cell_gives_the_page_that_was_asked_for(tmp_path: Path) -> None:
    """Run again, the problem of a German page with every factor gives a German page with them."""
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    found = traced(EXAMPLES[0])
    source = dump(found.problem)
    written = render(found, to="ipynb", source=source, language="de", detail="full").text
    notebook = nbformat.reads(written, as_version=4)
    assert notebook.cells[-1].source.startswith("%%tracer --detail full --language de\nformat: 1")
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (shown,) = notebook.cells[-1].outputs
    assert "## R\u00fcckw\u00e4rtsdurchlauf" in shown.data["text/markdown"]


def test_every_example_becomes_a_page() -> None:
    """nbconvert makes HTML of all of them, and no formula is lost on the way."""
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed")
    exporter = nbconvert.HTMLExporter()
    for path in [*EXAMPLES, *LAYERS]:
        written = render(traced(path), to="ipynb", source=dump(traced(path).problem)).text
        html, _ = exporter.from_notebook_node(nbformat.reads(written, as_version=4))
        formulas = written.count(r"\\begin{aligned") + written.count(r"\\begin{gathered")
        assert html.count(r"\begin{aligned") + html.count(r"\begin{gathered") >= formulas > 0, path
