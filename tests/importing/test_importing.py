"""Imported models: what the model computes, the problem computes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tracer.backprop.tracing import trace
from tracer.backprop.training import train
from tracer.errors import FileError, ProblemError
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
        assert import_model(source, [ROW], activations=["tanh", "identity"]) == Problem(
            **{**vars(import_model(model, [ROW])), "name": ""}
        )
    torch.save(model, tmp_path / "whole.pt")
    with pytest.raises(FileError, match="holds no plain state"):
        import_model(tmp_path / "whole.pt")


def test_pytorch_modules_without_counterpart() -> None:
    """The module's place and kind are named, and what is known."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    nn = torch.nn
    with pytest.raises(ProblemError, match="module 1: there is no layer 'BatchNorm1d' here"):
        import_model(nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)))
    with pytest.raises(ProblemError, match="module 0: Tanh does not follow a Linear"):
        import_model(nn.Sequential(nn.Tanh(), nn.Linear(3, 2)))
    with pytest.raises(ProblemError, match="beta = 2"):
        import_model(nn.Sequential(nn.Linear(3, 2), nn.Softplus(2)))
    with pytest.raises(ProblemError, match="dimension 0 is not over the units"):
        import_model(nn.Sequential(nn.Linear(3, 2), nn.Softmax(0)))

    class Net(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.only = nn.Linear(3, 2)

    with pytest.raises(ProblemError, match="Net is not a Sequential"):
        import_model(Net())


# --- Keras, by stand-ins of the same shape ----------------------------------------------


def keras_layer(kind: str, **inside: Any) -> Any:
    """An object with a layer's class name and attributes."""
    weights = inside.pop("weights", [])
    return type(kind, (), {"get_weights": lambda self: weights, **inside})()


def keras_function(name: str) -> Any:
    def function(x: Any) -> Any:
        return x

    function.__name__ = name
    return staticmethod(function)


def keras_model(*layers: Any) -> Any:
    return type("Sequential", (), {"layers": list(layers), "get_weights": lambda self: []})()


def test_keras() -> None:
    """Kernels stand as (in, out); activations inside a layer or as one of their own."""
    model = keras_model(
        keras_layer("InputLayer"),
        keras_layer("Dense", weights=[W1.T, B1], activation=keras_function("linear")),
        keras_layer("Activation", activation=keras_function("tanh")),
        keras_layer("Dropout"),
        keras_layer("Dense", weights=[W2.T], activation=keras_function("sigmoid")),
    )
    problem = import_model(model, [ROW])
    assert outputs(problem) == pytest.approx(expected(), rel=1e-14)
    assert problem.layers[1].biases is False


def test_keras_slopes_of_leaky_relu() -> None:
    """0.2 as an activation, what the layer says as a layer."""
    inside = keras_layer("Dense", weights=[W2.T], activation=keras_function("leaky_relu"))
    alone = keras_layer("LeakyReLU", negative_slope=0.3)
    linear = keras_layer("Dense", weights=[W2.T], activation=keras_function("linear"))
    assert import_model(keras_model(inside)).layers[0].settings == {"leak": "0.2"}
    assert import_model(keras_model(linear, alone)).layers[0].settings == {"leak": "0.3"}


def test_keras_layers_without_counterpart() -> None:
    """The layer, or the activation, is named."""
    dense = {"weights": [W2.T], "name": "last"}
    with pytest.raises(ProblemError, match=r"layer 1 \(\): there is no layer 'Conv2D' here"):
        import_model(keras_model(keras_layer("Conv2D")))
    odd = keras_layer("Dense", activation=keras_function("mish"), **dense)
    with pytest.raises(ProblemError, match=r"layer 1 \(last\): there is no activation 'mish' here"):
        import_model(keras_model(odd))


# --- ONNX -------------------------------------------------------------------------------


def onnx_file(path: Path, nodes: Sequence[tuple[Any, ...]], arrays: dict[str, Any]) -> Path:
    """A chain of nodes (operator, inputs beside the chain, attributes), saved."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    helper, made, before = onnx.helper, [], "x"
    for number, (kind, beside, attributes) in enumerate(nodes):
        made.append(
            helper.make_node(kind, [before, *beside], [f"t{number}"], name=kind, **attributes)
        )
        before = f"t{number}"
    value = onnx.TensorProto.DOUBLE
    graph = helper.make_graph(
        made,
        "net",
        [helper.make_tensor_value_info("x", value, [1, 3])],
        [helper.make_tensor_value_info(before, value, None)],
        [onnx.numpy_helper.from_array(np.asarray(a), name) for name, a in arrays.items()],
    )
    onnx.save(helper.make_model(graph), path)
    return path


def test_onnx(tmp_path: Path) -> None:
    """Gemm with and without a transposed matrix, and MatMul with Add."""
    arrays = {"w1": W1, "b1": B1, "w2": W2, "w1t": W1.T, "w2t": W2.T}
    chains: list[list[tuple[Any, ...]]] = [
        [
            ("Gemm", ["w1", "b1"], {"transB": 1}),
            ("Tanh", [], {}),
            ("Gemm", ["w2t"], {}),
            ("Sigmoid", [], {}),
        ],
        [
            ("MatMul", ["w1t"], {}),
            ("Add", ["b1"], {}),
            ("Tanh", [], {}),
            ("MatMul", ["w2t"], {}),
            ("Sigmoid", [], {}),
        ],
    ]
    for nodes in chains:
        path = onnx_file(tmp_path / "net.onnx", nodes, arrays)
        assert outputs(import_model(path, [ROW])) == pytest.approx(expected(), rel=1e-14)


def test_onnx_operators_without_counterpart(tmp_path: Path) -> None:
    """The node and its operator are named; a file that is none is refused."""
    path = onnx_file(tmp_path / "net.onnx", [("Conv", ["w1"], {})], {"w1": W1})
    with pytest.raises(ProblemError, match="node Conv: there is no layer 'Conv' here"):
        import_model(path)
    scaled = onnx_file(
        tmp_path / "net.onnx", [("Gemm", ["w1"], {"transB": 1, "alpha": 2.0})], {"w1": W1}
    )
    with pytest.raises(ProblemError, match="alpha = 2"):
        import_model(scaled)
    (tmp_path / "bad.onnx").write_bytes(b"\x00\xff" * 50)
    with pytest.raises(FileError, match="is no ONNX file"):
        import_model(tmp_path / "bad.onnx")
