"""What the printers write is taken by the programs that have to read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from xml.etree import ElementTree

import pytest

from tests.rendering.katex import katex_errors
from tests.rendering.trees import NAMES, NUMBERS, array_tree, tree
from tracer.rendering.printers import PRINTERS, Mathml, Printer

FORMULAS = 150
_SAFE = r"""\frac \cdot \odot \partial \delta \Delta \sigma \hat \mathrm \text \top \ln \exp \max
    \min \tanh \sqrt \lvert \rvert \left \right \bigl \bigr \biggl \biggr \, \_ \prime \begin \end
    \\ \acute \mathbf \approx"""
SAFE = set(_SAFE.split())
"""Macros that KaTeX, MathJax's core, Temml, GitHub and pandoc all know; the accents are
those of the names used here."""
CORE = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msup", "msub", "msubsup",
    "mover", "msqrt", "mtable", "mtr", "mtd",
}  # fmt: skip
"""Elements of MathML Core that the printer uses."""


def printed(printer: Printer) -> Iterator[str]:
    """Many formulas: with names, with numbers, over arrays, broken; names; matrices."""
    for seed in range(FORMULAS):
        node = tree(Random(seed))
        yield printer.formula(node, NAMES.__getitem__)
        yield printer.formula(node, NUMBERS.__getitem__)
        yield printer.formula(array_tree(Random(seed)), NAMES.__getitem__, arrays=set("pqrs"))
    for name in NAMES.values():
        yield printer.name(name)
    for text in NUMBERS.values():
        yield printer.result(printer.number(text))
    yield printer.matrix([["1", "2"], ["3", printer.number("-4")]])
    yield f"{printer.name(NAMES['p'])} {printer.approx} {printer.number('0.3')}"


def broken(printer: Printer) -> Iterator[list[str]]:
    """Formulas in several lines."""
    for seed in range(FORMULAS):
        lines = printer.formula_lines(tree(Random(seed)), NAMES.__getitem__, terms=2)
        if len(lines) > 1:
            yield lines


def test_katex_takes_every_formula() -> None:
    """KaTeX in strict mode refuses none of the formulas and names."""
    assert katex_errors(list(printed(PRINTERS["latex"]))) == []


def test_katex_takes_every_broken_formula() -> None:
    """Lines broken after an operator stand in `aligned`, brackets open across them."""
    formulas = [
        r"\begin{aligned} L &= " + r" \\ &\quad ".join(lines) + r" \end{aligned}"
        for lines in broken(PRINTERS["latex"])
    ]

    assert len(formulas) > 20
    assert katex_errors(formulas) == []


def test_katex_is_asked_strictly() -> None:
    """The check can fail: unknown macros and letters outside ASCII are refused."""
    assert len(katex_errors([r"\operatornam{x}", "ż", "x_1_2"])) == 3


def test_latex_keeps_to_the_safe_macros() -> None:
    """Pure ASCII, no macro outside the safe ones, no bar, no star, no dollar."""
    for formula in printed(PRINTERS["latex"]):
        assert formula.isascii()
        assert not set(formula) & set("|*$#%<>")
        assert set(re.findall(r"\\(?:[a-zA-Z]+|.)", formula)) <= SAFE, formula


def test_broken_latex_lines_have_no_stretching_brackets_across_them() -> None:
    r"""A ``\left`` and its ``\right`` stand on one line, and braces too."""
    for lines in broken(PRINTERS["latex"]):
        for line in lines:
            assert line.count(r"\left") == line.count(r"\right")
            assert line.count("{") == line.count("}")


@pytest.mark.parametrize("form", ["unicode", "ascii", "latex", "spoken"])
def test_lines_end_in_an_operator_and_never_begin_with_one(form: str) -> None:
    """A line that began with a sign would turn into a list in Markdown."""
    ends = ("+", "-", "−", "+{}", "-{}", "plus", "minus")
    for lines in broken(PRINTERS[form]):
        for line in lines[:-1]:
            assert line.endswith(ends)
        for line in lines[1:]:
            assert not line.startswith((*"+-−*·#>", "plus", "minus"))


def test_ascii_is_ascii() -> None:
    """The ASCII printer writes nothing else, whatever the names are."""
    for formula in printed(PRINTERS["ascii"]):
        assert formula.isascii()


def test_mathml_is_well_formed_and_core() -> None:
    """Every formula is XML with elements of MathML Core, scripts with the right parts."""
    parts = {"msup": 2, "msub": 2, "msubsup": 3, "mfrac": 2, "mover": 2}
    printer = PRINTERS["mathml"]
    formulas = [*printed(printer), *(line for lines in broken(printer) for line in lines)]
    for formula in formulas:
        for element in ElementTree.fromstring(f"<math>{formula}</math>").iter():
            assert element.tag in CORE
            assert len(element) == parts.get(element.tag, len(element)), formula


def test_mathml_escapes_what_a_name_may_hold() -> None:
    """A name from a user's file cannot bring markup into a page."""
    from tracer.notation.name import Name

    text = Mathml().name(Name("<b>", sub="<&", mark="<script>alert"))

    assert "<b>" not in text
    assert "<script>" not in text
    ElementTree.fromstring(f"<math>{text}</math>")


def test_typst_compiles() -> None:
    """Typst sets every formula, broken ones too."""
    typst = pytest.importorskip("typst", reason="typst is not installed")
    printer = PRINTERS["typst"]
    formulas = [*printed(printer), *(" \\ ".join(lines) for lines in broken(printer))]
    source = "\n\n".join(f"$ {formula} $" for formula in formulas)

    assert typst.compile(source.encode(), format="pdf").startswith(b"%PDF")


def test_spoken_formulas_are_words() -> None:
    """Nothing is left that a voice would have to spell: words, numbers and commas only."""
    for formula in printed(PRINTERS["spoken"]):
        assert re.fullmatch(r"[\w .,;:]+", formula), formula
        assert "  " not in formula
