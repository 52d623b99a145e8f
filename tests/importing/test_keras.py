"""Layers of Keras: forward pass, gradients and one update are those of Keras itself.

Keras runs on PyTorch, whose gradients are taken; its numbers are of single precision.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.importing.holding import hold, parameters
from tracer.backprop.training import train
from tracer.errors import ProblemError
from tracer.files.problem import dump, load_text
from tracer.importing import import_model

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
os.environ.setdefault("KERAS_BACKEND", "torch")
keras = pytest.importorskip("keras", reason="Keras is not installed")
if keras.backend.backend() != "torch":
    pytest.skip("Keras runs on another package than PyTorch", allow_module_level=True)
L = keras.layers
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Kernels are drawn anew, alike for every test."""
    keras.utils.set_random_seed(4)


WITHIN = 1e-5
"""Of the largest entry: Keras on PyTorch works in single precision, whatever it is told."""
UNITS, STEPS, IMAGE, ROW = (3,), (3, 4), (5, 5, 2), (7, 2)
"""Shapes of one sample."""
FUNCTIONS = (
    *("linear", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "hard_sigmoid", "elu"),
    *("celu", "selu", "silu", "softsign", "gelu", "softmax", "log_softmax"),
)
CASES: dict[str, tuple[tuple[int, ...], Callable[[], list[Any]]]] = {
    **{
        name: (UNITS, lambda name=name: [L.Dense(4, activation=name), L.Dense(2)])
        for name in FUNCTIONS
    },
    "activations of their own": (
        UNITS,
        lambda: [
            *(L.Dense(3), L.Activation("gelu"), L.Dense(3), L.ReLU(), L.Dense(3), L.LeakyReLU()),
            *(L.Dense(3), L.ELU(0.5), L.Dense(2, use_bias=False), L.Softmax()),
        ],
    ),
    "slopes": (UNITS, lambda: [L.Dense(3), L.PReLU(), L.Dense(2), L.ReLU(negative_slope=0.3)]),
    "norms": (
        UNITS,
        lambda: [
            *(L.Dense(4), L.LayerNormalization(), L.Dense(4), L.RMSNormalization(epsilon=0.1)),
            *(L.Dense(3), L.BatchNormalization(), L.Dense(2)),
        ],
    ),
    "norms without parameters": (
        UNITS,
        lambda: [
            *(L.Dense(4), L.LayerNormalization(scale=False), L.BatchNormalization(center=False)),
            L.Dense(2),
        ],
    ),
    "images": (
        IMAGE,
        lambda: [
            *(L.Conv2D(3, (2, 3), activation="tanh"), L.Conv2D(2, 3, padding="same")),
            *(L.Activation("silu"), L.MaxPooling2D((2, 2), strides=1), L.Flatten()),
            *(L.BatchNormalization(), L.Dense(2)),
        ],
    ),
    "slopes of an image": (IMAGE, lambda: [L.Conv2D(2, 2), L.Flatten(), L.PReLU(), L.Dense(2)]),
    "strides": (
        IMAGE,
        lambda: [L.Conv2D(2, 3, strides=2), L.AveragePooling2D(2), L.Flatten(), L.Dense(2)],
    ),
    "means of images": (IMAGE, lambda: [L.Conv2D(3, 2), L.GlobalAveragePooling2D(), L.Dense(2)]),
    "rows": (
        ROW,
        lambda: [
            *(L.Conv1D(3, 2, activation="relu"), L.MaxPooling1D(2), L.Conv1D(2, 1, use_bias=False)),
            *(L.AveragePooling1D(2), L.Flatten(), L.Dense(2)),
        ],
    ),
    "the largest of rows": (ROW, lambda: [L.Conv1D(3, 2), L.GlobalMaxPooling1D(), L.Dense(2)]),
    "a sequence flattened": (STEPS, lambda: [L.LayerNormalization(), L.Flatten(), L.Dense(2)]),
    "a table": ((3,), lambda: [L.Embedding(5, 3), L.Dense(2, activation="tanh"), L.Flatten()]),
    "SimpleRNN": (STEPS, lambda: [L.SimpleRNN(3, return_sequences=True), L.Dense(2)]),
    "SimpleRNN relu": (STEPS, lambda: [L.SimpleRNN(3, activation="relu"), L.Dense(2)]),
    "LSTM": (STEPS, lambda: [L.LSTM(3, return_sequences=True), L.LSTM(2)]),
    "GRU": (STEPS, lambda: [L.GRU(3, return_sequences=True), L.Dense(2)]),
    "GRU before": (STEPS, lambda: [L.GRU(3, reset_after=False), L.Dense(2)]),
    "GRU without biases": (STEPS, lambda: [L.GRU(3, use_bias=False)]),
}  # fmt: skip


def moved(model: Any) -> Any:
    """The model with seeded numbers everywhere: also where layers begin with 0 or 1."""
    random = np.random.default_rng(9)
    numbers = []
    for variable in model.weights:
        value = np.array(variable.value.detach())
        spread = 0.3 * random.random(value.shape)
        numbers.append(value + (spread if value.ndim == 1 else 0))
    model.set_weights(numbers)
    return model


def built(name: str) -> tuple[Any, Any]:
    """The model, and an input."""
    shape, layers = CASES[name]
    model = moved(keras.Sequential([keras.Input(shape), *layers()]))
    random = np.random.default_rng(2)
    if name == "a table":
        return model, random.integers(0, 5, (2, *shape))
    return model, random.normal(size=(6, *shape))


def check(model: Any, x: Any, training: bool = False) -> None:
    """Mean of squares: loss, gradients and one update by Keras and by the problem."""
    outputs = model(x)
    targets = np.random.default_rng(3).random(tuple(outputs.shape))
    loss = keras.losses.MeanSquaredError()
    problem = import_model(model, x, targets, loss=loss, rate=0.1, training=training)
    assert dump(load_text(dump(problem))) == dump(problem), "the problem file says the same"
    told = loss(targets, model(x, training=training))
    told.backward()
    start = [np.array(variable.value.detach()) for variable in model.weights]
    gradients = []
    for variable in model.weights:
        gradient = variable.value.grad
        found = np.zeros(variable.shape) if gradient is None else gradient.numpy().copy()
        if "gru" in variable.path and found.ndim == 2 and variable.name == "bias":
            found[1, : 2 * found.shape[1] // 3] = 0  # added to the first row: moves it once
        gradients.append(found)

    def holding(numbers: list[Any]) -> Any:
        model.set_weights(numbers)
        return parameters(import_model(model, x, training=training))

    after = [value - 0.1 * gradient for value, gradient in zip(start, gradients, strict=True)]
    hold(problem, told.item(), holding(gradients), holding(after), WITHIN)


@pytest.mark.parametrize("name", CASES)
def test_a_layer(name: str) -> None:
    """Loss, every gradient and every updated parameter, seeded."""
    check(*built(name))


def test_norms_in_training() -> None:
    """Batch normalisation by the batch; the running statistics move as Keras's do."""
    model, x = built("norms")
    check(model, x, training=True)
    model, x = built("norms")
    problem = import_model(model, x, np.ones((6, 2)), rate=0.1, training=True)
    history = train(problem, 1)
    norm = next(one for one in model.layers if type(one).__name__ == "BatchNormalization")
    model(x, training=True)
    for ours, theirs in (("mean", norm.moving_mean), ("variance", norm.moving_variance)):
        found = [history[f"batch_norm6.running_{ours}[{k}]"][1] for k in (1, 2, 3)]
        assert np.abs(found - np.array(theirs.value.detach())).max() < WITHIN


def test_a_graph_of_layers() -> None:
    """Residuals, rows of several layers, and attention over its own tokens."""
    x = keras.Input(STEPS)
    attended = L.MultiHeadAttention(2, 2)(x, x)
    added = L.LayerNormalization()(L.Add()([x, attended]))
    left, right = L.Dense(3, activation="tanh")(added), L.Dense(2)(x)
    both = L.Concatenate()([left, right])
    model = moved(keras.Model(x, L.Dense(2, activation="sigmoid")(L.GRU(3)(both))))
    check(model, np.random.default_rng(2).normal(size=(2, *STEPS)))


def test_one_head_without_biases() -> None:
    """A single head has no number; its output is mixed as that of several."""
    x = keras.Input(STEPS)
    model = keras.Model(x, L.Dense(2)(L.MultiHeadAttention(1, 4, use_bias=False)(x, x)))
    check(model, np.random.default_rng(2).normal(size=(2, *STEPS)))


def test_activations_of_their_own() -> None:
    """Behind what was added, and beside another layer that takes the same without it."""
    x = keras.Input((2,))
    first = L.Dense(3)(x)
    left = L.Activation("tanh")(first)
    added = L.Activation("relu")(L.Add()([left, L.Dense(3)(first)]))
    model = moved(keras.Model(x, L.Dense(2)(added)))
    check(model, np.random.default_rng(2).normal(size=(4, 2)))


LOSSES: dict[str, tuple[Any, str, list[Any]]] = {
    "mse": ("mse", "linear", [[1, 0, 2], [0, 1, 1]]),
    "mae": ("mae", "linear", [[1, 0, 2], [0, 1, 1]]),
    "huber": ("huber", "linear", [[3, 0, -4], [0, 1, 1]]),
    "binary": ("binary_crossentropy", "sigmoid", [[1, 0, 1], [0, 1, 1]]),
    "hinge": ("hinge", "linear", [[1, 0, 1], [0, 1, 1]]),
    "classes": ("categorical_crossentropy", "softmax", [[1, 0, 0], [0, 0, 1]]),
    "numbers": ("sparse_categorical_crossentropy", "softmax", [2, 0]),
    "divergence": ("kl_divergence", "softmax", [[0.2, 0.3, 0.5], [0.5, 0.25, 0.25]]),
    "sum": (lambda: keras.losses.MeanSquaredError(reduction="sum"), "linear", [[1, 0, 2]] * 2),
    "smooth": (
        lambda: keras.losses.CategoricalCrossentropy(label_smoothing=0.1, from_logits=True),
        "linear", [[1, 0, 0], [0, 0, 1]],
    ),
    "smooth, binary": (
        lambda: keras.losses.BinaryCrossentropy(label_smoothing=0.1, from_logits=True),
        "linear", [[1, 0, 0], [0, 0, 1]],
    ),
}  # fmt: skip
OPTIMIZERS: dict[str, Callable[[], Any]] = {
    "SGD": lambda: keras.optimizers.SGD(0.25),
    "momentum": lambda: keras.optimizers.SGD(0.25, momentum=0.5),
    "Nesterov": lambda: keras.optimizers.SGD(0.25, momentum=0.5, nesterov=True),
    "Adam": lambda: keras.optimizers.Adam(0.125, beta_1=0.75, epsilon=1e-12),
    "RMSprop": lambda: keras.optimizers.RMSprop(0.125, rho=0.75, epsilon=1e-3),
}


@pytest.mark.parametrize(
    ("loss", "optimizer"),
    [*((one, "SGD") for one in LOSSES), *(("mse", one) for one in OPTIMIZERS)],
)
def test_a_compiled_model(loss: str, optimizer: str) -> None:
    """Three updates by `train_on_batch` are those of the problem, which the model says itself."""
    told, last, targets = LOSSES[loss]
    told = told() if callable(told) else told
    layers = [keras.Input((2,)), L.Dense(3, activation="tanh"), L.Dense(3, activation=last)]
    model = moved(keras.Sequential(layers))
    x, y = np.random.default_rng(1).normal(size=(2, 2)), np.array(targets)
    model.compile(optimizer=OPTIMIZERS[optimizer](), loss=told)
    history = train(import_model(model, x, y), 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(3):
            model.train_on_batch(x, y)
    for name, after in parameters(import_model(model, x)).items():
        assert np.abs(history.array(name)[3] - after).max() < WITHIN, name


SHAPED: dict[str, tuple[tuple[int, ...], Callable[[], list[Any]], str]] = {
    "a layer": (IMAGE, lambda: [L.Conv2D(2, 2), L.UpSampling2D()],
        r"layer 2 (up_sampling2d): there is no layer 'UpSampling2D' here"),
    "an activation": (UNITS, lambda: [L.Dense(2, activation="mish", name="last")],
        "layer 1 (last): there is no activation 'mish' here"),
    "nothing before": (UNITS, lambda: [L.Activation("tanh"), L.Dense(2)],
        "layer 1 (activation): Activation follows no layer"),
    "a norm of images": (IMAGE, lambda: [L.Conv2D(2, 2), L.BatchNormalization()],
        "layer 2 (batch_normalization): batch_norm takes units"),
    "borders": (IMAGE, lambda: [L.Conv2D(2, 2, padding="same")],
        "layer 1 (conv2d): padding = same with a kernel of 2"),
    "groups": (IMAGE, lambda: [L.Conv2D(2, 2, groups=2)], "layer 1 (conv2d): groups = 2"),
    "backwards": (STEPS, lambda: [L.LSTM(2, go_backwards=True)],
        "layer 1 (lstm): go_backwards = True"),
    "gates": (STEPS, lambda: [L.LSTM(2, recurrent_activation="hard_sigmoid")],
        "layer 1 (lstm): recurrent_activation = hard_sigmoid"),
    "masks": ((3,), lambda: [L.Embedding(4, 2, mask_zero=True)],
        "layer 1 (embedding): mask_zero = True"),
    "a limit": (UNITS, lambda: [L.Dense(2), L.ReLU(max_value=6)],
        "layer 2 (re_lu): max_value = 6"),
    "the end": (IMAGE, lambda: [L.Conv2D(2, 2), L.Flatten()], "ends in a flattened image"),
}  # fmt: skip


@pytest.mark.parametrize("case", SHAPED)
def test_what_has_no_counterpart(case: str) -> None:
    """Its place and its name are told."""
    shape, layers, message = SHAPED[case]
    keras.backend.clear_session()  # numbers its layers from the start
    model = keras.Sequential([keras.Input(shape), *layers()])
    with pytest.raises(ProblemError, match=re.escape(message)):
        import_model(model)


def test_dropout() -> None:
    """In use it changes nothing and is left out; in training its mask is drawn by a seed."""
    model = keras.Sequential([keras.Input((2,)), L.Dense(3), L.Dropout(0.25), L.Dense(1)])
    assert [one.type for one in import_model(model).layers] == ["dense", "dense"]
    assert import_model(model, training=True).layers[1].settings["rate"] == "0.25"


def test_layers_that_are_not_trained() -> None:
    """They are frozen."""
    model = keras.Sequential([keras.Input((2,)), L.Dense(3), L.LayerNormalization(), L.Dense(1)])
    model.layers[0].trainable = model.layers[1].trainable = False
    found = import_model(model).freeze
    assert found == ("w1", "b1", "layer_norm2.gamma", "layer_norm2.beta")
