"""Pages of a class: what is filled in is, byte for byte, what `render` prints."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tracer.backprop.tracing import trace
from tracer.errors import CalculationError
from tracer.files.problem import load
from tracer.model.problem import Dense, Problem
from tracer.model.rounding import Precision, Rounding
from tracer.model.trace import Trace
from tracer.rendering.filling import Filler, render_many
from tracer.rendering.page import render

EXAMPLES = Path(__file__).parents[2] / "examples"
MAZUR = load(EXAMPLES / "mazur.yaml")
POLICIES = {
    "carried, 5 figures": Rounding(),
    "carried, 3 places": Rounding(Precision(places=3)),
    "shown": Rounding(policy="shown"),
    "shown, 4 places, ties to even": Rounding(
        Precision(places=4), policy="shown", ties="half_even"
    ),
    "exact": Rounding(policy="exact"),
    "roles": Rounding(
        Precision(figures=3), roles={"z": Precision(), "update": Precision(places=5)}
    ),
    "givens too": Rounding(Precision(figures=2), givens=True),
}
TEXTS = ["0", "1", "-1", "2", "-3", "0.5", "-.5", "10", "250", "-1250", "1/3", "-2/7", "1e-3",
         "-2.5e-4", "3e2", "0.20", "-0.05", "0.123456789012"]  # fmt: skip
"""Numbers as people type them."""


def variant(problem: Problem, draw: random.Random, odd: float = 0.0) -> Problem:
    """The same network with other numbers; a share of them is typed oddly."""

    def number(old: object = "") -> str | None:
        if old is None:
            return None
        if draw.random() < odd:
            return draw.choice(TEXTS)
        return f"{draw.uniform(-1, 1) * draw.choice([1, 1, 1, 3, 0.1]):.{draw.choice([1, 2, 3])}f}"

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


def variants(problem: Problem, count: int, seed: int, odd: float = 0.0) -> Iterator[Trace]:
    """Traces of so many variants; what has no finite value is left out."""
    draw = random.Random(seed)
    for _ in range(count):
        try:
            yield trace(variant(problem, draw, odd), prove=False)
        except CalculationError:
            continue


def check(traces: Iterable[Trace], *fillers: Filler) -> int:
    """Hold every page against the plain one; how many traces there were."""
    count = 0
    for found in traces:
        for filler in fillers:
            assert filler.page(found) == render(found, **filler.options).text
        count += 1
    return count


@pytest.mark.parametrize("policy", POLICIES)
def test_filled_pages_are_the_plain_pages(policy: str) -> None:
    """Hundreds of drawn variants, under every policy of rounding, in both formats."""
    fillers = [Filler(to="latex"), Filler(to="markdown")]
    problem = replace(MAZUR, rounding=POLICIES[policy], freeze=[])
    assert check(variants(problem, 32, seed=len(policy)), *fillers) == 32
    assert [filler.plain for filler in fillers] == [0, 0]


@pytest.mark.parametrize("policy", ["carried, 5 figures", "shown", "exact"])
def test_numbers_typed_in_any_way(policy: str) -> None:
    """Fractions, powers of ten, whole numbers, zeros: sign, brackets and layout are right."""
    fillers = [Filler(to="latex", notation="nielsen"), Filler(notation="nielsen")]
    problem = replace(MAZUR, rounding=POLICIES[policy])
    assert check(variants(problem, 18, seed=7, odd=0.5), *fillers) > 6


XOR = Problem(
    inputs=[["0", "1"], ["1", "1"], ["0.5", "-0.2"]],
    targets=[["1"], ["0"], ["0.5"]],
    layers=[
        Dense(2, "relu", [["0.1", None], ["0.3", "0.4"]], ["0.1", "-0.1"]),
        Dense(1, "sigmoid", [["0.5", "0.6"]], "0.2"),
    ],
    loss="binary_cross_entropy",
    reduction="mean",
    settings={"rate": "0.5"},
    updates=3,
)
SOFTMAX = Problem(
    inputs=["0.5", "0.8"],
    targets=["1", "0", "0"],
    layers=[
        Dense(4, "tanh", [["0.1", "0.2"]] * 4, ["0.1"] * 4),
        Dense(3, "softmax", [["0.1", "0.2", "0.3", "0.4"]] * 3),
    ],
    loss="cross_entropy",
    optimizer="adam",
    settings={"rate": "0.1", "beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"},
)
WIDE = Problem(
    inputs=[f"0.{i}" for i in range(1, 8)],
    targets=["1", "0.5"],
    layers=[
        Dense(5, "leaky_relu", [["0.1"] * 7] * 5, ["0.1"] * 5, {"leak": "0.1"}),
        Dense(2, "identity", [["0.1"] * 5] * 2, ["0.3"] * 2),
    ],
    loss="mean_squared_error",
    settings={"rate": "1"},
)
OPTIONS: dict[str, dict[str, object]] = {
    "brief": {"detail": "brief"},
    "full": {"detail": "full"},
    "matrices": {"form": "both"},
    "comma": {"comma": True, "to": "latex"},
    "comma, Markdown": {"comma": True},
    "backward": {"only": ["backward"], "to": "latex"},
    "first update": {"updates": [1]},
    "prefix": {"prefix": "a", "to": "latex"},
    "document": {"standalone": True, "to": "latex"},
    "dollar": {"flavor": "dollar", "notation": "ng"},
    "plain text": {"flavor": "plain"},
}


@pytest.mark.parametrize("name", ["xor", "softmax", "wide"])
def test_other_networks(name: str) -> None:
    """Batches, kinks, several updates, softmax, optimizers, lines that are broken."""
    problem = {"xor": XOR, "softmax": SOFTMAX, "wide": WIDE}[name]
    fillers = [Filler(to="latex"), Filler(to="markdown")]
    assert check(variants(problem, 8, seed=3), *fillers) > 4
    assert check(variants(problem, 6, seed=4, odd=0.4), *fillers) > 2


PLAIN = ("full", "matrices", "document", "plain text")
"""What is printed in the plain way."""


@pytest.mark.parametrize("options", OPTIONS)
def test_options(options: str) -> None:
    """What cannot be filled is printed in the plain way; the rest is filled."""
    filler = Filler(**OPTIONS[options])
    count = check(variants(replace(MAZUR, updates=2), 6, seed=5), filler)
    assert filler.plain == (count if options in PLAIN else 0)


@pytest.mark.parametrize("notation", ["ng", "gfg", "ufldl", "cs231n", "han-kamber", "torch"])
def test_every_notation(notation: str) -> None:
    """Other letters and widths: brackets, broken sums and blocks are those of the plain page."""
    fillers = [Filler(to="latex", notation=notation), Filler(notation=notation, language="de")]
    for problem in (load(EXAMPLES / "articles" / "000-xor-batch.yaml"), WIDE):
        assert check(variants(problem, 3, seed=len(notation), odd=0.1), *fillers) > 0
    assert [filler.plain for filler in fillers] == [0, 0]


def test_what_the_last_page_looked_like_does_not_matter() -> None:
    """Filled in another order, and twice, the pages are the same."""
    traces = list(variants(replace(MAZUR, updates=2), 10, seed=8, odd=0.2))
    first, second = Filler(to="latex"), Filler(to="latex")
    pages = [first.page(found) for found in traces]
    turned = [second.page(found) for found in reversed(traces)]
    assert pages == turned[::-1] == [first.page(found) for found in traces]


def test_a_class_of_several_shapes() -> None:
    """Problems of different shape may come in turn, and equation networks among them."""
    other = load(EXAMPLES / "catalogue" / "attention.yaml")
    traces = [trace(MAZUR), trace(XOR), trace(other), trace(replace(MAZUR, name="Another")),
              trace(replace(MAZUR, settings={"rate": "2"})), trace(MAZUR)]  # fmt: skip
    pages = list(render_many(traces, to="latex"))
    assert pages == [render(found, to="latex").text for found in traces]


def test_the_proof_is_said_as_on_the_plain_page() -> None:
    """With the check by central differences, which agrees to different figures."""
    draw = random.Random(1)
    filler = Filler(to="latex")
    assert check((trace(variant(MAZUR, draw)) for _ in range(8)), filler) == 8


def test_pages_that_all_look_different() -> None:
    """Lines of many terms, broken anew on every page, are filled in, too."""
    filler = Filler(to="latex")
    assert check(variants(WIDE, 12, seed=9), filler) > 9
    assert filler.plain == 0


def test_a_filler_goes_to_another_process() -> None:
    """It takes its options along, and makes the same pages there."""
    filler = Filler(to="latex", notation="ng")
    found = trace(MAZUR)
    page = filler.page(found)
    assert pickle.loads(pickle.dumps(filler)).page(found) == page


def test_an_error_is_that_of_the_plain_page() -> None:
    """An unknown option is refused as `render` refuses it."""
    with pytest.raises(ValueError, match="detail is one of"):
        list(render_many([trace(MAZUR)], detail="much"))
    with pytest.raises(TypeError):
        Filler(unknown=1).page(trace(MAZUR))
