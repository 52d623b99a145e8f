"""Operators of ONNX: the forward pass is that of its reference evaluator, and so are gradients
(by central differences of it) and one update; in double precision."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.importing.holding import hold, parameters
from tracer.backprop.training import train
from tracer.errors import FileError, ProblemError
from tracer.files.problem import dump, load_text
from tracer.importing import import_model
from tracer.model.functions import Loss

onnx = pytest.importorskip("onnx", reason="onnx is not installed")

Nodes = list[tuple[Any, ...]]
"""Operator, its inputs and outputs by name, its attributes."""


def graph(
    path: Path, nodes: Nodes, arrays: dict[str, Any], shape: Any, kind: str = "DOUBLE"
) -> Path:
    """A graph from ``x`` to ``y``, saved."""
    helper, proto = onnx.helper, onnx.TensorProto
    made = [
        helper.make_node(op, inputs.split(), outputs.split(), name=op.lower(), **attributes)
        for op, inputs, outputs, attributes in nodes
    ]
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    whole = helper.make_graph(
        made,
        "net",
        [helper.make_tensor_value_info("x", getattr(proto, kind), shape)],
        [helper.make_tensor_value_info("y", proto.DOUBLE, None)],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    opset = helper.make_opsetid("", 23)
    onnx.save(helper.make_model(whole, opset_imports=[opset], ir_version=10), path)
    return path


random = np.random.default_rng(6)


def draw(*shape: int) -> Any:
    return random.normal(size=shape) * 0.5


DENSE = {"w": draw(3, 4), "b": draw(4), "v": draw(2, 4), "c": draw(2)}
FUNCTIONS: dict[str, dict[str, Any]] = {
    "Sigmoid": {}, "Tanh": {}, "Relu": {}, "LeakyRelu": {"alpha": 0.25}, "Softplus": {},
    "Elu": {"alpha": 0.5}, "Selu": {"alpha": 1.5, "gamma": 1.25}, "Softsign": {},
    "Gelu": {"approximate": "tanh"}, "Softmax": {"axis": -1}, "LogSoftmax": {"axis": 1},
    "Identity": {},
}  # fmt: skip
BEHIND = [("Gemm", "h v c", "y", {"transB": 1})]


def units(*between: tuple[Any, ...], **arrays: Any) -> tuple[Nodes, dict[str, Any], list[int]]:
    """Dense, what is tried from ``a`` to ``h``, dense."""
    return [("Gemm", "x w b", "a", {}), *between, *BEHIND], {**DENSE, **arrays}, [5, 3]


def cell(kind: str, gates: int, **attributes: Any) -> tuple[Nodes, dict[str, Any], list[int]]:
    """A recurrent operator between transpositions, as exporters write it, then MatMul and Add."""
    nodes: Nodes = [
        ("Transpose", "x", "t", {"perm": [1, 0, 2]}),
        (kind, "t k r b", "s", {"hidden_size": 3, **attributes}),
        ("Squeeze", "s axis", "q", {}),
        ("Transpose", "q", "h", {"perm": [1, 0, 2]}),
        ("MatMul", "h v", "m", {}),
        ("Add", "c m", "y", {}),
    ]
    arrays = {
        "k": draw(1, gates * 3, 4), "r": draw(1, gates * 3, 3), "b": draw(1, 2 * gates * 3),
        "v": draw(3, 2), "c": draw(2), "axis": np.array([1]),
    }  # fmt: skip
    return nodes, arrays, [2, 3, 4]


def last(kind: str, gates: int, first: bool) -> tuple[Nodes, dict[str, Any], list[int]]:
    """The last state alone, of a model that takes time before the samples, or behind them."""
    _, arrays, _ = cell(kind, gates)
    turned = [("Transpose", "x", "t", {"perm": [1, 0, 2]})] if first else []
    nodes: Nodes = [
        *turned,
        (kind, f"{'t' if first else 'x'} k r b", "s l", {"hidden_size": 3}),
        ("Squeeze", "l axis", "h", {}),
        ("Gemm", "h v c", "y", {}),
    ]
    return nodes, {**arrays, "axis": np.array([0])}, [2, 3, 4] if first else [3, 2, 4]


CASES: dict[str, tuple[Nodes, dict[str, Any], list[int]]] = {
    **{name: units((name, "a", "h", told)) for name, told in FUNCTIONS.items()},
    "PRelu": units(("PRelu", "a s", "h", {}), s=np.array([0.3])),
    "PRelu of units": units(("PRelu", "a s", "h", {}), s=np.array([0.3, 0.1, 0.2, 0.4])),
    "added and rectified": units(
        ("Gemm", "a q d", "e", {}), ("Tanh", "a", "f", {}), ("Add", "e f", "g", {}),
        ("Relu", "g", "h", {}), q=draw(4, 4), d=draw(4),
    ),
    "x*sigmoid(x)": units(("Sigmoid", "a", "g", {}), ("Mul", "g a", "h", {})),
    "BatchNormalization": units(
        ("BatchNormalization", "a s t m u", "h", {"epsilon": 0.125}),
        s=draw(4), t=draw(4), m=draw(4), u=np.array([0.5, 1, 2, 0.25]),
    ),
    "LayerNormalization": units(
        ("LayerNormalization", "a s t", "h", {"epsilon": 0.125}), s=draw(4), t=draw(4)
    ),
    "RMSNormalization": units(("RMSNormalization", "a s", "h", {"epsilon": 0.125}), s=draw(4)),
    "Dropout": units(("Dropout", "a", "h", {})),
    "a residual": units(("Relu", "a", "d", {}), ("Gemm", "d o", "e", {}), ("Add", "d e", "h", {}),
        o=draw(4, 4)),
    "Concat": (
        [("Gemm", "x w b", "a", {}), ("Tanh", "a", "h", {}), ("Concat", "h x", "j", {"axis": 1}),
         ("Gemm", "j v c", "y", {})],
        {"w": DENSE["w"], "b": DENSE["b"], "v": draw(7, 2), "c": draw(2)}, [5, 3],
    ),
    "MatMul and Add": (
        [("Transpose", "w", "u", {"perm": [1, 0]}), ("MatMul", "x u", "m", {}),
         ("Add", "m b", "a", {}), ("Tanh", "a", "h", {}), *BEHIND],
        {**DENSE, "w": draw(4, 3)}, [5, 3],
    ),
    "Conv": (
        [("Conv", "x k b", "a", {"pads": [1, 1, 1, 1], "strides": [2, 2]}), ("Relu", "a", "d", {}),
         ("MaxPool", "d", "e", {"kernel_shape": [2, 2]}), ("Conv", "e l", "f", {}),
         ("Flatten", "f", "h", {}), ("Gemm", "h v c", "y", {"transB": 1})],
        {"k": draw(2, 2, 3, 3), "b": draw(2), "l": draw(1, 2, 1, 1), "v": draw(2, 1),
         "c": draw(2)}, [2, 2, 4, 4],
    ),
    "Conv, one axis": (
        [("Conv", "x k", "a", {}), ("AveragePool", "a", "d", {"kernel_shape": [2], "strides": [2]}),
         ("Reshape", "d row", "h", {}), ("Gemm", "h v c", "y", {"transB": 1})],
        {"k": draw(3, 2, 2), "v": draw(2, 6), "c": draw(2), "row": np.array([2, -1])}, [2, 2, 5],
    ),
    "RNN": cell("RNN", 1),
    "LSTM": cell("LSTM", 4),
    "GRU": cell("GRU", 3),
    "GRU after": cell("GRU", 3, linear_before_reset=1),
    "LSTM, last": last("LSTM", 4, first=True),
    "GRU, time first": last("GRU", 3, first=False),
}  # fmt: skip


def mean_of_squares(path: Path, x: Any, targets: Any) -> float:
    """The loss by ONNX's own evaluator."""
    from onnx.reference import ReferenceEvaluator

    (found,) = ReferenceEvaluator(str(path)).run(None, {"x": x})
    return float(((found - targets) ** 2).mean())


def differences(path: Path, nodes: Nodes, arrays: Any, shape: Any, x: Any, targets: Any) -> Any:
    """The gradient of each constant, by central differences of the evaluator."""
    learnt = {name: v for name, v in arrays.items() if v.dtype == float and name not in ("m", "u")}
    gradients = {name: np.zeros(v.shape) for name, v in arrays.items()}
    kind = "DOUBLE" if x.dtype == float else "INT64"
    from onnx.reference import ReferenceEvaluator

    graph(path, nodes, {}, shape, kind)
    proto = onnx.load(path)
    for name, value in learnt.items():
        for place in np.ndindex(value.shape):
            sides = []
            for step in (1e-5, -1e-5):
                moved = value.copy()
                moved[place] += step
                del proto.graph.initializer[:]
                proto.graph.initializer.extend(
                    onnx.numpy_helper.from_array(moved if n == name else v, n)
                    for n, v in arrays.items()
                )
                (found,) = ReferenceEvaluator(proto).run(None, {"x": x})
                sides.append(((found - targets) ** 2).mean())
            gradients[name][place] = (sides[0] - sides[1]) / 2e-5
    return gradients


def once(nodes: Nodes, gradients: dict[str, Any]) -> dict[str, Any]:
    """Of two rows of biases that are added up the second is held fast."""
    for kind, _, _, told in nodes:
        if kind in ("RNN", "LSTM", "GRU"):
            second = gradients["b"][0, gradients["b"].shape[1] // 2 :]
            apart = 3 if kind == "GRU" and told.get("linear_before_reset") else 0
            second[: len(second) - apart] = 0
    return gradients


@pytest.mark.parametrize("name", CASES)
def test_an_operator(name: str, tmp_path: Path) -> None:
    """Loss, every gradient and every updated parameter."""
    nodes, arrays, shape = CASES[name]
    arrays = {key: np.asarray(value) for key, value in arrays.items()}
    x = np.random.default_rng(1).normal(size=shape)
    samples = shape[1] if "time first" in name else shape[0]
    path = graph(tmp_path / "net.onnx", nodes, arrays, shape)
    from onnx.reference import ReferenceEvaluator

    (given,) = ReferenceEvaluator(str(path)).run(None, {"x": x})
    assert len(given) == samples
    targets = np.random.default_rng(2).random(given.shape)
    problem = import_model(path, x, targets, loss=MEAN, rate=0.1)
    problem = replace(problem, over_time="mean")
    assert dump(load_text(dump(problem))) == dump(problem), "the problem file says the same"
    loss = mean_of_squares(path, x, targets)
    gradients = once(nodes, differences(tmp_path / "d.onnx", nodes, arrays, shape, x, targets))
    constants = {key: value for key, value in arrays.items() if value.dtype != float}
    after = {key: v - 0.1 * gradients[key] for key, v in arrays.items()}

    def holding(numbers: dict[str, Any]) -> Any:
        return parameters(
            import_model(graph(tmp_path / "g.onnx", nodes, {**numbers, **constants}, shape), x)
        )

    statistics = {key: arrays[key] for key in ("m", "u") if key in arrays}
    hold(problem, loss, holding({**gradients, **statistics}), holding(after | statistics), 1e-8)


MEAN: str | Loss = "mean_squared_error"


def test_a_table(tmp_path: Path) -> None:
    """Rows are counted from 0 there, from 1 here."""
    arrays = {"e": draw(5, 3), "v": draw(6, 2), "row": np.array([2, -1])}
    nodes: Nodes = [
        ("Gather", "e x", "a", {}), ("Reshape", "a row", "h", {}), ("MatMul", "h v", "y", {}),
    ]  # fmt: skip
    x = np.array([[4, 0], [1, 2]])
    path = graph(tmp_path / "net.onnx", nodes, arrays, [2, 2], "INT64")
    problem = import_model(path, x, [[1, 0], [0, 1]], loss=MEAN)
    assert problem.inputs == (("5", "1"), ("2", "3"))
    assert abs(train(problem, 1)["loss"][0] - mean_of_squares(path, x, np.eye(2))) < 1e-14


def test_gelu(tmp_path: Path) -> None:
    """The exact form (whose error function the evaluator works out in single precision)."""
    nodes, arrays, shape = units(("Gelu", "a", "h", {}))
    x, targets = draw(5, 3), draw(5, 2)
    path = graph(tmp_path / "net.onnx", nodes, arrays, shape)
    problem = import_model(path, x, targets, loss=MEAN)
    assert problem.layers[0].activation == "gelu"
    found = train(problem, 1)["loss"][0]
    assert abs(found - mean_of_squares(path, x, targets)) < 1e-6


def test_a_cell_of_relu(tmp_path: Path) -> None:
    """Its activation is the cell's (the reference evaluator has none such)."""
    nodes, arrays, shape = cell("RNN", 1, activations=["Relu"])
    path = graph(tmp_path / "net.onnx", nodes, arrays, shape)
    assert import_model(path).layers[0].settings == {"activation": "relu"}


def test_in_training(tmp_path: Path) -> None:
    """Norms by the batch, dropout with a mask that is drawn by a seed."""
    nodes, arrays, shape = CASES["BatchNormalization"]
    path = graph(tmp_path / "net.onnx", nodes, arrays, shape)
    norm = import_model(path, draw(5, 3), training=True).layers[1]
    assert (norm.settings["momentum"], norm.settings["running"]) == ("0.1", "biased")
    nodes, arrays, shape = CASES["Dropout"]
    path = graph(tmp_path / "net.onnx", nodes, arrays, shape)
    assert import_model(path, training=True).layers[1].settings["rate"] == "0.5"


# --- what has no counterpart ------------------------------------------------------------------

KERNEL = {"k": np.ones((2, 2, 2, 2))}
IMAGE = [1, 2, 4, 4]
REFUSED: dict[str, tuple[Nodes, dict[str, Any], list[int], str]] = {
    "an operator": ([("Gemm", "x w b", "a", {}), ("Mish", "a", "y", {})], DENSE, [1, 3],
        "node mish: there is no layer 'Mish' here"),
    "alpha": ([("Gemm", "x w", "y", {"alpha": 2.0})], DENSE, [1, 3], "alpha = 2"),
    "groups": ([("Conv", "x k", "y", {"group": 2})], {"k": np.ones((2, 1, 2, 2))}, IMAGE,
        "node conv: group = 2"),
    "borders": ([("Conv", "x k", "y", {"pads": [0, 0, 1, 1]})], KERNEL, IMAGE,
        "node conv: pads of 0 and 0 and 1 and 1 differs by axis"),
    "nothing before": ([("Tanh", "x", "y", {})], {}, [1, 3], "node tanh: Tanh follows no layer"),
    "no image": ([("Conv", "x k", "y", {})], {"k": np.ones((1, 3))}, [1, 3], "node conv: "),
    "directions": ([("RNN", "x k r", "s", {"direction": "bidirectional", "hidden_size": 3}),
        ("Squeeze", "s a", "y", {})], {"k": draw(2, 3, 4), "r": draw(2, 3, 3)}, [2, 1, 4],
        "node rnn: direction = b'bidirectional'"),
    "a slope": ([("Gemm", "x w b", "a", {}), ("HardSigmoid", "a", "y", {})], DENSE, [1, 3],
        "node hardsigmoid: HardSigmoid with alpha = 0.2"),
    "a scale": ([("Gemm", "x w b", "a", {}), ("Relu", "a", "d", {}), ("Add", "d b", "y", {})],
        DENSE, [1, 3], "node add: a constant is added to what is no sum of weights"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_counterpart(case: str, tmp_path: Path) -> None:
    """The node and its operator are named."""
    nodes, arrays, shape, message = REFUSED[case]
    with pytest.raises(ProblemError, match=re.escape(message)):
        import_model(graph(tmp_path / "net.onnx", nodes, arrays, shape))


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """It is refused."""
    (tmp_path / "bad.onnx").write_bytes(b"\x00\xff" * 50)
    with pytest.raises(FileError, match=r"is no ONNX file"):
        import_model(tmp_path / "bad.onnx")


@pytest.mark.parametrize("shape", [[10**9, 10**9], [5, 5]])
def test_a_tensor_that_is_not_what_it_says(shape: list[int], tmp_path: Path) -> None:
    """A file that promises other numbers than it holds is refused in words."""
    path = graph(tmp_path / "bad.onnx", [("MatMul", "x w", "y", {})], {"w": draw(3, 4)}, [1, 3])
    model = onnx.load(path)
    del model.graph.initializer[0].dims[:]
    model.graph.initializer[0].dims.extend(shape)
    path.write_bytes(model.SerializeToString())
    with pytest.raises(FileError, match=r"is no ONNX file"):
        import_model(path)
