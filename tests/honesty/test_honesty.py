"""Every number on a page follows from the numbers that the page prints.

`judging` reads pages of all formats, notations and rounding policies, without any code of
tracer, and works out each line from its printed operands.  A short run reads 60 documents,
the long one (``--full``) 2,000; the examples are read in every format.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from tests.honesty.documents import (
    DETAILS,
    FORMATS,
    FORMS,
    NOTATIONS,
    OTHERS,
    POLICIES,
    Document,
    document,
)
from tests.honesty.judging import judge
from tests.honesty.ranges import TOO_LARGE
from tests.honesty.report import Report
from tests.honesty.webpage import disagreeing
from tests.oracles.networks import ACTIVATIONS, OUTPUTS
from tests.pages.examples import EXAMPLES, LAYERS, name_of, traced
from tracer.rendering.page import render

SHORT, LONG, PACK = 60, 2000, 50
ALL = [*EXAMPLES, *LAYERS]
"""The examples, one of each layer type among them."""


@lru_cache(maxsize=SHORT)
def read(seed: int) -> tuple[Document, Report]:
    """A document, and what the reader found in it."""
    made = document(seed)
    return made, judge(made.text)


def complaints(made: Document, report: Report) -> list[str]:
    """Everything about a document that must not be."""
    found = [f"does not hold: {line}" for line in report.wrong]
    found += [f"not understood: {line}" for line in report.passed if TOO_LARGE not in line]
    brief = made.chosen["detail"] == "brief"
    lines = report.checked + len(report.left_out) + len(report.passed)
    if not brief and len(report.left_out) > 2 + lines / 5:
        found += [f"numbers are left out: {line}" for line in report.left_out]
    if not report.checked and not brief:
        found.append("no line was checked")
    # pages with all updates, whose tables show the numbers as the lines use them
    whole = "Update 1:" not in made.text.replace("\\", "") and not made.chosen["givens"]
    if made.chosen["detail"] != "full" and whole:
        found += [f"came from nowhere: {line}" for line in report.unseen]
    return [f"document {made.seed}, {made.chosen}: {line}" for line in found]


@pytest.mark.parametrize("seed", range(SHORT))
def test_every_line_holds(seed: int) -> None:
    """No line with = is wrong, none with numbers is passed over, no number is new."""
    assert complaints(*read(seed)) == []


@pytest.mark.full
@pytest.mark.parametrize("start", range(SHORT, LONG, PACK))
def test_every_line_of_many_documents_holds(start: int) -> None:
    """The same for 2,000 documents in all."""
    seeds = range(start, min(start + PACK, LONG))
    pairs = [(made := document(seed), judge(made.text)) for seed in seeds]
    assert [line for pair in pairs for line in complaints(*pair)] == []
    assert sum(report.checked for _, report in pairs) > 40 * len(pairs)


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_every_line_of_the_examples_holds(path: Path) -> None:
    """The examples, with scalars and matrices, factor by factor; each in two of the formats."""
    found = traced(path)
    first = EXAMPLES.index(path)
    for number, form in enumerate([FORMATS[first % 5], FORMATS[(first + 2) % 5]]):
        to = ("latex", "") if form == "latex" else ("markdown", form)
        page = render(found, *to, detail=DETAILS[number], form="both")
        report = judge(str(page))
        assert report.wrong == [], form
        assert report.passed == [], form
        assert report.checked > 0 or found.symbolic


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_line_of_the_examples_holds_in_latex_and_typst(path: Path) -> None:
    """The same in LaTeX, and as the PDF without TeX is made of, half of them with decimal
    commas; the reader understands as much of the one as of the other."""
    comma = ALL.index(path) % 2 > 0
    page, other = (
        judge(str(render(traced(path), to=to, detail="full", form="both", comma=comma)))
        for to in ("typst", "latex")
    )
    assert (page.wrong, page.passed) == ([], [])
    assert (other.wrong, other.passed) == ([], [])
    assert page.checked >= other.checked
    assert (page.rows, page.sentences) == (other.rows, other.sentences)


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_line_of_the_examples_holds_in_html(path: Path) -> None:
    """The same as web pages, and a quantity shows one number in lines, tables and drawing."""
    comma = ALL.index(path) % 2 > 0
    text = str(render(traced(path), to="html", detail="full", form="both", comma=comma))
    page = judge(text)
    other = judge(str(render(traced(path), to="latex", detail="full", form="both", comma=comma)))
    assert (page.wrong, page.passed, disagreeing(text)) == ([], [], [])
    assert page.checked >= other.checked
    assert (page.rows, page.sentences) == (other.rows, other.sentences)


def test_the_short_run_meets_everything() -> None:
    """Every format, notation, policy, detail, form, activation and loss is among them."""
    chosen = [read(seed)[0].chosen for seed in range(SHORT)]

    def met(key: str) -> set[str]:
        return {word for one in chosen for word in one.get(key, "").split()}

    assert met("format") == {*FORMATS, *OTHERS.values()}
    assert met("notation") == set(NOTATIONS)
    assert met("policy") == set(POLICIES)
    assert met("detail") == set(DETAILS)
    assert met("form") == set(FORMS)
    assert met("kind") == {"layers", "equations"}
    assert "comma" in met("comma")
    assert len(met("activations")) > 0.8 * len(ACTIVATIONS)
    assert met("activations") >= {"identity", "sigmoid", "tanh", "relu", "softmax"}
    assert met("loss") == set(OUTPUTS)


def test_nearly_everything_is_checked() -> None:
    """The reader does not pass over lines: some fifty of each document are worked out."""
    reports = [read(seed) for seed in range(SHORT)]
    whole = [report for made, report in reports if made.chosen["detail"] != "brief"]
    checked = sum(report.checked for report in whole)
    left_out = sum(len(report.left_out) for report in whole)

    assert checked > 50 * len(whole)
    assert left_out < checked / 50
    assert sum(report.by_name for _, report in reports) > 30 * SHORT
    assert sum(report.rows for _, report in reports) > 10 * SHORT


def test_equality_is_said_wherever_it_holds() -> None:
    """Saying about everywhere would be easy: only ties, which depend on a rule, are spared."""
    reports = [read(seed)[1] for seed in range(SHORT)]
    approximate = sum(report.approximate for report in reports)
    needless = sum(len(report.needless) for report in reports)

    assert approximate < sum(report.checked for report in reports) / 2
    assert needless < approximate / 20
