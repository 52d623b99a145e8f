"""A transformer block: attention and a feed-forward network, each with residual and norm.

Takes the facts of a layer; gives the lines of the block over one sample's matrix of tokens,
with the norms after each residual or before each part.  The parts are numbered in their
names (``mean_1``, ``gamma_2``).  Read by the table of layers.
"""

from __future__ import annotations

from tracer.calculus.layers.attention import (
    BIASES,
    HEADS,
    PROJECTIONS,
    head_lines,
    head_parameters,
)
from tracer.calculus.layers.kinds import Facts, LayerType, Parameter, Recipe, Setting
from tracer.calculus.layers.normalising import EPSILON
from tracer.calculus.layers.patterns import patterns


def _norm(number: int, of: str, gives: str) -> tuple[str, ...]:
    """Layer normalisation of each token, its lines numbered."""
    mean, centred, variance, deviation = (
        f"{name}_{number}" for name in ("mean", "centred", "variance", "deviation")
    )
    return (
        f"{mean} = mean({of}, axis=1)",
        f"{centred} = {of} - {mean}",
        f"{variance} = mean({centred}**2, axis=1)",
        f"{deviation} = sqrt({variance} + epsilon)",
        f"{gives} = gamma_{number}*({centred}/{deviation}) + beta_{number}",
    )


def recipe(of: Facts) -> Recipe:
    """Attention, residual, norm; feed-forward, residual, norm (or the norms before)."""
    width, hidden = of.inputs, of.settings["hidden"] or 4 * of.inputs
    inner = ("z = n_2 @ W1 + b1", f"f = {of.settings['activation']}(z)")
    if of.settings["norm"] == "before":
        first = tuple(line.replace("x @", "n_1 @") for line in head_lines(of, width, "attended"))
        lines = (
            *_norm(1, "x", "n_1"),
            *first,
            "r_1 = x + attended",
            *_norm(2, "r_1", "n_2"),
            *inner,
            "out = r_1 + f @ W2 + b2",
        )
    else:
        lines = (
            *head_lines(of, width, "attended"),
            "r_1 = x + attended",
            *_norm(1, "r_1", "n_1"),
            *(line.replace("n_2", "n_1") for line in inner),
            "r_2 = n_1 + f @ W2 + b2",
            *_norm(2, "r_2", "out"),
        )
    return Recipe(
        lines,
        ("out",),
        {
            **head_parameters(of, width),
            "gamma": Parameter((width,), (2,), default="1"),
            "beta": Parameter((width,), (2,), default="0"),
            "W1": Parameter((width, hidden)),
            "b1": Parameter((hidden,), default="0"),
            "W2": Parameter((hidden, width)),
            "b2": Parameter((width,), default="0"),
        },
        {"epsilon": of.settings["epsilon"]},
        patterns=patterns(of, of.settings["causal"]),
    )


TRANSFORMER_BLOCK = LayerType(
    name="transformer_block",
    about="Self-attention and a feed-forward network, each with residual and layer norm.",
    over="tokens",
    takes=("sequence",),
    recipe=recipe,
    settings={
        **HEADS,
        "output": Setting(
            "switch", "Whether a last matrix Wo mixes the output (always, of several heads).", False
        ),
        "hidden": Setting(
            "whole", "How wide the feed-forward network is; else 4 times.", least=1, needed=False
        ),
        "activation": Setting("activation", "Of the feed-forward network.", "relu"),
        "norm": Setting(
            "word", "After each residual, or before each part.", "after", words=("after", "before")
        ),
        "epsilon": EPSILON,
    },
    parameters=(*PROJECTIONS, "gamma", "beta", "W1", "b1", "W2", "b2"),
    bias_names=(*BIASES, "gamma", "beta", "b1", "b2"),
    source="Vaswani and others (2017); norms before: Xiong and others (2020)",
)
