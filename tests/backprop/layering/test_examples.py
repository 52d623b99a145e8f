"""The examples of layers: written back, proven, trained; and equal to the same networks as
equations, which were proven beside PyTorch on their own."""

from __future__ import annotations

from pathlib import Path

import pytest

import tracer
from tracer.calculus.layers import LAYERS
from tracer.files.problem import dump, load, load_text
from tracer.model.problem import Problem
from tracer.model.trace import Trace

EXAMPLES = Path(__file__).parents[3] / "examples"
FOUND = sorted((EXAMPLES / "layers").glob("*.yaml"))
paths = pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)


def exact(path: Path) -> Problem:
    text = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("rounding:")]
    return load_text("\n".join([*kept, "rounding: {policy: exact}"]))


def test_every_type_has_an_example() -> None:
    """No layer type is without a problem file that shows it."""
    shown = {layer.type for path in FOUND for layer in load(path).layers}
    assert set(LAYERS) <= shown


@paths
def test_read_and_written_back(path: Path) -> None:
    """A file says where it comes from, and survives being written anew."""
    assert path.read_text(encoding="utf-8").startswith("# ")
    problem = load(path)
    assert problem.name
    assert load_text(dump(problem)) == problem


@paths
def test_traced_and_trained_alike(path: Path) -> None:
    """The compiled forms of training give the numbers of the exact trace."""
    problem = exact(path)
    found = tracer.trace(problem)
    for how in ("straight", "numpy"):
        run = tracer.train(problem, 1, how=how)
        for key in run.keys():  # noqa: SIM118
            if key in found:
                assert run[key][0] == pytest.approx(float(found[key].exact or 0), abs=1e-12), key
            after = f"{key}@1"
            if after in found:
                assert run[key][1] == pytest.approx(float(found[after].exact or 0), abs=1e-12), key


@paths
def test_proven(path: Path) -> None:
    """Every gradient agrees with central differences."""
    found = tracer.trace(exact(path))
    assert len(found.proof) == 3
    assert all(result.agrees for result in tracer.prove(found))


LSTM = {f"lstm1.{letter}{gate}": f"{letter}{gate}" for gate in "ifog" for letter in "WUb"}
GRU = {
    f"gru1.{letter}{ours}": f"{letter}{theirs}"
    for ours, theirs in (("r", "r"), ("u", "z"), ("n", "n"))
    for letter in "WU"
}
HEADS = {
    f"attention1.{name}[{head},": f"{name}{head}["
    for name in ("Wq", "Wk", "Wv", "Wo")
    for head in (1, 2)
}
BLOCK = {f"transformer_block1.{name}": name for name in ("Wq", "Wk", "Wv")} | {
    "transformer_block1.W1": "Wf1",
    "transformer_block1.b1": "bf1",
    "transformer_block1.W2": "Wf2",
    "transformer_block1.b2": "bf2",
    "transformer_block1.gamma[1,": "gamma1[",
    "transformer_block1.beta[2,": "beta2[",
}
SAME = {
    "lstm": ("lstm", LSTM),
    "gru": ("gru", GRU),
    "dropout": ("dropout", {"w1": "W1", "w3": "W2"}),
    "batch-norm": ("batch-norm", {"batch_norm1.gamma": "gamma", "batch_norm1.beta": "beta"}),
    "attention": ("attention", {f"attention1.{name}": name for name in ("Wq", "Wk", "Wv")}),
    "multi-head": ("multi-head", HEADS),
    "autoencoder": ("autoencoder", {"w1": "W", "b1": "b", "tied2.b": "c"}),
    "convolutional": ("convolutional", {"conv1.K": "K", "conv1.b": "c", "w4": "W", "b4": "b"}),
    "transformer": ("transformer-block", BLOCK),
}
"""Layer form and equation form, and what the same parameter is called in each."""

LEARNS_MORE = {"batch-norm"}
"""Equations that learn their inputs, too: after the update the losses differ."""


def cells(found: Trace, start: str, end: str = "") -> list[float]:
    """The exact numbers whose keys begin so, in order."""
    bare = start if "[" in start else None
    return [
        float(step.exact or 0)
        for step in found
        if (step.key.startswith(bare) if bare else step.parsed.name == start)
        and step.key.endswith(end)
        and (end or "@" not in step.key)
        and step.shown
    ]


@pytest.mark.parametrize("name", SAME)
def test_the_same_as_its_equations(name: str) -> None:
    """Loss before and after, every gradient, every new parameter."""
    other, names = SAME[name]
    ours = tracer.trace(exact(EXAMPLES / "layers" / f"{name}.yaml"))
    theirs = tracer.trace(exact(EXAMPLES / "catalogue" / f"{other}.yaml"))
    for after in ("",) if other in LEARNS_MORE else ("", "@1"):
        assert float(ours[f"loss{after}"].exact or 0) == pytest.approx(
            float(theirs[f"L{after}"].exact or 0), rel=1e-14
        )
    for mine, yours in names.items():
        for start, end in (("d", ""), ("", "@1")):
            found = cells(ours, start + mine, end)
            assert found
            assert found == pytest.approx(cells(theirs, start + yours, end), rel=1e-12), mine
