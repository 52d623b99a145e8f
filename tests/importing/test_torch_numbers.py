"""PyTorch's numbers for a problem: exactly the problem's, or explained by its habits."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.backprop.problems import problem_of
from tests.cli.runs import ROOT
from tests.oracles.networks import by_torch, random_network
from tracer.backprop.comparing import compare
from tracer.backprop.tracing import trace
from tracer.errors import MissingTool, ProblemError
from tracer.files.problem import load, load_text
from tracer.importing.torch_numbers import torch_numbers
from tracer.model.problem import Dense, Problem

EXAMPLES = [
    path
    for path in sorted((ROOT / "examples").glob("*/*.yaml"))
    if "layers:" in (text := path.read_text(encoding="utf-8"))
    and "\nloss:" in text
    and "schedule:" not in text
    and "answers:" not in text
]
"""Every problem of layers with a loss."""


def test_without_pytorch_it_is_a_missing_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install, and has exit code 3."""
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingTool, match="pip install") as caught:
        torch_numbers(load(ROOT / "examples" / "mazur.yaml"))

    assert caught.value.exit_code == 3


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_exactly_the_problem(path: Any) -> None:
    """Of every layer network among the examples PyTorch gives the same numbers."""
    pytest.importorskip("torch")
    problem = load(path)
    found = compare(problem, torch_numbers(problem, exactly=True), 1e-11)

    assert found.agrees, found


@pytest.mark.parametrize("seed", range(0, 40, 3))
def test_random_networks_exactly(seed: int) -> None:
    """Against another PyTorch program: gradients and updated weights of random networks."""
    pytest.importorskip("torch")
    network = random_network(seed)
    mine = torch_numbers(problem_of(network), exactly=True)
    reference = by_torch(network)

    for n, layer in enumerate(network.layers, 1):
        for i in range(layer.units):
            for j, weight in enumerate(layer.weights[i]):
                if weight is not None:
                    for mark, name in (("", f"dw{n}"), ("@1", f"w{n}@1")):
                        key = f"{'d' if not mark else ''}w{n}[{i + 1},{j + 1}]{mark}"
                        assert mine[name][i, j] == pytest.approx(reference[key], rel=1e-12)
    assert float(mine["loss"]) == pytest.approx(reference["loss"], rel=1e-12)


def test_habits_are_explained() -> None:
    """A textbook's loss of three outputs and four samples, and what PyTorch makes of it."""
    pytest.importorskip("torch")
    problem = Problem(
        inputs=[["0.5", "1"], ["-1", "0.25"], ["0.75", "-0.5"], ["1", "2"]],
        targets=[["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"], ["1", "0", "1"]],
        layers=[Dense(3, "sigmoid", [["0.1", "-0.2"], ["0.3", "0.4"], ["-0.5", "0.6"]], "0.1")],
        loss="half_squared_error",
        settings={"rate": "0.5"},
    )
    found = compare(problem, torch_numbers(problem), 1e-9)

    assert found.explained
    assert sorted(c.id for c in found.conventions) == [
        "bias_each",
        "mean_over_batch",
        "mean_over_outputs",
        "no_half",
    ] or sorted(c.id for c in found.conventions) == [
        "bias_each",
        "mean_over_batch",
        "mean_over_outputs",
        "twice",
    ]


@pytest.mark.parametrize(
    "changes", [{"schedule": "inverse_time"}, {"targets": (), "loss": None}], ids=str
)
def test_what_pytorch_is_not_asked(changes: dict[str, Any]) -> None:
    """Schedules and bare forward passes are refused in words."""
    pytest.importorskip("torch")
    chosen: dict[str, Any] = {
        "inputs": ["1"],
        "targets": ["1"],
        "layers": [Dense(1, "sigmoid", [["0.5"]])],
        "loss": "squared_error",
        "settings": {"rate": "1"},
        "schedule_settings": {"decay": "0.1"} if "schedule" in changes else {},
    }
    with pytest.raises(ProblemError):
        torch_numbers(Problem(**{**chosen, **changes}))


@pytest.mark.parametrize("reduction", ["sum", "mean", "weighted"])
def test_settings_of_a_loss_are_those_of_the_problem(reduction: str) -> None:
    """Smoothed labels and class weights give the trace's numbers, whatever the reduction."""
    pytest.importorskip("torch")
    problem = load_text(
        "inputs: [[1, 2], [-1, 0.5]]\ntargets: [[1, 0, 0], [0, 1, 0]]\n"
        "layers: [{activation: softmax, weights: [[0.2, 0.1], [0.3, -0.1], [0, 0.4]]}]\n"
        "loss: {name: cross_entropy, smoothing: 0.1, class_weights: [1, 3, 0.5]}\n"
        f"reduction: {reduction}\noptimizer: {{gradient_descent: {{rate: 0.1}}}}\n"
        "rounding: {policy: exact}\n"
    )
    theirs, found = torch_numbers(problem, exactly=True), trace(problem)
    assert float(theirs["loss"]) == pytest.approx(float(found["loss"].exact or 0), rel=1e-12)
    own = float(found["dw1[2,1]"].exact or 0)
    assert theirs["dw1"][1, 0] == pytest.approx(own, rel=1e-12)
    if reduction == "weighted":
        as_used = torch_numbers(problem)
        assert float(as_used["loss"]) == pytest.approx(float(found["loss"].exact or 0), rel=1e-12)


TYPED = """\
inputs: [[[1, 2], [0.5, -1], [0, 1]], [[0.2, 1], [1, 1], [-1, 0.5]]]
targets: [[1], [0]]
layers:
  - {type: lstm, units: 2, return: last, weights: {seed: 7, digits: 2}}
  - {type: layer_norm, gamma: [1.5, 0.5], beta: [0.1, 0]}
  - {units: 2, activation: tanh, weights: [[0.3, -0.2], [0.1, 0.4]], biases: [0.1, 0]}
  - {units: 1, activation: sigmoid, weights: [[0.5, -0.4]], biases: [0.2]}
loss: binary_cross_entropy
rounding: {policy: exact}
"""
OPTIMIZERS = ("{gradient_descent: {rate: 0.5}}", "{adamw: {rate: 0.1, decay: 0.2}}")
HELD = [
    "freeze: [biases]",
    "freeze: [weights]",
    'freeze: [lstm1.Wf, w3, "lstm1.Uo[1,2]", "w4[1,1]", "b3[2]", "layer_norm2.gamma[1]"]',
    "regularizer: {l2_half: {strength: 0.1}}",
    "regularizer: {l2_mean: {strength: 0.1, biases: true}}",
    "regularizer: {l1: {strength: 0.05}}\nfreeze: [lstm1.bi]",
    'freeze: ["lstm1.Wf[1,1]"]\nclip: {norm: 0.01}',
]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("told", HELD)
def test_what_is_frozen_or_penalized_in_layers_of_every_type(told: str, optimizer: str) -> None:
    """Loss, gradients and new parameters are the trace's, whole arrays frozen or single cells."""
    pytest.importorskip("torch")
    problem = load_text(f"{TYPED}optimizer: {optimizer}\n{told}\n")
    found = compare(problem, torch_numbers(problem, exactly=True), 1e-11)

    assert found.agrees, found
    assert torch_numbers(problem)  # with PyTorch's own habits it is calculated, too


def test_single_frozen_weights_of_dense_layers() -> None:
    """They stay, and a penalty on them is counted in the loss all the same."""
    pytest.importorskip("torch")
    text = TYPED.split("layers:")[1].splitlines()[3:]
    problem = load_text(
        "inputs: [[1, 2], [0.5, -1]]\ntargets: [[1], [0]]\nlayers:\n"
        + "\n".join(text)
        + '\noptimizer: {gradient_descent: {rate: 0.5}}\nfreeze: ["w1[1,2]", b2]\n'
        + "regularizer: {l2: {strength: 0.1}}\n"
    )
    found = compare(problem, torch_numbers(problem, exactly=True), 1e-11)

    assert found.agrees, found
