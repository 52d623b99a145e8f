"""Training: thousands of updates at full speed, everything recorded.

Takes a problem, gives a `History`.  The plan that `tracing` prints line by line is here
compiled to one function; rows of numbers go into a buffer, and from there into memory or
to a `Sink` (a run folder on disk).  A run that is stopped, by hand, by a rule or because
a number grew beyond all bounds, keeps what it recorded, and `problem_at` opens any
update of it as a problem of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, Protocol

import numpy as np

from tracer.backprop.compiled.lines import functions_of, lines_of, safe_draft
from tracer.backprop.compiled.machine import Machine
from tracer.backprop.plan import make_plan
from tracer.backprop.stopping import Stop, Watch
from tracer.errors import CalculationError, ProblemError, UnknownQuantity
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.nodes import Number
from tracer.model.continuing import continued
from tracer.model.history import Array, History, Layout
from tracer.model.problem import Problem

MEMORY = 2 * 1024**3
"""Bytes that a record in memory may take."""
_FIRST_CHUNK = 64
_CHUNK_SECONDS = 0.1
"""Between two looks at progress, stopping rules and finiteness."""


class Sink(Protocol):
    """Where recorded rows go."""

    def begin(self, problem: Problem, layout: Layout, every: int, updates: int, form: str) -> None:
        """Called once, before the first row."""

    def capacity(self, total: int) -> int:
        """How many rows the buffer holds that `block` is handed."""

    def block(self, rows: Array) -> None:
        """Take the next rows; after this call they may be overwritten."""

    def due(self) -> bool:
        """Whether waiting rows should be handed over even if the buffer is not full."""

    def end(self, last: int, closed: bool, stopped: str, message: str) -> History:
        """Called once, after the last row."""


class Memory:
    """Keeps all rows in one array."""

    def begin(self, problem: Problem, layout: Layout, every: int, updates: int, form: str) -> None:
        self._about: tuple[Problem, Layout, int, str] = problem, layout, every, form
        self._blocks: list[Array] = []

    def capacity(self, total: int) -> int:
        size = 8 * total * self._about[1].width
        if size > MEMORY:
            raise ProblemError(
                f"the record would take {size / 1024**3:.1f} GiB of memory; record fewer "
                "quantities, every k-th update, or into a run folder",
                ("record",),
            )
        return total

    def block(self, rows: Array) -> None:
        self._blocks.append(rows)

    def due(self) -> bool:
        return False

    def end(self, last: int, closed: bool, stopped: str, message: str) -> History:
        problem, layout, every, form = self._about
        return History(problem, layout, self._blocks, every, last, closed, stopped, message, form)


def train(
    problem: Problem,
    updates: int | None = None,
    record: str | Iterable[str] = "all",
    every: int = 1,
    stop: Stop | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    how: str | None = None,
    into: Sink | None = None,
) -> History:
    """Make many updates and record them.

    Args:
        problem: layers or equations, with numbers and something to learn.
        updates: how many; by default as many as the problem says.
        record: ``"all"`` (every line of the walkthrough), or roles and names, such as
            ``["w", "b", "loss"]``.
        every: record the first of every so many updates (and the state at the end).
        stop: rules by which the run may end early.
        on_progress: called now and then with the updates made and the updates wanted.
        how: ``"straight"``, ``"numpy"`` or ``"columns"``; by default by the size.
        into: where the rows go; by default memory.

    Returns:
        The history, with the reason why the run ended.

    Raises:
        ProblemError: if there is nothing to learn, or a setting cannot be meant.

    >>> from tracer.model.problem import Dense, Problem
    >>> problem = Problem(inputs=["0.5", "0.8"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "sigmoid", [["0.15", "0.25"]])], settings={"rate": "0.5"})
    >>> history = train(problem, 100)
    >>> history["loss"].shape, bool(history["loss"][100] < history["loss"][0])
    ((101,), True)
    """
    updates = problem.updates if updates is None else updates
    if updates < 1 or every < 1:
        raise ProblemError("updates and every are counts, at least 1", ("updates",))
    stop = stop or Stop()
    words = record if isinstance(record, str) else list(record)
    machine = Machine(problem, words, how)
    if stop and machine.loss not in machine.columns[machine.cycle[0]]:
        if not machine.loss:
            raise ProblemError("without a loss there is nothing by which to stop", ("stop",))
        words = [words] if isinstance(words, str) else words
        machine = Machine(problem, [*words, "loss"], how)
    return _Run(machine, updates, every, stop, on_progress, into or Memory()).made()


class _Run:
    """One run from its first row to its last."""

    def __init__(
        self,
        machine: Machine,
        updates: int,
        every: int,
        stop: Stop,
        on_progress: Callable[[int, int], None] | None,
        sink: Sink,
    ) -> None:
        self.machine = machine
        self.updates = updates
        self.every = every
        self.regular = -(-updates // every)
        """Rows before the closing one."""
        self.watch = Watch(stop) if stop else None
        self.on_progress = on_progress
        self.sink = sink
        layout = machine.layout()
        sink.begin(machine.problem, layout, every, updates, machine.how)
        capacity = max(1, min(sink.capacity(self.regular + 1), self.regular + 1))
        self.losses = np.array(
            [layout.columns[batch].index(machine.loss) for batch in machine.cycle] if stop else []
        )
        """The column of the loss, for each batch of the cycle."""
        self.buffer = np.empty((capacity, layout.width))
        self.padded = len(machine.drafts) > 1
        """Whether rows of smaller batches leave columns free."""
        if self.padded:
            self.buffer.fill(0.0)
        self.waiting = 0
        """Rows in the buffer that the sink has not taken."""
        self.row = 0
        """Rows that were recorded."""
        self.ended: tuple[str, str] | None = None
        self.closed = False

    def made(self) -> History:
        """Make the run."""
        try:
            self._regular_rows()
        except KeyboardInterrupt:
            self._interrupted()
        self._flush()
        stopped, message = self.ended or ("updates", f"all {self.updates} updates were made")
        last = self.updates if self.closed else max(self.row - 1, 0) * self.every
        return self.sink.end(last, self.closed, stopped, message)

    def _regular_rows(self) -> None:
        state, chunk = self.machine.start(), _FIRST_CHUNK
        while self.row < self.regular and not self.ended:
            count = min(chunk, self.regular - self.row, len(self.buffer) - self.waiting)
            began = monotonic()
            state = self._chunk(count, state)
            if monotonic() - began < _CHUNK_SECONDS / 2:
                chunk *= 2
            if self.waiting == len(self.buffer) or self.sink.due():
                self._flush()
            if self.on_progress:
                self.on_progress(min(self.row * self.every, self.updates), self.updates)
        if not self.ended:
            self._closing_row(state)

    def _chunk(self, count: int, state: Any) -> Any:
        """Record some rows, and stop behind the last good one."""
        rows = self.buffer[self.waiting : self.waiting + count]
        before = state
        done, state, error = self._recorded(rows, state)
        if isinstance(error, KeyboardInterrupt):
            done = self._finite(rows[:done])
            self._keep(rows[:done])
            raise error
        if error or self._finite(rows[:done]) < done or not self.machine.finite(state):
            done = self._diverged(before, self._finite(rows[:done]))
        self._keep(rows[:done])
        return state

    def _keep(self, rows: Array) -> None:
        """Count rows as recorded, up to the one at which a rule ends the run."""
        done = len(rows)
        if self.watch and done:
            numbers = np.arange(self.row, self.row + done) * self.every
            columns = self.losses[numbers % len(self.losses)]
            seen = self.watch.sees(numbers, rows[np.arange(done), columns])
            if seen:
                done = seen[0] + 1
                self.ended = seen[1:]
        self.row += done
        self.waiting += done

    @staticmethod
    def _finite(rows: Array) -> int:
        """How many rows there are before the first with a number that is not finite."""
        bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
        return int(bad[0]) if len(bad) else len(rows)

    def _recorded(self, rows: Array, state: Any) -> tuple[int, Any, BaseException | None]:
        """Record each row, and make the updates that lie between one and the next."""
        target = rows[:, :, None] if self.machine.how == "columns" else rows
        if self.every == 1:
            outcome = self.machine.advance(self.row, len(rows), target, state)
            return outcome.done, outcome.state, outcome.error
        for place in range(len(rows)):
            first = (self.row + place) * self.every
            outcome = self.machine.advance(first, 1, target[place : place + 1], state)
            if outcome.error:
                return place, outcome.state, outcome.error
            between = min(self.every, self.updates - first) - 1
            outcome = self.machine.advance(first + 1, between, None, outcome.state)
            if outcome.error:
                return place + 1, outcome.state, outcome.error
            state = outcome.state
        return len(rows), state, None

    def _closing_row(self, state: Any) -> None:
        """The pass with the final parameters, over the last batch."""
        rows = self.buffer[self.waiting : self.waiting + 1]
        if not len(rows):
            self._flush()
            rows = self.buffer[:1]
        target = rows[:, :, None] if self.machine.how == "columns" else rows
        outcome = self.machine.advance(self.updates - 1, 1, target, state)
        if isinstance(outcome.error, KeyboardInterrupt):
            raise outcome.error
        if outcome.error or not np.isfinite(rows).all():
            self._says_diverged(self.updates, self.machine.numbers(state))
            return
        self.row += 1
        self.waiting += 1
        self.closed = True

    def _flush(self) -> None:
        """Hand the waiting rows to the sink."""
        if self.waiting:
            self.sink.block(self.buffer[: self.waiting])
            self.waiting = 0
            if self.padded and self.row < self.regular:
                self.buffer.fill(0.0)

    def _interrupted(self) -> None:
        done = max(self.row - 1, 0) * self.every
        self.ended = ("interrupted", f"stopped by hand; recorded up to update {done}")

    def _diverged(self, state: Any, rows: int) -> int:
        """Go through a chunk again, update by update, to find where it went wrong.

        Returns:
            How many of its rows are good.
        """
        update, space = self.row * self.every, np.zeros((1, self.buffer.shape[1]))
        target = space[:, :, None] if self.machine.how == "columns" else space
        while update < self.updates:
            outcome = self.machine.advance(update, 1, target, state)
            if outcome.error or not np.isfinite(space).all():
                self._says_diverged(update, self.machine.numbers(state))
                break
            state = outcome.state
            update += 1
            if not self.machine.finite(state):
                self._says_diverged(update, self.machine.numbers(state))
                break
        good = -(-update // self.every) - self.row
        return min(rows, good)

    def _says_diverged(self, update: int, numbers: dict[str, Any]) -> None:
        key, reason = self._culprit(update, {k: float(np.max(v)) for k, v in numbers.items()})
        self.ended = (
            "diverged",
            f"the run diverged: with the parameters after {update} updates, {key} {reason}; "
            "what was recorded before is kept (a smaller learning rate may help)",
        )

    def _culprit(self, update: int, numbers: dict[str, float]) -> tuple[str, str]:
        """The first quantity that is not finite, and what is wrong with it."""
        for key, value in numbers.items():
            if not math.isfinite(value):
                return key, f"is {value}"
        machine = self.machine
        batch = machine.cycle[min(update, self.updates - 1) % len(machine.cycle)]
        draft = make_plan(machine.problem, batch)
        evaluate = Evaluator(Float(), functions_of(machine.problem, safe=True))
        values = {key: evaluate(Number(text), {}) for key, text in draft.values.items()} | numbers
        for line in lines_of(safe_draft(draft), machine.names).body:
            try:
                values[line.key] = evaluate(line.formula, values)
            except CalculationError as error:
                return line.key, f"has no value ({error})"
            if not math.isfinite(values[line.key]):
                return line.key, f"is {values[line.key]}"
        return "a number", "is not finite"


def problem_at(history: History, update: int, updates: int = 1) -> Problem:
    """The problem that starts with the parameters after `update` updates of a run.

    Where that row was not recorded, it is calculated again from the nearest one before,
    in the same form, so that the numbers are the same to the last bit.

    Args:
        history: a run.
        update: from 0 to `history.last`.
        updates: how many updates the new problem makes.

    Raises:
        UnknownQuantity: if the run did not come so far.
    """
    if not 0 <= update <= history.last:
        raise UnknownQuantity(f"this run has updates 0 to {history.last}, not {update}")
    if update == 0 or (history.reopens and history.row(update) is not None):
        return history.stored_problem(update, updates)
    machine = Machine(history.problem, "all", history.form or None)
    state = machine.start()
    stored_rows = history.updates if history.reopens else np.zeros(1, int)
    first = int(stored_rows[stored_rows <= update].max(initial=0))
    if first:
        stored = history.at(first)
        state = machine.restart([stored[key] for key in machine.carried])
    outcome = machine.advance(first, update - first, None, state)
    if isinstance(outcome.error, KeyboardInterrupt):
        raise outcome.error
    if outcome.error or not machine.finite(outcome.state):
        raise CalculationError(f"update {update} cannot be calculated again: {outcome.error}")
    numbers = {key: float(np.max(value)) for key, value in machine.numbers(outcome.state).items()}
    return continued(history.problem, numbers, update, updates)
