"""What a setting is where a problem says nothing: as published, and as PyTorch has it."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.initializers import INITIALIZERS
from tracer.calculus.layers import LAYERS
from tracer.calculus.optimizers import OPTIMIZERS
from tracer.calculus.schedules import SCHEDULES

ADAM = {"rate": "0.001", "beta1": "0.9", "beta2": "0.999", "epsilon": "1e-8"}
"""Kingma and Ba (2015), algorithm 1."""
KEPT = {"beta": "0.9"}
PLAIN: dict[str, dict[str, str]] = {
    "momentum": KEPT,
    "momentum_step": KEPT,
    "momentum_subtracted": KEPT,
    "momentum_averaged": KEPT,
    "nesterov": KEPT,
    "adagrad": {"epsilon": "1e-10"},
    "adagrad_inside": {"epsilon": "1e-8"},
    "rmsprop": {**KEPT, "epsilon": "1e-8"},
    "rmsprop_inside": {**KEPT, "epsilon": "1e-8"},
    **dict.fromkeys(("adam", "adam_inside", "adam_uncorrected", "adam_uncorrected_inside"), ADAM),
    "adamw": {**ADAM, "decay": "0.01"},
    "adadelta": {"rate": "1", **KEPT, "epsilon": "1e-6"},
    "leaky_relu": {"leak": "0.01"},
    "elu": {"alpha": "1"},
    "selu": {"scale": "1.0507009873554805", "alpha": "1.6732632423543773"},
    "swish": {"beta": "1"},
    "softmax": {"temperature": "1"},
    "log_softmax": {"temperature": "1"},
    "cosine": {"last": "0"},
    "uniform": {"low": "0", "high": "1"},
    "normal": {"mean": "0", "deviation": "1"},
}
"""Of optimizers, activations, schedules and initializers; all others must be given."""

NORM = {"epsilon": "1e-5", "epsilon_place": "inside"}
ATTENTION = {"heads": 1, "scale": True, "causal": False, "biases": False, "output": False}
OF_LAYERS: dict[str, dict[str, Any]] = {
    "dropout": {"mode": "train", "inverted": True},
    "batch_norm": {**NORM, "variance": "biased", "mode": "train", "running": "unbiased"},
    "layer_norm": {**NORM, "variance": "biased"},
    "rms_norm": NORM,
    "prelu": {"shared": True},
    "maxout": {"pieces": 2},
    "tied": {"activation": "identity"},
    "conv": {"dimensions": 2, "stride": 1, "pad": 0, "activation": "identity"},
    "max_pool": {"dimensions": 2, "size": 2},
    "average_pool": {"dimensions": 2, "size": 2},
    "elman": {"activation": "tanh", "return": "all"},
    "lstm": {"return": "all"},
    "gru": {"reset": "before", "keep": "u", "return": "all"},
    "attention": ATTENTION,
    "additive_attention": {"causal": False, "biases": False, "return": "all"},
    "transformer_block": {**ATTENTION, "activation": "relu", "norm": "after", "epsilon": "1e-5"},
}
"""Vaswani et al. (2017) normalise after the sum and take relu; Cho et al. (2014) reset before."""


def test_defaults_of_functions_and_optimizers() -> None:
    """Every default of the tables is one of these, and each of these is there."""
    found = {
        name: {key: text for key, text in row.settings.items() if text is not None}
        for table in (OPTIMIZERS, ACTIVATIONS, INITIALIZERS)
        for name, row in table.items()
    }
    found["cosine"] = {k: v for k, v in SCHEDULES["cosine"].settings.items() if v is not None}
    others = set(SCHEDULES) - {"cosine"}
    assert {name: row for name, row in found.items() if row} == PLAIN
    assert not [v for name in others for v in SCHEDULES[name].settings.values() if v is not None]


def test_defaults_of_layers() -> None:
    """The same for the settings of layer types."""
    found = {
        name: {k: one.default for k, one in kind.settings.items() if one.default is not None}
        for name, kind in LAYERS.items()
    }
    assert {name: row for name, row in found.items() if row} == OF_LAYERS


SAME = [
    ("adam", "rate", "optim.Adam", "lr"),
    ("adam", "epsilon", "optim.Adam", "eps"),
    ("adamw", "decay", "optim.AdamW", "weight_decay"),
    ("adagrad", "epsilon", "optim.Adagrad", "eps"),
    ("rmsprop", "epsilon", "optim.RMSprop", "eps"),
    ("adadelta", "rate", "optim.Adadelta", "lr"),
    ("adadelta", "beta", "optim.Adadelta", "rho"),
    ("adadelta", "epsilon", "optim.Adadelta", "eps"),
    ("leaky_relu", "leak", "nn.LeakyReLU", "negative_slope"),
    ("elu", "alpha", "nn.ELU", "alpha"),
    ("layer_norm", "epsilon", "nn.LayerNorm", "eps"),
    ("batch_norm", "epsilon", "nn.BatchNorm1d", "eps"),
    ("conv", "stride", "nn.Conv2d", "stride"),
    ("conv", "pad", "nn.Conv2d", "padding"),
    ("transformer_block", "epsilon", "nn.TransformerEncoderLayer", "layer_norm_eps"),
]


@pytest.mark.parametrize(("name", "setting", "theirs", "parameter"), SAME)
def test_defaults_are_pytorchs(name: str, setting: str, theirs: str, parameter: str) -> None:
    """Its signatures say the same numbers."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    group, kind = theirs.split(".")
    signature = inspect.signature(getattr(getattr(torch, group), kind).__init__)
    own = (OF_LAYERS if name in OF_LAYERS else PLAIN)[name][setting]
    assert float(own) == signature.parameters[parameter].default
