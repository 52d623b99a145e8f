"""Which numbers make sense as a setting: of optimizers, schedules, clipping, regularizers,
activations and initializers; those of layer types stand with the types.

A setting that is not listed may be any number.  Read by the table of fields of problem files
(so that files and the JSON Schema know them), and by `check_ranges`, which holds a problem
that was made in Python against the same table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracer.calculus.optimizers import OPTIMIZERS
from tracer.model.functions import Optimizer
from tracer.model.numbers import number_text
from tracer.model.problem import Dense, Problem
from tracer.model.ranges import Range

Path = tuple[str | int, ...]

NOT_NEGATIVE = Range(0)
POSITIVE = Range(0, open_least=True)
SHARE = Range(0, 1, open_most=True)

_KEPT = Range(0, 1)
_OPTIMIZER: Mapping[str, Range] = {
    "rate": NOT_NEGATIVE,
    "beta": _KEPT,
    "beta1": _KEPT,
    "beta2": _KEPT,
    "epsilon": NOT_NEGATIVE,
    "decay": NOT_NEGATIVE,
}
SCHEDULE: Mapping[str, Range] = {
    "decay": NOT_NEGATIVE,
    "factor": POSITIVE,
    "updates": POSITIVE,
    "every": POSITIVE,
    "last": NOT_NEGATIVE,
    "power": NOT_NEGATIVE,
    "width": POSITIVE,
}
REGULARIZER: Mapping[str, Range] = {"strength": NOT_NEGATIVE}
CLIP: Mapping[str, Range] = {"value": POSITIVE, "norm": POSITIVE}
ACTIVATION: Mapping[str, Range] = {
    "temperature": POSITIVE,
    "leak": NOT_NEGATIVE,
    "alpha": NOT_NEGATIVE,
    "scale": POSITIVE,
    "beta": NOT_NEGATIVE,
}
"""Of the activations of the table; a problem's own one means by a name what it likes."""
INITIALIZER: Mapping[str, Range] = {"deviation": NOT_NEGATIVE}


def optimizer_ranges(optimizer: Optimizer) -> Mapping[str, Range]:
    """The ranges of an optimizer's settings.

    A velocity may keep all of itself (gradients that are added up); an average, which takes in
    the share that it does not keep, may not.

    >>> from tracer.calculus.optimizers import OPTIMIZERS
    >>> str(optimizer_ranges(OPTIMIZERS["momentum"])["beta"])
    'lies between 0 and 1'
    >>> str(optimizer_ranges(OPTIMIZERS["rmsprop"])["beta"])
    'is at least 0 and less than 1'
    """
    found = {name: _OPTIMIZER[name] for name in optimizer.settings if name in _OPTIMIZER}
    lines = " ".join(optimizer.lines.values())
    return {
        name: SHARE if within is _KEPT and f"(1 - {name})" in lines else within
        for name, within in found.items()
    }


def check_ranges(problem: Problem) -> None:
    """Check the numbers that a problem learns by.

    Raises:
        ProblemError: at the first that makes no sense.

    >>> from tracer.model.problem import Dense
    >>> check_ranges(Problem(inputs=[1], layers=[Dense(1)], settings={"rate": "-0.1"}))
    Traceback (most recent call last):
    tracer.errors.ProblemError: rate is at least 0; found -0.1
    """
    for name, text, within, path in _told(problem):
        if within is not None:
            within.check(name, number_text(text, path), path)


def _told(problem: Problem) -> Iterator[tuple[str, str, Range | None, Path]]:
    chosen = OPTIMIZERS.get(problem.optimizer)
    ranges = optimizer_ranges(chosen) if chosen else {}
    for name, text in problem.settings.items():
        yield name, text, ranges.get(name), ("optimizer", problem.optimizer, name)
    for name, text in problem.schedule_settings.items():
        yield name, text, SCHEDULE.get(name), ("schedule", problem.schedule, name)
    for place, layer in enumerate(problem.layers):
        for name, text in layer.settings.items() if isinstance(layer, Dense) else ():
            yield name, text, ACTIVATION.get(name), ("layers", place, "activation", name)
    if problem.clip:
        yield problem.clip, problem.clip_at, CLIP.get(problem.clip), ("clip", problem.clip)
    if problem.regularizer:
        path = ("regularizer", problem.regularizer, "strength")
        yield "strength", problem.strength, REGULARIZER["strength"], path
