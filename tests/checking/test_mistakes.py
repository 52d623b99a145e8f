"""Every mistake has a sheet that is diagnosed as itself, and a correct one beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checking.measuring import CAUSES
from tracer.backprop.tracing import trace
from tracer.checking.marking import check
from tracer.checking.mistakes import LINES, METHODS, WRITING
from tracer.files.problem import load
from tracer.formula.parsing import parse
from tracer.model.answer import Sheet, Statement, written
from tracer.model.trace import Trace
from tracer.model.verdict import Verdict

FOLDER = Path(__file__).parent.parent / "data" / "mistakes"


@cache
def data(cause: str) -> dict[str, Any]:
    """The sheets of one mistake."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / f"{cause}.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def right(cause: str, tmp_path: Path) -> Trace:
    """The right calculation that belongs to a mistake's sheets."""
    path = tmp_path / "problem.yaml"
    path.write_text(data(cause)["problem"], encoding="utf-8")
    return trace(load(path), prove=False)


def verdicts(right: Trace, rows: list[list[str]]) -> list[Verdict]:
    """The verdicts on a sheet of keys and written numbers."""
    statements = [
        Statement(n, key, parse(key), written(text)) for n, (key, text) in enumerate(rows, 1)
    ]
    return list(check(right, Sheet(tuple(statements))).verdicts)


def test_no_mistake_is_without_its_sheets() -> None:
    """The files in the folder are the ids of the tables, no more and no less."""
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(CAUSES)
    assert {mistake.id for mistake in (*LINES, *WRITING)} <= set(CAUSES)
    assert set(METHODS) <= set(CAUSES)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_mistake_is_diagnosed_as_itself(cause: str, right: Trace) -> None:
    """The wrong statement is the first mistake; its cause is named first, or the same number's."""
    found = verdicts(right, data(cause)["wrong"])
    first = next(v for v in found if v.status == "wrong")
    assert first.statement.n == data(cause)["statement"]
    [named, *_] = [one for one in first.causes if one.id == cause]
    assert named.id == first.causes[0].id or named.value == pytest.approx(
        first.causes[0].value, rel=1e-12
    )


@pytest.mark.parametrize("cause", CAUSES)
def test_the_correct_sheet_is_not_accused(cause: str, right: Trace) -> None:
    """The same sheet without the mistake is right everywhere."""
    assert {v.status for v in verdicts(right, data(cause)["right"])} <= {"correct", "rounded"}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_reproducing_cause_shows_its_number(cause: str, right: Trace) -> None:
    """A cause with a formula gives what is written, to the digit."""
    for verdict in verdicts(right, data(cause)["wrong"]):
        number = verdict.statement.written
        for one in verdict.causes:
            if one.formula is None or one.value is None or verdict.status != "wrong":
                continue
            assert number is not None
            assert abs(one.value - float(number.value)) <= 3 * float(number.unit)
