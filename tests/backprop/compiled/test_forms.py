"""The compiled forms beside each other, the trace, and PyTorch.

Straight-line code, columns and NumPy are generated from the plan that is traced; here
each is run and every recorded number compared.
"""

from __future__ import annotations

import math
import random
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.backprop.problems import problem_of
from tests.oracles.networks import by_torch, random_network
from tests.oracles.programs import random_program
from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.model.history import History
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace

FORMS = ("straight", "columns", "numpy")


def apart(history: History, found: Trace, updates: int) -> list[str]:
    """Recorded arrays that differ from the trace by more than 1e-12 of their largest entry."""
    wrong = []
    for update in range(updates):
        mark = f"@{update}" if update else ""
        arrays: dict[str, list[tuple[float, float]]] = {}
        for key, value in history.at(update).items():
            if key not in history.layout.constants:
                exact = float(found[key + mark].exact)  # type: ignore[arg-type]
                arrays.setdefault(key.partition("[")[0].partition("#")[0], []).append(
                    (value, exact)
                )
        for name, pairs in arrays.items():
            difference = max(abs(ours - theirs) for ours, theirs in pairs)
            if difference > 1e-12 * max(max(abs(exact) for _, exact in pairs), 1e-3):
                wrong.append(f"{name}{mark}: {difference}")
    return wrong


def whole(history: History) -> np.ndarray:
    """All rows of a history, in memory."""
    return np.concatenate([np.asarray(block[:]) for block in history.blocks])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(60))
def test_layer_networks_are_the_trace(seed: int, form: str) -> None:
    """Three updates of random networks give the trace's exact numbers, to 1e-12."""
    problem = problem_of(random_network(seed), updates=3)
    history = train(problem, how=form)
    assert history.form == form
    assert apart(history, trace(problem, prove=False), 3) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", [s for s in range(60) if s != 93])
def test_equation_networks_are_the_trace(seed: int, form: str) -> None:
    """Two updates of random programs give the trace's exact numbers, to 1e-12."""
    program = random_program(seed)
    problem = Problem(
        given=program.given,
        equations=program.lines,
        loss="L",
        learn=list(program.given),
        settings={"rate": "0.01"},
        updates=2,
    )
    assert apart(train(problem, how=form), trace(problem, prove=False), 2) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_layer_networks_are_pytorchs(seed: int, form: str) -> None:
    """Activations, the loss, gradients and updated parameters are PyTorch's, to 1e-12."""
    pytest.importorskip("torch", reason="PyTorch is not installed")
    network = random_network(seed)
    history = train(problem_of(network), 1, how=form)
    before, after = history.at(0), history.at(1)
    expected = by_torch(network)
    for key, value in expected.items():
        role = key.rstrip("0123456789[],@#")
        if role in ("z", "a", "loss", "dw", "db", "w", "b"):
            ours = (after if key.endswith("@1") else before).get(key.removesuffix("@1"))
            if ours is not None:
                assert ours == pytest.approx(value, rel=1e-12, abs=1e-14), key
    learnt = [key for key in expected if key[0] in "wb" and key.endswith("@1")]
    assert learnt
    assert all(key.removesuffix("@1") in after for key in learnt)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_is_the_trace(name: str, form: str) -> None:
    """States and the number of the update are carried on as the trace carries them."""
    settings = {k: default or "0.1" for k, default in OPTIMIZERS[name].settings.items()}
    network = problem_of(random_network(1), updates=4)
    problem = replace(network, optimizer=name, settings=settings)
    assert apart(train(problem, how=form), trace(problem, prove=False), 4) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("batch", ["online", [[1, 2], [4], [3, 1]]])
def test_batches_in_turn_are_the_trace(batch: Any, form: str) -> None:
    """One sample after another, and batches of different sizes, with a mean over each."""
    network = next(n for n in map(random_network, range(50)) if n.samples == 4)
    problem = problem_of(network, updates=7, batch=batch, reduction="mean")
    assert apart(train(problem, how=form), trace(problem, prove=False), 7) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_masked_softmax_is_the_trace(form: str) -> None:
    """Cells that are not there take no part in a softmax, forwards and backwards."""
    draw = random.Random(2)
    numbers = [[[f"{draw.uniform(-1, 1):.2f}" for _ in range(2)] for _ in range(3)] for _ in "QK"]
    problem = Problem(
        given={"Q": numbers[0], "K": numbers[1]},
        equations=["S = causal(Q @ K.T)", "A = softmax(S)", "L = sum(A**2)"],
        loss="L",
        learn=["Q", "K"],
        settings={"rate": "0.1"},
        updates=3,
    )
    history = train(problem, how=form)
    assert "S[1,2]" not in history.keys()  # noqa: SIM118
    assert apart(history, trace(problem, prove=False), 3) == []


@pytest.mark.parametrize("seed", range(12))
def test_straight_line_code_is_one_calculation(seed: int) -> None:
    """What is recorded, how often, and in what pieces, changes not one bit."""
    problem = problem_of(random_network(seed))
    every = train(problem, 200)
    for other in (
        train(problem, 200, record=["loss"]),
        train(problem, 200, every=7),
        train(problem, 200, record=["w"], every=64),
    ):
        for key in other.keys():  # noqa: SIM118
            rows = every.updates.searchsorted(other.updates)
            assert np.array_equal(other[key], every[key][rows]), key


def test_straight_line_code_is_textbook_order() -> None:
    """Sums and products run from left to right: the same bits as plain Python."""
    draw = random.Random(5)
    w, x = [[draw.uniform(-1, 1) for _ in range(9)] for _ in range(2)]
    problem = Problem(
        inputs=x,
        targets=["0.3"],
        layers=[Dense(1, "tanh", [w], ["0.7"])],
        loss="half_squared_error",
        settings={"rate": "0.5"},
    )
    history = train(problem, 1, how="straight")
    z = w[0] * x[0]
    for weight, value in zip(w[1:], x[1:], strict=True):
        z = z + weight * value
    z = z + 0.7
    a = math.tanh(z)
    delta = (a - 0.3) * (1.0 - a * a)
    assert history["z1[1]"][0] == z
    assert history["a1[1]"][0] == a
    assert history["delta1[1]"][0] == delta
    for j in range(9):
        assert history[f"dw1[1,{j + 1}]"][0] == delta * x[j]
        assert history[f"w1[1,{j + 1}]"][1] == w[j] - 0.5 * (delta * x[j])


def ulps(first: float, second: float) -> int:
    """How many machine numbers lie between two."""

    def place(value: float) -> int:
        bits = struct.unpack("<q", struct.pack("<d", value))[0]
        return bits if bits >= 0 else -(bits & 0x7FFFFFFFFFFFFFFF)

    return abs(place(first) - place(second))


@pytest.mark.parametrize(
    ("formula", "most"),
    [("exp(x)", 1), ("log(1 + x**2)", 1), ("sigmoid(x)", 2), ("tanh(x)", 3)],
)
def test_elementary_functions_are_few_ulps_apart(formula: str, most: int) -> None:
    """NumPy's functions beside math's: exp and log 1 ulp, sigmoid 2, tanh 3."""
    draw = random.Random(3)
    xs = [repr(draw.uniform(-6, 6)) for _ in range(400)]
    problem = Problem(
        given={"x": xs, "k": "1"},
        equations=[f"f = {formula}", "L = k*sum(f)"],
        loss="L",
        learn=["k"],
        settings={"rate": "0.1"},
    )
    straight, columns, arrays = (train(problem, 1, how=form) for form in FORMS)
    for key in [f"f[{i}]" for i in range(1, 401)]:
        for other in (columns, arrays):
            assert ulps(float(straight[key][0]), float(other[key][0])) <= most, key


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", [n for n, a in ACTIVATIONS.items() if not a.kink])
@pytest.mark.parametrize("z", ["800", "-800"])
def test_saturated_units_are_calculated(name: str, z: str, form: str) -> None:
    """At +-800 an exponential overflows; the twins and the shifted softmax do not."""
    units = 2 if ACTIVATIONS[name].vector else 1
    problem = Problem(
        inputs=["1"],
        targets=["0.5"] * units,
        layers=[Dense(units, name, [[z], ["1"]][:units])],
        loss="half_squared_error",
        settings={"rate": "1e-6"},
    )
    history = train(problem, 3, how=form)
    assert history.stopped == "updates", history.message
    expected = {
        "identity": float(z),
        "sigmoid": float(float(z) > 0),
        "tanh": math.copysign(1, float(z)),
        "softplus": max(0.0, float(z)),
        "softmax": float(float(z) > 0),
    }
    if name in expected:
        assert history["a1[1]"][0] == pytest.approx(expected[name], abs=1e-300)


def test_the_form_is_chosen_by_the_size() -> None:
    """Small networks run as straight-line code, large ones in NumPy."""

    def network(width: int) -> Problem:
        rows = [["0.1"] * width] * width
        return Problem(
            inputs=["1"] * width,
            targets=["0"] * width,
            layers=[Dense(width, "sigmoid", rows), Dense(width, "sigmoid", rows)],
            loss="half_squared_error",
            settings={"rate": "0.1"},
        )

    assert train(network(2), 1).form == "straight"
    assert train(network(20), 1).form == "numpy"
    assert train(network(20), 1, how="straight").form == "straight"
