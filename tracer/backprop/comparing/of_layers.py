"""Conventions of layers other than dense: as frameworks and books write the same cell or norm.

Each function takes a way of calculating and gives those that differ from it by one choice
of all layers of a kind: where epsilon stands, what a variance is divided by, on which side
of its matrix a reset gate acts.  Joined to the others by `search`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tracer.backprop.comparing.alternatives import Others, Way
from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.recurrence import TWO_BIASES
from tracer.model.comparison import Convention
from tracer.model.layer import Layer

_CHOICES: dict[str, dict[Any, str]] = {
    "epsilon_place": {"inside": "epsilon_inside", "outside": "epsilon_outside"},
    "variance": {"biased": "variance_biased", "unbiased": "variance_unbiased"},
    "reset": {"before": "reset_before", "after": "reset_after"},
    "keep": {"u": "keep_update", "1-u": "keep_rest"},
    "norm": {"before": "norm_before", "after": "norm_after"},
    "inverted": {True: "inverted", False: "not_inverted"},
    "scale": {True: "scaled", False: "not_scaled"},
    "causal": {True: "causal", False: "not_causal"},
}
"""By setting: the convention that each choice of theirs is called."""
_EPSILONS = ("1e-3", "1e-5", "1e-6", "1e-8", "1e-12")
"""What is customary in normalisations."""


def _chosen(setting: str) -> Callable[[Way], Others]:
    def others(way: Way) -> Others:
        """All layers that have this setting, with another choice."""
        for choice, name in _CHOICES[setting].items():
            changed = _changed(way, setting, choice)
            if changed is not None:
                yield Convention(name), changed

    return others


def _changed(way: Way, setting: str, choice: Any) -> Way | None:
    found: list[Any] = []
    for layer in way.problem.layers:
        known = LAYERS[layer.type].settings if isinstance(layer, Layer) else {}
        if not isinstance(layer, Layer) or setting not in known:
            found.append(layer)
            continue
        settings = {**layer.settings, setting: choice}
        before = layer.settings.get(setting, known[setting].default)
        changed = layer if before == choice else replace(layer, settings=settings)
        found.append(_with_own_bias(changed) if setting == "reset" else changed)
    if found == list(way.problem.layers):
        return None
    return replace(way, problem=replace(way.problem, layers=tuple(found)))


def _with_own_bias(layer: Layer) -> Layer:
    """A GRU whose reset gate acts behind its matrix has a bias there, which begins at 0."""
    parameters = dict(layer.parameters)
    if layer.settings.get("reset") != "after":
        parameters.pop("bm", None)
    elif layer.biases and "bm" not in parameters:
        parameters["bm"] = ("0",) * layer.units
    return replace(layer, parameters=parameters)


def _epsilon(way: Way) -> Others:
    """Another number for epsilon."""
    for theirs in _EPSILONS:
        changed = _changed(way, "epsilon", theirs)
        if changed is not None:
            facts = (("setting", "epsilon"), ("theirs", theirs))
            yield Convention("setting", facts=facts), changed


def _truncation(way: Way) -> Others:
    """Backpropagation through all time, where ours is truncated."""
    changed = _changed(way, "truncate", None)
    if changed is not None:
        yield Convention("through_all_time"), changed


def _two_biases(way: Way) -> Others:
    """Two biases in each recurrent cell, as PyTorch has them: their sum moves twice as far."""
    cells = (one for one in way.problem.layers if one.type in TWO_BIASES)
    if not way.doubled and any(one.biases for one in cells):
        yield Convention("two_biases"), replace(way, doubled=True)


OF_LAYERS: dict[str, Callable[[Way], Others]] = {
    **{setting: _chosen(setting) for setting in _CHOICES},
    "epsilon": _epsilon,
    "truncation": _truncation,
    "two biases": _two_biases,
}
"""By what is chosen: the other ways to choose it."""


def has_two(key: str) -> bool:
    """Whether a framework's recurrent cell has a second one of this bias.

    >>> has_two("lstm1.bf[1]@1"), has_two("gru2.bn[1]@1"), has_two("lstm1.Wf[1,1]@1")
    (True, False, False)
    """
    base, _, part = key.partition(".")
    return part.partition("[")[0] in TWO_BIASES.get(base.rstrip("0123456789"), ())
