"""Run folders: read back as they were, and whole after a kill, a full disk, a foreign hand."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.backprop.runs import running_away, xor
from tracer.backprop.reopening import problem_at
from tracer.backprop.stopping import Stop
from tracer.backprop.training import train
from tracer.errors import FileError, UnknownQuantity
from tracer.files import runs
from tracer.files.runs import RunFolder, open_run, save_run
from tracer.model.history import History
from tracer.model.problem import Problem

SMALL = 64 * 1024
"""Bytes of a block where a test wants several."""


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many blocks in a short run."""
    monkeypatch.setattr(runs, "BLOCK_BYTES", SMALL)


def same(first: History, second: History) -> bool:
    """Whether two histories hold the same."""
    return (
        first.problem == second.problem
        and first.layout == second.layout
        and (first.every, first.last, first.closed) == (second.every, second.last, second.closed)
        and (first.stopped, first.message, first.form)
        == (second.stopped, second.message, second.form)
        and all(np.array_equal(first[k], second[k], equal_nan=True) for k in first.keys())  # noqa: SIM118
    )


@pytest.mark.parametrize("batch", ["full", "online", [[1, 2, 3], [4]]])
@pytest.mark.usefixtures("small_blocks")
def test_a_run_reads_back_as_it_was(batch: object, tmp_path: Path) -> None:
    """On disk or in memory: the same numbers, problem and ending."""
    problem = xor(batch=batch, updates=1000)
    written = train(problem, every=2, into=RunFolder(tmp_path / "run"))
    assert len(written.blocks) > 1
    assert same(written, train(problem, every=2))
    assert same(open_run(tmp_path / "run"), written)
    assert problem_at(written, 501) == problem_at(train(problem), 501)


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_an_optimizers_memory_reads_back(optimizer: str, tmp_path: Path) -> None:
    """An update of an opened run begins with the optimizer's states."""
    problem = xor(optimizer=optimizer, settings={"rate": "0.1"}, updates=50)
    history = train(problem)
    assert same(save_run(history, tmp_path / "run"), history)
    assert problem_at(open_run(tmp_path / "run"), 31) == problem_at(history, 31)


def test_every_ending_reads_back(tmp_path: Path) -> None:
    """A run that diverged, or was ended by a rule, says so again."""
    for name, history in {
        "diverged": train(running_away(), 5000, into=RunFolder(tmp_path / "diverged")),
        "loss": train(xor(), 500, stop=Stop(below=0.55), into=RunFolder(tmp_path / "loss")),
    }.items():
        assert history.stopped == open_run(tmp_path / name).stopped == name
        assert history.message == open_run(tmp_path / name).message


def test_the_folder_is_as_documented(tmp_path: Path) -> None:
    """A reader without tracer finds a column by its key, with JSON and NumPy alone."""
    history = train(xor(), 300, into=RunFolder(tmp_path / "run"))
    said = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (said["format"], said["kind"], said["every"], said["last"]) == (1, "tracer run", 1, 300)
    blocks = [np.load(tmp_path / "run" / block["file"]) for block in said["blocks"]]
    assert [len(block) for block in blocks] == [block["rows"] for block in said["blocks"]]
    column = said["columns"][0].index("w1[2,1]")
    assert np.array_equal(np.concatenate(blocks)[:, column], history["w1[2,1]"])


def test_blocks_are_mapped_not_read(tmp_path: Path) -> None:
    """Opening a run reads no block; using one maps it."""
    train(xor(), 300, into=RunFolder(tmp_path / "run"))
    history = open_run(tmp_path / "run")
    assert history.blocks[0]._rows is None  # type: ignore[attr-defined]
    assert len(history["loss"]) == 301
    assert isinstance(history.blocks[0]._rows, np.memmap)  # type: ignore[attr-defined]


# --- killed -----------------------------------------------------------------------------

ENDLESS = """
import sys
from tests.backprop.runs import xor
from tracer.backprop.training import train
from tracer.files import runs
runs.BLOCK_BYTES = 64 * 1024
train(xor(), 10_000_000, into=runs.RunFolder(sys.argv[1], force=len(sys.argv) > 2))
"""


def kill_when(ready: Callable[[], bool], *arguments: str) -> None:
    """Start an endless run in a process of its own, and kill it when something is there."""
    process = subprocess.Popen([sys.executable, "-c", ENDLESS, *arguments])
    try:
        deadline = time.monotonic() + 60
        while not ready():
            assert process.poll() is None, "the run ended by itself"
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL


def test_a_killed_run_opens_up_to_its_last_block(tmp_path: Path) -> None:
    """Killed without warning: the complete blocks are there, and nothing else is needed."""
    folder = tmp_path / "run"
    kill_when(lambda: (folder / "rows-00007.npy").exists(), str(folder))
    history = open_run(folder)
    assert (history.stopped, history.closed) == ("unfinished", False)
    assert len(history.blocks) >= 6
    assert len(history) == history.last + 1
    again = train(xor(), history.last)
    assert all(np.array_equal(history[key], again[key]) for key in history.keys())  # noqa: SIM118


def test_a_killed_replacement_leaves_the_run_before_it(tmp_path: Path) -> None:
    """With force the old run stays until the new one is complete; the new one can be read."""
    folder, beside = tmp_path / "run", tmp_path / "run.new"
    before = train(xor(), 50, into=RunFolder(folder))
    kill_when(lambda: (beside / "rows-00003.npy").exists(), str(folder), "force")
    assert same(open_run(folder), before)
    assert open_run(beside).stopped == "unfinished"
    after = train(xor(), 60, into=RunFolder(folder, force=True))
    assert same(open_run(folder), after)
    assert sorted(os.listdir(tmp_path)) == ["run"]


# --- no room ----------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of a few hundred kilobytes."""
    if not (shutil.which("mount") and shutil.which("umount")):
        pytest.skip("there is no program that mounts a file system")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def short_files(size: int) -> Iterator[None]:
    """No file may grow beyond a size, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_blocks")
def test_a_full_disk_keeps_the_complete_blocks(tmp_path: Path) -> None:
    """On a really full file system: a clear message, and all rows up to the last block."""
    with small_disk(tmp_path, "400k"):
        with pytest.raises(FileError, match=r"cannot be written \(No space left on device\)") as e:
            train(xor(), 10_000, into=RunFolder(tmp_path / "run"))
        history = open_run(tmp_path / "run")
        assert f"up to update {history.last} is kept" in str(e.value)
        assert history.last > 300
        again = train(xor(), history.last)
        assert np.array_equal(history["loss"], again["loss"])
        assert not [name for name in os.listdir(tmp_path / "run") if name.endswith(".part")]


@pytest.mark.usefixtures("small_blocks")
def test_a_full_disk_leaves_the_run_before(tmp_path: Path) -> None:
    """A replacement that finds no room leaves what was there."""
    with small_disk(tmp_path, "400k"):
        before = train(xor(), 100, into=RunFolder(tmp_path / "run"))
        with pytest.raises(FileError, match="No space left"):
            train(xor(), 10_000, into=RunFolder(tmp_path / "run", force=True))
        assert same(open_run(tmp_path / "run"), before)


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    """A limit on the size of files stops the first block; the folder still opens, empty."""
    with short_files(30_000), pytest.raises(FileError, match=r"cannot be written \(File too large"):
        train(xor(), 1000, into=RunFolder(tmp_path / "run"))
    history = open_run(tmp_path / "run")
    assert (len(history), history.stopped) == (0, "unfinished")


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A missing parent folder is said, and nothing is made."""
    with pytest.raises(FileError, match="cannot be written"):
        train(xor(), 5, into=RunFolder(tmp_path / "no" / "run"))
    assert os.listdir(tmp_path) == []


# --- damaged and foreign ----------------------------------------------------------------


def flip(path: Path, place: int) -> None:
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no run.json": (lambda run: (run / "run.json").unlink(), "is no run folder"),
    "no JSON": (lambda run: (run / "run.json").write_text("{"), "is damaged"),
    "foreign JSON": (lambda run: (run / "run.json").write_text("{}"), "not written by tracer"),
    "a list": (lambda run: (run / "run.json").write_text("[1]"), "not written by tracer"),
    "another format": (
        lambda run: (run / "run.json").write_text('{"kind": "tracer run", "format": 2}'),
        "has format 2; this version reads format 1",
    ),
    "a changed number": (
        lambda run: (run / "run.json").write_text(
            (run / "run.json").read_text().replace('"last": 300', '"last": 299')
        ),
        "was changed or damaged",
    ),
    "a block is gone": (lambda run: (run / "rows-00001.npy").unlink(), "block of the run is miss"),
    "a block is short": (
        lambda run: (run / "rows-00001.npy").write_bytes(b"\x93NUMPY" + b" " * 1000),
        "is cut short",
    ),
    "a flipped bit": (lambda run: flip(run / "rows-00001.npy", 5000), "is damaged"),
    "a flipped header": (lambda run: flip(run / "rows-00001.npy", 20), "rows-00001.npy"),
    "a header of brackets": (
        lambda run: (run / "rows-00001.npy").write_bytes(
            (run / "rows-00001.npy").read_bytes().replace(b"{'descr': '<f8',", b"{{{{{{{{{{{{{{{{")
        ),
        "cannot be read",
    ),
    "a pickle": (
        lambda run: np.save(
            run / "rows-00001.npy", np.array([{"a": k} for k in range(90000)]), allow_pickle=True
        ),
        "cannot be read",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_run_is_refused(damage: str, tmp_path: Path) -> None:
    """With the file and what is wrong with it; no number of it is given out."""
    train(xor(), 300, into=RunFolder(tmp_path / "run"))
    change, message = DAMAGES[damage]
    change(tmp_path / "run")
    with pytest.raises(FileError, match=message):
        open_run(tmp_path / "run")["loss"]


def test_a_file_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A description that names another path is refused, whatever its checksum says."""
    from tracer.files.run_description import encoded

    train(xor(), 300, into=RunFolder(tmp_path / "run"))
    description = json.loads((tmp_path / "run" / "run.json").read_text())
    description["blocks"][0]["file"] = "../rows-00001.npy"
    (tmp_path / "run" / "run.json").write_bytes(encoded(description))
    with pytest.raises(FileError, match="names a block that is none"):
        open_run(tmp_path / "run")


LIES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no rows": (lambda told: told["blocks"][0].pop("rows"), "names a block that is none"),
    "rows that are none": (lambda told: told["blocks"][0].update(rows=-5), "a block that is none"),
    "half a row": (lambda told: told["blocks"][0].update(rows=1.5), "a block that is none"),
    "no checksum": (lambda told: told["blocks"][0].pop("crc32"), "a block that is none"),
    "too few a row": (lambda told: told.update(every=10**30), "'every' lies outside 1 to"),
    "a negative end": (lambda told: told.update(last=-4), "'last' lies outside 0 to"),
    "a stranger's key": (lambda told: told.update(states=["zz"]), "zz is not among what is learnt"),
    "a number as a key": (lambda told: told.update(learnt=[5]), "a list of keys is wanted"),
    "a list as a key": (lambda told: told.update(states=[["x"]]), "a list of keys is wanted"),
    "keys that are none": (lambda told: told.update(columns=[[1, 2]]), "a list of keys is want"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_description_with_a_right_checksum_is_still_not_believed(
    lie: str, tmp_path: Path
) -> None:
    """A checksum shows damage, not honesty: each field is held to what it can be."""
    from tracer.files.run_description import encoded

    train(xor(), 3, into=RunFolder(tmp_path / "run"))
    description = json.loads((tmp_path / "run" / "run.json").read_text())
    change, message = LIES[lie]
    change(description)
    (tmp_path / "run" / "run.json").write_bytes(encoded(description))
    with pytest.raises(FileError, match=message):
        open_run(tmp_path / "run")


def test_a_learnt_number_that_is_none(tmp_path: Path) -> None:
    """The description cannot know it; the update that would begin with it says so."""
    from tracer.files.run_description import encoded

    train(xor(), 3, into=RunFolder(tmp_path / "run"))
    description = json.loads((tmp_path / "run" / "run.json").read_text())
    description["learnt"].append("zz")
    (tmp_path / "run" / "run.json").write_bytes(encoded(description))
    with pytest.raises(UnknownQuantity, match="has no 'zz'"):
        problem_at(open_run(tmp_path / "run"), 2)


def test_what_is_no_folder(tmp_path: Path) -> None:
    """A path that is not there, and a file."""
    with pytest.raises(FileError, match="there is no such run"):
        open_run(tmp_path / "nothing")
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError, match="is a file, not a run folder"):
        open_run(tmp_path / "file")


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    """A run is replaced with force alone, and a folder that is no run never."""
    train(xor(), 5, into=RunFolder(tmp_path / "run"))
    with pytest.raises(FileError, match="is there already"):
        RunFolder(tmp_path / "run")
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.tex").write_text("...")
    with pytest.raises(FileError, match="is no run folder"):
        RunFolder(precious, force=True)
    assert (precious / "thesis.tex").exists()
    shutil.rmtree(tmp_path / "run")


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_a_million_updates_stay_small(tmp_path: Path) -> None:
    """1,000,000 updates of XOR, every hundredth recorded, need less than 200 MiB."""
    code = (
        "import sys\n"
        "from tests.backprop.runs import xor\n"
        "from tracer.backprop.training import train\n"
        "from tracer.files.runs import RunFolder\n"
        "history = train(xor(), 1_000_000, every=100, into=RunFolder(sys.argv[1]))\n"
        "assert len(history) == 10_001 and history['loss'][-1] < 1e-4\n"
        "lines = open('/proc/self/status').read().splitlines()\n"
        "print(next(line.split()[1] for line in lines if line.startswith('VmHWM')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) / 1024 < 200  # the peak is told in KiB


def test_a_problem_larger_than_a_file(tmp_path: Path) -> None:
    """The numbers of a large network stand in a run's description, which is read all the same."""
    numbers = tuple((f"0.{place:030d}",) for place in range(34_000))
    given = Problem(given={"x": numbers, "w": "0.5"}, equations=["L = w**2"], loss="L",
                    learn=["w"], settings={"rate": "0.1"})  # fmt: skip
    written = train(given, 3, record=["w", "L"], into=RunFolder(tmp_path / "run"))
    assert (tmp_path / "run" / "run.json").stat().st_size > 1 << 20
    assert same(open_run(tmp_path / "run"), written)
    assert problem_at(open_run(tmp_path / "run"), 2).given["x"] == numbers
