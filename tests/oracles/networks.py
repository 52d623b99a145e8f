"""Random layer networks, and their forward pass written once more from the mathematics.

`forward` is scalar code over any kind of number: with mpmath it is differentiated by
central differences, with SymPy symbolically.  `by_torch` is separate tensor code that
leaves the derivatives to PyTorch.  Neither shares anything with tracer.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import mpmath

ACTIVATIONS = (
    "identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "softmax",
    "elu", "selu", "gelu_tanh", "silu", "swish", "hard_sigmoid", "softsign", "step",
    "gelu", "bent_identity",
)  # fmt: skip
"""The table's names, and last one that a problem brings as its own formula."""

KINKS = {
    "relu": (0,),
    "leaky_relu": (0,),
    "selu": (0,),
    "elu": (0,),
    "step": (0,),
    "hard_sigmoid": (-3, 3),
}
"""Where the slope of an activation has a convention."""

STEPS = ("da", "slope", "gradient", "increment")

POSITIVE = ("softmax", "sigmoid", "softplus")
OUTPUTS = {
    "half_squared_error": ACTIVATIONS,
    "squared_error": ACTIVATIONS,
    "mean_squared_error": ACTIVATIONS,
    "binary_cross_entropy": ("sigmoid", "softmax"),
    "cross_entropy": POSITIVE,
    "mean_absolute_error": ACTIVATIONS,
    "huber": ACTIVATIONS,
    "hinge": ACTIVATIONS,
    "kl_divergence": POSITIVE,
    "negative_log_likelihood": ACTIVATIONS,
    "log_cosh": ACTIVATIONS,
}
"""Output activations with which each loss is defined everywhere; the last is a problem's own."""


@dataclass(frozen=True)
class Layer:
    """One layer; None stands for a missing connection, or for no biases."""

    units: int
    activation: str
    weights: list[list[str | None]]
    biases: list[str] | str | None
    leak: str = "0.01"


@dataclass(frozen=True)
class Network:
    """A network with its data; numbers are texts."""

    inputs: list[list[str]]
    targets: list[list[str]]
    layers: list[Layer]
    loss: str
    reduction: str
    rate: str
    conventions: dict[str, str] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)
    written: str = "gradient"

    @property
    def samples(self) -> int:
        return len(self.inputs)

    def mark(self, sample: int) -> str:
        """``#2`` where there are several samples."""
        return f"#{sample + 1}" if self.samples > 1 else ""

    def parameters(self) -> dict[str, str]:
        """Every weight and bias that is there, by key."""
        found: dict[str, str] = {}
        for n, layer in enumerate(self.layers, 1):
            for i, row in enumerate(layer.weights, 1):
                for j, weight in enumerate(row, 1):
                    if weight is not None:
                        found[f"w{n}[{i},{j}]"] = weight
            if isinstance(layer.biases, str):
                found[f"b{n}"] = layer.biases
            for i, bias in enumerate(layer.biases if isinstance(layer.biases, list) else [], 1):
                found[f"b{n}[{i}]"] = bias
        return found


def random_network(seed: int, deepest: int = 4, widest: int = 4, batch: int = 4) -> Network:
    """A random network; every seed gives another combination of what can be combined."""
    draw = random.Random(seed)

    def number(bound: float) -> str:
        return f"{draw.uniform(-bound, bound):.2f}"

    loss = list(OUTPUTS)[seed % len(OUTPUTS)]
    last = draw.choice(OUTPUTS[loss])
    sizes = [draw.randint(1, widest) for _ in range(draw.randint(1, deepest) + 1)]
    if last in ("softmax", "log_softmax") and sizes[-1] == 1:
        sizes[-1] = 2
    samples = draw.randint(1, batch)
    layers = []
    for depth, (before, units) in enumerate(pairwise(sizes), 1):
        rows: list[list[str | None]] = [[number(1.5) for _ in range(before)] for _ in range(units)]
        if draw.random() < 0.3:
            for row in rows:
                if before > 1:
                    row[draw.randrange(before)] = None
        kind = draw.choice(["own", "own", "shared", "none"])
        biases = {"own": [number(1) for _ in range(units)], "shared": number(1), "none": None}[kind]
        chosen = last if depth == len(sizes) - 1 else draw.choice(ACTIVATIONS)
        layers.append(Layer(units, chosen, rows, biases, draw.choice(["0.01", "0.2"])))
    return Network(
        inputs=[[number(2) for _ in range(sizes[0])] for _ in range(samples)],
        targets=[_target(draw, loss, last, sizes[-1]) for _ in range(samples)],
        layers=layers,
        loss=loss,
        reduction=draw.choice(["sum", "mean"]),
        rate=draw.choice(["0.5", "0.1", "1/3"]),
        conventions={
            "delta": draw.choice(["dL/dz", "t-o"]),
            "factors": draw.choice(["error-first", "slope-first"]),
            "shortcut": draw.choice(["softmax", "always", "never"]),
        },
        steps={
            name: draw.choice(["own", "inline"])
            for name in ("da", "slope", "gradient", "increment")
        },
        written=draw.choice(["gradient", "gradient", "delta"]),
    )


def _target(draw: random.Random, loss: str, last: str, units: int) -> list[str]:
    if loss == "hinge":
        return [draw.choice(["1", "-1"]) for _ in range(units)]
    if loss == "kl_divergence":
        shares = [draw.randint(1, 9) for _ in range(units)]
        return [f"{share}/{sum(shares)}" for share in shares]
    if loss == "binary_cross_entropy":
        return [draw.choice(["0", "1", f"{draw.random():.2f}"]) for _ in range(units)]
    if loss not in ("cross_entropy", "negative_log_likelihood"):
        return [f"{draw.uniform(-1, 1):.2f}" for _ in range(units)]
    kind = draw.choice(["one-hot", "distribution", "any"])
    hot = draw.randrange(units)
    if kind == "one-hot" or units == 1:
        return ["1" if unit == hot else "0" for unit in range(units)]
    shares = [draw.randint(0, 9) for _ in range(units)]
    shares[hot] += 1
    whole = sum(shares) if kind == "distribution" else 10
    return [f"{share}/{whole}" for share in shares]


def forward(
    network: Network,
    parameters: Mapping[str, Any],
    functions: Mapping[str, Any],
    number: Any,
) -> dict[str, Any]:
    """Every preactivation, activation and loss, by key.

    Args:
        network: gives shapes and data.
        parameters: values of weights and biases by key.
        functions: ``exp``, ``log``, ``sqrt``, ``tanh``, ``heaviside``, ``maximum``,
            ``minimum``, ``Phi``.
        number: makes a value of a text.
    """
    found: dict[str, Any] = {}
    exp = functions["exp"]
    total = number("0")
    for sample in range(network.samples):
        mark = network.mark(sample)
        a = [number(text) for text in network.inputs[sample]]
        for n, layer in enumerate(network.layers, 1):
            z = []
            for i, row in enumerate(layer.weights, 1):
                value = number("0")
                for j, weight in enumerate(row, 1):
                    if weight is not None:
                        value = value + parameters[f"w{n}[{i},{j}]"] * a[j - 1]
                if layer.biases is not None:
                    shared = isinstance(layer.biases, str)
                    value = value + parameters[f"b{n}" if shared else f"b{n}[{i}]"]
                z.append(value)
            if layer.activation == "softmax":
                powers = [exp(value) for value in z]
                a = [power / sum(powers, number("0")) for power in powers]
            elif layer.activation == "log_softmax":
                whole = functions["log"](sum(map(exp, z), number("0")))
                a = [value - whole for value in z]
            else:
                a = [activation(layer, value, functions, number) for value in z]
            for i in range(layer.units):
                found[f"z{n}[{i + 1}]{mark}"] = z[i]
                found[f"a{n}[{i + 1}]{mark}"] = a[i]
        y = [number(text) for text in network.targets[sample]]
        terms = [_term(network.loss, t, o, functions, number) for t, o in zip(y, a, strict=True)]
        if len(terms) > 1:
            for k, term in enumerate(terms, 1):
                found[f"loss[{k}]{mark}"] = term
        each = sum(terms, number("0"))
        if network.loss.startswith("mean_"):
            each = each / len(terms)
        if mark:
            found[f"loss{mark}"] = each
            if len(terms) == 1:  # the one term has the sample's key
                found[f"loss{mark}"] = terms[0]
        total = total + each
    found["loss"] = total / network.samples if network.reduction == "mean" else total
    return found


def activation(layer: Layer, z: Any, functions: Mapping[str, Any], number: Any) -> Any:
    """An elementwise activation of one number."""
    exp, zero = functions["exp"], number("0")
    maximum, minimum = functions["maximum"], functions["minimum"]
    match layer.activation:
        case "identity":
            return z
        case "sigmoid":
            return 1 / (1 + exp(-z))
        case "tanh":
            return functions["tanh"](z)
        case "relu":
            return maximum(zero, z)
        case "leaky_relu":
            return maximum(zero, z) + number(layer.leak) * minimum(zero, z)
        case "softplus":
            return functions["log"](1 + exp(z))
        case "silu" | "swish":
            return z / (1 + exp(-z))
        case "elu":
            return maximum(zero, z) + exp(minimum(zero, z)) - 1
        case "selu":
            grown = maximum(zero, z) + number(SELU_ALPHA) * (exp(minimum(zero, z)) - 1)
            return number(SELU_SCALE) * grown
        case "gelu_tanh":
            inner = number("0.7978845608028653558798921198687637369517172623298693153") * (
                z + number("0.044715") * z**3
            )
            return z / 2 * (1 + functions["tanh"](inner))
        case "gelu":
            return z * functions["Phi"](z)
        case "hard_sigmoid":
            return minimum(number("1"), maximum(zero, z / 6 + number("1/2")))
        case "softsign":
            return z / (1 + maximum(z, -z))
        case "step":
            return functions["heaviside"](z)
        case "bent_identity":
            return (functions["sqrt"](z * z + 1) - 1) / 2 + z
    raise ValueError(layer.activation)


SELU_SCALE, SELU_ALPHA = "1.0507009873554805", "1.6732632423543773"


def _term(loss: str, y: Any, a: Any, functions: Mapping[str, Any], number: Any) -> Any:
    exp, log, maximum = functions["exp"], functions["log"], functions["maximum"]
    match loss:
        case "half_squared_error":
            return (a - y) ** 2 / 2
        case "squared_error" | "mean_squared_error":
            return (a - y) ** 2
        case "binary_cross_entropy":
            return -(y * log(a) + (1 - y) * log(1 - a))
        case "cross_entropy":
            return -y * log(a)
        case "mean_absolute_error":
            return maximum(a - y, y - a)
        case "huber":
            inside = functions["minimum"](maximum(a - y, y - a), number("1"))
            return maximum(a - y, y - a) - inside + inside**2 / 2
        case "hinge":
            return maximum(number("0"), 1 - y * a)
        case "kl_divergence":
            return y * (log(y) - log(a))
        case "negative_log_likelihood":
            return -y * a
        case "log_cosh":
            return log((exp(a - y) + exp(y - a)) / 2)
    raise ValueError(loss)


def mp_number(text: str) -> mpmath.mpf:
    """A number's text, ``1/3`` too, at mpmath's present precision."""
    top, _, bottom = text.partition("/")
    return mpmath.mpf(top) / mpmath.mpf(bottom or "1")


MPMATH = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "tanh": mpmath.tanh,
    "maximum": max,
    "minimum": min,
    "sqrt": mpmath.sqrt,
    "heaviside": lambda x: mpmath.mpf(x > 0),
    "Phi": mpmath.ncdf,
}


def mp_forward(network: Network, moved: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The forward pass with mpmath, some parameters replaced."""
    parameters = {key: mp_number(text) for key, text in network.parameters().items()}
    return forward(network, {**parameters, **(moved or {})}, MPMATH, mp_number)


def central_differences(network: Network, digits: int = 60) -> dict[str, mpmath.mpf]:
    """dL/dp of every parameter by central differences; good to some 35 digits.

    With 60 digits and a step of 1e-20 truncation costs 1e-40 and cancellation 1e-40.
    """
    with mpmath.workdps(digits):
        h = mpmath.mpf(10) ** -20
        found = {}
        for key, text in network.parameters().items():
            ends = [
                mp_forward(network, {key: mp_number(text) + sign * h})["loss"] for sign in (1, -1)
            ]
            found[key] = (ends[0] - ends[1]) / (2 * h)
        return found


def by_torch(network: Network) -> dict[str, float]:
    """Activations, losses, all gradients and one plain update, by PyTorch's autograd.

    The keys are those of tracer; ``delta`` and ``da`` here are dL/dz and dL/da of one
    sample's loss, without 1/m.
    """
    import torch

    def tensor(rows: Sequence[Any]) -> Any:
        values = [[_float(cell) for cell in row] for row in rows]
        return torch.tensor(values, dtype=torch.float64)

    weights, masks, biases = [], [], []
    for layer in network.layers:
        filled = [[weight or "0" for weight in row] for row in layer.weights]
        weights.append(tensor(filled).requires_grad_())
        masks.append(tensor([["0" if w is None else "1" for w in row] for row in layer.weights]))
        given = [layer.biases] if isinstance(layer.biases, str) else layer.biases or []
        biases.append(tensor([given])[0].requires_grad_() if given else None)
    leaves = [leaf for leaf in (*weights, *biases) if leaf is not None]
    kept: dict[str, Any] = {}

    def run(mark: str) -> Any:
        a = tensor(network.inputs)
        for n, layer in enumerate(network.layers, 1):
            z = a @ (weights[n - 1] * masks[n - 1]).T
            if biases[n - 1] is not None:
                z = z + biases[n - 1]
            a = torch_activation(layer, z)
            kept[f"z{n}{mark}"], kept[f"a{n}{mark}"] = z, a
        terms = torch_terms(network, kept[f"z{len(network.layers)}{mark}"], a)
        mean = network.loss.startswith("mean_")
        kept[f"terms{mark}"] = terms
        kept[f"each{mark}"] = terms.mean(1) if mean else terms.sum(1)
        whole = kept[f"each{mark}"]
        return whole.mean() if network.reduction == "mean" else whole.sum()

    loss = run("")
    found = {"loss": loss.item()}
    inner = {name: value for name, value in kept.items() if name[0] in "za"}
    one_by_one = torch.autograd.grad(kept["each"].sum(), list(inner.values()), retain_graph=True)
    backward = dict(zip(inner, one_by_one, strict=True))
    for sample in range(network.samples):
        mark = network.mark(sample)
        for name, value in inner.items():
            role = {"z": "delta", "a": "da"}[name[0]]
            for i in range(value.shape[1]):
                found[f"{name}[{i + 1}]{mark}"] = value[sample, i].item()
                found[f"{role}{name[1:]}[{i + 1}]{mark}"] = backward[name][sample, i].item()
        for k in range(kept["terms"].shape[1]):
            if kept["terms"].shape[1] > 1:
                found[f"loss[{k + 1}]{mark}"] = kept["terms"][sample, k].item()
        if mark:
            single = kept["terms"].shape[1] == 1
            part = kept["terms"][sample, 0] if single else kept["each"][sample]
            found[f"loss{mark}"] = part.item()
            own = torch.autograd.grad(kept["each"][sample], leaves, retain_graph=True)
            _note(found, network, own, "d", mark)
    gradients = torch.autograd.grad(loss, leaves)
    _note(found, network, gradients, "d", "")
    with torch.no_grad():
        for leaf, gradient in zip(leaves, gradients, strict=True):
            leaf -= _float(network.rate) * gradient
        _note(found, network, leaves, "", "@1")
        found["loss@1"] = run("@1").item()
        for name, value in kept.items():
            if name.endswith("@1") and name[0] in "za":
                for sample in range(network.samples):
                    for i in range(value.shape[1]):
                        key = f"{name[:-2]}[{i + 1}]{network.mark(sample)}@1"
                        found[key] = value[sample, i].item()
    return found


def _note(
    found: dict[str, float], network: Network, values: Sequence[Any], before: str, after: str
) -> None:
    """Enter weights and biases (or what belongs to them) under their keys."""
    depth = len(network.layers)
    left = list(values[depth:])
    for n, layer in enumerate(network.layers, 1):
        for i, row in enumerate(layer.weights):
            for j, weight in enumerate(row):
                if weight is not None:
                    key = f"{before}w{n}[{i + 1},{j + 1}]{after}"
                    found[key] = values[n - 1][i, j].item()
        if layer.biases is not None:
            tensor = left.pop(0)
            for i in range(tensor.shape[0]):
                index = "" if isinstance(layer.biases, str) else f"[{i + 1}]"
                found[f"{before}b{n}{index}{after}"] = tensor[i].item()


def _float(text: str) -> float:
    top, _, bottom = text.partition("/")
    return float(top) / float(bottom or "1")


def torch_activation(layer: Layer, z: Any) -> Any:
    """PyTorch's own function for each activation."""
    import torch
    from torch.nn import functional

    match layer.activation:
        case "identity":
            return z * 1
        case "sigmoid":
            return torch.sigmoid(z)
        case "tanh":
            return torch.tanh(z)
        case "relu":
            return torch.relu(z)
        case "leaky_relu":
            return functional.leaky_relu(z, float(layer.leak))
        case "softplus":
            return functional.softplus(z, threshold=700)
        case "softmax":
            return torch.softmax(z, 1)
        case "silu" | "swish":
            return functional.silu(z)
        case "elu":
            return functional.elu(z)
        case "selu":
            return functional.selu(z)
        case "log_softmax":
            return torch.log_softmax(z, 1)
        case "gelu":
            return functional.gelu(z)
        case "gelu_tanh":
            return functional.gelu(z, approximate="tanh")
        case "hard_sigmoid":
            # hardsigmoid's own backward multiplies by 1/6 in single precision
            return functional.relu6(z + 3) / 6
        case "softsign":
            return functional.softsign(z)
        case "step":
            return (z > 0).to(z.dtype) + 0 * z
        case "bent_identity":
            return (torch.sqrt(z**2 + 1) - 1) / 2 + z
    raise ValueError(layer.activation)


def torch_terms(network: Network, z: Any, a: Any) -> Any:
    """The loss of each output of each sample."""
    import torch
    from torch.nn import functional

    y = torch.tensor([[_float(t) for t in row] for row in network.targets], dtype=torch.float64)
    match network.loss:
        case "half_squared_error":
            return functional.mse_loss(a, y, reduction="none") / 2
        case "squared_error" | "mean_squared_error":
            return functional.mse_loss(a, y, reduction="none")
        case "binary_cross_entropy":
            return functional.binary_cross_entropy(a, y, reduction="none")
        case "cross_entropy":
            return -y * torch.log(a)
        case "mean_absolute_error":
            return functional.l1_loss(a, y, reduction="none")
        case "huber":
            return functional.huber_loss(a, y, reduction="none")
        case "hinge":
            return torch.relu(1 - y * a)
        case "kl_divergence":
            return functional.kl_div(torch.log(a), y, reduction="none")
        case "negative_log_likelihood":
            return -y * a
        case "log_cosh":
            return torch.log(torch.cosh(a - y))
    raise ValueError(network.loss)
