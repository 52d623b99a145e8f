"""Every array primitive: its entries against NumPy, its pull-back against two oracles.

The entries of a primitive are the lines that people read; here they are evaluated and
compared with NumPy's (or plain loops') result.  The pull-back is compared with central
differences at 50 digits, and with PyTorch's automatic differentiation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tests.oracles import arrays
from tracer.calculus.definitions import definitions, slope_of
from tracer.calculus.primitives import PRIMITIVES, Entry, Shape, entry, pull_back, shape_of
from tracer.errors import ProblemError
from tracer.formula.evaluating import Evaluator, Float
from tracer.formula.keys import Key
from tracer.formula.nodes import Apply, Node, Symbol
from tracer.formula.parsing import parse


@dataclass(frozen=True)
class Case:
    """A primitive at given shapes and options, and what it should give."""

    primitive: str
    shapes: tuple[Shape, ...]
    expected: Callable[..., Any]
    options: tuple[Any, ...] = ()
    by_torch: Callable[..., Any] | None = None
    """The same for torch tensors; None: `expected` serves them as well."""
    differentiable: bool = True

    def __str__(self) -> str:
        shapes = " ".join("x".join(map(str, shape)) or "()" for shape in self.shapes)
        return f"{self.primitive} {shapes} {self.options or ''}".strip()


def torch_softmax(axis: int) -> Callable[[Any], Any]:
    return lambda x: x.softmax(axis)


def torch_conv(image: Any, kernel: Any) -> Any:
    import torch

    function = torch.conv1d if image.ndim == 1 else torch.conv2d
    return function(image[None, None], kernel[None, None])[0, 0]


def placed(shape: Shape, where: tuple[Any, ...]) -> Callable[[Any], Any]:
    """The array of zeros with its operand at `where`."""

    def put(array: Any) -> Any:
        if not isinstance(array, np.ndarray):
            result = array.new_zeros(shape)
        else:
            result = np.zeros(shape, dtype=array.dtype)
        result[where] = array
        return result

    return put


def reduction(name: str, axis: int | None) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """A NumPy reduction that keeps its axis, and PyTorch's."""

    def by_numpy(x: Any) -> Any:
        return getattr(np, name)(x, axis=axis, keepdims=axis is not None)

    def by_torch(x: Any) -> Any:
        which = {"max": "amax"}.get(name, name)
        return getattr(x, which)() if axis is None else getattr(x, which)(axis, keepdim=True)

    return by_numpy, by_torch


def outer_torch(x: Any, y: Any) -> Any:
    return x[:, None] * y[None, :]


def stacked(*parts: Any) -> Any:
    if isinstance(parts[0], np.ndarray):
        return np.stack(parts)
    import torch

    return torch.stack(parts)


def torch_strided(stride: int, pad: int) -> Callable[..., Any]:
    def conv(image: Any, kernel: Any) -> Any:
        import torch

        function = torch.conv1d if image.ndim == 1 else torch.conv2d
        return function(image[None, None], kernel[None, None], stride=stride, padding=pad)[0, 0]

    return conv


def torch_pool(kind: str, size: int, stride: int) -> Callable[[Any], Any]:
    def pool(x: Any) -> Any:
        from torch.nn import functional

        return getattr(functional, f"{kind}_pool{x.ndim}d")(x[None, None], size, stride)[0, 0]

    return pool


def torch_concat(x: Any, y: Any) -> Any:
    import torch

    return torch.concatenate([x, y])


def gradient_by_differences(function: Callable[..., Any], shape: Shape, weights: Any) -> Any:
    """The gradient of a linear function of an array of this shape."""
    return arrays.central_difference(function, [np.zeros(shape)], weights, 0)


def pooling(size: int, stride: int, *shape: int) -> list[Case]:
    """Both kinds of pooling at one shape."""
    return [
        Case(
            f"{kind}pool",
            (shape,),
            lambda x, kind=kind: arrays.pool(x, kind, size, stride),
            (size, stride),
            torch_pool(kind, size, stride),
        )
        for kind in ("max", "avg")
    ]


CASES = [
    Case("matmul", ((2, 3), (3, 4)), lambda x, y: x @ y),
    Case("matmul", ((1, 3), (3, 1)), lambda x, y: x @ y),
    Case("matmul", ((2, 3), (3,)), lambda x, y: x @ y),
    Case("matmul", ((3,), (3, 2)), lambda x, y: x @ y),
    Case("matmul", ((3,), (3,)), lambda x, y: x @ y),
    Case("outer", ((2,), (3,)), np.outer, by_torch=outer_torch),
    Case("transpose", ((2, 3),), np.transpose, by_torch=lambda x: x.T),
    Case("index", ((4,),), lambda x: x[2], (3,)),
    Case("index", ((3, 4),), lambda x: x[1], (2,)),
    Case("index", ((3, 4),), lambda x: x[1, 3], (2, 4)),
    Case("index", ((3, 4),), lambda x: x[:, 0], (None, 1)),
    Case("stack", ((3,), (3,)), stacked),
    Case("stack", ((), (), ()), stacked),
    *(
        Case(name, shape, *reduction(name, axis)[:1], options, reduction(name, axis)[1])
        for name in ("sum", "mean", "max")
        for shape, options, axis in (
            (((4,),), (), None),
            (((2, 3),), (), None),
            (((2, 3),), (0,), 0),
            (((2, 3),), (1,), 1),
        )
    ),
    Case("softmax", ((4,),), arrays.softmax, by_torch=torch_softmax(-1)),
    Case("softmax", ((2, 3),), arrays.softmax, by_torch=torch_softmax(-1)),
    Case("softmax", ((2, 3),), lambda x: arrays.softmax(x, 0), (0,), by_torch=torch_softmax(0)),
    *(
        Case(
            "log_softmax",
            shape,
            lambda x, axis=axis: arrays.log_softmax(x, axis),
            options,
            lambda x, axis=axis: x.log_softmax(axis),
        )
        for shape, options, axis in (
            (((4,),), (), -1),
            (((2, 3),), (), -1),
            (((2, 3),), (0,), 0),
        )
    ),
    Case("conv", ((5,), (2,)), arrays.conv, by_torch=torch_conv),
    Case("conv", ((3, 4), (2, 2)), arrays.conv, by_torch=torch_conv),
    Case("conv", ((3, 3), (3, 3)), arrays.conv, by_torch=torch_conv),
    *(
        Case(
            "conv",
            shapes,
            lambda x, k, stride=stride, pad=pad: arrays.conv(x, k, stride, pad),
            (stride, pad),
            torch_strided(stride, pad),
        )
        for shapes in (((6,), (3,)), ((5, 5), (2, 2)), ((4, 6), (3, 2)))
        for stride, pad in ((2, 0), (1, 1), (2, 1))
    ),
    *pooling(2, 2, 4, 4),
    *pooling(2, 1, 3, 4),
    *pooling(3, 2, 5),
    *pooling(2, 2, 5, 5),
    Case("concat", ((2,), (3,)), lambda x, y: np.concatenate([x, y]), by_torch=torch_concat),
    Case("flatten", ((2, 3),), np.ravel, by_torch=lambda x: x.flatten()),
    Case("unflatten", ((6,),), lambda x: x.reshape(2, 3), ((2, 3),)),
    Case("causal", ((3, 3),), np.tril, by_torch=lambda x: x.tril()),
    Case("masked", ((2, 3), (2, 3)), lambda x, mask: x + 0 * mask),
    Case("segment", ((5,),), lambda x: x[1:4], (1, 3), differentiable=False),
    Case(
        "spread",
        ((),),
        lambda x: np.broadcast_to(x, (2, 3)),
        ((2, 3),),
        lambda x: x.expand(2, 3),
    ),
    Case(
        "spread",
        ((1, 3),),
        lambda x: np.broadcast_to(x, (2, 3)),
        ((2, 3),),
        lambda x: x.expand(2, 3),
    ),
    Case("sum_to", ((2, 3),), lambda x: x.sum(axis=0), ((2, 3), (3,)), lambda x: x.sum(0)),
    Case(
        "sum_to",
        ((2, 3),),
        lambda x: x.sum(axis=1, keepdims=True),
        ((2, 3), (2, 1)),
        lambda x: x.sum(1, keepdim=True),
    ),
    Case("sum_to", ((2, 3),), np.sum, ((2, 3), ()), lambda x: x.sum()),
    Case("place", ((),), placed((4,), (2,)), ((4,), (3,))),
    Case("place", ((4,),), placed((3, 4), (1,)), ((3, 4), (2,))),
    Case("place", ((3,),), placed((3, 4), (slice(None), 0)), ((3, 4), (None, 1))),
    Case("only", ((1, 1),), lambda x: x[0, 0]),
    Case("is_max", ((2, 3),), lambda x: arrays.first_largest(x, None), differentiable=False),
    Case("is_max", ((2, 3),), lambda x: arrays.first_largest(x, 1), (1,), differentiable=False),
    Case("is_max", ((2, 3),), lambda x: arrays.first_largest(x, 0), (0,), differentiable=False),
    Case("conv_back", ((4,), (2,)), arrays.conv_full, ((5,),), differentiable=False),
    Case("conv_back", ((2, 3), (2, 2)), arrays.conv_full, ((3, 4),), differentiable=False),
    Case(
        "conv_kernel",
        ((5, 5), (3, 3)),
        lambda x, g: gradient_by_differences(lambda k: arrays.conv(x, k, 2, 1), (2, 2), g),
        ((2, 2), 2, 1),
        differentiable=False,
    ),
    Case(
        "conv_back",
        ((3, 3), (2, 2)),
        lambda g, k: gradient_by_differences(lambda x: arrays.conv(x, k, 2, 1), (5, 5), g),
        ((5, 5), 2, 1),
        differentiable=False,
    ),
    Case(
        "avgpool_back",
        ((2, 2),),
        lambda g: gradient_by_differences(lambda x: arrays.pool(x, "avg", 2, 2), (4, 4), g),
        ((4, 4), 2, 2),
        differentiable=False,
    ),
    Case(
        "maxpool_back",
        ((3, 3), (4, 4)),
        lambda g, x: arrays.central_difference(lambda x: arrays.pool(x, "max", 2, 1), [x], g, 0),
        (2, 1),
        differentiable=False,
    ),
    Case(
        "outer_each",
        ((2, 3), (4, 3)),
        lambda x, y: np.einsum("is,js->ijs", x, y),
        differentiable=False,
    ),
]


@dataclass
class Given:
    """Arrays by name, as the scope in which entries are written and evaluated."""

    values: dict[str, np.ndarray]
    missing: set[tuple[str, tuple[int, ...]]] = field(default_factory=set)

    @property
    def shapes(self) -> dict[str, Shape]:
        return {name: np.shape(value) for name, value in self.values.items()}

    def cell(self, name: str, index: tuple[int, ...]) -> Entry:
        if (name, index) in self.missing:
            return None
        return Symbol(str(Key(name, tuple(i + 1 for i in index))))

    def calculate(self, formula: Node) -> np.ndarray:
        """The array that a formula's entries give, cell by cell."""
        numbers = {
            str(Key(name, tuple(i + 1 for i in index))): float(value[index])
            for name, value in self.values.items()
            for index in np.ndindex(*np.shape(value))
        }
        result = np.zeros(shape_of(formula, self.shapes))
        for index in np.ndindex(*result.shape):
            cell = entry(formula, index, self)
            result[index] = 0 if cell is None else EVALUATE(cell, numbers)
        return result


EVALUATE = Evaluator(Float(), definitions())


def given_for(case: Case, seed: int = 1) -> tuple[Given, list[np.ndarray], Apply]:
    """Random operands for a case, and the formula that applies the primitive to them."""
    draw = np.random.default_rng(seed)
    operands = [np.asarray(draw.uniform(-2, 2, shape)) for shape in case.shapes]
    names = ["x", "y", "v"][: len(operands)]
    formula = Apply(case.primitive, tuple(map(Symbol, names)), case.options)
    return Given(dict(zip(names, operands, strict=True))), operands, formula


def contributions(formula: Node, scope: Given, gradient: np.ndarray) -> dict[str, np.ndarray]:
    """What the pull-back gives for each symbol, added up and evaluated cell by cell."""
    scope.values["g"] = gradient
    # to what nothing comes back, such as a mask, come zeros
    found = {name: np.zeros(array.shape) for name, array in scope.values.items()}
    slope = lambda call, place, value: slope_of(call, place, value, {})  # noqa: E731
    for name, share in pull_back(formula, Symbol("g"), scope.shapes, slope):
        part = np.broadcast_to(scope.calculate(share), scope.values[name].shape)
        found[name] = found[name] + part
    return found


def agree(ours: Any, theirs: Any, tolerance: float = 1e-12) -> None:
    """Fail unless two arrays have one shape and agree."""
    ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
    assert ours.shape == theirs.shape
    assert np.all(np.abs(ours - theirs) <= tolerance * np.maximum(1, np.abs(theirs)))


DIFFERENTIABLE = [case for case in CASES if case.differentiable]


def test_every_primitive_has_a_case() -> None:
    """No primitive escapes the comparisons below."""
    assert {case.primitive for case in CASES} == set(PRIMITIVES)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_entries_are_what_numpy_calculates(case: Case, seed: int) -> None:
    """Evaluated cell by cell, the primitive gives NumPy's array, of NumPy's shape."""
    scope, operands, formula = given_for(case, seed)
    expected = case.expected(*operands)
    assert shape_of(formula, scope.shapes) == np.shape(expected)
    agree(scope.calculate(formula), expected)


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
def test_pull_back_is_the_central_difference(case: Case) -> None:
    """The gradient that reaches each operand is that of central differences."""
    scope, operands, formula = given_for(case, 5)
    draw = np.random.default_rng(6)
    weights = np.asarray(draw.uniform(-2, 2, np.shape(case.expected(*operands))))
    found = contributions(formula, scope, weights)
    for which, name in enumerate(["x", "y", "v"][: len(operands)]):
        expected = arrays.central_difference(case.expected, operands, weights, which)
        agree(found[name], expected)


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
def test_pull_back_is_pytorchs(case: Case) -> None:
    """The gradient that reaches each operand is that of PyTorch."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    scope, operands, formula = given_for(case, 7)
    tensors = [torch.tensor(operand, requires_grad=True) for operand in operands]
    result = (case.by_torch or case.expected)(*tensors)
    weights = np.asarray(np.random.default_rng(8).uniform(-2, 2, tuple(result.shape)))
    (result * torch.tensor(weights)).sum().backward()
    found = contributions(formula, scope, weights)
    for name, tensor in zip(["x", "y", "v"], tensors, strict=False):
        agree(found[name], tensor.grad.numpy())


@pytest.mark.parametrize("primitive", sorted({c.primitive for c in CASES if not c.differentiable}))
def test_backward_primitives_say_that_they_end_there(primitive: str) -> None:
    """A primitive without a derivative refuses in words."""
    case = next(case for case in CASES if case.primitive == primitive)
    scope, _, formula = given_for(case)
    with pytest.raises(ProblemError, match=primitive):
        contributions(formula, scope, np.ones(shape_of(formula, scope.shapes)))


def test_the_first_of_equal_maxima_gets_the_gradient() -> None:
    """Ties of ``max`` go to the first cell, as in NumPy's argmax."""
    scope = Given({"x": np.array([1.0, 3.0, 3.0])})
    agree(contributions(Apply("max", (Symbol("x"),)), scope, np.array(2.0))["x"], [0, 2, 0])


def test_a_missing_cell_leaves_no_trace() -> None:
    """A structural zero vanishes from the line; a zero that was given is printed."""
    scope = Given({"x": np.zeros((1, 2)), "y": np.ones(2)}, {("x", (0, 1))})
    line = entry(Apply("matmul", (Symbol("x"), Symbol("y"))), (0,), scope)
    assert line == parse("x[1,1]*y[1]")


ELEMENTWISE = [
    ("x + y", (2, 3), (3,)),
    ("x - y", (2, 3), (2, 1)),
    ("x*y", (2, 3), ()),
    ("x/y", (2, 3), (3,)),
    ("y/x", (2, 3), (1, 3)),
    ("x**3*y", (2, 3), (1,)),
    ("x**y", (2, 3), (3,)),
    ("-x*y + x", (2, 3), (2, 1)),
    ("exp(x)*log(y)", (2, 3), (3,)),
    ("sqrt(x)/(1 + tanh(y))", (2, 3), (3,)),
    ("maximum(x, y)", (2, 3), (3,)),
    ("minimum(x, y)*abs(y)", (2, 3), (2, 1)),
    ("sigmoid(x*y)", (2, 3), (3,)),
    ("softplus(x) - relu(y)", (2, 3), (3,)),
    ("leaky_relu(1 - x, 0.2)*y", (2, 3), (2, 3)),
    ("half_squared_error(y, x)", (2, 3), (2, 3)),
    ("binary_cross_entropy(y, x/4)", (2, 3), (2, 3)),
    ("cross_entropy(y, x)", (2, 3), (3,)),
    ("sum(x*y)*x", (2, 3), (3,)),
    ("(x @ y)*sum(y)", (2, 3), (3,)),
    ("softmax(x)/y", (2, 3), (3,)),
]


def in_torch(text: str, **names: Any) -> Any:
    """A formula of tensors, its functions as PyTorch calls them."""
    import torch
    from torch.nn import functional

    from tests.oracles.reading import calculate

    functions = {
        "exp": torch.exp,
        "log": torch.log,
        "sqrt": torch.sqrt,
        "tanh": torch.tanh,
        "abs": torch.abs,
        "maximum": torch.maximum,
        "minimum": torch.minimum,
        "sigmoid": torch.sigmoid,
        "softplus": functional.softplus,
        "relu": torch.relu,
        "leaky_relu": lambda x, leak: functional.leaky_relu(x, leak),
        "half_squared_error": lambda y, a: functional.mse_loss(a, y, reduction="none") / 2,
        "binary_cross_entropy": lambda y, a: -(y * torch.log(a) + (1 - y) * torch.log1p(-a)),
        "cross_entropy": lambda y, a: -y * torch.log(a),
        "sum": torch.sum,
        "softmax": lambda x: torch.softmax(x, -1),
    }
    return calculate(text, names, functions, float)


@pytest.mark.parametrize(("text", "first", "second"), ELEMENTWISE)
def test_broadcast_formulas_pull_back_as_pytorch_does(
    text: str, first: Shape, second: Shape
) -> None:
    """Values, broadcasting and gradients of elementwise formulas are PyTorch's."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from tracer.calculus.definitions import callable_functions

    draw = np.random.default_rng(len(text))
    values = {"x": draw.uniform(0.2, 2, first), "y": draw.uniform(0.2, 2, second)}
    tensors = {k: torch.tensor(np.asarray(v), requires_grad=True) for k, v in values.items()}
    result = in_torch(text, **tensors)
    weights = np.asarray(draw.uniform(-1, 1, tuple(result.shape)))
    (result * torch.tensor(weights)).sum().backward()
    scope = Given({k: np.asarray(v) for k, v in values.items()})
    formula = parse(text, callable_functions(), arrays=True)
    agree(scope.calculate(formula), result.detach().numpy())
    found = contributions(formula, scope, weights)
    for name, tensor in tensors.items():
        agree(found[name], tensor.grad.numpy())


class Sieve:
    """A scope of two arrays with holes."""

    def __init__(self, shapes: dict[str, Shape], holes: dict[str, frozenset[tuple[int, ...]]]):
        self.shapes = shapes
        self.holes = holes

    def cell(self, name: str, index: tuple[int, ...]) -> Entry:
        return None if index in self.holes[name] else Symbol("something")


@pytest.mark.parametrize("case", [c for c in CASES if PRIMITIVES[c.primitive].missing], ids=str)
def test_declared_structural_zeros_are_those_of_the_entries(case: Case) -> None:
    """Where a row of the table declares which cells are missing, its entries leave out the same."""
    declared = PRIMITIVES[case.primitive].missing
    assert declared
    rng = np.random.default_rng(5)
    found = 0
    for share in (0.0, 0.3, 0.7, 0.95, 1.0):
        names = [f"x{number}" for number in range(len(case.shapes))]
        holes = {
            name: frozenset(at for at in np.ndindex(shape) if rng.random() < share)
            for name, shape in zip(names, case.shapes, strict=True)
        }
        scope = Sieve(dict(zip(names, case.shapes, strict=True)), holes)
        node = Apply(case.primitive, tuple(map(Symbol, names)), case.options)
        cells = np.ndindex(shape_of(node, scope.shapes))
        missing = frozenset(at for at in cells if entry(node, at, scope) is None)
        assert declared([holes[name] for name in names], list(case.shapes)) == missing
        found += len(missing)
    assert found
