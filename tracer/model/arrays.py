"""Rows and arrays of number texts: what a person writes, checked and made of tuples.

Takes lists of texts or plain numbers, in files and in Python; gives nested tuples of texts
of one shape.  What does not fit is told in words, with its path.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """Rows of equal length; sparse: a missing number is None or a dot."""
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


def counted(number: int, word: str, verb: str = "") -> str:
    """``1 unit``, ``2 units``; with a verb ``1 unit needs``, ``2 units need``."""
    plural = {"bias": "biases"}.get(word, word + "s")
    noun = word if number == 1 else plural
    return f"{number} {noun}" + (f" {verb}s" if number == 1 else f" {verb}") * bool(verb)
