"""The calculations of two articles, read from their lines and from the articles themselves.

What they state is known from the published calculations in ``tests/data``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.backprop.test_calculations import DATA, our_key
from tests.files.sheets.traces import EXAMPLES, SHEETS, traced
from tests.oracles.reading import KEY
from tracer.files.sheets import open_sheet, read_article
from tracer.formula.nodes import Node
from tracer.formula.parsing import parse
from tracer.model.answer import Sheet

CASES = {
    "002": ("002-explained", "articles/002-three-digits.yaml", "article-002.txt"),
    "004": ("003-geeksforgeeks", "articles/004-without-biases.yaml", "article-004.tex"),
}


def published(name: str) -> set[tuple[Node, str]]:
    """What a calculation of ``tests/data`` states, as formulas over our keys."""
    return {
        (parse(KEY.sub(lambda m: our_key(m[0], "layers"), one["quantity"])), one["stated"])
        for one in DATA[name]["quantities"]
    }


def found(sheet: Sheet) -> set[tuple[Node, str]]:
    """What a sheet states."""
    return {(s.formula, s.written.text) for s in sheet.statements if s.written}


@pytest.mark.parametrize("case", CASES)
def test_the_lines_of_the_article(case: str) -> None:
    """Every value that the article states is read from its lines, and nothing else."""
    name, problem, sheet = CASES[case]
    assert found(open_sheet(SHEETS / sheet).read(traced(problem))) == published(name)


@pytest.mark.articles
@pytest.mark.parametrize("case", CASES)
def test_the_article_itself(case: str) -> None:
    """The same values are read from the whole text of the article."""
    path = Path(os.environ["TRACER_ARTICLES"]) / f"article-{case}.txt"
    name, problem, _ = CASES[case]
    assert found(read_article(path, traced(problem))) == published(name)
    assert found(open_sheet(path).read(traced(problem))) == published(name)


def test_there_are_as_many_as_the_data_says() -> None:
    """33 values in the one, 23 in the other; two of the latter are numbers put in for names."""
    assert [len(published(name)) for name, _, _ in CASES.values()] == [33, 23]


@pytest.mark.parametrize("path", sorted(SHEETS.glob("0*")), ids=lambda path: path.stem)
def test_the_fourteen_as_sheets(path: object) -> None:
    """Each example sheet names its problem and states the values of the published calculation."""
    sheet = open_sheet(path)  # type: ignore[arg-type]
    data = DATA[path.stem]  # type: ignore[attr-defined]
    assert sheet.problem() == traced(data["problem"]).problem
    statements = sheet.read(traced(data["problem"])).statements
    assert [s.written.text for s in statements if s.written] == [
        one["stated"] for one in data["quantities"]
    ]
    for statement, one in zip(statements, data["quantities"], strict=True):
        key = KEY.sub(
            lambda m, one=one: (
                m[0] if one["quantity"][m.end() :].startswith("(") else our_key(m[0], data["kind"])
            ),
            one["quantity"],
        )
        turned = traced(data["problem"]).problem.conventions.delta == "t-o"
        deltas = key.startswith(("delta", "da"))
        assert statement.formula == parse(key)
        if one["stated"].strip("0.") and deltas:
            assert (one.get("sign") == "negated") == (statement.negated != turned)


def test_all_fourteen_are_here() -> None:
    """One sheet for each published calculation, and the two articles."""
    assert {path.stem for path in SHEETS.glob("0*")} == set(DATA)
    assert EXAMPLES.is_dir()
