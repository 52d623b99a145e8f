"""Explanations: the paths are all there, their shares add up, and a wrong line is noticed."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tracer.backprop.explaining import explain
from tracer.backprop.tracing import trace
from tracer.errors import TracerError, UnknownQuantity
from tracer.formula.writing import write
from tracer.model.conventions import Conventions
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem
from tracer.model.trace import Trace

MAZUR = Problem(
    inputs=["0.05", "0.10"],
    targets=["0.01", "0.99"],
    layers=[
        Dense(2, "sigmoid", [["0.15", "0.20"], ["0.25", "0.30"]], "0.35"),
        Dense(2, "sigmoid", [["0.40", "0.45"], ["0.50", "0.55"]], "0.60"),
    ],
    loss="half_squared_error",
    settings={"rate": "0.5"},
)


def test_the_two_paths_to_the_first_weight_are_those_of_the_article() -> None:
    """Mazur's article gives both ways over o1 and o2 and their shares of dE/dout_h1."""
    told = explain(trace(MAZUR), "dw1[1,1]")

    assert [path.keys for path in told.paths] == [
        ("loss", "loss[1]", "a2[1]", "z2[1]", "a1[1]", "z1[1]", "w1[1,1]"),
        ("loss", "loss[2]", "a2[2]", "z2[2]", "a1[1]", "z1[1]", "w1[1,1]"),
    ]
    # dE_o1/dout_h1, dE_o2/dout_h1, out_h1 (1 - out_h1) and i1, as the article prints them
    over_o1, over_o2, slope, i1 = 0.055399425, -0.019049119, 0.241300709, 0.05
    shares = [float(path.share) for path in told.paths]
    assert shares == pytest.approx([over_o1 * slope * i1, over_o2 * slope * i1], rel=1e-6)
    assert float(told.total) == pytest.approx(0.000438568, rel=1e-5)
    assert told.agrees


def test_local_derivatives_are_written_as_people_write_them() -> None:
    """Each factor of a path in its textbook form: a(1 - a), a - y, the weight, the input."""
    path = explain(trace(MAZUR), "dw2[1,2]").paths[0]

    assert [write(link.formula) for link in path.links] == [
        "1",
        "a2[1] - y[1]",
        "a2[1]*(1 - a2[1])",
        "a1[2]",
    ]


def _loss(inputs: list[float], first: list[list[float]], second: list[list[float]]) -> float:
    """A tanh-sigmoid network with half squared error, in plain Python."""
    hidden = [math.tanh(sum(w * x for w, x in zip(row, inputs, strict=True))) for row in first]
    total = 0.0
    for row, target in zip(second, (1.0, 0.0), strict=True):
        z = sum(w * a for w, a in zip(row, hidden, strict=True))
        total += (target - 1 / (1 + math.exp(-z))) ** 2 / 2
    return total


def test_a_derivative_that_backprop_has_no_line_for_is_the_central_difference() -> None:
    """dL/dx is no line of the trace; the sum over its paths is the slope of the loss."""
    first, second = [[0.3, -0.2], [0.5, 0.4], [-0.6, 0.1]], [[0.2, -0.7, 0.4], [0.9, 0.3, -0.1]]
    problem = Problem(
        inputs=["0.8", "-0.5"],
        targets=["1", "0"],
        layers=[Dense(3, "tanh", first), Dense(2, "sigmoid", second)],
        loss="half_squared_error",
        settings={"rate": "0.1"},
    )

    told = explain(trace(problem), "a0[2]")

    h = 1e-5
    ends = [_loss([0.8, -0.5 + d], first, second) for d in (h, -h)]
    assert told.gradient is None
    assert told.count == 3 * 2
    assert float(told.total) == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-8)


def _deep(samples: int = 1) -> Problem:
    """3 inputs, layers of 4, 5 and 2 units, half squared error."""
    numbers = iter(f"{(k * 37 % 19 - 9) / 10}" for k in range(1000))

    def matrix(rows: int, columns: int) -> list[list[str]]:
        return [[next(numbers) for _ in range(columns)] for _ in range(rows)]

    return Problem(
        inputs=matrix(samples, 3),
        targets=matrix(samples, 2),
        layers=[
            Dense(4, "sigmoid", matrix(4, 3)),
            Dense(5, "tanh", matrix(5, 4)),
            Dense(2, "identity", matrix(2, 5)),
        ],
        loss="half_squared_error",
        settings={"rate": "0.1"},
    )


@pytest.mark.parametrize(
    ("samples", "key", "count"),
    [(1, "a0[1]", 4 * 5 * 2), (1, "dw1[2,3]", 5 * 2), (3, "dw1[2,3]", 3 * 5 * 2), (1, "z3[1]", 1)],
)
def test_the_number_of_paths_is_that_of_the_ways_through_the_layers(
    samples: int, key: str, count: int
) -> None:
    """Each later unit multiplies the ways, each sample repeats them."""
    told = explain(trace(_deep(samples)), key)

    assert told.count == len(told.paths) == count
    shares = sum(float(path.share) for path in told.paths)
    assert shares == pytest.approx(float(told.total), rel=1e-12)


def test_of_too_many_paths_the_strongest_are_listed() -> None:
    """The bounded list holds the largest shares of the whole list, largest first."""
    found = trace(_deep())
    everything, few = explain(found, "a0[1]"), explain(found, "a0[1]", most=7)

    largest = sorted((abs(float(path.share)) for path in everything.paths), reverse=True)[:7]
    assert [abs(float(path.share)) for path in few.paths] == pytest.approx(largest, rel=1e-12)
    assert (few.count, few.total) == (everything.count, everything.total)


@pytest.mark.parametrize("batch", ["full", "online"])
@pytest.mark.parametrize("written", ["gradient", "delta"])
@pytest.mark.parametrize("delta", ["dL/dz", "t-o"])
@pytest.mark.parametrize(
    ("activation", "loss"), [("sigmoid", "mean_squared_error"), ("softmax", "cross_entropy")]
)
def test_every_quantity_agrees_in_every_convention(
    batch: str, written: str, delta: str, activation: str, loss: str
) -> None:
    """Paths, component form and matrix form give one number, for every gradient there is."""
    problem = Problem(
        inputs=[["0.5", "0.8"], ["-1", "0.3"]],
        targets=[["1", "0"], ["0.2", "0.8"]],
        layers=[
            Dense(2, "tanh", [["0.1", "0.2"], ["0.3", None]], ["0.1", "0.2"]),
            Dense(2, activation, [["0.4", "-0.2"], ["0.3", "0.7"]], "0.3"),
        ],
        loss=loss,
        reduction="mean",
        written=written,
        batch=batch,
        updates=2,
        conventions=Conventions(delta=delta),
        settings={"rate": "0.5"},
    )
    found = trace(problem)
    rules = {"delta", "da", "weight_gradient", "bias_gradient", "sample_gradient", "slope"}
    compared = set()

    for step in found:
        told = explain(found, step.key)
        assert told.agrees, step.key
        if step.rule in rules:
            assert {result.method for result in told.agreements} == {
                "sum over the paths",
                "matrix form",
            }, step.key
            compared.add(step.rule)

    assert compared >= rules - {"sample_gradient" if batch == "online" else ""}


GIVEN = {
    "X": [["1", "2", "0"], ["0", "1", "3"], ["2", "1", "0"]],
    "K": [["0.5", "-0.2"], ["0.1", "0.4"]],
}


@pytest.mark.parametrize(
    ("equations", "loss"),
    [
        (["Y = conv(X, K)", "p = sigmoid(sum(Y))", "L = -log(p)"], "L"),
        (["Y = relu(conv(X, K))", "M = max(Y)", "L = M + sum(exp(K)**2)"], "L"),
        (["S = softmax(K @ K.T)", "t = stack(S[1,1], S[2,1])", "L = mean(t)*sum(S*K)"], "L"),
        (["o = outer(K[1], K[2])", "L = sum(o/K[1]) + sum(maximum(o, K))"], "L"),
        (["Y = conv(X, K)"], None),
    ],
)
def test_equation_networks_agree(equations: list[str], loss: str | None) -> None:
    """Every array primitive: scalar paths beside derived array equations."""
    upstream = {} if loss else {"Y": [["1", "0"], ["-1", "2"]]}
    found = trace(
        Problem(
            given=GIVEN,
            equations=equations,
            loss=loss,
            learn=["K"],
            upstream=upstream,
            settings={"rate": "0.1"},
        )
    )
    gradients = [step.key for step in found if step.rule == "gradient"]

    assert "dK[1,1]" in gradients
    for key in gradients:
        told = explain(found, key)
        assert told.agrees, key
        assert told.count > 0, key


def test_the_upstream_gradient_begins_each_path() -> None:
    """With upstream gradients 1, 0, -1 and 2 of Y, dK is their sum with the inputs of conv."""
    upstream = {"Y": [["1", "0"], ["-1", "2"]]}
    problem = Problem(
        given=GIVEN,
        equations=["Y = conv(X, K)"],
        learn=["K"],
        upstream=upstream,
        settings={"rate": "0.1"},
    )
    told = explain(trace(problem), "dK[1,1]")

    # dK[1,1] = 1*X[1,1] + 0*X[1,2] - 1*X[2,1] + 2*X[2,2] = 1 + 0 - 0 + 2
    assert [float(path.share) for path in told.paths] == [1, 0, 0, 2]
    assert told.total == 3


def _tampered(found: Trace, key: str) -> Trace:
    steps = [
        replace(step, exact=step.exact * 2) if step.key == key and step.exact else step
        for step in found
    ]
    return replace(found, steps=tuple(steps))


def test_a_line_that_is_not_the_sum_of_its_paths_is_noticed() -> None:
    """A gradient with the wrong number disagrees with both other ways to it."""
    told = explain(_tampered(trace(MAZUR), "dw1[1,2]"), "dw1[1,2]")

    assert [result.agrees for result in told.agreements] == [False, False]
    assert not told.agrees


def test_a_forward_quantity_knows_its_own_gradient() -> None:
    """z1[1] is explained with delta1[1], the updated weight with the gradient behind it."""
    found = trace(MAZUR)

    assert (told := explain(found, "z1[1]")).gradient is found["delta1[1]"]
    assert told.of == "z1[1]"
    assert explain(found, "w1[1,2]@1").gradient is found["dw1[1,2]"]
    assert explain(found, "loss").of == ""


def test_what_cannot_be_explained_says_so() -> None:
    """An unknown key names the nearest one; letters have no numbers to compare."""
    with pytest.raises(UnknownQuantity, match="did you mean 'dw1"):
        explain(trace(MAZUR), "dw1[1,3]")
    letters = replace(MAZUR, layers=[Dense(2), Dense(2)])
    with pytest.raises(TracerError, match="letters"):
        explain(trace(letters), "dw1[1,1]")


def _truncated(limit: int, kind: str = "elman") -> Trace:
    """A recurrent cell over four time steps, and a linear unit that reads its last state."""
    settings = {"truncate": limit, "return": "last"}
    weights = {"elman": {"W": [["0.4"]], "U": [["0.9"]], "b": ["0.1"]}}.get(kind) or {
        f"{letter}{gate}": [["0.3"]] if letter in "WU" else ["0.1"]
        for letter in "WUb"
        for gate in "ifog"
    }
    cell = Layer(kind, units=1, parameters=weights, settings=settings)
    return trace(
        Problem(
            inputs=[[["1"], ["0.5"], ["-1"], ["2"]]],
            targets=[["1"]],
            layers=[cell, Dense(1, "identity", [["0.7"]])],
            loss="half_squared_error",
            settings={"rate": "0.1"},
        )
    )


def test_no_path_goes_back_beyond_where_time_is_truncated() -> None:
    """Of four steps, the last two: dW is worked out in plain Python with the state held."""
    told = explain(found := _truncated(2), "delman1.W[1,1]")
    h = [0.0]
    for x in (1, 0.5, -1, 2):
        h.append(math.tanh(0.4 * x + 0.9 * h[-1] + 0.1))
    error = (0.7 * h[4] - 1) * 0.7
    back = [error * (1 - h[4] ** 2)]
    back.append(back[0] * 0.9 * (1 - h[3] ** 2))

    assert told.agrees
    assert [float(path.share) for path in told.paths] == pytest.approx(
        [back[0] * 2, back[1] * -1], rel=1e-12
    )
    assert told.held == ("elman1.h[1]~2",)
    assert explain(found, "elman1.h[1]~2").count == 0
    assert explain(_truncated(4), "delman1.W[1,1]").held == ()


@pytest.mark.parametrize("kind", ["elman", "lstm"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_every_gradient_of_a_truncated_layer_agrees(kind: str, limit: int) -> None:
    """The paths that are left add up to each line, wherever time is cut."""
    found = _truncated(limit, kind)
    keys = [step.key for step in found if step.phase in ("backward", "gradient")]

    assert len(keys) > 4
    for key in keys:
        told = explain(found, key)
        assert told.agrees, key
        assert told.agreements, key
