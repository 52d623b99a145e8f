"""Random layer networks as lines of a hand calculation, with the mistakes of each line.

Written from the textbook's scalar formulas; the product is only told the problem.
"""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise

from tests.checking.layered_backward import backward
from tests.checking.layered_forward import forward
from tests.checking.lines import Drawn, Line
from tests.checking.shapes import HIDDEN, LOSSES, Shape
from tracer.model.conventions import Conventions
from tracer.model.problem import Dense, Problem


def draw(seed: int) -> Drawn:
    """A random network of up to three layers: every seed another combination."""
    dice = random.Random(seed)
    shape = _shape(dice)
    given = _numbers(dice, shape)
    lines: list[Line] = [*forward(shape, 0), *backward(shape), *forward(shape, 1)]
    return Drawn(_problem(shape, given), given, tuple(lines))


def _shape(dice: random.Random) -> Shape:
    loss = dice.choice(list(LOSSES))
    depth = dice.choice((1, 2, 2, 2, 3))
    sizes = [dice.randint(1, 3) for _ in range(depth + 1)]
    if dice.random() < 0.4:
        sizes = [2] * (depth + 1)
    last = dice.choice(LOSSES[loss])
    if last == "softmax":
        sizes[-1] = max(2, sizes[-1])
    return Shape(
        tuple(sizes),
        (*(dice.choice(HIDDEN) for _ in range(depth - 1)), last),
        tuple(dice.choice(("own", "own", "shared", "none")) for _ in range(depth)),
        dice.random() < 0.25,
        loss,
        dice.random() < 0.5,
        dice.choice((1, 1, 1, 2, 3)),
        last == "softmax",
    )


def _numbers(dice: random.Random, shape: Shape) -> dict[str, Decimal]:
    def number(bound: float, digits: int = 2) -> Decimal:
        return Decimal(f"{dice.uniform(-bound, bound):.{digits}f}") or Decimal("0.1")

    given = {"rate": Decimal(dice.choice(("0.5", "0.1", "0.2", "0.05")))}
    for mark in shape.marks():
        for i in range(1, shape.sizes[0] + 1):
            given[f"a0[{i}]{mark}"] = number(1.5)
        hot = dice.randint(1, shape.sizes[-1])
        for k in range(1, shape.sizes[-1] + 1):
            if shape.loss == "cross_entropy":
                target = Decimal(int(k == hot))
            elif shape.loss == "binary_cross_entropy":
                target = Decimal(dice.randint(0, 1))
            else:
                target = abs(number(1))
            given[f"y[{k}]{mark}"] = target
    for layer, (before, units) in enumerate(pairwise(shape.sizes), 1):
        for i in range(1, units + 1):
            for j in range(1, before + 1):
                given[f"w{layer}[{i},{j}]"] = number(1)
            bias = shape.bias(layer, i)
            if bias is not None and bias not in given:
                given[bias] = number(1)
    return given


def _problem(shape: Shape, given: dict[str, Decimal]) -> Problem:
    layers = []
    for layer, (before, units) in enumerate(pairwise(shape.sizes), 1):
        biases = {
            "own": lambda n=layer, u=units: [str(given[f"b{n}[{i}]"]) for i in range(1, u + 1)],
            "shared": lambda n=layer: str(given[f"b{n}"]),
            "none": lambda: False,
        }[shape.biases[layer - 1]]()
        rows = [
            [str(given[f"w{layer}[{i},{j}]"]) for j in range(1, before + 1)]
            for i in range(1, units + 1)
        ]
        layers.append(Dense(units, shape.activations[layer - 1], rows, biases))

    def rows_of(name: str, width: int) -> list[list[str]]:
        return [
            [str(given[f"{name}[{i}]{mark}"]) for i in range(1, width + 1)]
            for mark in shape.marks()
        ]

    has_biases = any(kind != "none" for kind in shape.biases)
    return Problem(
        inputs=rows_of("a0", shape.sizes[0]),
        targets=rows_of("y", shape.sizes[-1]),
        layers=layers,
        loss=shape.loss,
        reduction="mean" if shape.mean else "sum",
        settings={"rate": str(given["rate"])},
        freeze=["biases"] if shape.frozen and has_biases else (),
        conventions=Conventions(shortcut="softmax"),
    )
