"""What each module of PyTorch is here: a table from its class to our layer.

Takes a module, by duck typing (its attributes and its state); gives our layer with its
numbers.  `nn.Module.training` says whether normalisation and dropout are in training or in
use; parameters that need no gradient do not learn.  A setting that our layer does not have
is refused with its place.  Read by `pytorch`, which walks along the modules.

Source: PyTorch 2.13, documentation of `torch.nn`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from tracer.errors import ProblemError
from tracer.importing.found import Found, as_array, dense, one_of_axes, refuse, text, typed
from tracer.importing.making import convolution, dropout, pooling
from tracer.importing.torch_states import ENTRIES, unpacked


def layers_of(module: Any, where: str) -> Iterator[Found]:
    """The layers that a module is; those with several (a stack of cells) give several."""
    kind = type(module).__name__
    yield from MODULES[kind](module, where)


def numbers_of(
    module: Any, kind: str, heads: int = 1, mark: str = "", given: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Our parameters of a module, and those of them that do not learn.

    Args:
        module: with its parameters and buffers.
        kind: what it is here.
        heads: of attention.
        mark: what the names of its entries end in, as ``_l0``.
        given: what stands for entries that it does not have, and never learns.
    """
    held = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    arrays: dict[str, Any] = dict(given or {})
    learns = {name: np.zeros(np.shape(value)) for name, value in arrays.items()}
    for name in ENTRIES[kind]:
        tensor = held.get(name + mark)
        if tensor is not None:
            arrays[name] = as_array(tensor, name)
            learns[name] = np.full(arrays[name].shape, float(tensor.requires_grad))
    found = unpacked(kind, arrays, heads)
    learning = unpacked(kind, learns, heads)
    return found, tuple(name for name in found if not np.any(learning[name]))


def _linear(module: Any, where: str) -> Iterator[Found]:
    found, frozen = numbers_of(module, "dense")
    yield dense(found["weights"], found.get("biases"), where, frozen=frozen)


def _conv(module: Any, where: str) -> Iterator[Found]:
    """Cross-correlation, as here; one step, one border on every axis."""
    axes = 1 if type(module).__name__ == "Conv1d" else 2
    refuse(
        where,
        {
            "groups": (module.groups, 1),
            "dilation": (one_of_axes(module.dilation, where, "dilation"), 1),
            "padding_mode": (module.padding_mode, "zeros"),
        },
    )
    pad = module.padding
    if isinstance(pad, str):
        pad = _same(module.kernel_size, where) if pad == "same" else 0
    found, frozen = numbers_of(module, "conv")
    yield convolution(
        where,
        found["K"],
        found.get("b"),
        axes,
        one_of_axes(module.stride, where, "stride"),
        one_of_axes(pad, where, "padding"),
        frozen,
    )


def _same(sizes: Any, where: str) -> int:
    """The border that leaves an image as large as it was."""
    size = one_of_axes(sizes, where, "kernel_size")
    if size % 2 == 0:
        raise ProblemError(f"{where}: a kernel of even size has two borders of different width")
    return size // 2


def _pool(kind: str, axes: int) -> Callable[[Any, str], Iterator[Found]]:
    def of(module: Any, where: str) -> Iterator[Found]:
        refuse(
            where,
            {
                "padding": (one_of_axes(module.padding, where, "padding"), 0),
                "ceil_mode": (module.ceil_mode, False),
                "dilation": (one_of_axes(getattr(module, "dilation", 1), where, "dilation"), 1),
                "return_indices": (getattr(module, "return_indices", False), False),
                "divisor_override": (getattr(module, "divisor_override", None), None),
            },
        )
        size = one_of_axes(module.kernel_size, where, "kernel_size")
        stride = one_of_axes(module.stride, where, "stride")
        yield pooling(kind, where, axes, size, stride)

    return of


def _flatten(module: Any, where: str) -> Iterator[Found]:
    if (module.start_dim, module.end_dim) != (1, -1):
        raise ProblemError(
            f"{where}: Flatten from {module.start_dim} to {module.end_dim} keeps axes"
        )
    yield typed("flatten", where)


def _dropout(module: Any, where: str) -> Iterator[Found]:
    if module.p >= 1:
        raise ProblemError(f"{where}: Dropout with p = {module.p} leaves nothing")
    yield from dropout(where, module.p, module.training)


def _batch_norm(module: Any, where: str) -> Iterator[Found]:
    units = module.num_features
    refuse(where, {"momentum": (module.momentum is None, False)})
    found, frozen = numbers_of(module, "batch_norm", given=_unscaled(units))
    statistics: dict[str, Any] = {
        name: found.pop(name) for name in ("running_mean", "running_variance") if name in found
    }
    settings: dict[str, Any] = {"epsilon": text(module.eps)}
    if module.training or not statistics:
        if statistics:
            settings |= {"momentum": text(module.momentum), **statistics}
    else:
        settings |= {"mode": "test", **statistics}
    yield typed(
        "batch_norm",
        where,
        found,
        settings,
        frozen=tuple(name for name in frozen if name in found),
    )


def _unscaled(units: int) -> dict[str, Any]:
    """Scale and shift of a norm that has none."""
    return {"weight": np.ones(units), "bias": np.zeros(units)}


def _layer_norm(module: Any, where: str) -> Iterator[Found]:
    found, frozen = numbers_of(module, "layer_norm", given=_unscaled(_last(module, where)))
    yield typed("layer_norm", where, found, {"epsilon": text(module.eps)}, frozen=frozen)


def _rms_norm(module: Any, where: str) -> Iterator[Found]:
    given = {"weight": np.ones(_last(module, where))}
    found, frozen = numbers_of(module, "rms_norm", given=given)
    epsilon = module.eps
    if epsilon is None:  # the smallest step of the numbers' own precision
        single = "float32" in str(getattr(module.weight, "dtype", "float32"))
        epsilon = np.finfo(np.float32 if single else np.float64).eps
    yield typed("rms_norm", where, found, {"epsilon": text(epsilon)}, frozen=frozen)


def _last(module: Any, where: str) -> int:
    """The width that is normalised over.

    Raises:
        ProblemError: if it is over several axes.
    """
    if len(module.normalized_shape) != 1:
        raise ProblemError(f"{where}: a norm is over one axis here, the last")
    return int(module.normalized_shape[0])


def _embedding(module: Any, where: str) -> Iterator[Found]:
    refuse(
        where,
        {
            "padding_idx": (module.padding_idx, None),
            "max_norm": (module.max_norm, None),
            "scale_grad_by_freq": (module.scale_grad_by_freq, False),
        },
    )
    found, frozen = numbers_of(module, "embedding")
    yield typed("embedding", where, found, units=module.embedding_dim, frozen=frozen)


def _prelu(module: Any, where: str) -> Iterator[Found]:
    """One slope for all; or one a channel, which in PyTorch is the axis behind the samples."""
    found, frozen = numbers_of(module, "prelu")
    shared = module.num_parameters == 1
    yield typed(
        "prelu",
        where,
        found,
        {} if shared else {"shared": False},
        frozen=frozen,
        takes=() if shared else ("units",),
    )


def _recurrent(kind: str) -> Callable[[Any, str], Iterator[Found]]:
    def of(module: Any, where: str) -> Iterator[Found]:
        """One layer for each of a stack; its two biases are added up."""
        refuse(
            where,
            {
                "bidirectional": (module.bidirectional, False),
                "proj_size": (getattr(module, "proj_size", 0), 0),
            },
        )
        for level in range(module.num_layers):
            if level and module.dropout:
                yield from dropout(where, module.dropout, module.training)
            found, frozen = numbers_of(module, kind, mark=f"_l{level}")
            settings = _settings_of(module, kind)
            here = f"{where}, layer {level}" if module.num_layers > 1 else where
            yield typed(kind, here, found, settings, module.hidden_size, bool(module.bias), frozen)

    return of


def _settings_of(module: Any, kind: str) -> dict[str, Any]:
    if kind == "gru":
        return {"reset": "after"}
    if kind == "elman" and module.nonlinearity != "tanh":
        return {"activation": module.nonlinearity}
    return {}


def _attention(module: Any, where: str) -> Iterator[Found]:
    """Self-attention: queries, keys and values from what comes in."""
    _check_attention(module, where)
    found, frozen = numbers_of(module, "attention", module.num_heads)
    settings = _heads(module)
    yield typed("attention", where, found, settings, frozen=frozen)


def _heads(module: Any) -> dict[str, Any]:
    """What our attention says of heads that PyTorch always mixes."""
    biases = module.in_proj_bias is not None
    several = module.num_heads > 1
    return {
        **({"heads": module.num_heads} if several else {"output": True}),
        **({"biases": True} if biases else {}),
    }


def _check_attention(module: Any, where: str) -> None:
    refuse(
        where,
        {
            "kdim and vdim of their own": (module._qkv_same_embed_dim, True),
            "add_bias_kv": (module.bias_k is not None, False),
            "add_zero_attn": (module.add_zero_attn, False),
            "dropout in training": (bool(module.dropout and module.training), False),
        },
    )


def _block(module: Any, where: str) -> Iterator[Found]:
    _check_attention(module.self_attn, where)
    name = getattr(module.activation, "__name__", type(module.activation).__name__).lower()
    if name not in ("relu", "gelu"):
        raise ProblemError(f"{where}: there is no activation '{name}' inside a block here")
    refuse(
        where,
        {
            "bias": (module.linear1.bias is not None, True),
            "eps of the second norm": (module.norm2.eps, module.norm1.eps),
            "dropout in training": (bool(module.dropout.p and module.training), False),
        },
    )
    found, frozen = numbers_of(module, "transformer_block", module.self_attn.num_heads)
    settings = {
        **_heads(module.self_attn),
        "hidden": module.linear1.out_features,
        "activation": name,
        "norm": "before" if module.norm_first else "after",
        "epsilon": text(module.norm1.eps),
    }
    yield typed("transformer_block", where, found, settings, frozen=frozen)


MODULES: Mapping[str, Callable[[Any, str], Iterator[Found]]] = {
    "Linear": _linear,
    "Conv1d": _conv,
    "Conv2d": _conv,
    **{f"MaxPool{n}d": _pool("max_pool", n) for n in (1, 2)},
    **{f"AvgPool{n}d": _pool("average_pool", n) for n in (1, 2)},
    "Flatten": _flatten,
    "Dropout": _dropout,
    "BatchNorm1d": _batch_norm,
    "LayerNorm": _layer_norm,
    "RMSNorm": _rms_norm,
    "Embedding": _embedding,
    "PReLU": _prelu,
    "RNN": _recurrent("elman"),
    "LSTM": _recurrent("lstm"),
    "GRU": _recurrent("gru"),
    "MultiheadAttention": _attention,
    "TransformerEncoderLayer": _block,
}
"""Modules that are layers here, by the name of their class."""
