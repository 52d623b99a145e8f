"""Tiny networks with every layer type, in front of a dense output where that can be.

The shapes of parameters are written down here, type by type, as the literature has them;
the numbers are drawn from a seed.  `CASES` is held against the table of layers, so that no
type escapes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

from tracer.files.problem_text import load_text
from tracer.model.problem import Problem

Data = dict[str, Any]
Draw = Callable[..., Any]


def _draw(seed: int) -> Draw:
    """Nested lists of number texts of a shape."""
    random = Random(seed)

    def of(*shape: int) -> Any:
        if not shape:
            return f"{random.uniform(-1, 1):.2f}"
        return [of(*shape[1:]) for _ in range(shape[0])]

    return of


def _dense(d: Draw, units: int, inputs: int, activation: str = "identity", **more: Any) -> Data:
    return {
        "activation": activation,
        "weights": d(units, inputs),
        "biases": d(units),
        **more,
    }


def _gates(d: Draw, names: str, units: int, inputs: int) -> Data:
    found: Data = {}
    for name in names:
        found |= {f"W{name}": d(units, inputs), f"U{name}": d(units, units), f"b{name}": d(units)}
    return found


def _heads(d: Draw, width: int, heads: int, each: int) -> Data:
    lead = (heads,) if heads > 1 else ()
    found = {name: d(*lead, width, each) for name in ("Wq", "Wk", "Wv")}
    return found | ({"Wo": d(*lead, each, width)} if heads > 1 else {})


def _block(d: Draw, width: int, hidden: int, heads: int = 1, **more: Any) -> Data:
    return {
        "type": "transformer_block",
        "hidden": hidden,
        **({"heads": heads} if heads > 1 else {}),
        **_heads(d, width, heads, width // heads),
        "gamma": d(2, width),
        "beta": d(2, width),
        "W1": d(width, hidden),
        "b1": d(hidden),
        "W2": d(hidden, width),
        "b2": d(width),
        **more,
    }


MEAN = {"batch": "mean"}


def _cases(d: Draw) -> dict[str, list[Data]]:
    """For each type some networks: inputs, targets, layers, and the reduction."""

    def net(inputs: Any, targets: Any, *layers: Data, **reduction: str) -> Data:
        return {
            "inputs": inputs,
            "targets": targets,
            "layers": list(layers),
            "reduction": {"batch": "mean", **reduction},
        }

    units, one = (d(2, 3), d(2, 2)), (d(1, 3), d(1, 2))
    steps, last = (d(2, 3, 2), d(2, 3, 2)), (d(2, 3, 2), d(2, 2))
    first = _dense(d, 3, 3, "tanh")
    end = _dense(d, 2, 3)
    after = _dense(d, 2, 2)
    return {
        "dropout": [
            net(*units, first, {"type": "dropout", "rate": "0.5", "mask": ["1", "0", "1"]}, end),
            net(
                *units,
                first,
                {
                    "type": "dropout",
                    "rate": "0.2",
                    "inverted": False,
                    "mask": [["1", "0", "1"], ["0", "1", "1"]],
                },
                end,
            ),
            net(*units, first, {"type": "dropout", "rate": "0.5", "mode": "test"}, end),
            net(
                *units,
                first,
                {"type": "dropout", "rate": "0.5", "mode": "test", "inverted": False},
                end,
            ),
        ],
        "batch_norm": [
            net(
                d(3, 3),
                d(3, 2),
                first,
                {"type": "batch_norm", "gamma": d(3), "beta": d(3), "epsilon": "0.01"},
                end,
            ),
            net(
                *units,
                first,
                {
                    "type": "batch_norm",
                    "mode": "test",
                    "running_mean": d(3),
                    "running_variance": ["0.5", "1", "2"],
                    "gamma": d(3),
                    "beta": d(3),
                },
                end,
            ),
        ],
        "layer_norm": [
            net(*units, first, {"type": "layer_norm", "gamma": d(3), "beta": d(3)}, end),
            net(
                *steps,
                {"type": "layer_norm", "gamma": d(2), "beta": d(2), "epsilon": "0.01"},
                after,
            ),
        ],
        "rms_norm": [net(*one, first, {"type": "rms_norm", "gamma": d(3)}, end)],
        "prelu": [
            net(*units, _dense(d, 3, 3), {"type": "prelu", "slope": "0.3"}, end),
            net(*units, _dense(d, 3, 3), {"type": "prelu", "shared": False, "slope": d(3)}, end),
        ],
        "maxout": [
            net(*units, {"type": "maxout", "units": 3, "W": d(2, 3, 3), "b": d(2, 3)}, end),
            net(
                *one,
                {"type": "maxout", "units": 3, "pieces": 3, "biases": False, "W": d(3, 3, 3)},
                end,
            ),
        ],
        "residual": [
            net(
                *units,
                {**first, "name": "entry"},
                _dense(d, 3, 3, "sigmoid"),
                {"type": "residual", "from": "entry"},
                end,
            ),
            net(
                *units,
                {"type": "residual", "from": ["inputs"]},
                {**_dense(d, 2, 3, "tanh"), "name": "left"},
                {**_dense(d, 2, 5), "from": ["left", "inputs"], "combine": "concat"},
            ),
        ],
        "tied": [
            net(
                d(2, 3),
                d(2, 3),
                {**_dense(d, 2, 3, "sigmoid"), "name": "encoder"},
                {"type": "tied", "to": "encoder", "b": d(3), "activation": "sigmoid"},
            ),
        ],
        "flatten": [
            net(
                *last,
                {"type": "elman", "units": 2, **_gates(d, " ", 2, 2)},
                {"type": "flatten"},
                _dense(d, 2, 6),
            ),
        ],
        "conv": [
            net(
                d(2, 4, 4),
                d(2, 2),
                {"type": "conv", "K": d(2, 2), "b": d(), "activation": "tanh"},
                {"type": "flatten"},
                _dense(d, 2, 9),
            ),
            net(
                d(1, 2, 4, 4),
                d(1, 2),
                {"type": "conv", "K": d(2, 2, 2, 2), "b": d(2), "stride": 2, "pad": 1},
                _dense(d, 2, 18),
            ),
            net(
                d(2, 6),
                d(2, 2),
                {"type": "conv", "dimensions": 1, "K": d(3), "biases": False},
                _dense(d, 2, 4),
            ),
        ],
        "max_pool": [
            net(
                d(2, 5, 5),
                d(2, 2),
                {"type": "conv", "K": d(2, 2), "b": d()},
                {"type": "max_pool", "size": 2, "stride": 1},
                _dense(d, 2, 9),
            ),
            net(
                d(1, 2, 6),
                d(1, 2),
                {"type": "conv", "dimensions": 1, "K": d(3, 2, 3), "b": d(3)},
                {"type": "max_pool", "dimensions": 1},
                _dense(d, 2, 6),
            ),
        ],
        "average_pool": [
            net(
                d(2, 4, 4),
                d(2, 2),
                {"type": "conv", "K": d(2, 3, 3), "b": d(2), "pad": 1, "activation": "sigmoid"},
                {"type": "average_pool"},
                _dense(d, 2, 8),
            ),
        ],
        "embedding": [
            net(
                [["1", "3"], ["2", "3"]],
                d(2, 2, 2),
                {"type": "embedding", "units": 3, "E": d(3, 3)},
                end,
                time="mean",
            ),
        ],
        "elman": [
            net(*steps, {"type": "elman", "units": 3, **_gates(d, " ", 3, 2)}, end),
            net(
                *last,
                {
                    "type": "elman",
                    "units": 3,
                    "return": "last",
                    "activation": "sigmoid",
                    "initial_h": d(3),
                    **_gates(d, " ", 3, 2),
                },
                end,
            ),
        ],
        "lstm": [
            net(
                *last,
                {"type": "lstm", "units": 3, "return": "last", **_gates(d, "ifog", 3, 2)},
                end,
            ),
            net(
                d(1, 3, 2),
                d(1, 3, 1),
                {
                    "type": "lstm",
                    "units": 1,
                    "initial_h": d(1),
                    "initial_c": d(1),
                    **_gates(d, "ifog", 1, 2),
                },
                time="mean",
            ),
        ],
        "gru": [
            net(*steps, {"type": "gru", "units": 3, **_gates(d, "run", 3, 2)}, end),
            net(
                *last,
                {
                    "type": "gru",
                    "units": 3,
                    "return": "last",
                    "reset": "after",
                    "keep": "1-u",
                    "initial_h": d(3),
                    "bm": d(3),
                    **_gates(d, "run", 3, 2),
                },
                end,
            ),
        ],
        "attention": [
            net(*steps, {"type": "attention", **_heads(d, 2, 1, 2)}, after),
            net(
                d(1, 3, 4),
                d(1, 3, 4),
                {"type": "attention", "heads": 2, "causal": True, **_heads(d, 4, 2, 2)},
            ),
        ],
        "additive_attention": [
            net(
                *steps,
                {
                    "type": "additive_attention",
                    "hidden": 3,
                    "causal": True,
                    "Wq": d(2, 3),
                    "Wk": d(2, 3),
                    "v": d(3),
                },
                after,
            ),
            net(
                *last,
                {
                    "type": "additive_attention",
                    "hidden": 2,
                    "return": "last",
                    "Wq": d(2, 2),
                    "Wk": d(2, 2),
                    "v": d(2),
                },
                after,
            ),
            net(
                *last,
                {
                    "type": "additive_attention",
                    "hidden": 2,
                    "return": "last",
                    "Wq": d(2, 2),
                    "Wk": d(2, 2),
                    "v": d(2),
                },
            ),
        ],
        "transformer_block": [
            net(d(1, 3, 4), d(1, 3, 4), _block(d, 4, 3, causal=True)),
            net(d(2, 2, 2), d(2, 2, 2), _block(d, 2, 3, 2, norm="before", activation="tanh")),
        ],
        "activation": [
            net(
                d(3, 3),
                d(3, 2),
                {**_dense(d, 3, 3), "name": "entry"},
                {"type": "batch_norm", "gamma": d(3), "beta": d(3), "epsilon": "0.01"},
                {"type": "activation", "function": "tanh"},
                {"type": "residual", "from": "entry"},
                {"type": "activation", "function": "relu"},
                end,
            ),
            net(
                *steps,
                {"type": "layer_norm", "gamma": d(2), "beta": d(2)},
                {"type": "activation", "function": "sigmoid"},
                after,
            ),
        ],
    }


SEES = [["1", "1", "0"], ["0", "1", "1"], ["1", "0", "1"]]
"""Which token (row) sees which (column)."""
ADDED = [["0", "0", "-inf"], ["-inf", "0", "0"], ["0", "-inf", "0"]]
"""The same, as it is added to scores."""
PADDED = [["1", "1", "0"], ["1", "1", "1"]]
"""The first of two samples is a token shorter."""


def _masked(d: Draw) -> dict[str, list[Data]]:
    """Attention with masks of its own."""

    def net(layer: Data) -> Data:
        told = {"inputs": d(2, 3, 2), "targets": d(2, 3, 2), "reduction": {"batch": "mean"}}
        return {**told, "layers": [layer]}

    additive = {"type": "additive_attention", "hidden": 2}
    last = net({**additive, "Wq": d(2, 2), "Wk": d(2, 2), "v": d(2)})
    return {
        "attention": [
            net({"type": "attention", "heads": 2, "mask": SEES, **_heads(d, 2, 2, 1)}),
            net({"type": "attention", "mask": [ADDED, SEES_BUT], **_heads(d, 2, 1, 2)}),
            net({"type": "attention", "causal": True, "padding": PADDED, **_heads(d, 2, 1, 2)}),
        ],
        "additive_attention": [
            net({**additive, "mask": SEES, "Wq": d(2, 2), "Wk": d(2, 2), "v": d(2)}),
            {
                **last,
                "targets": d(2, 2),
                "layers": [{**last["layers"][0], "return": "last", "padding": PADDED}],
            },
        ],
        "transformer_block": [
            net({**_block(d, 2, 3), "mask": SEES, "padding": ["1", "1", "1"]}),
        ],
    }


SEES_BUT = [["0", "-inf", "0"], ["0", "0", "0"], ["-inf", "-inf", "0"]]
"""Another sample's mask, as it is added."""


def _named(layer: Data) -> Data:
    """A cell with one gate alone has letters without a name behind them."""
    return {name.strip(): told for name, told in layer.items()}


def _network(data: Data) -> Data:
    learning = {"loss": "half_squared_error", "optimizer": {"gradient_descent": {"rate": "0.1"}}}
    return {**data, "layers": [_named(layer) for layer in data["layers"]], **learning}


CASES: dict[str, list[Data]] = {
    kind: [_network(data) for data in found] for kind, found in _cases(_draw(11)).items()
}
"""By layer type; each as plain data, as a YAML reader would give it."""
for _kind, _found in _masked(_draw(12)).items():
    CASES[_kind] += [_network(data) for data in _found]

NAMED: dict[str, Data] = {
    f"{kind}-{place}": data for kind, found in CASES.items() for place, data in enumerate(found, 1)
}


def problem_of(name: str, **more: Any) -> Problem:
    """The problem of a case, read like any file."""
    return load_text(text_of(NAMED[name], **more), f"{name}.json")


def text_of(data: Data, **more: Any) -> str:
    """The problem file (JSON is YAML)."""
    return json.dumps({**data, **more})
