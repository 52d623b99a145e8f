"""Names in networks of layers: no two quantities share one, and each is read back."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

import tracer
from tests.honesty.documents import NOTATIONS
from tracer.files.problem import load
from tracer.model.layer import Layer
from tracer.model.problem import Problem
from tracer.notation.linear import plain
from tracer.notation.loading import load_notation

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "layers").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_there_and_back(path: Path) -> None:
    """In every notation a name belongs to one quantity, and that quantity is found by it."""
    found = tracer.trace(load(path), prove=False)
    keys = list(found.keys())
    for notation in NOTATIONS:
        names = load_notation(notation).for_problem(found.problem)
        holders = defaultdict(list)
        for key in keys:
            holders[names.name(key)].append(key)
        assert [shared for shared in holders.values() if len(shared) > 1] == []
        reader = names.reader(keys)
        for key in keys[::3]:
            assert reader.find(plain(names.name(key))) == key


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("lstm1.f[1]~2", "f_1^(t=2)"),
        ("lstm1.Wf[1,2]", "W_{f,12}"),
        ("lstm1.zi[1]~1", "z_{i,1}^(t=1)"),
        ("a0[2]~1", "x_2^(t=1)"),
        ("loss~2", "C^(t=2)"),
    ],
)
def test_the_letters_of_a_textbook(key: str, name: str) -> None:
    """Gates, their weights and sums, inputs and losses of a time step."""
    problem = load(EXAMPLES[0].parent / "lstm.yaml")
    assert plain(load_notation("nielsen").for_problem(problem).name(key)) == name


def test_two_layers_of_one_kind_are_counted() -> None:
    """Where names say their layer they do it in a word; a second of its kind has a number."""
    settings = {"K": [["1", "2"]], "b": "0"}
    conv = Layer("conv", parameters=settings, settings={"dimensions": 2})
    norm, other = Layer("layer_norm"), Layer("rms_norm")
    several = Problem(inputs=[[[1, 2, 3, 4]]], layers=[conv, conv, Layer("flatten"), norm, other])
    names = load_notation("nielsen").for_problem(several)

    assert plain(names.name("conv1.K[1,2]")) == "K_12^(conv1)"
    assert plain(names.name("conv2.K[1,2]")) == "K_12^(conv2)"
    assert plain(names.name("layer_norm4.gamma[1]")) == "gamma_1^(norm1)"
    assert plain(names.name("rms_norm5.gamma[1]")) == "gamma_1^(norm2)"
    assert plain(names.name("flatten3.out[2]")) == "out_2^(flat)"
