"""What is said about a word that is not known: the nearest one, or all that there are.

Takes the word, what kind of word it is, and those that are known; gives the sentence.  Names
that other programs use (``mse``, ``lr``) lead to ours, where ours would be known there.  Read
by the readers of problems and sheets.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracer.errors import suggestion

_MOST_LISTED = 12
_ELSEWHERE = {
    "mse": "mean_squared_error",
    "sse": "squared_error",
    "bce": "binary_cross_entropy",
    "ce": "cross_entropy",
    "linear": "identity",
    "logistic": "sigmoid",
    "sgd": "gradient_descent",
    "gd": "gradient_descent",
    "learning_rate": "rate",
    "lr": "rate",
    "eta": "rate",
    "alpha": "rate",
    "bias": "biases",
    "outputs": "targets",
    "learning": "learn",
    "negative_slope": "leak",
    "epoch": "updates",
    "epochs": "updates",
    "iterations": "updates",
    "x": "inputs",
    "y": "targets",
    "labels": "targets",
    "network": "layers",
    "neurons": "units",
    "cost": "loss",
    "momentum": "beta",
    "rho": "beta",
    "eps": "epsilon",
    "weight_decay": "decay",
}
"""What others call it."""
_INSIDE = {
    "rate": ("optimizer", "it stands in 'optimizer', as in {gradient_descent: {rate: 0.5}}"),
}
"""What stands one level deeper: beside which key it was written, and where it belongs."""


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """``unknown activation 'sigmod'; did you mean 'sigmoid'?``, or the known words.

    >>> unknown("batch", "half", ["full", "online"])
    "unknown batch 'half'; known are full, online"
    >>> unknown("key", "learning_rate", ["inputs", "optimizer"])
    "unknown key 'learning_rate'; it stands in 'optimizer', as in {gradient_descent: {rate: 0.5}}"
    """
    words = list(known)
    other = _ELSEWHERE.get(word.lower())
    hint = f"; did you mean '{other}'?" if other in words else suggestion(word[:60], words)
    if not hint and other in _INSIDE and _INSIDE[other][0] in words:
        hint = f"; {_INSIDE[other][1]}"
    if not hint and 0 < len(words) <= _MOST_LISTED:
        hint = f"; known are {', '.join(words)}"
    return f"unknown {what} '{word[:60]}'{hint}"
