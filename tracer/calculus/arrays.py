"""The NumPy functions that the `code` column of the primitives table calls.

Each does to whole arrays what the primitive's entry says of one cell, and writes into
`out` where it is given, so that a long run allocates nothing.  Options are those of the
formula's node: indices count from 1, axes from 0.  Read by the compiled NumPy form of a
plan; a test holds every function against the entry of its primitive.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Options: TypeAlias = tuple[Any, ...]


def index(array: Array, options: Options) -> Array:
    """The chosen row, column or cell (a view); None keeps an axis whole.

    >>> index(np.array([[1.0, 2.0], [3.0, 4.0]]), (None, 2))
    array([2., 4.])
    """
    return array[_chosen(options)]


def place(array: Array, options: Options, out: Array) -> Array:
    """Zeros of a shape with an array put where `index` would have taken it from."""
    out.fill(0.0)
    out[_chosen(options[1])] = array
    return out


def _chosen(options: Options) -> tuple[Any, ...]:
    return (*(slice(None) if at is None else at - 1 for at in options), ...)


def total(array: Array, options: Options, out: Array) -> Array:
    """The sum of everything, or along one axis that stays with size 1."""
    return _reduced(np.add, array, options, out)


def mean(array: Array, options: Options, out: Array) -> Array:
    """The mean of everything, or along one axis."""
    _reduced(np.add, array, options, out)
    count = array.shape[options[0]] if options else array.size
    return np.divide(out, count, out)


def largest(array: Array, options: Options, out: Array) -> Array:
    """The largest of everything, or along one axis."""
    return _reduced(np.maximum, array, options, out)


def _reduced(ufunc: np.ufunc, array: Array, options: Options, out: Array) -> Array:
    if options:
        ufunc.reduce(array, axis=options[0], out=out, keepdims=True)
    else:
        ufunc.reduce(array, axis=None, out=out)
    return out


def sum_to(array: Array, options: Options, out: Array) -> Array:
    """The sum over the axes along which an array of the second shape was repeated.

    >>> sum_to(np.ones((2, 3)), ((2, 3), (2, 1)), np.empty((2, 1)))
    array([[3.],
           [3.]])
    """
    shape, target = options
    offset = len(shape) - len(target)
    axes = tuple(
        axis
        for axis, size in enumerate(shape)
        if axis < offset or (target[axis - offset] == 1 and size > 1)
    )
    kept = out.reshape((1,) * offset + target)
    np.add.reduce(np.broadcast_to(array, shape), axis=axes, out=kept, keepdims=True)
    return out


def is_max(array: Array, options: Options, out: Array) -> Array:
    """1 in the first of the largest cells, 0 elsewhere."""
    out.fill(0.0)
    if options:
        where = np.expand_dims(array.argmax(options[0]), options[0])
        np.put_along_axis(out, where, 1.0, options[0])
    else:
        out.reshape(-1)[array.argmax()] = 1.0
    return out


def softmax(array: Array, options: Options, out: Array) -> Array:
    """``exp(z_i)/(exp(z_1) + ... + exp(z_n))`` along an axis (default: the last)."""
    np.exp(array, out)
    return np.divide(out, np.add.reduce(out, options[0] if options else -1, keepdims=True), out)


def conv(image: Array, kernel: Array, out: Array) -> Array:
    """Valid cross-correlation, the terms in reading order of the kernel."""
    out.fill(0.0)
    for offset in np.ndindex(kernel.shape):
        window = tuple(slice(o, o + n) for o, n in zip(offset, out.shape, strict=True))
        out += image[window] * kernel[offset]
    return out


def conv_back(gradient: Array, kernel: Array, out: Array) -> Array:
    """The gradient of `conv` carried back to its image."""
    out.fill(0.0)
    for offset in np.ndindex(kernel.shape):
        window = tuple(slice(o, o + n) for o, n in zip(offset, gradient.shape, strict=True))
        out[window] += gradient * kernel[offset]
    return out


def outer_each(left: Array, right: Array, out: Array) -> Array:
    """For each sample the outer product of two columns: (units, sources, samples)."""
    return np.multiply(left[:, None, :], right[None, :, :], out)


FUNCTIONS = {
    function.__name__: function
    for function in (
        index,
        place,
        total,
        mean,
        largest,
        sum_to,
        is_max,
        softmax,
        conv,
        conv_back,
        outer_each,
    )
} | {"dot": np.dot, "outer": np.outer, "stack": np.stack, "spread": np.broadcast_to}
"""What the `code` column may call, by name."""
