"""Problems drawn at random that mix layers, losses, optimizers, penalties and schedules.

Each must hold in all its readings at once: its gradients are central differences, training
makes the updates of the trace, its pages are made in every format, and its own numbers,
checked as a sheet, are all right.
"""

from __future__ import annotations

import random

import pytest

import tracer
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.regularizers import REGULARIZERS
from tracer.calculus.schedules import SCHEDULES
from tracer.files.problem import load_text

STEPS = "[[[0.5, -1], [1, 0.25], [-0.75, 2]], [[1, 0.5], [-1, 1.5], [0.25, -0.5]]]"
ROWS = "[[0.5, -1, 0.75], [1, 0.25, -2]]"
IMAGES = "[[[1, 0, 2], [0.5, -1, 1], [0, 1, -0.5]], [[-1, 0.5, 1], [2, 0, 0.25], [1, -0.75, 0]]]"
BODIES = [
    (STEPS, "{type: lstm, units: 2, return: last, W}"),
    (STEPS, "{type: gru, units: 2, return: last, reset: after, W}"),
    (STEPS, "{type: elman, units: 2, return: last, activation: softsign, W}"),
    (STEPS, "{type: attention, heads: 2, padding: [[1, 1, 0], [1, 1, 1]], W}", "{type: flatten}"),
    (STEPS, "{type: transformer_block, hidden: 2, activation: gelu, W}", "{type: flatten}"),
    (STEPS, "{type: additive_attention, hidden: 2, return: last, W}"),
    (ROWS, "{type: maxout, units: 2, W}", "{type: prelu, shared: false}"),
    (ROWS, "{type: maxout, units: 2, W}", "{type: batch_norm, epsilon: 0.1, variance: unbiased}"),
    (ROWS, "{type: layer_norm, epsilon: 0.1}", "{type: dropout, rate: 0.5, mask: [1, 0, 1]}"),
    (IMAGES, "{type: conv, filters: 2, size: 2, activation: tanh, W}", "{type: flatten}"),
    (IMAGES, "{type: conv, size: 2, pad: 1, activation: softplus, W}",
     "{type: average_pool, size: 2, stride: 1}", "{type: flatten}"),
]  # fmt: skip
"""Inputs of two samples, and the layers that they go through."""
HEADS = [
    ("softmax", "cross_entropy", "[[1, 0], [0, 1]]"),
    ("softmax", "{name: cross_entropy, class_weights: [1, 3], smoothing: 0.1}", "[[1, 0], [0, 1]]"),
    ("softmax", "kl_divergence", "[[0.25, 0.75], [1, 0]]"),
    ("log_softmax", "negative_log_likelihood", "[[1, 0], [0, 1]]"),
    ("sigmoid", "binary_cross_entropy", "[[1, 0], [0, 1]]"),
    ("tanh", "huber", "[[2, -0.5], [0.25, 1]]"),
    ("identity", "hinge", "[[1, -1], [-1, 1]]"),
    ("{name: swish, beta: 1.5}", "mean_squared_error", "[[1, 0.5], [-1, 0.25]]"),
]
"""The last activation, the loss, and targets for it."""
SEEDS = (0, 3, 6, 9)


def drawn(seed: int) -> str:
    """A problem file."""
    draw = random.Random(seed)
    inputs, *body = BODIES[seed % len(BODIES)]
    activation, loss, targets = draw.choice(HEADS)
    body = [layer.replace("W}", f"weights: {{seed: {seed}, digits: 2}}}}") for layer in body]
    optimizer = draw.choice(list(OPTIMIZERS))
    told = {k: v or "0.1" for k, v in OPTIMIZERS[optimizer].settings.items()}
    lines = [
        f"inputs: {inputs}",
        f"targets: {targets}",
        "layers:",
        *(f"  - {layer}" for layer in body),
        f"  - {{units: 2, activation: {activation}, "
        f"weights: {{seed: {seed + 1}, digits: 2}}, biases: [0.1, -0.2]}}",
        f"loss: {loss}",
        f"optimizer: {{{optimizer}: {{{', '.join(f'{k}: {v}' for k, v in told.items())}}}}}",
        "updates: 3",
        f"reduction: {draw.choice(['sum', 'mean'])}",
        f"rounding: {draw.choice(['{figures: 6}', '{policy: shown}', '{places: 5}'])}",
        f"notation: {draw.choice(['nielsen', 'ng', 'cs231n', 'torch', 'ufldl'])}",
    ]
    if "rate" in told and draw.random() < 0.5:
        schedule = draw.choice(list(SCHEDULES))
        needed = [key for key, default in SCHEDULES[schedule].settings.items() if default is None]
        settings = ", ".join(f"{key}: {0.5 if key == 'factor' else 2}" for key in needed)
        lines.append(f"schedule: {{{schedule}: {{{settings}}}}}")
    if draw.random() < 0.4:
        lines.append(f"regularizer: {{{draw.choice(list(REGULARIZERS))}: {{strength: 0.1}}}}")
    if draw.random() < 0.3:
        lines.append(draw.choice(["clip: {norm: 0.5}", "clip: {value: 0.05}"]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_drawn_problem_holds_in_all_its_readings(seed: int) -> None:
    """Proofs, three updates in both forms, pages, and a sheet of the trace's own numbers."""
    problem = load_text(drawn(seed))
    found = tracer.trace(problem)
    assert [result for result in tracer.prove(found) if not result.agrees] == []
    updated = [step for step in found if step.rule == "update"]
    for how in ("straight", "numpy"):
        run = tracer.train(problem, 3, how=how)
        for step in updated:
            number = run[str(step.parsed.at(0))][step.parsed.update]
            assert number == pytest.approx(float(step.exact or 0), rel=1e-7, abs=1e-8), step.key
    for form in ("markdown", "latex", "html"):
        assert str(tracer.render(found, to=form))
    answers = {step.key: step.text for step in found if step.rule != "given" and step.shown}
    report = tracer.check(found, answers)
    assert [v for v in report.verdicts if v.status in ("wrong", "unread", "carried")] == []
