"""Whether a formula is well formed, in words: its depth, its neighbours, its brackets.

Takes the tokens of a formula, before or after Python's parser has met them; says what is
wrong and at which column.  Read by `parsing` alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from tracer.errors import FormulaError
from tracer.formula.grammar import DEEPEST
from tracer.formula.keys import Token
from tracer.formula.nodes import Node, children


def check_depth(pieces: Iterable[Token]) -> None:
    """Refuse deep nesting before Python's parser meets it."""
    depth = 0
    run = 0
    for piece in pieces:
        depth += (piece.text in "([") - (piece.text in ")]")
        run = run + 1 if piece.text in ("-", "+", "**") else 0
        if depth > DEEPEST or run > DEEPEST:
            raise FormulaError(f"nested more than {DEEPEST} deep", piece.column)


def depth_of(node: Node) -> int:
    """How many nodes stand one inside another, counted level by level."""
    level, depth = [node], 0
    while level:
        level = [part for above in level for part in children(above)]
        depth += 1
    return depth


def check_neighbours(pieces: Iterable[Token]) -> None:
    """Refuse ``2x``: under their covers the two would run together into one name."""
    for before, after in pairwise(pieces):
        ends = before.kind in ("key", "number") or before.text in (")", "]", ".T")
        if ends and after.kind != "operator":
            message = "an operator is missing before this; a product is written with *"
            raise FormulaError(message, after.column, len(after.text))


def syntax_error(text: str, pieces: list[Token], error: BaseException) -> FormulaError:
    """What Python's parser stumbled over, in words and at its column."""
    if not pieces:
        return FormulaError("a formula is missing here", 0, max(len(text), 1))
    if not isinstance(error, SyntaxError):
        return FormulaError("this formula has too many terms to be read", 0, max(len(text), 1))
    opened = [piece for piece in pieces if piece.text in ("(", "[")]
    closed = [piece for piece in pieces if piece.text in (")", "]")]
    if len(opened) > len(closed):
        return FormulaError("a bracket is not closed", opened[-1].column)
    if len(closed) > len(opened):
        return FormulaError("a bracket is closed that was not opened", closed[-1].column)
    if pieces[-1].kind == "operator" and pieces[-1].text not in ")]" and pieces[-1].text != ".T":
        return FormulaError("the formula breaks off after this operator", pieces[-1].column)
    column = min(max((error.offset or 1) - 1, 0), max(len(text) - 1, 0))
    return FormulaError("the formula cannot be read here", column)
