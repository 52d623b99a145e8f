"""What ``optimizer``, ``schedule``, ``regularizer`` and ``clip`` of a problem file may hold.

Each is one word of a table of the calculus room, with its settings below it.  Read by
`fields`, which is the table of the whole problem file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.ranges import CLIP as CLIPPING
from tracer.calculus.ranges import REGULARIZER as PENALTY
from tracer.calculus.ranges import SCHEDULE as SCHEDULE_RANGES
from tracer.calculus.ranges import optimizer_ranges
from tracer.calculus.regularizers import REGULARIZERS
from tracer.calculus.schedules import SCHEDULES
from tracer.files.kinds import Field, Switch, Table
from tracer.files.layer_fields import setting
from tracer.model.ranges import Range


def _one_of(entries: Iterable[tuple[str, tuple[Field, ...], str]], noun: str, what: str) -> Table:
    """A word with its settings: name, settings and description of each that there is."""
    fields = [
        Field(name, Table(settings, f"the settings of {name}"), description)
        for name, settings, description in entries
    ]
    return Table(tuple(fields), what, noun=noun)


def _settings(defaults: Mapping[str, str | None], ranges: Mapping[str, Range]) -> tuple[Field, ...]:
    """Constants with their defaults; one without must be given."""
    return tuple(
        Field(
            name,
            setting(name, ranges.get(name)),
            f"Setting '{name}'.",
            default,
            required=default is None,
        )
        for name, default in defaults.items()
    )


_STRENGTH = (
    Field(
        "strength",
        setting("strength", PENALTY["strength"]),
        "The factor of the penalty.",
        required=True,
    ),
    Field("biases", Switch((True, False)), "Whether biases count too.", False),
)

OPTIMIZER = _one_of(
    (
        (
            one.name,
            _settings(one.settings, optimizer_ranges(one)),
            f"Update by {one.name.replace('_', ' ')}.",
        )
        for one in OPTIMIZERS.values()
    ),
    "optimizer",
    "an optimizer with its settings, such as {gradient_descent: {rate: 0.5}}",
)
REGULARIZER = _one_of(
    (
        (one.name, _STRENGTH, f"The penalty {one.term} of each weight.")
        for one in REGULARIZERS.values()
    ),
    "regularizer",
    "a regularizer with its strength, such as {l2_half: {strength: 0.1}}",
)
SCHEDULE = _one_of(
    (
        (one.name, _settings(one.settings, SCHEDULE_RANGES), f"The rate {one.rate}.")
        for one in SCHEDULES.values()
    ),
    "schedule",
    "a schedule with its settings, such as {inverse_time: {decay: 0.1}}",
)
CLIP = Table(
    (
        Field(
            "value",
            setting("value", CLIPPING["value"]),
            "Each gradient is kept between minus this and this.",
        ),
        Field(
            "norm",
            setting("norm", CLIPPING["norm"]),
            "All gradients are scaled down to this norm where it is more.",
        ),
    ),
    "a clipping, such as {norm: 1} or {value: 0.5}",
    noun="clipping",
)
