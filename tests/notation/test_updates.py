"""Names of what optimizers, schedules, clipping and penalties bring, in every notation."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.notation.networks import rows
from tracer.backprop.tracing import trace
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.schedules import SCHEDULES
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace
from tracer.notation import list_notations, load_notation
from tracer.notation.linear import plain

NOTATIONS = [name for name, _ in list_notations()]
LETTERS = {
    *("v", "m", "s", "u", "q", "g", "c", "t", "R", "k", "K", "p", "d"),
    *("beta", "epsilon", "lambda", "kappa", "gamma"),
}
"""The letters of an update: each role of it has one of these, or the letter of its like."""


@cache
def traced(optimizer: str, schedule: str = "", clip: str = "norm", layers: bool = True) -> Trace:
    """Two updates with everything that an update can have."""
    found = OPTIMIZERS[optimizer]
    settings = {name: default or "0.1" for name, default in found.settings.items()}
    shape = {
        "optimizer": optimizer,
        "settings": settings,
        "schedule": schedule,
        "schedule_settings": dict.fromkeys(SCHEDULES[schedule].settings, "0.5") if schedule else {},
        "clip": clip,
        "clip_at": "0.01",
        "updates": 2,
    }
    if not layers:
        given = {"x": ["1", "2"], "W1": [["0.1", "0.2"], ["0.3", "0.4"]]}
        lines = ["h = tanh(W1 @ x)", "L = sum(h)"]
        return trace(Problem(given=given, equations=lines, loss="L", learn=["W1"], **shape))
    return trace(
        Problem(
            inputs=["0.5", "0.8"],
            targets=["1", "0"],
            layers=[Dense(2, "tanh", rows(2, 2), ["0.1", "0.2"]), Dense(2, "tanh", rows(2, 2))],
            loss="half_squared_error",
            regularizer="l2_half",
            strength="0.02",
            **shape,
        )
    )


CASES = [
    *((optimizer, "", "norm", True) for optimizer in OPTIMIZERS),
    *(("adam", schedule, "value", True) for schedule in SCHEDULES),
    ("adamw", "inverse_time", "norm", False),
]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_line_of_an_update_has_a_letter(
    case: tuple[str, str, str, bool], notation: str
) -> None:
    """No memory, setting or norm is called by a word of ours."""
    found = traced(*case)
    names = load_notation(notation).for_problem(found.problem)
    like = {names.name(key).base for key in ("rate", "loss", "loss[1]")}
    for step in found:
        key = step.parsed
        known = key.state or not re.fullmatch(r"(d?[awbzyxhWL]|da|delta|slope)\d*", key.name)
        if known and key.state != "increment":
            assert names.name(step.key).base in LETTERS | like


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_no_two_of_them_share_a_name(case: tuple[str, str, str, bool], notation: str) -> None:
    """Every quantity of two updates has a name of its own, and it is read back."""
    found = traced(*case)
    names = load_notation(notation).for_problem(found.problem)
    shown = [plain(names.name(step.key)) for step in found]
    assert len(set(shown)) == len(shown)
    reader = names.reader([step.key for step in found])
    assert [reader.read(name) for name in shown] == [step.key for step in found]


def test_an_array_of_a_memory_has_the_layer_of_its_parameter() -> None:
    """Nielsen counts the input as layer 1, also in the velocity of the second layer."""
    names = load_notation("nielsen").for_problem(traced("momentum").problem)
    assert plain(names.array("velocity.w1")) == "v_w^(2)"
    assert plain(names.name("velocity.w1[1,2]")) == "v_w12^(2)"
    assert plain(names.array("velocity.w1'")) == "v_w^(2)'"
