"""What a written number can stand for, each interval worked out by hand."""

from __future__ import annotations

from fractions import Fraction as Rational

import pytest

from tracer.checking.tolerance import ends_at, fits, last_place
from tracer.checking.written import Habit, is_exact, is_right, is_same, reaches
from tracer.formula.parsing import parse
from tracer.model.answer import Sheet, Statement, written

HAIR = Rational(1, 10**12)
RIGHT: dict[str, tuple[str, str | Rational, bool]] = {
    "what rounds up from a half": ("0.12", "0.115", True),
    "a hair less than a half": ("0.12", Rational("0.115") - HAIR, False),
    "what would round to the next, cut off": ("0.12", "0.125", True),
    "a hair less than the next, cut off": ("0.12", Rational("0.13") - HAIR, True),
    "the next": ("0.12", "0.13", False),
    "a unit too large": ("0.13", "0.12", False),
    "the same below 0": ("-0.12", "-0.115", True),
    "a hair less than a half below 0": ("-0.12", HAIR - Rational("0.115"), False),
    "cut off below 0": ("-0.12", HAIR - Rational("0.13"), True),
    "the other sign": ("0.12", "-0.12", False),
    "0 for what rounds to 0": ("0.00", "0.0049", True),
    "0 for a half": ("0.00", "0.005", False),
    "0 for what could be shown": ("0.00", "-0.0051", False),
    "the fraction": ("1/3", Rational(1, 3), True),
    "a hair beside the fraction": ("1/3", Rational(1, 3) + HAIR, False),
    "another fraction": ("1/3", Rational(1, 2), False),
    "an integer's half": ("250", "249.5", True),
    "a hair less than an integer's half": ("250", Rational("249.5") - HAIR, False),
}


@pytest.mark.parametrize("case", RIGHT)
@pytest.mark.parametrize("turn", [1, -1])
def test_a_right_value_rounds_or_truncates_to_what_is_written(case: str, turn: int) -> None:
    """Half of the last place inwards, a whole one outwards; also on a sheet of the other sign."""
    text, true, expected = RIGHT[case]
    number, exact = written(text), turn * Rational(true)
    value = turn * float(number.value)
    assert is_right(number, value, float(number.unit), float(exact), exact) is expected


@pytest.mark.parametrize(
    ("text", "true", "expected"),
    [("0.5", "0.5", True), ("0.5", "0.5001", False), ("1/3", Rational(1, 3), True),
     ("0.3333333333333333", Rational(1, 3), False), ("0.20", "0.2", True)],
)  # fmt: skip
@pytest.mark.parametrize("turn", [1, -1])
def test_exact_is_written_with_all_digits(
    text: str, true: str | Rational, expected: bool, turn: int
) -> None:
    """16 threes are as good as a third in machine numbers, and yet are not a third."""
    number, exact = written(text), turn * Rational(true)
    assert is_exact(number, turn * float(number.value), float(exact), exact) is expected


FITS = [
    (0.1249, 0.12, 0.01, 0.0, True),
    (0.1299, 0.12, 0.01, 0.0, True),
    (0.1301, 0.12, 0.01, 0.0, False),
    (0.1149, 0.12, 0.01, 0.0, False),
    (0.1149, 0.12, 0.01, 0.0002, True),
    (0.1301, 0.12, 0.01, 0.0002, True),
    (0.1303, 0.12, 0.01, 0.0002, False),
    (-0.1299, -0.12, 0.01, 0.0, True),
    (-0.1149, -0.12, 0.01, 0.0, False),
    (0.0099, 0.0, 0.01, 0.0, False),
    (0.0049, 0.0, 0.01, 0.0, True),
    (0.125, 0.12, 0.01, 0.0, True),
    (0.115, 0.12, 0.01, 0.0, True),
    (-0.006, 0.004, 0.01, 0.0, False),
]


@pytest.mark.parametrize(("value", "target", "unit", "radius", "expected"), FITS)
def test_what_fits_a_written_number(
    value: float, target: float, unit: float, radius: float, expected: bool
) -> None:
    """It rounds to it, or is cut off to it, give or take what it may itself be off."""
    assert fits(value, target, unit, radius) is expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(0.25, 0.01, True), (0.253, 0.01, False), (3.0, 1.0, True), (0.5, 1.0, False),
     (7.0, 0.0, True), (0.1 + 0.2, 0.1, True), (1e300, 1e-300, True)],
)  # fmt: skip
def test_where_a_number_ends(value: float, unit: float, expected: bool) -> None:
    """0.1 + 0.2 ends at tenths, whatever its last bit says."""
    assert ends_at(value, unit) is expected


@pytest.mark.parametrize(
    ("value", "figures", "expected"),
    [(0.0199, 3, 1e-4), (-0.0199, 3, 1e-4), (250.0, 2, 10.0), (1.0, 4, 1e-3), (9.99, 1, 1.0),
     (0.0, 3, 0.0), (float("inf"), 3, 0.0)],
)  # fmt: skip
def test_the_last_of_so_many_figures(value: float, figures: int, expected: float) -> None:
    """Three figures of 0.0199 end at 0.0001, two of 250 at tens."""
    assert last_place(value, figures) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("centre", "value", "unit", "near", "expected"),
    [
        (0.131, 0.12, 0.01, True, False),
        (0.129, 0.12, 0.01, False, True),
        (0.111, 0.12, 0.01, True, True),
        (0.111, 0.12, 0.01, False, False),
        (0.11, 0.12, 0.01, True, True),
        (0.0099, 0.0, 0.01, True, True),
        (0.0101, 0.0, 0.01, True, False),
        (0.4, 0.0, 1.0, True, True),
        (0.6, 0.0, 1.0, True, False),
    ],
)
def test_what_a_result_may_have_been_written_as(
    centre: float, value: float, unit: float, near: bool, expected: bool
) -> None:
    """Near: a unit either way; a bare 0 stands for less than a half, 0.00 for less than 0.01."""
    assert reaches(centre, value, unit, 0.0, near) is expected


def test_noise_is_measured_against_what_was_added() -> None:
    """1e-10 is noise beside 1000, and 1e-10 beside 1 is a difference."""
    assert is_same(0.25, 0.25 + 1e-10, [1000.0, -999.75])
    assert not is_same(0.25, 0.25 + 1e-10, [1.0, -0.75])


@pytest.mark.parametrize(
    ("text", "true", "expected"),
    [("1", 0.65, True), ("0.7", 0.65, False), ("1", 2.4, False), ("0", 0.3, True)],
)
def test_too_coarse_against_the_habit(text: str, true: float, expected: bool) -> None:
    """Among numbers of three decimals a bare 1 shows nothing of 0.65; 0.7 does, and 1 of 2.4."""
    rows = enumerate(("0.625", "0.690", "0.651"), 1)
    sheet = Sheet(tuple(Statement(n, "z", parse("z1[1]"), written(t)) for n, t in rows))
    number = written(text)
    assert Habit(sheet).is_too_coarse(number, float(number.unit), true) is expected
