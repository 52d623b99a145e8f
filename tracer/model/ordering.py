"""The order in which lines are read: by rule, by sample, and place by place in layers with steps.

Takes steps in the order of calculation, in which all samples of a unit follow each other;
gives them as a page prints them, in which one sample follows the other.  Read by the story
of a page and by empty answer sheets, which are filled in with the page's order in mind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tracer.model.step import Step
from tracer.model.trace import Trace, pass_of


def printed_order(steps: Iterable[Step], trace: Trace) -> Iterator[Step]:
    """The steps in the order in which a page prints them.

    Args:
        steps: in the order of calculation.
        trace: the record that they are of.
    """
    layered = bool(trace.problem.layers)
    for _, found in groupby(steps, lambda step: (pass_of(step), step.phase, step.layer)):
        section = list(found)
        for run in by_rule(section, layered):
            for part in by_array(run) if is_local(run, trace) else [run]:
                for sample in by_sample(part):
                    yield from sample


def by_rule(steps: Iterable[Step], layered: bool) -> list[list[Step]]:
    """Steps that follow each other by the same rule; in an equation network, of one array
    (single numbers that follow each other stand together)."""

    def place(step: Step) -> tuple[str, str]:
        alone = layered or not step.parsed.indices
        return (step.rule, "" if alone else step.parsed.name)

    return [list(found) for _, found in groupby(steps, place)]


def by_sample(steps: Iterable[Step]) -> list[list[Step]]:
    """Steps of one rule, sample by sample, the order within a sample kept."""
    found = list(steps)
    if any(step.sample is not None for step in found):
        found.sort(key=lambda step: step.sample or 0)
    return [list(part) for _, part in groupby(found, lambda step: step.sample)]


def by_array(steps: Iterable[Step]) -> list[list[Step]]:
    """Steps of one rule, each array at each of its places."""

    def place(step: Step) -> tuple[str, tuple[int | None, int | None]]:
        return step.parsed.name, place_of(step)

    return [list(part) for _, part in groupby(steps, place)]


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
