"""What every printer offers, and the printer that walks a tree in a format's vocabulary.

A page asks a printer for two printings of each formula, one with names and one with
numbers, and for single names, numbers and matrices.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from tracer.formula.nodes import Node, Sum
from tracer.formula.writing import PRODUCT
from tracer.notation.name import Name
from tracer.rendering.printers.pieces import BREAK, Functions, Known, Leaf
from tracer.rendering.printers.vocabulary import Format, named
from tracer.rendering.printers.walking import Walk, outermost_products


class Printer(Protocol):
    """A format for formulas."""

    @property
    def equals(self) -> str:
        """The sign between two equal things."""

    @property
    def approx(self) -> str:
        """The sign where a rounding stands between the two sides."""

    @property
    def elementwise(self) -> str:
        """The sign between two arrays that are multiplied number by number."""

    def function_name(self, function: str, index: str) -> str:
        """The name of a function, with an index if given."""

    def formula(
        self,
        node: Node,
        leaf: Leaf,
        arrays: bool | Collection[str] = False,
        functions: Functions | None = None,
    ) -> str:
        """A formula in one line."""

    def formula_lines(
        self,
        node: Node,
        leaf: Leaf,
        terms: int = 4,
        arrays: bool | Collection[str] = False,
        functions: Functions | None = None,
        kept: Collection[int] | None = None,
        factors: bool = False,
    ) -> list[str]:
        """A formula in several lines, broken after an operator every few terms."""

    def name(self, name: Name) -> str:
        """A name."""

    def in_text(self, name: Name) -> str:
        """A name in a sentence, no higher than its line."""

    def number(self, text: str, bracket: bool = False) -> str:
        """A number, from its text in our grammar."""

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        """A matrix of texts that are typeset already."""

    def result(self, text: str) -> str:
        """A typeset text marked as the result of its line."""

    def elementwise_power(self, exponent: str) -> str:
        """What is raised where each number of an array is taken to a power by itself."""


@dataclass(frozen=True)
class TreePrinter(Format):
    """A printer that walks the tree; a format subclasses it with its vocabulary."""

    def formula(
        self,
        node: Node,
        leaf: Leaf,
        arrays: bool | Collection[str] = False,
        functions: Functions | None = None,
    ) -> str:
        """A formula in one line.

        Args:
            node: a scalar formula, or an array formula.
            leaf: gives for a symbol its name, its number's text, or a matrix of such
                texts (rows first).
            arrays: in an array formula True, or the names of the symbols that are
                arrays: products of two of them are elementwise.
            functions: gives the book's own letter for a function, or None.

        >>> from tracer.formula.parsing import parse
        >>> from tracer.rendering.printers import PRINTERS
        >>> numbers = {"w": "0.40", "d": "-0.0416", "b": "1e-5"}
        >>> PRINTERS["unicode"].formula(parse("b - w*d"), numbers.__getitem__)
        '10⁻⁵ − 0.40·(−0.0416)'
        """
        return Walk(self, leaf, arrays, functions).piece(node).text

    def formula_lines(
        self,
        node: Node,
        leaf: Leaf,
        terms: int = 4,
        arrays: bool | Collection[str] = False,
        functions: Functions | None = None,
        kept: Collection[int] | None = None,
        factors: bool = False,
    ) -> list[str]:
        """A formula in lines of at most `terms` terms of a sum, broken after an operator.

        Sums inside brackets are broken too, and with `factors` products outside of them.
        A short formula is one line.  Of all these breaks, counted from 0, only those `kept`
        are made.

        >>> from tracer.formula.parsing import parse
        >>> from tracer.notation.name import Name
        >>> from tracer.rendering.printers import PRINTERS
        >>> PRINTERS["unicode"].formula_lines(parse("-(a + b - c + d + e)"), Name)
        ['−(a + b −', 'c + d + e)']
        """
        most = terms if self.breaks_inside or isinstance(node, Sum) else 0
        products = outermost_products(node) if factors and self.breaks_inside else ()
        piece = Walk(self, leaf, arrays, functions, most, products).piece(node)
        lines = piece.text.split(BREAK)
        if kept is not None:
            starts = [0, *(place + 1 for place in sorted(kept))]
            ends = [*starts[1:], len(lines)]
            lines = ["".join(lines[a:b]) for a, b in zip(starts, ends, strict=True)]
        return [self.line(line, last=line is lines[-1]) for line in lines]

    def name(self, name: Name) -> str:
        """A name."""
        return named(self, name).text

    def number(self, text: str, bracket: bool = False) -> str:
        """A number, from its text in our grammar.

        Args:
            text: such as ``-0.0416``, ``3.7e-5`` or ``1/3``.
            bracket: the number stands as an operand: a negative one is put in brackets,
                and so is a fraction in one line.

        >>> from tracer.rendering.printers import PRINTERS
        >>> PRINTERS["latex"].number("-3.7e-5", bracket=True)
        '(-3.7\\\\cdot 10^{-5})'
        """
        piece = self.number_piece(text)
        if isinstance(text, Known):
            piece = self.marked(piece, text.key, number=True)
        open_ended = piece.level < PRODUCT or piece.shape == "slashed"
        return self.bracket(piece).text if bracket and open_ended else piece.text

    def result(self, text: str) -> str:
        """A typeset text marked as the result of its line, where the format can."""
        return text

    def elementwise_power(self, exponent: str) -> str:
        """What is raised where each number of an array is taken to a power by itself.

        >>> from tracer.rendering.printers import PRINTERS
        >>> PRINTERS["unicode"].elementwise_power("2")
        '⊙2'
        """
        return self.raised_elementwise(self.number_piece(exponent)).text
