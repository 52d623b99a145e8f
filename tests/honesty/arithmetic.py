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
from functools import reduce

from tests.honesty import ranges
from tests.honesty.lexing import NotUnderstood, Token
from tests.honesty.ranges import Range

Matrix = list[list[Range]]
Value = Range | Matrix
Meaning = Callable[[str], Range]
Definition = tuple[list[int], list[Token]]
"""Which arguments stand in a function's formula, one after another, and the formula."""

FUNCTIONS: dict[str, Callable[..., Range]] = {
    "σ": ranges.sigmoid,
    "sigmoid": ranges.sigmoid,
    "tanh": ranges.tanh,
    "exp": ranges.exp,
    "ln": ranges.log,
    "√": ranges.sqrt,
    "sqrt": ranges.sqrt,
    "abs": ranges.absolute,
    "sign": ranges.sign,
    "H": ranges.heaviside,
    "softplus": ranges.softplus,
    "max": ranges.largest,
    "min": ranges.smallest,
    "relu": ranges.relu,
    "ReLU": ranges.relu,
    "leaky_relu": ranges.leaky_relu,
    "LeakyReLU": ranges.leaky_relu,
    "heaviside": ranges.heaviside,
    "half_squared_error": lambda y, a: (y - a) * (y - a) / Range.of(2),
    "squared_error": lambda y, a: (y - a) * (y - a),
    "cross_entropy": lambda y, a: -y * ranges.log(a),
    "F": ranges.sigmoid,
    "f": ranges.sigmoid,
}
"""Functions of numbers, by the names that textbooks print; of a matrix, cell by cell.

F and f are the letters of two textbooks for the sigmoid; what a page defines comes first."""
_LETTERS = {"F", "f"}


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
            found = _each(operator.add if sign.kind == "+" else operator.sub, found, added)
        return found

    def product(self) -> Value:
        found = self.signed()
        while sign := self.next("*", ".*", "/"):
            factor = self.signed()
            if sign.kind == "*" and isinstance(found, list) and isinstance(factor, list):
                found = _matrix_product(found, factor)
            else:
                found = _each(operator.truediv if sign.kind == "/" else operator.mul, found, factor)
        return found

    def signed(self) -> Value:
        if self.next("-"):
            return _each(operator.neg, self.signed())
        return self.power()

    def power(self) -> Value:
        if self.left[:2] == [Token("word", "e"), Token("^")]:
            self.left[:2] = []
            kinds = [token.kind for token in self.left[:3]]
            matrix = kinds == ["(", "[", "["]
            if kinds[:2] in (["(", "("], ["(", "["]) and not matrix:
                raise NotUnderstood("here e is an error with a raised index")
            return _each(ranges.exp, self.turned())
        base = self.turned()
        if self.next("^"):
            return _each(Range.power, base, self.signed())
        return base

    def turned(self) -> Value:
        found = self.atom()
        while True:
            if self.next("T"):
                found = [list(column) for column in zip(*_rows(found), strict=True)]
            elif index := self.next("axis"):
                found = _cell(_rows(found), index.text.split(","))
            elif self.next("["):
                end = self.left.index(Token("]"))
                inside = "".join(token.text or token.kind for token in self.left[:end])
                del self.left[: end + 1]
                found = _cell(_rows(found), re.split("[.,]", inside))
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
            if word.text == "softmax":
                return _softmax(arguments[0], self.upright)
            if word.text in self.defined and not axis and word.text in own:
                return _each(self.by_definition(word.text), *arguments)
            return called(word.text, axis.text if axis else "", arguments)
        raise NotUnderstood(f"no formula at {self.left[:3]}")

    def by_definition(self, function: str) -> Callable[..., Range]:
        """A function that the page defines, of numbers."""
        places, body = self.defined[function]

        def of(*arguments: Range) -> Range:
            if max(places, default=0) >= len(arguments):
                raise NotUnderstood(f"{function} of {len(arguments)} numbers")
            values = [arguments[place] for place in places]
            return _number(value_of(body, exact, values, False, self.defined))

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
            rows.append([_number(cell) for cell in row])
            if not self.next(","):
                break
        self.need("]")
        return rows


def called(function: str, axis: str, arguments: list[Value]) -> Value:
    """A function of its arguments; sums over a matrix and the like are made here."""
    if function == "ismax":
        return _is_first_largest(int(axis) - 1, [_number(found) for found in arguments])
    if function == "outer":
        column, row = ([cell for cells in _rows(found) for cell in cells] for found in arguments)
        return [[a * b for b in row] for a in column]
    if function == "conv":
        stride, pad = map(int, re.findall(r"\d+", axis)) if axis else (1, 0)
        return _slid(_padded(_rows(arguments[0]), pad), _rows(arguments[1]), stride)
    if function == "stack":
        return [[cell for cells in _rows(found) for cell in cells] for found in arguments]
    if function == "causal":
        rows = _rows(arguments[0])
        return [
            [c if j <= i else ranges.ABSENT for j, c in enumerate(r)] for i, r in enumerate(rows)
        ]
    if function == "flatten":
        return [[cell] for row in _rows(arguments[0]) for cell in row]
    if function in ("maxpool", "avgpool") and axis:
        return _pooled(function, _rows(arguments[0]), *map(int, re.findall(r"\d+", axis)))
    if axis and function not in ("sum", "mean", "max"):
        raise NotUnderstood(f"the function {function}_{axis}")
    first = arguments[0]
    if function in ("sum", "mean") or (function == "max" and len(arguments) == 1):
        return _reduced(function, axis, _rows(first))
    if function not in FUNCTIONS:
        raise NotUnderstood(f"the function {function}")
    return _each(FUNCTIONS[function], *arguments)


def _cell(rows: Matrix, index: list[str]) -> Value:
    """A cell, a row or a column, counted from 1; a vector stands upright or lies."""
    across = [None if at == ":" else int(at) - 1 for at in index]
    if len(across) == 1 and (len(rows) == 1 or len(rows[0]) == 1):
        across = [0, *across] if len(rows) == 1 else [*across, 0]
    row, column = across if len(across) == 2 else (across[0], None)
    try:
        chosen = rows if row is None else [rows[row]]
        cells = [line if column is None else [line[column]] for line in chosen]
    except IndexError:
        raise NotUnderstood(f"there is no cell {index}") from None
    if row is not None and column is None:
        cells = [[cell] for cell in cells[0]]
    return cells if len(cells) > 1 or len(cells[0]) > 1 else cells[0][0]


def _is_first_largest(place: int, cells: Sequence[Range]) -> Range:
    """1 if the cell is the largest one, and none before it is as large."""
    before = all(cells[place].low > cell.high for cell in cells[:place])
    after = all(cells[place].low >= cell.high for cell in cells[place + 1 :])
    return ranges.ONE if before and after else ranges.ZERO


def _softmax(found: Value, upright: bool) -> Value:
    """Along the rows, or down the columns."""
    rows = _rows(found)
    if not upright:
        return [ranges.softmax(row) for row in rows]
    columns = [ranges.softmax(column) for column in zip(*rows, strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def _pooled(function: str, image: Matrix, size: int, stride: int) -> Matrix:
    """The largest, or the mean, of each window."""

    def of(i: int, j: int) -> Value:
        window = [row[j : j + size] for row in image[i : i + size]]
        return _reduced("max" if function == "maxpool" else "mean", "", window)

    starts = [range(0, length - size + 1, stride) for length in (len(image), len(image[0]))]
    return [[_number(of(i, j)) for j in starts[1]] for i in starts[0]]


def _padded(image: Matrix, pad: int) -> Matrix:
    width = len(image[0]) + 2 * pad
    above = [[ranges.ZERO] * width for _ in range(pad)]
    sides = [ranges.ZERO] * pad
    return [*above, *([*sides, *row, *sides] for row in image), *above]


def _slid(image: Matrix, kernel: Matrix, stride: int) -> Matrix:
    """A kernel slid over an image without turning it; one sum of products at each place."""
    height, width = len(kernel), len(kernel[0])
    if len(image) < height or len(image[0]) < width:
        raise NotUnderstood("a kernel larger than its image")
    return [
        [
            reduce(
                operator.add,
                (image[i + k][j + n] * kernel[k][n] for k in range(height) for n in range(width)),
            )
            for j in range(0, len(image[0]) - width + 1, stride)
        ]
        for i in range(0, len(image) - height + 1, stride)
    ]


def _reduced(function: str, axis: str, rows: Matrix) -> Value:
    def of(cells: Sequence[Range]) -> Range:
        if function == "max":
            return ranges.largest(*cells)
        whole = reduce(operator.add, cells)
        return whole / Range.of(len(cells)) if function == "mean" else whole

    if not axis:
        return of([cell for row in rows for cell in row])
    if axis == "1":
        return [[of(column) for column in zip(*rows, strict=True)]]
    return [[of(row)] for row in rows]


def _each(function: Callable[..., Range], *arguments: Value) -> Value:
    """A function of numbers, of every cell where there are matrices; 1 x 1 counts as a number."""
    matrices = [found for found in arguments if isinstance(found, list)]
    if not matrices:
        return function(*arguments)
    height = max(len(found) for found in matrices)
    width = max(len(found[0]) for found in matrices)

    def cell(found: Value, i: int, j: int) -> Range:
        if isinstance(found, Range):
            return found
        if len(found) not in (1, height) or len(found[0]) not in (1, width):
            raise NotUnderstood("the shapes of two matrices do not fit")
        return found[i if len(found) > 1 else 0][j if len(found[0]) > 1 else 0]

    return [
        [function(*[cell(found, i, j) for found in arguments]) for j in range(width)]
        for i in range(height)
    ]


def _matrix_product(left: Matrix, right: Matrix) -> Matrix:
    if len(left[0]) != len(right):
        raise NotUnderstood(f"a {len(left[0])} wide matrix times a {len(right)} high one")
    columns = list(zip(*right, strict=True))
    return [
        [reduce(operator.add, map(operator.mul, row, column)) for column in columns] for row in left
    ]


def _rows(found: Value) -> Matrix:
    return found if isinstance(found, list) else [[found]]


def _number(found: Value) -> Range:
    if isinstance(found, list):
        raise NotUnderstood("a matrix within a matrix")
    return found


def exact(text: str) -> Range:
    """A printed number as it stands."""
    return Range.of(Fraction(text))
