"""Markdown as it is rendered: KaTeX in its strict mode takes every formula of the examples."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pages.examples import EXAMPLES, NOTATIONS, TWO, name_of, traced
from tests.rendering.katex import katex_errors
from tracer.rendering.page import render

_BLOCKS = {
    "github": re.compile(r"^```math\n(.*?)^```$", re.DOTALL | re.MULTILINE),
    "dollar": re.compile(r"^\$\$\n(.*?)^\$\$$", re.DOTALL | re.MULTILINE),
}
_INLINE = {
    "github": re.compile(r"\$`(.+?)`\$"),
    "dollar": re.compile(r"(?<![\\$])\$(?!\$)(.+?)(?<!\\)\$(?!\d)"),
}


def formulas(page: str, flavor: str) -> list[str]:
    """All formulas of a page, by the delimiters of its flavor."""
    rest = _BLOCKS[flavor].sub("", page)
    return [*_BLOCKS[flavor].findall(page), *_INLINE[flavor].findall(rest)]


def outside(page: str, flavor: str) -> str:
    """What is left of a page without its formulas."""
    return _INLINE[flavor].sub("", _BLOCKS[flavor].sub("", page))


def refused(found: list[str]) -> list[str]:
    """What KaTeX has against these formulas, each asked once, in one process."""
    return katex_errors(list(dict.fromkeys(found)))


@pytest.mark.parametrize("flavor", ["github", "dollar"])
def test_every_formula_of_every_example(flavor: str) -> None:
    """Nothing is refused, scalar and matrix form, the chain rule factor by factor."""
    pages = [
        str(render(traced(path), flavor=flavor, form="both", detail="full")) for path in EXAMPLES
    ]
    found = [formula for page in pages for formula in formulas(page, flavor)]

    assert len(found) > 1000
    assert refused(found) == []


def test_every_notation() -> None:
    """The same for one sample and for a batch, in every book's names."""
    pages = [
        str(render(traced(path), notation=notation, form="both", comma=place % 2 > 0))
        for path in TWO
        for place, notation in enumerate(NOTATIONS)
    ]
    found = [formula for page in pages for formula in formulas(page, "github")]

    assert len(found) > 500
    assert refused(found) == []


@pytest.mark.parametrize("flavor", ["github", "dollar"])
@pytest.mark.parametrize("path", TWO, ids=name_of)
def test_no_formula_escapes_its_delimiters(path: Path, flavor: str) -> None:
    """Outside formulas no macro, no dollar sign and no raised mark is left."""
    for notation in NOTATIONS:
        text = outside(str(render(traced(path), flavor=flavor, notation=notation)), flavor)
        assert not re.search(r"[$^_]|\\[a-z]", text)


def test_lines_of_a_dollar_block_cannot_become_lists() -> None:
    """CommonMark reads a line that begins with a sign as a list or a heading."""
    for path in EXAMPLES:
        page = str(render(traced(path), flavor="dollar", form="both"))
        for block in _BLOCKS["dollar"].findall(page):
            lines = block.splitlines()
            assert "" not in lines
            assert not any(re.match(r"\s*([-+=#>*]|\d+[.)])(\s|$)", line) for line in lines), block


@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
@pytest.mark.parametrize("flavor", ["dollar", "quarto"])
def test_pandoc_takes_every_formula(flavor: str) -> None:
    """It turns each of them into MathML, and warns of none."""
    pages = [
        str(render(traced(path), flavor=flavor, form="both", fold=flavor == "quarto"))
        for path in EXAMPLES
    ]
    count = sum(len(formulas(page, "dollar")) for page in pages)
    done = subprocess.run(
        ["pandoc", "-f", "markdown", "-t", "html", "--mathml"],
        input="\n\n".join(pages),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.count("<math ") == count > 1000
