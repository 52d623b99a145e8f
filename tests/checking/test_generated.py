"""Generated sheets: correct ones are not accused, planted mistakes are found and named.

A small seeded number runs always; the full number of the specification under ``full``.
"""

from __future__ import annotations

import pytest

from tests.checking import equations, layered
from tests.checking.lines import exact
from tests.checking.measuring import (
    CAUSES,
    changed_digits,
    correct_sheets,
    plants,
    problem,
)

FEW, ALL = 5, 200
LEAST_FOUND, LEAST_NAMED = 0.99, 0.95


@pytest.mark.parametrize("seed", range(12))
def test_the_simulator_and_the_trace_agree(seed: int) -> None:
    """Two calculations that share nothing: every line to twelve digits."""
    for draw in (layered.draw, equations.draw):
        drawn, right = problem(draw, seed)
        for key, value in exact(drawn).items():
            if key in right:
                true = right[key].exact
                assert true is not None
                assert float(true) == pytest.approx(float(value), rel=1e-12, abs=1e-15)


def test_correct_sheets_are_not_accused() -> None:
    """At most one value in a thousand."""
    values, accused = correct_sheets(60, first=90_000)
    assert values > 2000
    assert len(accused) <= values / 1000


def test_changed_last_places_are_caught() -> None:
    """In 98 of 100 lines whose own box is narrower than the change."""
    lines, caught = changed_digits(150, first=120)
    assert lines > 100
    assert caught >= 0.97 * lines


@pytest.mark.parametrize("cause", CAUSES)
def test_planted_mistakes_are_found_and_named(cause: str) -> None:
    """On a few problems: all are found, and but for one all are named first."""
    figures = plants(cause, FEW)
    assert figures.sheets == FEW
    assert figures.found == FEW
    assert figures.named >= figures.clear - 1


@pytest.mark.full
def test_five_thousand_correct_sheets() -> None:
    """99.9 % of their values are not accused."""
    values, accused = correct_sheets(5000)
    assert len(accused) <= values / 1000


@pytest.mark.full
def test_all_changed_last_places() -> None:
    """98 % are caught."""
    lines, caught = changed_digits(2000)
    assert caught >= 0.98 * lines


@pytest.mark.full
@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_on_two_hundred_problems(cause: str) -> None:
    """The first wrong line is found in 99 %, the cause or its twin named first in 95 %."""
    figures = plants(cause, ALL)
    assert figures.sheets == ALL
    assert figures.found_share >= LEAST_FOUND
    assert figures.named_share >= LEAST_NAMED
