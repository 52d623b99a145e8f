"""From Python's tree of a formula to ours; everything that is not named here is refused.

Takes the structure that Python's parser found and the tokens that stood at its columns;
gives a tree of `nodes`.  Read by `parsing` alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from tracer.errors import FormulaError, suggestion
from tracer.formula.grammar import (
    ALIASES,
    ARRAY_FUNCTIONS,
    ARRAY_OPTIONS,
    CELL_FUNCTIONS,
    ELEMENTARY,
    LONGEST_NUMBER,
)
from tracer.formula.keys import Key, Token
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
)

_MODEST = re.compile(r"[^eE]+(?:[eE][+-]?\d{1,4})?")


class Translator:
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
        tables: list[Mapping[str, int | None]] = [ELEMENTARY, self.functions]
        tables.insert(0, ARRAY_FUNCTIONS if self.arrays else CELL_FUNCTIONS)
        table = next((table for table in tables if name in table), None)
        if table is None:
            known = [name for table in reversed(tables) for name in table]
            near = suggestion(name, known)
            if self.arrays and not near:
                near = f"; there are {', '.join(sorted(known))}, and @ between two arrays"
            raise FormulaError(f"unknown function '{name}'{near}", *here)
        options = self.options(name, keywords, here) if on_arrays else ()
        if keywords and not on_arrays:
            raise FormulaError(f"{name}() takes no named arguments", *here)
        most = table[name] or max(len(arguments), 1)
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
