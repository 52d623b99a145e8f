"""What a trace says about learning: norms, dead and saturated units, a loss that rose."""

from __future__ import annotations

import math

import pytest

from tracer.backprop.tracing import trace
from tracer.files.problem import load_text
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace


def deep(weight: str, layers: int = 6, activation: str = "sigmoid") -> Trace:
    """A chain of units, each with the same weight."""
    chain = [Dense(1, activation, [[weight]]) for _ in range(layers)]
    return trace(
        Problem(
            inputs=["1"],
            targets=["1"],
            layers=chain,
            loss="half_squared_error",
            settings={"rate": "0.1"},
        )
    )


def test_the_norm_of_a_layer_is_the_length_of_its_gradients() -> None:
    """One linear unit: dw = (wx + b - y) x and db = wx + b - y, by hand."""
    found = trace(
        Problem(
            inputs=["3", "4"],
            targets=["1"],
            layers=[Dense(1, "identity", [["1", "0"]], ["0"])],
            loss="half_squared_error",
            settings={"rate": "0.01"},
        )
    )

    (norm,) = found.diagnosis.norms
    assert (norm.update, norm.layer, norm.name) == (0, 1, "layer 1")
    assert norm.value == pytest.approx(math.sqrt(6**2 + 8**2 + 2**2), rel=1e-12)


def test_sigmoids_in_a_row_make_gradients_vanish() -> None:
    """Five sigmoids behind the first layer's output leave at most 0.25 to the 5."""
    found = deep("0.5")

    (finding,) = found.diagnosis.of_kind("vanishing")
    assert finding.facts["count"] == "5"
    assert float(finding.facts["bound"]) == pytest.approx(0.25**5, rel=0.02)
    assert finding.keys == ("dw1[1,1]",)
    assert [remark.kind for remark in found["dw1[1,1]"].remarks] == ["vanishing"]
    norms = {norm.layer: norm.value for norm in found.diagnosis.norms}
    assert norms[1] < 0.25**5 * 0.5**5 * 6 * norms[6]


def test_large_weights_make_gradients_explode() -> None:
    """Five linear layers with weight 4: the first gradient is 4 to the 5 over 4 to the 5."""
    found = trace(
        Problem(
            inputs=["100"],
            targets=["1"],
            layers=[Dense(1, "identity", [["0.1"]]), *[Dense(1, "identity", [["4"]])] * 5],
            loss="half_squared_error",
            settings={"rate": "0.1"},
        )
    )

    norms = {norm.layer: norm.value for norm in found.diagnosis.norms}
    assert norms[1] / norms[6] == pytest.approx(100 * 4**5 / (100 * 0.1 * 4**4), rel=1e-9)
    assert not found.diagnosis.of_kind("exploding")
    harder = trace(
        Problem(
            inputs=["100"],
            targets=["1"],
            layers=[Dense(1, "identity", [["0.01"]]), *[Dense(1, "identity", [["4"]])] * 5],
            loss="half_squared_error",
            settings={"rate": "0.1"},
        )
    )
    assert harder.diagnosis.of_kind("exploding")


def test_a_unit_is_dead_if_it_is_off_for_every_sample() -> None:
    """The first unit is off for both samples, the second for one of them."""
    found = trace(
        Problem(
            inputs=[["1"], ["2"]],
            targets=[["1"], ["1"]],
            layers=[
                Dense(2, "relu", [["-1"], ["1"]], ["0", "-1.5"]),
                Dense(1, "identity", [["1", "1"]]),
            ],
            loss="half_squared_error",
            settings={"rate": "0.1"},
        )
    )

    assert [finding.keys for finding in found.diagnosis.of_kind("dead")] == [("a1[1]#1", "a1[1]#2")]


@pytest.mark.parametrize(
    ("activation", "z", "far"),
    [
        ("sigmoid", "5.9", False),
        ("sigmoid", "6.1", True),
        ("tanh", "2.9", False),
        ("tanh", "-3.1", True),
    ],
)
def test_a_saturated_unit(activation: str, z: str, far: bool) -> None:
    """Below a hundredth of its steepest slope: sigmoid from about 6 on, tanh from about 3."""
    found = trace(
        Problem(
            inputs=["1"],
            targets=["0"],
            layers=[Dense(1, activation, [[z]])],
            loss="half_squared_error",
            settings={"rate": "0.1"},
        )
    )

    assert bool(found.diagnosis.of_kind("saturated")) is far


@pytest.mark.parametrize(("rate", "rose"), [("0.1", False), ("2.5", True)])
def test_a_rate_so_large_that_the_loss_rises(rate: str, rose: bool) -> None:
    """On the parabola w^2/2 a rate beyond 2 leaps over the valley and climbs."""
    found = trace(
        Problem(given={"w": "1"}, equations=["L = w**2/2"], loss="L", learn=["w"],
                settings={"rate": rate})
    )  # fmt: skip

    assert bool(found.diagnosis.of_kind("loss_rose")) is rose
    assert [(norm.name, norm.value) for norm in found.diagnosis.norms] == [("w", 1.0)]


def test_the_whole_loss_is_compared_with_the_whole() -> None:
    """With two outputs the loss of the update rises though the first output's share falls, and
    falls though it was larger than the share: only the totals count."""
    layers = [Dense(2, "identity", [["0.5"], ["0.5"]])]
    grown = trace(
        Problem(
            inputs=["1"],
            targets=["0.4", "-5"],
            layers=layers,
            loss="half_squared_error",
            settings={"rate": "2.5"},
        )
    )
    (risen,) = grown.diagnosis.of_kind("loss_rose")
    assert risen.keys == ("loss", "loss@1")
    shrunk = trace(
        Problem(
            inputs=["1"],
            targets=["0.4", "-5"],
            layers=layers,
            loss="half_squared_error",
            settings={"rate": "0.5"},
        )
    )
    assert not shrunk.diagnosis.of_kind("loss_rose")


def test_gradients_that_explode_are_told() -> None:
    """Five layers of weight 9 whose values stay at 1: the first gradient is 9^4 times the last."""
    found = trace(
        Problem(
            inputs=["1"],
            targets=["0"],
            layers=[Dense(1, "identity", [["9"]], ["-8"]) for _ in range(5)],
            loss="half_squared_error",
            settings={"rate": "0.00001"},
        )
    )
    (finding,) = found.diagnosis.of_kind("exploding")
    assert finding.keys == ("dw1[1,1]",)
    norms = [norm.value for norm in found.diagnosis.norms if norm.update == 0]
    assert max(norms) / min(norms) == 9**4


LEARNING = """\
loss: half_squared_error
optimizer: {gradient_descent: {rate: 0.1}}
"""
OF_TYPED_LAYERS = {
    # the first filter is below 0 at both places of the vector, the second at one of them
    "a filter, at all its places": (
        """\
inputs: [[3, 2, 4]]
targets: [1]
layers:
  - {type: conv, dimensions: 1, K: [[-1, -1], [2, -1]], b: [0, -0.5], activation: relu}
  - {type: flatten}
  - {weights: [[1, 1, 1, 1]], activation: identity}
""",
        "dead",
        [("conv1.out[1,1]", "conv1.out[1,2]")],
    ),
    # h = relu(-x) for the two steps: h stays 0
    "a recurrent unit, at all time steps": (
        """\
inputs: [[1], [2]]
targets: [1]
layers:
  - {type: elman, units: 1, activation: relu, return: last, W: [[-1]], U: [[1]], b: [0]}
  - {weights: [[1]], activation: identity}
""",
        "dead",
        [("elman1.h[1]~1", "elman1.h[1]~2")],
    ),
    # zi = 7 and 14: sigmoid'(7) = 0.0009 is less than a hundredth of 0.25
    "a gate": (
        """\
inputs: [[1], [2]]
targets: [1]
layers:
  - {type: lstm, units: 1, return: last, Wi: [[7]], Wf: [[0]], Wo: [[0]], Wg: [[0.1]],
     Ui: [[0]], Uf: [[0]], Uo: [[0]], Ug: [[0]], biases: false}
  - {weights: [[1]], activation: identity}
""",
        "saturated",
        [("lstm1.i[1]~1",), ("lstm1.i[1]~2",)],
    ),
}


@pytest.mark.parametrize("case", OF_TYPED_LAYERS)
def test_layers_of_every_type_are_looked_at(case: str) -> None:
    """A unit is one over samples, time steps and the places of an image."""
    text, kind, keys = OF_TYPED_LAYERS[case]
    found = trace(load_text(text + LEARNING))

    assert [finding.keys for finding in found.diagnosis.of_kind(kind)] == keys
    for group in keys:
        for key in group:
            assert any(remark.kind.startswith(kind) for remark in found[key].remarks)
