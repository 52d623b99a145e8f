"""Derivatives of scalar formulas beside SymPy's, and that tidying changes no value."""

from __future__ import annotations

from fractions import Fraction as Rational
from typing import Any

import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.formula.trees import KEYS, texts, trees, values_for, worth
from tests.oracles.reading import keyed
from tests.oracles.symbolic import FUNCTIONS, close, number
from tracer.errors import FormulaError
from tracer.formula.differentiating import derivative
from tracer.formula.evaluating import Definition
from tracer.formula.parsing import parse
from tracer.formula.rewriting import tidy
from tracer.formula.writing import write

DEFINED = {
    "sigmoid": Definition(("z",), parse("1/(1 + exp(-z))")),
    "leaky": Definition(("z", "leak"), parse("maximum(0, z) + leak*minimum(0, z)")),
}
LETTERS = {key: sympy.Symbol(key, real=True) for key in KEYS}
IN_SYMPY = {
    **FUNCTIONS,
    "leaky": lambda z, leak: sympy.Max(0, z) + leak * sympy.Min(0, z),
}


def in_sympy(text: str) -> sympy.Expr:
    """A formula over keys as a SymPy expression, not through tracer."""
    return sympy.sympify(keyed(text, LETTERS.__getitem__, IN_SYMPY, sympy.Rational))


@given(texts(depth=8), st.sampled_from(["x", "w1[1,2]", "loss"]), st.integers(0, 3))
def test_rational_derivatives_are_sympys(text: str, key: str, seed: int) -> None:
    """Sums, products, quotients and powers, at rational points, exactly."""
    values = values_for(seed)
    numbers = {LETTERS[k]: sympy.Rational(v.numerator, v.denominator) for k, v in values.items()}
    true = sympy.diff(in_sympy(text), LETTERS[key]).subs(numbers)
    assume(true.is_finite)
    raw = derivative(parse(text), key)
    for formula in (raw, tidy(raw)):
        try:
            ours = worth(formula, values)
        except ZeroDivisionError:
            assume(False)
        assert sympy.Rational(ours.numerator, ours.denominator) == true


FORMULAS = [
    "exp(x)*log(x)",
    "sqrt(x)/(1 + tanh(x))",
    "x**x",
    "2.5**(x**2)",
    "(x**2 + 1)**0.3",
    "abs(x - 3)",
    "sign(x)*x",
    "sin(x**2)*cos(3*x)",
    "heaviside(x - 1)*x**2",
    "maximum(x, x**2)",
    "minimum(x, x**2)*x",
    "maximum(0.5, 1 - x)",
    "sigmoid(sigmoid(3*x))",
    "x*sigmoid(x)",
    "leaky(1 - x, 0.1)",
    "leaky(x, x/3)",
    "-(0.3*log(x) + (1 - 0.3)*log(9 - x))",
    "1/2*(0.7 - x)**2",
    "1/x/x",
    "(x - 1)/(x + 1)",
    "exp(-x)/(exp(x) + exp(2*x) + 1)",
    "tanh(sqrt(2/3)*(x + 0.044715*x**3))",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_derivatives_of_functions_are_sympys(text: str) -> None:
    """Every rule and every elementary function, at eight points, to 28 digits."""
    x = LETTERS["x"]
    true = sympy.diff(in_sympy(text), x)
    raw = derivative(parse(text, {"sigmoid": 1, "leaky": 2}), "x", DEFINED)
    for formula in (raw, tidy(raw)):
        ours = in_sympy(write(formula))
        for point in (sympy.Rational(n, 7) for n in (1, 3, 5, 9, 12, 17, 25, 40)):
            assert close(number(ours.subs(x, point)), number(true.subs(x, point)))


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("x", "1"),
        ("y", "0"),
        ("3*x", "3"),
        ("-x", "-1"),
        ("x**2", "2*x"),
        ("x + y - x", None),
        ("1/2*(y - x)**2", None),
    ],
)
def test_slopes_read_as_a_person_writes_them(text: str, slope: str | None) -> None:
    """The simplest rules come out without factors 1 and terms 0."""
    found = write(tidy(derivative(parse(text), "x")))
    assert found == slope if slope else not {"1*", "+ 0", "*1"} & set(found.split())


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("floor(x)", 0),
        ("heaviside(x)", 0),
        ("abs(x)", 0),
        ("sign(x)", 0),
        ("maximum(x, 0)", 0),
        ("maximum(0, x)", 0),
        ("minimum(x, 0)", 0),
        ("minimum(0, x)", 0),
        ("maximum(x, y)", 1),
        ("maximum(y, x)", 0),
        ("minimum(x, y)", 1),
        ("minimum(y, x)", 0),
        ("maximum(x, x)", 1),
        ("minimum(x, x)", 1),
        ("maximum(x, y, z)", 1),
        ("maximum(y, x, z)", 0),
    ],
)
def test_at_a_kink_the_slope_is_the_stated_one(text: str, slope: int) -> None:
    """relu'(0) = 0, |x|' at 0 is 0, and of equal numbers the first is the largest."""
    formula = write(derivative(parse(text), "x"))
    found = keyed(formula, lambda key: Rational(0), PLAIN, Rational)
    assert found == slope


PLAIN: dict[str, Any] = {
    "heaviside": lambda x: Rational(int(x > 0)),
    "sign": lambda x: Rational((x > 0) - (x < 0)),
    "ismax": lambda k, *cells: Rational(int(cells.index(max(cells)) + 1 == k)),
}


@pytest.mark.parametrize("text", ["ismax(1, x, y)", "maximum(x, y, z)"])
def test_the_largest_of_several(text: str) -> None:
    """The slope of the largest of three is 1 for the first of the largest."""
    found = write(derivative(parse(text), "x"))
    assert found == {"ismax(1, x, y)": "0", "maximum(x, y, z)": "ismax(1, x, y, z)"}[text]


def test_an_array_formula_is_refused() -> None:
    """Array equations are differentiated by the chain rule over arrays, not here."""
    with pytest.raises(FormulaError):
        derivative(parse("x @ x", arrays=True), "x")


@given(trees(calls=False), st.integers(0, 3))
def test_tidying_changes_no_value(tree: Any, seed: int) -> None:
    """The tidy pass drops ones and zeros and turns signs; the value stays."""
    values = values_for(seed)
    try:
        expected = worth(tree, values)
    except ZeroDivisionError:
        assume(False)
    assert worth(tidy(tree), values) == expected


CONSTANTS = st.sampled_from(
    ["1/2", "2", "1/3", "3", "4", "2*x/2", "6*y/4", "x/4", "0.5", "2.0", "x"]
)


@given(st.lists(CONSTANTS, min_size=2, max_size=6), st.sampled_from(["1", "2", "4", "6", "0.5"]))
def test_constants_multiplied_out_are_sympys(factors: list[str], below: str) -> None:
    """Products and quotients of small constants, tidied, are what SymPy says they are."""
    text = f"({'*'.join(f'({factor})' for factor in factors)})/{below}"
    difference = sympy.sympify(text, rational=True) - sympy.sympify(
        write(tidy(parse(text))), rational=True
    )
    assert sympy.simplify(difference) == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1/2*2*(a - y)", "a - y"),
        ("x/2*2", "x"),
        ("x/3*2", "x/3*2"),
        ("1/6*2*(a - y)", "1/3*(a - y)"),
        ("2*z/2", "z"),
        ("x/4*2*(a - y)", "x/2*(a - y)"),
        ("0.5*2*x", "0.5*2*x"),
        ("2*x*3", "2*x*3"),
        ("2*x/4", "2*x/4"),
        ("1/m*2*x", "1/m*2*x"),
    ],
)
def test_small_constants_side_by_side_become_one(text: str, shown: str) -> None:
    """Whole numbers and their fractions only, in their places; decimals stay as typed."""
    assert write(tidy(parse(text))) == shown
