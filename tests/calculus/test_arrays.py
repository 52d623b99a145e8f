"""The NumPy code of every array primitive: against plain NumPy, and against its entries."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.calculus.test_primitives import CASES as BASIC
from tests.calculus.test_primitives import Case
from tracer.backprop.compiled.array_source import UFUNCS, ArrayScribe
from tracer.backprop.compiled.source import made
from tracer.calculus.arrays import FUNCTIONS
from tracer.calculus.primitives import PRIMITIVES, Shape, entry, shape_of
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.nodes import Apply, Node, Symbol
from tracer.model.quantity import Quantity, numbered


def quantities(operands: dict[str, np.ndarray]) -> dict[str, Quantity]:
    """Operands of which every cell is there."""
    return {
        name: Quantity(name, name, tuple(numbered("row", size) for size in array.shape))
        for name, array in operands.items()
    }


def pooled(kind: str, size: int, stride: int) -> Callable[[np.ndarray], np.ndarray]:
    """Pooling by loops over the windows."""

    def pool(x: np.ndarray) -> np.ndarray:
        result = np.zeros([(n - size) // stride + 1 for n in x.shape])
        for at in np.ndindex(*result.shape):
            window = x[tuple(slice(i * stride, i * stride + size) for i in at)]
            result[at] = window.max() if kind == "max" else window.mean()
        return result

    return pool


def unpooled(kind: str, size: int, stride: int, shape: Shape) -> Callable[..., np.ndarray]:
    """The gradient of a pooling, given to the first largest cell or shared out, by loops."""

    def back(gradient: np.ndarray, x: np.ndarray | None = None) -> np.ndarray:
        result = np.zeros(shape)
        for at in np.ndindex(*gradient.shape):
            where = tuple(slice(i * stride, i * stride + size) for i in at)
            if kind == "mean":
                result[where] += gradient[at] / size ** len(shape)
            else:
                cells = x[where]
                first = np.unravel_index(cells.argmax(), cells.shape)
                result[where][first] += gradient[at]
        return result

    return back


def correlated(stride: int, pad: int) -> Callable[..., np.ndarray]:
    """Cross-correlation with strides and padding, by loops."""

    def conv(x: np.ndarray, k: np.ndarray) -> np.ndarray:
        padded = np.pad(x, pad)
        result = np.zeros(
            [(n - m) // stride + 1 for n, m in zip(padded.shape, k.shape, strict=True)]
        )
        for at in np.ndindex(*result.shape):
            window = tuple(
                slice(i * stride, i * stride + m) for i, m in zip(at, k.shape, strict=True)
            )
            result[at] = (padded[window] * k).sum()
        return result

    return conv


def by_kernel(stride: int, pad: int, shape: Shape) -> Callable[..., np.ndarray]:
    """The gradient of a strided, padded correlation for its kernel, by loops."""

    def back(x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        padded, result = np.pad(x, pad), np.zeros(shape)
        for at in np.ndindex(*gradient.shape):
            window = tuple(
                slice(i * stride, i * stride + m) for i, m in zip(at, shape, strict=True)
            )
            result += padded[window] * gradient[at]
        return result

    return back


def by_image(stride: int, pad: int, shape: Shape) -> Callable[..., np.ndarray]:
    """The gradient of a strided, padded correlation for its image, by loops."""

    def back(gradient: np.ndarray, k: np.ndarray) -> np.ndarray:
        padded = np.zeros([n + 2 * pad for n in shape])
        for at in np.ndindex(*gradient.shape):
            window = tuple(
                slice(i * stride, i * stride + m) for i, m in zip(at, k.shape, strict=True)
            )
            padded[window] += k * gradient[at]
        return padded[tuple(slice(pad, pad + n) for n in shape)]

    return back


CASES = [
    *BASIC,
    Case("concat", ((2,), (3,)), lambda x, y: np.concatenate([x, y])),
    Case("flatten", ((2, 3),), np.ravel),
    Case("unflatten", ((6,),), lambda x: x.reshape(2, 3), ((2, 3),)),
    Case("segment", ((5,),), lambda x: x[1:4], (1, 3)),
    Case("causal", ((3, 3),), np.tril),
    Case("masked", ((2, 3), (2, 3)), lambda x, mask: x),
    Case("maxpool", ((5, 5),), pooled("max", 2, 1), (2, 1)),
    Case("maxpool", ((4, 4),), pooled("max", 2, 2), (2, 2)),
    Case("avgpool", ((4, 4),), pooled("mean", 2, 2), (2, 2)),
    Case("avgpool", ((5,),), pooled("mean", 3, 2), (3, 2)),
    Case("maxpool_back", ((4, 4), (5, 5)), unpooled("max", 2, 1, (5, 5)), (2, 1)),
    Case("avgpool_back", ((2, 2),), unpooled("mean", 2, 2, (4, 4)), ((4, 4), 2, 2)),
    Case("conv", ((5, 5), (2, 2)), correlated(2, 1), (2, 1)),
    Case("conv", ((6,), (3,)), correlated(1, 1), (1, 1)),
    Case("conv_kernel", ((5, 5), (3, 3)), by_kernel(2, 1, (2, 2)), ((2, 2), 2, 1)),
    Case("conv_back", ((3, 3), (2, 2)), by_image(2, 1, (5, 5)), ((5, 5), 2, 1)),
]


def by_code(node: Node, operands: dict[str, np.ndarray]) -> np.ndarray:
    """What the table's NumPy code leaves in an array that held something else before."""
    shapes = {name: array.shape for name, array in operands.items()}
    scribe = ArrayScribe({}, shapes, quantities(operands))
    for name, array in operands.items():
        scribe.know(name, array)
    out = scribe.know("result", np.full(shape_of(node, shapes), 7.0))
    scribe.assign(node, out)
    body = "\n    ".join([*scribe.views, *scribe.statements])
    made(f"def run():\n    {body}\n", {**UFUNCS, **FUNCTIONS, **scribe.arrays})()
    return scribe.arrays[out]


class Cells:
    """A scope whose cells are named by position."""

    def __init__(self, shapes: dict[str, tuple[int, ...]]) -> None:
        self.shapes = shapes

    def cell(self, name: str, index: tuple[int, ...]) -> Node:
        return Symbol(f"{name}{list(index)}")


def drawn(case: Case) -> tuple[Apply, dict[str, np.ndarray]]:
    """The case's formula over arrays of random numbers."""
    random = np.random.default_rng(len(str(case)))
    operands = {f"x{k}": random.uniform(-2, 2, shape) for k, shape in enumerate(case.shapes)}
    node = Apply(case.primitive, tuple(Symbol(name) for name in operands), case.options)
    return node, operands


@pytest.mark.parametrize("case", CASES, ids=str)
def test_code_gives_what_numpy_gives(case: Case) -> None:
    """The code of a primitive is the function that its name promises."""
    node, operands = drawn(case)
    expected = case.expected(*operands.values())
    np.testing.assert_allclose(by_code(node, operands), expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_code_gives_what_the_entries_give(case: Case) -> None:
    """Matrix form and scalar form are one thing, to rounding."""
    node, operands = drawn(case)
    shapes = {name: array.shape for name, array in operands.items()}
    values = {
        f"{name}{list(index)}": float(array[index])
        for name, array in operands.items()
        for index in np.ndindex(*array.shape)
    }
    found, scope, evaluate = by_code(node, operands), Cells(shapes), Evaluator(Float())
    for index in np.ndindex(*found.shape):
        cell = entry(node, index, scope)
        expected = 0.0 if cell is None else evaluate(cell, values)
        assert found[index] == pytest.approx(expected, rel=1e-14, abs=1e-15)


def test_every_primitive_has_a_case() -> None:
    """No primitive's code goes untested."""
    assert {case.primitive for case in CASES} == set(PRIMITIVES)


@pytest.mark.parametrize("terms", [2, 4, 8, 32])
def test_a_matrix_product_keeps_its_bound(terms: int) -> None:
    """Whatever order BLAS adds in, each entry is within 2 k u |A||B| of textbook order."""
    random = np.random.default_rng(terms)
    node = Apply("matmul", (Symbol("A"), Symbol("B")))
    for _ in range(200):
        left, right = random.uniform(-1, 1, (3, terms)), random.uniform(-1, 1, (terms, 2))
        found = by_code(node, {"A": left, "B": right})
        for i, j in np.ndindex(3, 2):
            textbook = left[i, 0] * right[0, j]
            for k in range(1, terms):
                textbook += left[i, k] * right[k, j]
            bound = 2 * terms * 2.0**-53 * float(np.abs(left[i]) @ np.abs(right[:, j]))
            assert abs(found[i, j] - textbook) <= bound
