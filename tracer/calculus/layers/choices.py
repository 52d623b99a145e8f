"""A layer's settings against its type: defaults filled in, what cannot be is refused.

Takes a layer as its author wrote it and the row of its type; gives every setting by name,
numbers as texts, words checked against those that there are.  An unknown setting, a word
or a number beyond its bounds is an error at that setting.  Read by `placing`.
"""

from __future__ import annotations

from typing import Any

from tracer.calculus.activations import ACTIVATIONS
from tracer.calculus.layers.kinds import LayerType, Setting
from tracer.calculus.layers.patterns import HIDDEN
from tracer.errors import ProblemError, suggestion
from tracer.model.arrays import check_even
from tracer.model.layer import Layer, nested
from tracer.model.numbers import MINUS_INFINITY, number_text


def settled(layer: Layer, kind: LayerType) -> dict[str, Any]:
    """All settings of a layer.

    Raises:
        ProblemError: naming the nearest setting or word, or the bounds.
    """
    for name in layer.settings:
        if name not in kind.settings:
            hint = suggestion(name, [*kind.settings, *kind.parameters])
            raise ProblemError(f"{kind.name} has no setting '{name}'{hint}", (name,))
    found: dict[str, Any] = {}
    for name, setting in kind.settings.items():
        value = layer.settings.get(name, setting.default)
        if value is None:
            if setting.needed:
                raise ProblemError(f"{kind.name} needs its {name}")
            found[name] = None
        else:
            found[name] = _checked(name, value, setting)
    return found


def _checked(name: str, value: Any, setting: Setting) -> Any:
    match setting.kind:
        case "number":
            text = number_text(value, (name,))
            setting.range.check(name, text, (name,))
            return text
        case "whole":
            if not isinstance(value, int) or isinstance(value, bool):
                raise ProblemError(f"{name} is a whole number; found {value!r:.40}", (name,))
            setting.range.check(name, str(value), (name,))
            return value
        case "word":
            return _word(name, value, setting.words)
        case "activation":
            words = [a.name for a in ACTIVATIONS.values() if not a.vector]
            return _word(name, value, words)
        case "switch":
            if not isinstance(value, bool):
                raise ProblemError(f"{name} is true or false; found {value!r:.40}", (name,))
            return value
        case "name":
            return str(value)
        case "mask" if isinstance(value, dict):
            if "seed" not in value:
                message = "'seed' is missing in a mask to draw, such as {seed: 7}"
                raise ProblemError(message, (name,))
            return value
        case "pattern":
            told = _pattern(value, (name,))
            check_even(told, (name,))
            return told
    numbers = nested(value, (name,))
    check_even(numbers, (name,))
    return numbers


def _pattern(value: Any, path: tuple[str | int, ...]) -> Any:
    """Nested lists of numbers and of minus infinity."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return HIDDEN if str(value) in MINUS_INFINITY else number_text(value, path)
    return tuple(_pattern(part, (*path, place)) for place, part in enumerate(value))


def _word(name: str, value: Any, words: Any) -> str:
    if value not in words:
        hint = suggestion(str(value), words) or f"; known are {', '.join(words)}"
        raise ProblemError(f"unknown {name} '{value}'{hint}", (name,))
    return str(value)
