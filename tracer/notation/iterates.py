"""Customary names where one number is learned: ``x_2`` is x after two updates, ``g_2`` its
gradient in the second, ``m_2``, ``v_2`` what an optimizer remembers then.

Takes a key of a network of equations with a single learned number; gives the names that any
reader understands.  `names` hands them to `reading`.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracer.formula.keys import Key
from tracer.notation.letters import STATES
from tracer.notation.linear import plain

_OF_ITS_UPDATE = ("corrected_first", "corrected_second", "scaled", "clipped")
"""What is worked out anew in every update; it has the number of that update."""


def iterates(key: Key, learned: str) -> Iterator[str]:
    """Names of an iterate, of its gradient, of an optimizer's memory.

    Args:
        learned: what the one number that is learned is called.

    >>> list(iterates(Key.parse("x@2"), "x")), list(iterates(Key.parse("dx@1"), "x"))
    (['x_2'], ['g_2'])
    """
    if key.name == learned:
        yield f"{learned}_{key.update}"
    elif key.name == f"d{learned}":
        yield f"g_{key.update + 1}"
    elif key.state in STATES and key.name == f"{key.state}.{learned}":
        number = key.update + (key.state in _OF_ITS_UPDATE)
        yield f"{plain(STATES[key.state])}_{number}"
