"""The page of HTML as a file: it stands alone, says all that Markdown says, can be changed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.cli.runs import run
from tests.honesty.webpage import Element, tree_of
from tests.pages.examples import FOLDER, NOTATIONS, TWO, name_of, traced
from tracer.rendering.content import Content
from tracer.rendering.page import render

SMALL = [FOLDER / "mazur.yaml", FOLDER / "calculations" / "001-mazur.yaml"]
"""The 2-2-2 network that everybody knows, to nine figures."""
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'n' </style>"


def elements(page: str, tag: str = "") -> list[Element]:
    """All elements of a page, or those with a tag."""
    return [one for one in tree_of(page).all(tag) if one.tag]


@pytest.mark.parametrize("path", TWO, ids=lambda path: path.stem)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_elements_close_ids_are_single_and_links_lead_somewhere(path: Path, notation: str) -> None:
    """In every notation: well-formed, each id once, and a line's mark, told or not, is its id."""
    page = str(render(traced(path), to="html", notation=notation, form="both"))
    found = elements(page)
    ids = [one.attributes["id"] for one in found if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    blanks = [one for one in found if "data-is" in one.attributes]
    for line in blanks:
        (result,) = (one for one in line.all("b"))
        (marked,) = {one.attributes.get("data-v") for one in result.all()} - {None} or {""}
        assert marked in ("", line.attributes["id"])
    assert len(blanks) > 40


def test_nothing_comes_from_a_network() -> None:
    """No address is fetched, the policy forbids it, and no handler stands in an attribute."""
    page = str(render(traced(TWO[0]), to="html"))
    for one in elements(page):
        assert one.tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {name for name in one.attributes if name.startswith("on") or name == "src"}
        assert "style" not in one.attributes
    style = page[page.index("<style>") : page.index("</style>")]
    assert not re.search(r"url\((?!#)|@import", style)
    (policy,) = [m for m in elements(page, "meta") if "http-equiv" in m.attributes]
    assert policy.attributes["content"].startswith("default-src 'none'")
    script = page[page.rindex("<script>") :]
    assert not re.search(r"fetch|XMLHttp|import\(|eval|innerHTML|https?:", script)


def test_it_says_what_markdown_says() -> None:
    """Sections, sentences, lines, tables and the proof are the same content."""
    trace = traced(TWO[1])
    html, markdown = (render(trace, to=to, form="both", detail="full").content
                      for to in ("html", "markdown"))  # fmt: skip

    def shape(content: Content) -> list[object]:
        found: list[object] = []
        for part in content.parts:
            found += [part.heading, len(part.check)]
            for section in part.sections:
                found += [section.heading, len(section.tables)]
                for group in section.groups:
                    found += [group.rule, bool(group.why), bool(group.definition)]
                    found += [len(group.remarks)]
                    for block in (*group.blocks, *group.chain):
                        found += [line.key for line in block.lines]
        return found

    assert shape(html) == shape(markdown)
    assert bool(html.proof) == bool(markdown.proof)


def test_every_formula_can_be_read_aloud() -> None:
    """MathML says it all: products and functions have their signs, and nothing hides a formula."""
    page = str(render(traced(TWO[0]), to="html", form="both", detail="full"))
    formulas = [one for one in elements(page, "math") if any(one.all("mi"))]
    assert len(formulas) > 150
    for formula in formulas:
        around = {name for one in formula.all() for name in one.attributes}
        assert not around & {"aria-label", "aria-hidden", "role", "hidden"}
    (line,) = [one for one in elements(page, "p") if one.attributes.get("id") == "z2-1"]
    assert [one.shown() for one in line.inside] == [
        "neto1",
        "=w5\u2062outh1+w6\u2062outh2+b2",
        "=0.40·0.593269992+0.45·0.596884378+0.60",
        "= 1.10590597",
    ]
    (line,) = [one for one in elements(page, "p") if one.attributes.get("id") == "a1-1"]
    assert line.inside[1].shown() == "=σ\u2061(neth1)"


def test_a_number_that_is_only_passed_on_is_printed_once() -> None:
    """A bias's gradient is its delta: its number stands once, as in every other format."""
    page = tree_of(str(render(traced(FOLDER / "layers" / "residual.yaml"), to="html")))
    lines = [one for one in page.all("p") if one.attributes.get("id", "").startswith("db")]
    sides = [re.split("[=≈]", one.shown()) for one in lines]
    assert len(sides) > 2
    assert all(len(side) == len(set(map(str.strip, side))) for side in sides), sides


@pytest.mark.parametrize("path", SMALL, ids=name_of)
def test_the_page_stays_light(path: Path) -> None:
    """A 2-2-2 network, drawing, blanks and both passes included, as a file and as it is sent."""
    page = str(render(traced(path), to="html")).encode()
    assert len(page) < 60_000
    assert len(gzip.compress(page)) < 20_000


def test_a_block_of_ones_own(tmp_path: Path) -> None:
    """A template that builds on the packaged one replaces a region and adds to the style."""
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "page.html").write_text(
        '<% extends "packaged/html/page.html" %>\n'
        "<% block intro %><p>Homework 3.</p><% endblock %>\n"
        "<% block style %><< super() >><style>h1 { color: teal }</style><% endblock %>\n"
        "<% block proof %><% endblock %>",
        encoding="utf-8",
    )
    page = str(render(traced(TWO[0]), to="html", templates=str(tmp_path)))
    assert "Homework 3." in [one.shown() for one in elements(page, "p")]
    assert "teal" in page
    assert "central differences" not in page
    assert "z1-1" in {one.attributes.get("id") for one in elements(page)}


def test_what_a_person_wrote_is_only_text() -> None:
    """A name of a problem with tags in it comes out as characters."""
    from dataclasses import replace

    trace = traced(TWO[0])
    found = replace(trace, problem=replace(trace.problem, name=HOSTILE))
    page = str(render(found, to="html"))
    assert [one.shown() for one in elements(page, "h1")] == [HOSTILE]
    assert len(elements(page, "script")) == 1
    assert len(elements(page, "style")) == 2  # the page's and the drawing's


def test_the_same_twice(tmp_path: Path) -> None:
    """The command writes the page, and the same bytes each time."""
    problem = str(FOLDER / "mazur.yaml")
    for name in ("one.html", "two.html"):
        made = run("solve", problem, "--to", "html", "-o", str(tmp_path / name))
        assert made.exit_code == 0
    one, two = ((tmp_path / name).read_bytes() for name in ("one.html", "two.html"))
    assert one == two
    assert one.startswith(b"<!doctype html>")
