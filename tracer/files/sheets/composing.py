"""Names made of names: ``∂ℒ/∂ŷ``, ``dout_o1/dnet_o1``, ``dA⁽¹⁾``, ``Δw_5``.

Where a notation has no such name, what it is made of is read and put together: the
derivative of the loss by a quantity, the slope of an activation, the change of a
parameter.  Used by `naming`, for single quantities and for whole arrays alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tracer.formula.keys import Key
from tracer.notation.spelling import Spelling, spelling

PARTS = {"a": ("da",), "z": ("delta",), "w": ("dw", "increment.w"), "b": ("db", "increment.b")}
"""What belongs to a quantity of a layer: the derivative of the loss by it, its change."""
_LOSS_WORDS = {"l", "loss", "e", "j", "c", "mse", "sse", "cost", "etotal", "ltotal"}

Find = Callable[[str], str | None]


def part(text: str, find: Find, known: Find) -> str | None:
    """The key of a name that is made of others, or None.

    Args:
        find: reads a name.
        known: the key as the calculation spells it, or None.
    """
    typed = spelling(text)
    if typed.by is not None:
        below = _without(typed.by, "d")
        bottom = below and find(_said(below))
        above = _without(replace(typed, by=None), "d")
        if not bottom or above is None:
            return None
        if loss_word(above) or (find(_said(above)) or "").startswith("loss"):
            return known(_belongs(Key.parse(bottom), 0))
        return _local(find(_said(above)), bottom, known)
    for before, place in (("Delta", 1), ("d", 0)):
        rest = _without(typed, before)
        found = rest and rest.letters and find(_said(rest))
        if found:
            return known(_belongs(Key.parse(found), place))
    return None


def loss_word(typed: Spelling) -> str | None:
    """The loss's key for a customary word (``ℒ``, ``MSE``, ``Loss``), with its update."""
    word = typed.letters.casefold() + typed.low.casefold()
    if typed.by is not None or typed.high or word not in _LOSS_WORDS:
        return None
    return f"loss@{typed.update}" if typed.update else "loss"


def _belongs(key: Key, place: int) -> str:
    """The derivative of the loss by a quantity (place 0), or its change (place 1)."""
    if key.layer is None or key.role not in PARTS or key.state or key.part:
        return str(replace(key, name=f"{'increment.' if place else 'd'}{key.name}"))
    words = PARTS[key.role]
    return str(replace(key, name=f"{words[min(place, len(words) - 1)]}{key.layer}"))


def is_one(text: str, find: Find) -> bool:
    """Whether a name is a derivative that is 1 whatever the numbers: dL/dL, dz/db."""
    typed = spelling(text)
    if typed.by is None:
        return False
    if replace(typed, by=None) == typed.by:
        return True
    above, below = _without(replace(typed, by=None), "d"), _without(typed.by, "d")
    if above is None or below is None:
        return False
    top, bottom = find(_said(above)), find(_said(below))
    if not top or not bottom:
        return False
    return (Key.parse(top).role, Key.parse(bottom).role) == ("z", "b")


def _local(above: str | None, below: str, known: Find) -> str | None:
    """A derivative inside a unit: of its output by its sum, of its sum by what goes into it."""
    if above is None:
        return None
    top, bottom = Key.parse(above), Key.parse(below)
    if (top.role, bottom.role) == ("a", "z") and top.layer == bottom.layer:
        same = top.indices == bottom.indices and top.sample == bottom.sample
        return known(str(replace(bottom, name=f"slope{bottom.layer}"))) if same else None
    if top.role != "z" or not top.layer or len(top.indices) != 1:
        return None
    if bottom.role == "w" and bottom.layer == top.layer and bottom.indices[:1] == top.indices:
        return known(str(replace(top, name=f"a{top.layer - 1}", indices=bottom.indices[1:])))
    if bottom.role == "a" and bottom.layer == top.layer - 1 and len(bottom.indices) == 1:
        weight = replace(top, name=f"w{top.layer}", indices=(*top.indices, *bottom.indices))
        return known(str(replace(weight, sample=None)))
    return None


def _without(typed: Spelling, before: str) -> Spelling | None:
    """The spelling without a sign before its letters, or None if it is not there."""
    if not typed.letters.startswith(before):
        return None
    return replace(typed, letters=typed.letters[len(before) :])


def _said(typed: Spelling) -> str:
    """A text that is spelt so."""
    low = f"_{{{typed.low}}}" if typed.low else ""
    high = f"^{{{typed.high}}}" if typed.high else ""
    mark = f"(new {typed.update})" if typed.update else ""
    return f"{typed.letters}{low}{high}{mark}"
