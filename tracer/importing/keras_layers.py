"""What each layer of Keras is here: tables from its class to our layer or activation.

Takes a layer, its `get_config()` and `get_weights()`; gives our layer with its numbers.
Kernels stand as (inputs, units) there and channels stand last; an LSTM keeps its gates in
the order i, f, c, o, a GRU in the order z, r, h.  A setting that our layer does not have is
refused with its place.  Read by `keras`, which walks along the model.

Source: Keras 3, `keras.layers`, `keras.activations`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from tracer.errors import ProblemError
from tracer.importing.found import Found, as_array, dense, one_of_axes, refuse, text, typed
from tracer.importing.keras_activations import activation_of
from tracer.importing.making import convolution, dropout, pooling

Config = Mapping[str, Any]

SCALED = ("batch_norm", "layer_norm", "rms_norm", "prelu")
"""Layers whose parameters are one number for each unit."""

# --- layers ---------------------------------------------------------------------------------

Made = Iterator[Found]


def _numbers(layer: Any, where: str) -> list[Any]:
    return [as_array(values, where) for values in layer.get_weights()]


def _frozen(layer: Any, *names: str) -> tuple[str, ...]:
    """All parameters of a layer that is not trainable."""
    return () if layer.trainable else names


def _dense(layer: Any, config: Config, where: str, training: bool) -> Made:
    kernel, *biases = _numbers(layer, where)
    frozen = _frozen(layer, "weights", *(["biases"] if biases else []))
    yield dense(kernel.T, biases[0] if biases else None, where, frozen=frozen)


def _conv(layer: Any, config: Config, where: str, training: bool) -> Made:
    """Kernels of shape (sizes, channels, filters)."""
    kernel, *biases = _numbers(layer, where)
    axes = kernel.ndim - 2
    refuse(
        where,
        {
            "groups": (config["groups"], 1),
            "dilation_rate": ({*config["dilation_rate"]}, {1}),
            "data_format": (config["data_format"], "channels_last"),
        },
    )
    stride = one_of_axes(config["strides"], where, "strides")
    pad = 0
    if config["padding"] != "valid":
        pad = _same(config, stride, where)
    turned = np.moveaxis(kernel, (-1, -2), (0, 1))
    frozen = _frozen(layer, "K", *(["b"] if biases else []))
    yield convolution(where, turned, biases[0] if biases else None, axes, stride, pad, frozen)


def _same(config: Config, stride: int, where: str) -> int:
    """The border of ``padding: same``; it has one width only where nothing is skipped."""
    size = one_of_axes(config["kernel_size"], where, "kernel_size")
    if config["padding"] != "same" or stride != 1 or size % 2 == 0:
        raise ProblemError(
            f"{where}: padding = {config['padding']} with a kernel of {size} and strides of "
            f"{stride} has no counterpart here; borders of one width have"
        )
    return size // 2


def _pool(kind: str, axes: int) -> Callable[[Any, Config, str, bool], Made]:
    def of(layer: Any, config: Config, where: str, training: bool) -> Made:
        refuse(
            where,
            {
                "padding": (config["padding"], "valid"),
                "data_format": (config["data_format"], "channels_last"),
            },
        )
        size, stride = (one_of_axes(config[name], where, name) for name in ("pool_size", "strides"))
        yield pooling(kind, where, axes, size, stride)

    return of


def _whole(kind: str, axes: int) -> Callable[[Any, Config, str, bool], Made]:
    def of(layer: Any, config: Config, where: str, training: bool) -> Made:
        """One window over everything, then a row of units."""
        refuse(
            where,
            {
                "keepdims": (config["keepdims"], False),
                "data_format": (config["data_format"], "channels_last"),
            },
        )
        size = one_of_axes(tuple(layer.input.shape[1:-1]), where, "an image")
        yield pooling(kind, where, axes, size, size)
        yield typed("flatten", where)

    return of


def _flatten(layer: Any, config: Config, where: str, training: bool) -> Made:
    yield typed("flatten", where)


def _dropout(layer: Any, config: Config, where: str, training: bool) -> Made:
    yield from dropout(where, config["rate"], training)


def _batch_norm(layer: Any, config: Config, where: str, training: bool) -> Made:
    """Its momentum is the share that stays; its running variance divides by m."""
    refuse(where, {"axis": (config["axis"] in (-1, len(layer.input.shape) - 1), True)})
    refuse(where, {"renorm": (config.get("renorm", False), False)})
    found, frozen, rest = _scaled(layer, config, where)
    mean, variance = rest
    statistics = {"running_mean": mean, "running_variance": variance}
    settings: dict[str, Any] = {"epsilon": text(config["epsilon"])}
    if training and layer.trainable:
        share = text(round(1 - config["momentum"], 15))
        settings |= {"momentum": share, "running": "biased", **statistics}
    else:
        settings |= {"mode": "test", **statistics}
    yield typed("batch_norm", where, found, settings, frozen=frozen)


def _scaled(layer: Any, config: Config, where: str) -> tuple[dict[str, Any], Any, list[Any]]:
    """gamma and beta, which may be left out and then never learn; and what else there is."""
    numbers = _numbers(layer, where)
    units = int(layer.input.shape[-1])
    found: dict[str, Any] = {}
    frozen = [*_frozen(layer, "gamma", "beta")]
    for name, word, without in (("gamma", "scale", np.ones), ("beta", "center", np.zeros)):
        if config[word]:
            found[name] = numbers.pop(0)
        else:
            found[name] = without(units)
            frozen.append(name)
    return found, tuple(dict.fromkeys(frozen)), numbers


def _layer_norm(layer: Any, config: Config, where: str, training: bool) -> Made:
    _check_axis(layer, config, where)
    found, frozen, _ = _scaled(layer, config, where)
    yield typed("layer_norm", where, found, {"epsilon": text(config["epsilon"])}, frozen=frozen)


def _check_axis(layer: Any, config: Config, where: str) -> None:
    axis = config["axis"]
    last = (-1, len(layer.input.shape) - 1)
    told = axis[0] if isinstance(axis, list | tuple) and len(axis) == 1 else axis
    refuse(where, {"axis": (axis if told not in last else -1, -1)})


def _rms_norm(layer: Any, config: Config, where: str, training: bool) -> Made:
    _check_axis(layer, config, where)
    (gamma,) = _numbers(layer, where)
    settings = {"epsilon": text(config["epsilon"])}
    yield typed("rms_norm", where, {"gamma": gamma}, settings, frozen=_frozen(layer, "gamma"))


def _embedding(layer: Any, config: Config, where: str, training: bool) -> Made:
    refuse(where, {"mask_zero": (config["mask_zero"], False)})
    (table,) = _numbers(layer, where)
    frozen = _frozen(layer, "E")
    yield typed("embedding", where, {"E": table}, units=table.shape[1], frozen=frozen)


def _prelu(layer: Any, config: Config, where: str, training: bool) -> Made:
    """A slope for each unit; time steps may share them."""
    (slope,) = _numbers(layer, where)
    if slope.size != slope.shape[-1]:
        raise ProblemError(f"{where}: slopes of shape {slope.shape} differ by time step or place")
    settings = {"shared": False}
    frozen = _frozen(layer, "slope")
    yield typed("prelu", where, {"slope": slope.reshape(-1)}, settings, frozen=frozen)


def _recurrent(kind: str) -> Callable[[Any, Config, str, bool], Made]:
    gates = {"elman": ("",), "lstm": tuple("ifgo"), "gru": tuple("urn")}[kind]

    def of(layer: Any, config: Config, where: str, training: bool) -> Made:
        dropped = (config["dropout"] or config["recurrent_dropout"]) and training
        refuse(
            where,
            {
                **{name: (config[name], False) for name in _PLAIN_RECURRENT if name in config},
                "dropout in training": (bool(dropped), False),
                **({} if kind == "elman" else {"activation": (config["activation"], "tanh")}),
                "recurrent_activation": (config.get("recurrent_activation", "sigmoid"), "sigmoid"),
            },
        )
        kernel, recurrent, *biases = _numbers(layer, where)
        parts = {"W": kernel.T, "U": recurrent.T}
        settings: dict[str, Any] = {} if config["return_sequences"] else {"return": "last"}
        if kind == "elman":
            name, changed = activation_of(config["activation"], where)
            refuse(where, {"a setting of the activation": (dict(changed), {})})
            settings |= {} if name == "tanh" else {"activation": name}
        if kind == "gru" and config["reset_after"]:
            settings["reset"] = "after"
        if biases:
            parts["b"] = biases[0]
        found = _gates(parts, gates, kind)
        frozen = _frozen(layer, *found)
        yield typed(kind, where, found, settings, config["units"], bool(biases), frozen)

    return of


_PLAIN_RECURRENT = ("go_backwards", "stateful", "return_state", "zero_output_for_mask")


def _gates(parts: Mapping[str, Any], gates: tuple[str, ...], kind: str) -> dict[str, Any]:
    """One array a gate; GRU's second row of biases stands behind the reset gate's matrix."""
    found: dict[str, Any] = {}
    for letter, whole in parts.items():
        second = None
        if letter == "b" and whole.ndim == 2:
            whole, second = whole
        for gate, part in zip(gates, np.split(whole, len(gates)), strict=True):
            found[f"{letter}{gate}"] = part
        if second is not None:
            others = dict(zip(gates, np.split(second, len(gates)), strict=True))
            for gate in ("u", "r"):
                found[f"b{gate}"] = found[f"b{gate}"] + others[gate]
            found["bm"] = others["n"]
    return found


def _attention(layer: Any, config: Config, where: str, training: bool) -> Made:
    """Self-attention: kernels of shape (inputs, heads, width), and (heads, width, outputs)."""
    heads, width = config["num_heads"], config["key_dim"]
    refuse(
        where,
        {
            "value_dim": (config["value_dim"], width),
            "output_shape": (config["output_shape"] in (None, heads * width), True),
            "attention_axes": (config["attention_axes"] in (None, (1,), [1]), True),
            "dropout in training": (bool(config["dropout"] and training), False),
            "use_gate": (config.get("use_gate", False), False),
            "sliding_window": (config.get("sliding_window"), None),
        },
    )
    numbers = _numbers(layer, where)
    kernels = numbers[::2] if config["use_bias"] else numbers
    found: dict[str, Any] = {}
    for name, kernel in zip(("Wq", "Wk", "Wv"), kernels, strict=False):
        found[name] = np.moveaxis(kernel, 1, 0) if heads > 1 else kernel[:, 0]
    found["Wo"] = kernels[3] if heads > 1 else kernels[3][0]
    if found["Wo"].shape[-1] != heads * width:
        raise ProblemError(
            f"{where}: {heads} heads of {width} share a width of {heads * width} here, and the "
            f"output has {found['Wo'].shape[-1]}"
        )
    if config["use_bias"]:
        for name, bias in zip(("bq", "bk", "bv"), numbers[1::2], strict=False):
            found[name] = bias if heads > 1 else bias[0]
        found["bo"] = numbers[7]
    several = {"heads": heads} if heads > 1 else {"output": True}
    settings = {**several, **({"biases": True} if config["use_bias"] else {})}
    if found["Wq"].shape[-2] != heads * width:
        settings["width"] = heads * width
    yield typed("attention", where, found, settings, frozen=_frozen(layer, *found))


LAYERS: Mapping[str, Callable[[Any, Config, str, bool], Made]] = {
    "Dense": _dense,
    "Conv1D": _conv,
    "Conv2D": _conv,
    **{f"MaxPooling{n}D": _pool("max_pool", n) for n in (1, 2)},
    **{f"AveragePooling{n}D": _pool("average_pool", n) for n in (1, 2)},
    **{f"GlobalMaxPooling{n}D": _whole("max_pool", n) for n in (1, 2)},
    **{f"GlobalAveragePooling{n}D": _whole("average_pool", n) for n in (1, 2)},
    "Flatten": _flatten,
    "Dropout": _dropout,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "RMSNormalization": _rms_norm,
    "Embedding": _embedding,
    "PReLU": _prelu,
    "SimpleRNN": _recurrent("elman"),
    "LSTM": _recurrent("lstm"),
    "GRU": _recurrent("gru"),
    "MultiHeadAttention": _attention,
}
"""Layers that are layers here, by the name of their class."""
