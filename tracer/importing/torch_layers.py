"""Layers of other types than dense in PyTorch: recurrent cells, attention, convolution, norms.

Takes a problem's layers; gives the forward pass by PyTorch's own functions, over the leaves
that `torch_leaves` makes.  Where a framework has habits of its own, they are followed, unless
the numbers are to be exactly the problem's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracer.calculus.layers.placing import Placed
from tracer.calculus.layers.wiring import wired
from tracer.errors import ProblemError
from tracer.importing.torch_cells import Cells
from tracer.importing.torch_leaves import nested
from tracer.model.layer import Layer
from tracer.model.problem import Dense, Problem, as_number

_IMAGES = ("conv", "max_pool", "average_pool")
_PLAIN = ("inside", "biased")
"""Epsilon under the root, the variance divided by the count: the normalisation that PyTorch has."""


class Layers:
    """The forward pass of a network of layers.

    Args:
        torch: the package.
        problem: its layers.
        parameters: what `leaves` gives.
        activation: a function by its name and settings.
        exactly: just what the problem says, or PyTorch's habits.
    """

    def __init__(
        self,
        torch: Any,
        problem: Problem,
        parameters: Mapping[str, Any],
        activation: Callable[[Any, Any, Any], Any],
        exactly: bool,
    ) -> None:
        self.torch, self.functional = torch, torch.nn.functional
        self.problem = problem
        self.parameters = parameters
        self.activation = activation
        self.exactly = exactly
        self.cells = Cells(torch, activation, exactly)

    def __call__(self, samples: Sequence[int]) -> tuple[Any, Any]:
        """The outputs of some samples, and the sums of a last dense layer."""
        outputs = {0: self.inputs(samples)}
        z = outputs[0]
        for placed in wired(self.problem.layers, self.problem.inputs):
            parts = [outputs[number] for number in placed.sources]
            axis = 1 if placed.comes.kind == "image" else -1
            x = self.torch.cat(parts, axis) if placed.layer.combine == "concat" else sum(parts)
            z = self.dense(placed, x) if isinstance(placed.layer, Dense) else x
            outputs[placed.number] = (
                self.activation(placed.layer.activation, placed.layer.settings, z)
                if isinstance(placed.layer, Dense)
                else self.layer(placed, x, samples)
            )
        return outputs[len(self.problem.layers)], z

    def inputs(self, samples: Sequence[int]) -> Any:
        rows = [nested(self.problem.inputs[sample - 1]) for sample in samples]
        first = next(p for p in wired(self.problem.layers, self.problem.inputs) if 0 in p.sources)
        if first.comes.kind == "numbers":
            return self.torch.tensor(rows).long() - 1
        x = self.torch.tensor(rows, dtype=self.torch.float64)
        if first.comes.kind == "image":
            return x.reshape(len(rows), *first.comes.sizes)
        return x

    def dense(self, placed: Placed, x: Any) -> Any:
        """The sums of a dense layer; a connection that is not there has no weight."""
        layer, weight = placed.layer, self.parameters[f"w{placed.number}"]
        told = [[text is not None for text in row] for row in layer.weights]
        weight = weight * self.torch.tensor(told, dtype=weight.dtype)
        z = (x.flatten(1) if placed.comes.kind == "image" else x) @ weight.T
        bias = self.parameters.get(f"b{placed.number}")
        return z if bias is None else z + bias

    def layer(self, placed: Placed, x: Any, samples: Sequence[int]) -> Any:
        """What a layer of the layers table gives."""
        layer = placed.layer
        assert isinstance(layer, Layer)
        base = f"{layer.type}{placed.number}."
        p = {k[len(base) :]: v for k, v in self.parameters.items() if k.startswith(base)}
        s = dict(placed.settings or {})
        if layer.type == "dropout" and s["mode"] == "train" and placed.recipe is not None:
            masks = placed.recipe.masks["mask"]
            s["mask"] = [masks[sample - 1] for sample in samples]
        if placed.recipe is not None and placed.recipe.patterns:
            seen = placed.recipe.patterns["mask"]
            rows = self.torch.tensor([nested(seen[sample - 1]) for sample in samples])
            s["seen"] = rows.bool()
        functional, how = self.functional, getattr(self, f"_{layer.type}", None)
        if layer.type.endswith("_norm"):
            self.check_plain(s)
        if how is not None:
            return how(p, s, x)
        if layer.type in _IMAGES:
            return self.image(layer.type, p, s, x)
        if layer.type == "layer_norm":
            return functional.layer_norm(x, x.shape[-1:], p["gamma"], p["beta"], number_of(s))
        if layer.type == "rms_norm":
            return functional.rms_norm(x, x.shape[-1:], p["gamma"], number_of(s))
        match layer.type:
            case "residual":
                return x
            case "activation":
                return self.activation(s["function"], {}, x)
            case "flatten":
                return x.flatten(1)
            case "embedding":
                return functional.embedding(x, p["E"])
            case "prelu":
                return functional.prelu(x.movedim(-1, 1), p["slope"].reshape(-1)).movedim(1, -1)
            case "elman" | "lstm" | "gru":
                return self.cells(layer, p, s, x)
        raise ProblemError(f"PyTorch has nothing to compare a layer '{layer.type}' with")

    def check_plain(self, s: Mapping[str, Any]) -> None:
        """Refuse to do exactly what PyTorch has not.

        Raises:
            ProblemError: for a normalisation of another form.
        """
        told = (s.get("epsilon_place", "inside"), s.get("variance", "biased"))
        if self.exactly and told != _PLAIN:
            raise ProblemError(f"PyTorch has no normalisation with {told[0]} epsilon, {told[1]}")

    # --- one method for each type that takes more than a line ---------------------------------

    def _dropout(self, p: Any, s: Any, x: Any) -> Any:
        rate, inverted = float(as_number(str(s["rate"]))), s["inverted"] or not self.exactly
        if s["mode"] == "test":
            return x if inverted else x * (1 - rate)
        mask = self.torch.tensor(nested(s["mask"]), dtype=x.dtype)
        return x * mask / (1 - rate) if inverted else x * mask

    def _batch_norm(self, p: Any, s: Any, x: Any) -> Any:
        training = s["mode"] == "train"
        running = (
            (None, None)
            if training
            else tuple(
                self.torch.tensor(nested(s[f"running_{name}"]), dtype=x.dtype)
                for name in ("mean", "variance")
            )
        )
        return self.functional.batch_norm(
            x, *running, p["gamma"], p["beta"], training, eps=number_of(s)
        )

    def _maxout(self, p: Any, s: Any, x: Any) -> Any:
        sums = self.torch.einsum("kui,...i->k...u", p["W"], x)
        if "b" in p:
            sums = sums + p["b"].reshape(p["b"].shape[0], *[1] * (x.dim() - 1), -1)
        return sums.amax(0)

    def _tied(self, p: Any, s: Any, x: Any) -> Any:
        names = [one.name or f"dense{n}" for n, one in enumerate(self.problem.layers, 1)]
        z = x @ self.parameters[f"w{names.index(s['to']) + 1}"]
        return self.activation(s["activation"], {}, z + p["b"] if "b" in p else z)

    def _attention(self, p: Any, s: Any, x: Any) -> Any:
        return self.attended(s, p, x)

    def _additive_attention(self, p: Any, s: Any, x: Any) -> Any:
        q, k = x @ p["Wq"], x @ p["Wk"]
        scores = self.torch.tanh(q[:, :, None] + k[:, None]) @ p["v"]
        last = s["return"] == "last"
        if last:
            scores = scores[:, -1:]
        elif s["causal"] and "seen" not in s:
            hidden = self.torch.ones_like(scores).triu(1).bool()
            scores = scores.masked_fill(hidden, -self.torch.inf)
        if "seen" in s:
            seen = s["seen"][:, None] if last else s["seen"]
            scores = scores.masked_fill(~seen, -self.torch.inf)
        out = self.torch.softmax(scores, -1) @ x
        return out[:, 0] if last else out

    def _transformer_block(self, p: Any, s: Any, x: Any) -> Any:
        def norm(which: int, rows: Any) -> Any:
            gamma, beta = p["gamma"][which], p["beta"][which]
            return self.functional.layer_norm(rows, rows.shape[-1:], gamma, beta, number_of(s))

        def fed(rows: Any) -> Any:
            inner = self.activation(s["activation"], {}, rows @ p["W1"] + p["b1"])
            return inner @ p["W2"] + p["b2"]

        if s["norm"] == "before":
            r = x + self.attended(s, p, norm(0, x))
            return r + fed(norm(1, r))
        n = norm(0, x + self.attended(s, p, x))
        return norm(1, n + fed(n))

    def attended(self, s: Any, p: Any, x: Any) -> Any:
        """Scaled dot-product attention by PyTorch's own function, head by head."""
        heads, scale = s["heads"], None if s["scale"] or not self.exactly else 1.0

        def of(name: str, head: int) -> Any:
            weight, bias = p[f"W{name}"], p.get(f"b{name}")
            rows = x @ (weight[head] if heads > 1 else weight)
            return rows if bias is None else rows + (bias[head] if heads > 1 else bias)

        whole = [
            self.functional.scaled_dot_product_attention(
                *(of(name, head) for name in "qkv"),
                attn_mask=s.get("seen"),
                is_causal=s["causal"] and "seen" not in s,
                scale=scale,
            )
            for head in range(heads)
        ]
        if "Wo" not in p:
            return whole[0]
        out = self.torch.cat(whole, -1) @ p["Wo"].reshape(-1, p["Wo"].shape[-1])
        return out + p["bo"] if "bo" in p else out

    def image(self, kind: str, p: Any, s: Any, x: Any) -> Any:
        """Convolution and pooling, in one or two dimensions."""
        axes = x.dim() - 2
        if kind == "conv":
            size = p["K"].shape[-axes:]
            kernel = p["K"].reshape(-1, x.shape[1], *size)
            bias = p["b"].reshape(-1) if "b" in p else None
            conv = self.functional.conv1d if axes == 1 else self.functional.conv2d
            z = conv(x, kernel, bias, s["stride"], s["pad"])
            return self.activation(s["activation"], {}, z)
        word = "max_pool" if kind == "max_pool" else "avg_pool"
        pool = getattr(self.functional, f"{word}{axes}d")
        return pool(x, s["size"], s["stride"] or s["size"])


def number_of(settings: Mapping[str, Any]) -> float:
    """A layer's epsilon."""
    return float(as_number(str(settings["epsilon"])))
