"""Every loss of the table: its slope and its shortcuts, held against SymPy."""

from __future__ import annotations

import pytest
import sympy

from tests.oracles import symbolic
from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.definitions import definition
from tracer.calculus.losses import LOSSES
from tracer.formula.differentiating import derivative
from tracer.formula.rewriting import tidy
from tracer.formula.writing import write
from tracer.model.functions import Loss

A, Y, Z = sympy.symbols("a y z", real=True)

by_name = pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
SHORTCUTS = [(loss, name) for loss in LOSSES.values() for name in loss.shortcut]


def test_the_table_names_each_loss_once() -> None:
    """The key in the table is the name that problems use."""
    assert all(name == loss.name for name, loss in LOSSES.items())
    assert {loss.over_outputs for loss in LOSSES.values()} <= {"sum", "mean"}


def huber(y: sympy.Expr, a: sympy.Expr) -> sympy.Expr:
    d = abs(y - a)
    return sympy.Piecewise((d**2 / 2, d <= 1), (d - sympy.Rational(1, 2), True))


TERMS = {
    "half_squared_error": lambda y, a: (a - y) ** 2 / 2,
    "squared_error": lambda y, a: (a - y) ** 2,
    "mean_squared_error": lambda y, a: (a - y) ** 2,
    "binary_cross_entropy": lambda y, a: -y * sympy.log(a) - (1 - y) * sympy.log(1 - a),
    "cross_entropy": lambda y, a: -y * sympy.log(a),
    "mean_absolute_error": lambda y, a: abs(y - a),
    "huber": huber,
    "hinge": lambda y, a: sympy.Max(0, 1 - y * a),
    "kl_divergence": lambda y, a: y * (sympy.log(y) - sympy.log(a)),
    "negative_log_likelihood": lambda y, a: -y * a,
}
"""The losses as their definitions read, written here once more; `a` is a log-probability
in the last."""

PROBABILITIES = {"binary_cross_entropy", "cross_entropy", "kl_divergence"}
"""Losses of outputs between 0 and 1; the others are defined everywhere."""


def pairs(loss: Loss, seed: int) -> list[tuple[sympy.Rational, sympy.Rational]]:
    """Targets and outputs to try, where the loss is defined."""
    low, high = (0.01, 0.99) if loss.name in PROBABILITIES else (-3, 3)
    ys, outputs = symbolic.points(seed, low, high), symbolic.points(seed + 1, low, high)
    return list(zip(ys, outputs, strict=True))


def test_every_loss_has_its_definition_here() -> None:
    """A loss that is added to the table is written down here as well."""
    assert set(LOSSES) <= set(TERMS)


@by_name
def test_term_is_the_published_one(loss: Loss) -> None:
    """Each term is what the name stands for, at 40 points; a mean over outputs is called so."""
    for y, a in pairs(loss, 1):
        ours = symbolic.number(symbolic.read(loss.term, y=y, a=a))
        assert symbolic.close(ours, symbolic.number(TERMS[loss.name](y, a)))
    assert (loss.over_outputs == "mean") == loss.name.startswith("mean")


@by_name
def test_declared_slope_is_the_derivative(loss: Loss) -> None:
    """dL/da of one output's term equals SymPy's derivative, at 40 points."""
    slope = sympy.diff(TERMS[loss.name](Y, A), A)
    for y, a in pairs(loss, 3):
        declared = symbolic.number(symbolic.read(loss.slope, y=y, a=a))
        assert symbolic.close(declared, symbolic.number(slope.subs({Y: y, A: a})))


WITH_CORNERS = {"mean_absolute_error", "huber", "hinge"}


@pytest.mark.parametrize("name", sorted(set(LOSSES) - WITH_CORNERS))
def test_declared_slope_is_the_derivative_symbolically(name: str) -> None:
    """Where there is no corner SymPy simplifies the difference to 0."""
    loss = LOSSES[name]
    term = symbolic.read(loss.term, y=Y, a=A)
    slope = symbolic.read(loss.slope, y=Y, a=A)
    assert sympy.simplify(slope - sympy.diff(term, A)) == 0


@by_name
def test_derived_slope_is_the_derivative(loss: Loss) -> None:
    """What our own calculus derives from the term is SymPy's derivative as well."""
    derived = write(tidy(derivative(definition(loss).body, "a")))
    slope = sympy.diff(TERMS[loss.name](Y, A), A)
    for y, a in pairs(loss, 5):
        ours = symbolic.number(symbolic.read(derived, y=y, a=a))
        assert symbolic.close(ours, symbolic.number(slope.subs({Y: y, A: a})))


@pytest.mark.parametrize(
    ("loss", "activation"),
    [(loss, name) for loss, name in SHORTCUTS if not ACTIVATIONS[name].vector],
    ids=lambda part: getattr(part, "name", part),
)
def test_shortcut_is_the_product_of_slopes(loss: Loss, activation: str) -> None:
    """The short delta equals dL/dz of the composed function."""
    f = symbolic.read(ACTIVATIONS[activation].formula, z=Z)
    composed = symbolic.read(loss.term, y=Y, a=f)
    short = symbolic.read(loss.shortcut_slope, y=Y, a=f)
    assert sympy.simplify(short - sympy.diff(composed, Z)) == 0


@pytest.mark.parametrize(
    ("loss", "activation"),
    [(loss, name) for loss, name in SHORTCUTS if ACTIVATIONS[name].vector],
    ids=lambda part: getattr(part, "name", part),
)
def test_softmax_shortcut_through_the_full_jacobian(loss: Loss, activation: str) -> None:
    """With targets that sum to 1 the short delta is the derivative of all terms together."""
    z = sympy.symbols("z1:4", real=True)
    y = (*sympy.symbols("y1:3", real=True),)
    y = (*y, 1 - sum(y))
    total = sum(sympy.exp(k) for k in z)
    s = [sympy.exp(k) / total for k in z]
    if activation == "log_softmax":
        s = [k - sympy.log(total) for k in z]
    composed = sum(symbolic.read(loss.term, y=t, a=a) for t, a in zip(y, s, strict=True))
    for k in range(3):
        short = symbolic.read(loss.shortcut_slope, y=y[k], a=s[k])
        assert sympy.simplify(short - sympy.diff(composed, z[k])) == 0


# --- classes with weights ---------------------------------------------------------------------

OF_CLASSES = [loss for loss in LOSSES.values() if loss.classes]
V, V0, V1 = sympy.symbols("v v0 v1", positive=True)


def read_weighted(text: str, y: sympy.Expr, a: sympy.Expr) -> sympy.Expr:
    """A weighted form: the weight of an output's class v, of the answers 0 and 1 v0 and v1."""
    known = {"weight": V, "weight0": V0, "weight1": V1}
    return symbolic.read(text, y=y, a=a, **{k: v for k, v in known.items() if k in text})


@pytest.mark.parametrize("loss", OF_CLASSES, ids=lambda loss: loss.name)
def test_weights_of_1_change_nothing(loss: Loss) -> None:
    """With all weights 1 the weighted term is the plain one; its slope is its derivative."""
    weighted = loss.weighted
    assert weighted is not None
    term = read_weighted(weighted.term, Y, A)
    plain = symbolic.read(loss.term, y=Y, a=A)
    assert sympy.simplify(term.subs({V: 1, V0: 1, V1: 1}) - plain) == 0
    slope = read_weighted(weighted.slope, Y, A)
    assert sympy.simplify(slope - sympy.diff(term, A)) == 0


def test_the_weighted_shortcut_of_two_classes() -> None:
    """Behind a sigmoid: the output times what the target weighs, minus its weighted share."""
    weighted = LOSSES["binary_cross_entropy"].weighted
    assert weighted is not None
    f = symbolic.read(ACTIVATIONS["sigmoid"].formula, z=Z)
    composed = read_weighted(weighted.term, Y, f)
    whole = V1 * Y + V0 * (1 - Y)
    short = whole * f - V1 * Y
    assert weighted.shortcut_slope == "whole*a - weight1*y"
    assert sympy.simplify(short - sympy.diff(composed, Z)) == 0


@pytest.mark.parametrize("name", ["cross_entropy", "negative_log_likelihood"])
def test_the_weighted_shortcut_through_the_full_jacobian(name: str) -> None:
    """Behind softmax, of any targets: each output times what the whole target weighs, minus
    its weighted share; of a target that names one class, that class's weight times a - y."""
    z, y, v = (sympy.symbols(f"{letter}1:4", positive=True) for letter in "zyv")
    total = sum(sympy.exp(k) for k in z)
    shares = [sympy.exp(k) / total for k in z]
    outputs = shares if name == "cross_entropy" else [sympy.log(share) for share in shares]
    weighted = LOSSES[name].weighted
    assert weighted is not None
    composed = sum(
        read_weighted(weighted.term, t, a).subs(V, w) for t, a, w in zip(y, outputs, v, strict=True)
    )
    whole = sum(w * t for w, t in zip(v, y, strict=True))
    one = {y[0]: 0, y[1]: 1, y[2]: 0}
    for k in range(3):
        derived = sympy.diff(composed, z[k])
        assert sympy.simplify(whole * shares[k] - v[k] * y[k] - derived) == 0
        assert sympy.simplify((v[1] * (shares[k] - y[k]) - derived).subs(one)) == 0
