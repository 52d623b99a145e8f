"""Losses over classes: label smoothing, class weights and reductions, beside PyTorch and SymPy."""

from __future__ import annotations

from typing import Any

import pytest

from tracer.backprop.proving import prove
from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.errors import FileError
from tracer.files.problem import dump, load_text
from tracer.model.problem import Problem

LAYERS = {
    "softmax": """
  - {activation: softmax, weights: [[0.3, -0.2], [-0.5, 0.6], [0.1, 0.2]], biases: [0.05, 0.1, 0]}
""",
    "log_softmax": """
  - {activation: log_softmax, weights: [[0.3, -0.2], [-0.5, 0.6], [0.1, 0.2]], biases: [0, 0.1, 0]}
""",
    "sigmoid": """
  - {activation: sigmoid, weights: [[0.3, -0.2], [-0.5, 0.6], [0.1, 0.2]], biases: [0.05, 0.1, 0]}
""",
}
HARD = "[[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]]"
SOFT = "[[0.7, 0.2, 0.1], [0, 0, 1], [0.25, 0.5, 0.25], [0.1, 0.1, 0.8]]"
SMOOTHING, WEIGHTS, PAIR = "smoothing: 0.1", "class_weights: [1, 2, 0.5]", "class_weights: [1, 3]"


def problem(loss: str, activation: str, reduction: str, targets: str = HARD) -> Problem:
    """Two layers over four samples."""
    return load_text(
        f"""
inputs: [[0.5, -0.8], [1, 0.4], [-0.3, 0.2], [0.7, 0.6]]
targets: {targets}
layers:
  - {{activation: tanh, weights: [[0.15, -0.25], [0.4, 0.3]], biases: [0.1, -0.2]}}
  {LAYERS[activation].strip()}
loss: {loss}
reduction: {reduction}
optimizer: {{gradient_descent: {{rate: 0.5}}}}
rounding: {{policy: exact}}
"""
    )


CASES = [
    pytest.param(f"{{name: {name}, {settings}}}", activation, reduction, targets, id=case)
    for name, activation, pair in (
        ("cross_entropy", "softmax", WEIGHTS),
        ("cross_entropy", "sigmoid", WEIGHTS),
        ("negative_log_likelihood", "log_softmax", WEIGHTS),
        ("kl_divergence", "softmax", WEIGHTS),
        ("binary_cross_entropy", "sigmoid", PAIR),
        ("binary_cross_entropy", "softmax", PAIR),
    )
    for settings in (SMOOTHING, pair, f"{SMOOTHING}, {pair}")
    for reduction in ("sum", "mean", "{batch: mean, written: delta}", "weighted")
    for targets in (HARD, SOFT)
    if reduction != "weighted" or ("class" in settings and name != "binary_cross_entropy")
    for case in [
        f"{name}-{activation}-{settings}-{reduction}-{'hard' if targets == HARD else 'soft'}"
    ]
]


@pytest.mark.parametrize(("loss", "activation", "reduction", "targets"), CASES)
def test_gradients_are_those_of_the_whole_loss(
    loss: str, activation: str, reduction: str, targets: str
) -> None:
    """Central differences of the whole loss, along directions that all parameters are part of,
    give the gradients, whatever is combined."""
    found = trace(problem(loss, activation, reduction, targets))
    assert len(found.proof) == 3
    assert all(result.agrees for result in found.proof)


def torch_loss(torch: Any, settings: dict[str, Any], z: Any, y: Any, reduction: str) -> Any:
    """PyTorch's own cross-entropy of class numbers, or of shares."""
    labels = y.argmax(dim=1)
    word = "mean" if reduction == "weighted" else reduction
    loss = torch.nn.CrossEntropyLoss(reduction="none", **settings)
    if reduction == "weighted":
        return torch.nn.CrossEntropyLoss(reduction=word, **settings)(z, labels)
    return getattr(loss(z, labels), word)()


@pytest.mark.parametrize(
    ("settings", "reduction"),
    [
        (settings, reduction)
        for settings in ("smoothing", "weights", "both")
        for reduction in ("sum", "mean", "weighted")
        if (settings, reduction) != ("smoothing", "weighted")
    ],
)
def test_cross_entropy_is_that_of_pytorch(settings: str, reduction: str) -> None:
    """`label_smoothing=` and `weight=` give the same loss and the same gradients."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    told = {
        "smoothing": (SMOOTHING, {"label_smoothing": 0.1}),
        "weights": (WEIGHTS, {"weight": torch.tensor([1.0, 2.0, 0.5], dtype=torch.float64)}),
    }
    told["both"] = (f"{SMOOTHING}, {WEIGHTS}", {**told["smoothing"][1], **told["weights"][1]})
    ours, theirs = told[settings]
    given = problem(f"{{name: cross_entropy, {ours}}}", "softmax", reduction)
    numbers = [
        torch.tensor([[float(cell) for cell in row] for row in rows], dtype=torch.float64)
        for rows in (given.inputs, given.targets, *(layer.weights for layer in given.dense))
    ]
    x, y, *weights = numbers
    biases = [
        torch.tensor([float(cell) for cell in layer.biases], dtype=torch.float64)
        for layer in given.dense
    ]
    for leaf in (*weights, *biases):
        leaf.requires_grad_()
    z = torch.tanh(x @ weights[0].T + biases[0]) @ weights[1].T + biases[1]
    loss = torch_loss(torch, theirs, z, y, reduction)
    loss.backward()
    found = trace(given)
    assert float(found["loss"].exact or 0) == pytest.approx(loss.item(), rel=1e-12)
    for number, leaf in enumerate(weights, 1):
        for i, j in [(1, 1), (2, 2), (leaf.shape[0], 1)]:
            ours_here = float(found[f"dw{number}[{i},{j}]"].exact or 0)
            assert ours_here == pytest.approx(leaf.grad[i - 1, j - 1].item(), rel=1e-12)
        assert float(found[f"db{number}[1]"].exact or 0) == pytest.approx(
            biases[number - 1].grad[0].item(), rel=1e-12
        )


def test_binary_weights_are_those_of_pytorch() -> None:
    """The weight of the answer 1 beside that of 0 is `pos_weight`; smoothing goes half way."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    loss = "{name: binary_cross_entropy, class_weights: [1, 3]}"
    found = trace(problem(loss, "sigmoid", "sum"))
    z = torch.tensor(
        [[float(found[f"z2[{k}]#{s}"].exact or 0) for k in (1, 2, 3)] for s in (1, 2, 3, 4)],
        dtype=torch.float64,
    )
    y = torch.tensor([[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]], dtype=torch.float64)
    weight = torch.tensor(3.0, dtype=torch.float64)
    whole = torch.nn.BCEWithLogitsLoss(pos_weight=weight, reduction="sum")(z, y)
    assert float(found["loss"].exact or 0) == pytest.approx(whole.item(), rel=1e-12)
    smooth = trace(problem("{name: binary_cross_entropy, smoothing: 0.1}", "sigmoid", "sum"))
    half = torch.nn.BCEWithLogitsLoss(reduction="sum")(z, 0.9 * y + 0.05)
    assert float(smooth["loss"].exact or 0) == pytest.approx(half.item(), rel=1e-12)


@pytest.mark.parametrize("name", ["cross_entropy", "binary_cross_entropy"])
def test_sympy_agrees(name: str) -> None:
    """SymPy's derivative of the whole composed loss is every gradient."""
    pair = PAIR if name == "binary_cross_entropy" else WEIGHTS
    activation = "sigmoid" if name == "binary_cross_entropy" else "softmax"
    given = load_text(
        f"""
inputs: [[0.5, -0.8]]
targets: [[0, 1{", 0" if activation == "softmax" else ", 1"}]]
layers: {LAYERS[activation]}
loss: {{name: {name}, {SMOOTHING}, {pair}}}
optimizer: {{gradient_descent: {{rate: 0.5}}}}
"""
    )
    results = prove(trace(given))
    whole = [result for result in results if "SymPy derivative of the whole" in result.method]
    assert len(whole) >= 9
    assert all(result.agrees for result in results)


@pytest.mark.parametrize("reduction", ["sum", "weighted"])
def test_training_gives_the_numbers_of_the_trace(reduction: str) -> None:
    """Compiled updates are those of the trace, settings of the loss included."""
    given = problem(f"{{name: cross_entropy, {SMOOTHING}, {WEIGHTS}}}", "softmax", reduction)
    history, found = train(given, 1), trace(given)
    for key in ("loss", "smoothed[1]#2", "target_weight#1", "delta2[3]#4", "w1[2,1]@1", "loss@1"):
        row = 1 if key.endswith("@1") else 0
        assert float(history[key.removesuffix("@1")][row]) == pytest.approx(
            float(found[key].exact or 0), rel=1e-12
        )


def test_the_lines_of_the_textbook() -> None:
    """Smoothed targets, what they weigh, and the short delta are lines of their own."""
    found = trace(problem(f"{{name: cross_entropy, {WEIGHTS}}}", "softmax", "weighted"))
    assert str(found["target_weight#1"]).startswith(
        "target_weight#1 = class_weight[1]*y[1]#1 + class_weight[2]*y[2]#1 + class_weight[3]"
    )
    assert str(found["delta2[2]#1"]).startswith(
        "delta2[2]#1 = target_weight#1*(a2[2]#1 - y[2]#1) = "
    )
    smooth = trace(problem(f"{{name: cross_entropy, {SMOOTHING}}}", "softmax", "sum"))
    assert str(smooth["smoothed[1]#1"]).startswith(
        "smoothed[1]#1 = (1 - smoothing)*y[1]#1 + smoothing/3 = 14/15"
    )
    assert "smoothed[1]#1@1" not in smooth


def test_a_file_reads_back_equal() -> None:
    """What is written of a loss with settings is read again as the same problem."""
    given = problem(f"{{name: cross_entropy, {SMOOTHING}, {WEIGHTS}}}", "softmax", "weighted")
    assert load_text(dump(given)) == given
    averaged = problem("{name: half_squared_error, over_outputs: mean}", "sigmoid", "mean")
    assert load_text(dump(averaged)) == averaged
    assert str(trace(averaged)["loss#1"]).startswith("loss#1 = 1/3*(loss[1]#1 + loss[2]#1 +")


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("{name: cross_entropy, class_weights: [1, 2]}", "3 units, so there are 3 class weights"),
        ("{name: cross_entropy, smoothing: 1.5}", "smoothing is at least 0 and less than 1"),
        ("{name: cross_entropy, class_weights: [1, -2, 1]}", "not below 0; found -2"),
        ("{name: hinge, smoothing: 0.1}", "hinge knows no classes; 'smoothing' goes with"),
        ("{name: cross_entropy, smothing: 0.1}", "did you mean 'smoothing'?"),
        ("{name: mean_squared_error, over_outputs: sum}", "is a mean over the outputs"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(loss: str, said: str) -> None:
    """Each wrong setting is an error at the line of the loss."""
    with pytest.raises(FileError) as caught:
        problem(loss, "softmax", "sum")
    (line,) = [line for line in str(caught.value).splitlines() if said in line]
    assert ":7:" in line


def test_a_weighted_mean_needs_weights() -> None:
    """The reduction alone says nothing."""
    with pytest.raises(FileError, match="a weighted mean needs the class_weights"):
        problem("cross_entropy", "softmax", "weighted")
