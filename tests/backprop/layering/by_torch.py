"""The cases built with PyTorch: its own layers where it has them, tensor operations elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")
functional = torch.nn.functional

ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "identity": lambda z: z,
}


def tensor(value: Any) -> torch.Tensor:
    """Nested lists of number texts as double precision."""
    return torch.tensor(_floats(value), dtype=torch.float64)


def _floats(value: Any) -> Any:
    return [_floats(part) for part in value] if isinstance(value, list) else float(value)


SETTINGS = (
    *("type", "name", "from", "combine", "units", "activation", "rate", "mask", "mode", "inverted"),
    *("epsilon", "running_mean", "running_variance", "shared", "pieces", "biases", "to", "pad"),
    *("stride", "dimensions", "size", "filters", "return", "initial_h", "initial_c", "reset"),
    *("keep", "heads", "causal", "scale", "hidden", "norm", "output", "truncate", "padding"),
    "function",
)


class Model:
    """One case; its parameters are leaves, by the names of tracer's arrays."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.parameters: dict[str, torch.Tensor] = {}
        for place, layer in enumerate(data["layers"], 1):
            kind = layer.get("type", "dense")
            for name, told in layer.items():
                if kind == "dense" and name in ("weights", "biases"):
                    self.parameters[f"{name[0]}{place}"] = tensor(told).requires_grad_()
                elif kind != "dense" and name not in SETTINGS:
                    leaf = tensor(told).requires_grad_()
                    self.parameters[f"{kind}{place}.{name}"] = leaf

    def loss(self) -> torch.Tensor:
        """Half the squared error."""
        x = self.data["inputs"]
        first = self.data["layers"][0].get("type")
        values = (
            torch.tensor([[int(n) - 1 for n in row] for row in x])
            if first == "embedding"
            else tensor(x)
        )
        if first == "conv":
            axes = self.data["layers"][0].get("dimensions", 2)
            values = values if values.dim() == axes + 2 else values.unsqueeze(1)
        outputs, before = {"inputs": values}, "inputs"
        for place, layer in enumerate(self.data["layers"], 1):
            told = layer.get("from", [])
            sources = [told] if isinstance(told, str) else list(told)
            kind = layer.get("type", "dense")
            if not sources or (kind == "residual" and before not in sources):
                sources = [before, *sources]
            parts = [outputs[name] for name in sources]
            joined = torch.cat(parts, -1) if layer.get("combine") == "concat" else sum(parts)
            before = layer.get("name", f"{kind}{place}")
            outputs[before] = self.layer(kind, layer, place, joined)
        return self.error(outputs[before])

    def error(self, output: torch.Tensor) -> torch.Tensor:
        loss = (output - tensor(self.data["targets"])).square().sum() / 2
        if self.data["reduction"].get("time") == "mean":
            loss = loss / output.shape[1]
        return loss / output.shape[0]

    def layer(
        self, kind: str, layer: Mapping[str, Any], place: int, x: torch.Tensor
    ) -> torch.Tensor:
        p = {
            name.partition(".")[2]: value
            for name, value in self.parameters.items()
            if name.startswith(f"{kind}{place}.")
        }
        function = ACTIVATIONS[layer.get("activation", "identity")]
        match kind:
            case "dense":
                if x.dim() == 4 or (x.dim() == 3 and self.is_image(place)):
                    x = x.flatten(1)
                weight, bias = self.parameters[f"w{place}"], self.parameters[f"b{place}"]
                return function(functional.linear(x, weight, bias))
            case "dropout":
                return self.dropout(layer, x)
            case "batch_norm":
                training = layer.get("mode", "train") == "train"
                running = (
                    ()
                    if training
                    else (tensor(layer["running_mean"]), tensor(layer["running_variance"]))
                )
                mean, variance = running or (None, None)
                return functional.batch_norm(
                    x,
                    mean,
                    variance,
                    p["gamma"],
                    p["beta"],
                    training,
                    eps=float(layer.get("epsilon", 1e-5)),
                )
            case "layer_norm":
                return functional.layer_norm(
                    x, x.shape[-1:], p["gamma"], p["beta"], float(layer.get("epsilon", 1e-5))
                )
            case "rms_norm":
                return functional.rms_norm(
                    x, x.shape[-1:], p["gamma"], float(layer.get("epsilon", 1e-5))
                )
            case "prelu":
                return functional.prelu(x, p["slope"].reshape(-1))
            case "activation":
                return ACTIVATIONS[layer["function"]](x)
            case "maxout":
                sums = torch.einsum("kui,bi->bku", p["W"], x)
                return (sums + p["b"] if "b" in p else sums).amax(1)
            case "residual":
                return x
            case "tied":
                return function(x @ self.parameters["w1"] + p["b"])
            case "flatten":
                return x.flatten(1)
            case "conv":
                return function(self.conv(layer, p, x))
            case "max_pool" | "average_pool":
                size = layer.get("size", 2)
                one = x.dim() == 3
                if kind == "max_pool":
                    pool = functional.max_pool1d if one else functional.max_pool2d
                else:
                    pool = functional.avg_pool1d if one else functional.avg_pool2d
                return pool(x, size, layer.get("stride", size))
            case "embedding":
                return functional.embedding(x, p["E"])
            case "elman" | "lstm" | "gru":
                return self.recurrent(kind, layer, p, x)
            case "attention":
                return attended(layer, p, x)
            case "additive_attention":
                return additive(layer, p, x)
        return block(layer, p, x)

    def is_image(self, place: int) -> bool:
        return self.data["layers"][place - 2].get("type") in ("conv", "max_pool", "average_pool")

    @staticmethod
    def dropout(layer: Mapping[str, Any], x: torch.Tensor) -> torch.Tensor:
        rate, inverted = float(layer["rate"]), layer.get("inverted", True)
        if layer.get("mode") == "test":
            return x if inverted else x * (1 - rate)
        kept = x * tensor(layer["mask"])
        return kept / (1 - rate) if inverted else kept

    @staticmethod
    def conv(
        layer: Mapping[str, Any], p: Mapping[str, torch.Tensor], x: torch.Tensor
    ) -> torch.Tensor:
        axes, channels = layer.get("dimensions", 2), x.shape[1]
        kernel = p["K"]
        size = kernel.shape[-axes:]
        kernel = kernel.reshape(-1, channels, *size)
        bias = p["b"].reshape(-1) if "b" in p else None
        function = functional.conv1d if axes == 1 else functional.conv2d
        return function(x, kernel, bias, layer.get("stride", 1), layer.get("pad", 0))

    @staticmethod
    def recurrent(
        kind: str, layer: Mapping[str, Any], p: Mapping[str, torch.Tensor], x: torch.Tensor
    ) -> torch.Tensor:
        """Cells that PyTorch has, by its own functions; the GRU's other forms by hand."""
        units, samples = layer["units"], x.shape[0]

        def start(name: str) -> torch.Tensor:
            told = layer.get(f"initial_{name}")
            row = tensor(told) if told else torch.zeros(units, dtype=torch.float64)
            return row.expand(samples, units)

        h, c = start("h"), start("c")
        zero = torch.zeros(units, dtype=torch.float64)
        states = []
        for step in x.unbind(1):
            if kind == "elman":
                cell = ACTIVATIONS[layer.get("activation", "tanh")]
                h = cell(step @ p["W"].T + h @ p["U"].T + p["b"])
            elif kind == "lstm":  # PyTorch's order of gates is i, f, g, o
                w, u, b = (torch.cat([p[f"{k}{g}"] for g in "ifgo"]) for k in "WUb")
                h, c = torch.lstm_cell(step, (h, c), w, u, b, torch.zeros_like(b))
            else:
                h = gru_step(layer, p, step, h, zero)
            states.append(h)
        return h if layer.get("return") == "last" else torch.stack(states, 1)


def gru_step(
    layer: Mapping[str, Any],
    p: Mapping[str, torch.Tensor],
    x: torch.Tensor,
    h: torch.Tensor,
    zero: torch.Tensor,
) -> torch.Tensor:
    """One step; PyTorch's cell where the reset gate acts after the weights."""
    sign = 1.0 if layer.get("keep", "u") == "u" else -1.0  # 1 - u is the gate of -z
    if layer.get("reset") == "after":
        w = torch.cat([p["Wr"], sign * p["Wu"], p["Wn"]])
        u = torch.cat([p["Ur"], sign * p["Uu"], p["Un"]])
        b = torch.cat([p["br"], sign * p["bu"], p["bn"]])
        hidden = torch.cat([zero, zero, p.get("bm", zero)])
        return torch.gru_cell(x, h, w, u, b, hidden)
    r = torch.sigmoid(x @ p["Wr"].T + h @ p["Ur"].T + p["br"])
    z = torch.sigmoid(sign * (x @ p["Wu"].T + h @ p["Uu"].T + p["bu"]))
    n = torch.tanh(x @ p["Wn"].T + (r * h) @ p["Un"].T + p["bn"])
    return torch.lerp(n, h, z)


def shown(layer: Mapping[str, Any], x: torch.Tensor) -> torch.Tensor | None:
    """What each token sees, (samples, tokens, tokens); None: everything."""
    if not any(layer.get(name) for name in ("mask", "padding", "causal")):
        return None
    steps = x.shape[1]
    found = torch.ones(x.shape[0], steps, steps, dtype=torch.bool)
    if "mask" in layer:
        mask = tensor(layer["mask"])
        found &= mask == 0 if torch.isinf(mask).any() else mask == 1
    if "padding" in layer:
        there = tensor(layer["padding"]) == 1
        found &= there.expand(x.shape[0], steps)[:, None]
    return found.tril() if layer.get("causal") else found


def attended(
    layer: Mapping[str, Any], p: Mapping[str, torch.Tensor], x: torch.Tensor
) -> torch.Tensor:
    """Scaled dot-product attention by PyTorch's own function, head by head."""
    heads = layer.get("heads", 1)
    whole: Iterable[torch.Tensor] = [
        functional.scaled_dot_product_attention(
            *(x @ (p[name][head] if heads > 1 else p[name]) for name in ("Wq", "Wk", "Wv")),
            attn_mask=shown(layer, x),
        )
        for head in range(heads)
    ]
    if "Wo" not in p:
        return next(iter(whole))
    mix = p["Wo"].reshape(-1, p["Wo"].shape[-1])
    return torch.cat(list(whole), -1) @ mix


def additive(
    layer: Mapping[str, Any], p: Mapping[str, torch.Tensor], x: torch.Tensor
) -> torch.Tensor:
    q, k = x @ p["Wq"], x @ p["Wk"]
    scores = torch.tanh(q[:, :, None] + k[:, None]) @ p["v"]
    if layer.get("return") == "last":
        scores = scores[:, -1:]
    mask = shown(layer, x)
    if mask is not None:
        rows = mask[:, -1:] if layer.get("return") == "last" else mask
        scores = scores.masked_fill(~rows, -torch.inf)
    out = torch.softmax(scores, -1) @ x
    return out[:, 0] if layer.get("return") == "last" else out


def block(layer: Mapping[str, Any], p: Mapping[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    function = ACTIVATIONS[layer.get("activation", "relu")]

    def norm(which: int, rows: torch.Tensor) -> torch.Tensor:
        return functional.layer_norm(rows, rows.shape[-1:], p["gamma"][which], p["beta"][which])

    def fed(rows: torch.Tensor) -> torch.Tensor:
        return function(rows @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]

    if layer.get("norm") == "before":
        r = x + attended(layer, p, norm(0, x))
        return r + fed(norm(1, r))
    n = norm(0, x + attended(layer, p, x))
    return norm(1, n + fed(n))
