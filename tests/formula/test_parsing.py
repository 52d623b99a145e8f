"""The parser: it reads what Python means, refuses the rest in words, and never falls over."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as Rational
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.counting import quick
from tests.formula.trees import texts, trees, values_for, worth
from tests.oracles.reading import keyed
from tracer.errors import FormulaError
from tracer.formula.nodes import Apply, Call, Negative, Number, Product, Symbol, walk
from tracer.formula.parsing import LONGEST, parse, parse_equation
from tracer.formula.writing import write


@given(trees())
def test_what_is_written_is_read_back(tree: object) -> None:
    """Writing and reading loses nothing: once read, a tree comes back as it was."""
    read = parse(write(tree))  # type: ignore[arg-type]
    assert parse(write(read)) == read
    leaves = [n for n in walk(tree) if isinstance(n, Symbol | Number)]  # type: ignore[arg-type]
    assert [n for n in walk(read) if isinstance(n, Symbol | Number)] == leaves


@given(trees(calls=False), st.integers(0, 3))
def test_writing_keeps_the_value(tree: object, seed: int) -> None:
    """Brackets stand wherever they are needed: the text means what the tree means."""
    values = values_for(seed)
    try:
        expected = worth(tree, values)  # type: ignore[arg-type]
    except ZeroDivisionError:
        assume(False)
    text = write(tree)  # type: ignore[arg-type]
    assert keyed(text, values.__getitem__, {}, Rational) == expected
    assert worth(parse(text), values) == expected


@given(texts(), st.integers(0, 3))
def test_the_parser_reads_what_python_means(text: str, seed: int) -> None:
    """Precedence, brackets and signs are Python's; the value is Python's own."""
    values = values_for(seed)
    try:
        expected = keyed(text, values.__getitem__, {}, Rational)
    except ZeroDivisionError:
        assume(False)
    tree = parse(text)
    assert worth(tree, values) == expected
    assert parse(write(tree)) == tree


@pytest.mark.parametrize(
    "text",
    [
        "-(a + b)*c**2/(d*e) - 0.20",
        "w2[1,1]@1*delta2[1]",
        "a - -b",
        "a*(b*c)",
        "a*(b/c)",
        "a/b/c",
        "a/(b/c)",
        "(-a)**2",
        "-a**2",
        "2**-x",
        "a + (b + c)",
        "a - (b - c)",
        "-(a*b)",
        "(-a)*b",
        "a*-b",
        "exp(-z1[1])",
        "y[1] - a2[1]@1",
        "1e-3*x + 1.50",
    ],
)
def test_a_formula_comes_back_as_it_was_typed(text: str) -> None:
    """Reading and writing keeps the tree of what a person typed."""
    tree = parse(text)
    assert parse(write(tree)) == tree


def test_numbers_keep_their_text() -> None:
    """``0.20`` stays ``0.20``."""
    assert parse("0.20*x") == Product((Number("0.20"), Symbol("x")))
    assert write(parse("0.20*x + 1e-3")) == "0.20*x + 1e-3"


def test_a_leading_minus_belongs_to_the_product() -> None:
    """``-a*b`` is ``-(a*b)``, as people read it."""
    assert parse("-a*b") == Negative(Product((Symbol("a"), Symbol("b"))))


def test_array_equations_have_their_own_signs() -> None:
    """``@``, ``.T`` and brackets that index an array."""
    name, tree = parse_equation("S = (E @ E.T)[1,:]")
    assert name == "S"
    assert isinstance(tree, Apply)
    assert (tree.primitive, tree.options) == ("index", (1, None))
    assert write(tree) == "(E @ E.T)[1,:]"
    assert parse(write(tree), arrays=True) == tree


def test_the_cells_of_max_are_read_back() -> None:
    """``maximum`` of any number, and ``ismax`` with the number of a cell."""
    assert parse("maximum(a, b, c)") == Call("maximum", tuple(map(Symbol, "abc")))
    assert parse("ismax(2, a, b)") == Call("ismax", (Number("2"), Symbol("a"), Symbol("b")))
    for wrong in ("ismax(3, a, b)", "ismax(a, b)", "ismax(0, a)", "maximum()"):
        with pytest.raises(FormulaError):
            parse(wrong)


REFUSED = [
    ("__import__('os')", "underscore", 0),
    ("_x", "underscore", 0),
    ("a__b", "underscore", 1),
    ("x_", "underscore", 1),
    ("sigmod(x)", "did you mean 'sigmoid'", 0),
    ("exp(x, y)", "1 argument", 0),
    ("exp()", "1 argument", 0),
    ("exp(x=y)", "named arguments", 0),
    ("(x", "not closed", 0),
    ("x)", "not opened", 1),
    ("x**", "breaks off", 1),
    ("", "missing", 0),
    ("   ", "missing", 0),
    ("2x", "operator is missing", 1),
    ("1a + b", "operator is missing", 1),
    ("0x10", "operator is missing", 1),
    ("1e1e1", "operator is missing", 3),
    ("2 x", "operator is missing", 2),
    ("x y", "operator is missing", 2),
    ("(a)(b)", "unknown function 'a'", 1),
    ("a, b", "comma", 0),
    ("[a, b]", "no meaning", 0),
    ("a[0.5]", "not numbers", None),
    ("a if b else c", "operator is missing", 2),
    ("lambda: x", "cannot be read", 6),
    ("a < b", "no meaning", 2),
    ("'a'", "no meaning", 0),
    ("a; b", "no meaning", 1),
    ("a\nb", "no meaning", 1),
    ("a // b", "no meaning", 0),
    ("a % b", "no meaning", 2),
    ("~a", "no meaning", 0),
    ("a @ b", "no meaning", 0),
    ("x.T", "attribute", None),
    ("sum(x)", "unknown function", 0),
    ("9" * 401, "too long", 0),
    ("1e99999", "too large", 0),
]


@pytest.mark.parametrize(("text", "message", "column"), REFUSED)
def test_what_the_grammar_does_not_know_is_refused(
    text: str, message: str, column: int | None
) -> None:
    """Every other piece of Python is refused, with the column where it stands."""
    with pytest.raises(FormulaError, match=message) as caught:
        parse(text, {"sigmoid": 1})
    if column is not None:
        assert caught.value.column == column


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y", "no '='"),
        ("y[1] = x", "left of '='"),
        ("2 = x", "left of '='"),
        ("O.1 = x", "left of '='|attribute"),
        ("a b = x", "left of '='"),
        ("y = x = z", "cannot be read"),
        ("y = x.real", "only attribute is .T"),
        ("y = x^2", r"a power is written with \*\*"),
        ("y = x[0]", "from 1"),
        ("y = x[-1]", "from 1"),
        ("y = x[1:2]", "from 1"),
        ("y = x[²]", "from 1"),
    ],
)
def test_equations_are_refused_in_words(text: str, message: str) -> None:
    """An equation is ``name = formula``; its indices are whole numbers from 1."""
    with pytest.raises(FormulaError, match=message):
        parse_equation(text)


def outcome(attempt: Callable[[], Any]) -> Any:
    """What an attempt gives, or the FormulaError that it raises."""
    try:
        return attempt()
    except FormulaError as error:
        return error


GRAMMAR = st.text("abwxT_.0123456789eE+-*/@()[],:=~# \t'\"\\{}<>!&|^%;²٣ﬁªéΣ\x00\n", max_size=40)


@given(st.one_of(GRAMMAR, st.text(max_size=40)), st.booleans())
def test_no_text_raises_anything_else(text: str, arrays: bool) -> None:
    """Whatever is typed: a tree, or a FormulaError whose column lies in the text."""
    read = outcome(lambda: parse(text, {"sigmoid": 1}, arrays))
    if isinstance(read, FormulaError):
        assert read.column is None or 0 <= read.column <= max(len(text), 1)
    else:
        assert parse(write(read), {"sigmoid": 1}, arrays) == read
    assert outcome(lambda: parse_equation(text))


@given(st.lists(st.sampled_from(["x", "1", "w1[1,2]", "(", ")", "+", "-", "*", "/", "**", "exp("])))
def test_no_mixture_of_pieces_raises_anything_else(pieces: list[str]) -> None:
    """Likewise for well-formed pieces in any order; nothing that is read gets lost."""
    text = "".join(pieces)
    try:
        tree = parse(text)
    except FormulaError:
        return
    read = "".join(
        node.name if isinstance(node, Symbol) else node.text
        for node in walk(tree)
        if isinstance(node, Symbol | Number)
    )
    assert read == "".join(piece for piece in pieces if piece in ("x", "1", "w1[1,2]"))


BOMBS = {
    "open brackets": "(" * 9000,
    "nested brackets": "(" * 9000 + "a" + ")" * 9000,
    "minus signs": "-" * 19_000 + "a",
    "long sum": "a+" * 9_990 + "a",
    "long product": "a*" * 9_990 + "a",
    "long quotient": "a/" * 9_990 + "a",
    "quotient": "a/" * 1_500 + "a",
    "tower": "a**" * 6_000 + "a",
    "signed tower": "a**-" * 4_900 + "a",
    "calls": "exp(" * 3_900 + "a" + ")" * 3_900,
    "transposes": "a" + ".T" * 9_900,
    "indices": "a" + "[1]" * 6_600,
    "matrix products": "a@" * 9_900 + "a",
    "arguments": "maximum(" + "a," * 9_900 + "a)",
    "digits": "9" * 19_999,
    "exponent": "1e" + "9" * 19_000,
    "name": "a" * 19_999,
    "dots": "a." * 9_900 + "a",
    "underscores": "a_" * 9_900 + "a",
    "spaces": " " * 19_999,
    "brackets": "a[" * 9_900,
    "numbers": "1e" * 9_900,
    "too long": "a" * (LONGEST + 1),
    "far too long": "a+" * 10_000_000,
    "alternating": "a-(b+" * 3_900 + "a" + ")" * 3_900,
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("arrays", [False, True])
def test_bombs_are_refused_or_read_quickly(name: str, arrays: bool) -> None:
    """No text takes more than two seconds of work or exhausts the stack."""
    with quick(2):
        read = outcome(lambda: write(parse(BOMBS[name], arrays=arrays)))
    assert isinstance(read, str) or len(str(read)) < 200


def test_a_sum_over_a_wide_layer_is_read() -> None:
    """The preactivation of a unit with 784 inputs is one line, and can be read back."""
    text = " + ".join(f"w1[1,{i}]*a0[{i}]" for i in range(1, 785)) + " + b1[1]"
    assert write(parse(text)) == text
