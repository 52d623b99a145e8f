"""Likeness: which quantities are easily taken for one another.

Takes the key of a quantity and all keys by role; gives the nearest others: the same cell
of another unit, layer, sample or update, z and y for a, and in an author's own equations
the same cell of an array of that shape.  Read by `calculation`, whose `alike` the mistakes
ask for what may have been taken instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracer.formula.keys import Key

_MOST = 24
_MOST_BESIDE = 12
_SETTINGS = ("rate", "m")
_OTHER_ROLES = {"a": ("z", "y", "da"), "z": "a", "y": "a", "da": ("delta",), "delta": ("da",)}


def alike(key: Key, by_role: Mapping[str, Sequence[Key]], free: bool = False) -> list[str]:
    """Another unit's, layer's or sample's quantity of the same kind, z for a, y for a.

    Args:
        key: a quantity.
        by_role: all quantities.
        free: whether an author has named them: then a neighbour is also the same cell of
            another array of that shape.
    """
    found = [
        (_distance(key, other), other)
        for role in (key.role, *_OTHER_ROLES.get(key.role, ()))
        for other in by_role.get(role, ())
        if _near(key, other)
    ]
    found.sort(key=lambda pair: pair[0])
    near = [str(other) for _, other in found[:_MOST]]
    return list(dict.fromkeys((*near, *_beside(key, by_role)))) if free else near


def _beside(key: Key, by_role: Mapping[str, Sequence[Key]]) -> list[str]:
    """The same cell of other arrays of the same shape; of single numbers, of like letters."""
    if key.state or key.name in _SETTINGS:
        return []
    every = [other for keys in by_role.values() for other in keys if not other.state]
    shapes: dict[str, tuple[int, ...]] = {}
    for other in every:
        shapes[other.name] = max(shapes.get(other.name, ()), other.indices)
    return [
        str(other)
        for other in every
        if other.name not in (key.name, *_SETTINGS)
        and shapes[other.name] == shapes[key.name]
        and (other.indices, other.update, other.time, other.sample)
        == (key.indices, key.update, key.time, key.sample)
        and (key.indices or other.name[0] == key.name[0])
        and _is_derivative(other, shapes) == _is_derivative(key, shapes)
    ][:_MOST_BESIDE]


def _is_derivative(key: Key, names: Mapping[str, object]) -> bool:
    return key.name[0] == "d" and key.name[1:] in names


def _near(key: Key, other: Key) -> bool:
    if other.update > key.update + 1:
        return False
    cell = (other.layer, other.indices)
    if other.role == key.role:
        if other.name == key.name and other.indices == key.indices and other.update != key.update:
            return False  # the same quantity before or after: another mistake
        same_form = len(other.indices) == len(key.indices)
        return other != key and same_form and (other.layer is not None or other.name == key.name)
    return cell == (key.layer, key.indices) or other.role == "y"


def _distance(key: Key, other: Key) -> tuple[int, int, int, int]:
    """Same kind and layer first, then other layers, samples, updates."""
    return (
        abs(key.update - other.update),
        abs((key.layer or 0) - (other.layer or 0)),
        int(key.role != other.role),
        int(key.sample != other.sample),
    )
