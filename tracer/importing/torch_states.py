"""Arrays as PyTorch keeps them (a module's state) turned into the parameters of our layers.

Takes the entries of one module by their names there and the type of layer that it is here;
gives our parameters by name.  Matrices of a dense layer stand alike; attention multiplies
from the other side; recurrent cells keep their gates in one array, and two biases of which
only the sum matters.  Read by the importers of modules and of states, and by what builds a
problem in PyTorch.

Source: PyTorch 2.13, documentation of `torch.nn.LSTM`, `GRU`, `MultiheadAttention`,
`TransformerEncoderLayer`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tracer.calculus.layers.recurrence import TWO_BIASES
from tracer.errors import ProblemError

Arrays = Mapping[str, Any]
"""Arrays by the name that PyTorch, or our layer, has for them."""

GATES: Mapping[str, str] = {"lstm": "ifgo", "gru": "run"}
"""The gates in PyTorch's order, by our letters."""
SCALED: Mapping[str, Sequence[str]] = {
    "batch_norm": ("gamma", "beta", "running_mean", "running_variance"),
    "layer_norm": ("gamma", "beta"),
    "rms_norm": ("gamma",),
    "embedding": ("E",),
    "prelu": ("slope",),
    "conv": ("K", "b"),
    "dense": ("weights", "biases"),
}
"""Our names of `weight`, `bias`, ... of modules whose arrays stand as ours do."""
_PLAIN = ("weight", "bias", "running_mean", "running_var")
_SELF = ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")
_RECURRENT = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
ENTRIES: Mapping[str, Sequence[str]] = {
    **{kind: _PLAIN[: len(names)] for kind, names in SCALED.items()},
    **dict.fromkeys(("elman", "lstm", "gru"), _RECURRENT),
    "attention": _SELF,
    "transformer_block": (
        *(f"self_attn.{name}" for name in _SELF),
        *(f"{part}.{word}" for part in ("linear1", "linear2") for word in _PLAIN[:2]),
        *(f"{part}.{word}" for part in ("norm1", "norm2") for word in _PLAIN[:2]),
    ),
}
"""What a module that is such a layer has in its state; recurrent ones with ``_l0``, ..."""


def unpacked(kind: str, arrays: Arrays, heads: int = 1) -> dict[str, Any]:
    """Our parameters of one layer; those that the module does not have are left out.

    Args:
        kind: a type of our table, or ``dense``.
        arrays: names of `ENTRIES` to arrays.
        heads: of attention.

    Raises:
        ProblemError: if this type of layer has no counterpart in PyTorch.

    >>> unpacked("elman", {"weight_ih": np.eye(1), "weight_hh": np.eye(1),
    ...     "bias_ih": np.ones(1), "bias_hh": np.ones(1)})["b"]
    array([2.])
    """
    if kind in SCALED:
        found = zip(SCALED[kind], ENTRIES[kind], strict=True)
        plain = {ours: arrays[theirs] for ours, theirs in found if theirs in arrays}
        if kind == "prelu" and np.size(plain["slope"]) == 1:
            plain["slope"] = np.reshape(plain["slope"], ())
        return plain
    if kind not in _UNPACKED:
        raise ProblemError(f"PyTorch has no layer such as '{kind}'")
    return _UNPACKED[kind](kind, arrays, heads)


def _elman(kind: str, arrays: Arrays, heads: int) -> dict[str, Any]:
    found = {"W": arrays["weight_ih"], "U": arrays["weight_hh"]}
    if "bias_ih" in arrays:
        found["b"] = arrays["bias_ih"] + arrays["bias_hh"]
    return found


def _gated(kind: str, arrays: Arrays, heads: int) -> dict[str, Any]:
    """One matrix a gate, one bias a gate; the one behind GRU's reset gate stays by itself."""
    gates = GATES[kind]

    def split(name: str) -> dict[str, Any]:
        return dict(zip(gates, np.split(arrays[name], len(gates)), strict=True))

    found = {f"W{gate}": part for gate, part in split("weight_ih").items()}
    found |= {f"U{gate}": part for gate, part in split("weight_hh").items()}
    if "bias_ih" in arrays:
        first, other = split("bias_ih"), split("bias_hh")
        for gate in gates:
            both = f"b{gate}" in TWO_BIASES[kind]
            found[f"b{gate}"] = first[gate] + other[gate] if both else first[gate]
        if kind == "gru":
            found["bm"] = other["n"]
    return found


def _attention(kind: str, arrays: Arrays, heads: int) -> dict[str, Any]:
    """Queries, keys and values of each head, and what mixes the heads."""
    found: dict[str, Any] = {}
    for name, part in zip("qkv", np.split(arrays["in_proj_weight"], 3), strict=True):
        found[f"W{name}"] = headed(part.T, heads, axis=1)
    mixing = arrays["out_proj.weight"].T
    found["Wo"] = headed(mixing, heads, axis=0)
    if "in_proj_bias" in arrays:
        for name, part in zip("qkv", np.split(arrays["in_proj_bias"], 3), strict=True):
            found[f"b{name}"] = headed(part, heads, axis=0)
        found["bo"] = arrays["out_proj.bias"]
    return found


def headed(array: Any, heads: int, axis: int) -> Any:
    """An array cut into one for each head; one head has no number.

    >>> headed(np.arange(6), 3, 0).tolist(), headed(np.arange(2), 1, 0).tolist()
    ([[0, 1], [2, 3], [4, 5]], [0, 1])
    """
    return np.stack(np.split(array, heads, axis)) if heads > 1 else array


def _block(kind: str, arrays: Arrays, heads: int) -> dict[str, Any]:
    inner = {name.removeprefix("self_attn."): array for name, array in arrays.items()}
    return {
        **_attention(kind, inner, heads),
        "gamma": np.stack([arrays["norm1.weight"], arrays["norm2.weight"]]),
        "beta": np.stack([arrays["norm1.bias"], arrays["norm2.bias"]]),
        "W1": arrays["linear1.weight"].T,
        "b1": arrays["linear1.bias"],
        "W2": arrays["linear2.weight"].T,
        "b2": arrays["linear2.bias"],
    }


_UNPACKED: Mapping[str, Callable[[str, Arrays, int], dict[str, Any]]] = {
    "elman": _elman,
    "lstm": _gated,
    "gru": _gated,
    "attention": _attention,
    "transformer_block": _block,
}
