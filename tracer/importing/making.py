"""Layers that several frameworks have alike: convolution, pooling, dropout.

Takes numbers and settings in the frameworks' common terms; gives our layer.  Read by the
importers of PyTorch, Keras and ONNX.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tracer.importing.found import Found, text, typed

MASK_SEED = 1
"""Of the mask that is drawn for a dropout in training: PyTorch draws a new one each time."""


def convolution(
    where: str,
    kernel: Any,
    bias: Any,
    axes: int,
    stride: int,
    pad: int,
    frozen: tuple[str, ...] = (),
) -> Found:
    """A layer from kernels of shape (filters, channels, sizes) and a bias for each filter."""
    filters, channels, *sizes = np.shape(kernel)
    leading = [count for count in (filters, channels) if count > 1]
    numbers = {"K": np.reshape(kernel, (*leading, *sizes))}
    if bias is not None:
        numbers["b"] = np.reshape(bias, (filters,) if filters > 1 else ())
    settings = {
        "dimensions": axes,
        "filters": filters,
        **({"stride": stride} if stride != 1 else {}),
        **({"pad": pad} if pad else {}),
    }
    return typed(
        "conv", where, numbers, settings, biases=bias is not None, frozen=frozen, takes=("image",)
    )


def pooling(kind: str, where: str, axes: int, size: int, stride: int) -> Found:
    """A pooling layer; a window that moves by its own width does not say so."""
    settings = {"dimensions": axes, "size": size, **({"stride": stride} if stride != size else {})}
    return typed(kind, where, settings=settings)


def dropout(where: str, rate: float, training: bool) -> Iterator[Found]:
    """Inverted dropout, as frameworks have it: in use it changes nothing and is left out."""
    if training and rate:
        yield typed("dropout", where, settings={"rate": text(rate), "mask": {"seed": MASK_SEED}})
