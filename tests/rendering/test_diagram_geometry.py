"""Diagrams: nothing stands on anything else, computed from rectangles and curves."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.rendering.geometry import clashes
from tracer.backprop.tracing import trace
from tracer.files.problem import load
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace
from tracer.rendering.diagram import STAGES, diagram
from tracer.rendering.diagram.shapes import Label

EXAMPLES = Path(__file__).parents[2] / "examples"
GRAPHS = [
    *(EXAMPLES / "catalogue" / f"{name}.yaml" for name in (
        "gate-circuit", "recurrent", "lstm", "gru", "attention", "multi-head", "convolutional",
        "strides-and-padding", "maxout", "batch-norm")),
    EXAMPLES / "layers" / "gru.yaml",
]  # fmt: skip
SIZES = [(1, 1), (2, 1), (2, 2, 1), (2, 2, 2), (3, 5, 2), (4, 1, 4), (4, 4, 4), (1, 4, 4, 1)]
LARGER = [(5, 5, 2), (6, 6, 1), (7, 8, 7), (9, 12, 10), (1, 30)]
"""Beyond four units a layer: thinned out, and still nothing meets."""


@cache
def network(
    sizes: tuple[int, ...], digits: int, biases: bool = True, sparse: bool = False
) -> Trace:
    """A network with drawn weights of so many decimal places."""
    drawn = random.Random(f"{sizes}{digits}{sparse}")

    def number() -> str:
        return f"{drawn.uniform(-1, 1):.{digits}f}"

    layers = []
    for before, units in itertools.pairwise(sizes):
        rows = [
            [None if sparse and j and drawn.random() < 0.4 else number() for j in range(before)]
            for _ in range(units)
        ]
        layers.append(
            Dense(units, "tanh", rows, [number() for _ in range(units)] if biases else False)
        )
    return trace(
        Problem(
            inputs=[number() for _ in range(sizes[0])],
            targets=[number() for _ in range(sizes[-1])],
            layers=layers,
            loss="half_squared_error",
            settings={"rate": "0.5"},
        ),
        prove=False,
    )


@pytest.mark.parametrize("digits", [1, 2, 4, 7, 14])
@pytest.mark.parametrize("sizes", SIZES, ids=lambda sizes: "-".join(map(str, sizes)))
def test_nothing_overlaps_up_to_four_units_a_layer(sizes: tuple[int, ...], digits: int) -> None:
    """At every stage and for every length of weights."""
    for stage in STAGES:
        assert clashes(diagram(network(sizes, digits), stage)) == []


@pytest.mark.parametrize("sizes", LARGER, ids=lambda sizes: "-".join(map(str, sizes)))
def test_nothing_overlaps_in_larger_networks(sizes: tuple[int, ...]) -> None:
    """Weights are dropped and units left out, so that the rest has room."""
    for stage in ("network", "updated"):
        assert clashes(diagram(network(sizes, 3), stage)) == []


@pytest.mark.parametrize("notation", ["nielsen", "ng", "mazur", "gfg", "ufldl", "cs231n",
                                      "han-kamber", "torch"])  # fmt: skip
def test_nothing_overlaps_in_any_notation(notation: str) -> None:
    """However long the names of a book are."""
    for stage in ("network", "updated"):
        assert clashes(diagram(network((3, 2, 2), 4), stage, notation=notation)) == []


def test_nothing_overlaps_when_a_step_is_highlighted() -> None:
    """Bold letters and thick lines have room too."""
    found = network((3, 3, 2), 4)
    for step in found:
        if step.rule != "given" and not step.update:
            assert clashes(diagram(found, "", step.key, until=step.key, room="updated")) == []


@pytest.mark.parametrize("path", GRAPHS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_overlaps_in_other_drawings(path: Path) -> None:
    """Graphs, unrolled networks, attention and convolution."""
    found = trace(load(path), prove=False)
    for stage in STAGES:
        assert clashes(diagram(found, stage)) == []


def test_the_check_sees_what_it_looks_for() -> None:
    """A label pushed onto its neighbour, over a card's side and off the paper is told."""
    layout = diagram(network((2, 2, 1), 2))
    first = layout.labels[0]
    pushed = [
        replace(first, x=shape.x, y=shape.y) if shape is first else shape
        for shape in layout.shapes
        for other in [layout.labels[5]]
        if not isinstance(shape, Label) or shape is not other
    ]
    moved = replace(first, x=layout.labels[5].x, y=layout.labels[5].y)
    on_it = replace(layout, shapes=(*layout.shapes, moved))
    off_it = replace(layout, shapes=(*pushed, replace(first, x=-50.0)))
    assert any("stands on" in clash for clash in clashes(on_it))
    assert any("leaves the paper" in clash for clash in clashes(off_it))


def test_pictures_of_a_series_do_not_move() -> None:
    """With the room of the last stage every card keeps its place from stage to stage."""
    found = network((2, 3, 1), 2)
    places = {
        tuple((box.role, box.rect) for box in diagram(found, stage, room="updated").boxes)
        for stage in STAGES[1:]
    }
    assert len(places) == 1
