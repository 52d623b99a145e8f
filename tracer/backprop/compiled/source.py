"""Python source from scalar lines: one assignment a cell, in textbook order.

Every number becomes a local variable with a name of our own (`v0`, `v1`, ...), so no
text of a user ever reaches the source; literal numbers are the `repr` of floats.  Sums
and products run from left to right as the formula is written, and a subexpression that
occurs twice is worked out once, which changes no bit of the result.  Read by the
straight-line and the column form, which give the same source different functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction as Rational
from functools import lru_cache
from types import CodeType
from typing import Any

from tracer.backprop.compiled.lines import Lines
from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition
from tracer.formula.nodes import (
    Call,
    Fraction,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    symbols,
    walk,
)

FUNCTIONS = (
    *("exp", "log", "sqrt", "tanh", "abs", "sign", "heaviside", "Phi", "phi"),
    *("sin", "cos", "cospi", "floor"),
    *("maximum", "minimum"),
)
"""What generated source may call, besides `ismax`, `power` and `put`."""


def literal(text: str) -> str:
    """The float that a number's text means, as Python writes it.

    >>> literal("1/3"), literal("2"), literal("-0.5")
    ('0.3333333333333333', '2.0', '(-0.5)')
    """
    shown = repr(float(Rational(text)))
    return f"({shown})" if shown.startswith("-") else shown


class Scribe:
    """Writes assignments, remembering which variable holds which quantity."""

    def __init__(self, functions: Mapping[str, Definition], repeated: Iterable[Node] = ()) -> None:
        self.functions = functions
        self.repeated = set(repeated)
        self.names: dict[str, str] = {}
        self.held: dict[Node, str] = {}
        self.statements: list[str] = []
        self._cheap: set[str] = set()
        """Variables that hold a part of a formula."""

    def name(self, key: str) -> str:
        """A variable for a quantity, the same at every call."""
        return self.names.setdefault(key, f"v{len(self.names)}")

    def assign(self, key: str, formula: Node) -> None:
        """``v7 = ...`` for one cell."""
        held = self.held.get(formula)
        text = held if held is not None else self.text(formula, {}, whole=True)
        variable = self.name(key)
        self.statements.append(f"{variable} = {text}")
        if formula in self.repeated:
            self.held[formula] = variable
            self._cheap.add(variable)

    def text(self, node: Node, inside: Mapping[str, str], whole: bool = False) -> str:
        """The expression of a formula; `inside` names the arguments of a function's body."""
        if not inside and not whole and node in self.repeated:
            if node not in self.held:
                self.held[node] = self.hold(self.bare(node, inside))
            return self.held[node]
        text = self.bare(node, inside)
        closed = whole or isinstance(node, Number | Symbol | Call)
        return text if closed else f"({text})"

    def bare(self, node: Node, inside: Mapping[str, str]) -> str:
        match node:
            case Number(text):
                return literal(text)
            case Symbol(name):
                return inside[name] if name in inside else self.name(name)
            case Negative(operand):
                return f"-{self.text(operand, inside)}"
            case Sum(terms):
                return self.sum(terms, inside)
            case Product(factors):
                return "*".join(self.text(factor, inside) for factor in factors)
            case Fraction(top, bottom):
                return f"{self.text(top, inside)}/{self.text(bottom, inside)}"
            case Power(base, exponent):
                return self.power(base, exponent, inside)
            case Call(function, arguments):
                return self.call(function, arguments, inside)
        raise CalculationError("an array formula has no single value")

    def sum(self, terms: tuple[Node, ...], inside: Mapping[str, str]) -> str:
        text = self.text(terms[0], inside)
        for term in terms[1:]:
            minus = isinstance(term, Negative)
            operand = term.operand if isinstance(term, Negative) else term
            text += f"{' - ' if minus else ' + '}{self.text(operand, inside)}"
        return text

    def power(self, base: Node, exponent: Node, inside: Mapping[str, str]) -> str:
        """Squares and cubes are products; everything else is left to `power`."""
        if isinstance(exponent, Number) and exponent.text in ("2", "3"):
            return "*".join([self.atom(base, inside)] * int(exponent.text))
        return f"power({self.text(base, inside, True)}, {self.text(exponent, inside, True)})"

    def call(self, function: str, arguments: tuple[Node, ...], inside: Mapping[str, str]) -> str:
        definition = self.functions.get(function)
        if definition is None:
            if function not in (*FUNCTIONS, "ismax"):
                raise CalculationError(f"unknown function '{function}'")
            if function in ("maximum", "minimum") and len(arguments) == 1:
                return self.text(arguments[0], inside)
            return f"{function}({', '.join(self.text(part, inside, True) for part in arguments)})"
        values = [self.atom(part, inside) for part in arguments]
        body = dict(zip(definition.parameters, values, strict=True))
        return f"({self.text(definition.body, body, True)})"

    def atom(self, node: Node, inside: Mapping[str, str]) -> str:
        """A variable or literal that may be repeated at no cost."""
        text = self.text(node, inside)
        return text if isinstance(node, Number | Symbol) or text in self._cheap else self.hold(text)

    def hold(self, text: str) -> str:
        variable = self.name(f" {len(self.names)}")  # no key begins with a space
        self.statements.append(f"{variable} = {text}")
        self._cheap.add(variable)
        return variable


def repeated_parts(formulas: Iterable[Node]) -> set[Node]:
    """Subexpressions of quantities that occur more than once."""
    found = Counter(
        part
        for formula in formulas
        for part in walk(formula)
        if not isinstance(part, Number | Symbol | Negative)
    )
    return {node for node, count in found.items() if count > 1 and symbols(node)}


def function_source(
    lines: Lines, functions: Mapping[str, Definition], columns: Iterable[str]
) -> str:
    """The source of ``run(put, buffer, place, step, batches, state, constants)``.

    It makes one update for each batch, hands `columns` to `put` before the parameters
    move on, and returns where it stopped, the parameters and what stopped it: None, an
    arithmetic error, or Ctrl-C.  Parameters move on all together, after everything that
    can fail, so that an update is made whole or not at all.
    """
    scribe = Scribe(functions, repeated_parts(line.formula for line in lines.body))
    state = [scribe.name(key) for key in lines.carried]
    constants = [scribe.name(key) for key in lines.constant]
    varying = [scribe.name(key) for key in lines.varying]
    for line in lines.body:
        scribe.assign(line.key, line.formula)
    values = [scribe.name(key) for key in columns]
    moved = [
        f"{scribe.name(key)} = {scribe.name(after)}"
        for key, after in lines.carried.items()
        if after
    ]
    record = [f"put(buffer, place, {', '.join(values)})"] if values else []
    body = [*scribe.statements, *record, "place += step", *moved]
    if varying:  # the same batch again need not be taken apart again
        body = ["if batch is not current:", f"    {_unpacked(varying)} = current = batch", *body]
    head = [
        f"{_unpacked(state)} = state",
        f"{_unpacked(constants)} = constants" if constants else "",
        "current = error = None",
        "try:",
        "    for batch in batches:",
    ]
    tail = ["except stops as found:", "    error = found"]
    every = [*filter(None, head), *(f"        {line}" for line in body), *tail]
    every.append(f"return place, {_unpacked(state)}, error")
    arguments = "put, buffer, place, step, batches, state, constants"
    return f"def run({arguments}):\n" + "\n".join(f"    {line}" for line in every) + "\n"


def _unpacked(names: list[str]) -> str:
    return f"({', '.join(names)},)"


@lru_cache(maxsize=64)
def _code(source: str) -> CodeType:
    return compile(source, "<plan>", "exec")


def made(source: str, functions: Mapping[str, Any]) -> Callable[..., Any]:
    """The function ``run`` of a source that this room has generated.

    Args:
        source: from `function_source` or its NumPy counterpart, never a user's text.
        functions: everything that the source may call.
    """
    inside = dict(functions)
    # Nothing that a user writes stands in a source: a quantity is a variable that we number
    # (v0, q0, r0, o0), a number is the repr of a float, a function is one of the closed tables
    # FUNCTIONS, UFUNCS and PRIMITIVES or is written out, and options are values, not text.
    exec(_code(source), inside)
    return inside["run"]  # type: ignore[no-any-return]
