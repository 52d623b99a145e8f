"""Whatever a file holds: a problem or an error in words, never a traceback."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files.test_errors import GOOD, NETWORK
from tests.files.test_problem import EVERYTHING
from tracer.errors import TracerError
from tracer.files.fields import PROBLEM
from tracer.files.positions import decoded
from tracer.files.problem import dump, load_text
from tracer.files.trace_json import read_json_text
from tracer.files.writing import _flow as flow

KEYS = [field.name for field in PROBLEM.fields]
WORDS = st.sampled_from(
    [
        *(*KEYS, "units", "weights", "biases", "activation", "rate", "name", "formula", "symbolic"),
        *("sigmoid", "full", "w1[1,1]", ".", "false", "0.5", "-1", "1/0", "", "null", "a = b", "z"),
    ]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    WORDS | st.text(max_size=5) | st.integers(-2, 3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
PROBLEMS = [GOOD, NETWORK, EVERYTHING]


def attempt(text: str) -> None:
    """Read; what can be read can be written and read again."""
    problem, told = None, ""
    try:
        problem = load_text(text, "p.yaml")
    except TracerError as error:
        told = str(error)
    assert (problem is None) == bool(told)
    assert all(c.isprintable() or c == "\n" for c in told)
    if problem is not None:
        assert load_text(dump(problem)) == problem


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    """Random bytes are told apart from text, and random text from YAML."""
    try:
        text = decoded(data, "p.yaml")
    except TracerError:
        return
    attempt(text)


@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    """Random text, surrogates and control characters included."""
    attempt(text)
    with pytest.raises(TracerError):
        read_json_text(text)


@given(st.text("[]{}:,-'\"|>&*!%#@`\\ \t\n.~<=?ab01", max_size=60))
def test_any_punctuation(text: str) -> None:
    """Texts of YAML's own signs, where parsers are weakest."""
    attempt(text)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=6))
def test_any_tree(data: dict[str, Any]) -> None:
    """Known keys with anything under them."""
    attempt(flow(data))


@given(st.sampled_from(PROBLEMS), st.data())
def test_any_change_of_a_good_file(text: str, data: st.DataObject) -> None:
    """A good problem with a piece cut out and something else put in."""
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 20))
    inside = data.draw(st.text("[]{}:,. \n'\"-ab01#&*", max_size=5) | WORDS)
    attempt(text[:start] + inside + text[start + length :])


@given(st.sampled_from(PROBLEMS), st.data())
def test_any_entry_replaced(text: str, data: st.DataObject) -> None:
    """A good problem with one line's value replaced by anything."""
    lines = text.splitlines()
    place = data.draw(st.integers(0, len(lines) - 1))
    key = lines[place].partition(":")[0]
    lines[place] = f"{key}: {flow(data.draw(VALUES))}"
    attempt("\n".join(lines))
