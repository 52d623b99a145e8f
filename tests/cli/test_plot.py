"""`tracer plot`: a recorded run as a picture or as numbers."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from tests.cli.runs import ROOT, run
from tracer.files.runs import open_run

XOR = str(ROOT / "examples" / "training" / "000-xor.yaml")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run of 400 updates with everything."""
    folder = str(tmp_path_factory.mktemp("runs") / "xor")
    assert run("train", XOR, "--updates", "400", "-o", folder).exit_code == 0
    return folder


def _rows(*arguments: str) -> list[list[str]]:
    result = run("plot", *arguments, "--to", "csv")
    assert result.exit_code == 0, result.stderr
    return list(csv.reader(result.stdout.splitlines()))


def test_the_optimizers_memory_is_no_weight(tmp_path: Path) -> None:
    """--what weights has the weights and biases alone; a velocity is asked for by its name."""
    problem = tmp_path / "p.yaml"
    problem.write_text(
        "inputs: [0.5]\ntargets: [0.6]\nlayers: [{weights: [[0.8]], biases: [0.1]}]\n"
        "loss: half_squared_error\noptimizer: {momentum: {rate: 0.5}}\n"
    )
    kept = str(tmp_path / "run")
    assert run("train", str(problem), "--updates", "20", "-o", kept).exit_code == 0
    assert _rows(kept, "--what", "weights")[0] == ["update", "w1[1,1]", "b1[1]"]
    assert _rows(kept, "--what", "velocity.w1")[0] == ["update", "velocity.w1[1,1]"]


def test_the_loss_is_drawn(recorded: str) -> None:
    """An SVG picture with a line for the loss and one for the reported loss."""
    result = run("plot", recorded)
    picture = ET.fromstring(result.stdout)
    names = [e.text for e in picture.iter("{http://www.w3.org/2000/svg}tspan")]

    assert result.exit_code == 0
    assert {"loss", "MSE"} <= set(names)


def test_the_numbers_are_those_of_the_run(recorded: str) -> None:
    """A table has every recorded number of what was asked for."""
    history = open_run(recorded)
    rows = _rows(recorded, "--what", "w1.1.2", "--what", "loss")

    assert rows[0] == ["update", "w1[1,2]", "loss", "report.MSE"]
    assert [float(row[1]) for row in rows[1:]] == history["w1[1,2]"].tolist()
    assert [int(row[0]) for row in rows[1:]] == list(range(401))


def test_some_updates_only(recorded: str) -> None:
    """--from and --until choose the rows."""
    rows = _rows(recorded, "--from", "10", "--until", "12")

    assert [row[0] for row in rows[1:]] == ["10", "11", "12"]
    assert run("plot", recorded, "--from", "500").exit_code == 2


def test_gradients_are_norms(recorded: str) -> None:
    """The norm of all weights' gradients of a layer, from the recorded ones themselves."""
    history = open_run(recorded)
    squares = sum(history[key] ** 2 for key in history if key.startswith("dw1["))
    rows = _rows(recorded, "--what", "gradients")

    assert rows[0] == ["update", "|dw1|", "|db1|", "|dw2|", "|db2|"]
    assert [float(row[1]) for row in rows[1:]] == pytest.approx(
        np.sqrt(squares).tolist(), rel=1e-14
    )


def test_what_was_not_recorded_is_calculated_again(recorded: str, tmp_path: Path) -> None:
    """A run that kept only weights plots its gradients and deltas like one that kept all."""
    thin = str(tmp_path / "thin")
    run("train", XOR, "--updates", "400", "--record", "w,b", "--every", "7", "-o", thin)
    whole, part = _rows(recorded, "--what", "gradients"), _rows(thin, "--what", "gradients")
    deltas = _rows(thin, "--what", "delta2")

    assert part[1:-1] == whole[1:-1:7]
    assert deltas[0][1] == "delta2[1]#1"
    assert len(deltas) == len(part)


def test_the_format_follows_the_name(recorded: str, tmp_path: Path) -> None:
    """.tex is for LaTeX, .csv a table, everything else a picture; nothing is overwritten."""
    starts = {"a.tex": "%", "a.csv": "update,", "a.svg": "<svg"}
    for name, start in starts.items():
        assert run("plot", recorded, "-o", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
        assert run("plot", recorded, "-o", str(tmp_path / name)).exit_code == 2
    assert run("plot", recorded, "-o", f"{tmp_path}/pictures/").exit_code == 0
    assert (tmp_path / "pictures" / "xor-loss.svg").is_file()


def test_the_same_run_gives_the_same_bytes(recorded: str) -> None:
    """No date and nothing of chance in a picture."""
    arguments = ("plot", recorded, "--what", "weights", "--notation", "ng")

    assert run(*arguments).stdout == run(*arguments).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-run",),
        (XOR,),
        ("{run}", "--what", "losss"),
        ("{run}", "--what", "w9"),
        ("{run}", "--to", "png"),
        ("{run}", "--notation", "nobody"),
    ],
)
def test_what_cannot_be_plotted(recorded: str, arguments: tuple[str, ...]) -> None:
    """Bad usage has exit code 2 and a word about it."""
    result = run("plot", *(a.format(run=recorded) for a in arguments))

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "fault in tracer" not in result.stderr


def test_logarithms(recorded: str) -> None:
    """--log and --log-updates are said beside the axes."""
    picture = run("plot", recorded, "--log", "--log-updates").stdout

    assert "loss (logarithmic)" in picture
    assert "updates (logarithmic)" in picture
    assert "(logarithmic)" in run("plot", recorded, "--what", "gradients").stdout
    assert "(logarithmic)" not in run("plot", recorded, "--what", "gradients", "--linear").stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--from", "6000"), "no update from 6000 on"),
        (("--from", "6000", "--until", "7000"), "no update from 6000 to 7000"),
        (("--from", "9", "--until", "3"), "no update from 9 to 3"),
    ],
)
def test_updates_that_are_not_there(recorded: str, asked: tuple[str, ...], said: str) -> None:
    """What was asked for is repeated in words, and what there is."""
    result = run("plot", recorded, *asked)

    assert result.exit_code == 2
    assert said in result.stderr
    assert "it has those from 0 to " in result.stderr
    assert "None" not in result.stderr


def test_running_statistics_are_no_weight(tmp_path: Path) -> None:
    """They are carried on and have no gradient; asked for by their name they are drawn."""
    problem = tmp_path / "p.yaml"
    problem.write_text(
        "inputs: [[1, 2], [0.5, 3], [1, 1]]\ntargets: [[1], [0], [1]]\nlayers:\n"
        "  - {type: batch_norm, momentum: 0.25}\n"
        "  - {weights: [[0.8, -0.4]], biases: [0.1]}\n"
        "loss: half_squared_error\noptimizer: {gradient_descent: {rate: 0.5}}\n"
    )
    kept = str(tmp_path / "run")
    assert run("train", str(problem), "--updates", "20", "-o", kept).exit_code == 0
    assert not [name for name in _rows(kept, "--what", "weights")[0] if "running" in name]
    gradients = _rows(kept, "--what", "gradients")
    assert {*gradients[0][1:]} == {"|dbatch_norm1.gamma|", "|dbatch_norm1.beta|", "|dw2|", "|db2|"}
    means = [float(row[1]) for row in _rows(kept, "--what", "batch_norm1.running_mean")[1:]]
    assert means[:3] == pytest.approx([0, 2.5 / 3 * 0.25, 2.5 / 3 * 0.4375])
