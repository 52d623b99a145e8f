"""`tracer import`: weights of a file as a problem that can be solved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.runs import run

W1, B1 = np.array([[0.15, 0.2], [0.25, 0.3]]), np.array([0.35, 0.35])
W2, B2 = np.array([[0.4, 0.45], [0.5, 0.55]]), np.array([0.6, 0.6])


def test_weights_become_a_problem(tmp_path: Path) -> None:
    """Mazur's weights from an archive: his error with nine digits."""
    path = tmp_path / "mazur.npz"
    np.savez(path, w1=W1, b1=B1, w2=W2, b2=B2)
    options = ("--inputs", "0.05,0.10", "--targets", "0.01,0.99", "--rate", "0.5")
    problem = run("import", str(path), *options)
    page = run("solve", "-", "--policy", "shown", "--figures", "9", given=problem.stdout)

    assert problem.exit_code == 0
    assert "0.10" in problem.stdout
    assert "0.298371109" in page.stdout


def test_weights_stored_the_other_way_round(tmp_path: Path) -> None:
    """--orientation in,out turns them; -o writes once."""
    path, out = tmp_path / "m.npz", tmp_path / "m.yaml"
    np.savez(path, w1=W1.T, b1=B1)
    arguments = ("import", str(path), "--orientation", "in,out", "--activations", "tanh")

    assert run(*arguments, "-o", str(out)).exit_code == 0
    assert "[0.15, 0.2]" in out.read_text(encoding="utf-8")
    assert "tanh" in out.read_text(encoding="utf-8")
    assert run(*arguments, "-o", str(out)).exit_code == 2


@pytest.mark.parametrize(
    "arguments", [("-",), ("no-such.npz",), ("model.pkl",), ("m.npz", "--inputs", "1,x")]
)
def test_what_cannot_be_imported(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Exit code 2 and a word about it."""
    np.savez(tmp_path / "m.npz", w1=W1, b1=B1)
    first = str(tmp_path / arguments[0]) if arguments[0] != "-" else "-"
    result = run("import", first, *arguments[1:])

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "fault in tracer" not in result.stderr


def test_what_is_wrong_with_a_model_names_its_file(tmp_path: Path) -> None:
    """Weights stored by senders, and an activation that is nearly one: what to write is said."""
    path = tmp_path / "m.npz"
    np.savez(path, w1=np.ones((2, 4)), b1=np.zeros(4))
    turned = run("import", str(path))
    assert "m.npz: w1: weights of shape (2, 4) have 2 units as 'out,in'" in turned.stderr
    assert "they fit together as 'in,out'" in turned.stderr
    near = run("import", str(path), "--orientation", "in,out", "--activations", "softmaxx")
    assert "did you mean 'softmax'?" in near.stderr


ARCHITECTURE = """
inputs: [[[1, 2], [0.5, 3]]]
targets: [[1]]
layers:
  - {type: elman, units: 2, return: last, weights: {seed: 1}}
  - {units: 1, activation: sigmoid, weights: {seed: 1}, biases: [0]}
loss: binary_cross_entropy
optimizer: {gradient_descent: {rate: 0.5}}
"""


def test_numbers_in_an_architecture(tmp_path: Path) -> None:
    """--like: the layers of a problem with the numbers of an archive; --inputs in brackets."""
    (tmp_path / "like.yaml").write_text(ARCHITECTURE, encoding="utf-8")
    arrays = {"elman1.W": W1, "elman1.U": W2, "elman1.b": B1, "w2": W2[:1], "b2": B2[:1]}
    np.savez(tmp_path / "m.npz", **arrays)
    like = ("import", str(tmp_path / "m.npz"), "--like", str(tmp_path / "like.yaml"))
    told = run(*like).stdout
    assert "return: last" in told
    assert "loss: binary_cross_entropy" in told
    assert "W: [[0.15, 0.2], [0.25, 0.3]]" in told
    assert "inputs: [[[0.1, 1/3]]]" in run(*like, "--inputs", "[[[0.1, 1/3]]]").stdout
    broken = run(*like, "--inputs", "[[1, 2]")
    assert broken.exit_code == 2
    assert "is no list such as [[1, 2], [0.5, 3]]" in broken.stderr.replace("\n", " ")
    (tmp_path / "like.yaml").write_text(ARCHITECTURE.replace("elman,", "lstm,"), encoding="utf-8")
    assert "the architecture has no 'elman1.W'" in run(*like).stderr
