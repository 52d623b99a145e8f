"""Layers that work step by step: which lines belong to them, and to which time step or sample.

Read by `story`, which tells the lines of one time step together.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracer.formula.keys import Key
from tracer.model.step import Step
from tracer.model.trace import Trace


def is_local(steps: Sequence[Step], trace: Trace) -> bool:
    """Whether lines of a layer are told place by place."""
    first = steps[0]
    if not first.layer or first.phase not in ("forward", "backward"):
        return False
    typed = trace.problem.layers[first.layer - 1].type != "dense"
    return typed or any(step.parsed.time is not None for step in steps)


def place_of(step: Step) -> tuple[int | None, int | None]:
    """The time step of a line; where there is none, the sample whose own array it is in."""
    key = step.parsed
    if key.time is not None:
        return key.time, None
    return None, key.sample if len(key.indices) > 1 else None


def array_and_place(step: Step) -> tuple[str, tuple[int | None, int | None]]:
    """What tells the lines of one quantity at one place from those that follow."""
    return step.parsed.name, place_of(step)


def begins_with_nothing(step: Step, trace: Trace) -> bool:
    """Whether the layer of a line has a memory that is empty before the first time step."""
    base = step.parsed.base
    mine = [other for other in trace if other.layer == step.layer and other.parsed.base == base]
    given = any(other.parsed.time == 0 for other in mine)
    later = (other for other in mine if other.phase == "forward" and other.parsed.time == 2)
    before = {key for other in later for key in map(Key.parse, other.operands) if key.time == 1}
    return not given and any(key.base == base for key in before)


def is_last_of_memory(step: Step, trace: Trace) -> bool:
    """Whether a line of the way back belongs to the last time step of a layer with a memory."""
    base, time = step.parsed.base.removeprefix("d"), step.parsed.time
    mine = [s for s in trace if s.layer == step.layer and s.phase == "forward" and s.parsed.time]
    last = max((s.parsed.time or 0 for s in mine), default=0)
    remembers = any(
        key.base == base and key.time and key.time < (s.parsed.time or 0)
        for s in mine
        for key in map(Key.parse, s.operands)
    )
    return remembers and time == last
