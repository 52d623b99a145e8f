"""Reading a formula: text in, tree out.

`keys.tokens` cuts the text; each key and number is then covered by a placeholder of
the same length, Python's own parser finds the structure, and a closed set of node
types is turned into our tree.  Nothing is ever evaluated.  `writing` is the inverse.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tracer.errors import FormulaError
from tracer.formula.grammar import (
    ARRAY_FUNCTIONS,
    ARRAY_OPTIONS,
    DEEPEST,
    ELEMENTARY,
    LONGEST,
)
from tracer.formula.keys import Key, tokens
from tracer.formula.nodes import Node
from tracer.formula.translating import Translator
from tracer.formula.wellformed import check_depth, check_neighbours, depth_of, syntax_error

__all__ = [
    "ARRAY_FUNCTIONS",
    "ARRAY_OPTIONS",
    "ELEMENTARY",
    "LONGEST",
    "parse",
    "parse_equation",
]


def parse(text: str, functions: Mapping[str, int] | None = None, arrays: bool = False) -> Node:
    """Read one formula.

    Args:
        text: such as ``w1[1,1]*a0[1] + b1[1]`` or, with `arrays`, ``w1 @ a0 + b1``.
        functions: further functions that may be called, with the most arguments
            that each takes.
        arrays: read array equations: ``@``, ``.T``, array functions, and brackets
            that index an array (from 1).

    Raises:
        FormulaError: with the column of what the grammar does not allow.

    >>> parse("0.20*x")
    Product(factors=(Number(text='0.20'), Symbol(name='x')))
    """
    if len(text) > LONGEST:
        raise FormulaError(f"a formula may have {LONGEST} characters; this one has {len(text)}")
    pieces = list(tokens(text, arrays))
    check_depth(pieces)
    check_neighbours(pieces)
    start = pieces[0].column if pieces else 0
    covered = list(" " * len(text))
    for piece in pieces:
        cover = piece.text if piece.kind == "operator" else "k" * len(piece.text)
        covered[piece.column : piece.column + len(piece.text)] = cover
    try:
        tree = ast.parse("".join(covered[start:]).rstrip() or " ", mode="eval")
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise syntax_error(text, pieces, error) from None
    placed = {piece.column - start: piece for piece in pieces}
    reader = Translator(placed, {} if functions is None else functions, arrays)
    try:
        found = reader.read(tree.body)
    except FormulaError as error:
        shift = None if error.column is None else error.column + start
        raise FormulaError(str(error), shift, error.length) from None
    if depth_of(found) > 2 * DEEPEST:
        raise FormulaError(f"nested more than {DEEPEST} deep", start, len(text.strip()))
    return found


def parse_equation(text: str, functions: Mapping[str, int] | None = None) -> tuple[str, Node]:
    """Read ``name = formula`` over arrays; gives the name and the tree.

    >>> parse_equation("S = E @ E.T")[0]
    'S'
    """
    left, equals, right = text.partition("=")
    if not equals:
        raise FormulaError("an equation reads 'name = formula'; there is no '='", 0, len(text))
    name = left.strip()
    pieces = list(tokens(left, arrays=True))
    if len(pieces) != 1 or pieces[0].kind != "key" or Key.parse(name).part:
        raise FormulaError("left of '=' stands one name", 0, max(len(left.rstrip()), 1))
    try:
        return name, parse(right, functions, arrays=True)
    except FormulaError as error:
        shift = None if error.column is None else error.column + len(left) + 1
        raise FormulaError(str(error), shift, error.length) from None
