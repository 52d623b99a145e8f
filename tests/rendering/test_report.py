"""The report of a checked sheet: what stands where, in the student's numbers and sign."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from tests.rendering.reports import (
    ALL,
    TRACE,
    chain,
    clean,
    method,
    report,
    small,
    statement,
    turned,
    upstream,
    wrong,
)
from tests.rendering.reports import right as right_one
from tracer.errors import TracerError
from tracer.formula.parsing import parse
from tracer.model.answer import Sheet
from tracer.model.verdict import Cause, Report, Verdict
from tracer.rendering.report import REPORT_FORMATS, render_report

SMALL = """\
A small network: the sheet, checked
3 of 5 points. 2 correct, 1 carried from an earlier mistake, 1 wrong, 1 missing.

The first mistake

Line 4, net of the output
  Written: 0.26. From your own numbers: 0.86. With all numbers right: 0.861.
  The bias b₁⁽³⁾ was left out. Add the bias to the weighted sum.
  Right, with your own numbers:
    z₁⁽³⁾ = w₁₁⁽³⁾·a₁⁽²⁾ + b₁⁽³⁾ = 0.4·0.65 + 0.6 = 0.86
  This gives what is written:
    z₁⁽³⁾ = w₁₁⁽³⁾·a₁⁽²⁾ = 0.4·0.65 = 0.26
  Line 5 follows from it, and is right in itself.

The sheet, line by line
line  quantity           written  mark              right value  points
   2  z1[1]                0.625  ✓ correct                           1
   3  a1[1]                 0.65  ✓ correct                           1
   4  net of the output     0.26  ✗ wrong                 0.861       0
   5  output               0.565  ↪ carried from 4        0.703       1
   6  loss                          missing              0.0442       0

Notes
  Carried means: right in itself, but built on an earlier mistake.
  Line 9 holds no calculation that could be read, and was passed over.
"""


def said(found: Report, **options: object) -> str:
    """A terminal's text on one line, to look for sentences that may be wrapped."""
    return " ".join(render_report(found, TRACE, **options).split())  # type: ignore[arg-type]


def test_a_whole_report_on_a_terminal() -> None:
    """Score, the first mistake with both formulas, the sheet with its marks, notes."""
    assert render_report(small(), TRACE) == SMALL


def test_colour_adds_nothing_but_colour() -> None:
    """With colour the text is the same, and without it there is no escape sequence."""
    coloured = render_report(small(), TRACE, colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == SMALL
    assert "\x1b" not in SMALL


@pytest.mark.parametrize("width", [60, 100])
def test_sentences_fit_the_terminal(width: int) -> None:
    """Sentences are wrapped to the width; only formulas may stick out."""
    for line in render_report(upstream(), TRACE, width=width).splitlines():
        assert len(line) <= width or "=" in line


def test_a_mistake_on_a_line_that_the_sheet_skips() -> None:
    """The skipped line is shown right and mistaken, and what comes of it each time."""
    text = render_report(upstream(), TRACE)
    assert "in ∂C/∂a₁⁽²⁾, which the sheet" in text
    assert "= w₁₁⁽³⁾·δ₁⁽³⁾              = 0.4·(−0.062)     = −0.0248" in text
    assert "= (−0.0248)·0.2275 = −0.00564" in text
    assert "= w′₁₁⁽³⁾·δ₁⁽³⁾             = 0.42·(−0.062)     = −0.02604" in text
    assert "= (−0.02604)·0.2275 = −0.0059\n" in text
    assert "The weight from after the update, w′₁₁⁽³⁾, was used" in text


def test_a_mistake_of_method() -> None:
    """It is said that every line of the kind was made so; the formulas show one of them."""
    text = said(method())
    assert "made in every such line of the calculation from the start, it gives 0.0433" in text
    assert "Right, in every such line: ∂C/∂a₁⁽²⁾ = w₁₁⁽³⁾·δ₁⁽³⁾ What" in text
    assert "What was done, in every such line: ∂C/∂a₁⁽²⁾ = w′₁₁⁽³⁾·δ₁⁽³⁾ The sheet" in text


def test_the_sheets_own_sign() -> None:
    """Errors written as target minus output stay so; a derivative keeps its own sign."""
    text = render_report(turned(), TRACE)
    assert "Written: 0.0248. Right: 0.00564." in text
    assert "δ₁⁽²⁾ = −∂C/∂a₁⁽²⁾ · ∂a₁⁽²⁾/∂z₁⁽²⁾ = −(−0.0248)·0.227092 ≈ 0.00564" in text
    assert "δ₁⁽²⁾ = −∂C/∂a₁⁽²⁾ = −(−0.0248) = 0.0248" in text


def test_the_letters_of_a_line_in_the_sheets_sign() -> None:
    """A line built on turned errors uses them as the sheet writes them: the update adds."""
    delta = statement(1, "delta2[1]", "0.062", negated=True)
    updated = statement(2, "dw2[1,1]", "0.0403")
    gradient = wrong(updated, -0.0403, -0.0404, Cause("sign", "dw2[1,1]", value=0.0403))
    text = render_report(report(right_one(delta), gradient), TRACE)
    assert "= −δ₁⁽³⁾·a₁⁽²⁾ = −0.062·" in text


def test_a_false_step_of_a_written_chain() -> None:
    """The step of the chain is quoted."""
    assert "The first false step of the line is: 0.075 + 0.02 + 0.35." in said(chain())


def test_nothing_wrong() -> None:
    """It is said, and no mistake is shown."""
    text = render_report(clean(), TRACE)
    assert "2 of 2 points. 2 correct.\nNo mistake was found.\n" in text
    assert "The first mistake" not in text


def test_an_empty_sheet() -> None:
    """A sheet without numbers is said to be one, in every format."""
    for to in REPORT_FORMATS:
        text = render_report(Report("", Sheet(()), ()), TRACE, to=to)
        assert ("no numbers to check" in text) == (to != "json")


def test_the_number_that_was_copied() -> None:
    """Of a number copied wrongly the report says where the right one stands."""
    first, second = statement(1, "z1[1]", "0.625"), statement(2, "z1[1]", "0.652")
    copied = wrong(second, 0.625, 0.625, Cause("copied_wrongly", "z1[1]", value=0.625))
    assert "The number was copied wrongly: line 2 has 0.625." in said(
        report(right_one(first), copied)
    )
    given = wrong(
        statement(1, "w1[1,2]", "0.52"), 0.25, 0.25, Cause("copied_wrongly", "w1[1,2]", value=0.25)
    )
    assert "The number was copied wrongly: the problem has 0.25." in said(report(given))


@pytest.mark.parametrize(
    ("typed", "right", "shown"),
    [
        ("0.57", 0.5523079, "0.552"),
        ("1", 0.5646472, "0.565"),
        ("-0.0819", -0.0081859, "−0.00819"),
        ("0.652", 0.6513, "0.651"),
        ("0.65130", 0.6513549, "0.65135"),
    ],
)
def test_digits_of_the_right_value(typed: str, right: float, shown: str) -> None:
    """The right value has the sheet's own digits, and at least three that mean something."""
    stated = statement(1, "a1[1]", typed)
    text = render_report(report(wrong(stated, right, right, Cause("unexplained"))), TRACE)
    assert f"Right: {shown}." in text


@pytest.mark.parametrize("typed", ["−0,625", "6.25·10^-1", "≈ 0.625", "1/3", "0.6250"])
def test_numbers_stay_as_typed(typed: str) -> None:
    """What the student typed is what the report shows."""
    stated = statement(1, "z1[1]", typed)
    row = render_report(report(right_one(stated)), TRACE).splitlines()[-1]
    assert typed in row


def test_half_points_and_fewer_words_for_one_point() -> None:
    """Points are shown as people write them."""
    one = statement(1, "z1[1]", "0.625")
    half = Verdict(one, "correct", expected=0.625, points=Fraction(1, 2), of=Fraction(1))
    assert "0.5 of 1 point. 1 correct." in said(report(half))


def test_many_lines_that_follow_are_told_in_runs() -> None:
    """Lines 3 to 7 rather than 3, 4, 5, 6 and 7."""
    keys = ["a1[1]", "z2[1]", "a2[1]", "loss", "da2[1]"]
    first = wrong(statement(1, "z1[1]", "0.9"), 0.625, 0.625, Cause("arithmetic", "z1[1]"))
    rest = [
        Verdict(statement(n, key, "0.5"), "carried", expected=0.6, carried_from=(1,))
        for n, key in enumerate(keys, 2)
    ]
    assert "Lines 3 to 7 follow from it, and are right in themselves." in said(report(first, *rest))


def test_what_a_marker_should_see() -> None:
    """Flags, skipped names and filled quantities are noted in words."""
    found = small()
    flagged = Report(
        found.problem,
        Sheet(found.sheet.statements, skipped=("foo",)),
        found.verdicts,
        ("z1[1]", "a1[1]"),
        ("trivial_values", "carried_cap"),
        found.formulas,
    )
    text = said(flagged)
    assert "trivial values (0 or 1) stand early" in text
    assert "earns no more than the marking scheme allows" in text
    assert "passed over: foo." in text
    assert "The sheet does not show z₁⁽²⁾ and a₁⁽²⁾; they were worked out" in text


def test_the_notation_of_the_report() -> None:
    """The formulas are printed in the notation asked for."""
    assert "netₒ₁ = w₃·outₕ₁ + bₒ₁ = 0.4·0.65 + 0.6 = 0.86" in said(small(), notation="mazur")


@pytest.mark.parametrize("make", ALL.values(), ids=ALL.keys())
@pytest.mark.parametrize("to", REPORT_FORMATS)
def test_every_format_of_every_report(make: Callable[[], Report], to: str) -> None:
    """All formats say the score; the same report gives the same text twice."""
    text = render_report(make(), TRACE, to=to)
    assert text == render_report(make(), TRACE, to=to)
    assert text.endswith("\n")
    if to != "json":
        assert " of " in text
        assert "the sheet, checked" in text


def test_unknown_words() -> None:
    """An unknown format or notation is named, with what is near."""
    with pytest.raises(TracerError, match="did you mean 'html'"):
        render_report(small(), TRACE, to="htm")
    with pytest.raises(TracerError, match="no notation 'mazurr'"):
        render_report(small(), TRACE, notation="mazurr")


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    """A user's template replaces one block of the packaged one."""
    (tmp_path / "terminal").mkdir()
    (tmp_path / "terminal" / "report.txt").write_text(
        '<% extends "packaged/terminal/report.txt" %>\n'
        "<% block title %>\nMy course\n<% endblock %>\n"
    )
    text = render_report(small(), TRACE, templates=str(tmp_path))
    assert text == SMALL.replace("A small network: the sheet, checked", "My course")


def test_names_in_the_source_of_latex_are_set() -> None:
    """Of a LaTeX sheet the report shows how a name looks; what is no mere name stays as typed."""
    source = right_one(
        statement(1, "dw2[1,1]", "0.05", r"\frac{\partial C}{\partial w_{11}^{(3)}}")
    )
    braced = right_one(statement(2, "z1[1]", "0.625", "z_{1}^{(2)}"))
    plain = right_one(statement(3, "a1[1]", "0.65", "out_h1"))
    shown = render_report(report(source, braced, plain))
    names = [line.split()[1] for line in shown.splitlines() if "correct" in line and "0." in line]
    assert names == ["∂C/∂w₁₁⁽³⁾", "z₁⁽²⁾", "out_h1"]


def test_a_term_left_out_says_no_more_than_the_bias_left_out() -> None:
    """Two causes that make the same formula are told once, by the one that says more."""
    made = parse("w2[1,1]*a1[1]")
    causes = [Cause(name, "z2[1]", made, {"w2[1,1]": 0.4, "a1[1]": 0.65}, 0.26)
              for name in ("missing_bias", "dropped_term")]  # fmt: skip
    shown = render_report(report(wrong(statement(1, "z2[1]", "0.26"), 0.86, 0.861, *causes)))
    assert "bias" in shown
    assert "would come of this" not in shown
