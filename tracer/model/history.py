"""The history of a run: every recorded number by its key, over the updates.

Row by row a record holds what belongs together: the row of k holds the parameters after
k updates and everything that update k + 1 calculated from them, as ``@k`` says in a key.
The last row of a finished run is the forward and backward pass with the final
parameters, over the last batch, after which nothing is changed.

The numbers lie in blocks (arrays of shape (rows, columns)), in memory or mapped from
files; which column holds which key is said by the `Layout`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import numpy as np

from tracer.errors import UnknownQuantity, suggestion
from tracer.formula.keys import Key
from tracer.model.continuing import continued, is_carried
from tracer.model.layout import REASONS, Layout
from tracer.model.problem import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]

__all__ = ["REASONS", "Array", "History", "Layout", "reopened"]


@dataclass(frozen=True)
class History:
    """What a run recorded.

    ``history["w1[1,2]"]`` is that weight over all recorded updates;
    ``history[100:200]`` the history of these rows alone.

    Attributes:
        problem: what the run started from.
        layout: which column holds which key.
        blocks: the numbers, arrays of shape (rows, columns), one after another.
        every: a row for each so many updates.
        last: how many updates lie behind the last row.
        closed: whether the last row is the pass after the last update.
        stopped: why the run ended, a key of `REASONS`.
        message: the same in a sentence, with numbers.
        form: how it was calculated: straight, numpy or columns.
        wanted: how many updates were asked for.
    """

    problem: Problem
    layout: Layout
    blocks: Sequence[Array]
    every: int = 1
    last: int = 0
    closed: bool = True
    stopped: str = "updates"
    message: str = ""
    form: str = ""
    wanted: int = 0
    rows: range | None = None
    """Which rows of the blocks; None: all."""

    @cached_property
    def _rows(self) -> range:
        return range(sum(map(len, self.blocks))) if self.rows is None else self.rows

    def __len__(self) -> int:
        """How many rows were recorded."""
        return len(self._rows)

    @property
    def updates(self) -> NDArray[np.int64]:
        """How many updates lie behind each row."""
        return np.minimum(
            np.arange(self._rows.start, self._rows.stop, self._rows.step) * self.every, self.last
        )

    def keys(self) -> list[str]:
        """The keys of all recorded quantities."""
        return list(self.layout.places)

    def __contains__(self, key: object) -> bool:
        return key in self.layout.places or key in self.layout.constants

    @overload
    def __getitem__(self, key: str) -> Array: ...

    @overload
    def __getitem__(self, key: slice) -> History: ...

    def __getitem__(self, key: str | slice) -> Array | History:
        """One quantity over all rows, shape (rows,), or the history of some rows.

        A quantity of a sample is NaN in rows whose batch does not hold the sample.

        Raises:
            UnknownQuantity: naming the nearest key.
        """
        if isinstance(key, slice):
            rows = self._rows[key]
            if rows.step < 0:
                raise ValueError("a history runs forwards")
            return replace(self, rows=rows)
        return self.column(key)

    def column(self, key: str) -> Array:
        """One quantity over all rows, shape (rows,)."""
        if key in self.layout.constants:
            return np.full(len(self), self.layout.constants[key])
        places = self.layout.places.get(key)
        if places is None:
            hint = suggestion(key, self.layout.places)
            raise UnknownQuantity(f"this run did not record '{key}'{hint}")
        if len(set(places.values())) == 1 and len(places) == len(self.layout.columns):
            return self._gathered(next(iter(places.values())))
        found = np.full(len(self), np.nan)
        turns = self._turns()
        for turn, batch in enumerate(self.layout.cycle):
            if batch in places:
                rows = turns == turn
                found[rows] = self._gathered(places[batch])[rows]
        return found

    def _turns(self) -> NDArray[np.int64]:
        """Which batch of the cycle each row is about."""
        turns = self.updates.copy()
        if self.closed and len(turns) and turns[-1] == self.last and self.last:
            turns[-1] -= 1
        return turns % len(self.layout.cycle)

    def _gathered(self, column: int) -> Array:
        """A column of the blocks, at this history's rows."""
        found, first = [], 0
        for block in self.blocks:
            inside = _inside(self._rows, first, first + len(block))
            if len(inside):
                found.append(np.asarray(block[inside.start : inside.stop : inside.step, column]))
            first += len(block)
        return np.concatenate(found) if found else np.empty(0)

    def array(self, name: str) -> Array:
        """All of a quantity: ``w1`` has shape (rows, units, sources), ``loss`` (rows,).

        Activations and the like have the sample last: (rows, units, samples), with NaN
        where a row's batch does not hold the sample; what has time steps has them before the
        units.  A missing connection is NaN.
        """
        if name in self.layout.places:
            return self.column(name)
        cells = [
            (parsed, key)
            for key in (*self.layout.places, *self.layout.constants)
            for parsed in (Key.parse(key),)
            if parsed.name == name and (parsed.indices or parsed.time is not None)
        ]
        if not cells:
            hint = suggestion(name, {Key.parse(key).name for key in self.layout.places})
            raise UnknownQuantity(f"this run did not record '{name}'{hint}")
        samples = sorted({key.sample for key, _ in cells if key.sample is not None})
        shape = self.layout.shapes.get(name) or _largest(key.indices for key, _ in cells)
        times = sorted({key.time for key, _ in cells if key.time is not None})
        steps, last = ([len(found)] if found else [] for found in (times, samples))
        found = np.full((len(self), *steps, *shape, *last), np.nan)
        for key, text in cells:
            index: list[Any] = [slice(None), *(i - 1 for i in key.indices)]
            if times:
                index.insert(1, times.index(key.time or 0))
            if samples:
                index.append(samples.index(key.sample or 0))
            found[tuple(index)] = self.column(text)
        return found

    def row(self, update: int) -> int | None:
        """The row of the state after so many updates; None if it was not recorded."""
        stored = self._rows
        place, rest = divmod(update, self.every)
        if rest or (update == self.last and self.closed):
            total = sum(map(len, self.blocks))
            place = total - 1 if update == self.last else -1
        return stored.index(place) if place in stored else None

    def at(self, update: int) -> dict[str, float]:
        """Every recorded number of one row, by key.

        Raises:
            UnknownQuantity: if the row was not recorded; the message names the nearest.
        """
        row = self.row(update)
        if row is None:
            raise UnknownQuantity(f"update {update} was not recorded{self._nearest(update)}")
        one = self[row : row + 1]
        batch = self.layout.cycle[int(one._turns()[0])]
        values = {
            key: float(one._gathered(places[batch])[0])
            for key, places in self.layout.places.items()
            if batch in places
        }
        return {**self.layout.constants, **values}

    def _nearest(self, update: int) -> str:
        if not len(self):
            return "; nothing was"
        near = self.updates[np.abs(self.updates - update).argmin()]
        return f"; the nearest is {near}"

    @property
    def reopens(self) -> bool:
        """Whether all learnt numbers were recorded, so that each row opens as a problem."""
        return all(key in self.layout.places for key in self.layout.learnt)

    def stored_problem(self, update: int, updates: int = 1) -> Problem:
        """The problem that starts after `update` updates, if that row was recorded.

        Raises:
            UnknownQuantity: if the row, or one of its parameters, was not recorded.
        """
        if not update:
            return continued(self.problem, {}, 0, updates)
        values = self.at(update)
        missing = [key for key in self.layout.learnt if key not in values]
        if missing:
            raise UnknownQuantity(f"this run did not record '{missing[0]}'")
        return reopened(self, values, update, updates)

    def gradient_norm(self, name: str = "") -> Array:
        """The Euclidean norm of the gradient over all learnt numbers, or those of `name`.

        Raises:
            UnknownQuantity: if the gradients were not recorded.
        """
        keys = [k for k in self.parameters() if not name or Key.parse(k).name == name]
        if not keys:
            raise UnknownQuantity(f"'{name}' is not learnt")
        squares = np.zeros(len(self))
        for key in keys:
            squares += self.column(f"d{key}") ** 2
        return np.sqrt(squares)

    def parameters(self) -> list[str]:
        """Learnt numbers: no state of the optimizer, no statistics that are merely carried on."""
        changing = (key for key in self.layout.learnt if key not in self.layout.states)
        return [key for key in changing if not is_carried(self.problem, key)]

    def gradient_norms(self) -> dict[str, Array]:
        """The norm of each parameter's gradient, by its name."""
        names = dict.fromkeys(Key.parse(key).name for key in self.parameters())
        return {name: self.gradient_norm(name) for name in names}

    def losses(self) -> list[str]:
        """The keys of the recorded losses: the one that is trained, and the reports."""
        return [k for k in self.keys() if k == self.layout.loss or k.startswith("report.")]

    def table(self, updates: Iterable[int], keys: Sequence[str] = ()) -> list[dict[str, float]]:
        """Chosen rows as articles print them: the update and its losses (or `keys`)."""
        return [
            {"update": update, **{key: values[key] for key in keys or self.losses()}}
            for update in updates
            for values in (self.at(update),)
        ]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())


def reopened(
    history: History, values: Mapping[str, float], update: int, updates: int = 1
) -> Problem:
    """The problem of a run after some updates that left these values.

    Raises:
        UnknownQuantity: if one of the numbers that the run says to learn is none.
    """
    layout = history.layout
    if strange := [key for key in layout.learnt if key not in values]:
        raise UnknownQuantity(f"the problem of this run has no '{strange[0]}'")
    states = {key: values[key] for key in layout.states}
    learnt = {key: values[key] for key in layout.learnt if key not in states}
    return continued(history.problem, learnt, update, updates, states)


def _inside(rows: range, first: int, stop: int) -> range:
    """The rows that lie in a block, counted from its first."""
    skipped = max(0, -((rows.start - first) // rows.step)) if rows.step > 0 else 0
    begin = rows.start + skipped * rows.step
    end = min(rows.stop, stop)
    return range(begin - first, max(end, begin) - first, rows.step)


def _largest(indices: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(max, zip(*indices, strict=True)))
