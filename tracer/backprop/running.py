"""One run: chunks of updates, watched for rules, for Ctrl-C and for numbers that blow up.

Read by `training`, and by `resuming`, which begins behind rows that are there.  Rows go
into a buffer chunk by chunk and from there to the sink; a chunk in which something is not
finite is gone through again, update by update, so that the run ends behind its last good
row and says which quantity failed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any

import numpy as np

from tracer.backprop.compiled.lines import functions_of, lines_of
from tracer.backprop.compiled.machine import Machine
from tracer.backprop.compiled.straight import LARGEST_POWER
from tracer.backprop.planning import make_plan
from tracer.backprop.sinks import Sink
from tracer.backprop.stopping import Stop, Watch
from tracer.errors import CalculationError
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.nodes import Call, Node, Number, symbols, walk
from tracer.model.arrays import counted
from tracer.model.history import Array, History

_FIRST_CHUNK = 64
_CHUNK_SECONDS = 0.1
"""Between two looks at progress, stopping rules and finiteness."""


class _Saturating(Float):
    """Machine numbers whose exponential may be infinite, as in the safe forms."""

    def call(self, function: str, arguments: Sequence[float]) -> float:
        if function == "exp" and arguments[0] > LARGEST_POWER:
            return math.inf
        return super().call(function, arguments)


class Run:
    """One run from its first row to its last."""

    def __init__(
        self,
        machine: Machine,
        updates: int,
        every: int,
        stop: Stop,
        on_progress: Callable[[int, int], None] | None,
        sink: Sink,
        there: int = 0,
        state: Any = None,
    ) -> None:
        """A run that begins, or goes on.

        Args:
            machine: makes the updates.
            updates: how many there are to be in all.
            every: a row for each so many.
            stop: rules by which it may end early.
            on_progress: called with the updates made and wanted.
            sink: takes the rows.
            there: how many rows were recorded before.
            state: the learnt numbers at the next row; None: those of the problem.
        """
        self.machine = machine
        self.state = machine.start() if state is None else state
        self.updates = updates
        self.every = every
        self.regular = -(-updates // every)
        """Rows before the closing one."""
        self.watch = Watch(stop) if stop else None
        self.on_progress = on_progress
        self.sink = sink
        layout = machine.layout()
        sink.begin(machine.problem, layout, every, updates, machine.how)
        rows = self.regular + 1 - there
        capacity = max(1, min(sink.capacity(rows), rows))
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
        self.row = there
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
        made = "the one update was" if self.updates == 1 else f"all {self.updates} updates were"
        stopped, message = self.ended or ("updates", f"{made} made")
        last = self.updates if self.closed else max(self.row - 1, 0) * self.every
        return self.sink.end(last, self.closed, stopped, message)

    def _regular_rows(self) -> None:
        state, chunk = self.state, _FIRST_CHUNK
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
            f"the run diverged: with the parameters after {counted(update, 'update')}, {key} "
            f"{reason}; what was recorded before is kept (a smaller learning rate may help)",
        )

    def _culprit(self, update: int, numbers: dict[str, float]) -> tuple[str, str]:
        """The first quantity that is not finite, and what is wrong with it."""
        for key, value in numbers.items():
            if not math.isfinite(value):
                return key, f"is {value}"
        machine = self.machine
        batch = machine.cycle[min(update, self.updates - 1) % len(machine.cycle)]
        draft = make_plan(machine.problem, batch)
        evaluate = Evaluator(_Saturating(), functions_of(machine.problem, safe=True))
        values = {key: evaluate(Number(text), {}) for key, text in draft.values.items()} | numbers
        formulas: dict[str, Node] = {}
        for line in lines_of(draft, machine.names[machine.kind(batch)], safe=True).body:
            try:
                values[line.key] = evaluate(line.formula, values)
            except CalculationError as error:
                cause = _out_of_reach(line.formula, values, formulas)
                return line.key, f"has no value ({error}{cause})"
            formulas[line.key] = line.formula
            if not math.isfinite(values[line.key]):
                return line.key, f"is {values[line.key]}"
        return "a number", "is not finite"


def _out_of_reach(formula: Node, values: Mapping[str, float], formulas: Mapping[str, Node]) -> str:
    """Which operand the machine took for 0 or 1 that is neither: a share made of powers of e."""
    for name in symbols(formula):
        if name in formulas and values[name] in (0.0, 1.0):
            calls = [part.function for part in walk(formulas[name]) if isinstance(part, Call)]
            if "exp" in calls or "sigmoid" in calls:
                return (
                    f": {name} is nearer to {values[name]:g} than machine numbers reach, "
                    "which a trace works out with more digits"
                )
    return ""
