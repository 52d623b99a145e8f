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
    "schedule.decay": Name("k"),
    "schedule.factor": Name("gamma"),
    "schedule.updates": Name("K"),
}
"""Settings and single numbers of the update."""

PARTS: dict[str, Name] = {
    "rate": Name("p"),
    "mean": Name("mu"),
    "centred": Name("x", sub="c"),
    "variance": Name("sigma", sup="2"),
    "deviation": Name("sigma"),
    "normalised": Name("x", accent="hat"),
    "running_mean": Name("mu", sub="run"),
    "running_variance": Name("sigma", sub="run", sup="2"),
}
"""Letters of local quantities of layers, where the word is not printed itself."""

LIKE: dict[str, tuple[str, str]] = {"initial": ("rate", "0"), "data_loss": ("loss", "data")}
"""What has the letter of another role, with an index of its own."""
