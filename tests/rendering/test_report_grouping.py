"""The same mistake in several values is told once; what was typed is shown as it looks when set."""

from __future__ import annotations

import pytest

from tests.files.sheets.traces import mazur
from tracer.checking.marking import check
from tracer.files.sheets import read_sheet
from tracer.rendering.report import render_report

SIGNS = {"z1[1]": "0.3775", "a1[1]": "0.5933", "z1[2]": "0.3925", "a1[2]": "0.5969",
         "z2[1]": "1.1059", "z2[2]": "1.2249", "a2[1]": "0.7514", "a2[2]": "0.7729",
         "w2[1,1]@1": "0.4411", "w2[1,2]@1": "0.4913", "w2[2,1]@1": "0.4887"}  # fmt: skip
"""The output weights after a step in the wrong direction."""


@pytest.mark.parametrize("to", ["terminal", "markdown", "latex", "html"])
def test_a_mistake_that_is_made_again_is_told_once(to: str) -> None:
    """One paragraph for three weights: 0.4 + 0.0411, 0.45 + 0.0413, 0.5 - 0.0113."""
    report = check(mazur(), SIGNS)
    assert [v.statement.n for v in report.verdicts if v.status == "wrong"] == [9, 10, 11]
    text = " ".join(render_report(report, mazur(), to=to).split())
    assert text.count("in the wrong direction") == 1
    assert "The same mistake was made in 2 values more: lines 10 and 11." in text


def test_every_mark_on_the_page_leads_somewhere() -> None:
    """The marks of values that are told together lead to that paragraph."""
    text = render_report(check(mazur(), SIGNS), mazur(), to="html")
    for n in (9, 10, 11):
        assert text.count(f'id="n{n}"') == text.count(f'href="#n{n}"') == 1


def test_the_false_step_is_shown_without_markup() -> None:
    """A member typed in LaTeX is set like every formula of the report."""
    line = r"net_{h1} = 0.15 \cdot 0.05 + 0.2 \times 0.1 + 0.35 = 0.3875"
    sheet = read_sheet(f"${line}$\n", mazur())
    text = " ".join(render_report(check(mazur(), sheet), mazur()).split())
    assert "up to its last 0.15·0.05 + 0.2·0.1 + 0.35; the result" in text
    assert "\\" not in text


def test_the_cells_of_an_array_have_their_places() -> None:
    """Two numbers under one name are told apart."""
    sheet = read_sheet("net^(1) = [0.3775, 0.3925]\n", mazur())
    text = render_report(check(mazur(), sheet), mazur())
    assert "net^(1)[1]" in text
    assert "net^(1)[2]" in text
