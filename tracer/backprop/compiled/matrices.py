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

from tracer.backprop.compiled.array_source import UFUNCS, ArrayScribe
from tracer.backprop.compiled.lines import (
    carried_cells,
    clocks,
    functions_of,
    learnt,
    machine_equations,
)
from tracer.backprop.compiled.outcome import STOPS, Outcome
from tracer.backprop.compiled.source import made
from tracer.backprop.plan import Draft
from tracer.calculus.arrays import FUNCTIONS, Array, safe_softmax, softmax
from tracer.formula.evaluating import Definition
from tracer.model.quantity import Equation, Quantity


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
        equations = machine_equations(draft, names, update=True, safe=safe)
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
        # a mask has one place for each cell, also for those that are not there
        sampled = [q for q in given if q.sampled and not q.missing]
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
