"""PDFs by Typst: every example keeps to PDF/UA, and hostile text stays text.

Typst itself checks the standard while it writes the file: every formula and picture has
its words, every table its head, every character its font.
"""

from __future__ import annotations

import builtins
import re
from pathlib import Path
from typing import Any

import pytest

from tests.pages.examples import EXAMPLES, LAYERS, NOTATIONS, TWO, name_of, traced
from tests.rendering.problems import mazur
from tracer.errors import MissingTool, TracerError
from tracer.rendering.page import Page, render

typst = pytest.importorskip("typst", reason="typst is not installed")

ALL = [*EXAMPLES, *LAYERS]
NASTY = [
    "50 % of #x & $a$ *b* _c_ `d` @e <f> [g] {h} ~ ^ \\ / // /* ' \"",
    '#eval(sys.version) ] #image("/etc/passwd")',
    "= no heading",
    "1. no list, + none, - none, / none: none",
    "https://example.org --- ... -?",
    "$",
    "]",
    "\\",
    "反向传播 😀 δ żółw",
    "\u202eabc\x07\n= second line",
]
"""Titles that mean something in Typst, or for which its fonts have no characters."""


def pdf(page: Page) -> bytes:
    """The PDF of a page."""
    made = page.pdf()
    assert made.startswith(b"%PDF-1.7")
    return made


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_example(path: Path) -> None:
    """Accepted under PDF/UA-1, half of them with matrices, each in one of the languages."""
    place = ALL.index(path)
    form, language = ("both", "scalar")[place % 2], ("en", "de", "es")[place % 3]
    made = pdf(render(traced(path), to="typst", form=form, language=language))
    assert re.search(rb"/Lang\s*\(" + language.encode() + rb"\)", made)


@pytest.mark.full
@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_example_in_full(path: Path) -> None:
    """The same with every chain rule factor by factor."""
    for form in ("scalar", "matrix"):
        pdf(render(traced(path), to="typst", form=form, detail="full"))


@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_notation(notation: str) -> None:
    """Names with accents, words, brackets and several raised marks."""
    for path in TWO:
        pdf(render(traced(path), to="typst", notation=notation))


def test_it_says_that_it_keeps_to_the_standard() -> None:
    """The file names PDF/UA, its language, and a title; it has structure."""
    made = pdf(render(mazur(), to="typst"))
    assert b"pdfuaid:part" in made
    assert re.search(rb"/Lang\s*\(en\)", made)
    assert b"Mazur 2-2-2" in made
    assert b"/StructTreeRoot" in made


@pytest.mark.parametrize("path", [TWO[0], *TWO[1:2]], ids=name_of)
@pytest.mark.parametrize("answers", [False, True], ids=["sheet", "key"])
def test_an_exercise_is_read_aloud_as_well(path: Path, answers: bool) -> None:
    """A sheet and its key keep to the same standard: each blank is said."""
    page = render(traced(path), to="typst", exercise=True, answers=answers)
    pdf(page)

    assert ('"blank", $#blank(' in page.text) == (not answers)


def test_every_formula_has_words() -> None:
    """In the source, each formula stands behind its words; only its later rows need none."""
    text = str(render(traced(TWO[0]), to="typst", form="both", detail="full"))
    body = text[text.index("#show: worked") :]
    formulas = re.findall(r'("(?:[^"\\]|\\.)*"), \$', body)

    assert len(formulas) > 100
    said = [words for words in formulas if words != '""']
    assert len(said) > 0.9 * len(formulas)
    assert not any(re.search(r"[\\$^_=]", words) for words in said)


@pytest.mark.parametrize("text", NASTY)
def test_a_nasty_title_stays_a_title(text: str) -> None:
    """It compiles, and nothing of it is executed or starts something new."""
    page = render(mazur(name=text), to="typst")
    pdf(page)
    for line in page.text.splitlines():
        assert not line.startswith(("= ", "#eval", "#image"))


def test_the_same_page_gives_the_same_bytes() -> None:
    """No date, no random name: two files of one page are equal."""
    page = render(mazur(), to="typst")
    assert page.pdf() == page.pdf()


def test_only_typst_becomes_a_pdf() -> None:
    """A page of another format says what would."""
    with pytest.raises(TracerError, match='to="typst"'):
        render(mazur()).pdf()


def test_a_slip_in_a_template_is_told(tmp_path: Path) -> None:
    """What Typst has against a template of one's own is an error in words."""
    (tmp_path / "typst").mkdir()
    (tmp_path / "typst" / "page.typ").write_text("#nothing\n")
    with pytest.raises(TracerError, match="Typst refuses the page: unknown variable"):
        render(mazur(), to="typst", templates=str(tmp_path)).pdf()


def test_without_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its absence is a missing tool, with the command that installs it."""
    real = builtins.__import__

    def absent(name: str, *rest: Any, **more: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, *rest, **more)

    page = render(mazur(), to="typst")
    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(MissingTool, match="pip install typst"):
        page.pdf()
