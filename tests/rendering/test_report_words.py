"""The words of a report: every mistake has them, in two tones, and they fit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rendering.reports import TRACE, report, statement, wrong
from tracer.checking.mistakes import LINES, METHODS, WRITING
from tracer.formula.nodes import Symbol
from tracer.formula.parsing import parse
from tracer.model.verdict import STATUSES, Cause
from tracer.rendering.prose import Prose
from tracer.rendering.report import render_report
from tracer.rendering.report_words import ELIMINATION, differences

CHECKING = Path(__file__).parents[2] / "tracer" / "checking"
SPECIFIED = re.findall(
    r"\w+",
    """
    sign decimal_slip digits_transposed digit_lost last_digit truncated_badly missing_slope
    slope_at_activation wrong_slope another_function updated_weight old_weight wrong_quantity
    stale_value swapped_index transposed dropped_term missing_bias bias_updated bias_not_updated
    factor_two missing_half mean_for_sum sum_for_mean divided_twice no_learning_rate
    rate_twice applied_twice added_for_subtracted wrong_constant dead_unit_kept
    missing_square missing_log wrong_log_base copied_wrongly misprint early_rounding
    no_bias_correction epsilon_inside_root betas_swapped stale_moment arithmetic
    function_value not_normalised not_computed unexplained
    """,
)
PROSE = Prose("en", part="report")
ENDINGS = ("_mild", "_named", "_several", "_extra", "_inside")
FACTS = {
    "written",
    "right",
    "used",
    "instead",
    "all_used",
    "all_instead",
    "term",
    "extra",
    "meant",
    "done",
    "place",
    "earlier",
}


def named_in_the_source() -> Iterator[str]:
    """The ids of all causes that the checker makes by name."""
    for path in CHECKING.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if node.func.id == "Cause" and isinstance(first, ast.Constant):
                    yield str(first.value)


IDS = sorted(
    {*(m.id for m in LINES), *(m.id for m in WRITING), *METHODS, *named_in_the_source(), *SPECIFIED}
)


@pytest.mark.parametrize("cause", IDS)
@pytest.mark.parametrize("tone", ["mistake", "advice"])
def test_every_mistake_has_its_words(cause: str, tone: str) -> None:
    """What happened and what to do, one sentence each that needs no fact but what is written."""
    sentence = PROSE.sentences[f"{tone}.{cause}"]
    assert re.fullmatch(r"[A-Z][^.?]*[.?]", sentence)
    assert "{" not in sentence


def test_no_words_without_a_mistake() -> None:
    """A sentence of a mistake that nobody makes any more is noticed."""
    for name in PROSE.sentences:
        group, _, word = name.partition(".")
        if group in ("mistake", "advice"):
            for ending in ENDINGS:
                word = word.removesuffix(ending)
            assert word in IDS, name


def test_sentences_mention_known_facts_only() -> None:
    """A fact that nobody puts in would never be said."""
    for name in PROSE.sentences:
        if name.startswith(("mistake.", "advice.")):
            assert {p.text for p in PROSE.pieces(name) if p.kind == "fact"} <= FACTS, name


@pytest.mark.parametrize("slip", [m.id for m in WRITING])
def test_every_slip_that_may_follow_has_its_words(slip: str) -> None:
    """A slip of the pen after another mistake is told in a sentence of its own."""
    cause = Cause("missing_bias", "z2[1]", parse("w2[1,1]*a1[1]"), {}, 0.62, then=slip)
    found = report(wrong(statement(1, "z2[1]", "0.62"), 0.86, 0.86, cause))
    said = " ".join(render_report(found, TRACE).split())
    assert f"was left out. {PROSE.sentences[f'then.{slip}']}" in said
    assert "This, with the slip, gives what is written" in said


def test_every_status_and_flag_has_its_words() -> None:
    """Whatever a verdict or a marker's flag is called, the report has a word for it."""
    for status in STATUSES:
        word = status.replace(" ", "_")
        assert {f"status.{word}", f"counted.{word}"} <= PROSE.sentences.keys()
    assert {"flag.trivial_values", "flag.carried_cap"} <= PROSE.sentences.keys()


def test_elimination_causes_say_nothing_beside_a_reproducing_one() -> None:
    """Where a mistake gives the number, "the arithmetic is not right" is left out."""
    bias = Cause("missing_bias", "z2[1]", parse("w2[1,1]*a1[1]"), {}, 0.26)
    stated = statement(1, "z2[1]", "0.26")
    for cause in ELIMINATION:
        found = report(wrong(stated, 0.86, 0.86, bias, Cause(cause, "z2[1]")))
        assert PROSE.sentences[f"mistake.{cause}"] not in " ".join(
            render_report(found, TRACE).split()
        )


@pytest.mark.parametrize(("severity", "mild"), [("last digit", 1), ("small", 1), ("large", 0)])
def test_a_sigmoid_a_little_off_is_reported_mildly(severity: str, mild: bool) -> None:
    """A function value wrong in its third digit is not a drama."""
    stated = statement(1, "a1[1]", "0.655")
    found = wrong(stated, 0.65135, 0.65135, Cause("function_value", "a1[1]"), severity=severity)
    said = " ".join(render_report(report(found), TRACE).split())
    assert ("slightly off" in said) == mild
    assert ("Work out the function again" in said) != mild


@pytest.mark.parametrize(
    ("right", "wrong_one", "meant", "used"),
    [
        ("w*a + b", "w*c + b", "a", "c"),
        ("w*a + b", "w*a", "b", None),
        ("a*s*d", "a*d", "s", None),
        ("d*s", "d", "s", None),
        ("w - r*g", "w - g", "r", None),
        ("w + i", "w + i + i", None, "i"),
        ("exp(p)/(exp(p) + exp(q))", "exp(p)/(exp(p) + exp(k))", "q", "k"),
    ],
)
def test_what_was_confused_with_what(
    right: str, wrong_one: str, meant: str | None, used: str | None
) -> None:
    """Two formulas are compared down to the one place where they differ."""
    [found] = differences(parse(right), parse(wrong_one))
    assert found.meant == (Symbol(meant) if meant else None)
    assert found.used == (Symbol(used) if used else None)


def test_the_same_mistake_under_a_vaguer_word_is_said_once() -> None:
    """`wrong_quantity` is left out where `transposed` makes the same formula."""
    formula = parse("w2[1,1]*z1[1] + b2[1]")
    stated = statement(1, "z2[1]", "0.85")
    causes = [Cause(name, "z2[1]", formula, {}, 0.85) for name in ("transposed", "wrong_quantity")]
    assert "The same number" not in render_report(report(wrong(stated, 0.86, 0.86, *causes)), TRACE)
    swapped = Cause("swapped_index", "z2[1]", formula, {}, 0.85)
    found = report(wrong(stated, 0.86, 0.86, causes[0], swapped))
    assert "The same number would come of this, too: Two indices" in " ".join(
        render_report(found, TRACE).split()
    )


INSIDE = {
    "missing_square": ("loss", "1/2*(y[1] - a2[1])", "stands where"),
    "sign": ("z1[1]", "-(w1[1,1]*a0[1]) + w1[1,2]*a0[2] + b1", "A sign inside the line is turned"),
    "factor_two": ("da2[1]", "2*(a2[1] - y[1])", "There is a factor 2 in the line"),
    "missing_half": ("loss", "(y[1] - a2[1])**2", "The factor 1/2 was left out"),
}


@pytest.mark.parametrize("cause", INSIDE)
def test_what_was_done_is_told_from_the_formulas(cause: str) -> None:
    """The sentence says which square, sign or factor, by comparing the two formulas."""
    key, formula, said = INSIDE[cause]
    one = Cause(cause, key, parse(formula), {}, 0.62)
    found = report(wrong(statement(1, key, "0.62"), 0.86, 0.86, one))
    assert said in " ".join(render_report(found, TRACE).split())
