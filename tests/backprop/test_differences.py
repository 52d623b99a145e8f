"""Gradients beside central differences at high precision, and beside SymPy.

The forward pass that is differentiated here is the oracles' own (`tests.oracles.networks`),
so it is the mathematics that is compared, not two runs of the same code.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import mpmath
import pytest
import sympy

from tests.backprop.problems import disagreements, exact, problem_of
from tests.oracles.networks import (
    KINKS,
    STEPS,
    Network,
    central_differences,
    forward,
    mp_forward,
    random_network,
)
from tracer.backprop.proving import prove
from tracer.backprop.tracing import trace
from tracer.model.conventions import Conventions, Steps
from tracer.model.rounding import Precision, Rounding

SMALL = range(1000, 1040)
TINY = range(2000, 2012)


def on_a_kink(network: Network) -> bool:
    """Whether a unit with a kink stands exactly on it."""
    values = mp_forward(network)
    return any(
        values[f"z{n}[{i}]{network.mark(s)}"] in KINKS.get(layer.activation, ())
        for n, layer in enumerate(network.layers, 1)
        for i in range(1, layer.units + 1)
        for s in range(network.samples)
    )


@pytest.mark.parametrize("seed", SMALL)
def test_gradients_are_central_differences(seed: int) -> None:
    """Forward values to 32 digits, every gradient to 30, at 60 digits of working."""
    network = random_network(seed, deepest=3, widest=3, batch=3)
    found = trace(problem_of(network), prove=False)
    with mpmath.workdps(60):
        assert disagreements(found, mp_forward(network), 1e-32, 1e-32) == []
    if on_a_kink(network):
        return
    gradients = {f"d{key}": value for key, value in central_differences(network).items()}
    assert disagreements(found, gradients, 1e-30, 1e-30) == []


def test_few_networks_stand_on_a_kink() -> None:
    """The comparison above is not skipped for more than a handful."""
    assert sum(on_a_kink(random_network(s, 3, 3, 3)) for s in SMALL) <= 4


SYMPY = {
    "exp": sympy.exp,
    "log": sympy.log,
    "tanh": sympy.tanh,
    "maximum": sympy.Max,
    "minimum": sympy.Min,
    "sqrt": sympy.sqrt,
    "heaviside": lambda x: sympy.Heaviside(x, 0),
    "Phi": lambda x: (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
}


@pytest.mark.parametrize("seed", TINY)
def test_gradients_are_sympys_derivatives_of_the_whole_loss(seed: int) -> None:
    """The composed loss, written in SymPy by the oracle, differentiated by SymPy."""
    network = random_network(seed, deepest=2, widest=2, batch=2)
    found = trace(problem_of(network), prove=False)
    letters = {key: sympy.Symbol(key, real=True) for key in network.parameters()}
    loss = forward(network, letters, SYMPY, sympy.Rational)["loss"]
    numbers = {letters[k]: sympy.Rational(text) for k, text in network.parameters().items()}
    slopes = {f"d{key}": sympy.diff(loss, letter) for key, letter in letters.items()}
    with mpmath.workdps(40):
        expected = {
            key: mpmath.mpf(str(slope.subs(numbers).evalf(35))) for key, slope in slopes.items()
        }
    assert disagreements(found, expected, 1e-30, 1e-30) == []


@pytest.mark.parametrize("seed", TINY)
def test_the_composed_expression_is_sympys(seed: int) -> None:
    """`Trace.sympy` of the loss is the oracle's loss, in terms of the given quantities."""
    network = random_network(seed, deepest=2, widest=2, batch=1)
    found = trace(problem_of(network), prove=False)
    ours = found.sympy("loss")
    assert {str(symbol).split("[")[0][0] for symbol in ours.free_symbols} <= set("awbym")
    letters = {key: sympy.Symbol(key, real=True) for key in network.parameters()}
    theirs = forward(network, letters, SYMPY, sympy.Rational)["loss"]
    given = {f"a0[{i}]": t for i, t in enumerate(network.inputs[0], 1)}
    given |= {f"y[{i}]": t for i, t in enumerate(network.targets[0], 1)}
    given |= network.parameters()
    values = {sympy.Symbol(key, real=True): sympy.Rational(text) for key, text in given.items()}
    difference = ours.subs(values).evalf(30) - theirs.subs(values).evalf(30)
    assert abs(difference) < 1e-25


@pytest.mark.parametrize("seed", range(3010, 3016))
def test_granularity_never_changes_exact_values(seed: int) -> None:
    """Which lines are written out is a matter of digits carried, not of mathematics."""
    network = random_network(seed, deepest=3, widest=2, batch=2)
    problem = problem_of(network)
    whole = trace(replace(problem, steps=Steps("own", "own", "own", "own")), prove=False)
    with mpmath.workdps(40):
        expected = {step.key: exact(whole, step.key) for step in whole}
        for chosen in product(("own", "inline"), repeat=len(STEPS)):
            steps = Steps(**dict(zip(STEPS, chosen, strict=True)))
            found = trace(replace(problem, steps=steps), prove=False)
            shared = {key: value for key, value in expected.items() if key in found}
            assert {k for k in expected if k[0] in "wbzal" or k.startswith("dw")} <= set(shared)
            assert disagreements(found, shared, 1e-31, 1e-31) == []


@pytest.mark.parametrize("seed", range(3100, 3106))
def test_conventions_change_signs_and_nothing_else(seed: int) -> None:
    """Under t - o delta and dL/da are negated; gradients and updates are the same."""
    network = random_network(seed, deepest=3, widest=3, batch=2)
    problem = problem_of(network)
    plain, turned = (
        trace(replace(problem, conventions=Conventions(delta=delta)), prove=True)
        for delta in ("dL/dz", "t-o")
    )
    assert plain.keys() == turned.keys()
    for step in plain:
        with mpmath.workdps(40):
            ours, other = exact(plain, step.key), exact(turned, step.key)
            if step.rule in ("delta", "da", "part"):
                other = -other
            assert abs(ours - other) <= mpmath.mpf(10) ** -31 * max(1, abs(ours)), step.key


@pytest.mark.parametrize("seed", [2, 7, 11])
@pytest.mark.parametrize("policy", ["carried", "shown", "exact"])
def test_rounding_never_touches_exact_values(seed: int, policy: str) -> None:
    """Full precision goes beside the rounded numbers, whatever the declared rounding."""
    network = random_network(seed, deepest=2, widest=3, batch=2)
    rounding = Rounding(Precision(figures=3), policy=policy)
    found = trace(problem_of(network, rounding=rounding), prove=False)
    with mpmath.workdps(60):
        assert disagreements(found, mp_forward(network), 1e-32, 1e-32) == []


@pytest.mark.parametrize("seed", range(4000, 4008))
def test_every_proof_agrees(seed: int) -> None:
    """`prove` finds the central difference, SymPy's loss and every slope in agreement."""
    network = random_network(seed, deepest=2, widest=2, batch=2)
    results = prove(trace(problem_of(network)))
    assert results
    assert [r for r in results if not r.agrees] == []
    if not on_a_kink(network):
        compared = {r.subject for r in results if r.method == "central difference"}
        assert compared == {f"d{key}" for key in network.parameters()}
