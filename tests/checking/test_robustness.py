"""Bad and hostile sheets: clear errors, bounded work, never a traceback of another kind."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checking import equations, layered
from tests.checking.measuring import problem
from tests.counting import calls
from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.errors import TracerError, UnknownQuantity
from tracer.formula.nodes import Symbol
from tracer.formula.parsing import parse
from tracer.model.answer import Link, Sheet, Statement, written
from tracer.model.problem import Dense, Problem
from tracer.model.verdict import SEVERITIES, STATUSES

SMALL = Problem(
    inputs=["0.5", "0.8"],
    targets=["1"],
    layers=[
        Dense(2, "relu", [["0.15", "0.25"], ["-0.2", "-0.3"]], "0.1"),
        Dense(1, "sigmoid", [["0.4", "0.3"]]),
    ],
    loss="binary_cross_entropy",
    settings={"rate": "0.5"},
)
NUMBERS = st.one_of(
    st.sampled_from(["0", "1", "-1", "0.0", "1e300", "-1e-300", "1/3", "0.59", "3.77·10^-3"]),
    st.floats(-10, 10).map(lambda x: f"{x:.4g}"),
    st.decimals(-1000, 1000, places=3).map(str),
)


def test_a_symbolic_trace_cannot_be_checked() -> None:
    """Letters have no numbers to hold a sheet against."""
    letters = Problem(
        inputs=["1"],
        targets=["1"],
        layers=[Dense(1, "sigmoid")],
        loss="half_squared_error",
        settings={"rate": "1"},
    )
    with pytest.raises(TracerError, match="symbolic"):
        check(trace(letters), {"z1[1]": "0.5"})


@pytest.mark.parametrize("key", ["z9[1]", "z1[3]", "foo", "w1[1,1]@7"])
def test_an_unknown_quantity_is_named(key: str) -> None:
    """The error says which name is meant."""
    with pytest.raises(UnknownQuantity, match=r"no quantity"):
        check(trace(SMALL, prove=False), {key: "0.5"})


@pytest.mark.parametrize("text", ["0.3.5", "nan", "1/0", "", "abc", "1e99999"])
def test_what_is_no_number_is_refused(text: str) -> None:
    """Not guessed at."""
    with pytest.raises(TracerError):
        check(trace(SMALL, prove=False), {"z1[1]": text})


def test_two_statements_with_one_number_are_refused() -> None:
    """Verdicts are found again by the statements' numbers."""
    twice = [Statement(1, "z", Symbol(f"z1[{i}]"), written("0.5")) for i in (1, 2)]
    with pytest.raises(TracerError, match="number 1"):
        check(trace(SMALL, prove=False), Sheet(tuple(twice)))


def test_an_empty_sheet_has_a_report() -> None:
    """Nothing stated, nothing wrong; what was asked for is missing."""
    found = check(trace(SMALL, prove=False), Sheet((), asked=("loss", "z1[1]")))
    assert [v.status for v in found.verdicts] == ["missing", "missing"]
    assert found.score == 0
    assert found.points == 2


KEYS = {draw: problem(draw, 4)[1].keys() for draw in (layered.draw, equations.draw)}


@settings(deadline=None, max_examples=60)
@given(st.data(), st.sampled_from([layered.draw, equations.draw]), st.booleans())
def test_any_sheet_has_a_report(data: st.DataObject, draw: object, negated: bool) -> None:
    """Random quantities, random numbers, some of them twice, some under the other sign."""
    assert draw in KEYS
    keys = KEYS[draw]  # type: ignore[index]
    right = problem(draw, 4)[1]  # type: ignore[arg-type]
    one = st.sampled_from(keys)
    names = st.one_of(
        one,
        one.map(lambda k: f"-({k})"),
        st.tuples(one, one).map(lambda pair: f"{pair[0]} + 2*{pair[1]}"),
    )
    pairs = data.draw(st.lists(st.tuples(names, NUMBERS), max_size=25))
    statements = [
        Statement(n, name, parse(name), written(text), negated=negated and n % 3 == 0)
        for n, (name, text) in enumerate(pairs, 1)
    ]
    found = check(right, Sheet(tuple(statements)))
    assert len(found.verdicts) == len(statements)
    for verdict in found.verdicts:
        assert verdict.status in STATUSES
        assert bool(verdict.causes) == (verdict.status == "wrong")
        assert (verdict.severity in SEVERITIES) == (verdict.status == "wrong")
    assert 0 <= found.score <= found.points


WORDS = ["0.5", "+", "2", "*", "(", ")", "-", "/", "exp(", "log(", "sqrt(", "0", "1", "7"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_any_chain_has_a_verdict(words: list[str]) -> None:
    """Members that make no sense, or have no finite value, are no reason to stop."""
    try:
        formula = parse(" ".join(words))
    except TracerError:
        return
    links = (Link(formula, " ".join(words)), Link(parse("0.275"), "0.275"))
    one = Statement(1, "z1[1]", parse("z1[1]"), written("0.4"), links=links)
    assert check(trace(SMALL, prove=False), Sheet((one,))).verdicts


def test_an_expression_without_a_value_is_named() -> None:
    """A quotient by a gradient that is 0 can be neither right nor wrong."""
    with pytest.raises(TracerError, match=r"'z1\[1\]/dw1\[2,1\]' has no value: division by 0"):
        check(trace(SMALL, prove=False), {"z1[1]/dw1[2,1]": "0.5"})


def test_a_long_sheet_with_nothing_right_is_bounded_work() -> None:
    """Three hundred quantities of a deep network, all of them wrong: 7,000 calls for each."""
    widths = [3] * 9
    rows = [[[f"0.{i + 1}{j + 2}" for j in range(3)] for i in range(3)] for _ in widths]
    deep = Problem(
        inputs=["0.5", "0.8", "-0.3"],
        targets=["1", "0", "0.5"],
        layers=[Dense(3, "tanh", weights, "0.1") for weights in rows],
        loss="half_squared_error",
        settings={"rate": "0.5"},
    )
    right = trace(deep, prove=False)
    keys = [step.key for step in right.steps if step.rule != "given"][:300]
    wrong = {key: f"{0.1234 + 0.0017 * n:.4f}" for n, key in enumerate(keys)}
    assert check(right, wrong).count("wrong") > 100
    assert calls(lambda: check(right, wrong)) < 20_000 * len(wrong)
