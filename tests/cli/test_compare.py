"""`tracer compare`: a framework's numbers, files of numbers, and what parts them from ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.runs import MAZUR, run

GRADIENTS = {"dw2": [[0.082167041, 0.082667628], [-0.022602540, -0.022740242]]}
"""The gradients of Mazur's article for the weights into the output layer."""


def _csv(numbers: dict[str, list[list[float]]], factor: float = 1) -> str:
    return "".join(
        f"{name}[{i},{j}],{value * factor!r}\n"
        for name, rows in numbers.items()
        for i, row in enumerate(rows, 1)
        for j, value in enumerate(row, 1)
    )


def test_the_articles_numbers_agree(tmp_path: Path) -> None:
    """The same numbers as CSV, JSON and .npz: exit code 0."""
    (tmp_path / "n.csv").write_text(_csv(GRADIENTS), encoding="utf-8")
    (tmp_path / "n.json").write_text(json.dumps(GRADIENTS), encoding="utf-8")
    np.savez(tmp_path / "n.npz", **{k: np.array(v) for k, v in GRADIENTS.items()})
    for name in ("n.csv", "n.json", "n.npz"):
        result = run("compare", MAZUR, "--numbers", str(tmp_path / name))

        assert result.exit_code == 0, result.output
        assert "All 4 numbers agree." in result.stdout


def test_a_difference_is_named_in_a_sentence() -> None:
    """Twice the article's gradients: a loss without the half, exit code 1."""
    result = run("compare", MAZUR, "--numbers", "-", given=_csv(GRADIENTS, 2))

    assert result.exit_code == 1
    assert "without the half" in result.stdout
    assert "agree by 1" in result.stdout


def test_what_nothing_explains_is_shown() -> None:
    """The number that differs stands beside ours."""
    given = _csv(GRADIENTS).replace("0.082167041", "0.092167041")
    result = run("compare", MAZUR, "--numbers", "-", given=given)

    assert result.exit_code == 1
    assert "No known convention" in result.stdout
    assert "dw2[1,1] is 0.092167041 there, 0.0821670406 here" in result.stdout
    assert f"tracer check {MAZUR} SHEET" in result.stderr
    explained = run("compare", MAZUR, "--numbers", "-", given=_csv(GRADIENTS, 2))
    assert "tracer check" not in explained.stderr


def test_json() -> None:
    """Conventions with their sentences, arrays with what they need."""
    result = run("compare", MAZUR, "--numbers", "-", "--to", "json", given=_csv(GRADIENTS, 2))
    data = json.loads(result.stdout)

    assert (data["agrees"], data["explained"]) == (False, True)
    assert data["conventions"][0]["id"] == "no_half"
    assert "half" in data["conventions"][0]["sentence"]
    assert data["arrays"][0]["name"] == "dw2"
    assert "no_half" in data["arrays"][0]["conventions"]


def test_pytorch_explains_itself() -> None:
    """Mazur never updates his biases and shares them; PyTorch does neither."""
    pytest.importorskip("torch")
    result = run("compare", MAZUR, "--with", "torch")
    exactly = run("compare", MAZUR, "--with", "torch", "--exactly")

    assert result.exit_code == 1
    assert "They update the biases" in result.stdout
    assert "a bias for each unit" in result.stdout
    assert exactly.exit_code == 0
    assert "numbers agree" in exactly.stdout


def test_a_divergence_with_targets_of_zero(tmp_path: Path) -> None:
    """Where y is 0, y log(y/a) is 0, for the tensors of a whole batch as well."""
    pytest.importorskip("torch")
    path = tmp_path / "divergence.yaml"
    path.write_text(
        "inputs: [[1, 2], [0, 1]]\ntargets: [[0.7], [0]]\n"
        "layers: [{weights: [[0.1, 0.2]], biases: [0]}]\n"
        "loss: kl_divergence\noptimizer: {gradient_descent: {rate: 0.1}}\n",
        encoding="utf-8",
    )
    result = run("compare", str(path), "--with", "torch", "--exactly")

    assert result.exit_code == 0, result.stderr
    assert "numbers agree" in result.stdout


def test_without_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 3 and what to install."""
    monkeypatch.setitem(sys.modules, "torch", None)
    result = run("compare", MAZUR, "--with", "torch")

    assert result.exit_code == 3
    assert "pip install" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ((), ""),
        (("--with", "torch", "--numbers", "-"), ""),
        (("--numbers", "-", "--exactly"), "loss,1"),
        (("--with", "tensorflow"), ""),
        (("--numbers", "no-such-file.npz"), ""),
        (("--numbers", MAZUR), ""),
        (("--numbers", "-"), ""),
        (("--numbers", "-"), "loss,banana"),
        (("--numbers", "-"), "loss,1\nloss,2"),
        (("--numbers", "-"), "banana,1"),
        (("--numbers", "-"), "{"),
        (("--numbers", "-"), "[1]"),
        (("--numbers", "-", "--tolerance", "1"), "loss,1"),
    ],
)
def test_bad_usage(arguments: tuple[str, ...], given: str) -> None:
    """Exit code 2 and a word about it."""
    result = run("compare", MAZUR, *arguments, given=given)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "fault in tracer" not in result.stderr


def test_every_convention_has_its_sentence() -> None:
    """Each id that the tables can give stands in the prose, and each sentence is used."""
    import re

    from tests.cli.runs import ROOT
    from tracer.rendering.prose import Prose

    said = {n.partition(".")[2] for n in Prose(part="comparison").sentences
            if n.startswith("convention.")}  # fmt: skip
    room = ROOT / "tracer" / "backprop" / "comparing"
    source = "".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))
    named = set(re.findall(r'Convention\(\s*"(\w+)"', source))

    assert named <= said
    for name in said:
        stem = re.sub(r"_(?:softmax|sigmoid|outputs|batch|delta|gradient)$", "", name)
        assert f'"{name}"' in source or stem in source, name
