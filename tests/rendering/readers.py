"""Readers of printed formulas, one for each format, that share no code with the product.

Each turns a printed formula into an arithmetic expression by replacing signs alone: it
sets no brackets that are not seen on the page (a stacked fraction, a root and a raised
exponent are seen as groups).  Python's parser then applies the usual precedence, and a
closed set of nodes is evaluated with exact fractions.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from fractions import Fraction
from xml.etree import ElementTree

STANDINS: dict[str, Callable[[Fraction], Fraction]] = {
    "exp": lambda x: x / 7 + 3,
    "ln": lambda x: x / 5 - 2,
    "sqrt": lambda x: x / 3 + 11,
    "tanh": lambda x: x / 13 + 1,
    "sigmoid": lambda x: x / 17 - 5,
    "softplus": lambda x: x / 19 + 2,
}
"""Rational functions in the place of the transcendental ones, so that values are exact."""

_FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    **STANDINS,
    "abs": abs,
    "max": max,
    "min": min,
    "frac": lambda top, bottom: top / bottom,
}


def value(expression: str) -> Fraction:
    """The value of an arithmetic expression; only what the formats need is allowed."""
    source = expression.strip()

    def read(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant():
                return Fraction(ast.get_source_segment(source, node) or "")
            case ast.UnaryOp(ast.USub(), operand):
                return -read(operand)
            case ast.BinOp(ast.Name("e"), ast.Pow(), right):
                return STANDINS["exp"](read(right))
            case ast.BinOp(left, operator, right):
                first, second = read(left), read(right)
                match operator:
                    case ast.Add():
                        return first + second
                    case ast.Sub():
                        return first - second
                    case ast.Mult():
                        return first * second
                    case ast.Div():
                        return first / second
                    case ast.Pow() if second.denominator == 1:
                        return first ** int(second)
            case ast.Call(ast.Name(function), arguments, []):
                return _FUNCTIONS[function](*[read(argument) for argument in arguments])
        raise AssertionError(f"{ast.dump(node)} in {source}")

    return read(ast.parse(source, mode="eval").body)


def from_ascii(text: str) -> str:
    return text.replace("^", "**")


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def from_unicode(text: str) -> str:
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(r"√(\d+(?:\.\d+)?)", r"√(\1)", text)
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda run: f"**({run[0].translate(_RAISED)})", text)
    for sign, word in {"−": "-", "·": "*", "^": "**", "σ": "sigmoid", "√": "sqrt"}.items():
        text = text.replace(sign, word)
    return text


def from_latex(text: str) -> str:
    text = text.replace("{}", "")
    for size in ("left", "right", "bigl", "bigr", "biggl", "biggr"):
        text = re.sub(rf"\\{size}(?![a-z])", "", text)
    while r"\frac" in text:
        start = text.index(r"\frac")
        middle = _closing(text, start + 5)
        end = _closing(text, middle)
        top, bottom = text[start + 5 : middle], text[middle:end]
        text = f"{text[:start]}({top}/{bottom}){text[end:]}"
    text = re.sub(r"\\mathrm\{(\w+)\}", r"\1", text)
    words = {r"\lvert": "abs(", r"\rvert": ")", r"\cdot": "*", r"\,": "*", r"\sigma": "sigmoid"}
    for mark, word in {**words, "^": "**", "{": "(", "}": ")"}.items():
        text = text.replace(mark, word)
    return re.sub(r"\\(ln|max|min|tanh|sqrt|exp)", r"\1", text)


def _closing(text: str, start: int) -> int:
    """The place after the brace that closes the one at `start`."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    raise AssertionError(f"a brace is not closed: {text}")


def from_typst(text: str) -> str:
    text = re.sub(r'op\("(\w+)"\)', r"\1", text)
    signs = {" dot ": "*", " thin ": "*", "^": "**", "σ": "sigmoid", r"\/": "/"}
    for mark, word in {**signs, r"\(": "(", r"\)": ")"}.items():  # brackets over several lines
        text = text.replace(mark, word)
    return text


def from_spoken(text: str) -> str:
    said = {
        "the exponential of": "exp",
        "the natural logarithm of": "ln",
        "the square root of": "sqrt",
        "the absolute value of": "abs",
        "the hyperbolic tangent of": "tanh",
        "the maximum of": "max",
        "the minimum of": "min",
        "sigmoid of": "sigmoid",
        "softplus of": "softplus",
        "open bracket": "(",
        "close bracket": ")",
        "to the power": "**",
        "squared": "**2",
        "cubed": "**3",
        "plus": "+",
        "minus": "-",
        "times": "*",
        "over": "/",
        "and": ",",
    }
    for words, sign in said.items():
        text = re.sub(rf"\b{words}\b", sign, text)
    return text


def from_mathml(text: str) -> str:
    return _mathml(ElementTree.fromstring(f"<math>{text}</math>"))


def _mathml(element: ElementTree.Element) -> str:
    parts = [_mathml(child) for child in element]
    signs = {"−": "-", "·": "*", "\u2062": "*", "\u2061": "", "σ": "sigmoid"}
    match element.tag:
        case "mfrac":
            return f"(({parts[0]})/({parts[1]}))"
        case "msup":
            return f"{parts[0]}**({parts[1]})"
        case "msqrt":
            return f"sqrt({''.join(parts)})"
        case "mspace":
            return ""
        case "mo" | "mi" | "mn":
            text = element.text or ""
            return signs.get(text, text)
    if len(parts) > 2 and parts[0] == parts[-1] == "|":
        return f"abs({''.join(parts[1:-1])})"
    return "".join(parts)


def from_aloud(text: str) -> str:
    """What is seen of a formula that is printed for the eye, the ear and the ruler at once."""
    return from_typst(re.sub("\x01([^\x04]*?)\x02[^\x04]*\x04", r"\1", text))


READERS: dict[str, Callable[[str], str]] = {
    "ascii": from_ascii,
    "unicode": from_unicode,
    "latex": from_latex,
    "mathml": from_mathml,
    "typst": from_typst,
    "spoken": from_spoken,
    "aloud": from_aloud,
}
