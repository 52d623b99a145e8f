"""Layers with a memory: where on a page it is empty still, and where nothing comes back to it.

Takes a step and its trace.  Read by `saying`, which says which time step begins.
"""

from __future__ import annotations

from tracer.formula.keys import Key
from tracer.model.step import Step
from tracer.model.trace import Trace


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
