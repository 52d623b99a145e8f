"""A run that goes on where its record ends, as if it had never stopped.

Takes a history (of a run that was finished, ended by a rule or by hand, or killed) and how
many updates there are to be in all; makes the missing ones and gives the whole history.
What is not recorded is calculated again from the nearest row, in the form that made the
run, so that every number is that of one uninterrupted run, to the last bit.  Read by the
roof: ``tracer train RUN`` and `tracer.resume`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tracer.backprop.compiled.machine import Machine
from tracer.backprop.running import Run
from tracer.backprop.sinks import Memory, Sink
from tracer.backprop.stopping import Stop
from tracer.errors import ProblemError
from tracer.formula.keys import Key
from tracer.model.arrays import counted
from tracer.model.history import History


def resume(
    history: History,
    updates: int | None = None,
    stop: Stop | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    into: Sink | None = None,
) -> History:
    """Make the updates that a run lacks.

    Args:
        history: a run, all of its rows.
        updates: how many there are to be in all; by default as many as were wanted.
        stop: rules by which it may end early; what was recorded before counts for them.
        on_progress: called now and then with the updates made and the updates wanted.
        into: where the rows go, one that begins with those of the history; by default memory.

    Raises:
        ProblemError: if there is nothing left to make.

    >>> from tracer.backprop.training import train
    >>> from tracer.model.problem import Dense, Problem
    >>> problem = Problem(inputs=["0.5"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "sigmoid", [["0.15"]])], settings={"rate": "0.5"})
    >>> whole, parts = train(problem, 20), resume(train(problem, 7), 20)
    >>> len(parts), bool((parts["w1[1,1]"] == whole["w1[1,1]"]).all())
    (21, True)
    """
    wanted = (history.wanted or history.last) if updates is None else updates
    _check(history, wanted, stop or Stop())
    machine = _machine(history)
    there = len(history) - (1 if history.closed else 0)
    into = into or _remembering(history, there)
    state = _state(machine, history, there * history.every) if there else None
    run = Run(machine, wanted, history.every, stop or Stop(), on_progress, into, there, state)
    if run.watch and there:
        run.watch.sees(history.updates[:there], history[history.layout.loss][:there])
    return run.made()


def _check(history: History, wanted: int, stop: Stop) -> None:
    """Whether there is anything to make.

    Raises:
        ProblemError: if not.
    """
    if history.stopped == "diverged":
        raise ProblemError("a run that diverged cannot go on: it would diverge again", ("updates",))
    if wanted < history.last or (wanted == history.last and history.closed):
        raise ProblemError(
            f"the run has made {counted(history.last, 'update')} already; say how many there are "
            "to be in all",
            ("updates",),
        )
    if history.rows is not None:
        raise ProblemError("a run goes on from all of its rows, not from some", ("updates",))
    if stop and history.layout.loss not in history:
        raise ProblemError("the run did not record its loss, by which to stop", ("stop",))


def _machine(history: History) -> Machine:
    """What made the run, recording what it recorded.

    Raises:
        ProblemError: if its record is none that this version makes.
    """
    names = dict.fromkeys(Key.parse(key).name for key in history.layout.places)
    for record in ("all", [*names]):
        machine = Machine(history.problem, record, history.form or None)
        if machine.layout().columns == history.layout.columns:
            return machine
    raise ProblemError("this run was recorded by another version; it cannot go on", ("record",))


def _state(machine: Machine, history: History, done: int) -> Any:
    """The learnt numbers after `done` updates, from the nearest row that has them."""
    first, state = 0, machine.start()
    if history.reopens:
        first = done - history.every
        state = machine.restart(history.at(first), first) if first else state
    outcome = machine.advance(first, done - first, None, state)
    if isinstance(outcome.error, KeyboardInterrupt):
        raise outcome.error
    return outcome.state


def _remembering(history: History, there: int) -> Memory:
    """A record in memory that begins with the rows of a history."""
    rows = np.concatenate([np.asarray(block[:]) for block in history.blocks] or [np.empty((0, 0))])
    return Memory([rows[:there]] if there else [])
