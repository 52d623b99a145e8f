"""What each printer writes: the looks that a reader of textbooks expects."""

from __future__ import annotations

import pytest

from tracer.formula.nodes import Apply, Call, Negative, Number, Power, Product, Symbol
from tracer.formula.parsing import parse
from tracer.notation.name import Name
from tracer.rendering.printers import PRINTERS

FUNCTIONS = {"sigmoid": 1, "relu": 1, "leaky_relu": 2, "softplus": 1}
NAMES = {
    "w": Name("w", sub="11", sup="(2)"),
    "d": Name("delta", sub="1", sup="(2)"),
    "a": Name("a", sub="1", sup="(1)"),
    "x": Name("x", sub="1"),
    "y": Name("y"),
    "p": Name("y", accent="hat"),
    "o": Name("out", sub="o1"),
    "n": Name("net", sub="o1"),
    "E": Name("E", sub="total", before="partial", over=Name("out", sub="o1", before="partial")),
    "S": Name("out", sub="o1", before="partial", over=Name("net", sub="o1", before="partial")),
    "W": Name("W", sup="(2)"),
    "X": Name("X"),
    "Y": Name("Y"),
    "m": Name("m"),
}
NUMBERS = {"w": "0.40", "d": "-0.0416", "a": "0.6514", "x": "3.7e-5", "y": "1", "p": "1/3"}


def show(form: str, text: str, numbers: bool = False) -> str:
    """One formula of our grammar in one format."""
    leaf = NUMBERS.__getitem__ if numbers else NAMES.__getitem__
    return PRINTERS[form].formula(parse(text, FUNCTIONS), leaf)


@pytest.mark.parametrize(
    ("text", "latex", "unicode"),
    [
        (
            "w*d*a*(1 - a)",
            r"w^{(2)}_{11}\,\delta^{(2)}_{1}\,a^{(1)}_{1}\,\bigl(1 - a^{(1)}_{1}\bigr)",
            "w₁₁⁽²⁾·δ₁⁽²⁾·a₁⁽¹⁾·(1 − a₁⁽¹⁾)",
        ),
        ("1/2*(y - p)**2", r"\frac{1}{2}\,(y - \hat{y})^{2}", "1/2·(y − ŷ)²"),
        ("1/(1 + exp(-x))", r"\frac{1}{1 + e^{-x_{1}}}", "1/(1 + e^(−x₁))"),
        ("2*x*3", r"2\,x_{1}\cdot 3", "2·x₁·3"),
        ("2*(y/m)", r"2\cdot \frac{y}{m}", "2·(y/m)"),
        ("-y*log(p)", r"-y\,\ln(\hat{y})", "−y·ln(ŷ)"),
        ("a**2", r"\bigl(a^{(1)}_{1}\bigr)^{2}", "(a₁⁽¹⁾)²"),
        ("o*n", r"\mathrm{out}_{o1}\cdot \mathrm{net}_{o1}", "outₒ₁·netₒ₁"),
        (
            "E*S",
            r"\frac{\partial E_{\mathrm{total}}}{\partial \mathrm{out}_{o1}}\cdot "
            r"\frac{\partial \mathrm{out}_{o1}}{\partial \mathrm{net}_{o1}}",
            "∂Eₜₒₜₐₗ/∂outₒ₁ · ∂outₒ₁/∂netₒ₁",
        ),
        ("m/E", r"\frac{m}{\frac{\partial E_{\mathrm{total}}}{\partial \mathrm{out}_{o1}}}",
         "m/(∂Eₜₒₜₐₗ/∂outₒ₁)"),
        ("sigmoid(x) - relu(y)", r"\sigma(x_{1}) - \mathrm{ReLU}(y)", "σ(x₁) − ReLU(y)"),
        ("abs(x) + sqrt(y)", r"\lvert x_{1}\rvert + \sqrt{y}", "|x₁| + √(y)"),
        ("sin(x)*cos(y)", r"\sin(x_{1})\,\cos(y)", "sin(x₁)·cos(y)"),
        (
            "m**floor((x - 1)/y)",
            r"m^{\left\lfloor \frac{x_{1} - 1}{y}\right\rfloor}",
            "m^⌊(x₁ − 1)/y⌋",
        ),
        ("cospi(x/y)", r"\cos\left(\frac{\pi\,x_{1}}{y}\right)", "cos(π·x₁/y)"),
        ("heaviside(x)*sign(y)", r"H(x_{1})\,\mathrm{sign}(y)", "H(x₁)·sign(y)"),
        ("maximum(0, x)", r"\max(0, x_{1})", "max(0, x₁)"),
    ],
)  # fmt: skip
def test_formulas_with_names(text: str, latex: str, unicode: str) -> None:
    """Names stand side by side, numbers before names, fractions are stacked."""
    assert show("latex", text) == latex
    assert show("unicode", text) == unicode


@pytest.mark.parametrize(
    ("text", "latex", "unicode", "ascii_"),
    [
        ("w*d", r"0.40\cdot (-0.0416)", "0.40·(−0.0416)", "0.40*(-0.0416)"),
        ("d*w", r"(-0.0416)\cdot 0.40", "(−0.0416)·0.40", "(-0.0416)*0.40"),
        ("d + w", "-0.0416 + 0.40", "−0.0416 + 0.40", "-0.0416 + 0.40"),
        ("w + d", "0.40 + (-0.0416)", "0.40 + (−0.0416)", "0.40 + (-0.0416)"),
        ("1 - d", "1 - (-0.0416)", "1 − (−0.0416)", "1 - (-0.0416)"),
        ("-d", "-(-0.0416)", "−(−0.0416)", "-(-0.0416)"),
        ("d**2", "(-0.0416)^{2}", "(−0.0416)²", "(-0.0416)^2"),
        ("x**2", r"(3.7\cdot 10^{-5})^{2}", "(3.7·10⁻⁵)²", "(3.7e-5)^2"),
        ("w/x", r"\frac{0.40}{3.7\cdot 10^{-5}}", "0.40/(3.7·10⁻⁵)", "0.40/3.7e-5"),
        ("w*p", r"0.40\cdot \frac{1}{3}", "0.40·(1/3)", "0.40*(1/3)"),
        ("p**2", r"\left(\frac{1}{3}\right)^{2}", "(1/3)²", "(1/3)^2"),
        ("exp(-d)", "e^{-(-0.0416)}", "e^(−(−0.0416))", "exp(-(-0.0416))"),
        ("sigmoid(d)", r"\sigma(-0.0416)", "σ(−0.0416)", "sigmoid(-0.0416)"),
        ("w**(-1)", "0.40^{-1}", "0.40⁻¹", "0.40^(-1)"),
        ("w/(a*y)", r"\frac{0.40}{0.6514\cdot 1}", "0.40/(0.6514·1)", "0.40/(0.6514*1)"),
        ("w - (a - y)", "0.40 - (0.6514 - 1)", "0.40 − (0.6514 − 1)", "0.40 - (0.6514 - 1)"),
    ],
)
def test_formulas_with_numbers(text: str, latex: str, unicode: str, ascii_: str) -> None:
    """Negative operands stand in brackets, but not alone or first in a sum."""
    assert show("latex", text, numbers=True) == latex
    assert show("unicode", text, numbers=True) == unicode
    assert show("ascii", text, numbers=True) == ascii_


@pytest.mark.parametrize(
    ("name", "latex", "unicode", "ascii_", "spoken"),
    [
        (Name("delta", accent="hat"), r"\hat{\delta}", "δhat", "deltahat", "delta hat"),
        (Name("w", sub="1,12"), "w_{1,12}", "w₁,₁₂", "w_{1,12}", "w one one two"),
        (Name("W", sub="d"), "W_{d}", "W_d", "W_d", "W d"),
        (Name("W1"), "W1", "W1", "W1", "W one"),
        (Name("delta2"), r"\delta2", "δ2", "delta2", "delta two"),
        (
            Name("z", sub="1", sup="[2]", sample="(3)"),
            "z^{[2](3)}_{1}", "z₁^[2]⁽³⁾", "z_1^[2](3)", "z one of layer two of sample three",
        ),
        (
            Name("w", sub="11", sup="(2)", mark="'"),
            r"w^{\prime (2)}_{11}", "w′₁₁⁽²⁾", "w'_11^(2)", "w one one of layer two prime",
        ),
        (Name("w", sub="5", mark="+"), "w^{+}_{5}", "w₅⁺", "w_5^+", "w five plus"),
        (
            Name("w", sub="5", mark="new"),
            r"w^{\mathrm{new}}_{5}", "w₅ⁿᵉʷ", "w_5^new", "w five new",
        ),
        (
            Name("K", sub="12", mark="after 2 updates"),
            r"K_{12}\text{ (after 2 updates)}", "K₁₂ (after 2 updates)",
            "K_12 (after 2 updates)", "K one two after 2 updates",
        ),
        (Name("w", before="Delta"), r"\Delta w", "Δw", "Delta w", "Delta w"),
        (Name("scores", before="d"), r"d\mathrm{scores}", "dscores", "dscores", "d scores"),
        (
            Name("y", before="-partial", over=Name("z", before="partial")),
            r"-\frac{\partial y}{\partial z}", "−∂y/∂z", "-dy/dz", "minus partial y by partial z",
        ),
        (Name("leaky_unit"), r"\mathrm{leaky\_unit}", "leaky_unit", "leaky_unit", "leaky unit"),
        (Name("σ"), r"\sigma", "σ", "sigma", "sigma"),
        (Name("żaba"), r"\mathrm{\dot{z}aba}", "żaba", "zaba", "żaba"),
    ],
)  # fmt: skip
def test_names(name: Name, latex: str, unicode: str, ascii_: str, spoken: str) -> None:
    """Every part of a name in every kind of format."""
    assert PRINTERS["latex"].name(name) == latex
    assert PRINTERS["unicode"].name(name) == unicode
    assert PRINTERS["ascii"].name(name) == ascii_
    assert PRINTERS["spoken"].name(name) == spoken


def test_mathml_and_typst_names() -> None:
    """Layer marks are brackets that do not stretch, words are upright."""
    name = Name("net", sub="h1", sup="(2)")

    assert PRINTERS["typst"].name(name) == r'"net"_(h 1)^(\( 2 \))'
    assert PRINTERS["mathml"].name(name) == (
        "<msubsup><mi>net</mi><mrow><mi>h</mi><mn>1</mn></mrow>"
        '<mrow><mo stretchy="false">(</mo><mn>2</mn><mo stretchy="false">)</mo></mrow></msubsup>'
    )


@pytest.mark.parametrize(
    ("text", "latex", "unicode", "ascii_"),
    [
        ("W @ X", r"W^{(2)}\,X", "W⁽²⁾·X", "W^(2) @ X"),
        ("W.T @ X", r"\bigl(W^{(2)}\bigr)^{\top}\,X", "(W⁽²⁾)ᵀ·X", "(W^(2))^T @ X"),
        (
            "(W.T @ X)*Y",
            r"\left(\bigl(W^{(2)}\bigr)^{\top}\,X\right) \odot Y",
            "((W⁽²⁾)ᵀ·X) ⊙ Y",
            "((W^(2))^T @ X) .* Y",
        ),
        ("m*X*Y", r"m\,X \odot Y", "m·X ⊙ Y", "m*X .* Y"),
        ("sum(X)*Y", r"\mathrm{sum}(X)\,Y", "sum(X)·Y", "sum(X)*Y"),
        ("X[1,2]*Y[1,:]", "X_{1,2}\\,Y_{1,:}", "X₁,₂·Y_{1,:}", "X_{1,2}*Y_{1,:}"),
        ("outer(X, Y)", r"\mathrm{outer}(X, Y)", "outer(X, Y)", "outer(X, Y)"),
        ("(X - Y)**2", r"(X - Y)^{\odot 2}", "(X − Y)^⊙2", "(X - Y)^2"),
        (
            "softmax(X/sqrt(m))",
            r"\mathrm{softmax}\left(\frac{X}{\sqrt{m}}\right)",
            "softmax(X/√(m))",
            "softmax(X/sqrt(m))",
        ),
    ],
)
def test_array_formulas(text: str, latex: str, unicode: str, ascii_: str) -> None:
    """Matrix products stand side by side, elementwise ones have their own sign."""
    node = parse(text, arrays=True)
    for form, expected in {"latex": latex, "unicode": unicode, "ascii": ascii_}.items():
        assert PRINTERS[form].formula(node, NAMES.__getitem__, arrays={"X", "Y", "W"}) == expected


def test_all_symbols_may_be_arrays() -> None:
    """With `arrays=True` every product of two symbols is elementwise."""
    node = parse("1/2*X*Y")

    assert PRINTERS["unicode"].formula(node, NAMES.__getitem__, arrays=True) == "1/2·X ⊙ Y"


def test_a_leaf_may_be_a_matrix() -> None:
    """Rows of number texts are set as a matrix, their negatives without brackets."""
    node = Apply("matmul", (Symbol("W"), Symbol("x")))
    rows = {"W": [["1", "-2"], ["0.5", "1/3"]], "x": [["3e-7"], ["4"]]}

    assert PRINTERS["latex"].formula(node, rows.__getitem__) == (
        r"\begin{bmatrix} 1 & -2 \\ 0.5 & \frac{1}{3} \end{bmatrix}\,"
        r"\begin{bmatrix} 3\cdot 10^{-7} \\ 4 \end{bmatrix}"
    )
    assert PRINTERS["unicode"].formula(node, rows.__getitem__) == (
        "[[1, −2], [0.5, 1/3]]·[[3·10⁻⁷], [4]]"
    )


def test_ismax_says_which() -> None:
    """The place that is asked about is an index of the function."""
    node = Call("ismax", (Number("2"), Symbol("x"), Symbol("y")))

    assert PRINTERS["latex"].formula(node, NAMES.__getitem__) == r"\mathrm{ismax}_{2}(x_{1}, y)"
    assert PRINTERS["unicode"].formula(node, NAMES.__getitem__) == "ismax₂(x₁, y)"


def test_a_book_has_its_own_letter_for_a_function() -> None:
    """`functions` overrides the usual letter, here F for the sigmoid."""
    letters = {"sigmoid": Name("F")}
    node = parse("sigmoid(x)", FUNCTIONS)

    assert PRINTERS["latex"].formula(node, NAMES.__getitem__, functions=letters.get) == "F(x_{1})"


def test_a_raised_minus_alone_is_no_superscript_number() -> None:
    """Only whole numbers are raised in plain text; anything else keeps `^`."""
    half, opposite = Power(Symbol("x"), Number("0.5")), Power(Symbol("x"), Negative(Symbol("y")))

    assert PRINTERS["unicode"].formula(half, NAMES.__getitem__) == "x₁^0.5"
    assert PRINTERS["unicode"].formula(opposite, NAMES.__getitem__) == "x₁^(−y)"


def test_long_sums_are_broken_after_an_operator() -> None:
    """Lines are about equally long; the empty group keeps LaTeX's space at the end."""
    node = parse("x + y + m + w - d + a")

    assert PRINTERS["unicode"].formula_lines(node, NAMES.__getitem__) == [
        "x₁ + y + m +", "w₁₁⁽²⁾ − δ₁⁽²⁾ + a₁⁽¹⁾",
    ]  # fmt: skip
    assert PRINTERS["latex"].formula_lines(node, NAMES.__getitem__)[0] == "x_{1} + y + m +{}"
    assert len(PRINTERS["mathml"].formula_lines(node, NAMES.__getitem__)) == 2


def test_a_long_sum_in_a_fraction_is_broken_in_brackets() -> None:
    """A stacked fraction cannot be broken, so it is written with a slash."""
    node = parse("-(x + y + m + x + y)/m")

    assert PRINTERS["latex"].formula_lines(node, NAMES.__getitem__) == [
        r"-(x_{1} + y +{}",
        r"m + x_{1} + y)/m",
    ]


def test_short_formulas_stay_in_one_line() -> None:
    """Up to `terms` terms there is nothing to break."""
    node = parse("x + y + m + x")

    for printer in PRINTERS.values():
        assert len(printer.formula_lines(node, NAMES.__getitem__, terms=4)) == 1


def test_products_in_products_need_no_brackets() -> None:
    """A factor that is itself a product is written in line, except behind a slash."""
    node = Product((Symbol("x"), Product((Symbol("y"), Symbol("m")))))

    assert PRINTERS["ascii"].formula(node, NAMES.__getitem__) == "x_1*y*m"
    assert show("ascii", "x*(y/m)*2") == "x_1*(y/m)*2"


def test_spoken_formulas() -> None:
    """Words, with brackets said wherever the written line has them."""
    assert show("spoken", "w*x + y") == "w one one of layer two times x one plus y"
    assert show("spoken", "(y - p)**2/2") == (
        "open bracket y minus y hat close bracket squared over 2"
    )
    assert show("spoken", "d", numbers=True) == "minus 0.0416"


def test_signs_between_sides() -> None:
    """Every format has its own equals sign and its own sign for a rounded result."""
    signs = {form: (printer.equals, printer.approx) for form, printer in PRINTERS.items()}

    assert signs["latex"] == ("=", r"\approx")
    assert signs["unicode"] == ("=", "≈")
    assert signs["ascii"] == ("=", "~")
    assert signs["spoken"] == ("equals", "is about")
    assert PRINTERS["latex"].result("0.5") == r"\mathbf{0.5}"
