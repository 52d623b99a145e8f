"""Long runs: what is recorded, and how they end."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from tests.backprop.runs import running_away, xor
from tracer.backprop.reopening import problem_at
from tracer.backprop.sinks import MEMORY
from tracer.backprop.stopping import Stop
from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.errors import ProblemError, UnknownQuantity
from tracer.model.problem import Dense, Problem

FORMS = ("straight", "numpy", "columns")


def test_rows_and_updates() -> None:
    """A row for each so many updates, and one for the state at the end."""
    assert train(xor(), 10).updates.tolist() == list(range(11))
    assert train(xor(), 10, every=3).updates.tolist() == [0, 3, 6, 9, 10]
    assert train(xor(), 9, every=3).updates.tolist() == [0, 3, 6, 9]
    assert train(xor(), 2, every=50).updates.tolist() == [0, 2]
    assert train(xor(updates=4)).last == 4


def test_what_is_recorded() -> None:
    """Everything that the walkthrough prints, or what is asked for by role or name."""
    found = trace(xor(updates=1))
    printed = {
        s.key for s in found if s.shown and s.rule not in ("given", "update") and "@" not in s.key
    }
    history = train(xor(), 1)
    assert printed == set(history.keys()) - set(history.layout.learnt)
    assert set(train(xor(), 1, record="w").keys()) == {
        *("w1[1,1]", "w1[1,2]", "w1[2,1]", "w1[2,2]", "w2[1,1]", "w2[1,2]")
    }
    assert train(xor(), 1, record=["loss"]).keys() == ["loss"]
    assert train(xor(), 1, record=["b2", "dw2"]).keys() == ["b2[1]", "dw2[1,1]", "dw2[1,2]"]


def test_an_unknown_quantity_is_named() -> None:
    """With the nearest one."""
    with pytest.raises(ProblemError, match="no quantity 'delt' to record; did you mean 'delta'"):
        train(xor(), 1, record=["delt"])


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"updates": 0}, "there are no updates to make; found 0"),
        ({"updates": -3}, "there are no updates to make; found -3"),
        ({"updates": 5, "every": 0}, "every is a count, at least 1; found 0"),
    ],
)
def test_counts_of_nothing_are_refused(counts: dict[str, int], message: str) -> None:
    """No updates, and rows after every none of them."""
    with pytest.raises(ProblemError, match=message):
        train(xor(), **counts)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMS)
def test_the_loss_threshold_ends_a_run(form: str) -> None:
    """The last row is the first whose loss is low enough."""
    history = train(xor(settings={"rate": "2"}), 3000, stop=Stop(below=0.05), how=form)
    loss = history["loss"]
    assert history.stopped == "loss"
    assert loss[-1] <= 0.05 < loss[-2]
    assert history.last == len(history) - 1 < 3000
    assert f"after {history.last} updates" in history.message


def test_a_plateau_ends_a_run() -> None:
    """It ends `patience` updates after the last new low, judged by plain Python."""
    stop = Stop(patience=200, fall=0.001)
    history, whole = train(xor(), 5000, stop=stop), train(xor(), 5000)
    lowest, since, end = float("inf"), 0, None
    for update, loss in enumerate(whole["loss"].tolist()):
        if loss < lowest * 0.999:
            lowest, since = loss, update
        elif update - since >= 200:
            end = update
            break
    assert history.stopped == "plateau"
    assert history.last == end


def test_stopping_needs_no_recorded_loss() -> None:
    """The loss is recorded as well where a rule looks at it."""
    history = train(xor(), 100, record=["w"], stop=Stop(below=0.55))
    assert "loss" in history
    assert history.stopped == "loss"


@pytest.mark.parametrize("every", [1, 7])
@pytest.mark.parametrize("form", FORMS)
def test_divergence_is_stopped_and_explained(form: str, every: int) -> None:
    """The rows before are kept and finite; the message names the quantity and the update."""
    history = train(running_away(), 5000, every=every, how=form)
    error, update = 2.5, 0  # 3 - w, which each update multiplies by 1 - 2*1.5
    while error * error < np.finfo(float).max:
        error, update = error * 2, update + 1
    assert history.stopped == "diverged"
    assert f"after {update} updates, loss" in history.message
    assert history.last == (update - 1) // every * every
    assert all(np.isfinite(history[key]).all() for key in history.keys())  # noqa: SIM118
    assert len(history) == history.last // every + 1


def test_divergence_in_what_is_not_recorded() -> None:
    """A parameter that is infinite ends the run though only a bounded activation is kept."""
    problem = Problem(
        given={"w": "2"},
        equations=["a = tanh(w)", "L = -(w*w*w)"],
        loss="L",
        learn=["w"],
        settings={"rate": "1"},
    )
    history = train(problem, 100, record=["a"])
    assert history.stopped == "diverged"
    assert 5 < history.last < 15
    assert np.isfinite(history["a"]).all()


def test_a_logarithm_of_zero_ends_a_run() -> None:
    """The message says which quantity has no value, and why."""
    problem = Problem(
        given={"p": "0.5"},
        equations=["L = log(p)"],
        loss="L",
        learn=["p"],
        settings={"rate": "0.25"},
    )
    history = train(problem, 10)  # p = 0.5 - 0.25/0.5 = 0
    assert (history.stopped, history.last) == ("diverged", 0)
    assert "after 1 update, L has no value (log of 0 does not exist)" in history.message


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("every", [1, 50])
def test_ctrl_c_keeps_what_was_recorded(every: int) -> None:
    """A signal in the middle leaves rows that equal those of an undisturbed run."""

    def press() -> None:
        time.sleep(0.3)
        signal.raise_signal(signal.SIGINT)

    disturber = threading.Thread(target=press)
    disturber.start()
    history = train(xor(), 1_000_000, record=["w", "b", "loss"], every=every)
    disturber.join()
    assert history.stopped == "interrupted"
    assert 0 < history.last < 1_000_000
    assert f"update {history.last}" in history.message
    again = train(xor(), history.last, record=["w", "b", "loss"], every=every)
    for key in history.keys():  # noqa: SIM118
        assert np.array_equal(history[key], again[key][: len(history)])


def test_progress_is_told() -> None:
    """It rises to the number of updates."""
    told: list[tuple[int, int]] = []
    train(xor(), 3000, on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3000, 3000)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) > 3


@pytest.mark.parametrize("record", ["all", ["loss"]])
@pytest.mark.parametrize("every", [1, 7, 1000])
def test_any_update_opens_as_a_problem(every: int, record: str | list[str]) -> None:
    """Its parameters are bit for bit those of a run that kept every update."""
    whole = train(xor(), 400)
    history = train(xor(), 400, every=every, record=record)
    for update in (0, 1, 123, 399, 400):
        opened = problem_at(history, update)
        assert opened == problem_at(whole, update)
        assert opened.updates == 1
        first = whole.at(update)
        assert float(opened.layers[0].weights[1][0]) == first["w1[2,1]"]
        assert float(opened.layers[1].biases[0]) == first["b2[1]"]


def test_an_opened_update_is_traced() -> None:
    """Its walkthrough gives the numbers that the run recorded for it."""
    history = train(xor(), 700)
    found = trace(problem_at(history, 612))
    for key, value in history.at(612).items():
        assert float(found[key].exact) == pytest.approx(value, rel=1e-11, abs=1e-14)  # type: ignore[arg-type]
    for key in history.layout.learnt:
        ours = float(found[f"{key}@1"].exact)  # type: ignore[arg-type]
        assert ours == pytest.approx(history.at(613)[key], rel=1e-14)


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_an_opened_update_knows_the_optimizers_memory(optimizer: str) -> None:
    """Going on from it gives what the run itself went on to."""
    problem = xor(optimizer=optimizer, settings={"rate": "0.05"}, updates=60)
    history = train(problem)
    rest = train(problem_at(history, 41, updates=19))
    for key in history.layout.learnt:
        assert rest[key][-1] == history[key][-1]


@pytest.mark.parametrize("batch", ["online", [[1, 2, 3], [4]]])
def test_an_opened_update_knows_whose_turn_it_is(batch: object) -> None:
    """Where batches alternate, going on begins with the right one."""
    history = train(xor(batch=batch), 23)
    for update in range(19, 23):
        rest = train(problem_at(history, update, updates=23 - update))
        for key in history.layout.learnt:
            assert rest[key][-1] == history[key][-1]


def test_updates_that_were_not_made_do_not_open() -> None:
    """The message says how far the run came."""
    with pytest.raises(UnknownQuantity, match="this run has updates 0 to 5, not 6"):
        problem_at(train(xor(), 5), 6)


def test_what_cannot_be_trained() -> None:
    """Nothing to learn, letters for weights, counts below 1, unknown forms: each is said."""
    with pytest.raises(ProblemError, match="nothing to learn"):
        train(replace(xor(), targets=(), loss=None))
    with pytest.raises(ProblemError, match="symbolic"):
        train(replace(xor(), layers=[Dense(1, weights="symbolic")]))
    with pytest.raises(ProblemError, match="at least 1"):
        train(xor(), 5, every=0)
    with pytest.raises(ProblemError, match="unknown form 'strait'; did you mean 'straight'"):
        train(xor(), 5, how="strait")
    with pytest.raises(ProblemError, match="without a loss"):
        train(
            Problem(
                given={"w": "1"},
                equations=["a = w*w"],
                upstream={"a": "1"},
                learn=["w"],
                settings={"rate": "0.1"},
            ),
            5,
            stop=Stop(below=1),
        )


def test_a_record_beyond_memory_is_refused() -> None:
    """Before anything is calculated, with the ways out."""
    updates = MEMORY // 8 // 80
    with pytest.raises(ProblemError, match="every k-th update, or into a run folder"):
        train(xor(), updates)
