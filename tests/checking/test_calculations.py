"""The fourteen published calculations: what is found in them, and what is not."""

from __future__ import annotations

import pytest

from tests.checking.calculations import CAUSES, DATA, Stated, report, stated

STATEMENTS = [
    pytest.param(one, id=f"{name} {one.fact['n']}") for name in DATA for one in stated(name)
]
FRESH = [p for p in STATEMENTS if p.values[0].fact["status"] == "fresh"]
SOUND = [p for p in STATEMENTS if p.values[0].fact["status"] in ("ok", "rounded")]
CARRIED = [p for p in STATEMENTS if p.values[0].fact["status"] == "carried"]


def test_all_statements_are_here() -> None:
    """Fourteen calculations, 381 statements, each judged by people."""
    assert len(DATA) == 14
    assert (len(SOUND), len(FRESH), len(CARRIED)) == (263, 47, 71)


@pytest.mark.parametrize("one", SOUND)
def test_nothing_sound_is_accused(one: Stated) -> None:
    """A value that is right, or right within its rounding, is called so."""
    assert one.verdict.status in ("correct", "rounded")


@pytest.mark.parametrize("one", CARRIED)
def test_what_follows_is_carried(one: Stated) -> None:
    """A value that follows from an earlier mistake is not a new one."""
    assert one.verdict.status == "carried"
    assert one.verdict.carried_from


@pytest.mark.parametrize("one", FRESH)
def test_fresh_mistakes_are_found(one: Stated) -> None:
    """Every fresh mistake that is more than a last digit is wrong."""
    if one.fact["severity"] != "last digit":
        assert one.verdict.status == "wrong"


@pytest.mark.parametrize("one", FRESH)
def test_the_cause_is_among_the_first_two(one: Stated) -> None:
    """The cause that people found, in the published table's ids."""
    if one.verdict.status == "wrong":
        assert one.named & CAUSES[one.fact["cause"]]


def causes(name: str, n: int) -> list[str]:
    """The ids of the causes of one statement, first to last."""
    return [cause.id for cause in report(name).verdicts[n - 1].causes]


def numbers_of(name: str, quantity: str) -> list[int]:
    """The statements about one quantity."""
    return [f["n"] for f in DATA[name]["statements"] if f["quantity"].startswith(quantity)]


def test_the_famous_loss_comes_from_updated_weights() -> None:
    """0.291027924 after the update: only with the new output weights in all hidden deltas."""
    (n,) = [f["n"] for f in DATA["001-mazur"]["statements"] if f["value"] == "0.291027924"]
    assert causes("001-mazur", n)[0] == "updated_weight"


def test_hidden_deltas_through_updated_weights() -> None:
    """The deltas of 025, from the printed numbers alone."""
    wrong = [n for n in numbers_of("025-robert-gordon", "dZ1") if causes("025-robert-gordon", n)]
    assert wrong
    for n in wrong:
        assert causes("025-robert-gordon", n)[0] == "updated_weight"


def test_gradients_subtracted_transposed() -> None:
    """006 subtracts the right gradients from the wrong weights."""
    wrong = [v for v in report("006-llm-learn").verdicts if v.status == "wrong"]
    assert wrong
    named = {cause.id for v in wrong for cause in v.causes}
    assert "transposed" in named


def test_a_missing_factor_two_and_fifteen_that_follow() -> None:
    """014 leaves a 2 out once; everything after it is right in itself."""
    found = report("014-linear")
    assert found.count("wrong") == 1
    assert found.count("carried") == 15
    assert found.first_mistake is not None
    assert found.first_mistake.causes[0].id == "factor_two"


def test_a_tanh_slope_left_out() -> None:
    """076 leaves tanh' out, in equations of its author's own."""
    assert "missing_slope" in {
        v.causes[0].id for v in report("076-rnn-three-steps").verdicts if v.status == "wrong"
    }
