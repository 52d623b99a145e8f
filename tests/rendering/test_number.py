"""Numbers' texts taken apart, and set in every format."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rendering.readers import READERS, value
from tracer.errors import FormulaError
from tracer.model.rounding import Precision, Rounding
from tracer.rendering.number import NumberText, split
from tracer.rendering.printers import PRINTERS, Latex, Mathml, Typst, Unicode


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.20", NumberText(False, "0.20")),
        ("-0.0416", NumberText(True, "0.0416")),
        ("+5", NumberText(False, "5")),
        (".5", NumberText(False, ".5")),
        ("3.70E-05", NumberText(False, "3.70", power="-5")),
        ("-1e+10", NumberText(True, "1", power="10")),
        ("-2/7", NumberText(True, "2", under="7")),
    ],
)
def test_a_text_is_taken_apart(text: str, parts: NumberText) -> None:
    """Sign, digits, power of ten and denominator; zeros at the end are kept."""
    assert split(text) == parts


@pytest.mark.parametrize("text", ["", "-", "1,5", "1/3/5", "0.5/3", "nan", "1e", "2 3", "−1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    """A text that is no number of our grammar never gets into print."""
    with pytest.raises(FormulaError):
        split(text)


@pytest.mark.parametrize(
    ("text", "latex", "unicode", "ascii_"),
    [
        ("0.20", "0.20", "0.20", "0.20"),
        ("-0.0416", "-0.0416", "−0.0416", "-0.0416"),
        ("3.7e-5", r"3.7\cdot 10^{-5}", "3.7·10⁻⁵", "3.7e-5"),
        ("-2.50e12", r"-2.50\cdot 10^{12}", "−2.50·10¹²", "-2.50e12"),
        ("1e-3", "10^{-3}", "10⁻³", "1e-3"),
        ("1/3", r"\frac{1}{3}", "1/3", "1/3"),
        ("-1/3", r"-\frac{1}{3}", "−1/3", "-1/3"),
    ],
)
def test_a_number_alone(text: str, latex: str, unicode: str, ascii_: str) -> None:
    """Alone, a number has no brackets, and every digit is kept."""
    assert PRINTERS["latex"].number(text) == latex
    assert PRINTERS["unicode"].number(text) == unicode
    assert PRINTERS["ascii"].number(text) == ascii_


@pytest.mark.parametrize(
    ("text", "latex", "unicode"),
    [
        ("0.20", "0.20", "0.20"),
        ("-0.0416", "(-0.0416)", "(−0.0416)"),
        ("1/3", r"\frac{1}{3}", "(1/3)"),
        ("-1/3", r"\left(-\frac{1}{3}\right)", "(−1/3)"),
    ],
)
def test_a_number_as_an_operand(text: str, latex: str, unicode: str) -> None:
    """As an operand, what could be misread stands in brackets."""
    assert PRINTERS["latex"].number(text, bracket=True) == latex
    assert PRINTERS["unicode"].number(text, bracket=True) == unicode


def test_a_decimal_comma() -> None:
    """With a decimal comma, arguments are separated by semicolons."""
    from tracer.formula.parsing import parse

    node = parse("maximum(0.5, x)")
    numbers = {"x": "-1.25"}.__getitem__

    assert Latex(comma=True).formula(node, numbers) == r"\max(0{,}5; -1{,}25)"
    assert Unicode(comma=True).formula(node, numbers) == "max(0,5; −1,25)"
    assert Typst(comma=True).number("0.5") == '"0,5"'
    assert Mathml(comma=True).number("0.5") == "<mn>0,5</mn>"
    assert replace(Unicode(), comma=True).matrix([["0,5", "1"]]) == "[[0,5; 1]]"


@pytest.mark.parametrize("form", READERS)
@given(
    number=st.fractions(max_denominator=10**6) | st.floats(-1e30, 1e30).map(Rational),
    figures=st.integers(1, 20),
    exponent=st.integers(-20, 20),
)
def test_a_rounded_number_reads_back(
    form: str, number: Rational, figures: int, exponent: int
) -> None:
    """Whatever text rounding writes, the page shows exactly that number."""
    text = Rounding(Precision(figures=figures)).text(number * Rational(10) ** exponent)

    assert value(READERS[form](PRINTERS[form].number(text))) == Rational(text)
