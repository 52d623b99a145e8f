"""Tracing: several updates, batches, frozen and missing parameters, saturation, remarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import mpmath
import pytest
import sympy

from tests.backprop.problems import disagreements, exact, problem_of
from tests.oracles.networks import (
    KINKS,
    Network,
    central_differences,
    mp_forward,
    mp_number,
    random_network,
)
from tracer import load
from tracer.backprop.proving import prove
from tracer.backprop.tracing import trace
from tracer.errors import CalculationError, ProblemError, ProofFailed, UnknownQuantity
from tracer.model.conventions import Conventions
from tracer.model.functions import Activation
from tracer.model.problem import Dense, Problem, Report
from tracer.model.rounding import Precision, Rounding

EXAMPLES = Path(__file__).parents[2] / "examples"
FIVE = Rounding(Precision(figures=5))


def chosen(network: Network, samples: Sequence[int]) -> Network:
    """The network with some of its samples only (numbered from 1)."""
    return replace(
        network,
        inputs=[network.inputs[s - 1] for s in samples],
        targets=[network.targets[s - 1] for s in samples],
    )


def with_parameters(network: Network, values: dict[str, mpmath.mpf]) -> Network:
    """The network with other weights and biases, as texts of 60 digits."""
    layers = []
    for n, layer in enumerate(network.layers, 1):
        weights = [
            [
                None if weight is None else mpmath.nstr(values[f"w{n}[{i},{j}]"], 60)
                for j, weight in enumerate(row, 1)
            ]
            for i, row in enumerate(layer.weights, 1)
        ]
        biases: Any = layer.biases
        if isinstance(biases, str):
            biases = mpmath.nstr(values[f"b{n}"], 60)
        elif biases is not None:
            biases = [mpmath.nstr(values[f"b{n}[{i}]"], 60) for i in range(1, layer.units + 1)]
        layers.append(replace(layer, weights=weights, biases=biases))
    return replace(network, layers=layers)


def smooth(seed: int, samples: int) -> Network:
    """A small network without kinks, with so many samples."""
    for attempt in range(1000):
        network = random_network(seed + 5000 * attempt, deepest=2, widest=2, batch=4)
        names = {layer.activation for layer in network.layers}
        if network.samples == samples and not names & set(KINKS):
            return network
    raise AssertionError("no such network")


BATCHES: list[Any] = ["full", "online", [[2, 1], [3]], [[1], [2, 3]], [[1, 2], [2, 3, 1]]]


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_several_updates_are_gradient_descent(seed: int, batch: Any) -> None:
    """Parameters and losses after each of four updates, by central differences, to 1e-28."""
    network = smooth(seed, 3)
    problem = problem_of(network, updates=4, batch=batch)
    found = trace(problem)
    everything = [1, 2, 3]
    cycle = {"full": [everything], "online": [[s] for s in everything]}.get(str(batch), batch)
    with mpmath.workdps(60):
        values = {key: mp_number(text) for key, text in network.parameters().items()}
        rate = mp_number(network.rate)
        for update in range(5):
            samples = cycle[min(update, 3) % len(cycle)]
            now = with_parameters(chosen(network, samples), values)
            after = f"@{update}" if update else ""
            loss = mp_forward(now)["loss"]
            assert disagreements(found, {f"loss{after}": loss}, 1e-28, 1e-28) == []
            assert (
                disagreements(found, {f"{k}{after}": v for k, v in values.items()}, 1e-28, 1e-28)
                == []
            )
            if update == 4:
                break
            gradients = central_differences(now)
            assert (
                disagreements(
                    found, {f"d{k}{after}": g for k, g in gradients.items()}, 1e-28, 1e-28
                )
                == []
            )
            values = {key: value - rate * gradients[key] for key, value in values.items()}
    assert "loss@5" not in found


def two_layers(**changes: Any) -> Problem:
    """A 2-2-1 network with everything that can be frozen."""
    given: dict[str, Any] = {
        "inputs": [["0.5", "0.8"], ["-1", "0.3"]],
        "targets": [["1"], ["0"]],
        "layers": [
            Dense(2, "tanh", [["0.15", "0.25"], ["0.20", None]], ["0.35", "-0.2"]),
            Dense(1, "sigmoid", [["0.40", "0.50"]], "0.60"),
        ],
        "loss": "half_squared_error",
        "settings": {"rate": "0.5"},
        "rounding": FIVE,
    }
    return Problem(**{**given, **changes})


PARAMETERS = ["w1[1,1]", "w1[1,2]", "w1[2,1]", "b1[1]", "b1[2]", "w2[1,1]", "w2[1,2]", "b2"]


@pytest.mark.parametrize(
    ("freeze", "frozen"),
    [
        ([], []),
        (["biases"], ["b1[1]", "b1[2]", "b2"]),
        (["weights"], ["w1[1,1]", "w1[1,2]", "w1[2,1]", "w2[1,1]", "w2[1,2]"]),
        (["w1[1,2]"], ["w1[1,2]"]),
        (["b1[2]", "w2[1,1]"], ["b1[2]", "w2[1,1]"]),
        (["w2"], ["w2[1,1]", "w2[1,2]"]),
    ],
)
def test_frozen_parameters_stay(freeze: list[str], frozen: list[str]) -> None:
    """What is frozen has no gradient and no update; everything else is as without it."""
    free, found = trace(two_layers()), trace(two_layers(freeze=freeze))
    for key in PARAMETERS:
        assert (f"d{key}" in found) == (key not in frozen)
        if key in frozen:
            assert found[f"{key}@1"] is found[key]
            assert f"increment.{key}" not in found
        else:
            assert found[f"d{key}"].exact == free[f"d{key}"].exact
            assert found[f"{key}@1"].exact == free[f"{key}@1"].exact


def test_a_missing_connection_leaves_no_trace() -> None:
    """No weight, no gradient, no term: the line reads as if it had never been there."""
    found = trace(two_layers())
    assert not [key for key in found.keys() if "w1[2,2]" in key]  # noqa: SIM118
    assert str(found["z1[2]#1"]) == "z1[2]#1 = w1[2,1]*a0[1]#1 + b1[2] = -0.1"


def test_reports_are_printed_and_never_differentiated() -> None:
    """Further losses have their value; gradients are those of the loss alone."""
    plain = trace(two_layers())
    found = trace(
        two_layers(
            report={
                "MSE": Report("mean_squared_error", "mean"),
                "BCE": Report("binary_cross_entropy", "sum"),
            }
        )
    )
    with mpmath.workdps(40):
        outputs = [exact(found, f"a2[1]#{s}") for s in (1, 2)]
        mse = ((1 - outputs[0]) ** 2 + outputs[1] ** 2) / 2
        bce = -mpmath.log(outputs[0]) - mpmath.log(1 - outputs[1])
        assert disagreements(found, {"report.MSE": mse, "report.BCE": bce}, 1e-30, 0) == []
    for key in PARAMETERS:
        assert found[f"d{key}"].exact == plain[f"d{key}"].exact
    assert "report.MSE@1" in found


def test_without_targets_there_is_a_forward_pass_alone() -> None:
    """No targets: preactivations and activations; no loss, no update."""
    found = trace(two_layers(targets=(), loss=None))
    assert {step.phase for step in found} == {"given", "forward"}
    assert found["w1[1,1]@1"].rule == "given"


def test_without_updates_there_is_no_backward_pass() -> None:
    """``updates: 0``: the forward pass and the loss."""
    found = trace(two_layers(updates=0))
    assert {step.phase for step in found} == {"given", "forward", "loss"}


@pytest.mark.parametrize("seed", range(600, 620))
def test_a_trace_is_in_order_of_calculation(seed: int) -> None:
    """Every operand of a step stands before it; every key stands once."""
    found = trace(problem_of(random_network(seed), updates=2), prove=False)
    seen: set[str] = set()
    for step in found:
        if step.rule != "given":
            assert set(step.operands) <= seen, step.key
        assert step.key not in seen
        seen.add(step.key)
        assert found[step.key] is step
    shown = [step for section in found.sections() for step in section.steps]
    assert shown == [step for step in found if step.shown and step.rule != "given"]


def test_a_trace_finds_its_steps() -> None:
    """Keys are read leniently; an unknown one is answered with the nearest."""
    found = trace(two_layers(freeze=["w2"]))
    assert found["w1[1, 1] @1".replace(" @", "@")].key == "w1[1,1]@1"
    assert "loss@1" in found
    assert "loss@2" not in found
    assert 3 not in found
    with pytest.raises(UnknownQuantity, match=r"did you mean 'delta1\[1\]#1'"):
        found["delat1[1]#1"]
    with pytest.raises(KeyError):
        found["(("]


# --- saturation and remarks -------------------------------------------------------------


def unit(activation: str, z: str, loss: str = "half_squared_error", **changes: Any) -> Problem:
    """One unit whose preactivation is z."""
    return Problem(
        inputs=["1"],
        targets=["0"],
        layers=[Dense(1, activation, [[z]])],
        loss=loss,
        settings={"rate": "0.5"},
        **{"rounding": FIVE, **changes},
    )


SLOPES = {
    "sigmoid": lambda z: mpmath.exp(-abs(z)) / (1 + mpmath.exp(-abs(z))) ** 2,
    "tanh": lambda z: 4 * mpmath.exp(-2 * abs(z)) / (1 + mpmath.exp(-2 * abs(z))) ** 2,
    "softplus": lambda z: mpmath.exp(z) / (1 + mpmath.exp(z)),
}


@pytest.mark.parametrize("policy", ["carried", "shown", "exact"])
@pytest.mark.parametrize("z", ["-800", "-100", "-40.5", "40.5", "100", "800"])
@pytest.mark.parametrize("activation", SLOPES)
def test_a_saturated_slope_is_exact(activation: str, z: str, policy: str) -> None:
    """Far out the exact slope, delta and gradient are right to 1e-30, under any policy."""
    found = trace(unit(activation, z, rounding=Rounding(Precision(figures=5), policy=policy)))
    with mpmath.workdps(900):
        slope = SLOPES[activation](mpmath.mpf(z))
        a = {
            "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
            "tanh": mpmath.tanh,
            "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
        }[activation](mpmath.mpf(z))
        for key, true in {"a1[1]": a, "slope1[1]": slope, "dw1[1,1]": a * slope}.items():
            assert abs(exact(found, key) / true - 1) < mpmath.mpf(10) ** -30, key


@pytest.mark.parametrize("z", ["20", "100", "800"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_a_slope_lost_in_rounding_is_said(activation: str, z: str) -> None:
    """Carried at five figures 1 - a becomes 0: remarked, with figures that would do."""
    found = trace(unit(activation, z))
    step = found["slope1[1]"]
    assert step.value == 0
    assert step.exact != 0
    (remark,) = [r for r in step.remarks if r.kind == "lost_in_rounding"]
    figures = int(remark.facts["figures"])
    better = trace(unit(activation, z, rounding=Rounding(Precision(figures=figures))))
    assert better["slope1[1]"].value != 0
    assert not better["slope1[1]"].remarks


def test_a_slope_that_no_digits_hold_is_said() -> None:
    """At z = 9000 even the exact difference vanishes: never a silent 0."""
    found = trace(unit("sigmoid", "9000", rounding=Rounding(policy="exact")))
    assert [r.kind for r in found["slope1[1]"].remarks] == ["lost_in_rounding"]


def test_a_logarithm_of_a_rounded_zero_asks_for_figures() -> None:
    """log(1 - a) with a carried as 1: an error that says how many figures it takes."""
    with pytest.raises(CalculationError, match=r"loss: .*carry at least (\d+) figures") as caught:
        trace(unit("sigmoid", "20", "binary_cross_entropy"))
    figures = int(str(caught.value).split("at least ")[1].split()[0])
    found = trace(
        unit("sigmoid", "20", "binary_cross_entropy", rounding=Rounding(Precision(figures=figures)))
    )
    assert "w1[1,1]@1" in found


def test_a_saturated_softmax_is_exact() -> None:
    """Logits 800 apart: both outputs and the gradient to 1e-30."""
    found = trace(
        Problem(
            inputs=["1"],
            targets=["1", "0"],
            layers=[Dense(2, "softmax", [["-400"], ["400"]])],
            loss="cross_entropy",
            settings={"rate": "0.5"},
            rounding=Rounding(policy="exact"),
        )
    )
    with mpmath.workdps(900):
        small = 1 / (1 + mpmath.exp(800))
        expected = {"a1[1]": small, "a1[2]": 1 - small, "loss": mpmath.log(1 + mpmath.exp(800))}
        expected |= {"delta1[1]": small - 1, "dw1[2,1]": 1 - small}
        for key, true in expected.items():
            assert abs(exact(found, key) / true - 1) < mpmath.mpf(10) ** -30, key


@pytest.mark.parametrize(("activation", "slope"), [("relu", "0"), ("leaky_relu", "1/100")])
def test_a_kink_is_remarked_and_not_compared(activation: str, slope: str) -> None:
    """On the kink the slope is the stated one, said in a remark; no proof is claimed."""
    found = trace(unit(activation, "0"))
    with mpmath.workdps(40):
        assert exact(found, "slope1[1]") == mp_number(slope)
    assert [r.kind for r in found["slope1[1]"].remarks] == ["kink"]
    assert found.proof == ()


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "cross_entropy"])
def test_a_loss_without_a_finite_value_is_named(loss: str) -> None:
    """log of an output that is 0 or 1: the error names the loss."""
    problem = Problem(
        inputs=["1"],
        targets=["1"],
        layers=[Dense(1, "relu", [["-1"]])],
        loss=loss,
        settings={"rate": "0.5"},
    )
    with pytest.raises(CalculationError, match=r"^loss: log of 0"):
        trace(problem)


# --- proofs -----------------------------------------------------------------------------

BAD = Activation("bad", formula="z**2 + z", slope="2*z")


def test_a_wrong_slope_is_found_by_every_solve() -> None:
    """A declared slope that is not the derivative: the check along directions says so."""
    with pytest.raises(ProofFailed, match="central difference") as caught:
        trace(two_layers(layers=[Dense(1, BAD, [["0.4", "0.5"]])]))
    assert caught.value.exit_code == 1


def test_a_wrong_slope_is_named_by_every_proof() -> None:
    """Each gradient it spoils, by central differences and SymPy, and the slope itself."""
    found = trace(two_layers(layers=[Dense(1, BAD, [["0.4", "0.5"]])]), prove=False)
    wrong = {(r.subject, r.method.split()[0]) for r in prove(found) if not r.agrees}
    assert wrong == {
        *((key, method) for key in ("dw1[1,1]", "dw1[1,2]") for method in ("central", "SymPy")),
        ("slope1[1]#1", "SymPy"),
        ("slope1[1]#2", "SymPy"),
    }


def test_three_directions_are_proven_by_default() -> None:
    """Every solve ends with three comparisons that agree."""
    found = trace(two_layers())
    assert [r.subject for r in found.proof] == ["direction 1", "direction 2", "direction 3"]
    assert all(r.agrees for r in found.proof)
    assert trace(two_layers(), prove=False).proof == ()


# --- symbols ----------------------------------------------------------------------------


def test_a_symbolic_trace_is_a_derivation() -> None:
    """Letters for weights: no numbers, and each gradient is SymPy's of the composed loss."""
    found = trace(
        Problem(
            inputs=["2"],
            targets=["1"],
            layers=[Dense(1, "sigmoid", "symbolic", "symbolic"), Dense(1, "tanh", "symbolic")],
            loss="half_squared_error",
            settings={"rate": "0.5"},
        )
    )
    assert found.symbolic
    assert found["z1[1]"].value is None
    loss = found.sympy("loss")
    for key in ("w1[1,1]", "b1[1]", "w2[1,1]"):
        slope = sympy.diff(loss, sympy.Symbol(key, real=True))
        assert sympy.simplify(found.sympy(f"d{key}") - slope) == 0
    assert "w2[1,1]@1" in found


# --- problems that cannot be ------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"loss": "half_squared_eror"}, "did you mean 'half_squared_error'"),
        ({"layers": [Dense(1, "sigmod", [["1", "1"]])]}, "did you mean 'sigmoid'"),
        ({"settings": {}}, "needs its rate"),
        ({"settings": {"rate": "1", "speed": "2"}}, "no setting 'speed'"),
        ({"optimizer": "gradient_decent"}, "did you mean 'gradient_descent'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(changes: dict[str, Any], message: str) -> None:
    """Unknown names are answered with the nearest one."""
    with pytest.raises(ProblemError, match=message):
        trace(two_layers(**changes))


def test_the_shortcut_is_taken_only_where_it_holds() -> None:
    """a - y after softmax needs targets that sum to 1; otherwise the Jacobian is written."""

    def problem(*targets: str, shortcut: str = "softmax") -> Problem:
        return Problem(
            inputs=["1"],
            targets=targets,
            layers=[Dense(2, "softmax", [["0.3"], ["-0.2"]])],
            loss="cross_entropy",
            settings={"rate": "1"},
            conventions=Conventions(shortcut=shortcut),
        )

    assert str(trace(problem("0.25", "0.75"))["delta1[1]"].formula) == str(
        trace(problem("0", "1"))["delta1[1]"].formula
    )
    assert trace(problem("1", "0"))["delta1[1]"].operands == ["a1[1]", "y[1]"]
    for shortcut in ("softmax", "always", "never"):
        found = trace(problem("1", "1", shortcut=shortcut))
        with mpmath.workdps(40):
            a = 1 / (1 + mpmath.exp(mpmath.mpf("-0.5")))
            assert disagreements(found, {"delta1[1]": 2 * a - 1}, 1e-30, 0) == []


@pytest.mark.parametrize("name", ["mazur", "layers/gru", "catalogue/maxout", "catalogue/adam"])
def test_the_formula_of_a_step_is_a_sympy_expression(name: str) -> None:
    """`step.formula.sympy()` gives, at the operands' numbers in SymPy, the step's exact value."""
    found = trace(load(EXAMPLES / f"{name}.yaml"))
    for step in found:
        if step.rule == "given":
            continue
        numbers = {
            sympy.Symbol(key, real=True): sympy.Rational(str(found[key].exact))
            for key in step.operands
        }
        ours = mpmath.mpf(sympy.Rational(str(step.exact)))
        theirs = step.formula.sympy().subs(numbers).evalf(40)
        assert abs(ours - mpmath.mpf(theirs)) <= mpmath.mpf("1e-30") * (1 + abs(ours)), step


def test_the_sympy_expression_of_a_step_knows_its_functions() -> None:
    """An activation of the tables, and one of the problem's own, are written out in SymPy."""
    z = sympy.Symbol("z1[1]", real=True)
    sigmoid = trace(load(EXAMPLES / "mazur.yaml"))["a1[1]"].formula
    assert sigmoid.sympy() == 1 / (1 + sympy.exp(-z))
    swish = Activation("swish", "z*sigmoid(z)")
    layers = [Dense(1, swish, weights=[["0.5"]], biases=["0.1"])]
    found = trace(Problem(inputs=[["2"]], targets=[["1"]], layers=layers))
    assert found["a1[1]"].formula.sympy() == z / (1 + sympy.exp(-z))
