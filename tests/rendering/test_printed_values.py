"""What is printed with numbers, read with the usual precedence, is the formula's value."""

from __future__ import annotations

from fractions import Fraction as Rational
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.rendering.readers import READERS, value
from tests.rendering.trees import NUMBERS, tree
from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition, Evaluator, Exact
from tracer.formula.nodes import Node
from tracer.formula.parsing import parse
from tracer.rendering.printers import PRINTERS

DEFINITIONS = {
    name: Definition(("x",), parse(body))
    for name, body in {
        "exp": "x/7 + 3",
        "log": "x/5 - 2",
        "sqrt": "x/3 + 11",
        "tanh": "x/13 + 1",
        "sigmoid": "x/17 - 5",
        "softplus": "x/19 + 2",
    }.items()
}
"""The same stand-ins as the readers', in our grammar."""
VALUES = {name: Rational(text) for name, text in NUMBERS.items()}
RANDOMS = st.randoms(use_true_random=False)


def exact(node: Node) -> Rational:
    """The formula's value; formulas without one, or with huge ones, are passed over."""
    try:
        found = Evaluator(Exact(), DEFINITIONS)(node, VALUES)
    except (CalculationError, ZeroDivisionError):
        assume(False)
    assume(isinstance(found, Rational))
    assert isinstance(found, Rational)
    return found


def test_the_table_has_a_reader_for_every_printer() -> None:
    """No format escapes the test below."""
    assert set(READERS) == set(PRINTERS)


@pytest.mark.parametrize("form", READERS)
@given(random=RANDOMS)
def test_numbers_read_back_as_the_value(form: str, random: Random) -> None:
    """The printed numbers, recomputed by an independent reader, give the value exactly."""
    node = tree(random)
    expected = exact(node)

    text = PRINTERS[form].formula(node, NUMBERS.__getitem__)

    assert value(READERS[form](text)) == expected, text


@pytest.mark.parametrize("form", READERS)
@given(random=RANDOMS)
def test_broken_lines_read_back_as_the_value(form: str, random: Random) -> None:
    """A formula broken into lines is still the same formula."""
    node = tree(random)
    expected = exact(node)

    lines = PRINTERS[form].formula_lines(node, NUMBERS.__getitem__, terms=2)

    assert value(READERS[form](" ".join(lines))) == expected, lines


@pytest.mark.parametrize("text", sorted(set(NUMBERS.values()) | {"0", "-0.0", "12.50e+10"}))
@pytest.mark.parametrize("form", READERS)
def test_a_number_alone_reads_back(form: str, text: str) -> None:
    """A single number, bare or as an operand, keeps its value in every format."""
    printer, reader = PRINTERS[form], READERS[form]

    assert value(reader(printer.number(text))) == Rational(text)
    assert value(reader(printer.number(text, bracket=True))) == Rational(text)


def test_the_reader_sees_a_missing_bracket() -> None:
    """The readers would notice: without brackets the values differ."""
    assert value(READERS["unicode"]("1 − (2 − 3)")) == 2
    assert value(READERS["unicode"]("1 − 2 − 3")) == -4
    assert value(READERS["latex"](r"-\left(\frac{1}{2}\right)^{2}")) == Rational(-1, 4)
    assert (
        value(READERS["mathml"]("<msup><mrow><mo>−</mo><mn>2</mn></mrow><mn>2</mn></msup>")) == -4
    )
