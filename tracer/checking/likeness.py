"""Likeness: which quantities are easily taken for one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracer.formula.keys import Key

_MOST = 24
_OTHER_ROLES = {"a": "zy", "z": "a", "y": "a", "da": ("delta",), "delta": ("da",)}


def alike(key: Key, by_role: Mapping[str, Sequence[Key]]) -> list[str]:
    """Another unit's, layer's or sample's quantity of the same kind, z for a, y for a."""
    found = [
        (_distance(key, other), other)
        for role in (key.role, *_OTHER_ROLES.get(key.role, ()))
        for other in by_role.get(role, ())
        if _near(key, other)
    ]
    found.sort(key=lambda pair: pair[0])
    return [str(other) for _, other in found[:_MOST]]


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
