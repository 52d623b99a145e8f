"""What each array primitive gives, by NumPy or plain loops, and its derivative.

The functions work on float arrays and on arrays of mpmath numbers alike, so that a
derivative can be taken by central differences at 50 digits, where rounding plays no part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import mpmath
import numpy as np

Arrays = Sequence[np.ndarray]


def exp(array: np.ndarray) -> np.ndarray:
    """The exponential function of floats or of mpmath numbers."""
    if array.dtype == object:
        return np.vectorize(mpmath.exp, otypes=[object])(array)
    return np.exp(array)


def softmax(array: np.ndarray, axis: int = -1) -> np.ndarray:
    """Softmax along an axis."""
    powers = exp(array)
    return powers / powers.sum(axis=axis, keepdims=True)


def log_softmax(array: np.ndarray, axis: int = -1) -> np.ndarray:
    """The logarithm of softmax along an axis."""
    shares = softmax(array, axis)
    if array.dtype == object:
        return np.vectorize(mpmath.log, otypes=[object])(shares)
    return np.log(shares)


def conv(image: np.ndarray, kernel: np.ndarray, stride: int = 1, pad: int = 0) -> np.ndarray:
    """Cross-correlation with strides, the image padded with zeros, by loops."""
    image = np.pad(image, pad)
    shape = [(n - k) // stride + 1 for n, k in zip(image.shape, kernel.shape, strict=True)]
    result = np.zeros(shape, dtype=image.dtype) + 0 * image.flat[0]
    for at in product(*map(range, shape)):
        for offset in product(*map(range, kernel.shape)):
            where = tuple(i * stride + o for i, o in zip(at, offset, strict=True))
            result[at] = result[at] + image[where] * kernel[offset]
    return result


def pool(array: np.ndarray, kind: str, size: int, stride: int) -> np.ndarray:
    """The largest cell, or the mean, of each window, by loops."""
    result = np.zeros([(n - size) // stride + 1 for n in array.shape], dtype=array.dtype)
    for at in product(*map(range, result.shape)):
        window = array[tuple(slice(i * stride, i * stride + size) for i in at)]
        result[at] = window.max() if kind == "max" else window.sum() / window.size
    return result


def conv_full(gradient: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Full convolution: what a correlation's gradient is for its input, by loops."""
    shape = [n + k - 1 for n, k in zip(gradient.shape, kernel.shape, strict=True)]
    result = np.zeros(shape, dtype=gradient.dtype) + 0 * gradient.flat[0]
    for at in product(*map(range, gradient.shape)):
        for offset in product(*map(range, kernel.shape)):
            where = tuple(i + o for i, o in zip(at, offset, strict=True))
            result[where] = result[where] + gradient[at] * kernel[offset]
    return result


def first_largest(array: np.ndarray, axis: int | None) -> np.ndarray:
    """1 at the first largest cell along an axis (or of all), 0 elsewhere."""
    result = np.zeros(array.shape)
    if axis is None:
        result.flat[int(np.argmax(array))] = 1
    else:
        np.put_along_axis(result, np.argmax(array, axis=axis, keepdims=True), 1, axis)
    return result


def precise(array: np.ndarray) -> np.ndarray:
    """The same numbers as mpmath numbers."""
    return np.vectorize(mpmath.mpf, otypes=[object])(np.asarray(array))


def central_difference(
    function: Callable[..., Any], operands: Arrays, weights: np.ndarray, which: int
) -> np.ndarray:
    """The gradient of ``sum(weights * function(*operands))`` for one operand.

    With 50 digits and a step of 1e-15 the error of the difference is about 1e-30.
    """
    with mpmath.workdps(50):
        step = mpmath.mpf(10) ** -15
        given = [precise(operand) for operand in operands]
        heavy = precise(weights)
        gradient = np.zeros(np.shape(operands[which]))
        for at in np.ndindex(*np.shape(operands[which])):
            ends = []
            for sign in (1, -1):
                moved = [operand.copy() for operand in given]
                moved[which][at] = moved[which][at] + sign * step
                ends.append(np.sum(heavy * function(*moved)))
            gradient[at] = float((ends[0] - ends[1]) / (2 * step))
        return gradient
