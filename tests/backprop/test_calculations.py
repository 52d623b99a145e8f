"""Fourteen published hand calculations: every quantity they state, at full precision.

The data (``tests/data/calculations``) holds what each source states and the true value,
recomputed in double precision by code that is not tracer's.  A quantity there is named in
the data's own way (``dZ1[2]``, ``W1_new[1,1]``, ``step2.loss``) or is an expression.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import mpmath
import pytest
import yaml

from tests.backprop.problems import exact
from tests.oracles.networks import mp_number
from tests.oracles.reading import keyed
from tests.oracles.symbolic import MPMATH
from tracer.backprop.tracing import trace
from tracer.files.problem import load
from tracer.model.problem import Problem
from tracer.model.trace import Trace

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT.parent / "examples"
DATA = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "data" / "calculations").glob("*.yaml"))
}
QUANTITIES = [
    pytest.param(name, quantity, id=f"{name} {quantity['n']} {quantity['quantity']}")
    for name, data in DATA.items()
    for quantity in data["quantities"]
]

ROLES = {"W": "w", "b": "b", "dW": "dw", "db": "db", "dA": "da", "dZ": "delta", "g": "slope"}
ROLES |= {"stepW": "increment.w", "stepb": "increment.b", "z": "z", "a": "a"}


def our_key(name: str, kind: str) -> str:
    """``dZ1[2]`` as ``delta1[2]``, ``W2_new[1,1]`` as ``w2[1,1]@1``, ``step2.x`` as ``x@1``."""
    name, update = name.removeprefix("step2."), int(name.startswith("step2."))
    if kind == "equations":
        return name
    match = re.fullmatch(r"([A-Za-z]+)(\d+)(_new)?(\[[\d,]+\])", name)
    if match is None or match[1] not in ROLES:  # y[1], loss, loss[2]
        return name + f"@{update}" * bool(update)
    update += bool(match[3])
    return f"{ROLES[match[1]]}{match[2]}{match[4]}" + f"@{update}" * bool(update)


@cache
def traced(name: str) -> Trace:
    """The trace of an example, proof included."""
    return trace(load(EXAMPLES / DATA[name]["problem"]))


@cache
def value(name: str, quantity: str) -> mpmath.mpf:
    """What tracer gives for a quantity of the data, in the data's sign.

    Under ``delta: t-o`` tracer's deltas and dL/da are negated, the data's are not.
    """
    found = traced(name)
    turned = found.problem.conventions.delta == "t-o"

    def of(text: str) -> mpmath.mpf:
        key = our_key(text, DATA[name]["kind"])
        negated = turned and key.startswith(("delta", "da"))
        number = exact(found, key)
        return -number if negated else number

    with mpmath.workdps(40):
        return keyed(quantity, of, MPMATH, mp_number)


def test_all_fourteen_are_here() -> None:
    """Each set of stated values has its problem file, and each file its values."""
    assert len(DATA) == 14
    assert {data["problem"] for data in DATA.values()} == {
        f"calculations/{path.name}" for path in (EXAMPLES / "calculations").glob("*.yaml")
    }
    assert len(QUANTITIES) == 381


@pytest.mark.parametrize(("name", "quantity"), QUANTITIES)
def test_stated_quantity_has_its_true_value(name: str, quantity: dict[str, Any]) -> None:
    """The exact value agrees with the truth to 1e-12 relative, or 1e-15 absolute."""
    true = float(quantity["exact"])
    ours = value(name, quantity["quantity"])
    assert abs(ours - true) <= max(1e-12 * abs(true), 1e-15)


PAIRS = [
    pytest.param(name, pair, id=f"{name} {pair['gradient']}")
    for name, data in DATA.items()
    for pair in data.get("gradcheck", ())
]


def forward_part(problem: Problem, loss: str, learn: str) -> Problem:
    """The equations up to the loss, with the loss to be differentiated."""
    names = [equation.partition("=")[0].strip() for equation in problem.equations]
    equations = problem.equations[: names.index(loss) + 1]
    return replace(problem, equations=equations, loss=loss, learn=[learn], settings={"rate": "1"})


@pytest.mark.parametrize(("name", "pair"), PAIRS)
def test_an_authors_gradient_is_the_derived_one(name: str, pair: dict[str, str]) -> None:
    """The gradient that the equations write out is what the chain rule derives from them."""
    written = traced(name)
    derived = trace(forward_part(written.problem, pair["loss"], pair["wrt"]))
    assert derived.proof
    with mpmath.workdps(40):
        theirs, ours = exact(written, pair["gradient"]), exact(derived, f"d{pair['wrt']}")
        assert abs(ours - theirs) <= mpmath.mpf(10) ** -30 * max(1, abs(theirs))


def test_there_are_seven_pairs() -> None:
    """Two in the recurrent network of two steps, five in that of three."""
    assert len(PAIRS) == 7


ARTICLE = [
    "z1[1]", "z1[2]", "a1[1]", "a1[2]", "z2[1]", "a2[1]", "loss",
    "da2[1]", "delta2[1]", "dw2[1,1]", "dw2[1,2]", "db2[1]",
    "da1[1]", "da1[2]", "delta1[1]", "delta1[2]",
    "dw1[1,1]", "dw1[1,2]", "dw1[2,1]", "dw1[2,2]", "db1[1]", "db1[2]",
    "w2[1,1]@1", "w2[1,2]@1", "b2[1]@1",
    "w1[1,1]@1", "w1[1,2]@1", "w1[2,1]@1", "w1[2,2]@1", "b1[1]@1", "b1[2]@1",
]  # fmt: skip
"""What article 002 calculates, in its order; the two values that follow it made up."""


@pytest.mark.parametrize(("n", "key"), list(enumerate(ARTICLE, 1)))
def test_the_article_at_three_significant_digits(n: int, key: str) -> None:
    """The number that is carried and printed is the article's, digit for digit."""
    found = traced_article()
    printed = DATA["002-explained"]["quantities"][n - 1]
    assert our_key(printed["quantity"], "layers") == key
    step = found[key]
    assert step.shown
    assert mp_number(step.text) == mp_number(printed["stated"])


@lru_cache(maxsize=1)
def traced_article() -> Trace:
    """Article 002 as its example file declares it."""
    return trace(load(EXAMPLES / "articles" / "002-three-digits.yaml"))


def test_the_article_is_declared_as_it_calculates() -> None:
    """Three figures carried, sums unrounded, updates at five places, slopes inline."""
    text = yaml.safe_load((EXAMPLES / "articles" / "002-three-digits.yaml").read_text())
    assert text["rounding"] == {
        "figures": 3,
        "policy": "carried",
        "roles": {"z": "exact", "update": {"places": 5}},
    }
    assert text["steps"] == {"da": "own", "slope": "inline", "increment": "own"}
    assert len(ARTICLE) == 31
