"""The NumPy functions that the `code` column of the primitives table calls.

Each does to whole arrays what the primitive's entry says of one cell, and writes into
`out` where it is given, so that a long run allocates nothing.  Options are those of the
formula's node: indices count from 1, axes from 0.  Read by the compiled NumPy form of a
plan; a test holds every function against the entry of its primitive.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[tuple[Any, ...], np.dtype[np.float64]]
Options: TypeAlias = tuple[Any, ...]


def index(array: Array, options: Options) -> Array:
    """The chosen row, column or cell (a view); None keeps an axis whole.

    >>> index(np.array([[1.0, 2.0], [3.0, 4.0]]), (None, 2))
    array([2., 4.])
    """
    chosen: Array = array[_chosen(options)]
    return chosen


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
    axes, offset = _repeated_axes(shape, target)
    kept = out.reshape((1,) * offset + target) if offset else out
    whole = array if array.shape == shape else np.broadcast_to(array, shape)
    np.add.reduce(whole, axis=axes, out=kept, keepdims=True)
    return out


@lru_cache(maxsize=1024)
def _repeated_axes(shape: tuple[int, ...], target: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """Along which axes the second shape is repeated, and how many it lacks in front."""
    offset = len(shape) - len(target)
    axes = tuple(
        axis
        for axis, size in enumerate(shape)
        if axis < offset or (target[axis - offset] == 1 and size > 1)
    )
    return axes, offset


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


def safe_softmax(array: Array, options: Options, out: Array) -> Array:
    """The same, with the largest taken off before, so that no power overflows."""
    np.subtract(array, array.max(options[0] if options else -1, keepdims=True), out)
    return softmax(out, options, out)


def log_softmax(array: Array, options: Options, out: Array) -> Array:
    """``z_i - log(exp(z_1) + ... + exp(z_n))``, the largest taken off before."""
    axis = options[0] if options else -1
    np.subtract(array, array.max(axis, keepdims=True), out)
    return np.subtract(out, np.log(np.add.reduce(np.exp(out), axis, keepdims=True)), out)


def conv(image: Array, kernel: Array, out: Array, options: Options = ()) -> Array:
    """Cross-correlation, the terms in reading order of the kernel."""
    stride, pad = options or (1, 0)
    padded = np.pad(image, pad) if pad else image
    out.fill(0.0)
    for offset in np.ndindex(kernel.shape):
        out += padded[_seen(offset, out.shape, stride)] * kernel[offset]
    return out


def conv_back(gradient: Array, kernel: Array, out: Array, options: Options) -> Array:
    """The gradient of `conv` carried back to its image."""
    stride, pad = options[1:] or (1, 0)
    padded = np.zeros([size + 2 * pad for size in out.shape])
    for offset in np.ndindex(kernel.shape):
        padded[_seen(offset, gradient.shape, stride)] += gradient * kernel[offset]
    out[...] = padded[tuple(slice(pad, pad + size) for size in out.shape)]
    return out


def conv_kernel(image: Array, gradient: Array, out: Array, options: Options) -> Array:
    """The gradient of `conv` carried back to its kernel."""
    stride, pad = options[1:]
    padded = np.pad(image, pad) if pad else image
    for offset in np.ndindex(out.shape):
        out[offset] = (padded[_seen(offset, gradient.shape, stride)] * gradient).sum()
    return out


def _seen(offset: tuple[int, ...], outputs: tuple[int, ...], stride: int) -> tuple[slice, ...]:
    """The input cells that one kernel cell meets, one for each output."""
    return tuple(
        slice(o, o + stride * (n - 1) + 1, stride) for o, n in zip(offset, outputs, strict=True)
    )


def maxpool(image: Array, options: Options, out: Array) -> Array:
    """The largest cell under each window."""
    size, stride = options
    out.fill(-np.inf)
    for offset in np.ndindex((size,) * image.ndim):
        np.maximum(out, image[_seen(offset, out.shape, stride)], out=out)
    return out


def avgpool(image: Array, options: Options, out: Array) -> Array:
    """The mean under each window."""
    size, stride = options
    out.fill(0.0)
    for offset in np.ndindex((size,) * image.ndim):
        out += image[_seen(offset, out.shape, stride)]
    np.divide(out, size**image.ndim, out)
    return out


def maxpool_back(gradient: Array, image: Array, options: Options, out: Array) -> Array:
    """Each window's gradient, given to its first largest cell."""
    size, stride = options
    out.fill(0.0)
    for place in np.ndindex(gradient.shape):
        window = tuple(slice(p * stride, p * stride + size) for p in place)
        cells = image[window]
        first = np.unravel_index(int(cells.argmax()), cells.shape)
        out[window][first] += gradient[place]
    return out


def avgpool_back(gradient: Array, options: Options, out: Array) -> Array:
    """Each window's gradient, shared out evenly."""
    _, size, stride = options
    out.fill(0.0)
    share = gradient / size**out.ndim
    for offset in np.ndindex((size,) * out.ndim):
        out[_seen(offset, gradient.shape, stride)] += share
    return out


def causal(scores: Array, out: Array) -> Array:
    """What lies right of the diagonal is not there: 0 in sums, and left out of a softmax."""
    out[...] = np.tril(scores)
    return out


def masked(scores: Array, mask: Array, out: Array) -> Array:
    """What the mask has not is not there: 0 in sums, and left out of a softmax."""
    out[...] = np.where(mask != 0, scores, 0.0)
    return out


def segment(array: Array, options: Options) -> Array:
    """A stretch of a vector (a view)."""
    start, size = options
    chosen: Array = array[start : start + size]
    return chosen


_ERFC = np.frompyfunc(math.erfc, 1, 1)


def normal_distribution(array: Array, out: Array | None = None) -> Array:
    """The share of the standard normal distribution below each number."""
    return _left(0.5 * np.asarray(_ERFC(array / -math.sqrt(2.0)), float), out)


def normal_density(array: Array, out: Array | None = None) -> Array:
    """The density of the standard normal distribution at each number."""
    return _left(np.exp(array * array / -2.0) / math.sqrt(2.0 * math.pi), out)


def cosine_of_half_turns(array: Array, out: Array | None = None) -> Array:
    """``cos(pi*x)`` of each number."""
    return _left(np.cos(np.pi * array), out)


def _left(found: Array, out: Array | None) -> Array:
    """The numbers, left in `out` where it is given."""
    if out is None:
        return found
    out[...] = found
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
        log_softmax,
        conv,
        conv_back,
        conv_kernel,
        maxpool,
        avgpool,
        maxpool_back,
        avgpool_back,
        causal,
        masked,
        segment,
        outer_each,
    )
} | {
    "dot": np.dot,
    "outer": np.outer,
    "stack": np.stack,
    "spread": np.broadcast_to,
    "concatenate": np.concatenate,
    "reshape": np.reshape,
}
"""What the `code` column may call, by name."""
