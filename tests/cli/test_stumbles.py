"""What people type on the line: names as they are printed, ranges, figures, full disks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runs import MAZUR, ROOT, run

NIELSEN = """
inputs: [[1, -1], [0.5, 2]]
targets: [[0.2], [0.6]]
layers:
  - {activation: tanh, weights: [[0.1, -0.2], [0.3, 0.4]], biases: [0, 0]}
  - {activation: tanh, weights: [[0.5, -0.6]], biases: false}
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
"""


@pytest.mark.parametrize(
    ("name", "key"),
    [("w_5", "w2[1,1]"), ("net_h1", "z1[1]"), ("dE_total/dw_5", "dw2[1,1]"), ("δₒ₁", "delta2[1]")],
)
def test_a_name_as_the_page_prints_it(name: str, key: str) -> None:
    """What a reader sees on the page may be asked for, in the problem's notation."""
    found = run("explain", MAZUR, name)
    assert found.exit_code == 0, found.stderr
    assert found.stdout == run("explain", MAZUR, key).stdout


def test_only_takes_printed_names_as_well() -> None:
    """A printed name chooses one line; the name of an array goes on choosing all its cells."""
    page = run("solve", MAZUR, "--flavor", "plain", "--only", "netₕ₁").stdout
    assert "netₕ₁ = " in page
    assert "netₕ₂ = " not in page
    both = run("solve", MAZUR, "--flavor", "plain", "--only", "w1").stdout
    assert all(f"{name}⁺ = " in both for name in ("w₁", "w₂", "w₃", "w₄"))


def test_the_nearest_cell_is_told() -> None:
    """A cell that is not there leads to one that is, not to the whole array."""
    told = run("solve", MAZUR, "--only", "dw1.1.9").stderr
    assert "'dw1[1,9]'" in told
    assert "did you mean 'dw1[1,1]' or 'dw1[1,2]'?" in told


def test_a_range_that_runs_backwards() -> None:
    """It is turned round in the message."""
    told = run("solve", "-", "--update", "2..1", given=NIELSEN.replace("loss", "updates: 3\nloss"))
    assert told.exit_code == 2
    assert "'2..1': a range goes upwards: 1..2" in told.stderr


@pytest.mark.parametrize("asked", [("--places", "3"), ("--figures", "4")])
def test_figures_of_what_is_not_rounded(asked: tuple[str, str]) -> None:
    """They would do nothing, and that is said; with a policy that rounds they hold."""
    exact = NIELSEN.replace("tanh", "identity") + "rounding: {policy: exact}\n"
    refused = run("solve", "-", *asked, given=exact)
    assert refused.exit_code == 2
    assert "the policy 'exact' rounds nothing" in refused.stderr
    assert run("solve", "-", *asked, "--policy", "shown", given=exact).exit_code == 0


def test_a_sheet_is_in_the_order_of_the_page(tmp_path: Path) -> None:
    """One sample stands below the other, as the worked example prints them."""
    path = tmp_path / "p.yaml"
    path.write_text(NIELSEN, encoding="utf-8")
    lines = run("sheet", str(path), "--to", "text", "--only", "z1").stdout.splitlines()
    names = ["z_1^(2)^(x1)", "z_2^(2)^(x1)", "z_1^(2)^(x2)", "z_2^(2)^(x2)"]
    assert [line.removesuffix(" =") for line in lines if line.startswith("z_")][:4] == names


def test_a_full_disk_is_no_fault_of_ours() -> None:
    """Neither a page nor a table that finds no room is blamed on the program."""
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    for command in (["solve", MAZUR], ["notations", "list"]):
        with open("/dev/full", "w", encoding="utf-8") as full:
            ended = _process(command, stdout=full, stderr=subprocess.PIPE)
        assert ended.returncode == 2
        assert "cannot be written (No space left on device)" in ended.stderr
        assert "fault in tracer" not in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell of another kind")
def test_without_standard_output_a_file_is_written(tmp_path: Path) -> None:
    """A closed standard output, as windowed programs have it, is nothing to stumble over."""
    page = tmp_path / "page.md"
    code = f'exec "{sys.executable}" -m tracer.cli.main solve "{MAZUR}" -o "{page}" >&-'
    ended = _process(["sh", "-c", code], stderr=subprocess.PIPE, bare=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert page.is_file()


def _process(
    command: list[str], bare: bool = False, **pipes: Any
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with its own standard streams."""
    words = command if bare else [sys.executable, "-m", "tracer.cli.main", *command]
    there = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, encoding="utf-8", env=there, check=False, timeout=120, **pipes)
