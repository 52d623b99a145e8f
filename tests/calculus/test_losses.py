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

A, Y, Z = sympy.symbols("a y z", positive=True)

by_name = pytest.mark.parametrize("loss", LOSSES.values(), ids=lambda loss: loss.name)
SHORTCUTS = [(loss, name) for loss in LOSSES.values() for name in loss.shortcut]


def test_the_table_names_each_loss_once() -> None:
    """The key in the table is the name that problems use."""
    assert all(name == loss.name for name, loss in LOSSES.items())
    assert {loss.over_outputs for loss in LOSSES.values()} <= {"sum", "mean"}


@by_name
def test_declared_slope_is_the_derivative(loss: Loss) -> None:
    """dL/da of one output's term equals SymPy's derivative, simplified to 0."""
    term = symbolic.read(loss.term, y=Y, a=A)
    slope = symbolic.read(loss.slope, y=Y, a=A)
    assert sympy.simplify(slope - sympy.diff(term, A)) == 0


@by_name
def test_derived_slope_is_the_derivative(loss: Loss) -> None:
    """What our own calculus derives from the term is SymPy's derivative as well."""
    derived = write(tidy(derivative(definition(loss).body, "a")))
    slope = sympy.diff(symbolic.read(loss.term, y=Y, a=A), A)
    for y, a in zip(symbolic.points(1, 0, 1), symbolic.points(2, 0.01, 0.99), strict=True):
        ours = symbolic.number(symbolic.read(derived, y=y, a=a))
        assert symbolic.close(ours, symbolic.number(slope.subs({Y: y, A: a})))


TERMS = {
    "half_squared_error": lambda y, a: (a - y) ** 2 / 2,
    "squared_error": lambda y, a: (a - y) ** 2,
    "mean_squared_error": lambda y, a: (a - y) ** 2,
    "binary_cross_entropy": lambda y, a: -y * sympy.log(a) - (1 - y) * sympy.log(1 - a),
    "cross_entropy": lambda y, a: -y * sympy.log(a),
}
"""The losses as their definitions read, written here once more."""


@pytest.mark.parametrize("name", TERMS)
def test_term_is_the_published_one(name: str) -> None:
    """Each term is what the name stands for."""
    term = symbolic.read(LOSSES[name].term, y=Y, a=A)
    assert sympy.simplify(term - TERMS[name](Y, A)) == 0
    assert LOSSES[name].over_outputs == ("mean" if name.startswith("mean") else "sum")


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
    "loss", [loss for loss, name in SHORTCUTS if name == "softmax"], ids=lambda loss: loss.name
)
def test_softmax_shortcut_through_the_full_jacobian(loss: Loss) -> None:
    """With targets that sum to 1 the short delta is the derivative of all terms together."""
    z = sympy.symbols("z1:4", real=True)
    y = (*sympy.symbols("y1:3", real=True),)
    y = (*y, 1 - sum(y))
    total = sum(sympy.exp(k) for k in z)
    s = [sympy.exp(k) / total for k in z]
    composed = sum(symbolic.read(loss.term, y=t, a=a) for t, a in zip(y, s, strict=True))
    for k in range(3):
        short = symbolic.read(loss.shortcut_slope, y=y[k], a=s[k])
        assert sympy.simplify(short - sympy.diff(composed, z[k])) == 0
