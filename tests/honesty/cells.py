"""Printed results: a number, or the numbers in the cells of a matrix."""

from __future__ import annotations

from fractions import Fraction

from tests.honesty.lexing import Token
from tests.honesty.precision import Printed, printed

Cells = list[list[Printed]]
NOTHING = Printed(Fraction(0), None)
"""A dot in a matrix: no number is claimed to be there."""


def cells_of(tokens: list[Token]) -> Cells:
    """A printed result: a number, or the cells of a matrix.

    Raises:
        NotUnderstood: if it is neither.
    """
    if tokens[:1] != [Token("[")]:
        return [[printed(tokens)]]
    rows: Cells = []
    cell: list[Token] = []
    depth = 0
    for token in tokens:
        depth += {"[": 1, "]": -1}.get(token.kind, 0)
        if token.kind == "[" and depth == 2:
            rows.append([])
        elif token.kind in ",]" and cell:
            rows[-1].append(NOTHING if cell == [Token("*")] else printed(cell))
            cell = []
        elif token.kind not in "[],":
            cell.append(token)
    return rows
