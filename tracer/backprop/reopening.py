"""Any update of a run as a problem of its own, to be traced and printed.

Takes a history and the number of an update; gives the problem that starts from the
numbers after that update.  A row that was not recorded is
calculated again by the compiled form that made the run, from the nearest row before.
Read by the roof: ``tracer solve RUN --update k`` and `tracer.problem_at`.
"""

from __future__ import annotations

import numpy as np

from tracer.backprop.compiled.machine import Machine
from tracer.errors import CalculationError, UnknownQuantity
from tracer.model.history import History, reopened
from tracer.model.problem import Problem


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
        state = machine.restart(history.at(first), first)
    outcome = machine.advance(first, update - first, None, state)
    if isinstance(outcome.error, KeyboardInterrupt):
        raise outcome.error
    if outcome.error or not machine.finite(outcome.state):
        raise CalculationError(f"update {update} cannot be calculated again: {outcome.error}")
    numbers = {key: float(np.max(value)) for key, value in machine.numbers(outcome.state).items()}
    return reopened(history, numbers, update, updates)
