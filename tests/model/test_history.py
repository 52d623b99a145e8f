"""A history by key, by array, by update."""

from __future__ import annotations

import numpy as np
import pytest

from tests.backprop.runs import xor
from tracer.backprop.training import train
from tracer.errors import UnknownQuantity
from tracer.model.history import History, Layout
from tracer.model.problem import Dense, Problem


def small(blocks: list[int], **changes: object) -> History:
    """Rows 0, 1, 2, ... of a layout with two batches, cut into blocks."""
    layout = Layout(
        cycle=((1, 2), (3,)),
        columns={(1, 2): ("w1[1,1]", "z1[1]#1", "z1[1]#2"), (3,): ("w1[1,1]", "z1[1]#3")},
        learnt=("w1[1,1]",),
        shapes={"w1": (1, 2), "z1": (1,)},
        constants={"w1[1,2]": 0.25},
    )
    count = sum(blocks)
    rows = np.arange(3 * count, dtype=float).reshape(count, 3)
    cuts = np.cumsum(blocks)[:-1]
    problem = Problem(inputs=["1", "1"], layers=[Dense(1, "identity", [["1", "0.25"]])])
    history = {"every": 1, "last": count - 1, "closed": False, **changes}
    return History(problem, layout, np.split(rows, cuts), **history)  # type: ignore[arg-type]


@pytest.mark.parametrize("blocks", [[7], [3, 4], [1, 1, 5], [0, 7]])
def test_blocks_do_not_show(blocks: list[int]) -> None:
    """However the rows are cut, a column is a column, and a slice of it a slice."""
    history = small(blocks)
    expected = np.arange(0.0, 21.0, 3.0)
    assert history["w1[1,1]"].tolist() == expected.tolist()
    for part in (slice(2, 6), slice(None, None, 3), slice(-2, None), slice(1, 6, 2), slice(5, 5)):
        assert history[part]["w1[1,1]"].tolist() == expected[part].tolist()
        assert history[part].updates.tolist() == np.arange(7)[part].tolist()
    assert history[1:6][1:3]["w1[1,1]"].tolist() == [6.0, 9.0]


def test_quantities_of_a_sample_are_nan_in_other_batches() -> None:
    """Batches alternate: sample 3 has its turn at every second update."""
    history = small([4])
    np.testing.assert_array_equal(history["z1[1]#3"], [np.nan, 4, np.nan, 10])
    np.testing.assert_array_equal(history["z1[1]#2"], [2, np.nan, 8, np.nan])
    assert history.at(1) == {"w1[1,2]": 0.25, "w1[1,1]": 3.0, "z1[1]#3": 4.0}
    np.testing.assert_array_equal(history.array("z1")[1], [[np.nan, np.nan, 4]])


def test_the_closing_row_is_about_the_last_batch() -> None:
    """After two updates the pass at the end is over the batch of the second."""
    history = small([3], closed=True)
    np.testing.assert_array_equal(history["z1[1]#3"], [np.nan, 4, 7])


def test_arrays_have_the_shapes_of_the_network() -> None:
    """(rows, units, sources) for weights, (rows, units, samples) for activations."""
    history = train(xor(), 5)
    assert history.array("w1").shape == (6, 2, 2)
    assert history.array("a1").shape == (6, 2, 4)
    assert history.array("loss").shape == (6,)
    assert history.array("w1")[3, 1, 0] == history["w1[2,1]"][3]
    assert history.array("a1")[2, 1, 3] == history["a1[2]#4"][2]


def test_missing_and_frozen_cells() -> None:
    """A missing connection is NaN; a frozen parameter stays what it was given as."""
    problem = Problem(
        inputs=["1", "2", "3"],
        targets=["1", "0"],
        layers=[Dense(2, "sigmoid", [["0.1", None, None], ["0.2", "0.3", None]], "0.5")],
        loss="half_squared_error",
        settings={"rate": "0.5"},
        freeze=["w1[2,1]", "biases"],
    )
    history = train(problem, 3)
    weights = history.array("w1")
    assert weights.shape == (4, 2, 3)
    assert np.isnan(weights[:, 0, 1:]).all()
    assert np.isnan(weights[:, 1, 2]).all()
    assert history["w1[2,1]"].tolist() == [0.2] * 4
    assert history["b1"].tolist() == [0.5] * 4
    assert history.layout.learnt == ("w1[1,1]", "w1[2,2]")


def test_gradient_norms() -> None:
    """The root of the sum of squares, over one array or over all."""
    history = train(xor(), 4)
    squares = sum(
        (history.array(name) ** 2).reshape(5, -1).sum(1) for name in ("dw1", "db1", "dw2", "db2")
    )
    np.testing.assert_allclose(history.gradient_norm(), np.sqrt(squares), rtol=1e-14)
    np.testing.assert_allclose(
        history.gradient_norm("w2"), np.linalg.norm(history.array("dw2")[:, 0], axis=1)
    )
    assert list(history.gradient_norms()) == ["w1", "b1", "w2", "b2"]
    with pytest.raises(UnknownQuantity, match=r"did not record 'dw1\[1,1\]'"):
        train(xor(), 4, record=["w"]).gradient_norm()


def test_a_table_of_chosen_updates() -> None:
    """The update and its losses, the reports too."""
    from tracer.model.problem import Report

    history = train(
        xor(report={"MSE": Report("mean_squared_error", "mean")}), 10, record=["loss"], every=5
    )
    assert [set(row) for row in history.table([0, 5])] == [{"update", "loss", "report.MSE"}] * 2
    row = history.table([5])[0]
    halved = row["loss"] / 2  # (y-a)**2/4 beside (y-a)**2/2
    assert row["report.MSE"] == pytest.approx(halved, rel=1e-14)
    with pytest.raises(UnknownQuantity, match="update 6 was not recorded; the nearest is 5"):
        history.table([6])


def test_unknown_keys_are_named() -> None:
    """With the nearest key that was recorded."""
    with pytest.raises(UnknownQuantity, match=r"did not record 'w1\[1,3\]'; did you mean"):
        train(xor(), 2)["w1[1,3]"]
