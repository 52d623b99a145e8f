"""The straight-line form: one Python function with a local variable for each number.

For small networks nothing that needs no installation is faster: no array is made, and
the recorded numbers are packed into a buffer in one call.  The same source, given NumPy
functions instead of `math`'s, is the column form: each variable then holds a vector with
the same number of every variant.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from tracer.backprop.compiled.lines import functions_of, lines_of
from tracer.backprop.compiled.outcome import STOPS, Outcome
from tracer.backprop.compiled.source import function_source, made
from tracer.backprop.plan import Draft
from tracer.calculus import arrays
from tracer.formula.floating import FLOAT_FUNCTIONS

SCALAR: Mapping[str, Any] = {**FLOAT_FUNCTIONS, "power": math.pow, "stops": STOPS}


LARGEST_POWER = 709.78
"""The exponent beyond which exp is larger than any machine number."""

SAFE: Mapping[str, Any] = {
    **SCALAR,
    "exp": lambda x: math.exp(x) if x <= LARGEST_POWER else math.inf,
}
"""In the safe form exp may be infinite: a quotient by it is then 0, as it should be."""


def _over(ufunc: np.ufunc) -> Any:
    """A function of two vectors as one of any number of them."""

    def of(*columns: Any) -> Any:
        result = columns[0]
        for column in columns[1:]:
            result = ufunc(result, column)
        return result

    return of


def _ismax_columns(which: float, *cells: Any) -> Any:
    stacked = np.stack(np.broadcast_arrays(*cells))
    return (stacked.argmax(0) + 1 == which).astype(float)


COLUMNS: Mapping[str, Any] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "cospi": lambda x: np.cos(np.pi * x),
    "floor": np.floor,
    "abs": np.abs,
    "sign": np.sign,
    "heaviside": lambda x: np.heaviside(x, 0.0),
    "Phi": arrays.normal_distribution,
    "phi": arrays.normal_density,
    "maximum": _over(np.maximum),
    "minimum": _over(np.minimum),
    "ismax": _ismax_columns,
    "power": np.power,
    "stops": STOPS,
}


class Straight:
    """One update of a plan as straight-line code, for batches of one size.

    Args:
        draft: the plan of one update.
        names: the quantities on which the recorded cells lie.
        cells: the keys to record, in order; none: nothing is recorded.
        values: the given numbers by key.
        safe: use the twins that do not overflow.
    """

    functions: ClassVar[Mapping[str, Any]] = SCALAR
    safe: ClassVar[Mapping[str, Any]] = SAFE

    def __init__(
        self,
        draft: Draft,
        names: Sequence[str],
        cells: Sequence[str],
        values: Mapping[str, Any],
        safe: bool = False,
    ) -> None:
        found = lines_of(draft, names, safe=safe)
        self.varying = found.varying
        self.errors: Literal["ignore", "raise"] = "ignore" if safe else "raise"
        """What a column does where one variant overflows: the safe form leaves inf or nan."""
        self.source = function_source(found, functions_of(draft.problem, safe), cells)
        self._constants = tuple(values[key] for key in found.constant)
        self._run = made(self.source, self.safe if safe else self.functions)
        self._put = self.put(len(cells)) if cells else None

    def put(self, width: int) -> Any:
        """What takes the recorded numbers of one update."""
        return struct.Struct(f"{width}d").pack_into

    def batch(self, values: Sequence[Any]) -> Any:
        """What one batch brings, from its given numbers in the order of `varying`."""
        return tuple(values)

    def start(self, numbers: Sequence[Any]) -> Any:
        """The state that holds these learnt numbers."""
        return tuple(numbers)

    def numbers(self, state: Any) -> list[Any]:
        """The learnt numbers of a state."""
        return list(state)

    def finite(self, state: Any) -> bool:
        """Whether all learnt numbers are finite."""
        return all(map(math.isfinite, state))

    def run(self, rows: Any, batches: Iterable[Any], state: Any) -> Outcome:
        """Make one update for each batch, recording into `rows` from its first row on."""
        buffer = memoryview(rows).cast("B") if self._put else None
        step = rows.strides[0] if self._put else 1
        place, state, error = self._run(self._put, buffer, 0, step, batches, state, self._constants)
        return Outcome(place // step, state, error)


class Columns(Straight):
    """The same source over many variants at once: every number is a vector.

    `rows` has the shape (updates, numbers, variants).
    """

    functions = COLUMNS
    safe = COLUMNS

    def put(self, width: int) -> Any:
        def stack(rows: Any, place: int, *columns: Any) -> None:
            row = rows[place]
            for number, column in enumerate(columns):
                row[number] = column

        return stack

    def finite(self, state: Any) -> bool:
        return all(np.isfinite(column).all() for column in state)

    def run(self, rows: Any, batches: Iterable[Any], state: Any) -> Outcome:
        with np.errstate(all=self.errors, under="ignore"):
            place, state, error = self._run(self._put, rows, 0, 1, batches, state, self._constants)
        return Outcome(place, state, error)
