"""Comparing with a framework: each planted difference is found, and nothing else is named.

The framework is a program in plain NumPy, written from the textbook, with one switch for
each convention; tracer's own numbers play no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from tracer.backprop.comparing import compare
from tracer.errors import ProblemError, UnknownQuantity
from tracer.model.problem import Dense, Problem

W1 = [["0.15", "-0.20"], ["0.25", "0.30"], ["-0.35", "0.45"]]
B1 = ["0.05", "-0.10", "0.20"]
W2 = [["0.40", "-0.45", "0.50"], ["0.55", "0.60", "-0.65"]]
B2 = ["0.15", "-0.25"]
X = [["0.5", "-1.0"], ["0.8", "0.3"], ["-0.6", "0.9"]]
Y = [["1", "0"], ["0", "1"], ["1", "0"]]
RATE = 0.5


def problem(**changes: Any) -> Problem:
    """A 2-3-2 network with a batch of three."""
    chosen: dict[str, Any] = {
        "inputs": X,
        "targets": Y,
        "layers": [Dense(3, "tanh", W1, B1), Dense(2, "sigmoid", W2, B2)],
        "loss": "half_squared_error",
        "settings": {"rate": str(RATE)},
    }
    return Problem(**{**chosen, **changes})


@dataclass(frozen=True)
class Program:
    """The framework, and what it does otherwise."""

    half: bool = True
    over_outputs: str = "sum"
    over_batch: str = "sum"
    outputs: str = "sigmoid"
    loss: str = "squares"
    softmax_twice: bool = False
    bias_learns: bool = True
    bias_shared: bool = False
    biases: bool = True
    early: bool = False
    rate: float = RATE
    ascends: bool = False
    accumulates: bool = False
    updates: int = 1

    def numbers(self) -> dict[str, Any]:
        """Losses, outputs, gradients and parameters, arrays by name."""
        w1, w2 = np.array(W1, float), np.array(W2, float)
        b1, b2 = np.array(B1, float), np.array(B2, float)
        if self.bias_shared:
            b1, b2 = np.full(3, 0.1), np.full(2, -0.2)
        if not self.biases:
            b1, b2 = 0 * b1, 0 * b2
        x, y = np.array(X, float), np.array(Y, float)
        found: dict[str, Any] = {}
        sums: list[Any] = [0, 0, 0, 0]
        for update in range(self.updates + 1):
            mark = f"@{update}" if update else ""
            a1 = np.tanh(x @ w1.T + b1)
            z2 = a1 @ w2.T + b2
            a2 = self._outputs(z2)
            loss, error = self._loss(a2, y)
            found |= {f"z2{mark}": z2, f"a2{mark}": a2, f"loss{mark}": loss}
            found |= {f"w1{mark}": w1.copy(), f"w2{mark}": w2.copy()}
            if self.biases:
                found |= {f"b1{mark}": b1.copy(), f"b2{mark}": b2.copy()}
            if update == self.updates:
                break
            delta2 = self._through(error, a2)
            dw2, db2 = delta2.T @ a1, delta2.sum(axis=0)
            if self.accumulates:
                sums[0], sums[1] = sums[0] + dw2, sums[1] + db2
                dw2, db2 = sums[0], sums[1]
            step = -self.rate if self.ascends else self.rate
            back = w2 - step * dw2 if self.early else w2
            delta1 = (delta2 @ back) * (1 - a1**2)
            dw1, db1 = delta1.T @ x, delta1.sum(axis=0)
            if self.accumulates:
                sums[2], sums[3] = sums[2] + dw1, sums[3] + db1
                dw1, db1 = sums[2], sums[3]
            found |= {f"dw1{mark}": dw1, f"dw2{mark}": dw2}
            if self.biases:
                found |= {f"db1{mark}": db1, f"db2{mark}": db2}
            w1, w2 = w1 - step * dw1, w2 - step * dw2
            if self.bias_learns and self.biases:
                b1, b2 = b1 - step * db1, b2 - step * db2
        return found

    def _outputs(self, z: Any) -> Any:
        if self.outputs == "softmax":
            return _softmax(z)
        return z if self.outputs == "identity" else 1 / (1 + np.exp(-z))

    def _loss(self, a: Any, y: Any) -> tuple[float, Any]:
        """The loss, and its derivative by the outputs."""
        scale = 1.0
        if self.over_outputs == "mean":
            scale /= a.shape[1]
        if self.over_batch == "mean":
            scale /= a.shape[0]
        if self.loss == "cross_entropy":
            p = _softmax(a) if self.softmax_twice else a
            slope = -y / p
            if self.softmax_twice:
                slope = p * (slope - (slope * p).sum(axis=1, keepdims=True))
            return float(-scale * (y * np.log(p)).sum()), scale * slope
        scale *= 0.5 if self.half else 1
        return float(scale * ((y - a) ** 2).sum()), 2 * scale * (a - y)

    def _through(self, error: Any, a: Any) -> Any:
        if self.outputs == "softmax":
            return a * (error - (error * a).sum(axis=1, keepdims=True))
        return error if self.outputs == "identity" else error * a * (1 - a)


def _softmax(z: Any) -> Any:
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


PLAIN = Program()
SOFTMAX = replace(PLAIN, outputs="softmax", loss="cross_entropy")
CLASSES = problem(
    layers=[Dense(3, "tanh", W1, B1), Dense(2, "softmax", W2, B2)], loss="cross_entropy"
)
SHARED = problem(layers=[Dense(3, "tanh", W1, "0.1"), Dense(2, "sigmoid", W2, "-0.2")])


def _named(found: Any) -> list[str]:
    return sorted(c.id + (f"@{c.where}" if c.where else "") for c in found.conventions)


@pytest.mark.parametrize(
    ("ours", "theirs"), [(problem(), PLAIN), (CLASSES, SOFTMAX)], ids=["squares", "classes"]
)
def test_the_same_conventions_agree(ours: Problem, theirs: Program) -> None:
    """Where nothing differs nothing is named, for two updates."""
    found = compare(ours, replace(theirs, updates=2).numbers(), 1e-9)

    assert found.agrees
    assert found.conventions == found.alternatives == ()
    assert {array.name for array in found.arrays} >= {"dw1", "b2@2", "loss@2"}


PLANTED: dict[str, tuple[Problem, Program, list[str]]] = {
    "no half": (problem(), replace(PLAIN, half=False), ["no_half"]),
    "half": (problem(loss="squared_error"), PLAIN, ["half"]),
    "mean over outputs": (problem(), replace(PLAIN, over_outputs="mean"), ["mean_over_outputs"]),
    "mean over batch": (problem(), replace(PLAIN, over_batch="mean"), ["mean_over_batch"]),
    "sum over batch": (problem(reduction="mean"), PLAIN, ["sum_over_batch"]),
    "bias not updated": (problem(), replace(PLAIN, bias_learns=False), ["bias_not_updated"]),
    "bias updated": (problem(freeze=["biases"]), PLAIN, ["bias_updated"]),
    "updated weights early": (problem(), replace(PLAIN, early=True), ["updated_weights_early"]),
    "learning rate": (problem(), replace(PLAIN, rate=0.05), ["rate"]),
    "ascent": (problem(), replace(PLAIN, ascends=True), ["added"]),
    "double softmax": (CLASSES, replace(SOFTMAX, softmax_twice=True), ["double_softmax"]),
    "shared bias": (SHARED, replace(PLAIN, bias_shared=True), ["bias_each"]),
    "no bias": (problem(), replace(PLAIN, biases=False), ["no_bias"]),
    "no activation": (problem(), replace(PLAIN, outputs="identity"), ["no_activation"]),
    "accumulated": (problem(), replace(PLAIN, accumulates=True, updates=2), ["accumulated"]),
}
"""What the framework does otherwise, and what must be named."""


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_difference_is_named(planted: tuple[Problem, Program, list[str]]) -> None:
    """All numbers are explained by the one convention that was planted, and by no less."""
    ours, theirs, names = planted
    numbers = theirs.numbers()
    if "rate" in names or "added" in names:  # what follows an update by another rate differs
        numbers = {key: value for key, value in numbers.items() if "@" not in key or key[0] in "wb"}
    found = compare(ours, numbers, 1e-9)

    assert found.explained
    assert not found.agrees
    assert _named(found) == names


def _transposed(numbers: dict[str, Any]) -> dict[str, Any]:
    return {k: v.T if k.lstrip("d")[0] == "w" else v for k, v in numbers.items()}


def _negated(numbers: dict[str, Any]) -> dict[str, Any]:
    return {k: -v if k[0] == "d" else v for k, v in numbers.items()}


def _logits(numbers: dict[str, Any]) -> dict[str, Any]:
    return {k: numbers["z2" + k[2:]] if k.startswith("a2") else v for k, v in numbers.items()}


def _read_late(numbers: dict[str, Any]) -> dict[str, Any]:
    return {k: numbers[f"{k}@1"] if k in ("w1", "w2", "b1", "b2") else v
            for k, v in numbers.items()}  # fmt: skip


def _read_early(numbers: dict[str, Any]) -> dict[str, Any]:
    return {k: numbers[k[:-2]] if k in ("w1@1", "w2@1", "b1@1", "b2@1") else v
            for k, v in numbers.items()}  # fmt: skip


def _mean_loss(numbers: dict[str, Any]) -> dict[str, Any]:
    return {k: v / 3 if k.startswith("loss") else v for k, v in numbers.items()}


def _summed_biases(numbers: dict[str, Any]) -> dict[str, Any]:
    return {k: v * 3 if k.startswith("db") else v for k, v in numbers.items()}


READ = {
    "transposed": (_transposed, ["transposed"]),
    "target minus output": (_negated, ["sign"]),
    "logits for probabilities": (_logits, ["logits"]),
    "parameters read after the step": (_read_late, ["after_step"]),
    "parameters read before the step": (_read_early, ["before_step"]),
    "only the loss is a mean": (_mean_loss, ["divided_by_batch@loss"]),
}
"""How the framework's numbers are printed, and what must be named."""


@pytest.mark.parametrize("planted", READ.values(), ids=READ)
def test_another_way_of_printing_is_named(planted: tuple[Any, list[str]]) -> None:
    """Arrays that are turned, of the other sign, or taken at another time."""
    change, names = planted
    found = compare(problem(), change(PLAIN.numbers()), 1e-9)

    assert found.explained
    assert _named(found) == names


def test_several_at_once() -> None:
    """PyTorch's habits against a textbook's: no half, two means, and turned weights."""
    theirs = replace(PLAIN, half=False, over_outputs="mean", over_batch="mean")
    found = compare(problem(), _transposed(theirs.numbers()), 1e-9)

    assert found.explained
    assert _named(found) == ["mean_over_batch", "mean_over_outputs", "no_half", "transposed"] or (
        # with two outputs the half and the mean over them undo each other
        _named(found) == ["mean_over_batch", "transposed"]
    )


def test_calculation_and_printing_together() -> None:
    """Double softmax, and gradients of the other sign."""
    theirs = replace(SOFTMAX, softmax_twice=True, over_batch="mean")
    found = compare(CLASSES, _negated(theirs.numbers()), 1e-9)

    assert found.explained
    assert _named(found) == ["double_softmax", "mean_over_batch", "sign"]


def test_single_precision_and_printed_digits() -> None:
    """Numbers of seven digits, and numbers as printed with four decimals, agree as well."""
    exact = PLAIN.numbers()
    single = {key: np.float32(value) for key, value in exact.items()}
    printed = {key: np.vectorize("{:.4f}".format)(v).tolist() for key, v in exact.items()}

    assert compare(problem(), single).agrees
    assert compare(problem(), printed).agrees


def test_numbers_one_by_one() -> None:
    """Single numbers by key do as well as arrays."""
    numbers = replace(PLAIN, half=False).numbers()
    some = {"dw1[2,1]": numbers["dw1"][1, 0], "dw2[2,3]": numbers["dw2"][1, 2],
            "loss": numbers["loss"]}  # fmt: skip

    assert _named(compare(problem(), some, 1e-9)) == ["no_half"]


def test_what_no_convention_explains_is_told() -> None:
    """A number that is simply wrong is named, with both values, and nothing is invented."""
    numbers = PLAIN.numbers()
    right = numbers["dw1"][2, 1]
    numbers["dw1"] = numbers["dw1"] + np.array([[0, 0], [0, 0], [0, 0.01]])
    found = compare(problem(), numbers, 1e-9)
    (wrong,) = [array for array in found.arrays if not array.explained]

    assert found.conventions == ()
    assert (wrong.name, wrong.key) == ("dw1", "dw1[3,2]")
    assert wrong.ours == pytest.approx(right, rel=1e-12)
    assert wrong.theirs == pytest.approx(right + 0.01, rel=1e-12)


def test_sets_as_small_are_named_too() -> None:
    """A mean over three samples or a third of the rate: an update alone does not tell."""
    ours = problem(settings={"rate": "0.6"})
    theirs = replace(PLAIN, rate=0.2).numbers()
    some = {key: theirs[key] for key in ("w1@1", "w2@1", "b1@1", "b2@1")}
    found = compare(ours, some, 1e-9)
    named = {tuple(c.id for c in (one)) for one in (found.conventions, *found.alternatives)}

    assert {("mean_over_batch",), ("rate",)} <= named


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({}, "no numbers"),
        ({"dw1": "banana"}, "not a number"),
        ({"dw1": [[1, 2], [3]]}, "one length"),
        ({"dw1": float("nan")}, "not all numbers are finite"),
        ({"not a name": 1}, "not the name of a quantity"),
        ({"dw1[1,1]": [1, 2]}, "a single number"),
    ],
)
def test_numbers_that_cannot_be_compared(numbers: dict[str, Any], message: str) -> None:
    """What is no number or no name is refused in words."""
    with pytest.raises(ProblemError, match=message):
        compare(problem(), numbers)


def test_unknown_names() -> None:
    """A name that no convention knows is refused, with the nearest."""
    with pytest.raises(UnknownQuantity, match="did you mean 'dw1'"):
        compare(problem(), {"dww1": [[1.0]], "loss": 1})
