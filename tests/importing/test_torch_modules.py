"""Modules of PyTorch: forward pass, gradients and one update are those of PyTorch itself."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.importing.holding import hold, parameters
from tracer.errors import ProblemError
from tracer.files.problem import dump, load_text
from tracer.importing import import_model
from tracer.model.problem import Problem

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
nn = torch.nn


class First(nn.Module):  # type: ignore[misc, name-defined]
    """A recurrent module whose states alone are given, as a Sequential wants them."""

    def __init__(self, cell: Any) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Any) -> Any:
        return self.cell(x)[0]


class Attended(nn.Module):  # type: ignore[misc, name-defined]
    """Self-attention."""

    def __init__(self, cell: Any) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, x: Any) -> Any:
        return self.cell(x, x, x, need_weights=False)[0]


UNITS, STEPS, IMAGE, ROW = (4, 3), (2, 3, 4), (2, 2, 5, 5), (2, 2, 7)
"""Shapes of inputs, the samples first."""

CASES: dict[str, tuple[tuple[int, ...], Callable[[], list[Any]]]] = {
    **{
        f"{kind.__name__} {told}": (
            UNITS,
            lambda kind=kind, told=told: [nn.Linear(3, 4), kind(**told), nn.Linear(4, 2)],
        )
        for kind, told in (
            (nn.Sigmoid, {}),
            (nn.Tanh, {}),
            (nn.ReLU, {}),
            (nn.LeakyReLU, {"negative_slope": 0.2}),
            (nn.Softplus, {}),
            (nn.Hardsigmoid, {}),
            (nn.ELU, {"alpha": 1.5}),
            (nn.CELU, {}),
            (nn.SELU, {}),
            (nn.SiLU, {}),
            (nn.Softsign, {}),
            (nn.GELU, {}),
            (nn.GELU, {"approximate": "tanh"}),
            (nn.Softmax, {"dim": 1}),
            (nn.LogSoftmax, {"dim": -1}),
            (nn.PReLU, {}),
            (nn.PReLU, {"num_parameters": 4, "init": 0.1}),
            (nn.LayerNorm, {"normalized_shape": 4, "eps": 0.01}),
            (nn.LayerNorm, {"normalized_shape": 4, "elementwise_affine": False}),
            (nn.LayerNorm, {"normalized_shape": 4, "bias": False}),
            (nn.RMSNorm, {"normalized_shape": 4}),
            (nn.RMSNorm, {"normalized_shape": [4], "eps": 0.1}),
            (nn.BatchNorm1d, {"num_features": 4, "momentum": 0.3}),
            (nn.BatchNorm1d, {"num_features": 4, "affine": False}),
            (nn.BatchNorm1d, {"num_features": 4, "track_running_stats": False}),
        )
    },
    "no bias": (UNITS, lambda: [nn.Linear(3, 4, bias=False), nn.Tanh(), nn.Linear(4, 2)]),
    "over a sequence": (STEPS, lambda: [nn.Linear(4, 3), nn.PReLU(), nn.LayerNorm(3)]),
    "behind a norm": (
        UNITS,
        lambda: [
            *(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 3), nn.Tanh()),
            *(nn.Sigmoid(), nn.Linear(3, 2)),
        ],
    ),
    "behind a norm of a sequence": (STEPS, lambda: [nn.LayerNorm(4), nn.GELU(), nn.Linear(4, 2)]),
    "images": (
        IMAGE,
        lambda: [
            *(nn.Conv2d(2, 3, (2, 3), padding=1, stride=2), nn.GELU(), nn.Conv2d(3, 2, 2)),
            *(nn.MaxPool2d(2, 1), nn.Flatten(), nn.Linear(2, 2)),
        ],
    ),
    "one channel, one filter": (
        (2, 1, 4, 4),
        lambda: [nn.Conv2d(1, 1, 3, padding="same"), nn.AvgPool2d(2), nn.Flatten()],
    ),
    "rows of numbers": (
        ROW,
        lambda: [
            *(nn.Conv1d(2, 3, 2, bias=False), nn.Tanh(), nn.AvgPool1d(3, 2)),
            *(nn.Conv1d(3, 2, 1), nn.MaxPool1d(2), nn.Flatten(), nn.Linear(2, 2)),
        ],
    ),
    "a table": ((0,), lambda: [nn.Embedding(5, 3), nn.Linear(3, 2), nn.Tanh()]),
    "RNN": (STEPS, lambda: [nn.RNN(4, 3, batch_first=True), nn.Linear(3, 2)]),
    "RNN relu": (STEPS, lambda: [nn.RNN(4, 3, batch_first=True, nonlinearity="relu")]),
    "LSTM": (STEPS, lambda: [nn.LSTM(4, 3, batch_first=True), nn.Linear(3, 2)]),
    "LSTM of two": (STEPS, lambda: [nn.LSTM(4, 3, 2, batch_first=True)]),
    "LSTM without biases": (STEPS, lambda: [nn.LSTM(4, 2, bias=False, batch_first=True)]),
    "GRU": (STEPS, lambda: [nn.GRU(4, 3, batch_first=True), nn.Linear(3, 2)]),
    "attention": (STEPS, lambda: [nn.MultiheadAttention(4, 2, batch_first=True)]),
    "one head": (STEPS, lambda: [nn.MultiheadAttention(4, 1, bias=False, batch_first=True)]),
    "a block": (
        STEPS,
        lambda: [nn.TransformerEncoderLayer(4, 2, 5, dropout=0.0, batch_first=True)],
    ),
    "a block, norms before": (
        STEPS,
        lambda: [
            nn.TransformerEncoderLayer(
                4, 1, 5, 0.0, "gelu", layer_norm_eps=0.01, batch_first=True, norm_first=True
            ),
            nn.Linear(4, 2),
        ],
    ),
}


def made(name: str) -> tuple[Any, Any]:
    """The module with seeded numbers, and an input."""
    shape, modules = CASES[name]
    torch.manual_seed(7)
    model = nn.Sequential(*modules()).double()
    for module in model.modules():
        for key, tensor in module.named_parameters(recurse=False):
            if tensor.dim() == 1 and "bias" not in key:  # scales that are not all 1
                tensor.data += 0.3 * torch.randn_like(tensor)
            elif tensor.dim() == 1:
                tensor.data += 0.1 * torch.randn_like(tensor)
    if shape == (0,):
        return model, torch.tensor([[1, 4, 0], [1, 2, 3]])
    return model, torch.randn(shape, dtype=torch.float64)


def running(model: Any) -> Any:
    """The same modules, each of which takes and gives one tensor."""
    wrappers = {"RNN": First, "LSTM": First, "GRU": First, "MultiheadAttention": Attended}
    return nn.Sequential(
        *(
            wrappers.get(type(m).__name__, nn.Identity)(m) if type(m).__name__ in wrappers else m
            for m in model
        )
    )


def learn_one_bias(model: Any) -> None:
    """Of two biases that are added up the other is held fast: else the sum moves twice as far."""
    for cell in model:
        for level in range(getattr(cell, "num_layers", 0)):
            bias = getattr(cell, f"bias_hh_l{level}", None)
            if bias is not None and type(cell).__name__ != "TransformerEncoderLayer":
                mask = torch.zeros_like(bias)
                if type(cell).__name__ == "GRU":
                    mask[-cell.hidden_size :] = 1  # stands behind the reset gate, by itself
                bias.register_hook(lambda gradient, mask=mask: gradient * mask)


def stepped(model: Any, x: Any, targets: Any, loss: Any) -> tuple[float, Any, Any]:
    """The loss of a forward pass, and copies of the model whose numbers are gradients, and
    those after one update of SGD."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    told = loss(running(model)(x), targets)
    told.backward()
    gradients = copy.deepcopy(model)
    for copied, own in zip(gradients.parameters(), model.parameters(), strict=True):
        copied.data = torch.zeros_like(own) if own.grad is None else own.grad.clone()
    optimizer.step()
    return told.item(), gradients, model


@pytest.mark.parametrize("name", CASES)
def test_a_module(name: str) -> None:
    """Loss, every gradient and every updated parameter, seeded, in double precision."""
    model, x = made(name)
    learn_one_bias(model)
    with torch.no_grad():
        shape = running(copy.deepcopy(model))(x).shape
    targets = torch.rand(shape, dtype=torch.float64)
    problem = import_model(model, x, targets, loss=nn.MSELoss(), rate=0.1)
    assert dump(load_text(dump(problem))) == dump(problem), "the problem file says the same"
    loss, gradients, after = stepped(model, x, targets, nn.MSELoss())
    # the backward pass of PyTorch's Hardsigmoid multiplies by a sixth of single precision
    within = 1e-8 if "Hardsigmoid" in name else 1e-12
    theirs = (parameters(import_model(one, x)) for one in (gradients, after))
    hold(problem, loss, *theirs, within)


def test_running_statistics() -> None:
    """After an update they are PyTorch's; in use they are constants, which nothing moves."""
    model, x = made("BatchNorm1d {'num_features': 4, 'momentum': 0.3}")
    problem = import_model(model, x, torch.zeros(4, 2), rate=0.1)
    nn.MSELoss()(model(x), torch.zeros(4, 2)).backward()
    from tracer.backprop.training import train

    history = train(problem, 1)
    for ours, theirs in (("running_mean", "running_mean"), ("running_variance", "running_var")):
        found = [history[f"batch_norm2.{ours}[{k}]"][1] for k in (1, 2, 3, 4)]
        assert np.allclose(found, getattr(model[1], theirs), rtol=0, atol=1e-14)
    model.eval()
    targets = torch.rand(4, 2, dtype=torch.float64)
    problem = import_model(model, x, targets, loss=nn.MSELoss(), rate=0.1)
    model.zero_grad()
    loss, gradients, after = stepped(model, x, targets, nn.MSELoss())
    hold(problem, loss, parameters(import_model(gradients, x)), parameters(import_model(after, x)))


def test_dropout() -> None:
    """In use it changes nothing and is left out; in training its mask is drawn by a seed."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.25), nn.Linear(4, 2)).double()
    assert [one.type for one in import_model(model.eval()).layers] == ["dense", "dense"]
    layer = import_model(model.train()).layers[1]
    assert (layer.type, layer.settings["rate"]) == ("dropout", "0.25")
    assert layer.settings["mask"] == {"seed": 1}


def test_parameters_that_need_no_gradient() -> None:
    """They are frozen."""
    model = nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Linear(4, 2))
    model[0].weight.requires_grad = False
    model[1].bias.requires_grad = False
    assert import_model(model).freeze == ("w1", "layer_norm2.beta")


# --- losses -----------------------------------------------------------------------------------

HARD = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
SOFT = [[0.2, 0.3, 0.5], [0.1, 0.0, 0.9]]
WEIGHTS = [1.0, 2.0, 0.5]


def weight() -> Any:
    return torch.tensor(WEIGHTS, dtype=torch.float64)


LOSSES: dict[str, tuple[Callable[[], Any], list[Any], Any]] = {
    "mean of squares": (nn.MSELoss, [], SOFT),
    "sum of squares": (lambda: nn.MSELoss(reduction="sum"), [], SOFT),
    "absolute": (nn.L1Loss, [], SOFT),
    "Huber": (lambda: nn.HuberLoss(), [], [[3.0, 0.1, -4.0], [0.3, 0.2, 0.1]]),
    "smooth": (nn.SmoothL1Loss, [], [[3.0, 0.1, -4.0], [0.3, 0.2, 0.1]]),
    "binary": (nn.BCELoss, [nn.Sigmoid()], SOFT),
    "binary, logits": (nn.BCEWithLogitsLoss, [], SOFT),
    "binary, one weight": (
        lambda: nn.BCEWithLogitsLoss(pos_weight=torch.tensor([3.0]).double()), [], SOFT,
    ),
    "classes": (nn.CrossEntropyLoss, [], HARD),
    "classes by number": (nn.CrossEntropyLoss, [], [0, 2]),
    "shares": (nn.CrossEntropyLoss, [], SOFT),
    "weights": (lambda: nn.CrossEntropyLoss(weight()), [], [0, 2]),
    "weights and smoothing": (
        lambda: nn.CrossEntropyLoss(weight(), label_smoothing=0.2), [], [0, 2],
    ),
    "weights of shares": (lambda: nn.CrossEntropyLoss(weight()), [], SOFT),
    "sum": (lambda: nn.CrossEntropyLoss(reduction="sum", label_smoothing=0.1), [], [1, 2]),
    "likelihood": (nn.NLLLoss, [nn.LogSoftmax(1)], [2, 1]),
    "likelihood, weights": (lambda: nn.NLLLoss(weight()), [nn.LogSoftmax(1)], [2, 1]),
    "divergence": (lambda: nn.KLDivLoss(reduction="batchmean"), [nn.LogSoftmax(1)], SOFT),
    "divergence, mean": (lambda: nn.KLDivLoss(reduction="mean"), [nn.LogSoftmax(1)], SOFT),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning")
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss(name: str) -> None:
    """PyTorch's losses with their means, weights, smoothing, and what they hold inside."""
    loss, last, targets = LOSSES[name]
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(2, 3), *last).double()
    x = torch.randn(2, 2, dtype=torch.float64)
    kind = None if isinstance(targets[0], int) else torch.float64
    wanted = torch.tensor(targets, dtype=kind)
    problem = import_model(model, x, wanted, loss=loss(), rate=0.1)
    told, gradients, after = stepped(model, x, wanted, loss())
    hold(problem, told, parameters(import_model(gradients, x)), parameters(import_model(after, x)))


# --- what has no counterpart ------------------------------------------------------------------


class Hidden(nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.only = nn.Linear(3, 2)


IN_IMAGE, IN_STEPS = np.ones((1, 2, 5, 5)), np.ones((1, 3, 4))
REFUSED: dict[str, tuple[Callable[[], list[Any]], Any, str]] = {
    "a module": (lambda: [nn.Linear(3, 2), nn.Bilinear(2, 2, 2)], None,
        "module 1: there is no layer 'Bilinear' here"),
    "inside": (lambda: [nn.Sequential(nn.Linear(3, 2), nn.Mish())], None,
        "module 0.1: there is no layer 'Mish' here"),
    "nothing before": (lambda: [nn.Tanh(), nn.Linear(3, 2)], None,
        "module 0: Tanh follows no layer"),
    "its slope": (lambda: [nn.Linear(3, 2), nn.LayerNorm(2), nn.LeakyReLU(0.2)], None,
        "module 2: LeakyReLU (leak = 0.2) stands behind dense layers alone here"),
    "behind a pool": (lambda: [nn.MaxPool2d(2), nn.ReLU()], IN_IMAGE,
        "module 1: activation takes units or a sequence"),
    "beta": (lambda: [nn.Linear(3, 2), nn.Softplus(2)], None, "module 1: beta = 2"),
    "samples": (lambda: [nn.Linear(3, 2), nn.Softmax(0)], None,
        "module 1: Softmax along dimension 0 is not over the units"),
    "time": (lambda: [nn.LayerNorm(4), nn.Linear(4, 2), nn.Softmax(1)], IN_STEPS,
        "module 1: this dense works along another axis"),
    "groups": (lambda: [nn.Conv2d(2, 2, 2, groups=2)], IN_IMAGE, "module 0: groups = 2"),
    "dilation": (lambda: [nn.Conv2d(2, 2, 2, dilation=2)], IN_IMAGE, "module 0: dilation = 2"),
    "strides": (lambda: [nn.Conv2d(2, 2, 2, stride=(1, 2))], IN_IMAGE,
        "module 0: stride of 1 and 2 differs by axis"),
    "borders": (lambda: [nn.MaxPool2d(2, padding=1)], IN_IMAGE, "module 0: padding = 1"),
    "channels": (lambda: [nn.Conv2d(3, 2, 2)], IN_IMAGE, "module 0: "),
    "images": (lambda: [nn.Conv2d(2, 2, 2), nn.BatchNorm2d(2)], IN_IMAGE,
        "module 1: there is no layer 'BatchNorm2d' here; did you mean 'BatchNorm1d'?"),
    "a norm of images": (lambda: [nn.Conv2d(2, 2, 2), nn.LayerNorm(4)], IN_IMAGE,
        "module 1: layer_norm takes units or a sequence"),
    "directions": (lambda: [nn.LSTM(4, 2, bidirectional=True)], IN_STEPS,
        "module 0: bidirectional = True"),
    "padding": (lambda: [nn.Embedding(3, 2, padding_idx=0)], [[1]], "module 0: padding_idx = 0"),
    "momentum": (lambda: [nn.Linear(3, 2), nn.BatchNorm1d(2, momentum=None)], None,
        "module 1: momentum = True"),
    "a leak behind filters": (lambda: [nn.Conv2d(2, 2, 2), nn.LeakyReLU(0.2)], IN_IMAGE,
        "module 1: LeakyReLU (leak = 0.2) stands behind dense layers alone here"),
    "no inputs": (lambda: [nn.Conv2d(2, 2, 2)], None, "give inputs"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_counterpart(case: str) -> None:
    """Its place and its name are told."""
    modules, x, message = REFUSED[case]
    with pytest.raises(ProblemError, match=re.escape(message)):
        import_model(nn.Sequential(*modules()), x)


def test_losses_without_counterpart() -> None:
    """They are named; so is a last layer that a loss cannot have."""
    model = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    with pytest.raises(ProblemError, match="there is no loss 'MultiMarginLoss' here"):
        import_model(model, targets=[1, 0], loss=nn.MultiMarginLoss())
    with pytest.raises(ProblemError, match="module 0: this loss holds softmax inside"):
        import_model(model, targets=[1, 0], loss=nn.CrossEntropyLoss())
    with pytest.raises(ProblemError, match="HuberLoss: delta = 2"):
        import_model(model, targets=[1, 0], loss=nn.HuberLoss(delta=2.0))
    with pytest.raises(ProblemError, match="Hidden is not a Sequential"):
        import_model(Hidden())


# --- states with an architecture --------------------------------------------------------------

LIKE = """
inputs: [[[1, 2, 0.5, 1], [0.5, 3, 1, 0], [1, 1, 2, 2]]]
targets: [[1, 0]]
layers:
  - {type: layer_norm, gamma: [1, 1, 1, 1], beta: [0, 0, 0, 0]}
  - {type: lstm, units: 3, return: last, weights: {seed: 1}}
  - {type: dropout, rate: 0.5, mode: test}
  - {units: 2, activation: softmax, weights: {seed: 1}, biases: [0, 0]}
loss: cross_entropy
optimizer: {gradient_descent: {rate: 0.5}}
"""


class Last(nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.norm, self.rnn = nn.LayerNorm(4), nn.LSTM(4, 3, batch_first=True)
        self.head = nn.Linear(3, 2)

    def forward(self, x: Any) -> Any:
        return self.head(self.rnn(self.norm(x))[0][:, -1])


def like() -> Problem:
    return load_text(LIKE)


def test_a_state_in_a_given_architecture() -> None:
    """The problem's layers with the numbers of the state; all else stays as the problem says."""
    torch.manual_seed(5)
    model = Last().double()
    mask = torch.zeros(12)
    model.rnn.bias_hh_l0.register_hook(lambda gradient: gradient * mask)
    problem = import_model(model.state_dict(), like=like())
    assert (problem.loss, problem.settings, problem.inputs) == (
        "cross_entropy", {"rate": "0.5"}, like().inputs,
    )  # fmt: skip
    x = torch.tensor(np.array(problem.inputs, dtype=float))
    told = nn.CrossEntropyLoss()(model(x), torch.tensor([0]))
    told.backward()
    gradients = {name: p.grad for name, p in model.named_parameters()}
    after = {name: p.detach() - 0.5 * p.grad for name, p in model.named_parameters()}
    hold(
        problem,
        told.item(),
        parameters(import_model(gradients, like=like())),
        parameters(import_model(after, like=like())),
    )


def test_states_that_do_not_fit_the_architecture() -> None:
    """What stands where, or what is left over, is told."""
    state = Last().state_dict()
    short = {name: v for name, v in state.items() if not name.startswith("rnn")}
    with pytest.raises(ProblemError, match=r"layer 2 \(lstm\): the state has 'head\.weight' there"):
        import_model(short, like=like())
    with pytest.raises(ProblemError, match=r"the architecture has no layer for 'more\.weight'"):
        import_model({**state, "more.weight": torch.ones(2, 2)}, like=like())
    with pytest.raises(ProblemError, match="this model says its architecture itself"):
        import_model(nn.Linear(4, 2), like=like())
    with pytest.raises(ProblemError, match="give the architecture: like"):
        import_model(state)
