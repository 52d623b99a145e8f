"""Saturated outputs: training has the losses of the trace where a share is no machine number.

Sums of 800 and -800 leave shares of e^-1600; the loss, 1,600 and some, is known by hand: the
log-softmax of two sums that lie d apart is -d where d is large, and softplus(d) is d.
"""

from __future__ import annotations

import pytest

from tracer.backprop.compiled.machine import FORMS
from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.files.problem import load_text
from tracer.model.problem import Problem

TEXT = """\
inputs: [1, -1]
targets: [0, 1]
layers: [{{activation: {activation}, weights: [[{w}, -{w}], [-{w}, {w}]], biases: [0, 0]}}]
loss: {loss}
optimizer: {{gradient_descent: {{rate: 0.1}}}}
updates: 3
rounding: {{policy: shown}}
conventions: {{shortcut: {shortcut}}}
"""
CASES = [
    ("softmax", "cross_entropy", "softmax", "400", 1600),
    ("log_softmax", "negative_log_likelihood", "softmax", "400", 1600),
    ("sigmoid", "binary_cross_entropy", "always", "400", 1600),
    # 1 - a is 2e-16 here, which the machine knows to one digit
    ("sigmoid", "binary_cross_entropy", "never", "18", 72),
]


def problem(activation: str, loss: str, shortcut: str, w: str) -> Problem:
    """Two sums of 2w and -2w, and targets that want them the other way round."""
    return load_text(TEXT.format(activation=activation, loss=loss, shortcut=shortcut, w=w))


@pytest.mark.parametrize("how", FORMS)
@pytest.mark.parametrize(("activation", "loss", "shortcut", "w", "first"), CASES)
def test_saturated_outputs_have_their_loss(
    activation: str, loss: str, shortcut: str, w: str, first: float, how: str
) -> None:
    """Three updates: the first loss by hand, all of them and all weights as in the trace."""
    told = problem(activation, loss, shortcut, w)
    found, run = trace(told), train(told, 3, how=how)

    assert run.stopped == "updates"
    assert run["loss"][0] == pytest.approx(first, rel=1e-12)
    for key in ("loss", "w1[1,1]", "w1[2,2]", "b1[1]"):
        for update in range(4):
            exact = found[f"{key}@{update}" if update else key].exact
            assert run[key][update] == pytest.approx(float(exact or 0), rel=1e-12)


@pytest.mark.parametrize("how", FORMS)
@pytest.mark.parametrize(
    ("activation", "loss", "shortcut", "said"),
    [
        ("softmax", "kl_divergence", "softmax", "(division by 0: a1[2] is nearer to 0"),
        (
            "sigmoid",
            "binary_cross_entropy",
            "never",
            "(division by 0: a1[1] is nearer to 1",
        ),
    ],
)
def test_a_gradient_that_no_machine_number_holds_is_said(
    activation: str, loss: str, shortcut: str, said: str, how: str
) -> None:
    """dL/da is e^1600 or e^800 there; the message names the share that is out of reach."""
    run = train(problem(activation, loss, shortcut, "400"), 3, how=how)

    assert run.stopped == "diverged"
    assert said in run.message
    assert "than machine numbers reach" in run.message
