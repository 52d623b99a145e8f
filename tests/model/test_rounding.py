"""Rounding beside Python's `Decimal.quantize`, and how a rounded number is written."""

from __future__ import annotations

import decimal
import re
from decimal import Decimal
from fractions import Fraction as Rational

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tracer.errors import ProblemError
from tracer.model.rounding import EXACT, Precision, Rounding, exact_text, magnitude

MODES = {"half_up": decimal.ROUND_HALF_UP, "half_even": decimal.ROUND_HALF_EVEN}
WIDE = decimal.Context(prec=400, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
NUMBER = re.compile(r"-?(\d+(\.\d+)?|\d(\.\d+)?e-?\d+|\d+/\d+)")

decimals = st.decimals(
    min_value=Decimal("-1e12"), max_value=Decimal("1e12"), allow_nan=False, places=None
).filter(lambda d: len(d.as_tuple().digits) < 60)
ties = st.builds(
    lambda digits, power: Decimal(f"{digits}5e{power}"),
    st.integers(-99999, 99999),
    st.integers(-9, 3),
)


@given(decimals | ties, st.integers(1, 9), st.sampled_from(sorted(MODES)))
@example(Decimal("0.3925"), 3, "half_up")
@example(Decimal("0.3925"), 3, "half_even")
@example(Decimal("-0.99995"), 4, "half_up")
@example(Decimal("9.995"), 3, "half_up")
def test_figures_are_decimals_quantize(value: Decimal, figures: int, ties: str) -> None:
    """So many significant figures, ties away from zero or to even, as `quantize` says."""
    assume(value != 0)
    unit = Decimal(1).scaleb(value.adjusted() - figures + 1)
    expected = value.quantize(unit, MODES[ties], WIDE)
    rounding = Rounding(Precision(figures=figures), ties=ties)
    for given_as in (Rational(value), value):
        found = rounding.rounded(given_as)
        assert found == Rational(expected)
        text = rounding.text(given_as)
        assert Rational(text) == Rational(expected)
        assert NUMBER.fullmatch(text)


@given(decimals | ties, st.integers(0, 8), st.sampled_from(sorted(MODES)))
def test_places_are_decimals_quantize(value: Decimal, places: int, ties: str) -> None:
    """So many places; what would become 0 keeps its first figures instead."""
    expected = value.quantize(Decimal(1).scaleb(-places), MODES[ties], WIDE)
    rounding = Rounding(Precision(places=places), ties=ties)
    found, text = rounding.rounded(Rational(value)), rounding.text(Rational(value))
    assert Rational(text) == found
    if expected == 0 and value != 0:
        assert found != 0
        assert abs(found / Rational(value) - 1) <= Rational(1, 2)
    else:
        assert found == Rational(expected)


fractions = st.fractions(max_denominator=10**6)
anything = st.one_of(
    fractions,
    st.builds(lambda n, k: Rational(n, 10**k), st.integers(-(10**6), 10**6), st.integers(0, 300)),
    st.builds(lambda n, k: Rational(n * 10**k), st.integers(-(10**6), 10**6), st.integers(0, 300)),
    decimals,
)
precisions = st.one_of(
    st.builds(lambda n: Precision(figures=n), st.integers(1, 20)),
    st.builds(lambda n: Precision(places=n), st.integers(0, 20)),
    st.just(EXACT),
)


@given(anything, precisions, st.sampled_from(["carried", "shown", "exact"]))
def test_a_number_other_than_0_is_never_written_as_0(
    value: Rational, precision: Precision, policy: str
) -> None:
    """Whatever the precision: 0 is written for 0 alone, and the sign is kept."""
    text = Rounding(precision, policy=policy).text(value)
    assert NUMBER.fullmatch(text)
    assert (Rational(text) == 0) == (value == 0)
    assert text.startswith("-") == (value < 0)


@given(anything, precisions)
def test_the_text_is_the_rounded_number(value: Rational, precision: Precision) -> None:
    """What is written and what is carried on are one number, unless nothing is rounded."""
    rounding = Rounding(precision)
    text, rounded = Rational(rounding.text(value)), Rational(rounding.rounded(value))
    if precision.exact:
        assert abs(text - rounded) <= abs(rounded) * Rational(1, 10**16)
    else:
        long_whole = abs(rounded) >= 10**20 and precision.places is not None
        assert text == rounded or long_whole or rounded == Rational(value)
    assert rounding.rounded(rounding.rounded(value)) == rounding.rounded(value)


@given(anything)
def test_exact_text_is_exact_or_seventeen_figures(value: Rational) -> None:
    """A finite decimal or a short fraction is exact; the rest is within 17 figures."""
    text = exact_text(value)
    assert NUMBER.fullmatch(text)
    error = abs(Rational(text) - Rational(value))
    assert error <= abs(Rational(value)) * Rational(1, 10**16)


@given(anything.filter(bool))
def test_magnitude_is_the_power_of_the_first_digit(value: Rational) -> None:
    """``10**m <= |x| < 10**(m + 1)``."""
    power = magnitude(value)
    assert Rational(10) ** power <= abs(Rational(value)) < Rational(10) ** (power + 1)


@pytest.mark.parametrize(
    ("value", "precision", "text"),
    [
        ("0.3925", Precision(figures=3), "0.393"),
        ("0.3775", Precision(figures=5), "0.3775"),
        ("0.59327", Precision(figures=5), "0.59327"),
        ("0.138499999", Precision(figures=5), "0.13850"),
        ("1/3", Precision(figures=4), "0.3333"),
        ("2/3", Precision(places=5), "0.66667"),
        ("99.96", Precision(figures=3), "100"),
        ("0.000037", Precision(figures=5), "3.7e-5"),
        ("0.000037123456", Precision(figures=3), "3.71e-5"),
        ("0.00012", Precision(figures=5), "0.00012"),
        ("-0.0000049", Precision(places=4), "-4.9e-6"),
        ("1234567", Precision(figures=3), "1.23e6"),
        ("7", Precision(figures=5), "7"),
        ("0", Precision(figures=5), "0"),
        ("0.41355", Precision(places=4), "0.4136"),
        ("0.51385", Precision(places=4), "0.5139"),
        ("0.0037", Precision(places=5), "0.0037"),
        ("1e30", Precision(figures=5), "1e30"),
        ("3e-400", Precision(figures=5), "3e-400"),
    ],
)
def test_numbers_as_people_write_them(value: str, precision: Precision, text: str) -> None:
    """Zeros at the end stand only where something was rounded away; tiny ones as powers."""
    assert Rounding(precision).text(Rational(value)) == text


def test_roles_have_their_own_precision() -> None:
    """``z`` exact, updates at five places, the rest at three figures."""
    rounding = Rounding(Precision(figures=3), roles={"z": EXACT, "update": Precision(places=5)})
    value = Rational("1.23456789")
    assert [rounding.text(value, role) for role in ("z", "update", "a")] == [
        "1.23456789",
        "1.23457",
        "1.23",
    ]


def test_the_exact_policy_rounds_nothing() -> None:
    """Roles and figures are silent under ``exact``."""
    rounding = Rounding(Precision(figures=2), policy="exact", roles={"z": Precision(figures=1)})
    assert rounding.text(Rational("0.123456789"), "z") == "0.123456789"
    assert rounding.rounded(Rational(1, 3)) == Rational(1, 3)


@pytest.mark.parametrize("wrong", [{"policy": "rounded"}, {"ties": "half_down"}])
def test_what_does_not_exist_is_refused(wrong: dict[str, str]) -> None:
    """An unknown policy or rule for ties is named."""
    with pytest.raises(ProblemError, match=next(iter(wrong.values()))):
        Rounding(**wrong)  # type: ignore[arg-type]
