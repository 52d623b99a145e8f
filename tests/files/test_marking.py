"""Marking schemes read from files: points, shares, the cap, and errors with their place."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.rendering.reports import PROBLEM, TRACE
from tracer.errors import FileError
from tracer.files.marking import load_marking, marking_of, marking_text, unmatched
from tracer.files.problem_text import read_text
from tracer.model.answer import Marking

SCHEME = """\
each: 1/2
points:
  loss: 2
  delta2[1]: 3
  backward: 1.5
  w2@1: 0
earns: {carried: 1/2, last digit: 0.25, rounded: 1}
carried_cap: 1/3
"""


def test_every_field() -> None:
    """Everything arrives exactly; what is not said keeps its default."""
    found = marking_text(SCHEME)
    assert found.each == Fraction(1, 2)
    assert found.points == {
        "loss": Fraction(2),
        "delta2[1]": Fraction(3),
        "backward": Fraction(3, 2),
        "w2@1": Fraction(0),
    }
    assert found.earns["carried"] == Fraction(1, 2)
    assert found.earns["last digit"] == Fraction(1, 4)
    assert found.earns["wrong"] == 0
    assert found.earns["correct"] == 1
    assert found.carried_cap == Fraction(1, 3)


def test_a_file_of_its_own(tmp_path: Path) -> None:
    """With or without the word `marking:` above it, as YAML or as JSON."""
    path = tmp_path / "scheme.yaml"
    path.write_text(SCHEME)
    assert load_marking(path) == marking_text(SCHEME)
    indented = "marking:\n" + "".join(f"  {line}\n" for line in SCHEME.splitlines())
    assert marking_text(indented) == marking_text(SCHEME)
    assert marking_text('{"points": {"loss": 2}}').points == {"loss": Fraction(2)}


def test_in_the_problem_file() -> None:
    """A problem file may hold its scheme; one without it has none."""
    file = read_text(PROBLEM + "marking: {points: {loss: 2}, carried_cap: 0.5}\n")
    found = marking_of(file.tree, file.source)
    assert found == Marking(points={"loss": Fraction(2)}, carried_cap=Fraction(1, 2))
    plain = read_text(PROBLEM)
    assert marking_of(plain.tree, plain.source) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("points: {loss: -1}", r"s.yaml:1:16: points are 0 or more; found -1"),
        ("earns: {carried: 2}", r"s.yaml:1:18: a share is a number from 0 to 1; found 2"),
        ("carried_cap: 1.5", r"s.yaml:1:14: a share is a number from 0 to 1"),
        ("earns: {caried: 1}", r"unknown verdict 'caried'; did you mean 'carried'"),
        ("point: {loss: 1}", r"s.yaml:1:1: unknown key 'point'; did you mean 'points'"),
        ("points: {loss: many}", r"s.yaml:1:16: "),
        ("points: {'a b': 1}", r"s.yaml:1:10: "),
        ("points: 3", r"s.yaml:1:9: points are wanted here"),
        ("[1]", r"s.yaml:1:1: a marking scheme is wanted here; found a list"),
        ("", r"s.yaml:1:1: the file is empty"),
        ("each: 1/0", r"s.yaml:1:7: "),
    ],
)
def test_errors_have_their_place(text: str, message: str) -> None:
    """Each error is told with file, line, column and the reason."""
    with pytest.raises(FileError, match=message):
        marking_text(text, "s.yaml")


def test_errors_in_a_problem_file_have_their_place() -> None:
    """Line and column are those of the problem file."""
    lines = PROBLEM.count("\n") + 1
    file = read_text(PROBLEM + "marking: {carried_cap: 7}\n", "p.yaml")
    with pytest.raises(FileError, match=f"p.yaml:{lines}:24: a share"):
        marking_of(file.tree, file.source)
    with pytest.raises(FileError, match=f"p.yaml:{lines}:11: unknown key 'cap'"):
        read_text(PROBLEM + "marking: {cap: 7}\n", "p.yaml")


def test_names_that_match_nothing() -> None:
    """A misspelt quantity does not silently earn nothing."""
    good = marking_text("points: {loss: 1, delta: 1, w2: 1, 'z1[1]': 1, forward: 1, expression: 1}")
    assert unmatched(good, TRACE) == []
    [told] = unmatched(marking_text("points: {detla: 1}"), TRACE)
    assert "nothing is called 'detla' here; did you mean 'delta'" in told
