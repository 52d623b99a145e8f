"""How the work grows with the length of a network, counted in calls, not in seconds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

import tracer
from tests.counting import calls
from tracer.backprop.planning import make_plan
from tracer.model.problem import Dense, Problem


def _chain(layers: int) -> Problem:
    """Single units one after the other."""
    return Problem(
        inputs=["0.5"],
        targets=["1"],
        loss="half_squared_error",
        layers=[Dense(1, "identity", [["1"]], ["0.01"]) for _ in range(layers)],
        settings={"rate": "0.1"},
    )


WORK: dict[str, Callable[[Problem], Callable[[], object]]] = {
    "the plan": lambda problem: partial(make_plan, problem, (1,)),
    "the trace": lambda problem: partial(tracer.trace, problem),
    "the page": lambda problem: partial(tracer.render, tracer.trace(problem)),
}


@pytest.mark.parametrize("what", WORK)
def test_four_times_the_layers_are_four_times_the_work(what: str) -> None:
    """A chain of 240 layers takes no more than 4.2 times the calls of one of 60, so that what
    looks at the whole network once a layer is seen."""
    WORK[what](_chain(3))()  # what is made once
    short, long = (calls(WORK[what](_chain(layers))) for layers in (60, 240))

    assert long < 4.2 * short, f"{long / short:.2f} times"
