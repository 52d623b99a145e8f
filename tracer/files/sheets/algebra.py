r"""Formulas as people type them: ``0.67(1-0.67)(-0.17)``, ``\frac{1}{1+e^{-0.21}}``, ``√2``.

Takes one member of a chain; gives a formula of numbers and keys, or a grid of them where an
array is written.  A product needs no sign, ``e^x`` is exp, ``²`` is a power.  What has no
certain meaning is refused: a link that is not understood is left out, never guessed.
"""

from __future__ import annotations

from typing import Protocol

from tracer.errors import FormulaError, TracerError
from tracer.files.sheets.cellwise import Value, each, together, transposed
from tracer.files.sheets.cursor import Cursor
from tracer.files.sheets.scanning import Piece, cleaned, pieces, shorter, unprimed
from tracer.formula.nodes import (
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
)

DEEPEST = 50
"""Levels of brackets."""


class Names(Protocol):
    """What the words mean."""

    def quantity(self, text: str) -> Node | None: ...
    def function(self, name: str) -> str | None: ...
    def arity(self, function: str) -> int: ...
    def slope(self, function: str, argument: Node, at_value: bool) -> Node | None: ...
    def is_parameter(self, quantity: Node) -> bool: ...


def read_formula(text: str, names: Names, at_value: bool = False) -> Value:
    r"""The formula that is written.

    Args:
        text: one member of a chain.
        names: what the words mean.
        at_value: whether in ``σ'(x)`` the x is the function's value, not its argument: many
            write ``σ'(a) = a(1 - a)``.

    Raises:
        FormulaError: if it is not understood.
    """
    text = cleaned(text)
    return _Parser(pieces(text), names, at_value).whole(len(text))


class _Parser(Cursor):
    """Operator precedence by recursive descent, with a bound on the depth."""

    def __init__(self, found: list[Piece], names: Names, at_value: bool) -> None:
        super().__init__(found)
        self.names = names
        self.at_value = at_value
        self.depth = 0
        self.bars = 0
        """How many bars are open: the next one closes the last of them."""

    def whole(self, length: int) -> Value:
        if not self.found:
            raise FormulaError("a formula is missing here", 0, max(length, 1))
        value = self.sum()
        if self.at < len(self.found):
            raise FormulaError("the formula cannot be read from here", self.found[self.at].start)
        return value

    def sum(self) -> Value:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"nested more than {DEEPEST} deep")
        terms = [self.product()]
        while self.next_kind() in ("+", "-"):
            minus = self.take("-") or not self.take("+")
            term = self.product()
            terms.append(each(Negative, term) if minus else term)
        self.depth -= 1
        return terms[0] if len(terms) == 1 else together(Sum, terms, self.fail)

    def product(self) -> Value:
        if self.take("-"):
            self.depth += 1
            if self.depth > DEEPEST:
                raise self.fail(f"nested more than {DEEPEST} deep")
            value = each(Negative, self.product())
            self.depth -= 1
            return value
        if self.take("+"):
            return self.product()
        factors = [self.factor()]
        while True:
            if self.take("*"):
                factors.append(self.factor())
            elif self.take("/"):
                top = factors[0] if len(factors) == 1 else self.multiplied(factors)
                factors = [together(_quotient, [top, self.factor()], self.fail)]
            elif self.begins_factor(factors):
                factors.append(self.factor())
            else:
                return factors[0] if len(factors) == 1 else self.multiplied(factors)

    def begins_factor(self, factors: list[Value]) -> bool:
        """Whether another factor follows without a sign; two numbers are no product."""
        kind = self.next_kind()
        if kind == "[":
            return not any(isinstance(factor, tuple) for factor in factors)
        return kind in ("word", "(", "frac", "√") or (kind == "|" and not self.bars)

    def multiplied(self, factors: list[Value]) -> Value:
        if sum(isinstance(factor, tuple) for factor in factors) > 1:
            raise self.fail("a product of arrays is not read")
        return together(Product, factors, self.fail)

    def factor(self) -> Value:
        """An operand with its powers; a sign may stand before it."""
        if self.take("-"):
            return each(Negative, self.factor())
        if self.take("+"):
            return self.factor()
        base = self.operand()
        if self.next_kind() == "raised":
            piece = self.found[self.at]
            self.at += 1
            return self.raised(base, piece.text)
        if self.take("^"):
            if self.next_kind() == "word" and self.found[self.at].text in ("T", "top"):
                self.at += 1
                return transposed(base)
            exponent = self.factor()
            if isinstance(base, tuple) or isinstance(exponent, tuple):
                raise self.fail("a power of an array is not read")
            return Power(base, exponent)
        return base

    def raised(self, base: Value, text: str) -> Value:
        if text == "T":
            return transposed(base)
        if isinstance(base, tuple) or not text.lstrip("-").isdigit():
            raise self.fail("this power is not read")
        number: Node = Number(text.lstrip("-"))
        return Power(base, Negative(number) if text[0] == "-" else number)

    def operand(self) -> Value:
        if self.at >= len(self.found):
            raise self.fail("the formula breaks off here")
        piece = self.found[self.at]
        self.at += 1
        match piece.kind:
            case "number":
                return Number(piece.text)
            case "(":
                return self.bracket(")")
            case "[":
                return self.bracket("]")
            case "|":
                return self.absolute()
            case "√":
                return Call("sqrt", (_scalar(self.operand(), self),))
            case "frac":
                parts = [self.operand(), self.operand()]
                return together(_quotient, parts, self.fail)
            case "word":
                return self.word(piece)
        self.at -= 1
        raise self.fail(f"'{piece.text}' is not expected here")

    def bracket(self, closing: str) -> Value:
        """A bracket; with commas in it, an array."""
        first = self.sum()
        if self.take(closing):
            return (first,) if closing == "]" and isinstance(first, tuple) else first
        cells = [first]
        while self.take(",") or self.take(";"):
            if self.take(closing):
                return tuple(cells)
            cells.append(self.sum())
        if not self.take(closing):
            raise self.fail("a bracket is not closed")
        return tuple(cells)

    def absolute(self) -> Value:
        """``|x|``; two bars together are a norm, which is another thing."""
        if self.next_kind() == "|":
            raise self.fail("a norm is not read")
        outside, self.bars = self.bars, 1
        value = self.sum()
        self.bars = outside
        if not self.take("|") or self.next_kind() == "|":
            raise self.fail("a bar is not closed")
        return each(lambda node: Call("abs", (node,)), value)

    def word(self, piece: Piece) -> Value:
        """A function with its argument, or a quantity."""
        text = piece.text
        if text == "e" and self.next_kind() in ("^", "raised"):
            return self.exponential()
        for shorter_text in shorter(text):
            found = self.names.quantity(shorter_text)
            if found is not None:
                self.cut(piece, shorter_text)
                derived = unprimed(shorter_text) and self.next_kind() == "("
                if derived and not self.names.is_parameter(found):
                    raise FormulaError(f"the slope of {text[:40]} is not known", piece.start)
                return found
            function = self.names.function(shorter_text.removeprefix("\\"))
            rest = text[len(shorter_text) :].lstrip()
            called = (rest[:1] or self.next_kind()) in ("(", "√")
            if function and (called or (text[0] == "\\" and not rest)):
                self.cut(piece, shorter_text)
                return self.call(function, piece)
            of = self.names.function(unprimed(shorter_text).removeprefix("\\"))
            if of and (rest[:1] or self.next_kind()) == "(":
                self.cut(piece, shorter_text)
                return self.slope(of, piece)
        if text in _PI:
            return Number(_PI_DIGITS)
        what = "unknown function" if self.next_kind() == "(" else "no quantity is called"
        raise FormulaError(f"{what} '{text[:40]}'", piece.start, len(text))

    def cut(self, piece: Piece, text: str) -> None:
        """Put what was cut off a word back into the row of pieces."""
        rest = piece.text[len(text) :]
        if rest:
            self.found[self.at : self.at] = pieces(rest)

    def exponential(self) -> Value:
        if self.take("^"):
            return Call("exp", (_scalar(self.factor(), self),))
        text = self.found[self.at].text
        self.at += 1
        number: Node = Number(text.lstrip("-+"))
        if not text.lstrip("-+").replace(".", "", 1).isdigit():
            raise self.fail("this power is not read")
        return Call("exp", (Negative(number) if text[0] == "-" else number,))

    def call(self, function: str, piece: Piece) -> Value:
        arguments = self.operand()
        if isinstance(arguments, tuple) and self.names.arity(function) == 1:
            return each(lambda node: Call(function, (node,)), arguments)
        if isinstance(arguments, tuple):
            if any(isinstance(part, tuple) for part in arguments) or len(arguments) > 4:
                raise FormulaError("a function of an array is not read", piece.start)
            return Call(function, tuple(_scalar(part, self) for part in arguments))
        return Call(function, (arguments,))

    def slope(self, function: str, piece: Piece) -> Value:
        """``σ'(x)``, for each cell where an array stands."""

        def at(node: Node) -> Node:
            found = self.names.slope(function, node, self.at_value)
            if found is None:
                raise FormulaError(f"the slope of {function} is not known", piece.start)
            return found

        return each(at, self.operand())


_PI = ("π", r"\pi")
_PI_DIGITS = "3.14159265358979323846264338327950288"
"""The circle's number, where no quantity is called so."""


def _quotient(parts: tuple[Node, ...]) -> Node:
    return Fraction(*parts)


def _scalar(value: Value, parser: _Parser) -> Node:
    if isinstance(value, tuple):
        raise parser.fail("an array is not expected here")
    return value


def understood(text: str, names: Names, at_value: bool = False) -> Value | None:
    """The formula that is written, or None if it is not understood."""
    try:
        return read_formula(text, names, at_value)
    except TracerError:
        return None
