"""Functions of printed numbers and matrices, by the names that textbooks print.

Takes and gives numbers and matrices of `Range`; `arithmetic` calls them.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from functools import reduce

from tests.honesty import ranges
from tests.honesty.lexing import NotUnderstood
from tests.honesty.ranges import Range

Matrix = list[list[Range]]
Value = Range | Matrix

ALONG = frozenset({"softmax", "log_softmax"})
"""Functions of a whole row or column."""
FUNCTIONS: dict[str, Callable[..., Range]] = {
    "σ": ranges.sigmoid,
    "sigmoid": ranges.sigmoid,
    "tanh": ranges.tanh,
    "exp": ranges.exp,
    "ln": ranges.log,
    "sin": ranges.sine,
    "cos": ranges.cosine,
    "floor": ranges.floor,
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
    **dict.fromkeys(("Φ", "Phi"), ranges.normal_below),
    **dict.fromkeys(("φ", "phi"), ranges.normal_density),
    "half_squared_error": lambda y, a: (y - a) * (y - a) / Range.of(2),
    "squared_error": lambda y, a: (y - a) * (y - a),
    "cross_entropy": lambda y, a: -y * ranges.log(a),
    "F": ranges.sigmoid,
    "f": ranges.sigmoid,
}
"""Functions of numbers, by the names that textbooks print; of a matrix, cell by cell.

F and f are the letters of two textbooks for the sigmoid; what a page defines comes first."""


def called(function: str, axis: str, arguments: list[Value]) -> Value:
    """A function of its arguments; sums over a matrix and the like are made here."""
    if function == "ismax":
        return _is_first_largest(int(axis) - 1, [number_of(found) for found in arguments])
    if function == "outer":
        column, row = ([cell for cells in rows_of(found) for cell in cells] for found in arguments)
        return [[a * b for b in row] for a in column]
    if function == "conv":
        stride, pad = map(int, re.findall(r"\d+", axis)) if axis else (1, 0)
        return _slid(_padded(rows_of(arguments[0]), pad), rows_of(arguments[1]), stride)
    if function == "stack":
        return [[cell for cells in rows_of(found) for cell in cells] for found in arguments]
    if function == "causal":
        rows = rows_of(arguments[0])
        return [
            [c if j <= i else ranges.ABSENT for j, c in enumerate(r)] for i, r in enumerate(rows)
        ]
    if function == "masked":
        pairs = zip(rows_of(arguments[0]), rows_of(arguments[1]), strict=True)
        return [
            [ranges.ABSENT if m is ranges.ABSENT else c for c, m in zip(*rows, strict=True)]
            for rows in pairs
        ]
    if function == "flatten":
        return [[cell] for row in rows_of(arguments[0]) for cell in row]
    if function in ("maxpool", "avgpool") and axis:
        return _pooled(function, rows_of(arguments[0]), *map(int, re.findall(r"\d+", axis)))
    if axis and function not in ("sum", "mean", "max"):
        raise NotUnderstood(f"the function {function}_{axis}")
    first = arguments[0]
    if function in ("sum", "mean") or (function == "max" and len(arguments) == 1):
        return _reduced(function, axis, rows_of(first))
    if function not in FUNCTIONS:
        raise NotUnderstood(f"the function {function}")
    return each(FUNCTIONS[function], *arguments)


def cell_of(rows: Matrix, index: list[str]) -> Value:
    """A cell, a row or a column, counted from 1; vectors stand upright."""
    across = [None if at == ":" else int(at) - 1 for at in index]
    if len(across) == 1 and len(rows[0]) == 1:
        across = [*across, 0]
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


def softmax(function: str, found: Value, upright: bool) -> Value:
    """Softmax or its logarithm, along the rows, or down the columns."""
    rows = rows_of(found)
    lines = [list(column) for column in zip(*rows, strict=True)] if upright else rows
    shares = [ranges.softmax(line) for line in lines]
    if function == "log_softmax":
        shares = [[ranges.log(share) for share in line] for line in shares]
    return [list(row) for row in zip(*shares, strict=True)] if upright else shares


def _pooled(function: str, image: Matrix, size: int, stride: int) -> Matrix:
    """The largest, or the mean, of each window."""

    def of(i: int, j: int) -> Value:
        window = [row[j : j + size] for row in image[i : i + size]]
        return _reduced("max" if function == "maxpool" else "mean", "", window)

    starts = [range(0, length - size + 1, stride) for length in (len(image), len(image[0]))]
    return [[number_of(of(i, j)) for j in starts[1]] for i in starts[0]]


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


def each(function: Callable[..., Range], *arguments: Value) -> Value:
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


def matrix_product(left: Matrix, right: Matrix) -> Matrix:
    if len(left[0]) != len(right):
        raise NotUnderstood(f"a {len(left[0])} wide matrix times a {len(right)} high one")
    columns = list(zip(*right, strict=True))
    return [
        [reduce(operator.add, map(operator.mul, row, column)) for column in columns] for row in left
    ]


def rows_of(found: Value) -> Matrix:
    return found if isinstance(found, list) else [[found]]


def number_of(found: Value) -> Range:
    if isinstance(found, list):
        raise NotUnderstood("a matrix within a matrix")
    return found
