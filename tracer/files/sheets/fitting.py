"""The cells of a written array, put to the keys of the array that is meant.

Rows may be columns: a notation may write arrays the other way round, and a vector may be
written either way.
"""

from __future__ import annotations

from tracer.errors import TracerError
from tracer.files.sheets.blocks import Block
from tracer.files.sheets.rows import Cells


def fitted(cells: Cells, block: Block) -> list[str]:
    """The texts of an array's cells in the order of the block's keys.

    Raises:
        TracerError: if the shapes differ.
    """
    shape = _shape(cells)
    texts = _flat(cells)
    wanted = block.shape
    narrow = tuple(length for length in shape if length != 1)
    if len(shape) > 2 or (shape != wanted and narrow != tuple(n for n in wanted if n != 1)):
        other = shape == tuple(reversed(wanted))
        if not other:
            raise TracerError(f"{block.name} has {_said(wanted)}; found {_said(shape)}")
        return _flipped(texts, shape)
    if shape == wanted and block.turned and wanted[0] == wanted[-1]:
        return _flipped(texts, shape)
    return texts


def _shape(cells: Cells) -> tuple[int, ...]:
    lengths = {len(cell) for cell in cells if isinstance(cell, tuple)}
    if not lengths:
        return (len(cells),)
    if len(lengths) > 1 or any(isinstance(cell, str) for cell in cells):
        raise TracerError("the rows of this array have different lengths")
    inner = next(cell for cell in cells if isinstance(cell, tuple))
    return (len(cells), *_shape(inner))


def _flat(cells: Cells) -> list[str]:
    found: list[str] = []
    for cell in cells:
        found += [cell] if isinstance(cell, str) else _flat(cell)
    return found


def _flipped(texts: list[str], shape: tuple[int, ...]) -> list[str]:
    rows, columns = shape
    return [texts[row * columns + column] for column in range(columns) for row in range(rows)]


def _said(shape: tuple[int, ...]) -> str:
    if len(shape) == 1:
        return f"{shape[0]} numbers"
    return " x ".join(map(str, shape)) + " numbers"
