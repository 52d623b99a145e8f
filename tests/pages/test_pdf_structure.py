"""Accessible PDF, seen by a reader that knows nothing of Typst: what PDF/UA-1 asks for is there.

Typst checks the standard while it writes a file; here pypdf opens the files and walks their
structure: language, title, words for every formula and picture, heads of tables, headings in
order, fonts inside.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.pages.examples import FOLDER, name_of, traced
from tracer.rendering.page import render

pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")
pytest.importorskip("typst", reason="typst is not installed")

EXAMPLES = [
    FOLDER / "mazur.yaml",
    FOLDER / "articles" / "000-xor-batch.yaml",
    *(FOLDER / "layers" / f"{name}.yaml" for name in ("lstm", "convolutional")),
    FOLDER / "catalogue" / "attention.yaml",
]


def opened(path: Path, language: str = "en") -> Any:
    """An example's PDF, opened."""
    page = render(traced(path), to="typst", form="both", language=language)
    return pypdf.PdfReader(io.BytesIO(page.pdf()))


def elements(node: Any) -> Iterator[tuple[str, Any]]:
    """The elements of a structure tree in reading order, each with its kind."""
    node = node.get_object()
    if isinstance(node, list):
        for part in node:
            yield from elements(part)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"]), node
        if "/K" in node and not isinstance(node["/K"], int):
            yield from elements(node["/K"])


def kinds(pdf: Any) -> list[tuple[str, Any]]:
    """All elements of a file."""
    return list(elements(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]))


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_everything_seen_has_words(path: Path) -> None:
    """Each formula and each drawing has an alternative text that says something."""
    found = [(kind, element) for kind, element in kinds(opened(path))
             if kind in ("/Formula", "/Figure")]  # fmt: skip

    assert len(found) > 50
    for _, element in found:
        assert str(element.get("/Alt", element.get("/ActualText", ""))).strip()


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_the_file_says_what_it_is(path: Path) -> None:
    """Marked as tagged, with a title that a reader's window shows, and every font inside."""
    pdf = opened(path, "de")
    root = pdf.trailer["/Root"]

    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            described = inner["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_headings_and_tables_are_in_order(path: Path) -> None:
    """No level of headings is left out on the way down, and each table has a head."""
    found = kinds(opened(path))
    levels = [int(kind[2:]) for kind, _ in found if re.fullmatch(r"/H\d", kind)]

    assert levels
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert sum(kind == "/TH" for kind, _ in found) >= sum(kind == "/Table" for kind, _ in found)


def test_the_words_are_those_of_the_language() -> None:
    """The alternative texts of a German page are German."""
    said = " ".join(
        str(element["/Alt"])
        for kind, element in kinds(opened(EXAMPLES[0], "de"))
        if kind == "/Formula" and "/Alt" in element
    )
    assert "partiell E total nach partiell w eins" in said
    assert "open bracket" not in said
