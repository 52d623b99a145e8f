"""What of a network's layers could not be read, and what that leaves unknown.

Takes the entries of ``layers`` and, for each, the keys that were written there and not read;
gives the `Unread` by which the layers are wired all the same, so that the errors of one layer
hide none of another.  Read by `assembling`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tracer.calculus.layers import LAYERS
from tracer.calculus.layers.kinds import LayerType
from tracer.calculus.layers.wiring import Unread
from tracer.errors import nearest

_WITHOUT_EFFECT = ("number", "activation", "array", "mask")
"""Kinds of settings on which the form of no array depends."""
_ON_WHAT_IT_GIVES = "word"
"""The kind of setting on which the form of what a layer gives may depend, and no parameter's."""


def unread_of(entries: Sequence[Mapping[str, Any]], faulty: Sequence[Collection[str]]) -> Unread:
    """What is not known about the layers of a file.

    Args:
        entries: each layer as far as it could be read.
        faulty: of each layer the keys that could not be.
    """
    words: dict[int, set[str]] = {}
    forms: set[int] = set()
    whole: set[int] = set()
    for number, (entry, keys) in enumerate(zip(entries, faulty, strict=True), 1):
        kind = LAYERS.get(entry.get("type", "dense"))
        if kind is None:
            if {"type", "units"} & {*keys} or ("weights" in keys and "units" not in entry):
                whole.add(number)
            continue
        if kind.units and not kind.told_by and "units" not in entry:
            whole.add(number)
        for key in keys:
            meant, rule = _meant(kind, key)
            if rule == "whole":
                whole.add(number)
            elif meant:
                words.setdefault(number, set()).update(meant)
                if rule == "form":
                    forms.add(number)
    return Unread(words, forms, whole)


def _meant(kind: LayerType, key: str) -> tuple[Collection[str], str]:
    """The parameters and settings that a key that could not be read may have been about, and
    whether the layer's ``form`` or the ``whole`` of it depends on them."""
    known = ("units", "weights", "biases", *kind.settings, *kind.parameters)
    name = key if key in known else next(iter(nearest(key, known)), "")
    setting = kind.settings.get(name)
    if not name:
        return (), ""
    if name in kind.parameters:
        return (name,), ""
    if name == "weights":
        return kind.parameters, ""
    if name == "biases":
        return kind.bias_names, ""
    if setting is None or setting.kind not in (*_WITHOUT_EFFECT, _ON_WHAT_IT_GIVES):
        return (), "whole"
    return (name,), "form" if setting.kind == _ON_WHAT_IT_GIVES else ""
