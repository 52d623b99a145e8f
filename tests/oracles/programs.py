"""Random equation networks: small programs over arrays, and PyTorch's reading of them.

A program is a list of lines ``name = formula`` in the grammar's own texts; PyTorch runs
the same texts through `reading.calculate`, so the two share nothing but the text.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.oracles.reading import calculate

Shape = tuple[int, ...]


@dataclass
class Program:
    """A program while it is drawn: what is given, its lines, and every shape."""

    seed: int
    given: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    shapes: dict[str, Shape] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """The operations that occur."""

    def names(self, rank: int | None = None) -> list[str]:
        return [n for n, shape in self.shapes.items() if rank is None or len(shape) == rank]

    def add(self, formula: str, shape: Shape) -> str:
        name = f"v{'abcdefghijklmnopqrstuvwxyz'[len(self.lines)]}"
        self.lines.append(f"{name} = {formula}")
        self.shapes[name] = shape
        return name


SQUASHING = ("sigmoid", "tanh", "softplus", "relu", "abs", "leaky_relu")
ELEMENTWISE = ("add", "subtract", "multiply", "divide", "maximum", "minimum", "square", *SQUASHING)
POSITIVE = ("exp", "log", "sqrt", "power")
ARRAY = ("matmul", "transpose", "outer", "index", "row", "column", "stack", "softmax", "conv")
REDUCING = ("sum", "mean", "max", "sum_of_products", "softmax_inside", "two_products")
OPERATIONS = (*ELEMENTWISE, *POSITIVE, *ARRAY, *REDUCING)


def random_program(seed: int) -> Program:
    """A program of three to six lines over two to four given arrays, and its loss ``L``."""
    draw = random.Random(seed)
    program = Program(seed)
    size = [draw.randint(1, 3), draw.randint(2, 3)]
    for letter in "XYWK"[: draw.randint(2, 4)]:
        rank = draw.choice([0, 1, 2, 2])
        shape = tuple(draw.choice(size) for _ in range(rank))
        program.given[letter] = _array(draw, shape)
        program.shapes[letter] = shape
    wanted = draw.randint(3, 6)
    first = OPERATIONS[seed % len(OPERATIONS)]
    for attempt in range(200):
        if len(program.lines) >= wanted:
            break
        operation = first if attempt < 40 and first not in program.used else draw.choice(OPERATIONS)
        formula = _formula(draw, program, operation)
        if formula is not None:
            program.add(*formula)
            program.used.add(operation)
    sums = [f"sum({name})" if program.shapes[name] else name for name in program.names()]
    squares = [f"{s}**2" if draw.random() < 0.5 else s for s in sums]
    program.lines.append("L = " + " + ".join(squares))
    return program


def _array(draw: random.Random, shape: Shape) -> Any:
    if not shape:
        return f"{draw.uniform(-1.5, 1.5):.2f}"
    return [_array(draw, shape[1:]) for _ in range(shape[0])]


def _fitting(program: Program, shape: Shape) -> list[str]:
    """Names that broadcast into a shape."""
    return [
        name
        for name, other in program.shapes.items()
        if len(other) <= len(shape)
        and all(a == b or a == 1 for a, b in zip(other[::-1], shape[::-1], strict=False))
    ]


def _formula(draw: random.Random, program: Program, operation: str) -> tuple[str, Shape] | None:
    """A line for an operation, with the shape of its result; None if nothing fits."""
    x = draw.choice(program.names())
    shape = program.shapes[x]
    y = draw.choice(_fitting(program, shape))
    vectors, matrices = program.names(1), program.names(2)
    match operation:
        case "add":
            return f"{x} + 2*{y}", shape
        case "subtract":
            return f"-{x} - {y}/3", shape
        case "multiply":
            return f"{x}*{y}*0.5", shape
        case "divide":
            return f"{x}/(1 + {y}**2)", shape
        case "maximum" | "minimum":
            return f"{operation}({x}, {y} + 0.05)", shape
        case "square":
            return f"({x} - {y}/2)**2", shape
        case "leaky_relu":
            return f"leaky_relu({x}, 0.1)", shape
        case name if name in SQUASHING:
            return f"{name}({x})", shape
        case "exp":
            return f"exp(tanh({x}))", shape
        case "log":
            return f"log(1 + {x}**2)", shape
        case "sqrt":
            return f"sqrt(0.5 + {x}*{x})", shape
        case "power":
            return f"(2 + sigmoid({x}))**tanh({y})", shape
        case "transpose" if matrices:
            m = draw.choice(matrices)
            return f"{m}.T/2", program.shapes[m][::-1]
        case "matmul" if vectors or matrices:
            return _product(draw, program)
        case "outer" if vectors:
            u, v = draw.choice(vectors), draw.choice(vectors)
            return f"outer({u}, sigmoid({v}))", program.shapes[u] + program.shapes[v]
        case "index" if len(shape) > 0:
            at = ",".join(str(draw.randint(1, n)) for n in shape)
            return f"{x}[{at}]*{y}" if y == x else f"{x}[{at}]*2", shape if y == x else ()
        case "row" if matrices:
            m = draw.choice(matrices)
            rows, columns = program.shapes[m]
            return f"tanh({m}[{draw.randint(1, rows)}])", (columns,)
        case "column" if matrices:
            m = draw.choice(matrices)
            rows, columns = program.shapes[m]
            return f"{m}[:,{draw.randint(1, columns)}]*3", (rows,)
        case "stack" if len(shape) < 2:
            same = [n for n, other in program.shapes.items() if other == shape]
            parts = [draw.choice(same) for _ in range(draw.randint(2, 3))]
            return f"stack({', '.join(parts)})", (len(parts), *shape)
        case "softmax" if len(shape) > 0:
            return f"softmax({x})", shape
        case "conv" if len(shape) > 0:
            kernels = [
                n
                for n, other in program.shapes.items()
                if len(other) == len(shape)
                and all(a <= b for a, b in zip(other, shape, strict=True))
            ]
            k = draw.choice(kernels)
            inner = zip(shape, program.shapes[k], strict=True)
            return f"conv({x}, {k})", tuple(a - b + 1 for a, b in inner)
        case "sum" | "mean" | "max" if len(shape) > 0:
            return f"{operation}({x}*{y})", ()
        case "sum_of_products" if len(shape) > 0:
            return f"sum({x}*{y})*{x}", shape
        case "softmax_inside" if len(shape) > 0:
            return f"sum(softmax({x})*{y})/2", ()
        case "two_products" if matrices:
            m = draw.choice(matrices)
            n = program.shapes[m]
            return f"{m} @ {m}.T + mean({m})", (n[0], n[0])
    return None


def _kernels(program: Program, shape: Shape) -> list[str]:
    """Names of arrays that are nowhere larger than a shape."""
    return [
        name
        for name, other in program.shapes.items()
        if len(other) == len(shape) and all(a <= b for a, b in zip(other, shape, strict=True))
    ]


def _product(draw: random.Random, program: Program) -> tuple[str, Shape] | None:
    pairs = [
        (a, b)
        for a, left in program.shapes.items()
        for b, right in program.shapes.items()
        if left and right and left[-1] == right[0]
    ]
    if not pairs:
        return None
    a, b = draw.choice(pairs)
    return f"{a} @ {b}", program.shapes[a][:-1] + program.shapes[b][1:]


def torch_functions() -> dict[str, Any]:
    """What a program's functions are in PyTorch."""
    import torch
    from torch.nn import functional

    def conv(image: Any, kernel: Any) -> Any:
        slide = torch.conv1d if image.ndim == 1 else torch.conv2d
        return slide(image[None, None], kernel[None, None])[0, 0]

    return {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "softplus": functional.softplus,
        "relu": torch.relu,
        "abs": torch.abs,
        "leaky_relu": functional.leaky_relu,
        "maximum": torch.maximum,
        "minimum": torch.minimum,
        "exp": torch.exp,
        "log": torch.log,
        "sqrt": torch.sqrt,
        "outer": torch.outer,
        "stack": lambda *parts: torch.stack(parts),
        "softmax": lambda x: torch.softmax(x, -1),
        "conv": conv,
        "sum": torch.sum,
        "mean": torch.mean,
        "max": torch.max,
    }


def torch_run(program: Program, given: dict[str, Any]) -> dict[str, Any]:
    """Every array of the program, from tensors of the given ones."""
    values = dict(given)
    for line in program.lines:
        name, _, formula = line.partition("=")
        values[name.strip()] = calculate(formula, values, torch_functions(), float)
    return values


def torch_tensors(program: Program) -> dict[str, Any]:
    """The given arrays as tensors that collect gradients."""
    import torch

    def number(cell: Any) -> Any:
        return float(cell) if isinstance(cell, str) else [number(part) for part in cell]

    return {
        name: torch.tensor(number(cell), dtype=torch.float64, requires_grad=True)
        for name, cell in program.given.items()
    }


def cells(name: str, tensor: Any, after: str = "") -> dict[str, float]:
    """A tensor's numbers by key, indices from 1."""
    import numpy as np

    array = tensor.detach().numpy()
    return {
        name + (f"[{','.join(str(i + 1) for i in at)}]" if at else "") + after: float(array[at])
        for at in np.ndindex(*array.shape)
    }
