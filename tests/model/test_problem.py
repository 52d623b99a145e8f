"""A problem's shapes and numbers are checked once, in words; what is given stays as written."""

from __future__ import annotations

from typing import Any

import pytest

from tracer.errors import ProblemError
from tracer.model.conventions import Conventions, Steps
from tracer.model.numbers import number_text
from tracer.model.problem import Dense, Problem, array_shape

WEIGHTS = [["0.15", "0.25"], ["0.20", "0.30"]]


def problem(**changes: Any) -> Problem:
    """A network with two inputs and two units."""
    given: dict[str, Any] = {
        "inputs": ["0.5", "0.8"],
        "targets": ["1", "0"],
        "layers": [Dense(2, "sigmoid", WEIGHTS, ["0.35", "0.35"])],
        "loss": "half_squared_error",
        "settings": {"rate": "0.5"},
    }
    return Problem(**{**given, **changes})


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.20", "0.20"), ("1/3", "1/3"), ("1e-3", "1e-3"), (0.1, "0.1"), (2, "2"), ("-.5", "-.5"),
     ("+1", "1"), (" 3 ", "3"), (1e-7, "1e-07")],
)  # fmt: skip
def test_numbers_keep_their_text(value: object, text: str) -> None:
    """What is written is kept; Python's own numbers get their shortest text."""
    assert number_text(value) == text


@pytest.mark.parametrize(
    "value",
    ["", "x", "0.3.5", "nan", "inf", "1/0", "0.5/2", "1e99999", "1_000", "0x1", True, None, [],
     float("nan"), float("inf"), "9" * 500, "1 2", "--1", "1e"],
)  # fmt: skip
def test_what_is_no_number_is_refused(value: object) -> None:
    """Each with a sentence that shows it."""
    with pytest.raises(ProblemError):
        number_text(value)


@pytest.mark.parametrize(
    ("changes", "message", "path"),
    [
        (
            {"layers": [Dense(1, "sigmoid", WEIGHTS)], "targets": ["1"]},
            r"layer 1 has 1 unit and the inputs have 2, so its weights need 1 row of 2; "
            r"found 2 rows of 2",
            ("layers", 0, "weights"),
        ),
        (
            {"layers": [Dense(2, "sigmoid", [["1"], ["2"]])]},
            "need 2 rows of 2; found 2 rows of 1",
            ("layers", 0, "weights"),
        ),
        (
            {"layers": [Dense(2, "sigmoid", [[None, None], ["1", "2"]])]},
            "unit 1 of layer 1 has no connection",
            ("layers", 0, "weights", 0),
        ),
        ({"targets": ["1"]}, "each sample needs 2 targets; found 1", ("targets", 0)),
        ({"targets": [["1", "0"], ["1", "1"]]}, "1 sample needs 1 row of targets", ("targets",)),
        ({"inputs": []}, "no numbers", ("inputs",)),
        ({"inputs": [["1", "2"], ["3"]]}, "row 2 has 1 number, row 1 has 2", ("inputs", 1)),
        ({"features": ["size"]}, "one feature name for each input", ("features",)),
        ({"batch": "half"}, "full, online", ("batch",)),
        ({"batch": [[2]]}, "no sample 2", ("batch", 0)),
        ({"batch": [[1, 1]]}, "each of its samples once", ("batch", 0)),
        ({"batch": []}, "names no samples", ("batch",)),
        ({"updates": -1}, "whole number", ("updates",)),
        ({"updates": 1.5}, "whole number", ("updates",)),
        ({"reduction": "max"}, "sum, mean or weighted", ("reduction",)),
        ({"layers": []}, "either layers or equations", ()),
        ({"equations": ["L = x"]}, "either layers or equations", ()),
        ({"settings": {"rate": "fast"}}, "'fast' is not a number", ("optimizer", "rate")),
        ({"steps": Steps(da="on")}, "own, inline", ("da",)),
        (
            {"conventions": Conventions(delta="o-t")},
            r"delta is one of dL/dz, t-o; found 'o-t'",
            ("delta",),
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    changes: dict[str, Any], message: str, path: tuple[str | int, ...]
) -> None:
    """The message counts what is needed and what was found; the path says where."""
    with pytest.raises(ProblemError, match=message) as caught:
        problem(**changes)
    assert caught.value.path[: len(path)] == path


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"units": 0}, "at least 1 unit"),
        ({"units": True}, "at least 1 unit"),
        ({"units": 1, "biases": ["1", "2"]}, "1 unit needs 1 bias; found 2"),
        ({"units": 1, "biases": True}, "false for none"),
        ({"units": 1, "weights": [["x"]]}, "'x' is not a number"),
        ({"units": 1, "weights": ["1"]}, "rows of numbers"),
        ({"units": 2, "weights": [["1", "2"], ["3"]]}, "row 2 has 1 number"),
    ],
)
def test_a_layer_is_checked_by_itself(values: dict[str, Any], message: str) -> None:
    """A layer's own numbers, before it is put into a network."""
    with pytest.raises(ProblemError, match=message):
        Dense(**values)


def test_one_row_is_one_sample() -> None:
    """A plain list of inputs is one sample; a dot or None is a missing connection."""
    found = problem(layers=[Dense(2, "sigmoid", [["1", "."], [None, "2"]])])
    assert found.inputs == (("0.5", "0.8"),)
    assert found.samples == 1
    assert found.layers[0].weights == (("1", None), (None, "2"))


@pytest.mark.parametrize(
    ("batch", "batches"),
    [
        ("full", ((1, 2, 3),) * 4),
        ("online", ((1,), (2,), (3,), (1,))),
        ([[3, 1], [2]], ((3, 1), (2,), (3, 1), (2,))),
    ],
)
def test_batches_are_repeated(batch: Any, batches: tuple[tuple[int, ...], ...]) -> None:
    """One batch an update, from the beginning again when all were used."""
    rows = [["1", "2"], ["3", "4"], ["5", "6"]]
    assert problem(inputs=rows, targets=rows, batch=batch, updates=4).batches() == batches


@pytest.mark.parametrize(
    ("array", "shape"),
    [("1", ()), (("1", "2"), (2,)), ((("1", "2", "3"),), (1, 3))],
)
def test_arrays_have_shapes(array: Any, shape: tuple[int, ...]) -> None:
    """Nested tuples of texts."""
    assert array_shape(array) == shape
