"""`tracer train`: runs that are recorded, ended early, kept, and opened again."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.cli.runs import MAZUR, ROOT, run
from tracer.errors import FileError
from tracer.files.problem import load
from tracer.files.runs import open_run

TRAINING = ROOT / "examples" / "training"
XOR = str(TRAINING / "004-xor.yaml")
HOUSES = str(TRAINING / "003-houses.yaml")


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def xor_losses(epochs: int) -> list[float]:
    """The mean squared error before each epoch, as the article's program calculates it."""
    hidden, output = load(XOR).layers
    w1 = np.array(hidden.weights, float).T
    w2 = np.array(output.weights, float).T
    b1, b2 = np.zeros((1, 4)), np.zeros((1, 1))
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    y = np.array([[0], [1], [1], [0]], float)
    losses = []
    for _ in range(epochs):
        a1 = _sigmoid(x @ w1 + b1)
        a2 = _sigmoid(a1 @ w2 + b2)
        losses.append(float(np.mean(np.square(y - a2))))
        d2 = (y - a2) * a2 * (1 - a2)
        d1 = (d2 @ w2.T) * a1 * (1 - a1)
        w2 += a1.T @ d2 * 0.1
        b2 += d2.sum(axis=0, keepdims=True) * 0.1
        w1 += x.T @ d1 * 0.1
        b1 += d1.sum(axis=0, keepdims=True) * 0.1
    return losses


def test_the_table_is_the_one_of_the_article() -> None:
    """Epochs 0, 4000 and 8000 with the mean squared error, which is not what is trained."""
    result = run("train", XOR, "--print-every", "4000")
    losses = xor_losses(8001)
    rows = [line.split() for line in result.stdout.splitlines()]

    assert result.exit_code == 0
    for epoch in (0, 4000, 8000):
        (row,) = [row for row in rows if row[:1] == [str(epoch)]]
        assert float(row[2]) == pytest.approx(losses[epoch], rel=1e-5)
    assert [row[0] for row in rows if row and row[0].isdigit()] == ["0", "4000", "8000", "10000"]


def test_what_the_network_has_learnt_is_printed() -> None:
    """Four outputs, the wrong side of one half for none of them."""
    result = run("train", XOR)
    rows = [line.split() for line in result.stdout.splitlines() if line.startswith("y₇")]

    assert len(rows) == 4
    assert all(abs(float(target) - float(value)) < 0.1 for _, target, value in rows)


def test_a_run_is_kept_whole(tmp_path: Path) -> None:
    """The folder holds every update's numbers; the same table is printed."""
    folder = tmp_path / "run"
    result = run("train", HOUSES, "--updates", "50", "-o", str(folder))
    history = open_run(folder)

    assert result.exit_code == 0
    assert len(history) == 51
    assert f"{history['loss'][50]:.6g}" in result.stdout
    assert result.stdout == run("train", HOUSES, "--updates", "50").stdout
    assert "kept in" in result.stderr


def test_only_some_numbers_of_some_updates(tmp_path: Path) -> None:
    """--record and --every choose what is kept."""
    folder = tmp_path / "run"
    options = ("--record", "w,b,loss", "--every", "10", "--updates", "95")
    run("train", HOUSES, *options, "-o", str(folder))
    history = open_run(folder)

    assert history.updates.tolist() == [*range(0, 100, 10), 95]
    assert "w1[1,2]" in history
    assert "delta1[1]#1" not in history


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    """A second run into the same folder needs --force; a foreign folder is never replaced."""
    folder = tmp_path / "run"
    run("train", HOUSES, "--updates", "5", "-o", str(folder))
    refused = run("train", HOUSES, "--updates", "9", "-o", str(folder))

    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert open_run(folder).last == 5
    assert run("train", HOUSES, "--updates", "9", "-o", str(folder), "--force").exit_code == 0
    assert open_run(folder).last == 9
    foreign = tmp_path / "mine"
    foreign.mkdir()
    assert run("train", HOUSES, "-o", str(foreign), "--force").exit_code == 2


def test_a_run_ends_when_its_loss_is_low_enough() -> None:
    """--stop-loss and --plateau end a run early and say why."""
    low = run("train", HOUSES, "--stop-loss", "0.01")
    flat = run("train", HOUSES, "--plateau", "20")

    assert (low.exit_code, flat.exit_code) == (0, 0)
    assert "the loss fell to" in low.stderr
    assert "500" not in flat.stdout
    told = re.search(
        r"has not fallen by 0\.1 % for 20 updates: it was (\S+) after (\d+) updates "
        r"and is (\S+) after (\d+)",
        flat.stderr,
    )
    assert told is not None, flat.stderr
    assert int(told[4]) - int(told[2]) == 20
    assert float(told[1]) * 0.999 <= float(told[3]) <= float(told[1])
    last = [line.split() for line in flat.stdout.splitlines() if line.split()[:1] == [told[4]]]
    assert last[0][1] == told[3]


def test_divergence_is_told_and_the_record_kept(tmp_path: Path) -> None:
    """Exit code 1, a clear message, and rows up to the last finite one."""
    problem = tmp_path / "wild.yaml"
    text = Path(HOUSES).read_text(encoding="utf-8").replace("rate: 0.05", "rate: 50")
    problem.write_text(text, encoding="utf-8")
    result = run("train", str(problem), "-o", str(tmp_path / "run"))

    assert result.exit_code == 1
    assert "diverged" in result.stderr
    history = open_run(tmp_path / "run")
    assert 0 < len(history) < 500
    assert np.isfinite(history["loss"]).all()


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_an_interrupted_run_keeps_what_it_recorded(tmp_path: Path) -> None:
    """After Ctrl-C the folder opens, and the exit code is 130."""
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "tracer.cli.main", "train", XOR]
    running = subprocess.Popen(
        [*command, "--updates", "1000000", "--every", "10", "-o", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    until = time.monotonic() + 60
    while not (folder / "run.json").exists() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)

    assert running.returncode == 130
    assert "stopped by hand" in told
    assert "Traceback" not in told
    history = open_run(folder)
    assert history.stopped == "interrupted"
    assert len(history) > 1
    assert history.last < 1_000_000


@pytest.mark.parametrize(
    "options",
    [
        ("--record", "loses"),
        ("--record", ","),
        ("--updates", "0"),
        ("--every", "0"),
        ("--how", "torch"),
        ("-o", "-"),
    ],
)
def test_settings_that_cannot_be_meant(options: tuple[str, ...]) -> None:
    """Bad usage has exit code 2, says what is wrong and starts nothing."""
    result = run("train", HOUSES, *options)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "fault in tracer" not in result.stderr


def test_all_forms_give_one_table() -> None:
    """Straight lines, columns and NumPy print the same six figures."""
    tables = {run("train", XOR, "--updates", "300", "--how", how).stdout for how in
              ("straight", "columns", "numpy")}  # fmt: skip

    assert len(tables) == 1


def test_any_update_opens_as_a_walkthrough(tmp_path: Path) -> None:
    """The update's page shows the loss that the article's program has before it."""
    folder = str(tmp_path / "run")
    run("train", XOR, "--updates", "1000", "-o", folder)
    page = run("solve", folder, "--update", "800", "--flavor", "plain")
    losses = xor_losses(801)

    assert page.exit_code == 0, page.stderr
    assert "update 800" in page.stdout.splitlines()[0]
    half = 2 * losses[799]  # four halves are twice the mean
    assert f"{half:.5g}" in page.stdout
    after = f"{2 * losses[800]:.5g}"
    assert after in page.stdout


def test_updates_between_the_recorded_ones_open_too(tmp_path: Path) -> None:
    """A run that kept every 100th update gives the 777th like a run that kept all."""
    whole, thin = str(tmp_path / "whole"), str(tmp_path / "thin")
    run("train", XOR, "--updates", "1000", "-o", whole)
    run("train", XOR, "--updates", "1000", "--every", "100", "--record", "w,b", "-o", thin)
    pages = [run("solve", f, "--update", "777", "--to", "json").stdout for f in (whole, thin)]

    assert json.loads(pages[0])["steps"] == json.loads(pages[1])["steps"]


@pytest.mark.parametrize("chosen", [None, "0", "1001", "1,3", "all"])
def test_updates_that_a_run_does_not_open(tmp_path: Path, chosen: str | None) -> None:
    """Without --update, or with one that is not there, the error says which there are."""
    folder = str(tmp_path / "run")
    run("train", XOR, "--updates", "1000", "-o", folder)
    options = () if chosen is None else ("--update", chosen)
    result = run("solve", folder, *options)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "update" in result.stderr


def test_a_long_problem_is_not_worked_through_by_accident() -> None:
    """Ten thousand updates are refused with the two ways on; one of the first is printed."""
    refused = run("solve", XOR)
    late = run("solve", XOR, "--update", "9000")
    first = run("solve", XOR, "--update", "1", "--only", "loss", "--flavor", "plain")

    assert (refused.exit_code, late.exit_code, first.exit_code) == (2, 2, 0)
    assert "10,000 updates" in refused.stderr
    assert "tracer train" in late.stderr
    assert f"{2 * xor_losses(1)[0]:.5g}" in first.stdout


def test_a_problem_that_learns_nothing_is_refused() -> None:
    """Without anything to learn there is nothing to train."""
    result = run("train", "-", given="inputs: [1]\nlayers: [{weights: [[1]]}]")

    assert result.exit_code == 2
    assert "nothing to learn" in result.stderr


def test_frozen_and_shared_biases_train() -> None:
    """Mazur's network, whose biases never change, comes near its targets in 10,000 updates."""
    result = run("train", MAZUR, "--updates", "10000")
    rows = [line.split() for line in result.stdout.splitlines()[-2:]]

    assert [round(float(value), 2) for *_, value in rows] == [0.02, 0.98]


def test_one_update_is_one(tmp_path: Path) -> None:
    """No "1 updates" anywhere."""
    result = run("train", HOUSES, "--updates", "1", "-o", str(tmp_path / "run"))
    assert "With the parameters after 1 update:" in result.stdout
    assert result.stderr.startswith("the one update was made; kept in ")


def test_rows_for_chosen_updates() -> None:
    """--print-every takes a list, says which of it is not there, and refuses anything else."""
    made = run("train", HOUSES, "--updates", "30", "--print-every", "10, 1,2,5,100")
    rows = [line.split()[0] for line in made.stdout.splitlines() if line[:1].isdigit()]

    assert rows == ["1", "2", "5", "10"]
    assert "Not recorded: 100." in made.stderr
    for wrong in ("0", "-1", "1,x", "1,,2", "every"):
        result = run("train", HOUSES, "--updates", "3", "--print-every", wrong)
        assert (result.exit_code, result.stdout) == (2, ""), wrong
        assert "--print-every" in result.stderr


def test_a_run_is_no_problem(tmp_path: Path) -> None:
    """What a recorded run is, and what can be done with it, is said where a problem is wanted."""
    folder = str(tmp_path / "run")
    run("train", HOUSES, "--updates", "3", "-o", folder)
    with pytest.raises(FileError, match="this is a recorded run") as told:
        load(folder)

    assert f"tracer solve {folder} --update K" in str(told.value)
    assert f"tracer plot {folder}" in str(told.value)
    assert f"tracer train {folder} --updates N" in str(told.value)
    assert "this is a folder, not a file" in run("train", str(tmp_path)).stderr


def test_a_run_goes_on(tmp_path: Path) -> None:
    """`train RUN --updates N`: N in all, in the same folder; the table is that of the whole run."""
    folder = tmp_path / "run"
    run("train", HOUSES, "--updates", "50", "--every", "4", "-o", str(folder))
    longer = run("train", str(folder), "--updates", "90")
    whole = run("train", HOUSES, "--updates", "90", "--every", "4", "-o", str(tmp_path / "whole"))

    assert longer.exit_code == 0, longer.stderr
    assert longer.stdout == whole.stdout
    assert f"all 90 updates were made; kept in {folder}" in longer.stderr
    assert open_run(folder).last == 90
    again = run("train", str(folder))
    assert again.exit_code == 2
    assert "has made 90 updates already" in again.stderr


@pytest.mark.parametrize(
    "options",
    [("--every", "2"), ("--record", "loss"), ("--how", "numpy"), ("-o", "other"), ("--force",)],
)
def test_a_run_goes_on_as_it_began(tmp_path: Path, options: tuple[str, ...]) -> None:
    """What would change the record is refused by its name."""
    folder = str(tmp_path / "run")
    run("train", HOUSES, "--updates", "5", "-o", folder)
    refused = run("train", folder, "--updates", "9", *options)

    assert refused.exit_code == 2
    assert f"leave out {options[0]}" in refused.stderr
    assert open_run(folder).last == 5


def test_outputs_of_a_batch_are_not_taken_for_all(tmp_path: Path) -> None:
    """Where the last row is about a batch, the table of outputs says so."""
    problem = tmp_path / "p.yaml"
    text = (
        "inputs: [[0], [1], [2]]\ntargets: [[1], [0], [1]]\n"
        "layers: [{weights: [[0.5]], biases: [0]}]\n"
        "loss: half_squared_error\noptimizer: {gradient_descent: {rate: 0.5}}\n"
    )
    problem.write_text(text + "batch: [[1, 2], [3, 1]]\n", encoding="utf-8")
    told = run("train", str(problem), "--updates", "4").stdout
    assert "With the parameters after 4 updates, the last batch:" in told
    problem.write_text(text, encoding="utf-8")
    told = run("train", str(problem), "--updates", "4").stdout
    assert "With the parameters after 4 updates:" in told


def test_settings_that_are_no_counts(tmp_path: Path) -> None:
    """A problem of no updates, and a threshold that is no number."""
    problem = tmp_path / "p.yaml"
    text = Path(HOUSES).read_text(encoding="utf-8")
    problem.write_text(re.sub(r"(?m)^updates:.*$", "updates: 0", text), encoding="utf-8")
    nothing = run("train", str(problem))
    assert nothing.exit_code == 2
    assert "there are no updates to make; found 0" in nothing.stderr
    endless = run("train", HOUSES, "--stop-loss", "nan")
    assert endless.exit_code == 2
    assert "at which to stop is a number; found nan" in endless.stderr
