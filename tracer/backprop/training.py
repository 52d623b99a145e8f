"""Training: thousands of updates at full speed, everything recorded.

Takes a problem, gives a `History`.  The plan that `tracing` prints line by line is here
compiled to one function; rows of numbers go into a buffer, and from there into memory or
to a `Sink` (a run folder on disk).  A run that is stopped, by hand, by a rule or because
a number grew beyond all bounds, keeps what it recorded, and `reopening` opens any
update of it as a problem of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tracer.backprop.compiled.machine import Machine
from tracer.backprop.running import Run
from tracer.backprop.sinks import Memory, Sink
from tracer.backprop.stopping import Stop
from tracer.errors import ProblemError
from tracer.model.history import History
from tracer.model.problem import Problem


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
        said = "every is a count, at least 1" if updates > 0 else "there are no updates to make"
        raise ProblemError(f"{said}; found {every if updates > 0 else updates}", ("updates",))
    stop = stop or Stop()
    words = record if isinstance(record, str) else list(record)
    machine = Machine(problem, words, how)
    if stop and machine.loss not in machine.columns[machine.cycle[0]]:
        if not machine.loss:
            raise ProblemError("without a loss there is nothing by which to stop", ("stop",))
        words = [words] if isinstance(words, str) else words
        machine = Machine(problem, [*words, "loss"], how)
    return Run(machine, updates, every, stop, on_progress, into or Memory()).made()
