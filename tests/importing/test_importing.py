"""Imported models: what the model computes, the problem computes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.errors import FileError, ProblemError
from tracer.files.problem import load_text
from tracer.importing import import_model
from tracer.model.problem import Problem

ROW = [0.3, -1.2, 0.7]


def outputs(problem: Problem) -> list[float]:
    """The last layer's activations for the first row of inputs, by the trace."""
    found, last = trace(problem, prove=False), len(problem.layers)
    mark = "#1" if problem.samples > 1 else ""
    units = range(1, problem.layers[-1].units + 1)
    return [float(found[f"a{last}[{k}]{mark}"].exact) for k in units]  # type: ignore[arg-type]


# --- archives ---------------------------------------------------------------------------

W1 = np.array([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]])
B1 = np.array([0.7, -0.8])
W2 = np.array([[1.5, -2.5]])


def expected() -> list[float]:
    """tanh of the hidden layer, then a sigmoid, in NumPy."""
    hidden = np.tanh(W1 @ ROW + B1)
    return (1 / (1 + np.exp(-(W2 @ hidden)))).tolist()  # type: ignore[no-any-return]


NAMINGS: dict[str, dict[str, Any]] = {
    "w1 b1": {"w1": W1, "b1": B1, "w2": W2},
    "W_1 B_1": {"W_1": W1, "B_1": B1[:, None], "W_2": W2},
    "out of order": {"w2": W2, "b1": B1, "w1": W1},
    "words": {"weights1": W1, "bias1": B1, "weights2": W2},
    "a state": {"0.weight": W1, "0.bias": B1, "2.weight": W2},
    "by order": {"arr_0": W1, "arr_1": B1, "arr_2": W2},
}


def test_an_archive_that_swells(tmp_path: Path) -> None:
    """A small file that unpacks to more than the limit is refused before it is unpacked."""
    np.savez_compressed(tmp_path / "bomb.npz", w1=np.zeros((6000, 6000)))
    assert (tmp_path / "bomb.npz").stat().st_size < 1_000_000
    with pytest.raises(FileError, match="larger than 256 MiB when unpacked"):
        import_model(tmp_path / "bomb.npz", [ROW])


@pytest.mark.parametrize("naming", NAMINGS)
def test_an_npz_file(naming: str, tmp_path: Path) -> None:
    """Layers are found by their names, or by their order."""
    np.savez(tmp_path / "weights.npz", **NAMINGS[naming])
    problem = import_model(tmp_path / "weights.npz", [ROW], activations=["tanh", "sigmoid"])
    assert outputs(problem) == pytest.approx(expected(), rel=1e-14)
    assert problem.layers[1].biases is False


def test_weights_the_other_way_round() -> None:
    """``in,out`` is turned; where the shapes cannot follow, the other way is suggested."""
    turned = {"w1": W1.T, "b1": B1, "w2": W2.T}
    problem = import_model(turned, [ROW], activations=["tanh", "sigmoid"], orientation="in,out")
    assert outputs(problem) == pytest.approx(expected(), rel=1e-14)
    with pytest.raises(ProblemError, match=r"do not follow .* as 'out,in'; they do as 'in,out'"):
        import_model({"w1": np.ones((3, 2)), "w2": np.ones((2, 1))})


def test_weights_keep_their_bits() -> None:
    """The problem's texts name exactly the machine numbers of the model."""
    weights = np.random.default_rng(1).normal(size=(4, 5))
    problem = import_model({"w1": weights})
    assert [[float(text) for text in row] for row in problem.layers[0].weights] == weights.tolist()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a convolution": ({"0.weight": np.ones((2, 3, 3))}, "have 2 axes; these have 3"),
    "another name": ({"w1": W1, "gamma": B1}, "'gamma' is neither weights nor biases"),
    "not finite": ({"w1": np.array([[np.nan]])}, "not all numbers are finite"),
    "words": ({"w1": np.array([["a"]])}, "these are no numbers"),
    "nothing": ({}, "no weights are found"),
    "biases alone": ({"b1": B1}, "layer 1 has biases and no weights"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_archives_that_are_refused(case: str) -> None:
    """With what is wrong."""
    arrays, message = REFUSED[case]
    with pytest.raises(ProblemError, match=message):
        import_model(arrays)


def test_files_that_are_refused(tmp_path: Path) -> None:
    """A pickle runs code when it is read: none is, wherever it hides."""
    np.savez(tmp_path / "objects.npz", w1=np.array([{"a": 1}]))
    with pytest.raises(FileError, match=r"is no .npz file of numbers"):
        import_model(tmp_path / "objects.npz")
    (tmp_path / "model.npz").write_bytes(b"not a zip")
    with pytest.raises(FileError, match=r"is no .npz file"):
        import_model(tmp_path / "model.npz")
    with pytest.raises(FileError, match="there is no such file"):
        import_model(tmp_path / "nothing.npz")
    with pytest.raises(FileError, match="a pickle can run any code and is not read"):
        import_model(tmp_path / "model.pkl")
    with pytest.raises(ProblemError, match="a list is no model"):
        import_model([1, 2])


# --- scikit-learn -----------------------------------------------------------------------


def fitted(kind: str, activation: str, classes: int) -> Any:
    """A scikit-learn network, fitted for a moment."""
    import warnings

    neural = pytest.importorskip("sklearn.neural_network", reason="scikit-learn is missing")
    random = np.random.default_rng(classes)
    x = random.normal(size=(30, 3))
    y = random.integers(0, classes, 30) if kind == "MLPClassifier" else random.normal(size=(30, 2))
    model = getattr(neural, kind)(
        hidden_layer_sizes=(4, 3), activation=activation, max_iter=3, random_state=1
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # three iterations do not converge
        return model.fit(x, y)


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
@pytest.mark.parametrize(
    ("kind", "classes"), [("MLPClassifier", 2), ("MLPClassifier", 4), ("MLPRegressor", 0)]
)
def test_scikit_learn(kind: str, classes: int, activation: str) -> None:
    """Predictions, and the loss that the model was trained with."""
    model = fitted(kind, activation, classes)
    problem = import_model(model, [ROW])
    if kind == "MLPClassifier":
        theirs = model.predict_proba([ROW])[0]
        theirs = theirs[1:] if classes == 2 else theirs
    else:
        theirs = model.predict([ROW])[0]
    assert outputs(problem) == pytest.approx(theirs, rel=1e-12)
    targets = [0.25] * problem.layers[-1].units
    loss = {0: "half_squared_error", 2: "binary_cross_entropy", 4: "cross_entropy"}[classes]
    assert import_model(model, [ROW], [targets]).loss == loss
    problem = import_model(model, [ROW])
    assert (problem.optimizer, problem.settings["rate"]) == ("adam", "0.001")
    assert (problem.settings["beta1"], problem.settings["beta2"]) == ("0.9", "0.999")
    assert (problem.regularizer, problem.strength) == ("l2_mean", "0.0001")


@pytest.mark.parametrize(("kind", "classes"), [("MLPClassifier", 3), ("MLPRegressor", 0)])
def test_scikit_learns_gradients(kind: str, classes: int) -> None:
    """One step of its plain gradient descent, without penalty and momentum, is our update."""
    import warnings

    neural = pytest.importorskip("sklearn.neural_network", reason="scikit-learn is missing")
    random = np.random.default_rng(3)
    x = random.normal(size=(6, 3))
    y = np.array([0, 1, 2, 0, 1, 2]) if classes else random.normal(size=6)
    model = getattr(neural, kind)(
        hidden_layer_sizes=(4,),
        activation="tanh",
        solver="sgd",
        alpha=0,
        momentum=0,
        learning_rate_init=0.5,
        batch_size=6,
        random_state=1,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.set_params(max_iter=1, warm_start=True).fit(x, y)
        targets = np.eye(3)[y] if classes else y[:, None]
        history = train(import_model(model, x, targets), 1)
        model.fit(x, y)  # one more step from where it is
    for number, weights in enumerate(model.coefs_, 1):
        ours = history.array(f"w{number}")[1]
        assert np.abs(ours - weights.T).max() < 1e-14
        assert np.abs(history.array(f"b{number}")[1] - model.intercepts_[number - 1]).max() < 1e-14


@pytest.mark.parametrize(
    ("solver", "within"),
    [
        ({"solver": "sgd", "momentum": 0.8, "nesterovs_momentum": False}, 1e-14),
        ({"solver": "sgd", "momentum": 0.8, "nesterovs_momentum": True}, 1e-14),
        ({"solver": "adam", "epsilon": 1e-30}, 1e-12),
    ],
)
def test_scikit_learns_solvers(solver: dict[str, Any], within: float) -> None:
    """Three steps of its momentum, Nesterov and Adam, with a penalty, are our three updates.

    Its Adam adds epsilon to the root before the bias is corrected, ours after it: as good as
    none is taken, or small gradients would show the difference.
    """
    import warnings

    neural = pytest.importorskip("sklearn.neural_network", reason="scikit-learn is missing")
    random = np.random.default_rng(5)
    x, y = random.normal(size=(6, 3)), random.normal(size=6)
    model = neural.MLPRegressor(
        hidden_layer_sizes=(4,),
        activation="tanh",
        alpha=0.3,
        learning_rate_init=0.1,
        batch_size=6,
        random_state=1,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.set_params(**solver, max_iter=1, warm_start=True).fit(x, y)
        history = train(import_model(model, x, y[:, None]), 3)
        model.set_params(max_iter=3).fit(x, y)  # its solver begins anew
    for number, weights in enumerate(model.coefs_, 1):
        assert np.abs(history.array(f"w{number}")[3] - weights.T).max() < within
        assert np.abs(history.array(f"b{number}")[3] - model.intercepts_[number - 1]).max() < within


def test_scikit_learns_poisson_loss_is_unknown() -> None:
    """A loss that the tables lack is named, not taken for another."""
    neural = pytest.importorskip("sklearn.neural_network", reason="scikit-learn is missing")
    model = neural.MLPRegressor()
    model.loss, model.coefs_, model.intercepts_ = "poisson", [W2.T], [np.zeros(1)]
    model.out_activation_ = "identity"
    with pytest.raises(ProblemError, match="there is no loss 'poisson' here"):
        import_model(model)


def test_scikit_learn_before_it_is_fitted() -> None:
    """It has no weights yet."""
    neural = pytest.importorskip("sklearn.neural_network", reason="scikit-learn is missing")
    with pytest.raises(ProblemError, match="MLPRegressor is not fitted"):
        import_model(neural.MLPRegressor())


# --- PyTorch ----------------------------------------------------------------------------


def torch_models() -> list[tuple[Any, Sequence[str]]]:
    """Modules of every known kind, and the activations that they stand for."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    nn = torch.nn
    torch.manual_seed(1)
    kinds = [nn.Sigmoid(), nn.Tanh(), nn.ReLU(), nn.LeakyReLU(0.2), nn.Softplus(), nn.Softmax(1)]
    chain = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2, bias=False))
    nested = nn.Sequential(chain, nn.Sequential(nn.Sigmoid(), nn.Dropout(), nn.Linear(2, 2)))
    return [
        *((nn.Sequential(nn.Linear(3, 4), kind, nn.Linear(4, 2)), ()) for kind in kinds),
        (nested, ("tanh", "sigmoid", "identity")),
        (nn.Sequential(nn.Flatten(), nn.Linear(3, 2), nn.Identity()), ("identity",)),
        (nn.Linear(3, 2), ("identity",)),
    ]


@pytest.mark.parametrize("which", range(9))
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_pytorch(which: int, kind: str) -> None:
    """What the module gives, the problem gives, in either precision."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    model, names = torch_models()[which]
    model = model.to(getattr(torch, kind)).eval()
    theirs = model(torch.tensor([ROW], dtype=getattr(torch, kind)))[0].tolist()
    problem = import_model(model, [ROW])
    assert outputs(problem) == pytest.approx(theirs, rel=1e-5 if kind == "float32" else 1e-12)
    if names:
        assert tuple(layer.activation for layer in problem.layers) == names


def test_a_pytorch_state_and_its_file(tmp_path: Path) -> None:
    """A state says no activations; they are given beside it."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    model, _ = torch_models()[1]
    torch.save(model.state_dict(), tmp_path / "model.pt")
    for source in (model.state_dict(), tmp_path / "model.pt"):
        assert import_model(source, [ROW], activations=["tanh", "identity"]) == replace(
            import_model(model, [ROW]), name=""
        )
    torch.save(model, tmp_path / "whole.pt")
    with pytest.raises(FileError, match="holds no plain state"):
        import_model(tmp_path / "whole.pt")


# --- our own names, and architectures -----------------------------------------------------

LIKE = """
inputs: [[0.5, 1, -1, 2, 0.25]]
targets: [[1, 0]]
layers:
  - {type: conv, dimensions: 1, filters: 2, size: 2, activation: tanh, weights: {seed: 1}}
  - {type: max_pool, dimensions: 1, size: 2}
  - {type: flatten}
  - {type: batch_norm, mode: test, running_mean: [0, 0, 0, 0], running_variance: [1, 1, 1, 1]}
  - {units: 2, activation: softmax, weights: {seed: 1}, biases: [0, 0]}
loss: cross_entropy
optimizer: {adam: {rate: 0.5}}
"""
K, BIAS = np.array([[0.1, -0.2], [0.3, 0.4]]), np.array([0.5, -0.5])
OWN = {
    "conv1.K": K,
    "conv1.b": BIAS,
    "batch_norm4.gamma": np.array([1.0, 2.0, 3.0, 4.0]),
    "batch_norm4.beta": np.array([0.1, 0.2, 0.3, 0.4]),
    "batch_norm4.running_mean": np.array([0.1, 0.0, -0.1, 0.2]),
    "batch_norm4.running_variance": np.array([0.5, 1.0, 2.0, 0.25]),
    "w5": np.arange(8.0).reshape(2, 4) / 8,
    "b5": np.array([0.25, -0.25]),
}


def by_hand() -> Any:
    """The same network in plain NumPy."""
    x = np.array([0.5, 1, -1, 2, 0.25])
    sums = np.array([[row @ x[p : p + 2] for p in range(4)] for row in K]) + BIAS[:, None]
    flat = np.tanh(sums).reshape(2, 2, 2).max(axis=2).reshape(-1)
    scaled = (flat - OWN["batch_norm4.running_mean"]) / np.sqrt(
        OWN["batch_norm4.running_variance"] + 1e-5
    ) * OWN["batch_norm4.gamma"] + OWN["batch_norm4.beta"]
    z = OWN["w5"] @ scaled + OWN["b5"]
    return np.exp(z) / np.exp(z).sum()


def test_our_own_names_in_an_architecture(tmp_path: Path) -> None:
    """An archive of layers of several types; what is not a number is the problem's."""
    np.savez(tmp_path / "run.npz", **OWN)
    like = load_text(LIKE)
    problem = import_model(tmp_path / "run.npz", like=like)
    assert outputs(problem) == pytest.approx(by_hand().tolist(), rel=1e-14)
    assert (problem.loss, problem.optimizer) == ("cross_entropy", "adam")
    with pytest.raises(ProblemError, match=r"has no 'conv1\.k'; did you mean 'conv1.K'"):
        import_model({**OWN, "conv1.k": K}, like=like)
    short = {name: v for name, v in OWN.items() if name != "batch_norm4.gamma"}
    short["batch_norm4.beta"] = np.zeros(3)
    with pytest.raises(ProblemError, match=r"beta of this batch_norm needs 4 numbers"):
        import_model(short, like=like)
    with pytest.raises(ProblemError, match=r"there is no 'w5', the weights of layer 5"):
        import_model({name: v for name, v in OWN.items() if name != "w5"}, like=like)


def test_our_own_names_alone() -> None:
    """They say the types, where these have no settings that matter; else the way out is named."""
    arrays = {"embedding1.E": np.eye(3), "elman2.W": np.ones((2, 3)), "elman2.U": np.eye(2),
              "elman2.b": np.zeros(2), "w3": np.ones((1, 2)), "b3": np.zeros(1)}  # fmt: skip
    problem = import_model(arrays, [[1, 3]], activations="tanh")
    assert [layer.type for layer in problem.layers] == ["embedding", "elman", "dense"]
    assert (problem.layers[1].units, problem.layers[2].activation) == (2, "tanh")
    with pytest.raises(ProblemError, match="nothing is said of layer 2; give the architecture"):
        import_model({"embedding1.E": np.eye(3), "w3": np.ones((1, 3))}, [[1]])
    with pytest.raises(ProblemError, match="the numbers of 'conv' do not say its settings"):
        import_model(OWN | {"w2": K, "w3": K})
