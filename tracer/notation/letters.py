"""Letters that every notation shares: an optimizer's memory and settings, and their like.

Textbooks of backpropagation seldom have letters for these; here they are those of the
papers that brought them in (m and v of Adam, the epsilon of AdaGrad).  Read by `scalars`.
"""

from __future__ import annotations

from tracer.notation.name import Name

STATES: dict[str, Name] = {
    "velocity": Name("v"),
    "squares": Name("s"),
    "first_moment": Name("m"),
    "second_moment": Name("v"),
    "corrected_first": Name("m", accent="hat"),
    "corrected_second": Name("v", accent="hat"),
    "steps": Name("u"),
    "scaled": Name("q"),
    "clipped": Name("g"),
}
"""What belongs to one parameter, whose name becomes the index."""

ALONE: dict[str, Name] = {
    "beta": Name("beta"),
    "beta1": Name("beta", sub="1"),
    "beta2": Name("beta", sub="2"),
    "epsilon": Name("epsilon"),
    "decay": Name("lambda", sub="d"),
    "strength": Name("lambda"),
    "clip": Name("c"),
    "gradient_norm": Name("g", sub="norm"),
    "clip_scale": Name("kappa"),
    "step": Name("t"),
    "penalty": Name("R"),
    "smoothing": Name("epsilon", sub="s"),
    "negative_weight": Name("omega", sub="0"),
    "positive_weight": Name("omega", sub="1"),
    "weight_sum": Name("Omega", sub="sum"),
    "schedule.decay": Name("k"),
    "schedule.factor": Name("gamma"),
    "schedule.updates": Name("K"),
    "schedule.every": Name("k"),
    "schedule.power": Name("p"),
    "schedule.width": Name("d"),
}
"""Settings and single numbers of the loss and of the update."""

OF_TARGETS: dict[str, Name] = {
    "class_weight": Name("omega"),
    "target_weight": Name("Omega"),
}
"""What classes and targets weigh in the loss."""

PARTS: dict[str, Name] = {
    "in": Name("in"),
    "rate": Name("p"),
    "mean": Name("mu"),
    "centred": Name("x", sub="c"),
    "variance": Name("sigma", sup="2"),
    "deviation": Name("sigma"),
    "normalised": Name("x", accent="hat"),
    "momentum": Name("rho"),
    "running_mean": Name("mu", sub="run"),
    "running_variance": Name("sigma", sub="run", sup="2"),
}
"""Letters of local quantities of layers, where the word is not printed itself."""

LAYERS: dict[str, str] = {
    "activation": "act",
    "dropout": "drop",
    "batch_norm": "norm",
    "layer_norm": "norm",
    "rms_norm": "norm",
    "residual": "res",
    "flatten": "flat",
    "max_pool": "pool",
    "average_pool": "pool",
    "embedding": "emb",
    "elman": "rnn",
    "attention": "att",
    "additive_attention": "att",
    "transformer_block": "block",
}
"""The short word of a layer's type, where a name says which layer it belongs to; of other
types the type itself."""

LIKE: dict[str, tuple[str, str]] = {
    "initial": ("rate", "0"),
    "schedule.last": ("rate", "min"),
    "data_loss": ("loss", "data"),
}
"""What has the letter of another role, with an index of its own."""
