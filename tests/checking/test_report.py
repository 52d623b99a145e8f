"""The report: every field of a verdict, the marking scheme, and its flags."""

from __future__ import annotations

from fractions import Fraction as Rational

import pytest

from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.files.problem_text import read_text
from tracer.formula.parsing import parse
from tracer.model.answer import Link, Marking, Sheet, Statement, written
from tracer.model.problem import Dense, Problem

RIGHT = trace(
    Problem(
        inputs=["0.5", "0.8"],
        targets=["1"],
        layers=[
            Dense(2, "sigmoid", [["0.15", "0.25"], ["0.2", "0.3"]], "0.35"),
            Dense(1, "sigmoid", [["0.3", "0.5"]], "0.6"),
        ],
        loss="half_squared_error",
        settings={"rate": "0.2"},
    ),
    prove=False,
)
"""The network of a published article: z = 0.625 and 0.69, a = 0.651 and 0.666, z2 = 1.1285."""

WRONG_SUM = {
    "z1[1]": "0.625",
    "z1[2]": "0.69",
    "a1[1]": "0.651",
    "a1[2]": "0.666",
    "z2[1]": "0.5283",
    "a2[1]": "0.629",
    "loss": "0.0688",
}
"""The bias 0.6 is left out of z2; what follows uses 0.5283."""


def test_a_wrong_line_its_cause_and_what_follows() -> None:
    """The first mistake has severity, own value, interval and cause; the rest is carried."""
    found = check(RIGHT, WRONG_SUM)
    first = found.first_mistake
    assert first is not None
    assert (first.statement.n, first.severity) == (5, "large")
    assert first.own == pytest.approx(0.3 * 0.651 + 0.5 * 0.666 + 0.6, rel=1e-14)
    assert first.interval is not None
    assert first.interval[0] < 1.1283 < first.interval[1]
    cause = first.causes[0]
    assert cause.id == "missing_bias"
    assert cause.value == pytest.approx(0.5283, rel=1e-14)
    assert cause.values["a1[1]"] == 0.651
    assert cause.at == "own"
    assert [v.status for v in found.verdicts[5:]] == ["carried", "carried"]
    assert {v.carried_from for v in found.verdicts[5:]} == {(5,)}


def test_a_skipped_quantity_is_filled_from_the_sheets_own_numbers() -> None:
    """a2 is not written; the loss is judged with what the sheet's z2 gives."""
    found = check(RIGHT, {k: v for k, v in WRONG_SUM.items() if k != "a2[1]"})
    assert "a2[1]" in found.filled
    assert found.verdicts[-1].status == "carried"


def test_the_formula_of_what_is_judged() -> None:
    """A report carries the right formula of each key that the sheet states."""
    assert check(RIGHT, {"z1[1]": "0.6"}).formulas == {"z1[1]": RIGHT["z1[1]"].formula}


def test_a_later_line_says_which_statement_it_used() -> None:
    """z1 is stated twice; a1 fits the first."""
    rows = [("z1[1]", "0.625"), ("a1[1]", "0.6514"), ("z1[1]", "0.725"), ("a1[1]", "0.6737")]
    statements = [Statement(n, k, parse(k), written(t)) for n, (k, t) in enumerate(rows, 1)]
    found = check(RIGHT, Sheet(tuple(statements))).verdicts
    assert [v.status for v in found] == ["correct", "correct", "wrong", "carried"]
    assert found[2].causes[0].id == "copied_wrongly"
    assert found[3].used == {"z1[1]": 3}


def test_the_false_link_of_a_chain() -> None:
    """``z = 0.15*0.5 + 0.25*0.8 + 0.35 = 0.075 + 0.02 + 0.35 = 0.445``: the second member."""
    members = ("0.15*0.5 + 0.25*0.8 + 0.35", "0.075 + 0.02 + 0.35")
    links = tuple(Link(parse(text), text) for text in members)
    one = Statement(1, "z1[1]", parse("z1[1]"), written("0.445"), links=links)
    verdict = check(RIGHT, Sheet((one,))).verdicts[0]
    assert verdict.status == "wrong"
    assert verdict.false_link == 2


def test_the_other_sign_throughout() -> None:
    """A sheet that writes t - o: expected, own and causes are in its sign."""
    delta = RIGHT["delta2[1]"].exact
    assert delta is not None
    mistake = f"{-float(delta) * 10:.4g}"
    one = Statement(1, "delta", parse("delta2[1]"), written(mistake), negated=True)
    verdict = check(RIGHT, Sheet((one,))).verdicts[0]
    assert verdict.expected == pytest.approx(-float(delta), rel=1e-14)
    assert verdict.causes[0].id == "decimal_slip"
    assert verdict.causes[0].value == pytest.approx(-float(delta) * 10, rel=1e-14)


def test_too_coarse_is_not_correct() -> None:
    """A 1 for an activation of 0.65 among numbers of three digits shows nothing."""
    found = check(RIGHT, {**WRONG_SUM, "z2[1]": "1.128", "a2[1]": "1", "loss": "0.0298"})
    assert found.verdicts[5].status == "too coarse"
    assert found.verdicts[5].points == 0


def test_what_builds_on_a_number_too_coarse_is_carried_from_it() -> None:
    """With 1 for 0.756 the loss is (1 - 1)^2/2 = 0: not wrong again, and not right either."""
    found = check(RIGHT, {**WRONG_SUM, "z2[1]": "1.128", "a2[1]": "1", "loss": "0.0000"})
    assert [v.status for v in found.verdicts[5:]] == ["too coarse", "carried"]
    assert found.verdicts[6].carried_from == (6,)


def test_nought_is_never_right_for_what_could_be_shown() -> None:
    """0.00 for a gradient of -0.0119 written among two decimals is wrong."""
    found = check(RIGHT, {"z1[1]": "0.62", "a1[1]": "0.65", "delta2[1]": "0.00"})
    assert found.verdicts[2].status == "wrong"


THIRD = """
inputs: [[1], [1], [1]]
targets: [[0.0011], [0.0006], [0.0021]]
layers: [{activation: identity, weights: [[0.003]], biases: [0]}]
loss: half_squared_error
reduction: mean
optimizer: {gradient_descent: {rate: 1}}
"""
"""Deltas 0.0019, 0.0024 and 0.0009: a third of their sum is 0.001733."""


def test_a_third_may_be_cut_off_before_it_is_used() -> None:
    """0.333*(0.001 + 0.002 + 0.000) = 0.000999, cut off to 0.000: right by deltas cut off so.

    With the deltas rounded 0.333*0.005 = 0.001665, and no 0.000.
    """
    right = trace(read_text(THIRD, "<text>").problem)
    deltas = {"delta1[1]#1": "0.001", "delta1[1]#2": "0.002", "delta1[1]#3": "0.000"}
    assert check(right, {**deltas, "db1[1]": "0.000"}).verdicts[3].status == "rounded"
    deltas = {"delta1[1]#1": "0.002", "delta1[1]#2": "0.002", "delta1[1]#3": "0.001"}
    assert check(right, {**deltas, "db1[1]": "0.000"}).verdicts[3].status == "wrong"


def test_points_of_keys_roles_and_phases() -> None:
    """The most specific entry of the scheme holds."""
    marking = Marking(
        each=Rational(2),
        points={"forward": Rational(3), "a": Rational(4), "a1[2]": Rational(5)},
    )
    found = check(RIGHT, WRONG_SUM, marking)
    assert [v.of for v in found.verdicts] == [3, 3, 4, 5, 3, 4, 2]
    assert found.points == 24
    assert found.score == 21


def test_a_statement_may_have_its_own_points() -> None:
    """A sheet's column of points goes before the scheme."""
    one = Statement(1, "z", parse("z1[1]"), written("0.625"), points=Rational(7))
    assert check(RIGHT, Sheet((one,)), Marking(each=Rational(2))).score == 7


def test_what_each_status_earns() -> None:
    """Carried may earn half, a last digit a third."""
    marking = Marking(earns={"correct": Rational(1), "carried": Rational(1, 2)})
    assert check(RIGHT, WRONG_SUM, marking).score == 5
    marking = Marking(earns={"correct": Rational(1), "last digit": Rational(1, 3)})
    assert check(RIGHT, {"z1[1]": "0.625", "a1[1]": "0.650"}, marking).score == Rational(4, 3)


SEVERITIES = {"0.650": "last digit", "0.653": "small", "0.664": "small", "0.665": "large"}


@pytest.mark.parametrize("text", SEVERITIES)
def test_how_bad_a_mistake_is(text: str) -> None:
    """sigmoid(0.625) = 0.65135: 1.35 units off, 1.65, then 1.94 and 2.1 per cent."""
    verdict = check(RIGHT, {"z1[1]": "0.625", "a1[1]": text}).verdicts[1]
    assert (verdict.status, verdict.severity) == ("wrong", SEVERITIES[text])


def test_a_mistake_is_measured_against_the_nearer_of_two_right_numbers() -> None:
    """From the wrong 0.725 follows 0.6737; 0.675 is 1.3 units beside it, 24 beside 0.6514."""
    found = check(RIGHT, {"z1[1]": "0.725", "a1[1]": "0.675"}).verdicts
    assert [(v.status, v.severity) for v in found] == [("wrong", "large"), ("wrong", "last digit")]


def test_carrying_can_be_capped() -> None:
    """Carried answers earn at most a tenth of the sheet's points, and that is said."""
    found = check(RIGHT, WRONG_SUM, Marking(carried_cap=Rational(1, 10)))
    assert found.flags == ("carried_cap",)
    assert found.score == 4 + Rational(7, 10)


def test_trivial_values_are_flagged() -> None:
    """0 and 1 written early make everything after them consistent: a marker is told."""
    gamed = {
        "z1[1]": "0",
        "a1[1]": "0.5",
        "z1[2]": "0",
        "a1[2]": "0.5",
        "z2[1]": "1",
        "a2[1]": "0.731",
    }
    assert check(RIGHT, gamed).flags == ("trivial_values",)
    assert check(RIGHT, WRONG_SUM).flags == ()


@pytest.mark.parametrize(("more", "flags"), [({}, ("trivial_values",)), ({"a1[2]": "0.666"}, ())])
def test_a_third_that_follows_is_much(more: dict[str, str], flags: tuple[str, ...]) -> None:
    """One of three answers follows from a written 0, or one of four."""
    sheet = {"z1[1]": "0", "a1[1]": "0.5", "z1[2]": "0.69", **more}
    found = check(RIGHT, sheet)
    assert [v.status for v in found.verdicts[:3]] == ["wrong", "carried", "correct"]
    assert found.flags == flags


def test_the_same_wrong_number_again_is_no_second_mistake() -> None:
    """A wrong value that is stated once more, unchanged, is carried from the first."""
    rows = [("z1[1]", "0.725"), ("z1[2]", "0.69"), ("z1[1]", "0.725")]
    statements = [Statement(n, k, parse(k), written(t)) for n, (k, t) in enumerate(rows, 1)]
    found = check(RIGHT, Sheet(tuple(statements))).verdicts
    assert [v.status for v in found] == ["wrong", "correct", "carried"]
    assert found[2].carried_from == (1,)


UPDATED = {"w2[1,1]@1": "0.30588", "w2[1,2]@1": "0.50601"}


@pytest.mark.parametrize(("delta", "flags"), [("0.04515", ("other_sign",)), ("-0.04515", ())])
def test_deltas_of_the_other_sign_may_be_a_convention(delta: str, flags: tuple[str, ...]) -> None:
    """(0.75554 - 1)*0.18470 = -0.04515: with the other sign and right updates, somebody's t - o."""
    report = check(RIGHT, {"delta2[1]": delta, **UPDATED})
    assert report.flags == flags
    assert (report.verdicts[0].status == "wrong") is bool(flags)


def test_a_sign_that_makes_the_updates_wrong_is_no_convention() -> None:
    """0.3 - 0.2*0.04515*0.65135 = 0.29412: the weight went the wrong way."""
    wrong = {"delta2[1]": "0.04515", "w2[1,1]@1": "0.29412", "w2[1,2]@1": "0.49399"}
    assert check(RIGHT, wrong).flags == ()


def _worked(n: int, key: str, text: str, *working: str) -> Statement:
    """A statement with its working."""
    links = tuple(Link(parse(part), part) for part in working)
    return Statement(n, key, parse(key), written(text), links=links)


def test_a_division_by_zero_in_the_working_is_the_false_step() -> None:
    """A member that has no value cannot be equal to its neighbours."""
    for place, working in {1: ("0.5/0", "0.625"), 2: ("0.625", "1/(1 - 1)")}.items():
        (verdict,) = check(RIGHT, Sheet((_worked(1, "z1[1]", "0.625", *working),))).verdicts
        assert verdict.false_link == place


def test_a_slip_behind_a_working_that_is_right() -> None:
    """The working has all digits: nothing was rounded in it, and no other number put in."""
    statements = (
        _worked(1, "a1[1]", "0.6513"),
        _worked(2, "a1[2]", "0.6660"),
        _worked(3, "z2[1]", "1.1280", "0.3*0.6513 + 0.5*0.6660 + 0.6"),
    )
    last = check(RIGHT, Sheet(statements)).verdicts[-1]
    assert last.status == "wrong"
    assert {cause.id for cause in last.causes} <= {"last_digit", "arithmetic"}


BEHIND = {
    "a function": ("a1[1]", "0.6521", ("1/(1 + exp(-0.6250))", "1/(1 + exp(-0.625))"),
                   "function_value"),
    "plain arithmetic": ("a1[1]", "0.6521", ("1/(1 + exp(-0.625))", "1/(1 + 0.5353)"),
                         "arithmetic"),
    "two mistakes at once would be needed": ("w2[1,1]@1", "0.3103", ("0.3 + 0.0053",),
                                             "arithmetic"),
}  # fmt: skip


@pytest.mark.parametrize("case", BEHIND)
def test_the_last_step_of_the_working_tells_what_went_wrong(case: str) -> None:
    """sigmoid(0.625) = 0.6514 = 1/1.5353; 0.3 + 0.0053 = 0.3053: the step behind it is false."""
    key, text, working, cause = BEHIND[case]
    (verdict,) = check(RIGHT, Sheet((_worked(1, key, text, *working),))).verdicts
    assert verdict.false_link == len(working) + 1
    assert cause in [one.id for one in verdict.causes]
    assert not any(one.then for one in verdict.causes)


SOFTMAX = trace(
    Problem(
        inputs=["1", "2"],
        targets=["1", "0", "0"],
        layers=[Dense(3, "softmax", [["0.1", "0.2"], ["0.3", "0.1"], ["0.2", "-0.4"]])],
        loss="cross_entropy",
        settings={"rate": "0.5"},
    ),
    prove=False,
)
"""z = 0.5, 0.5 and -0.6; a = 0.4287, 0.4287 and 0.1427."""


@pytest.mark.parametrize(("others", "named"), [(("0.4287", "0.1427"), True), (("0.4287",), False)])
def test_only_a_whole_row_can_fail_to_sum_to_1(others: tuple[str, ...], named: bool) -> None:
    """0.3713 + 0.4287 + 0.1427 is not 1; of two shares nobody can say."""
    sheet = {f"z1[{n}]": text for n, text in enumerate(("0.5", "0.5", "-0.6"), 1)}
    sheet |= {f"a1[{n}]": text for n, text in enumerate(("0.3713", *others), 1)}
    wrong = check(SOFTMAX, sheet).verdicts[3]
    assert wrong.status == "wrong"
    assert ("not_normalised" in [cause.id for cause in wrong.causes]) is named


def test_a_later_line_within_its_rounding_shows_a_misprint() -> None:
    """0.3*0.65 + 0.5*0.67 + 0.6 = 1.130, though 0.56 is written; with 0.56 it were 1.103."""
    sheet = {"z1[1]": "0.625", "z1[2]": "0.69", "a1[1]": "0.56", "a1[2]": "0.67", "z2[1]": "1.130"}
    found = check(RIGHT, sheet).verdicts
    assert [v.status for v in found[2:]] == ["wrong", "correct", "rounded"]
    assert found[2].causes[0].id == "misprint"
