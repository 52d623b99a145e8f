"""Reading a formula: text in, tree out.

`keys.tokens` cuts the text; each key and number is then covered by a placeholder of
the same length, Python's own parser finds the structure, and a closed set of node
types is turned into our tree.  Nothing is ever evaluated.  `writing` is the inverse.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from tracer.errors import FormulaError, suggestion
from tracer.formula.keys import Key, Token, tokens
from tracer.formula.nodes import (
    Apply,
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    children,
)

ELEMENTARY = {
    "exp": 1,
    "log": 1,
    "sqrt": 1,
    "abs": 1,
    "sign": 1,
    "tanh": 1,
    "heaviside": 1,
    "Phi": 1,
    "phi": 1,
    "maximum": 2,
    "minimum": 2,
}
"""Functions of numbers that every arithmetic knows, with their number of arguments.

``heaviside(0)`` and ``sign(0)`` are 0; ``log`` is the natural logarithm; ``phi`` and
``Phi`` are the density and the distribution function of the standard normal distribution.
"""

ALIASES = {"ln": "log"}
"""Other names that people write."""

ARRAY_FUNCTIONS = {
    "sum": 1,
    "mean": 1,
    "max": 1,
    "outer": 2,
    "stack": None,
    "softmax": 1,
    "log_softmax": 1,
    "conv": 2,
    "maxpool": 1,
    "avgpool": 1,
    "flatten": 1,
    "concat": None,
    "causal": 1,
}
"""Array primitives that are written like calls; None: any number of arguments."""

ARRAY_OPTIONS: dict[str, dict[str, int | None]] = {
    "sum": {"axis": None},
    "mean": {"axis": None},
    "max": {"axis": None},
    "softmax": {"axis": None},
    "log_softmax": {"axis": None},
    "conv": {"stride": 1, "pad": 0},
    "maxpool": {"size": 2, "stride": 2},
    "avgpool": {"size": 2, "stride": 2},
}
"""Whole-number options of array functions, with what holds without them.

An axis is counted as NumPy does: 0 runs down the rows, 1 along the columns.  A reduction
along an axis keeps it with size 1.  None: left out, the option is not passed on.
"""

CELL_FUNCTIONS = {"maximum": None, "minimum": None, "ismax": None}
"""How one cell of ``max`` and of its slope is written: any number of arguments.

``ismax(k, x, y, z)`` is 1 if the k-th of the cells is the first largest, else 0.
"""

LONGEST = 20_000
LONGEST_NUMBER = 400
DEEPEST = 100
_MODEST = re.compile(r"[^eE]+(?:[eE][+-]?\d{1,4})?")


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
    _check_depth(pieces)
    _check_neighbours(pieces)
    start = pieces[0].column if pieces else 0
    covered = list(" " * len(text))
    for piece in pieces:
        cover = piece.text if piece.kind == "operator" else "k" * len(piece.text)
        covered[piece.column : piece.column + len(piece.text)] = cover
    try:
        tree = ast.parse("".join(covered[start:]).rstrip() or " ", mode="eval")
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise _syntax_error(text, pieces, error) from None
    reader = _Reader({piece.column - start: piece for piece in pieces}, functions or {}, arrays)
    try:
        found = reader.read(tree.body)
    except FormulaError as error:
        shift = None if error.column is None else error.column + start
        raise FormulaError(str(error), shift, error.length) from None
    if _depth(found) > 2 * DEEPEST:
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


class _Reader:
    """Turns Python's tree into ours; everything not named here is refused."""

    def __init__(
        self, pieces: dict[int, Token], functions: Mapping[str, int], arrays: bool
    ) -> None:
        self.pieces = pieces
        self.functions = functions
        self.arrays = arrays

    def read(self, node: ast.expr) -> Node:
        match node:
            case ast.Name():
                return self.name(node)
            case ast.BinOp():
                return self.binary(node)
            case ast.UnaryOp(ast.USub(), operand):
                return Negative(self.read(operand))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.read(operand)
            case ast.Call(ast.Name() as function, arguments, keywords):
                return self.call(function, arguments, keywords)
            case ast.Attribute(value, "T") if self.arrays:
                return Apply("transpose", (self.read(value),))
            case ast.Subscript(value, inside) if self.arrays:
                return Apply("index", (self.read(value),), self.indices(inside))
        raise self.refused(node)

    def name(self, node: ast.Name) -> Node:
        piece = self.pieces[node.col_offset]
        if piece.kind == "number":
            if len(piece.text) > LONGEST_NUMBER or not _MODEST.fullmatch(piece.text):
                where = (node.col_offset, len(piece.text))
                raise FormulaError("this number is too long or too large", *where)
            return Number(piece.text)
        return Symbol(piece.text if self.arrays else str(Key.parse(piece.text)))

    def binary(self, node: ast.BinOp) -> Node:
        """A chain such as ``a + b + c``, its left side walked without recursion."""
        chain = [node]
        while isinstance(chain[-1].left, ast.BinOp):
            chain.append(chain[-1].left)
        first = self.read(chain[-1].left)
        for link in reversed(chain):
            first = self.joined(link, first)
        return first

    def joined(self, node: ast.BinOp, first: Node) -> Node:
        second = self.read(node.right)
        bare_minus = isinstance(first, Negative) and node.left.col_offset == node.col_offset
        if bare_minus and isinstance(node.op, ast.Mult | ast.Div | ast.MatMult):
            # -a*b is read as people read it, -(a*b); (-a)*b keeps its bracket.
            return Negative(self.combined(node, first.operand, second))  # type: ignore[union-attr]
        return self.combined(node, first, second)

    def combined(self, node: ast.BinOp, first: Node, second: Node) -> Node:
        operator, left = node.op, node.left
        match operator:
            case ast.Add() | ast.Sub():
                last = Negative(second) if isinstance(operator, ast.Sub) else second
                same = isinstance(first, Sum) and _is_chain(left, ast.Add, ast.Sub)
                return Sum((*(first.terms if same else (first,)), last))  # type: ignore[union-attr]
            case ast.Mult():
                same = isinstance(first, Product) and _is_chain(left, ast.Mult)
                return Product((*(first.factors if same else (first,)), second))  # type: ignore[union-attr]
            case ast.Div():
                return Fraction(first, second)
            case ast.Pow():
                return Power(first, second)
            case ast.MatMult() if self.arrays:
                return Apply("matmul", (first, second))
        raise self.refused(node)

    def call(
        self, function: ast.Name, arguments: list[ast.expr], keywords: list[ast.keyword]
    ) -> Node:
        piece = self.pieces[function.col_offset]
        name, here = piece.text, (function.col_offset, len(piece.text))
        name = ALIASES.get(name, name)
        on_arrays = self.arrays and name in ARRAY_FUNCTIONS
        known: dict[str, int | None] = {**self.functions, **ELEMENTARY}
        known |= ARRAY_FUNCTIONS if self.arrays else CELL_FUNCTIONS
        if name not in known:
            raise FormulaError(f"unknown function '{name}'{suggestion(name, known)}", *here)
        options = self.options(name, keywords, here) if on_arrays else ()
        if keywords and not on_arrays:
            raise FormulaError(f"{name}() takes no named arguments", *here)
        most = known[name] or max(len(arguments), 1)
        fewest = 1 if name in self.functions else most
        if not max(fewest, 1) <= len(arguments) <= most:
            count = "1 argument" if most == 1 else f"{most} arguments"
            raise FormulaError(f"{name}() takes {count}; found {len(arguments)}", *here)
        operands = tuple(self.read(argument) for argument in arguments)
        if name == "ismax" and not _chooses(operands):
            raise FormulaError("ismax() takes the number of a cell, and the cells", *here)
        return Apply(name, operands, options) if on_arrays else Call(name, operands)

    def options(
        self, name: str, keywords: list[ast.keyword], here: tuple[int, int]
    ) -> tuple[object, ...]:
        """The options of an array function, in the order of its table."""
        known = ARRAY_OPTIONS.get(name, {})
        found = dict(known)
        for keyword in keywords:
            word = self.keyword_name(keyword)
            if word not in known:
                allowed = f"; it takes {', '.join(known)}" if known else ""
                raise FormulaError(f"{name}() has no option '{word}'{allowed}", *here)
            found[word] = self.whole_number(keyword.value)
        if name == "conv" and found == known:
            return ()
        return tuple(value for value in found.values() if value is not None)

    def keyword_name(self, keyword: ast.keyword) -> str:
        return self.pieces[keyword.col_offset].text

    def whole_number(self, value: ast.expr) -> int:
        piece = self.pieces.get(value.col_offset) if isinstance(value, ast.Name) else None
        if piece is None or not piece.text.isdigit() or len(piece.text) > 4:
            raise FormulaError("a whole number is wanted here", getattr(value, "col_offset", 0))
        return int(piece.text)

    def indices(self, inside: ast.expr) -> tuple[object, ...]:
        parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
        return tuple(self.one_index(part) for part in parts)

    def one_index(self, part: ast.expr) -> int | None:
        """An index from 1, or None for ``:`` (all of that axis)."""
        if isinstance(part, ast.Slice) and part.lower is part.upper is part.step is None:
            return None
        if isinstance(part, ast.Name):
            piece = self.pieces[part.col_offset]
            if piece.text.isdecimal() and len(piece.text) < 10 and int(piece.text) > 0:
                return int(piece.text)
        column = getattr(part, "col_offset", 0)
        raise FormulaError("an index is a whole number from 1, or ':'", column)

    def refused(self, node: ast.expr) -> FormulaError:
        what = {
            ast.Attribute: "the only attribute is .T (the transpose)",
            ast.Call: "only a function's name can be called",
            ast.Tuple: "a comma stands only between the arguments of a function",
        }.get(type(node), "this has no meaning in a formula")
        return FormulaError(what, node.col_offset)


def _chooses(operands: tuple[Node, ...]) -> bool:
    """Whether the first operand is the number of one of the others."""
    first = operands[0]
    whole = isinstance(first, Number) and first.text.isdecimal()
    return whole and 1 <= int(first.text) < len(operands)  # type: ignore[union-attr]


def _is_chain(node: ast.expr, *operators: type[ast.operator]) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, operators)


def _check_depth(pieces: Iterable[Token]) -> None:
    """Refuse deep nesting before Python's parser meets it."""
    depth = 0
    run = 0
    for piece in pieces:
        depth += (piece.text in "([") - (piece.text in ")]")
        run = run + 1 if piece.text in ("-", "+", "**") else 0
        if depth > DEEPEST or run > DEEPEST:
            raise FormulaError(f"nested more than {DEEPEST} deep", piece.column)


def _depth(node: Node) -> int:
    """How many nodes stand one inside another, counted level by level."""
    level, depth = [node], 0
    while level:
        level = [part for above in level for part in children(above)]
        depth += 1
    return depth


def _check_neighbours(pieces: Iterable[Token]) -> None:
    """Refuse ``2x``: under their covers the two would run together into one name."""
    for before, after in pairwise(pieces):
        ends = before.kind in ("key", "number") or before.text in (")", "]", ".T")
        if ends and after.kind != "operator":
            raise FormulaError("an operator is missing before this", after.column, len(after.text))


def _syntax_error(text: str, pieces: list[Token], error: BaseException) -> FormulaError:
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
