"""Notations: how a textbook writes the quantities of a calculation, and how to read them.

`load_notation` gives a `Notation`; its `for_problem` gives `Names`, which turn keys into
names; and their `reader` turns what people type back into keys.
"""

from tracer.notation.loading import (
    Notation,
    dictionary,
    list_notations,
    load_notation,
    notation_of,
    own_file,
)
from tracer.notation.names import Names
from tracer.notation.reading import Reader
from tracer.notation.variants import variants

__all__ = [
    "Names",
    "Notation",
    "Reader",
    "dictionary",
    "list_notations",
    "load_notation",
    "notation_of",
    "own_file",
    "variants",
]
