"""Comparing layers with a framework: each planted difference of convention is the one named.

The framework is PyTorch itself (its own cells, norms, convolutions and optimizers) with one
thing done otherwise; tracer's numbers play no part on that side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.backprop.layering.cases import NAMED, problem_of, text_of
from tests.oracles.descending import updates
from tracer.backprop.comparing import compare
from tracer.backprop.comparing.stacked import unstacked
from tracer.files.problem_text import load_text
from tracer.importing.torch_numbers import torch_numbers
from tracer.model.problem import Problem

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
functional = torch.nn.functional
RATE = 0.1
Numbers = dict[str, Any]


def first_of(kind: str, sequence: bool = False, **settings: Any) -> dict[str, Any]:
    """A case of a type (with targets at every time step), with other settings of that layer."""
    data = next(
        data
        for name, data in NAMED.items()
        if name.startswith(f"{kind}-") and (not sequence or isinstance(data["targets"][0][0], list))
    )
    layers = []
    for one in data["layers"]:
        layer = {**one, **settings} if one.get("type") == kind else dict(one)
        layer.pop("bm", None)  # where one of two has this bias, it begins at 0
        if layer.get("reset") == "after":
            layer["bm"] = ["0"] * layer["units"]
        layers.append(layer)
    return {**data, "layers": layers}


def problem(data: dict[str, Any], **more: Any) -> Problem:
    return load_text(text_of(data, **more), "planted.json")


def by_torch(data: dict[str, Any], change: Callable[[Any], None] | None = None) -> Numbers:
    """Loss, gradients and parameters after one step of gradient descent."""
    from tests.backprop.layering.by_torch import Model

    model = Model(data)
    if change is not None:
        change(model)
    loss = model.loss()
    gradients = torch.autograd.grad(loss, list(model.parameters.values()))
    found: Numbers = {"loss": loss.item()}
    for (name, leaf), gradient in zip(model.parameters.items(), gradients, strict=True):
        found[f"d{name}"] = gradient.numpy()
        found[f"{name}@1"] = (leaf - RATE * gradient).detach().numpy()
    return found


def named(ours: Problem, theirs: Numbers) -> list[str]:
    """The conventions by which all numbers are explained."""
    found = compare(ours, theirs, 1e-9)
    assert found.explained, [one for one in found.arrays if not one.explained]
    return sorted(convention.id for convention in found.conventions)


SETTINGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "reset_after": ("gru", {"reset": "before"}, {"reset": "after"}),
    "reset_before": ("gru", {"reset": "after"}, {"reset": "before"}),
    "keep_rest": ("gru", {"keep": "u"}, {"keep": "1-u"}),
    "keep_update": ("gru", {"keep": "1-u"}, {"keep": "u"}),
    "not_causal": ("attention", {"causal": True}, {"causal": False}),
    "causal": ("attention", {"causal": False}, {"causal": True}),
    "norm_before": ("transformer_block", {"norm": "after"}, {"norm": "before"}),
    "not_inverted": ("dropout", {"inverted": True}, {"inverted": False}),
    "inverted": ("dropout", {"inverted": False}, {"inverted": True}),
    "through_all_time": ("elman", {"truncate": 1}, {}),
}
"""What must be named: the layer type, what we do, what they do."""


@pytest.mark.parametrize("planted", SETTINGS)
def test_another_form_of_a_layer_is_named(planted: str) -> None:
    """Where the reset gate acts, what the update gate keeps, masks, scaling, truncation."""
    kind, ours, theirs = SETTINGS[planted]
    data, other = first_of(kind, **ours), first_of(kind, **theirs)
    numbers = by_torch(other)
    if ours.get("reset") != theirs.get("reset"):
        numbers = {name: value for name, value in numbers.items() if ".bm" not in name}

    assert named(problem(data), numbers) == [planted]


def _normalise(kind: str, outside: bool, unbiased: bool) -> Callable[[Any], None]:
    """A model whose norm does it otherwise."""
    axis, epsilon = (0 if kind == "batch_norm" else -1), 0.1

    def change(model: Any) -> None:
        known = model.layer

        def layer(name: str, told: Any, place: int, x: Any) -> Any:
            if name != kind:
                return known(name, told, place, x)
            p = {k.split(".")[1]: v for k, v in model.parameters.items() if k.startswith(kind)}
            if kind == "rms_norm":
                rms = x.square().mean(-1, keepdim=True)
                root = rms.sqrt() + epsilon if outside else (rms + epsilon).sqrt()
                return p["gamma"] * x / root
            variance = x.var(axis, unbiased=unbiased, keepdim=True)
            root = variance.sqrt() + epsilon if outside else (variance + epsilon).sqrt()
            return p["gamma"] * (x - x.mean(axis, keepdim=True)) / root + p["beta"]

        model.layer = layer

    return change


NORMS = [
    *(("batch_norm", unbiased) for unbiased in (False, True)),
    *(("layer_norm", unbiased) for unbiased in (False, True)),
    ("rms_norm", False),  # it has no variance
]


@pytest.mark.parametrize(("kind", "unbiased"), NORMS)
@pytest.mark.parametrize("outside", [False, True])
def test_epsilons_place_and_the_variances_divisor(kind: str, unbiased: bool, outside: bool) -> None:
    """Epsilon added to the root, a variance divided by one less than the count, or both."""
    data = (
        first_of(kind, epsilon="0.1", mode="train")
        if kind == "batch_norm"
        else first_of(kind, epsilon="0.1")
    )
    expected = ["epsilon_outside"] * outside + ["variance_unbiased"] * unbiased
    theirs = by_torch(data, _normalise(kind, outside, unbiased))

    assert named(problem(data), theirs) == expected
    words = {"epsilon_place": "outside" if outside else "inside"}
    if kind != "rms_norm":
        words["variance"] = "unbiased" if unbiased else "biased"
    assert named(problem(first_of(kind, epsilon="0.1", **words)), theirs) == []


def test_gates_in_another_order() -> None:
    """Stacked as i, f, o, g by one and as i, f, g, o by the other: two gates change places."""
    data = first_of("lstm")
    theirs = by_torch(data)
    swapped = {}
    for name, value in theirs.items():
        head, dot, part = name.partition(".")
        other = {"o": "g", "g": "o"}.get(part[1:2], part[1:2])
        swapped[f"{head}.{part[0]}{other}{part[2:]}" if dot and "lstm" in head else name] = value

    assert named(problem(data), swapped) == ["gate_order"]


@pytest.mark.parametrize("kind", ["elman", "lstm", "gru"])
def test_two_biases_move_twice_as_far(kind: str) -> None:
    """PyTorch's own module, its gradient step made by PyTorch, both biases added up after it."""
    data = first_of(kind, **({"reset": "after"} if kind == "gru" else {}))
    theirs = by_torch(data)
    doubled = {"elman": ("b",), "lstm": ("bi", "bf", "bo", "bg"), "gru": ("br", "bu")}[kind]
    for name in [*theirs]:
        part = name.partition(".")[2]
        if part.removesuffix("@1") in doubled and name.endswith("@1"):
            theirs[name] = theirs[name] - RATE * theirs[f"d{name[:-2]}"]

    assert named(problem(data), theirs) == ["two_biases"]


def test_transposed_weights_and_kernels() -> None:
    """Weights of attention as torch.nn.Linear stores them; a kernel with its filters last, and
    one turned by half a circle."""
    attention = first_of("attention")
    turned = {
        name: value.T if "W" in name and value.ndim == 2 else value
        for name, value in ((k, _array(v)) for k, v in by_torch(attention).items())
    }
    assert named(problem(attention), turned) == ["transposed"]

    conv = {**NAMED["conv-1"]}
    theirs = {name: _array(value) for name, value in by_torch(conv).items()}
    last = {k: _last(v) if ".K" in k else v for k, v in theirs.items()}
    around = {k: _around(v) if ".K" in k else v for k, v in theirs.items()}
    assert named(problem_of("conv-1"), last) == ["transposed"]
    assert named(problem_of("conv-1"), around) == ["flipped"]


def _array(value: Any) -> Any:
    return torch.as_tensor(value, dtype=torch.float64).numpy()


def _last(kernel: Any) -> Any:
    """Rows and columns first, channels and filters last, as Keras stores a kernel."""
    return kernel.transpose(*reversed(range(kernel.ndim)))


def _around(kernel: Any) -> Any:
    return torch.as_tensor(kernel.copy()).flip(-1, -2).numpy()


@pytest.mark.parametrize(
    ("ours", "expected"), [("sum", "mean_over_time"), ("mean", "sum_over_time")]
)
def test_averaging_over_time(ours: str, expected: str) -> None:
    """The losses of the time steps, averaged by one and added up by the other."""
    data = first_of("lstm", sequence=True)
    told = {**data["reduction"], "time": ours}
    other = {**data, "reduction": {**told, "time": "mean" if ours == "sum" else "sum"}}

    assert named(problem({**data, "reduction": told}), by_torch(other)) == [expected]


OPTIMIZERS = ["rmsprop", "adam", "adam_uncorrected", "adagrad"]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("ours_inside", [False, True])
def test_the_place_of_an_optimizers_epsilon(name: str, ours_inside: bool) -> None:
    """Inside the root or added to it: updates by both, written out after the papers."""
    data = first_of("layer_norm")
    theirs = by_torch(data)
    other = name if ours_inside else f"{name}_inside"
    settings = {"rate": "0.1", "epsilon": "0.01"}
    told = {"beta": "0.9", "beta1": "0.9", "beta2": "0.999", "decay": "0"}
    update = updates(
        lambda text: torch.tensor(float(text), dtype=torch.float64), **told, **settings
    )
    for key in [*theirs]:
        if key.endswith("@1"):
            gradient = torch.as_tensor(theirs[f"d{key[:-2]}"])
            start = torch.as_tensor(theirs[key]) + RATE * gradient
            theirs[key] = update[other](start, gradient, 1, {}).numpy()
    mine = f"{name}_inside" if ours_inside else name
    ours = problem({**data, "optimizer": {mine: settings}})

    place = "outside" if ours_inside else "inside"
    assert named(ours, theirs) == [f"optimizer_epsilon_{place}"]


HABITS = {
    "lstm": {"two_biases"},
    "gru": {"two_biases", "reset_after"},
    "attention": {"mean_over_time"},
    "batch_norm": {"mean_over_batch"},
}


@pytest.mark.parametrize("kind", HABITS)
def test_pytorchs_habits_are_explained(kind: str) -> None:
    """What PyTorch does by itself, where the problem says something else."""
    settings = {"reset": "before"} if kind == "gru" else {}
    data = first_of(kind, **settings)
    ours = problem({**data, "reduction": {"batch": "sum"}})
    found = compare(ours, torch_numbers(ours), 1e-9)

    assert found.explained
    assert {one.id for one in found.conventions} >= HABITS[kind] - {"mean_over_batch"}


def _module(data: dict[str, Any], kind: str) -> Any:
    """The first layer of a case as PyTorch's own module, the second bias 0."""
    first = data["layers"][0]
    gates = {"elman": [""], "lstm": list("ifgo"), "gru": list("run")}[kind]
    size = len(first[f"W{gates[0]}"][0])
    made = {"elman": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind]
    module = made(size, first["units"], batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        for name, letter in (("weight_ih_l0", "W"), ("weight_hh_l0", "U"), ("bias_ih_l0", "b")):
            rows = [first[f"{letter}{gate}"] for gate in gates]
            numbers = [[_floats(row) for row in part] for part in rows]
            getattr(module, name).copy_(
                torch.cat([torch.tensor(part, dtype=torch.float64) for part in numbers])
            )
        module.bias_hh_l0.zero_()
    return module


def _floats(value: Any) -> Any:
    return [float(one) for one in value] if isinstance(value, list) else float(value)


@pytest.mark.parametrize("kind", ["lstm", "gru", "elman"])
def test_the_stacked_names_of_pytorchs_modules(kind: str) -> None:
    """weight_ih_l0 and its like are taken apart in PyTorch's order; two biases are explained."""
    data = first_of(kind, **({"reset": "after"} if kind == "gru" else {}))
    data = {**data, "layers": data["layers"][:1], "reduction": {"batch": "sum"}}
    data["layers"][0].pop("initial_h", None)
    data["layers"][0].pop("initial_c", None)
    module = _module(data, kind)
    states = module(torch.tensor([[_floats(row) for row in one] for one in data["inputs"]],
                                 dtype=torch.float64))[0]  # fmt: skip
    last = data["layers"][0].get("return") == "last"
    out = states[:, -1] if last else states
    data["targets"] = torch.zeros_like(out).tolist()
    (out.square().sum() / 2).backward()
    theirs: Numbers = {}
    for name, leaf in module.named_parameters():
        theirs[f"d{kind}1.{name}"] = leaf.grad.clone()
        theirs[f"{kind}1.{name}@1"] = (leaf - RATE * leaf.grad).detach()

    assert named(problem(data), theirs) == ["two_biases"]


def test_two_biases_of_a_stacked_gru() -> None:
    """Those of its gates are added up; its candidate keeps both, for one stands inside r*(...)."""
    stacked = {"bias_ih_l0": [1.0, 2, 3], "bias_hh_l0": [10.0, 20, 30]}
    found = unstacked({f"gru1.{name}@1": rows for name, rows in stacked.items()})
    assert {name: value.tolist() for name, value in found.items()} == {
        "gru1.br@1": [11], "gru1.bu@1": [22], "gru1.bn@1": [3], "gru1.bm@1": [30],
    }  # fmt: skip
    slopes = unstacked({f"dgru1.{name}": rows for name, rows in stacked.items()})
    assert {name: value.tolist() for name, value in slopes.items()} == {
        "dgru1.br": [1], "dgru1.bu": [2], "dgru1.bn": [3], "dgru1.bm": [30],
    }  # fmt: skip


def test_a_candidate_whose_second_bias_is_nought_has_one() -> None:
    """It is a GRU without it, as ours is."""
    stacked = {"gru1.bias_ih_l0": [1.0, 2, 3], "gru1.bias_hh_l0": [10.0, 20, 0]}
    assert set(unstacked(stacked)) == {"gru1.br", "gru1.bu", "gru1.bn"}
