"""Every problem of the catalogue beside PyTorch: gradients and new parameters.

The files are read here with a plain YAML reader and worked out in PyTorch, with its own
layers, losses and optimizers; nothing of tracer is used on that side.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from tests.counting import calls
from tracer.backprop.proving import prove
from tracer.backprop.tracing import trace
from tracer.files.problem import dump, load, load_text
from tracer.model.trace import Trace

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
from torch import nn, optim  # noqa: E402
from torch.nn import functional as F  # noqa: E402, N812

FOLDER = Path(__file__).parents[2] / "examples" / "catalogue"
PROBLEMS = sorted(FOLDER.glob("*.yaml"))
WITHOUT_GRADIENTS = {"step-unit"}

Names = dict[str, Any]


def numbers(value: Any) -> Any:
    """The numbers of a file in double precision."""
    return torch.tensor(np.array(value, float))


# --- networks of equations, written once more in PyTorch --------------------------------


def half(y: Any, a: Any) -> Any:
    return F.mse_loss(a, y, reduction="sum") / 2


def attend(q: Any, k: Any, v: Any, causal: bool = False) -> Any:
    return F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=causal)[0]


def elman(g: Names) -> Any:
    h, loss = g["h0"], 0
    for t in "123":
        h = torch.tanh(F.linear(g[f"x{t}"], g["Wx"]) + F.linear(h, g["Wh"]) + g["b"])
        loss = loss + half(g[f"t{t}"], F.linear(h, g["Wy"]))
    return loss


def gru(g: Names) -> Any:
    """PyTorch's own cell orders its gates r, z, n."""
    inputs = torch.cat([g["Wr"], g["Wz"], g["Wn"]])
    hidden = torch.cat([g["Ur"], g["Uz"], g["Un"]])
    h = g["h0"][None]
    for t in "12":
        h = torch.gru_cell(g[f"x{t}"][None], h, inputs, hidden)
    return half(g["t"], h[0])


def lstm(g: Names) -> Any:
    """PyTorch's own cell orders its gates i, f, g, o."""
    gates = "ifgo"
    inputs = torch.stack([g[f"W{gate}"] for gate in gates])
    hidden = torch.stack([g[f"U{gate}"] for gate in gates])[:, None]
    biases = torch.stack([g[f"b{gate}"] for gate in gates])
    state = (g["h0"].reshape(1, 1), g["c0"].reshape(1, 1))
    loss = 0
    for t in "12":
        state = torch.lstm_cell(
            g[f"x{t}"][None], state, inputs, hidden, biases, torch.zeros_like(biases)
        )
        loss = loss + half(g[f"t{t}"], state[0][0, 0])
    return loss


def batch_norm(g: Names) -> Any:
    normal = F.batch_norm(
        g["X"], None, None, g["gamma"], g["beta"], training=True, eps=float(g["epsilon"])
    )
    return half(g["Y"], normal)


def layer_norm(g: Names, x: Any, mark: str = "") -> Any:
    weight, bias = g[f"gamma{mark}"], g[f"beta{mark}"]
    return F.layer_norm(x, weight.shape, weight, bias, float(g["epsilon"]))


def multi_head(g: Names) -> Any:
    heads = [
        attend(g["X"] @ g[f"Wq{h}"], g["X"] @ g[f"Wk{h}"], g["X"] @ g[f"Wv{h}"]) @ g[f"Wo{h}"]
        for h in "12"
    ]
    return half(g["T"], heads[0] + heads[1])


def transformer(g: Names) -> Any:
    x = g["X"]
    attended = attend(x @ g["Wq"], x @ g["Wk"], x @ g["Wv"], causal=True)
    n = layer_norm(g, x + attended, "1")
    fed = torch.relu(n @ g["Wf1"] + g["bf1"]) @ g["Wf2"] + g["bf2"]
    return half(g["T"], layer_norm(g, n + fed, "2"))


def convolutional(g: Names) -> Any:
    z = F.conv2d(g["X"][None, None], g["K"][None, None], g["c"][None])
    pooled = F.max_pool2d(torch.relu(z), 2)
    scores = F.linear(pooled.flatten(), g["W"], g["b"])
    return F.cross_entropy(scores, g["y"])


def strided(g: Names) -> Any:
    z = F.conv2d(g["X"][None, None], g["K"][None, None], stride=2, padding=1)
    return half(g["t"], F.avg_pool2d(torch.tanh(z), 2).sum())


EQUATIONS: dict[str, Callable[[Names], Any]] = {
    "perceptron": lambda g: torch.relu(-g["y"] * (g["w"] @ g["x"] + g["b"])),
    "sine-circuit": lambda g: torch.log(g["x1"]) + g["x1"] * g["x2"] - torch.sin(g["x2"]),
    "gate-circuit": lambda g: (g["x"] + g["y"]) * g["z"],
    "adam-square": lambda g: g["theta"] ** 2,
    "dropout": lambda g: half(
        g["y"],
        F.linear(g["mask"] * torch.relu(F.linear(g["x"], g["W1"])) / g["keep"], g["W2"]),
    ),
    "batch-norm": batch_norm,
    "layer-norm": lambda g: half(g["Y"], layer_norm(g, g["X"])),
    "rms-norm": lambda g: half(
        g["Y"], F.rms_norm(g["X"], g["gamma"].shape, g["gamma"], float(g["epsilon"]))
    ),
    "convolutional": convolutional,
    "strides-and-padding": strided,
    "recurrent": elman,
    "lstm": lstm,
    "gru": gru,
    "attention": lambda g: half(
        g["T"], attend(g["X"] @ g["Wq"], g["X"] @ g["Wk"], g["X"] @ g["Wv"], causal=True)
    ),
    "multi-head": multi_head,
    "transformer-block": transformer,
    "autoencoder": lambda g: half(
        g["x"],
        F.linear(torch.sigmoid(F.linear(g["x"], g["W"], g["b"])), g["W"].T, g["c"]),
    ),
    "prelu": lambda g: half(
        g["y"], F.linear(F.prelu(F.linear(g["x"], g["W"], g["b"])[None], g["s"])[0], g["V"])
    ),
    "maxout": lambda g: half(
        g["y"],
        F.linear(
            torch.maximum(F.linear(g["x"], g["W1"], g["b1"]), F.linear(g["x"], g["W2"], g["b2"])),
            g["V"],
        ),
    ),
    "label-smoothing": lambda g: F.cross_entropy(
        F.linear(g["x"], g["W"], g["b"])[None], g["y"].argmax()[None], label_smoothing=0.1
    ),
    "class-weights": lambda g: F.cross_entropy(
        g["X"] @ g["W"] + g["b"], g["Y"].argmax(1), weight=g["c"], reduction="sum"
    ),
    "word2vec": lambda g: F.cross_entropy(F.linear(g["E"][1], g["C"]), g["y"]),
}

# --- networks of layers -----------------------------------------------------------------

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "gelu": F.gelu,
    "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
    "softmax": lambda z: torch.softmax(z, 1),
    "log_softmax": lambda z: F.log_softmax(z, 1),
}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared_error": lambda y, a: ((a - y) ** 2).sum(1) / 2,
    "squared_error": lambda y, a: ((a - y) ** 2).sum(1),
    "mean_squared_error": lambda y, a: F.mse_loss(a, y, reduction="none").mean(1),
    "mean_absolute_error": lambda y, a: F.l1_loss(a, y, reduction="none").mean(1),
    "binary_cross_entropy": lambda y, a: F.binary_cross_entropy(a, y, reduction="none").sum(1),
    "cross_entropy": lambda y, a: F.nll_loss(torch.log(a), y.argmax(1), reduction="none"),
    "negative_log_likelihood": lambda y, a: F.nll_loss(a, y.argmax(1), reduction="none"),
    "hinge": lambda y, a: torch.relu(1 - y * a).sum(1),
}


def layered(told: Names, g: Names, samples: list[int]) -> Any:
    """The loss of a batch, with its penalty."""
    a, targets = (np.atleast_2d(np.array(told[k], float))[samples] for k in ("inputs", "targets"))
    a = torch.tensor(a)
    for number, layer in enumerate(told["layers"], 1):
        z = F.linear(a, g[f"w{number}"], g[f"b{number}"])
        name = layer.get("activation", "sigmoid")
        if isinstance(name, dict):
            heat, leak = name.get("temperature"), name.get("leak")
            a = torch.softmax(z / heat, 1) if heat else F.leaky_relu(z, leak)
        else:
            a = ACTIVATIONS[name](z)
    losses = LOSSES[told["loss"]](torch.tensor(targets), a)
    loss = losses.mean() if told.get("reduction") == "mean" else losses.sum()
    for kind, settings in told.get("regularizer", {}).items():
        assert kind == "l2_half"
        weights = [g[name] for name in g if name[0] == "w"]
        loss = loss + settings["strength"] / 2 * sum((w**2).sum() for w in weights)
    return loss


def parameters(told: Names) -> tuple[Names, list[str]]:
    """All arrays of a problem, and which of them are learnt."""
    if "equations" in told:
        return {k: numbers(v) for k, v in told["given"].items()}, told.get("learn", [])
    found = {}
    for number, layer in enumerate(told["layers"], 1):
        found[f"w{number}"] = numbers(layer["weights"])
        found[f"b{number}"] = numbers(layer["biases"])
    return found, list(found)


def optimizer_of(told: Names, learnt: list[Any]) -> Any:
    """PyTorch's optimizer with the file's settings."""
    ((name, settings),) = told["optimizer"].items()
    rate = settings["rate"]
    return {
        "gradient_descent": lambda: optim.SGD(learnt, rate),
        "momentum": lambda: optim.SGD(learnt, rate, momentum=settings["beta"]),
        "nesterov": lambda: optim.SGD(learnt, rate, momentum=settings["beta"], nesterov=True),
        "adagrad": lambda: optim.Adagrad(learnt, rate),
        "rmsprop": lambda: optim.RMSprop(learnt, rate, alpha=0.9),
        "adam": lambda: optim.Adam(learnt, rate),
        "adamw": lambda: optim.AdamW(learnt, rate, weight_decay=settings["decay"]),
        "adadelta": lambda: optim.Adadelta(learnt, rate),
    }[name]()


def batches(told: Names) -> Any:
    """The samples of each update."""
    count = len(np.atleast_2d(np.array(told.get("inputs", [0]), float)))
    online = told.get("batch") == "online"
    turns = [[s] for s in range(count)] if online else [list(range(count))]
    return islice(cycle(turns), told.get("updates", 1))


def by_torch(path: Path) -> dict[str, float]:
    """Gradients before each update, and parameters after it, by tracer's keys."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    arrays, learnt = parameters(told)
    wanted = learnt or list(arrays)
    for name in wanted:
        arrays[name].requires_grad_()
    optimizer = optimizer_of(told, [arrays[name] for name in learnt]) if learnt else None
    scheduler = None
    if "schedule" in told:
        ((name, settings),) = told["schedule"].items()
        scheduler = {
            "inverse_time": lambda: optim.lr_scheduler.LambdaLR(
                optimizer, lambda t: 1 / (1 + settings["decay"] * t)
            ),
            "step": lambda: optim.lr_scheduler.StepLR(
                optimizer, settings["every"], settings["factor"]
            ),
        }[name]()
    found: dict[str, float] = {}
    for update, samples in enumerate(batches(told)):
        for name in wanted:
            arrays[name].grad = None
        loss = (
            EQUATIONS[path.stem](arrays) if "equations" in told else layered(told, arrays, samples)
        )
        loss.backward()
        for name in wanted:
            found |= cells(f"d{name}", arrays[name].grad, update)
        if optimizer is None:
            break
        if "clip" in told:
            nn.utils.clip_grad_norm_([arrays[name] for name in learnt], told["clip"]["norm"])
        optimizer.step()
        if scheduler:
            scheduler.step()
        for name in learnt:
            found |= cells(name, arrays[name].detach(), update + 1)
    return found


def cells(name: str, array: Any, update: int) -> dict[str, float]:
    """The cells of an array by key."""
    mark = f"@{update}" if update else ""
    return {
        name + (f"[{','.join(str(i + 1) for i in index)}]" if index else "") + mark: float(
            array[index]
        )
        for index in np.ndindex(*array.shape)
    }


# --- the tests --------------------------------------------------------------------------


@pytest.fixture(scope="module", params=PROBLEMS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_the_catalogue_reads_and_is_written_back(path: Path) -> None:
    """Every file has a title, says whose numbers it has, and survives being written anew."""
    assert path.read_text(encoding="utf-8").startswith("# ")
    problem = load(path)
    assert problem.name
    assert load_text(dump(problem)) == problem


def test_gradients_and_updates_are_those_of_pytorch(path: Path) -> None:
    """Every gradient and every new parameter of every update, to 1e-9 of its size."""
    found: Trace = trace(load(path))
    if path.stem in WITHOUT_GRADIENTS:
        assert not any(step.phase == "gradient" for step in found)
        return
    expected = by_torch(path)
    assert expected
    # clipping in PyTorch adds 1e-6 to the norm that it divides by
    allowed = 1e-4 if "clipping" in path.stem else 1e-9
    wrong = {
        key: (exact, value)
        for key, value in expected.items()
        for exact in (float(found[key].exact or 0) if key in found else 0.0,)
        if abs(exact - value) > allowed * max(abs(value), 1e-3)
    }
    assert not wrong


def test_every_gradient_is_proven(path: Path) -> None:
    """Central differences of each parameter, and SymPy where the network is small, agree."""
    results = prove(trace(load(path), prove=False))
    assert all(result.agrees for result in results)
    assert bool(results) == (path.stem not in WITHOUT_GRADIENTS)


def test_a_transformer_block_is_little_work() -> None:
    """Its trace holds every number of the block; with its proof it takes 0.8 million calls."""
    problem = load(FOLDER / "transformer-block.yaml")
    assert len(trace(problem)) > 500
    assert calls(lambda: trace(problem)) < 2_000_000
