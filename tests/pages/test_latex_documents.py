"""Whole LaTeX documents: an article, slides and a sheet of every example compile.

Each example is a document here, so a short run takes every document of the first example
and a choice of the others in turn; ``--full`` takes all of them with both engines, in
German and in French.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from tests.honesty.lexing import braced
from tests.pages.examples import EXAMPLES, FOLDER, LAYERS, TWO, name_of, traced
from tests.pages.tex import ENGINES, LANGUAGES, complaints, in_language, log_of_source
from tests.rendering.problems import mazur
from tracer.errors import TracerError
from tracer.rendering.documents import DOCUMENTS
from tracer.rendering.page import render
from tracer.rendering.pictures import Pictures

SETTINGS = list(product(DOCUMENTS, ENGINES, LANGUAGES))
_LONG = 120_000
"""Characters of slides that take too long for a short run."""


def chosen() -> list[tuple[Path, tuple[str, str, str]]]:
    """Examples with a setting each, so that every setting is met."""
    others = EXAMPLES[1::3]
    return [(path, SETTINGS[place % len(SETTINGS)]) for place, path in enumerate(others)]


def compile_document(path: Path, setting: tuple[str, str, str], folder: Path, **how: object) -> str:
    """The log of an example as a document."""
    kind, engine, babel = setting
    text = str(render(traced(path), to="latex", document=kind, **how))  # type: ignore[arg-type]
    return log_of_source(folder, in_language(text, babel), engine)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_first_example_as_every_document(kind: str, tmp_path: Path) -> None:
    """No error, no box more than a point too wide, no warning of ours."""
    assert complaints(compile_document(TWO[0], (kind, "pdflatex", ""), tmp_path)) == []


@pytest.mark.parametrize(("path", "setting"), chosen(), ids=lambda one: getattr(one, "stem", None))
def test_a_choice_of_documents(path: Path, setting: tuple[str, str, str], tmp_path: Path) -> None:
    """A third of the examples, each in another document, engine and language."""
    kind, engine, babel = setting
    if kind == "beamer" and len(str(render(traced(path), to="latex"))) > _LONG / 4:
        kind = "article"
    assert complaints(compile_document(path, (kind, engine, babel), tmp_path)) == []


@pytest.mark.full
@pytest.mark.parametrize("setting", SETTINGS, ids="-".join)
@pytest.mark.parametrize("path", [*EXAMPLES, *LAYERS], ids=name_of)
def test_every_document(path: Path, setting: tuple[str, str, str], tmp_path: Path) -> None:
    """Every example as every document, with both engines, under three languages."""
    assert complaints(compile_document(path, setting, tmp_path)) == []


def test_the_key_compiles(tmp_path: Path) -> None:
    """With the class option `answers`, in which every blank is filled."""
    log = compile_document(TWO[0], ("exam", "pdflatex", ""), tmp_path, answers=True, comma=True)
    assert complaints(log) == []


def test_one_frame_a_step() -> None:
    """Each line has a frame of its own, whose result appears after its numbers."""
    found = mazur()
    page = render(found, to="latex", document="beamer")
    lines = [
        line
        for part in page.content.parts
        for section in part.sections
        for group in section.groups
        for block in group.blocks
        for line in block.lines
    ]
    frames = re.findall(r"\\begin\{frame\}\[t\].*?\\end\{frame\}", page.text, re.DOTALL)

    assert len(frames) == len(lines) > 40
    assert all(r"\trat{1}" in frame for frame in frames)
    assert all(frame.index(r"\trat{1}") < frame.index(r"\trat{3}") for frame in frames)
    assert all(frame.count(r"\trres") == 1 for frame in frames)


@pytest.mark.parametrize("path", [TWO[0], FOLDER / "articles" / "000-xor-batch.yaml"], ids=name_of)
def test_one_frame_a_section_compiles(path: Path, tmp_path: Path) -> None:
    """Also a batch, whose sections go through all samples."""
    log = compile_document(path, ("beamer", "pdflatex", ""), tmp_path, frames="section")

    assert complaints(log) == []


def test_one_frame_a_section() -> None:
    """All lines are there, in fewer frames; those of one rule are uncovered at once."""
    found = mazur()
    by_step, by_section = (
        str(render(found, to="latex", document="beamer", frames=each))
        for each in ("step", "section")
    )
    frames = re.findall(r"\\begin\{frame\}\[t\].*?\\end\{frame\}", by_section, re.DOTALL)
    slides = [sorted(set(re.findall(r"\\trat\{(\d)\}", frame))) for frame in frames]

    assert re.findall(r"\\trres\{.*\}", by_section) == re.findall(r"\\trres\{.*\}", by_step)
    assert len(frames) * 2 < by_step.count(r"\begin{frame}[t]")
    assert all(frame.count(r"\trres") > 1 for frame in frames[:3])
    assert all(  # formulas from the start, then one rule a slide
        order == [str(place + 1) for place in range(1 + frame.count(r"\begin{alignat*}"))]
        for frame, order in zip(frames, slides, strict=True)
    )


def test_no_slide_waits_for_a_side_that_is_not_there() -> None:
    """Without numbers in the formulas the result is on the second slide."""
    text = str(render(mazur(), to="latex", document="beamer", detail="brief"))

    assert r"\trat{2}" in text
    assert r"\trat{3}" not in text


def test_a_shape_is_set_once() -> None:
    """No two shapes of a talk are alike, and each stands before the first frame that shows it."""
    text = str(render(mazur(), to="latex", document="beamer"))
    shapes = re.findall(r"\\trshape\{(\d+)\}\{%\n(.*?)\n\}\n", text, re.DOTALL)
    order = re.findall(r"\\(trshape|trs)\{(\d+)\}", text[text.index(r"\begin{document}") :])
    known: set[str] = set()

    assert len({drawn for _, drawn in shapes}) == len(shapes) > 100
    for kind, number in order:
        assert (number in known) == (kind == "trs"), (kind, number)
        known.add(number)


def test_drawings_too_large_for_a_slide_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A talk about a large calculation lays out one drawing a phase and no more."""
    asked = []
    layout = Pictures.layout

    def counted(self: Pictures, *moment: str) -> object:
        asked.append(moment)
        return layout(self, *moment)

    monkeypatch.setattr(Pictures, "layout", counted)
    lstm = traced(FOLDER / "layers" / "lstm.yaml")
    text = str(render(lstm, to="latex", document="beamer"))

    assert text.count(r"\begin{frame}") > 100
    assert len(asked) < 10


def test_a_sheet_hides_what_it_asks_for() -> None:
    """Every number that is not given stands in a blank, or behind the switch for answers."""
    page = render(mazur(), to="latex", document="exam")
    body = page.text[page.text.index(r"\begin{questions}") : page.text.index(r"\end{document}")]
    body = re.sub(r"\\ifprintanswers.*?\\fi", "", body, flags=re.DOTALL)
    while blank := re.search(r"\\trblank(?:\[\d+pt\])?(?=\{)", body):
        body = body[: blank.start()] + body[braced(body, blank.end())[1] :]

    assert r"\question[4]" in page.text
    assert not re.search(r"\d\.\d", body)


def test_a_sheet_prints_rules_in_full() -> None:
    """A rule of arrays that is told before its lines is no blank, and nothing is lost of it."""
    text = str(render(traced(FOLDER / "layers" / "lstm.yaml"), to="latex", document="exam"))
    rules = re.findall(r"^z\^\{\(t=2\)\}_\{[ifog]\} &(.*)", text, re.MULTILINE)

    assert len(rules) == 4
    assert all(rule.startswith("= W_{") and "blank" not in rule for rule in rules)


def test_the_key_has_the_points_of_the_sheet() -> None:
    """The same questions; only the class option differs."""
    sheet, key = (
        str(render(mazur(), to="latex", document="exam", answers=a)) for a in (False, True)
    )
    assert key.replace("addpoints,answers", "addpoints") == sheet


@pytest.mark.parametrize("prefix", ["a_b", "a:b", "ä", "a b"])
def test_a_prefix_that_babel_or_tex_would_not_take(prefix: str) -> None:
    """Letters, digits and hyphens are safe in every document; the rest is refused in words."""
    with pytest.raises(TracerError, match="letters, digits and hyphens"):
        render(mazur(), to="latex", prefix=prefix)


def test_an_unknown_document() -> None:
    """The nearest kind of document is named."""
    with pytest.raises(TracerError, match="did you mean 'beamer'"):
        render(mazur(), to="latex", document="beemer")


def test_stacked_lines_in_a_document() -> None:
    """The author's choice goes into the document."""
    assert r"\trlines{stacked}" in str(render(mazur(), to="latex", lines="stacked"))
    assert r"\trlines" not in str(render(mazur(), to="latex"))
