"""Recurrent parameters as PyTorch names and stacks them, taken apart into those of each gate.

Takes somebody's numbers by name; where a name is PyTorch's (``lstm1.weight_ih_l0``, the
gates one below the other), gives the arrays of the gates by our names instead.  Of two
biases that are added up, the sum stands for ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from tracer.calculus.layers.recurrence import TWO_BIASES
from tracer.errors import ProblemError

_NAME = re.compile(r"(d?)((elman|lstm|gru)\d+)\.(weight|bias)_(ih|hh)_l0(@\d+)?")
GATES = {"elman": ("",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "u", "n")}
"""PyTorch's order of the gates, by our letters."""


def unstacked(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The same numbers, stacked ones by gate.

    Raises:
        ProblemError: if an array cannot be shared out evenly among the gates, or one of two
            biases is missing.

    >>> sorted(unstacked({"gru1.weight_ih_l0": [[1], [2], [3]]}))
    ['gru1.Wn', 'gru1.Wr', 'gru1.Wu']
    """
    found: dict[str, Any] = {}
    for name, value in numbers.items():
        match = _NAME.fullmatch(str(name).strip())
        if match is None:
            found[name] = value
            continue
        mark, base, kind, what, side, after = match.groups()
        parts = _parts(value, GATES[kind], str(name))
        if what == "weight":
            letter = "W" if side == "ih" else "U"
            found |= {f"{mark}{base}.{letter}{g}{after or ''}": part for g, part in parts.items()}
        elif side == "ih":
            other = str(name).replace("bias_ih", "bias_hh")
            if other not in numbers:
                raise ProblemError(f"{name} is one of two biases; '{other}' is missing")
            found |= _biases(mark, base, kind, after or "", parts,
                             _parts(numbers[other], GATES[kind], other))  # fmt: skip
        elif str(name).replace("bias_hh", "bias_ih") not in numbers:
            raise ProblemError(f"{name} is one of two biases; 'bias_ih' is missing")
    return found


def _biases(
    mark: str, base: str, kind: str, after: str, first: dict[str, Any], other: dict[str, Any]
) -> dict[str, Any]:
    """Ours: the sum of both, whose gradients are alike; a GRU's candidate has two."""
    found = {}
    for gate, part in first.items():
        added = f"b{gate}" in TWO_BIASES[kind] and not mark
        found[f"{mark}{base}.b{gate}{after}"] = part + other[gate] if added else part
        if kind == "gru" and gate == "n" and other[gate].any():
            found[f"{mark}{base}.bm{after}"] = other[gate]
    return found


def _parts(value: Any, gates: tuple[str, ...], name: str) -> dict[str, Any]:
    """An array's rows, shared out among the gates."""
    array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value, dtype=float)
    if array.ndim == 0 or array.shape[0] % len(gates):
        raise ProblemError(f"{name} cannot be shared out among {len(gates)} gates")
    rows = array.reshape(len(gates), -1, *array.shape[1:])
    return dict(zip(gates, rows, strict=True))
