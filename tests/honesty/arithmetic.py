"""The value of printed arithmetic, with the usual precedence of operators.

Takes tokens and what a printed number means (itself, or all that round to it); gives a
number or a matrix.  Two matrices side by side are a matrix product; a number beside a
matrix scales it or is added to every cell.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from tests.honesty import ranges
from tests.honesty.functions import (
    ALONG,
    FUNCTIONS,
    Matrix,
    Value,
    called,
    cell_of,
    each,
    matrix_product,
    number_of,
    rows_of,
    softmax,
)
from tests.honesty.lexing import NotUnderstood, Token
from tests.honesty.ranges import Range

Meaning = Callable[[str], Range]
Definition = tuple[list[int], list[Token]]
"""Which arguments stand in a function's formula, one after another, and the formula."""
_LETTERS = {"F", "f"}
"""What a page defines comes before these letters of two textbooks."""


def value_of(
    tokens: Sequence[Token],
    meaning: Meaning,
    values: Sequence[Value] = (),
    upright: bool = False,
    defined: Mapping[str, Definition] | None = None,
) -> Value:
    """The value of a formula.

    Args:
        tokens: the formula.
        meaning: the range that a printed number stands for.
        values: what the places of values mean.
        upright: softmax is taken down the columns of a matrix, not along its rows.
        defined: functions that the page itself defines.

    Raises:
        NotUnderstood: where there is a name without a value, or no formula.
        Undefined: where the numbers have no value.
    """
    reader = _Reader(tokens, meaning, values, upright, defined or {})
    found = reader.sum()
    if reader.left:
        raise NotUnderstood(f"{reader.left[0]} is left over")
    return found


class _Reader:
    """Descends through the levels of precedence."""

    def __init__(
        self,
        tokens: Sequence[Token],
        meaning: Meaning,
        values: Sequence[Value],
        upright: bool,
        defined: Mapping[str, Definition],
    ) -> None:
        self.left = list(tokens)
        self.meaning = meaning
        self.values = values
        self.upright = upright
        self.defined = defined

    def next(self, *kinds: str) -> Token | None:
        if self.left and self.left[0].kind in kinds:
            return self.left.pop(0)
        return None

    def need(self, kind: str) -> None:
        if not self.next(kind):
            raise NotUnderstood(f"{kind!r} is missing before {self.left[:3]}")

    def sum(self) -> Value:
        found = self.product()
        while sign := self.next("+", "-"):
            added = self.product()
            found = each(operator.add if sign.kind == "+" else operator.sub, found, added)
        return found

    def product(self) -> Value:
        found = self.signed()
        while sign := self.next("*", ".*", "/"):
            factor = self.signed()
            while sign.kind == ".*" and not isinstance(factor, list) and self.next("*"):
                # a number before an array goes with it: A ⊙ 1/6 B is A ⊙ (1/6 B)
                factor = each(operator.mul, factor, self.signed())
            if sign.kind == "*" and isinstance(found, list) and isinstance(factor, list):
                found = matrix_product(found, factor)
            else:
                found = each(operator.truediv if sign.kind == "/" else operator.mul, found, factor)
        return found

    def signed(self) -> Value:
        if self.next("-"):
            return each(operator.neg, self.signed())
        return self.power()

    def power(self) -> Value:
        if self.left[:2] == [Token("word", "e"), Token("^")]:
            self.left[:2] = []
            kinds = [token.kind for token in self.left[:3]]
            matrix = kinds == ["(", "[", "["]
            if kinds[:2] in (["(", "("], ["(", "["]) and not matrix:
                raise NotUnderstood("here e is an error with a raised index")
            return each(ranges.exp, self.turned())
        base = self.turned()
        if self.next("^"):
            return each(Range.power, base, self.signed())
        return base

    def turned(self) -> Value:
        found = self.atom()
        while True:
            if self.next("T"):
                found = [list(column) for column in zip(*rows_of(found), strict=True)]
            elif index := self.next("axis"):
                found = cell_of(rows_of(found), index.text.split(","))
            elif self.next("["):
                end = self.left.index(Token("]"))
                inside = "".join(token.text or token.kind for token in self.left[:end])
                del self.left[: end + 1]
                found = cell_of(rows_of(found), re.split("[.,]", inside))
            else:
                return found

    def atom(self) -> Value:
        if number := self.next("number"):
            return self.meaning(number.text)
        if place := self.next("value"):
            return self.values[int(place.text)]
        if self.next("("):
            found = self.sum()
            self.need(")")
            return found
        if self.next("["):
            return self.matrix()
        if word := self.next("word"):
            axis = self.next("axis")
            self.need("(")
            arguments = self.arguments()
            own = self.defined.keys() - FUNCTIONS.keys() | _LETTERS
            if word.text in ALONG:
                return softmax(word.text, arguments[0], self.upright)
            if word.text in self.defined and not axis and word.text in own:
                return each(self.by_definition(word.text), *arguments)
            return called(word.text, axis.text if axis else "", arguments)
        raise NotUnderstood(f"no formula at {self.left[:3]}")

    def by_definition(self, function: str) -> Callable[..., Range]:
        """A function that the page defines, of numbers."""
        places, body = self.defined[function]

        def of(*arguments: Range) -> Range:
            if max(places, default=0) >= len(arguments):
                raise NotUnderstood(f"{function} of {len(arguments)} numbers")
            values = [arguments[place] for place in places]
            return number_of(value_of(body, exact, values, False, self.defined))

        return of

    def arguments(self) -> list[Value]:
        found = [self.sum()]
        while self.next(","):
            found.append(self.sum())
        self.need(")")
        return found

    def cell(self) -> Value:
        """A cell of a matrix; a dot alone is a connection that is not there."""
        if self.left[0].kind == "*" and self.left[1].kind in ",]":
            self.left.pop(0)
            return ranges.ABSENT
        return self.sum()

    def matrix(self) -> Matrix:
        rows = []
        while True:
            self.need("[")
            row = [self.cell()]
            while self.next(","):
                row.append(self.cell())
            self.need("]")
            rows.append([number_of(cell) for cell in row])
            if not self.next(","):
                break
        self.need("]")
        return rows


def exact(text: str) -> Range:
    """A printed number as it stands."""
    return Range.of(Fraction(text))
