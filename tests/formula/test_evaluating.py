"""Evaluation in each arithmetic, held against mpmath and SymPy."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as Rational
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.counting import quick
from tests.formula.trees import KEYS, texts, trees, values_for, worth
from tests.oracles.reading import calculate, keyed
from tests.oracles.symbolic import FUNCTIONS, MPMATH, read
from tracer.errors import CalculationError, FormulaError
from tracer.formula.bridge import to_formula, to_sympy
from tracer.formula.evaluating import Definition, Evaluator, Exact, Float
from tracer.formula.parsing import parse
from tracer.formula.writing import write

FUNCTION = {"sigmoid": Definition(("z",), parse("1/(1 + exp(-z))"))}


def as_mpf(value: Any) -> mpmath.mpf:
    """An exact value at mpmath's present precision."""
    if isinstance(value, Rational):
        return mpmath.mpf(value.numerator) / value.denominator
    return mpmath.mpf(str(value))


def exactly(text: str, **values: Any) -> Any:
    """The value of a formula under the exact arithmetic."""
    return Evaluator(Exact(), FUNCTION)(parse(text, {"sigmoid": 1}), values)


@given(trees(calls=False), st.integers(0, 3))
def test_rational_formulas_stay_exact(tree: Any, seed: int) -> None:
    """What is rational is a fraction, and the right one."""
    values = values_for(seed)
    try:
        expected = worth(tree, values)
    except ZeroDivisionError:
        with pytest.raises(CalculationError):
            Evaluator(Exact())(tree, values)
        return
    assume(max(expected.numerator.bit_length(), expected.denominator.bit_length()) < 100)
    found = Evaluator(Exact())(tree, values)
    if isinstance(found, Rational):
        assert found == expected
    else:  # something on the way was too long for a fraction
        with mpmath.workdps(40):
            assert abs(as_mpf(found) - as_mpf(expected)) <= abs(as_mpf(expected)) * 1e-25 + 1e-25


@given(texts(), st.integers(0, 3))
def test_machine_numbers_are_pythons(text: str, seed: int) -> None:
    """The float arithmetic gives bit for bit what Python gives for the same text."""
    values = {key: float(value) for key, value in values_for(seed).items()}
    try:
        expected = keyed(text, values.__getitem__, {}, float)
    except ZeroDivisionError:
        with pytest.raises(CalculationError):
            Evaluator(Float())(parse(text), values)
        return
    except OverflowError:
        assume(False)
    assert Evaluator(Float())(parse(text), values) == pytest.approx(expected, rel=1e-13, abs=1e-300)


@given(texts(), st.integers(0, 3))
def test_the_bridge_gives_the_same_sympy_expression(text: str, seed: int) -> None:
    """Through our tree or straight into SymPy: equal at rational points."""
    values = values_for(seed)
    letters = {key: sympy.Symbol(key, real=True) for key in KEYS}
    numbers = {letters[k]: sympy.Rational(v.numerator, v.denominator) for k, v in values.items()}
    ours = to_sympy(parse(text)).subs(numbers)
    theirs = keyed(text, letters.__getitem__, {}, sympy.Rational)
    assert sympy.simplify(ours - sympy.sympify(theirs).subs(numbers)) in (0, sympy.nan)


@pytest.mark.parametrize(
    "text",
    ["exp(x)", "log(x)", "tanh(x)", "sign(x)", "abs(x)", "sin(x)", "cos(x)", "floor(x)", "sqrt(x)",
     "heaviside(x)", "maximum(x, y)", "minimum(x, y)", "x**3", "-x", "x/y", "x*y", "x + y", "7"],
)  # fmt: skip
def test_what_sympy_says_is_written_in_our_grammar(text: str) -> None:
    """Each function of SymPy that has a name here comes back under it."""
    assert (
        write(to_formula(read(text, x=sympy.Symbol("x", real=True), y=sympy.Symbol("y")))) == text
    )


def test_a_function_without_a_name_here_is_refused() -> None:
    """The gamma function is no part of the grammar."""
    with pytest.raises(FormulaError, match="gamma"):
        to_formula(sympy.gamma(sympy.Symbol("x")))


CALLS = [
    ("exp(x)", -40, 40),
    ("log(x)", 1e-6, 1e6),
    ("sqrt(x)", 0, 1e6),
    ("tanh(x)", -30, 30),
    ("tanh(x)", -1e-6, 1e-6),
    ("sin(x)", -40, 40),
    ("sin(x)", 3.1415926, 3.1415927),
    ("cos(x)", -40, 40),
    ("cos(x)", 1.5707963, 1.5707964),
    ("cospi(x)", -5, 5),
    ("floor(x)", -5, 5),
    ("abs(x)", -5, 5),
    ("sign(x)", -5, 5),
    ("heaviside(x)", -5, 5),
    ("Phi(x)", -40, 40),
    ("Phi(x)", -1e-3, 1e-3),
    ("phi(x)", -40, 40),
    ("maximum(x, 1/3)", -5, 5),
    ("minimum(x, 1/3)", -5, 5),
    ("sigmoid(x)", -60, 60),
    ("x**0.3", 1e-3, 1e3),
    ("2.5**x", -30, 30),
    ("x**-3", 0.1, 9),
    ("log(exp(x) + 1)/tanh(x)", 0.1, 9),
]


@pytest.mark.parametrize(("text", "low", "high"), CALLS)
def test_every_function_to_thirty_digits(text: str, low: float, high: float) -> None:
    """Thirty points each, to 30 digits, beside mpmath with 60."""
    for i in range(30):
        x = Rational(round((low + (high - low) * (i + 0.5) / 30) * 10**9), 10**9)
        found = exactly(text, x=x)
        with mpmath.workdps(60):
            true = calculate(text, {"x": as_mpf(x)}, MPMATH, mpmath.mpf)
            assert abs(as_mpf(found) - true) <= mpmath.mpf(10) ** -30 * abs(true)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("exp(0)", 1),
        ("log(1)", 0),
        ("tanh(0)", 0),
        ("sqrt(9/4)", Rational(3, 2)),
        ("sqrt(0)", 0),
        ("sigmoid(0)", Rational(1, 2)),
        ("sin(0)", 0),
        ("cos(0)", 1),
        ("cospi(1/2)", 0),
        ("cospi(-7/3)", Rational(1, 2)),
        ("cospi(5)", -1),
        ("floor(-1/2)", -1),
        ("floor(3)", 3),
        ("heaviside(0)", 0),
        ("sign(0)", 0),
        ("(4/9)**(1/2)", Rational(2, 3)),
        ("x/3 + 0.5", Rational(5, 6)),
        ("0.1 + 0.2", Rational(3, 10)),
        ("2**-2", Rational(1, 4)),
        ("(-2)**3", -8),
        ("0*exp(x)", 0),
        ("ismax(2, 1, 3, 3)", 1),
        ("ismax(3, 1, 3, 3)", 0),
        ("maximum(1, 3, 2)", 3),
    ],
)
def test_what_is_rational_stays_a_fraction(text: str, value: Any) -> None:
    """Fixed points, perfect squares, and zeros are exact."""
    found = exactly(text, x=Rational(1))
    assert isinstance(found, Rational)
    assert found == value


@pytest.mark.parametrize("arithmetic", [Exact(), Float()])
@pytest.mark.parametrize(
    "text",
    [
        "log(0)",
        "log(-1)",
        "sqrt(-1)",
        "1/(x - 1)",
        "0**-1",
        "(-2)**0.5",
        "exp(exp(exp(exp(9))))",
        "9999**9999**9999",
    ],
)
def test_what_is_not_finite_is_said(arithmetic: Any, text: str) -> None:
    """A value that does not exist is a CalculationError in either arithmetic."""
    one = Rational(1) if isinstance(arithmetic, Exact) else 1.0
    with pytest.raises(CalculationError):
        Evaluator(arithmetic)(parse(text), {"x": one})


@pytest.mark.parametrize("digits", [34, 400])
@pytest.mark.parametrize("z", [100, 800])
def test_enough_digits_keep_a_saturated_difference(z: int, digits: int) -> None:
    """1 - sigmoid(z) far out: lost at 34 digits, the gap says how many it takes."""
    arithmetic = Exact(digits)
    formula = parse("1 - sigmoid(x)", {"sigmoid": 1})
    first = Evaluator(arithmetic, FUNCTION)(formula, {"x": Rational(z)})
    enough = Exact(arithmetic.enough_digits)
    again = Evaluator(enough, FUNCTION)(formula, {"x": Rational(z)})
    with mpmath.workdps(900):
        true = 1 / (1 + mpmath.exp(z))
        assert abs(as_mpf(again) / true - 1) < mpmath.mpf(10) ** -30
    if digits == 34:
        assert first == 0
        assert arithmetic.vanished


def test_large_numbers_take_no_time() -> None:
    """Towers of powers and far exponents are carried as decimals, at once."""
    with quick(2):
        for text in ("9**9**9", "exp(1e10)", "(1/3)**60000", "(1e9999*x)**64", "tanh(1e-9999)"):
            exactly(text, x=Rational(3))


def test_long_fractions_become_decimals() -> None:
    """A fraction that grows without end goes on with 34 digits."""
    found: Any = Rational(1, 3)
    arithmetic = Exact()
    for _ in range(400):
        found = arithmetic.add([arithmetic.multiply([found, found]), Rational(1, 7)])
    assert isinstance(found, Decimal)
    with mpmath.workdps(60):
        true = mpmath.mpf(1) / 3
        for _ in range(400):
            true = true * true + mpmath.mpf(1) / 7
        assert abs(as_mpf(found) - true) < 1e-32


def test_functions_of_the_oracles_cover_the_grammar() -> None:
    """Every elementary function of the grammar is compared with mpmath and SymPy."""
    from tracer.formula.parsing import ELEMENTARY

    assert set(ELEMENTARY) <= set(MPMATH) & set(FUNCTIONS)
    assert set(ELEMENTARY) <= {text.partition("(")[0] for text, _, _ in CALLS}
