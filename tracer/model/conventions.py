"""Conventions: choices that change lines and digits, not only names.

They belong to the problem; a notation's file gives their defaults.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from tracer.errors import ProblemError, suggestion


@dataclass(frozen=True, slots=True)
class Steps:
    """Granularity: what is a line of its own (and so rounded), what stands inside another."""

    da: str = "own"
    """dL/da of each unit."""
    slope: str = "own"
    """f'(z) of each unit."""
    gradient: str = "own"
    """dL/dw; inline: the update line multiplies delta by the input itself."""
    increment: str = "inline"
    """What the update adds."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """Signs, places of factors, and shortcuts.

    Attributes:
        delta: ``dL/dz``, or ``t-o`` for its negative, with the update added.
        factors: in a delta line, ``error-first`` (``da*slope``) or ``slope-first``.
        shortcut: when softmax and cross-entropy (or sigmoid and binary cross-entropy)
            give ``delta = a - y`` in one line: ``softmax``, ``always`` or ``never``.
    """

    delta: str = "dL/dz"
    factors: str = "error-first"
    shortcut: str = "softmax"


CHOICES: dict[type, dict[str, tuple[str, ...]]] = {
    Steps: dict.fromkeys(("da", "slope", "gradient", "increment"), ("own", "inline")),
    Conventions: {
        "delta": ("dL/dz", "t-o"),
        "factors": ("error-first", "slope-first"),
        "shortcut": ("softmax", "always", "never"),
    },
}
"""What each field may say; the file reader and the schema read this table."""


def checked(chosen: Any) -> Any:
    """The same choices, if every one of them exists.

    Raises:
        ProblemError: naming the field and the nearest choice.
    """
    for item in fields(chosen):
        value, allowed = getattr(chosen, item.name), CHOICES[type(chosen)][item.name]
        if value not in allowed:
            raise ProblemError(
                f"{item.name} is one of {', '.join(allowed)}; found '{value}'"
                f"{suggestion(str(value), allowed)}",
                (item.name,),
            )
    return chosen
