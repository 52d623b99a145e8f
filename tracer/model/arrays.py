"""Rows and arrays of number texts: what a person writes, checked and made of tuples.

Takes lists of texts or plain numbers, in files and in Python; gives nested tuples of texts
of one shape.  What does not fit is told in words, with its path.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracer.errors import ProblemError
from tracer.model.numbers import number_text

Row = tuple[str, ...]
SparseRow = tuple[str | None, ...]
Array = str | tuple[Any, ...]
"""A number's text, or a tuple of arrays of equal shape."""


def batch_of(values: Any, path: tuple[str | int, ...]) -> tuple[Row, ...]:
    """Rows of numbers; a single row of numbers is one sample."""
    rows = list(values)
    if rows and (isinstance(rows[0], str) or not isinstance(rows[0], Iterable)):
        rows = [rows]
    if not rows or not len(rows[0]):
        raise ProblemError("there are no numbers here", path)
    return tuple(tuple(str(cell) for cell in row) for row in rows_of(rows, path))


def rows_of(rows: Any, path: tuple[str | int, ...], sparse: bool = False) -> tuple[SparseRow, ...]:
    """Rows of equal length; sparse: a missing number is None or a dot.

    Raises:
        ProblemError: where a row is none, or longer or shorter than the first; `path` begins
            its place.

    >>> rows_of([[1, "."], ["0.20", 2]], ("weights",), sparse=True)
    (('1', None), ('0.20', '2'))
    """
    found: list[SparseRow] = []
    for i, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__iter__"):
            raise ProblemError("rows of numbers are wanted here", (*path, i))
        found.append(
            tuple(
                None
                if sparse and (cell is None or cell == ".")
                else number_text(cell, (*path, i, j))
                for j, cell in enumerate(row)
            )
        )
        if len(found[-1]) != len(found[0]):
            raise ProblemError(
                f"row {i + 1} has {counted(len(found[-1]), 'number')}, row 1 has {len(found[0])}",
                (*path, i),
            )
    return tuple(found)


def array_of(value: Any, path: tuple[str | int, ...]) -> Array:
    """A number, a vector or a matrix."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return number_text(value, path)
    parts = tuple(array_of(part, (*path, i)) for i, part in enumerate(value))
    if not parts or len({array_shape(part) for part in parts}) > 1:
        raise ProblemError("the rows of an array have one length, at least 1", path)
    if len(array_shape(parts)) > 2:
        raise ProblemError("a given is a number, a vector or a matrix", path)
    return parts


def array_shape(array: Array) -> tuple[int, ...]:
    """The shape of nested tuples of texts.

    >>> array_shape((("1", "2"), ("3", "4")))
    (2, 2)
    """
    if isinstance(array, str):
        return ()
    return (len(array), *array_shape(array[0]))


def check_even(array: Array, path: tuple[str | int, ...] = ()) -> None:
    """Check that all rows of an array are of one length, and none is empty.

    Raises:
        ProblemError: at the first row that is not like the first.

    >>> check_even((("1", "2"), ("3",)))
    Traceback (most recent call last):
    tracer.errors.ProblemError: row 2 has 1 number, row 1 has 2
    """
    if isinstance(array, str):
        return
    if not array:
        raise ProblemError("there are no numbers here", path)
    for place, part in enumerate(array):
        check_even(part, (*path, place))
    first = array_shape(array[0])
    for place, part in enumerate(array):
        found = array_shape(part)
        if found != first:
            short = len(first) == len(found) == 1
            said = str(first[0]) if short else shaped(first)
            raise ProblemError(
                f"row {place + 1} has {shaped(found)}, row 1 has {said}", (*path, place)
            )


def shaped(shape: Sequence[int]) -> str:
    """A shape in words.

    >>> shaped((2, 3)), shaped((2,)), shaped(())
    ('2 rows of 3 numbers', '2 numbers', 'one number')
    """
    match tuple(shape):
        case ():
            return "one number"
        case (size,):
            return counted(size, "number")
        case (rows, columns):
            return f"{counted(rows, 'row')} of {counted(columns, 'number')}"
    return f"{shape[0]} times {shaped(shape[1:])}"


def counted(number: int, word: str, verb: str = "") -> str:
    """``1 unit``, ``2 units``; with a verb ``1 unit needs``, ``2 units need``.

    >>> counted(1, "bias"), counted(2, "bias"), counted(2, "unit", "need")
    ('1 bias', '2 biases', '2 units need')
    """
    plural = {"bias": "biases"}.get(word, word + "s")
    noun = word if number == 1 else plural
    return f"{number} {noun}" + (f" {verb}s" if number == 1 else f" {verb}") * bool(verb)
