"""Runs that go on: the numbers of one uninterrupted run, whatever ended the first part."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.backprop.runs import running_away, xor
from tests.files.test_runs import kill_when, same, small_disk
from tracer.backprop.resuming import resume
from tracer.backprop.stopping import Stop
from tracer.backprop.training import train
from tracer.errors import FileError, ProblemError
from tracer.files import runs
from tracer.files.continued_run import ContinuedRun
from tracer.files.problem import load_text
from tracer.files.runs import RunFolder, open_run
from tracer.model.problem import Problem


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many blocks in a short run."""
    monkeypatch.setattr(runs, "BLOCK_BYTES", 16 * 1024)


def go_on(folder: Path, updates: int | None = None, **options: Any) -> Any:
    run = ContinuedRun(folder)
    return resume(run.history, updates, into=run, **options)


TYPED = """
inputs: [[[1, 2], [0.5, 3], [1, 1]], [[0, 1], [1, 0.5], [2, 1]], [[1, 0], [0, 1], [1, 1]]]
targets: [[1], [0], [1]]
layers:
  - {type: gru, units: 2, return: last, reset: after, weights: {seed: 7, digits: 2}}
  - {type: batch_norm, momentum: 0.25}
  - {type: dropout, rate: 0.25, mask: {seed: 7}}
  - {units: 1, activation: sigmoid, weights: {seed: 8, digits: 2}, biases: [0]}
loss: binary_cross_entropy
optimizer: {adam: {rate: 0.05}}
schedule: {exponential: {decay: 0.999}}
clip: {norm: 0.5}
batch: [[1, 2], [1, 2, 3], [3, 1]]
"""


def typed() -> Problem:
    return load_text(TYPED)


CASES: dict[str, tuple[Problem, dict[str, Any]]] = {
    "all": (xor(), {}),
    "every 7th": (xor(), {"every": 7}),
    "online": (xor(batch="online"), {}),
    "batches of two sizes, every 4th": (xor(batch=[[1, 2, 3], [4]]), {"every": 4}),
    "the loss alone": (xor(), {"record": ["loss"], "every": 5}),
    "weights and losses": (xor(batch="online"), {"record": ["w", "b", "loss"]}),
    "NumPy": (xor(), {"how": "numpy", "every": 3}),
    "columns": (xor(), {"how": "columns", "every": 3}),
    "Adam": (xor(optimizer="adam", settings={"rate": "0.05"}), {"every": 3}),
    "momentum, weights alone": (
        xor(optimizer="momentum", settings={"rate": "0.05"}),
        {"record": ["w", "b", "loss"], "every": 2},
    ),
    "several types": (typed(), {}),
    "several types, every 5th": (typed(), {"every": 5, "how": "numpy"}),
}


@pytest.mark.parametrize(
    ("case", "made"),
    [(case, n) for case in CASES for n in ((1, 40, 200) if "types" not in case else (41,))],
)
@pytest.mark.usefixtures("small_blocks")
def test_two_parts_are_one_run(case: str, made: int, tmp_path: Path) -> None:
    """All rows, to the last bit, in memory and in the folder, which holds no file too many."""
    problem, options = CASES[case]
    whole = train(problem, 317, **options)
    first = train(problem, made, **options, into=RunFolder(tmp_path / "run"))
    assert same(resume(train(problem, made, **options), 317), whole)
    there = go_on(tmp_path / "run", 317)
    assert first.last == made
    assert same(there, train(problem, 317, **options, into=RunFolder(tmp_path / "whole")))
    found = open_run(tmp_path / "run")
    assert all(np.array_equal(found[key], whole[key], equal_nan=True) for key in whole)
    names = {block.path.name for block in found.blocks}  # type: ignore[attr-defined]
    assert {*os.listdir(tmp_path / "run")} == {"run.json", *names}


@pytest.mark.usefixtures("small_blocks")
def test_many_parts(tmp_path: Path) -> None:
    """A run that goes on again and again."""
    train(xor(), 10, every=3, into=RunFolder(tmp_path / "run"))
    for updates in (11, 12, 13, 60, 200):
        found = go_on(tmp_path / "run", updates)
    assert same(found, train(xor(), 200, every=3, into=RunFolder(tmp_path / "whole")))


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    """What a kill left is taken up; without a number the run goes as far as was wanted."""
    folder = tmp_path / "run"
    kill_when(lambda: (folder / "rows-00003.npy").exists(), str(folder))
    there = open_run(folder)
    assert there.wanted == 10_000_000
    found = go_on(folder, there.last + 50)
    whole = train(xor(), there.last + 50)
    assert np.array_equal(found["w1[1,1]"], whole["w1[1,1]"])
    assert np.array_equal(found["loss"], whole["loss"])


@pytest.mark.usefixtures("small_blocks")
def test_a_stop_by_hand_at_any_moment(tmp_path: Path) -> None:
    """Ctrl-C in the first part and again in the second; the third makes the rest."""
    problem, left = xor(), [3, 0, 2]

    def press(done: int, wanted: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt

    first = train(problem, 3000, on_progress=press, into=RunFolder(tmp_path / "run"))
    assert first.stopped == "interrupted"
    before = {name: (tmp_path / "run" / name).read_bytes() for name in os.listdir(tmp_path / "run")}
    left = [0]
    told = go_on(tmp_path / "run", on_progress=press)
    assert told.stopped == "interrupted"
    kept = {name: (tmp_path / "run" / name).read_bytes() for name in before if name != "run.json"}
    assert all(before[name] == data for name, data in kept.items())
    assert same(go_on(tmp_path / "run"), train(problem, 3000, into=RunFolder(tmp_path / "whole")))


def test_rules_look_back(tmp_path: Path) -> None:
    """A plateau that began in the first part ends the second as it would have ended the whole."""
    rule = Stop(patience=300, fall=0.2)
    whole = train(xor(), 5000, stop=rule)
    assert whole.stopped == "plateau"
    train(xor(), whole.last - 20, into=RunFolder(tmp_path / "run"))
    there = go_on(tmp_path / "run", 5000, stop=rule)
    assert (there.last, there.message) == (whole.last, whole.message)
    rule = Stop(below=float(whole["loss"][40]))
    low = train(xor(), 5000, stop=rule)
    train(xor(), 10, into=RunFolder(tmp_path / "low"))
    assert go_on(tmp_path / "low", 5000, stop=rule).message == low.message
    assert same(go_on(tmp_path / "low", 200), train(xor(), 200, into=RunFolder(tmp_path / "w")))


@pytest.mark.usefixtures("small_blocks")
def test_a_full_disk_leaves_the_run(tmp_path: Path) -> None:
    """If there is no room for the first further rows, nothing has changed; else they are kept."""
    with small_disk(tmp_path, "400k"):
        before = train(xor(), 100, into=RunFolder(tmp_path / "run"))
        losses = before["loss"]
        with pytest.raises(FileError, match=r"No space left on device.*is kept"):
            go_on(tmp_path / "run", 10_000)
        found = open_run(tmp_path / "run")
        assert found.last > before.last
        (tmp_path / "filler").write_bytes(b"0" * (os.statvfs(tmp_path).f_bavail * 4096))
        with pytest.raises(FileError, match="No space left on device"):
            go_on(tmp_path / "run", 10_000)
        assert same(open_run(tmp_path / "run"), found)
        assert not [name for name in os.listdir(tmp_path / "run") if name.endswith(".part")]
        os.remove(tmp_path / "filler")
    assert np.array_equal(train(xor(), found.last)["loss"][: len(losses)], losses)


def test_a_closing_row_stays_until_there_is_room(tmp_path: Path) -> None:
    """A finished run whose folder takes no further block keeps its last row."""
    with small_disk(tmp_path, "400k"):
        before = train(xor(), 100, into=RunFolder(tmp_path / "run"))
        (tmp_path / "filler").write_bytes(b"0" * (os.statvfs(tmp_path).f_bavail * 4096))
        with pytest.raises(FileError, match="No space left on device"):
            go_on(tmp_path / "run", 500)
        assert same(open_run(tmp_path / "run"), before)
        assert sorted(os.listdir(tmp_path / "run")) == ["rows-00001.npy", "run.json"]


def test_what_cannot_go_on(tmp_path: Path) -> None:
    """A run that made all its updates, one that diverged, some rows, a loss that is not there."""
    whole = train(xor(), 20)
    for updates in (None, 20, 3):
        with pytest.raises(ProblemError, match="has made 20 updates already"):
            resume(whole, updates)
    with pytest.raises(ProblemError, match="diverged cannot go on"):
        resume(train(running_away(), 10_000), 20_000)
    with pytest.raises(ProblemError, match="from all of its rows"):
        resume(whole[5:], 30)
    with pytest.raises(ProblemError, match="did not record its loss"):
        resume(train(xor(), 20, record=["w", "b"]), 30, Stop(below=0.1))
    with pytest.raises(FileError, match="there is no such run"):
        ContinuedRun(tmp_path / "nothing")


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
