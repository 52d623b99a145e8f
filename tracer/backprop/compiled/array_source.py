"""NumPy statements from array formulas: each result goes into an array that is there already.

What an array primitive does is said by the `code` column of its table; sums, products and
elementwise functions are ufuncs with their `out`.  Read by the NumPy form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tracer.backprop.plan import Cells
from tracer.calculus.arrays import (
    Array,
    cosine_of_half_turns,
    normal_density,
    normal_distribution,
)
from tracer.calculus.primitives import PRIMITIVES, Shape, entry, shape_of
from tracer.errors import CalculationError
from tracer.formula.evaluating import Definition, Evaluator, Float
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
    walk,
)
from tracer.model.quantity import Quantity

UFUNCS: Mapping[str, Any] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
    "power": np.power,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "cospi": cosine_of_half_turns,
    "floor": np.floor,
    "abs": np.abs,
    "sign": np.sign,
    "heaviside": np.heaviside,
    "Phi": normal_distribution,
    "phi": normal_density,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "copyto": np.copyto,
    "nothing": -np.inf,
}
_ONE_ARGUMENT = (
    *("exp", "log", "sqrt", "tanh", "abs", "sign", "Phi", "phi"),
    *("sin", "cos", "cospi", "floor"),
)


class ArrayScribe:
    """Writes the statements that work out array formulas into given arrays."""

    def __init__(
        self,
        functions: Mapping[str, Definition],
        shapes: Mapping[str, Shape],
        quantities: Mapping[str, Quantity],
    ) -> None:
        self.functions = functions
        self.quantities = quantities
        self.shapes = dict(shapes)
        self.arrays: dict[str, Array] = {}
        """Every array that the statements use, by the name that they use."""
        self.names: dict[str, str] = {}
        self._constants: dict[str, str] = {}
        self.statements: list[str] = []
        self.views: list[str] = []
        """Statements that hold for all updates: views of arrays that stay where they are."""
        self.passing: set[str] = set()
        """Names of views that are taken at every update."""

    def know(self, symbol: str, array: Array) -> str:
        """Give a quantity its array; the name of it in statements."""
        name = f"q{len(self.arrays)}"
        self.arrays[name] = array
        self.names[symbol] = name
        return name

    def scratch(self, shape: Shape) -> str:
        """The name of a new array for an intermediate result."""
        name = f"q{len(self.arrays)}"
        self.arrays[name] = np.zeros(shape)
        return name

    def constant(self, value: float) -> str:
        """The name of an array with one number: a ufunc takes it sooner than a Python float."""
        text = repr(value)  # -0.0 is not 0.0
        if text not in self._constants:
            self._constants[text] = self.scratch(())
            self.arrays[self._constants[text]][...] = value
        return self._constants[text]

    def assign(self, formula: Node, out: str) -> None:
        """Statements that leave the value of a formula in an array."""
        found = self.put(formula, out)
        if found != out:
            self.statements.append(f"copyto({out}, {found})")

    def put(self, node: Node, out: str | None = None) -> str:
        """The name of the array (or view) of a formula's value; made in `out` if it is made."""
        if not any(isinstance(part, Symbol | Apply) for part in walk(node)):
            return self.constant(float(Evaluator(Float(), self.functions)(node, {})))
        match node:
            case Symbol(name):
                return self.names[name]
            case Negative(operand):
                return self.made(node, out, "negative", self.put(operand))
            case Sum(terms):
                return self.running(node, out, terms, "add")
            case Product(factors):
                return self.running(node, out, factors, "multiply")
            case Fraction(top, bottom):
                return self.made(node, out, "divide", self.put(top), self.put(bottom))
            case Power(base, Number("2")):
                value = self.put(base)
                return self.made(node, out, "multiply", value, value)
            case Power(base, exponent):
                return self.made(node, out, "power", self.put(base), self.put(exponent))
            case Call(function, arguments):
                return self.call(node, out, function, arguments)
            case Apply():
                return self.apply(node, out)
        raise CalculationError("a formula of numbers alone has a value already")

    def made(self, node: Node, out: str | None, ufunc: str, *arguments: str) -> str:
        target = out or self.scratch(shape_of(node, self.shapes))
        where = f"out={target}" if ufunc in ("maximum", "minimum") else target
        self.statements.append(f"{ufunc}({', '.join(arguments)}, {where})")
        return target

    def running(self, node: Node, out: str | None, parts: tuple[Node, ...], ufunc: str) -> str:
        """A sum or product from left to right."""
        result = self.put(parts[0])
        for part in parts[1:]:
            minus = ufunc == "add" and isinstance(part, Negative)
            operand = self.put(part.operand if minus and isinstance(part, Negative) else part)
            result = self.made(node, out, "subtract" if minus else ufunc, result, operand)
            out = result
        return result

    def call(self, node: Node, out: str | None, function: str, parts: tuple[Node, ...]) -> str:
        definition = self.functions.get(function)
        if definition is not None:
            return self.inlined(definition, out, parts)
        values = [self.put(part) for part in parts]
        if function in _ONE_ARGUMENT:
            return self.made(node, out, function, *values)
        if function == "heaviside":
            return self.made(node, out, function, *values, "0.0")
        if function not in ("maximum", "minimum"):
            raise CalculationError(f"unknown function '{function}'")
        result = values[0]
        for value in values[1:]:
            result = out = self.made(node, out, function, result, value)
        return result

    def inlined(self, definition: Definition, out: str | None, parts: tuple[Node, ...]) -> str:
        """The formula behind a function name, its parameters standing for the arguments."""
        outside = self.names, self.shapes
        inside = {p: self.put(part) for p, part in zip(definition.parameters, parts, strict=True)}
        shapes = [shape_of(part, self.shapes) for part in parts]
        self.names = {**self.names, **inside}
        self.shapes = {**self.shapes, **dict(zip(definition.parameters, shapes, strict=True))}
        result = self.put(definition.body, out)
        self.names, self.shapes = outside
        return result

    def apply(self, node: Apply, out: str | None) -> str:
        code = PRIMITIVES[node.primitive].code
        values = [self.put(part) for part in node.operands]
        if node.primitive in ("softmax", "log_softmax"):
            values = [self.masked(node.operands[0], values[0])]
        options = f"o{len(self.arrays)}"
        if "{options}" in code:
            self.arrays[options] = node.options  # type: ignore[assignment]
        makes = "{out}" in code
        target = (out or self.scratch(shape_of(node, self.shapes))) if makes else ""
        text = code.format(*values, all=", ".join(values), options=options, out=target)
        if makes:
            self.statements.append(text)
            return target
        view = f"r{len(self.views) + len(self.statements)}"
        # a reshaped array may be a copy, which is made anew at each update
        passing = code.startswith("reshape") or self.passing.intersection(values)
        if passing:
            self.passing.add(view)
        (self.statements if passing else self.views).append(f"{view} = {text}")
        return view

    def masked(self, node: Node, value: str) -> str:
        """The operand of a softmax, minus infinity in the cells that are not there."""
        shape = shape_of(node, self.shapes)
        cells = Cells(self.quantities, self.shapes, 0)
        there = [entry(node, index, cells) is not None for index in np.ndindex(*shape)]
        if all(there):
            return value
        masked, mask = self.scratch(shape), self.scratch(shape)
        self.arrays[mask] = ~np.array(there).reshape(shape)
        self.statements.append(f"copyto({masked}, {value})")
        self.statements.append(f"copyto({masked}, nothing, where={mask})")
        return masked
