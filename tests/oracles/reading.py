"""A reader of formulas that shares nothing with tracer's own.

`calculate` walks Python's syntax tree of a text and applies Python's operators to
whatever kind of value it is handed: fractions, mpmath numbers, SymPy expressions, NumPy
arrays or torch tensors.  Keys such as ``w2[1,1]@1`` are covered by placeholder names
first (`keyed`), because Python has no such names.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

KEY = re.compile(
    r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*(?:\[\d+(?:,\d+)*\])?(?:~\d+)?(?:\#\d+)?(?:@\d+)?"
)
"""One quantity's name, or a function's name (which a bracket follows)."""

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
}


def calculate(
    text: str,
    names: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]],
    number: Callable[[str], Any],
) -> Any:
    """The value of a formula.

    Args:
        text: in Python's own syntax; indices count from 1.
        names: values of the names in it.
        functions: what a call means.
        number: makes a value of a written number.
    """

    text = text.strip()

    def walk(node: ast.expr) -> Any:
        match node:
            case ast.Name(name):
                return names[name]
            case ast.Constant():
                return number(ast.get_source_segment(text, node) or "")
            case ast.BinOp(left, op, right):
                return _BINARY[type(op)](walk(left), walk(right))
            case ast.UnaryOp(ast.USub(), operand):
                return -walk(operand)
            case ast.Call(ast.Name(function), arguments):
                return functions[function](*[walk(argument) for argument in arguments])
            case ast.Attribute(value, "T"):
                return walk(value).T
            case ast.Subscript(value, inside):
                parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
                return walk(value)[tuple(map(position, parts))]
        raise ValueError(f"{ast.dump(node)} has no meaning here")

    def position(part: ast.expr) -> int | slice:
        if isinstance(part, ast.Slice):
            return slice(None)
        assert isinstance(part, ast.Constant)
        return int(part.value) - 1

    return walk(ast.parse(text, mode="eval").body)


def keyed(
    text: str,
    value: Callable[[str], Any],
    functions: Mapping[str, Callable[..., Any]],
    number: Callable[[str], Any],
) -> Any:
    """The value of a formula over keys; `value` gives that of one key."""
    names: dict[str, Any] = {}

    def cover(match: re.Match[str]) -> str:
        if text[match.end() :].lstrip().startswith("(") or _in_number(text, match.start()):
            return match[0]
        names[f"k{len(names)}"] = value(match[0])
        return f"k{len(names) - 1}"

    return calculate(KEY.sub(cover, text), names, functions, number)


def _in_number(text: str, start: int) -> bool:
    """Whether a letter belongs to a number: the e of 1e-3."""
    return start > 0 and (text[start - 1].isdigit() or text[start - 1] == ".")
