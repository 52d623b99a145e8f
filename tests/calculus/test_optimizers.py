"""Every optimizer, regularizer and schedule of the tables, ten updates long.

Parameters after each of ten updates are compared with plain Python written from the
cited source (60 digits, gradients by central differences), and with PyTorch's own
optimizer where there is one.
"""

from __future__ import annotations

import math
from typing import Any

import mpmath
import pytest

from tests.backprop.problems import disagreements, problem_of
from tests.backprop.test_tracing import with_parameters
from tests.oracles.descending import updates
from tests.oracles.networks import (
    Layer,
    Network,
    central_differences,
    mp_number,
    torch_activation,
    torch_terms,
)
from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.regularizers import REGULARIZERS
from tracer.calculus.schedules import SCHEDULES
from tracer.model.problem import Problem

NETWORK = Network(
    inputs=[["0.5", "-1.2"], ["2", "0.3"], ["-0.7", "0.9"]],
    targets=[["0.3"], ["-0.8"], ["0.5"]],
    layers=[Layer(1, "tanh", [["0.4", "-0.6"]], ["0.2"])],
    loss="half_squared_error",
    reduction="mean",
    rate="0.3",
)
SETTINGS = {
    "rate": "0.3",
    "beta": "0.8",
    "beta1": "0.7",
    "beta2": "0.9",
    "epsilon": "0.001",
    "decay": "0.05",
}
KEYS = list(NETWORK.parameters())
UPDATES = 10


def settings_of(name: str) -> dict[str, str]:
    """Our values for the settings that an optimizer has."""
    return {key: SETTINGS[key] for key in OPTIMIZERS[name].settings}


def optimized(name: str, **changes: Any) -> Problem:
    """Ten updates of the small network."""
    return problem_of(
        NETWORK,
        **{"optimizer": name, "settings": settings_of(name), "updates": UPDATES, **changes},
    )


def by_hand(name: str, penalty: Any = None, rate: Any = None) -> dict[str, mpmath.mpf]:
    """Every parameter after each update, by plain Python at 60 digits.

    Args:
        name: the optimizer.
        penalty: the slope of a penalty at a weight, added to its gradient.
        rate: the rate of each update by its number; none: the setting.
    """
    with mpmath.workdps(60):
        values = {key: mp_number(text) for key, text in NETWORK.parameters().items()}
        states: dict[str, dict[str, Any]] = {key: {} for key in values}
        found = {}
        for step in range(1, UPDATES + 1):
            chosen = SETTINGS if rate is None else {**SETTINGS, "rate": "1"}
            update = updates(mp_number, **chosen)[name]
            gradients = central_differences(with_parameters(NETWORK, values))
            for key in values:
                gradient = gradients[key]
                if penalty is not None and key.startswith("w"):
                    gradient = gradient + penalty(values[key])
                if rate is not None:
                    gradient = gradient * rate(step)
                values[key] = update(values[key], gradient, step, states[key])
                found[f"{key}@{step}"] = values[key]
        return found


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_ten_updates_are_those_of_the_cited_source(name: str) -> None:
    """Every parameter after each update, to 1e-28, beside plain Python."""
    found = trace(optimized(name))
    assert disagreements(found, by_hand(name), 1e-28, 1e-28) == []


def test_the_table_names_each_optimizer_once() -> None:
    """The key in the table is the name that problems use; each names its source or twin."""
    assert all(name == optimizer.name for name, optimizer in OPTIMIZERS.items())
    assert set(OPTIMIZERS) <= set(updates(mp_number, **SETTINGS))


def torch_optimizers(parameters: list[Any]) -> dict[str, Any]:
    """PyTorch's optimizers with the same settings."""
    from torch import optim

    given = {key: float(text) for key, text in SETTINGS.items()}
    rate, beta, eps = given["rate"], given["beta"], given["epsilon"]
    betas = (given["beta1"], given["beta2"])
    return {
        "gradient_descent": lambda: optim.SGD(parameters, rate),
        "momentum": lambda: optim.SGD(parameters, rate, momentum=beta),
        "nesterov": lambda: optim.SGD(parameters, rate, momentum=beta, nesterov=True),
        "adagrad": lambda: optim.Adagrad(parameters, rate, eps=eps),
        "rmsprop": lambda: optim.RMSprop(parameters, rate, alpha=beta, eps=eps),
        "adam": lambda: optim.Adam(parameters, rate, betas, eps),
        "adamw": lambda: optim.AdamW(parameters, rate, betas, eps, weight_decay=given["decay"]),
        "adadelta": lambda: optim.Adadelta(parameters, rate, rho=beta, eps=eps),
        "gradient_descent_decay": lambda: optim.SGD(parameters, rate, weight_decay=given["decay"]),
    }


PYTORCH = [
    "gradient_descent", "gradient_descent_decay", "momentum", "nesterov", "adagrad", "rmsprop",
    "adam", "adamw", "adadelta",
]  # fmt: skip


@pytest.mark.parametrize("name", PYTORCH)
def test_ten_updates_are_those_of_pytorch(name: str) -> None:
    """Every parameter after each update, to 1e-12, beside PyTorch's optimizer."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    weights = torch.tensor([[0.4, -0.6]], dtype=torch.float64, requires_grad=True)
    bias = torch.tensor([0.2], dtype=torch.float64, requires_grad=True)
    inputs = torch.tensor([[float(x) for x in row] for row in NETWORK.inputs], dtype=torch.float64)
    optimizer = torch_optimizers([weights, bias])[name]()
    expected = {}
    for step in range(1, UPDATES + 1):
        optimizer.zero_grad()
        z = inputs @ weights.T + bias
        terms = torch_terms(NETWORK, z, torch_activation(NETWORK.layers[0], z))
        terms.sum(1).mean().backward()
        optimizer.step()
        expected |= {
            f"w1[1,1]@{step}": weights[0, 0].item(),
            f"w1[1,2]@{step}": weights[0, 1].item(),
            f"b1[1]@{step}": bias[0].item(),
        }
    assert disagreements(trace(optimized(name)), expected, 1e-12, 1e-15) == []


PENALTIES = {
    "l2": (lambda w, s, m: s * w**2, lambda w, s, m: 2 * s * w),
    "l2_half": (lambda w, s, m: s / 2 * w**2, lambda w, s, m: s * w),
    "l2_mean": (lambda w, s, m: s / (2 * m) * w**2, lambda w, s, m: s / m * w),
    "l1": (lambda w, s, m: s * abs(w), lambda w, s, m: s * mpmath.sign(w)),
}
"""Each penalty of one weight and its slope, as the sources write them."""


@pytest.mark.parametrize("name", REGULARIZERS)
def test_a_penalty_is_part_of_loss_and_gradient(name: str) -> None:
    """The loss grows by the penalty of the weights, each gradient by its slope."""
    term, slope = PENALTIES[name]
    with mpmath.workdps(60):
        strength, m = mp_number("0.07"), mp_number("3")
        plain = trace(optimized("gradient_descent"))
        found = trace(optimized("gradient_descent", regularizer=name, strength="0.07"))
        assert found.proof
        expected = by_hand("gradient_descent", penalty=lambda w: slope(w, strength, m))
        assert disagreements(found, expected, 1e-28, 1e-28) == []
        weights = [mp_number(text) for key, text in NETWORK.parameters().items() if key[0] == "w"]
        penalty = sum(term(w, strength, m) for w in weights)
        loss = mpmath.mpf(str(plain["loss"].exact)) + penalty
        assert disagreements(found, {"loss": loss}, 1e-28, 1e-28) == []


RATES = {
    "inverse_time": ({"decay": "0.4"}, lambda t: 1 / (1 + mp_number("0.4") * (t - 1))),
    "exponential": ({"decay": "0.4"}, lambda t: mpmath.exp(-mp_number("0.4") * (t - 1))),
    "geometric": ({"factor": "0.9"}, lambda t: mp_number("0.9") ** (t - 1)),
    "step": ({"factor": "0.5", "every": "3"}, lambda t: mp_number("0.5") ** ((t - 1) // 3)),
    "linear": ({"updates": "8"}, lambda t: 1 - mp_number(str(min(t - 1, 8))) / 8),
    "polynomial": (
        {"updates": "8", "power": "2"},
        lambda t: (1 - mp_number(str(min(t - 1, 8))) / 8) ** 2,
    ),
    "cosine": (
        {"updates": "7", "last": "0.003"},
        lambda t: (
            mp_number("0.01")
            + mp_number("0.99") * (1 + mpmath.cos(mpmath.pi * min(t - 1, 7) / 7)) / 2
        ),
    ),
    "warm_up": ({"updates": "4"}, lambda t: mp_number(str(min(t, 4))) / 4),
    "transformer": (
        {"width": "16", "updates": "4"},
        lambda t: min(mp_number(str(t)) ** -0.5, mp_number(str(t)) * mp_number("4") ** -1.5) / 4,
    ),
}
"""Each schedule's settings and its factor at an update, as the sources write them."""


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_gives_the_rate_of_each_update(name: str) -> None:
    """Ten updates with a shrinking rate, which is a line of its own."""
    settings, factor = RATES[name]
    found = trace(optimized("gradient_descent", schedule=name, schedule_settings=settings))
    with mpmath.workdps(60):
        initial = mp_number("0.3")
        expected = by_hand("gradient_descent", rate=lambda t: initial * factor(t))
        rates = {
            f"rate@{t - 1}" if t > 1 else "rate": initial * factor(t) for t in range(1, UPDATES + 1)
        }
        assert disagreements(found, {**expected, **rates}, 1e-28, 1e-28) == []


def torch_schedules(optimizer: Any) -> dict[str, Any]:
    """PyTorch's schedulers with the settings of RATES."""
    from torch.optim import lr_scheduler

    return {
        "exponential": lambda: lr_scheduler.ExponentialLR(optimizer, math.exp(-0.4)),
        "geometric": lambda: lr_scheduler.ExponentialLR(optimizer, 0.9),
        "step": lambda: lr_scheduler.StepLR(optimizer, 3, 0.5),
        "linear": lambda: lr_scheduler.PolynomialLR(optimizer, 8, 1),
        "polynomial": lambda: lr_scheduler.PolynomialLR(optimizer, 8, 2),
        "cosine": lambda: lr_scheduler.CosineAnnealingLR(optimizer, 7, 0.003),
        "warm_up": lambda: lr_scheduler.LinearLR(optimizer, 0.25, 1, 3),
    }


PYTORCH_SCHEDULES = (
    *("exponential", "geometric", "step", "linear", "polynomial", "cosine", "warm_up"),
)


@pytest.mark.parametrize("name", PYTORCH_SCHEDULES)
def test_the_rates_are_those_of_pytorch(name: str) -> None:
    """The rate of each of the updates that the schedule is made for, to 1e-12."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    settings, _ = RATES[name]
    found = trace(optimized("gradient_descent", schedule=name, schedule_settings=settings))
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], 0.3)
    scheduler = torch_schedules(optimizer)[name]()
    for step in range(min(UPDATES, int(settings.get("updates", UPDATES)))):
        ours = float(found[f"rate@{step}" if step else "rate"].exact or 0)
        assert ours == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize("name", SCHEDULES)
def test_training_has_the_rates_of_the_trace(name: str) -> None:
    """Compiled in each of its forms, ten updates change every weight as the trace does."""
    problem = optimized("gradient_descent", schedule=name, schedule_settings=RATES[name][0])
    found = trace(problem)
    for how in ("straight", "numpy"):
        run = train(problem, UPDATES, how=how)
        for key in KEYS:
            for step in range(1, UPDATES + 1):
                exact = float(found[f"{key}@{step}"].exact or 0)
                assert run[key][step] == pytest.approx(exact, rel=1e-12, abs=1e-15)


def test_every_table_is_covered() -> None:
    """A penalty or schedule that is added to its table is written down here as well."""
    assert set(PENALTIES) >= set(REGULARIZERS)
    assert set(RATES) >= set(SCHEDULES)


@pytest.mark.parametrize("kind", ["value", "norm"])
def test_clipped_gradients(kind: str) -> None:
    """By value each gradient is cut off; by norm all are shortened together."""
    limit = "0.05"
    found = trace(optimized("gradient_descent", clip=kind, clip_at=limit, updates=1))
    with mpmath.workdps(60):
        gradients = central_differences(NETWORK)
        bound = mp_number(limit)
        norm = mpmath.sqrt(sum(g * g for g in gradients.values()))
        assert norm > bound
        assert any(abs(g) > bound for g in gradients.values())
        for key, text in NETWORK.parameters().items():
            g = gradients[key]
            cut = max(-bound, min(bound, g)) if kind == "value" else g * bound / norm
            new = mp_number(text) - mp_number("0.3") * cut
            assert disagreements(found, {f"{key}@1": new}, 1e-28, 1e-28) == []


def test_the_first_updates_do_not_depend_on_how_many_follow() -> None:
    """Two updates of ten are the two updates of two."""
    long, short = trace(optimized("adam")), trace(optimized("adam", updates=2))
    for step in short:
        if step.phase == "update":
            assert long[step.key].exact == step.exact


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_an_optimizer_writes_stands_in_the_update(name: str) -> None:
    """Averages, moments, increments and new parameters are lines of that phase alone."""
    found = trace(optimized(name, updates=1), prove=False)
    rules = ("state", "moment", "increment", "update")
    assert {step.phase for step in found if step.rule in rules} == {"update"}
    written = {step.rule for step in found} & set(rules)
    assert ("state" in written) is bool(OPTIMIZERS[name].states)
    assert ("moment" in written) is (set(OPTIMIZERS[name].lines) > set(OPTIMIZERS[name].states))
