"""What has a value by its limit: x log x at 0, and clipping where every gradient is 0."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from tests.cli.runs import run
from tracer.backprop.proving import prove
from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.errors import CalculationError
from tracer.files.problem import load_text
from tracer.formula.evaluating import Evaluator, Exact, Float
from tracer.formula.parsing import parse

LAYERS = """
inputs: [[1, 2], [0.5, -1]]
targets: [[0, 1, 0], [0.25, 0.75, 0]]
layers:
  - {weights: [[0.1, 0.2], [0.3, 0.1], [0.2, 0.2]], activation: softmax}
loss: kl_divergence
optimizer: {gradient_descent: {rate: 0.5}}
updates: 3
rounding: {policy: exact}
"""
EQUATIONS = """
given: {y: [0, 0.25, 0.75], z: [0.1, 0.3, 0.2]}
equations:
  - a = softmax(z)
  - L = sum(kl_divergence(y, a))
  - H = -sum(y*log(y))
loss: L
learn: [z]
optimizer: {gradient_descent: {rate: 0.5}}
rounding: {policy: exact}
"""


@pytest.mark.parametrize("arithmetic", [Exact(), Float()], ids=["exact", "float"])
def test_x_log_x_is_0_at_0(arithmetic: Exact | Float) -> None:
    """Its limit holds for x*log(x) and x*log(x/y), and for no other product with a logarithm."""
    value = Evaluator(arithmetic)
    zero = arithmetic.number("0")
    numbers = {"x": zero, "u": zero, "y": arithmetic.number("0.3")}
    assert value(parse("x*log(x)"), numbers) == 0
    assert value(parse("2*x*log(x/y) + y"), numbers) == numbers["y"]
    for other in ("u*log(x)", "y*log(x)", "x/x", "log(x)"):
        with pytest.raises(CalculationError):
            value(parse(other), numbers)


def test_targets_of_0_as_pytorch_has_them() -> None:
    """Loss, gradients and updated weights of kl_divergence with targets of 0 equal PyTorch's."""
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    w = torch.tensor([[0.1, 0.2], [0.3, 0.1], [0.2, 0.2]], dtype=torch.float64, requires_grad=True)
    x = torch.tensor([[1, 2], [0.5, -1]], dtype=torch.float64)
    y = torch.tensor([[0, 1, 0], [0.25, 0.75, 0]], dtype=torch.float64)
    losses = []
    for _ in range(4):
        loss = functional.kl_div(functional.log_softmax(x @ w.T, 1), y, reduction="sum")
        losses.append(float(loss.detach()))
        (gradient,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= 0.5 * gradient

    found = trace(load_text(LAYERS))
    traced = [float(found["loss" + (f"@{k}" if k else "")].value or 0) for k in range(4)]
    assert traced == pytest.approx(losses, rel=1e-12)
    assert found["da1[1]#1"].text == "0"
    assert [r.kind for r in found["loss[1]#1"].remarks] == ["limit"]
    for form in ("straight", "numpy"):
        history = train(load_text(LAYERS), 3, how=form)
        assert list(history["loss"]) == pytest.approx(losses, rel=1e-12), form


@pytest.mark.parametrize("text", [LAYERS, EQUATIONS], ids=["layers", "equations"])
def test_the_proof_holds_at_0(text: str) -> None:
    """Central differences and SymPy agree with the chain rule where a target is 0."""
    agreements = prove(trace(load_text(text)))
    assert agreements
    assert all(one.agrees for one in agreements)


def test_entropy_in_equations() -> None:
    """H = -sum(y*log(y)) leaves out a share of 0, as entropy does."""
    found = trace(load_text(EQUATIONS))
    shares = np.array([0.25, 0.75])
    assert float(found["H"].exact or 0) == pytest.approx(
        -(shares * np.log(shares)).sum(), rel=1e-14
    )


def test_the_page_says_so_and_a_sheet_may_use_it(tmp_path: Path) -> None:
    """The line prints 0·ln(0/a) = 0 with its remark; a sheet with 0 there is right."""
    path = tmp_path / "p.yaml"
    path.write_text(LAYERS.replace("{policy: exact}", "{figures: 5}"), encoding="utf-8")
    page = run("solve", str(path), "--flavor", "plain", "--update", "1").output
    assert re.search(r"0·ln\(0/0\.32204\)\s+= 0\n", page)
    assert "zero times the logarithm of zero counts as 0" in page

    sheet = tmp_path / "s.csv"
    sheet.write_text("name,value\nloss[1]#1,0\nloss[2]#1,1.1331\ndelta1[2]#1,-0.67796\n")
    assert run("check", str(path), str(sheet)).exit_code == 0


def test_clipping_by_norm_leaves_gradients_of_0() -> None:
    """A dead unit's gradients are all 0: their norm is 0, the factor 1, and nothing changes."""
    text = """
inputs: [1, 2]
targets: [0.3]
layers: [{weights: [[0, 0]], activation: relu, biases: [-1]}]
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.5}}
clip: {norm: 1}
"""
    found = trace(load_text(text))
    assert (found["gradient_norm"].text, found["clip_scale"].text) == ("0", "1")
    assert (found["w1[1,1]@1"].text, found["b1[1]@1"].text) == ("0", "-1")
    for form in ("straight", "numpy"):
        history = train(load_text(text), 5, how=form)
        assert history.stopped == "updates"
        assert history.at(5)["b1[1]"] == -1
