"""The checker's own arithmetic: values, slopes and rounding on scrap paper, beside mpmath."""

from __future__ import annotations

import math

import mpmath
import pytest

from tests.oracles.reading import calculate
from tests.oracles.symbolic import MPMATH
from tracer.checking.operations import ELEMENTARY
from tracer.checking.tape import Tape
from tracer.checking.working import value_of
from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition
from tracer.formula.parsing import parse

POINTS = {
    "exp": (-2.5, 0.75, 3.0),
    "log": (0.05, 0.75, 20.0),
    "sqrt": (0.05, 0.75, 20.0),
    "tanh": (-2.5, 0.1, 0.75),
    "sin": (-2.5, 0.75, 3.0),
    "cos": (-2.5, 0.75, 3.0),
    "cospi": (-0.3, 0.2, 1.1),
    "floor": (-1.5, 0.75, 2.25),
    "abs": (-2.5, 0.75, 3.0),
    "sign": (-2.5, 0.75, 3.0),
    "heaviside": (-2.5, 0.75, 3.0),
    "Phi": (-2.5, 0.1, 0.75),
    "phi": (-2.5, 0.1, 0.75),
}
"""Where each elementary function is tried, away from its kinks."""

FORMULAS = [
    "x + y + 2",
    "x - y - 0.5",
    "-(x*y)",
    "x*y*x",
    "(x + 1)/(y*x + 3)",
    "(x*x + 1)**3",
    "(x + 4)**-2",
    "2**(x*y)",
    "(y + 2)**0.3",
    "1/3*x + 2/7*y",
    "exp(-x**2)*log(y + 3)",
    "maximum(x, y, 0.5)",
    "minimum(x, y, 0.5)",
    "maximum(0, -x*y)",
    "sigmoid(x - y)*(1 - sigmoid(x))",
]
PLACES = [(0.75, -1.5), (-0.6, 1.25), (1.5, 0.25)]
SIGMOID = {"sigmoid": Definition(("z",), parse("1/(1 + exp(-z))"))}


def _by_mpmath(text: str, x: float, y: float) -> tuple[float, float, float]:
    """The value and both partial derivatives, with 50 digits."""

    def value(x: mpmath.mpf, y: mpmath.mpf) -> mpmath.mpf:
        return calculate(text, {"x": x, "y": y}, MPMATH, mpmath.mpf)

    with mpmath.workdps(50):
        partials = (mpmath.diff(value, (x, y), order) for order in ((1, 0), (0, 1)))
        return (float(value(mpmath.mpf(x), mpmath.mpf(y))), *map(float, partials))  # type: ignore[return-value]


def _by_tape(text: str, x: float, y: float) -> tuple[float, float, float]:
    tape = Tape(parse(text, {"sigmoid": 1}), SIGMOID)
    places = tape.run({"x": x, "y": y})
    slopes = dict(zip(tape.names, tape.slopes(places), strict=False))
    return places[-1], slopes.get("x", 0.0), slopes.get("y", 0.0)


def test_every_function_of_the_checker_is_tried() -> None:
    """A function that is added to the table needs its points here."""
    assert set(POINTS) == set(ELEMENTARY)


CALLS = [(f"{name}(x)", (x, 0.0)) for name, points in POINTS.items() for x in points]
CASES = CALLS + [(text, place) for text in FORMULAS for place in PLACES]


@pytest.mark.parametrize(("text", "place"), CASES)
def test_value_and_slopes_are_those_of_mpmath(text: str, place: tuple[float, float]) -> None:
    """A tape's value, its derivative by each name, and the value without a tape."""
    expected = _by_mpmath(text, *place)
    assert _by_tape(text, *place) == pytest.approx(expected, rel=1e-13, abs=1e-14)
    numbers = dict(zip("xy", place, strict=True))
    found = value_of(parse(text, {"sigmoid": 1}), numbers, SIGMOID)
    assert found == pytest.approx(expected[0], rel=1e-13, abs=1e-14)


@pytest.mark.parametrize(("which", "expected"), [(1, 0.0), (2, 1.0), (3, 0.0)])
def test_the_first_of_the_largest_is_chosen(which: int, expected: float) -> None:
    """Of 0.5, 2 and 2 it is the second."""
    formula = parse(f"ismax({which}, x, y, z)", {"ismax": 4})
    numbers = {"x": 0.5, "y": 2.0, "z": 2.0}
    assert Tape(formula, {}).run(numbers)[-1] == expected
    assert value_of(formula, numbers, {}) == expected


@pytest.mark.parametrize("text", ["1/x", "log(x)", "exp(1000 + x)", "(x - 2)**0.5", "x**-1"])
def test_what_has_no_finite_value_is_an_error(text: str) -> None:
    """At x = 0."""
    with pytest.raises(CalculationError, match="no finite value"):
        Tape(parse(text), {}).run({"x": 0.0})


@pytest.mark.parametrize(
    ("text", "x", "expected"), [("sqrt(x)", 0.0, 0.0), ("x**2", 0.0, 0.0), ("x**1", 0.0, 1.0),
                                ("heaviside(x)", 0.0, 0.0), ("abs(x)", 0.0, 0.0)]
)  # fmt: skip
def test_slopes_at_nought(text: str, x: float, expected: float) -> None:
    """A square's is 0, that of x itself 1; where there is none, as at a kink, it is 0."""
    assert _by_tape(text, x, 1.0)[1] == expected


SCRAP = {
    "a term to the last place of the line": ("x*y + z", 0.001 / 2),
    "a factor to as many figures, 0.0561 for 0.056088": ("(x*y)*z", 2.5 * 0.0001 / 2),
    "two terms": ("x*y + x*x + z", 0.001),
    "what is subtracted": ("z - x*y", 0.001 / 2),
    "a product that ends there: 0.5": ("0.25*w + z", 0.0),
    "the last result is the line's own": ("x*y", 0.0),
    "3.079 ends there, its half 1.5395 does not": ("(x + y + z)*0.5*z", 2.5 * 0.001 / 2),
    "a sum that ends there": ("(x + y + z)*4", 0.0),
    "a denominator, and the product in it": ("1/(1 + x*y)", 2 * 0.001 / 2 / 1.056088**2),
}  # fmt: skip


@pytest.mark.parametrize("case", SCRAP)
def test_rounding_on_scrap_paper(case: str) -> None:
    """x = 0.123, y = 0.456, z = 2.5 and w = 2, in a line written to 0.001 with three figures."""
    text, expected = SCRAP[case]
    tape = Tape(parse(text), {})
    places = tape.run({"x": 0.123, "y": 0.456, "z": 2.5, "w": 2.0})
    assert tape.scrap(places, tape.slopes(places), 0.001, 3) == pytest.approx(expected, rel=1e-12)


LIMITS = [
    ("x*log(x)", 0.0, 2.0, 0.0),
    ("x*log(x/y)", 0.0, 2.0, 0.0),
    ("y*log(y)*(3 - x*log(x))", 0.0, 2.0, 6 * math.log(2)),
    ("(x*log(x) + 1)*y*log(y/4)", 0.0, 2.0, -2 * math.log(2)),
    ("x*log(x)", 0.5, 2.0, -0.5 * math.log(2)),
]


@pytest.mark.parametrize(("text", "x", "y", "expected"), LIMITS)
def test_x_log_x_is_0_at_0(text: str, x: float, y: float, expected: float) -> None:
    """Its limit, also inside of another such product."""
    numbers = {"x": x, "y": y}
    assert Tape(parse(text), {}).run(numbers)[-1] == pytest.approx(expected, rel=1e-14)
    assert value_of(parse(text), numbers, {}) == pytest.approx(expected, rel=1e-14)
