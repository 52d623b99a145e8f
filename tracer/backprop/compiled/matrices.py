"""The NumPy form: one call for each array operation, results written where they stay.

For networks beyond a few hundred numbers an update the arrays' own loops are faster than
straight-line code.  All arrays of an update are views of one workspace, in the order of
the record, so that a record is one copy.  What the array primitives do is said by the
`code` column of their table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from tracer.backprop.compiled.lines import (
    carried_cells,
    clocks,
    functions_of,
    learnt,
    needed_equations,
)
from tracer.backprop.compiled.outcome import STOPS, Outcome
from tracer.backprop.compiled.source import made
from tracer.backprop.plan import Cells, Draft
from tracer.calculus.arrays import FUNCTIONS, Array, safe_softmax, softmax
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
from tracer.model.quantity import Equation, Quantity

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
    "abs": np.abs,
    "sign": np.sign,
    "heaviside": np.heaviside,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "copyto": np.copyto,
    "nothing": -np.inf,
}
_ONE_ARGUMENT = ("exp", "log", "sqrt", "tanh", "abs", "sign")


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

    def assign(self, formula: Node, out: str) -> None:
        """Statements that leave the value of a formula in an array."""
        found = self.put(formula, out)
        if found != out:
            self.statements.append(f"copyto({out}, {found})")

    def put(self, node: Node, out: str | None = None) -> str:
        """The name (or literal, or view) of a formula's value; made in `out` if it is made."""
        if not any(isinstance(part, Symbol | Apply) for part in walk(node)):
            return repr(Evaluator(Float(), self.functions)(node, {}))
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
        values = [self.array(part) for part in node.operands]
        if node.primitive == "softmax":
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

    def array(self, node: Node) -> str:
        """Like `put`, for an operand that has to be an array."""
        value = self.put(node)
        if value in self.arrays or value.startswith("r"):
            return value
        name = self.scratch(())
        self.arrays[name][...] = float(value)
        return name


class Matrices:
    """One update of a plan in NumPy, for batches of one size; the arguments of `Straight`."""

    def __init__(
        self,
        draft: Draft,
        names: Sequence[str],
        cells: Sequence[str],
        values: Mapping[str, Any],
        safe: bool = False,
    ) -> None:
        equations = needed_equations(draft, names, update=True)
        self._place(draft, equations, names)
        scribe = self._scribe(draft, values, functions_of(draft.problem, safe))
        for equation in equations:
            self._equation(scribe, equation)
        for clock in clocks(draft):
            following = scribe.names[f"{clock.name}'"]
            scribe.statements.append(f"add({scribe.names[clock.name]}, 1.0, {following})")
        positions = [self._positions[key] for key in cells]
        self.over: Literal["ignore", "raise"] = "ignore" if safe else "raise"
        """In the safe form exp may be infinite: a quotient by it is then 0."""
        self._carried = np.array([self._positions[key] for key in carried_cells(draft)], int)
        self.source = _source(scribe.views, scribe.statements, _record(positions))
        inside = {
            **UFUNCS,
            **FUNCTIONS,
            **scribe.arrays,
            "stops": STOPS,
            "softmax": safe_softmax if safe else softmax,
            "record": self._work[: len(cells)],
            "everything": self._work,
            "positions": np.array(positions, int),
            "given": self._given,
            "state": self._state,
            "following": self._following,
        }
        self._run = made(self.source, inside)

    def _place(self, draft: Draft, equations: Sequence[Equation], names: Sequence[str]) -> None:
        """Lay the arrays out: learnt ones, then recorded ones, then the rest."""
        made = [e.target.name for e in equations if not e.is_next]
        order = [q.name for q in (*learnt(draft), *clocks(draft))]
        order += [name for name in names if name not in order]
        order += [name for name in made if name not in order]
        where, position = {}, 0
        for name in order:
            where[name] = position
            position += _size(draft.quantities[name])
        self._work = np.zeros(position)
        self._quantities = {name: draft.quantities[name] for name in order}
        self._views = {
            name: self._work[start : start + _size(quantity)].reshape(quantity.shape)
            for name, start in where.items()
            for quantity in (draft.quantities[name],)
        }
        self._positions = {
            quantity.cell(index): where[name] + int(np.ravel_multi_index(index, quantity.shape))
            if index
            else where[name]
            for name, quantity in self._quantities.items()
            for index in quantity.cells()
        }

    def _scribe(
        self, draft: Draft, values: Mapping[str, Any], functions: Mapping[str, Definition]
    ) -> ArrayScribe:
        """Arrays for all quantities, the given ones filled."""
        scribe = ArrayScribe(functions, draft.shapes, draft.quantities)
        for name, view in self._views.items():
            scribe.know(name, view)
        moving = [*learnt(draft), *clocks(draft)]
        size = sum(_size(quantity) for quantity in moving)
        self._state, self._following = self._work[:size], np.zeros(size)
        position = 0
        for quantity in moving:
            _fill(self._views[quantity.name], quantity, values)
            after = self._following[position : position + _size(quantity)]
            scribe.know(f"{quantity.name}'", after.reshape(quantity.shape))
            position += _size(quantity)
        given = [
            q
            for q in draft.quantities.values()
            if q.kind in ("given", "parameter") and q not in moving
        ]
        sampled = [q for q in given if any(axis.name == "sample" for axis in q.axes)]
        self.varying = tuple(q.cell(index) for q in sampled for index in q.cells())
        self._given, position = np.zeros(len(self.varying)), 0
        for quantity in given:
            if quantity in sampled:
                array = self._given[position : position + _size(quantity)].reshape(quantity.shape)
                position += _size(quantity)
            else:
                array = np.zeros(quantity.shape)
                _fill(array, quantity, values)
            scribe.know(quantity.name, array)
        return scribe

    @staticmethod
    def _equation(scribe: ArrayScribe, equation: Equation) -> None:
        target = equation.target
        out = scribe.names[f"{target.name}'" if equation.is_next else target.name]
        scribe.assign(equation.formula, out)
        for cells, source in ((target.missing, "0.0"), (target.frozen, scribe.names[target.name])):
            if cells and (equation.is_next or source == "0.0"):
                mask = scribe.scratch(target.shape)
                scribe.arrays[mask] = np.zeros(target.shape, bool)
                for index in cells:
                    scribe.arrays[mask][index] = True
                scribe.statements.append(f"copyto({out}, {source}, where={mask})")

    def batch(self, values: Sequence[Any]) -> Any:
        """What one batch brings, from its given numbers in the order of `varying`."""
        return np.array(values, float)

    def start(self, numbers: Sequence[Any]) -> Any:
        """The state that holds these learnt numbers."""
        state = self._state.copy()
        state[self._carried] = numbers
        return state

    def numbers(self, state: Any) -> list[Any]:
        """The learnt numbers of a state."""
        return state[self._carried].tolist()  # type: ignore[no-any-return]

    def finite(self, state: Any) -> bool:
        """Whether all learnt numbers are finite."""
        return bool(np.isfinite(state).all())

    def run(self, rows: Any, batches: Iterable[Any], state: Any) -> Outcome:
        """Make one update for each batch, recording into `rows` from its first row on."""
        self._state[...] = state
        with np.errstate(over=self.over, divide="raise", invalid="raise", under="ignore"):
            done, error = self._run(rows, batches)
        return Outcome(done, self._state.copy(), error)


def _source(views: Sequence[str], statements: Sequence[str], record: str) -> str:
    """``run(rows, batches)``: as the straight-line source, over arrays."""
    body = [
        "if batch is not current:",
        "    copyto(given, batch)",
        "    current = batch",
        *statements,
        *([record] if record else []),
        "row += 1",
        "copyto(state, following)",
    ]
    lines = [
        "def run(rows, batches):",
        "    row, current, error = 0, None, None",
        *(f"    {line}" for line in views),
        "    try:",
        "        for batch in batches:",
        *(f"            {line}" for line in body),
        "    except stops as found:",
        "        error = found",
        "    return row, error",
    ]
    return "\n".join(lines) + "\n"


def _record(positions: Sequence[int]) -> str:
    """The statement that copies one update into the record."""
    if not positions:
        return ""
    width = len(positions)
    if list(positions) == list(range(width)):
        return f"rows[row, :{width}] = record"
    return f"rows[row, :{width}] = everything[positions]"


def _size(quantity: Quantity) -> int:
    size = 1
    for axis in quantity.axes:
        size *= axis.size
    return size


def _fill(array: Array, quantity: Quantity, values: Mapping[str, Any]) -> None:
    """The given numbers of a quantity; what is missing stays 0."""
    for index in quantity.cells():
        array[index] = values[quantity.cell(index)]
