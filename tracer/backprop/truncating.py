"""Truncated backpropagation through time: which operands a line takes as fixed numbers.

A recurrent layer that is truncated sends no gradient further back than so many steps, so
the state before is a number like a given one there.  Takes a trace; gives these operands
by line.  Read by proofs, which keep them where they are, and by paths, which end there.
"""

from __future__ import annotations

from tracer.formula.keys import Key
from tracer.model.layer import Layer
from tracer.model.trace import Trace


def held_operands(found: Trace) -> dict[str, list[str]]:
    """By the key of a line, its operands through which no gradient goes."""
    layers = {
        f"{layer.type}{number}": layer
        for number, layer in enumerate(found.problem.layers, 1)
        if isinstance(layer, Layer) and layer.settings.get("truncate")
    }
    result: dict[str, list[str]] = {}
    for step in found.steps if layers else ():
        key = step.parsed
        layer, time = layers.get(key.base), key.time
        if step.phase == "forward" and layer and time and layer.is_cut(time):
            result[step.key] = [k for k in step.operands if Key.parse(k).time == time - 1]
    return result
