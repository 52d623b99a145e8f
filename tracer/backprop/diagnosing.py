"""Diagnosing a trace: do gradients vanish or explode, are units dead or saturated.

Takes a finished trace; gives it back with a `Diagnosis` and with a remark on every step
that shows something.  Exact values are read, so that rounding hides nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from tracer.calculus.layers import LAYERS
from tracer.formula.keys import Key
from tracer.formula.nodes import Call
from tracer.model.diagnosis import Diagnosis, Finding, Norm
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem
from tracer.model.step import Remark, Step
from tracer.model.trace import Trace

FAR = 100.0
"""How many times longer one layer's gradient is than another's, to be worth a warning."""
FLAT = 0.01
"""The share of its steepest slope below which a unit counts as saturated."""
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0}
"""The largest slope of functions that saturate."""


def diagnosed(found: Trace) -> Trace:
    """The trace with what it shows about learning.

    >>> from tracer.backprop.tracing import trace
    >>> from tracer.model.problem import Dense, Problem
    >>> found = trace(Problem(inputs=["1"], targets=["1"], loss="half_squared_error",
    ...     layers=[Dense(1, "relu", [["-2"]])], settings={"rate": "0.5"}))
    >>> [(finding.kind, finding.keys) for finding in found.diagnosis.findings]
    [('dead', ('a1[1]',))]
    """
    if found.symbolic or not any(step.rule == "update" for step in found.steps):
        return found
    norms = tuple(_norms(found))
    findings = (*_dead(found), *_saturated(found), *_far_apart(found, norms), *_rose(found))
    remarks: dict[str, list[Remark]] = defaultdict(list)
    for finding in findings:
        if finding.kind != "loss_rose":  # the end of the update says so in any case
            kind = _remark_kind(finding)
            for key in finding.keys:
                remarks[key].append(Remark(kind, finding.facts))
    steps = tuple(
        replace(step, remarks=(*step.remarks, *remarks[step.key])) if step.key in remarks else step
        for step in found.steps
    )
    return replace(found, steps=steps, diagnosis=Diagnosis(norms, findings))


def _remark_kind(finding: Finding) -> str:
    """Which sentence says a finding: that about one sample, or without a bound, is shorter."""
    if finding.kind == "dead" and len(finding.keys) == 1:
        return "dead_alone"
    return f"{finding.kind}_unbound" if finding.facts.get("count") == "0" else finding.kind


def _norms(found: Trace) -> Iterator[Norm]:
    """The length of each layer's gradients in each update."""
    squares: dict[tuple[int, int | None, str], float] = defaultdict(float)
    for step in found.steps:
        gradient = step.phase == "gradient" or step.rule == "gradient"
        if not gradient or step.rule == "sample_gradient" or step.exact is None:
            continue
        layer = step.layer
        name = f"layer {layer}" if layer else step.parsed.name.removeprefix("d")
        if layer is None and name not in (found.problem.learn or ()):
            continue
        squares[step.update, layer, name] += _float(step) ** 2
    for (update, layer, name), square in squares.items():
        yield Norm(update, layer, name, math.sqrt(square))


def _dead(found: Trace) -> Iterator[Finding]:
    """ReLU units that are off for every sample of the update."""
    for update, units in _units(found, ("relu",)).items():
        for steps in units:
            if all(step.exact == 0 for step in steps):
                yield Finding("dead", update, tuple(step.key for step in steps))


def _saturated(found: Trace) -> Iterator[Finding]:
    """Sigmoid and tanh units so far out that hardly any error passes."""
    for function, steepest in STEEPEST.items():
        for update, units in _units(found, (function,)).items():
            for step in (step for steps in units for step in steps):
                a = _float(step)
                slope = 1 - a * a if function == "tanh" else a * (1 - a)
                if slope < FLAT * steepest:
                    facts = {"slope": f"{slope:.2g}", "steepest": f"{steepest:g}"}
                    yield Finding("saturated", update, (step.key,), facts)


def _units(found: Trace, functions: Iterable[str]) -> dict[int, list[list[Step]]]:
    """The values of these functions, unit by unit, for each update that learns.

    A unit is what has weights of its own: over the samples, the time steps and the places of
    an image it is one and the same.
    """
    last = max(step.update for step in found.steps if step.rule == "update")
    grouped: dict[tuple[int, str], list[Step]] = defaultdict(list)
    for step in found.steps:
        if step.phase != "forward" or not step.layer or step.update >= last:
            continue
        layer = found.problem.layers[step.layer - 1]
        own = not isinstance(layer.activation, str)
        if isinstance(step.formula, Call) and step.formula.function in functions and not own:
            grouped[step.update, str(_unit(step.parsed, layer))].append(step)
    result: dict[int, list[list[Step]]] = defaultdict(list)
    for (update, _), steps in grouped.items():
        result[update].append(steps)
    return result


def _unit(key: Key, layer: Dense | Layer) -> Key:
    """Which unit of its layer a value belongs to."""
    key = replace(key, sample=None, time=None)
    over = "" if isinstance(layer, Dense) else LAYERS[layer.type].over
    if over == "images":  # a filter is the same at all places of its image
        places = layer.settings.get("dimensions", 2)
        return replace(key, indices=key.indices[: len(key.indices) - int(places)])
    if over == "tokens":  # and so is what every token goes through
        return replace(key, indices=key.indices[-1:])
    return key


def _far_apart(found: Trace, norms: Iterable[Norm]) -> Iterator[Finding]:
    """Gradients that get far smaller, or far larger, from the last layer to the first."""
    by_update: dict[int, dict[int, float]] = defaultdict(dict)
    for norm in norms:
        if norm.layer is not None:
            by_update[norm.update][norm.layer] = norm.value
    for update, layers in by_update.items():
        if len(layers) < 2:
            continue
        first, last = min(layers), max(layers)
        early, late = layers[first], layers[last]
        if not early or not late:
            continue
        facts = {"early": f"{early:.2g}", "late": f"{late:.2g}"}
        keys = _first_gradient(found, first, update)
        if early * FAR < late:
            yield Finding("vanishing", update, keys, facts | _bound(found.problem, first, last))
        elif late * FAR < early:
            yield Finding("exploding", update, keys, facts)


def _bound(problem: Problem, first: int, last: int) -> dict[str, str]:
    """What the slopes of the sigmoids on the way back leave at most: 0.25 to the n."""
    count = sum(layer.activation == "sigmoid" for layer in problem.layers[first - 1 : last - 1])
    return {"count": str(count), "bound": f"{0.25**count:.2g}"}


def _first_gradient(found: Trace, layer: int, update: int) -> tuple[str, ...]:
    """A gradient of a layer, the one that stands first."""
    for step in found.steps:
        if step.layer == layer and step.update == update and step.rule == "weight_gradient":
            return (step.key,)
    return ()


def _rose(found: Trace) -> Iterator[Finding]:
    """Updates after which the loss over the same samples is larger than before."""
    problem = found.problem
    if problem.layers and problem.batch != "full":
        return
    whole = Key("loss" if problem.layers else str(problem.loss))
    losses = [step for step in found.steps if step.parsed.at(0) == whole and step.exact is not None]
    for before, after in pairwise(sorted(losses, key=lambda step: step.update)):
        if _float(after) > _float(before) and after.update == before.update + 1:
            yield Finding("loss_rose", before.update, (before.key, str(Key.parse(after.key))))


def _float(step: Step) -> float:
    return float(step.exact or 0)
