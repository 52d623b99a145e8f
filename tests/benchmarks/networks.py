"""The networks that the figures are about: A (2-2-2), C, D and E (16-32-32-10)."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

from tracer.model.problem import Dense, Problem

SIZES = {"A": [2, 2, 2], "C": [2, 4, 3, 1], "D": [4, 8, 8, 3], "E": [16, 32, 32, 10]}


def network(sizes: list[int], classify: bool = False, seed: int = 1) -> Problem:
    """A sigmoid network of these sizes with drawn weights; a softmax at its end if wished."""
    draw = random.Random(seed)

    def number() -> str:
        return f"{draw.uniform(-1, 1):.2f}"

    layers = [
        Dense(
            units,
            "softmax" if classify and units is sizes[-1] else "sigmoid",
            [[number() for _ in range(before)] for _ in range(units)],
            [number() for _ in range(units)],
        )
        for before, units in pairwise(sizes)
    ]
    targets = ["1"] + ["0"] * (sizes[-1] - 1)
    return Problem(
        inputs=[number() for _ in range(sizes[0])],
        targets=targets,
        layers=layers,
        loss="cross_entropy" if classify else "half_squared_error",
        settings={"rate": "0.5"},
    )


def drawn(problem: Problem, seed: int) -> Problem:
    """The same problem with other inputs, weights and biases: a variant for a class."""
    draw = random.Random(seed)

    def number(old: str | None = "") -> str | None:
        return None if old is None else f"{draw.uniform(-1, 1):.2f}"

    layers = []
    for layer in problem.layers:
        assert isinstance(layer, Dense)
        weights = [[number(weight) for weight in row] for row in layer.weights]
        biases = number() if layer.shared_bias else layer.biases
        if isinstance(biases, tuple):
            biases = [number() for _ in biases]
        layers.append(replace(layer, weights=weights, biases=biases))
    inputs = [[number() for _ in row] for row in problem.inputs]
    return replace(problem, inputs=inputs, layers=layers)


def letters(sizes: list[int]) -> Problem:
    """A sigmoid network whose weights are letters: derivation without numbers."""
    return Problem(
        inputs=["0"] * sizes[0],
        targets=["0"] * sizes[-1],
        layers=[Dense(units, biases="symbolic") for units in sizes[1:]],
        loss="half_squared_error",
        settings={"rate": "0.5"},
    )


def named(name: str) -> Problem:
    """One of the networks of `SIZES`; D and E end in softmax."""
    return network(SIZES[name], classify=name in "DE")
