"""A book's notation with another way of counting: layers, and the two numbers of a weight.

Takes a notation; gives those that differ from it only in the number of the first layer, in
which of a weight's numbers is the unit it comes from, or in the order in which running
numbers are given.  People mix these conventions of different books; which of them a sheet
has, its numbers tell (`tracer.files.sheets`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from tracer.notation.loading import Notation
from tracer.notation.patterns import Form

_TURNED = {
    "unit": "from", "from": "unit", "place": "from_place", "from_place": "place",
    "number": "from_number", "from_number": "number", "label": "from_label",
    "from_label": "label", "running": "running_from", "running_from": "running",
}  # fmt: skip
"""The fields of a weight's name, each with the one that stands there where they are turned."""
_FIELD = re.compile(r"\{(\w+)\}")
_LAYERS = ("{layer}", "{source_layer}")


@lru_cache(maxsize=32)
def variants(book: Notation) -> tuple[Notation, ...]:
    """The same names counted in other ways, those with the fewest differences first.

    >>> from tracer.notation.loading import load_notation
    >>> [one.id for one in variants(load_notation("nielsen"))][:2]
    ['nielsen, layers from 0', 'nielsen, weights from,to']
    """
    found = []
    if _counts_layers(book):
        found.append(_recounted(book))
    form = book.names.get("w")
    if form is not None and _turned(form) != form:
        found.append(_reordered(book, form))
        if _counts_layers(book):
            found.append(_reordered(found[0], form))
    return tuple(found)


def _counts_layers(book: Notation) -> bool:
    """Whether any name says the number of its layer."""
    forms = [form for form in (*book.names.values(), *book.arrays.values()) if form]
    return any(word in text for form in forms for text in _texts(form) for word in _LAYERS)


def _texts(form: Form) -> list[str]:
    tables = (form.parts, *form.variants.values())
    return [text for table in tables for text in table.values()]


def _recounted(book: Notation) -> Notation:
    first = 1 - book.first_layer
    return replace(book, id=f"{book.id}, layers from {first}", first_layer=first)


def _reordered(book: Notation, form: Form) -> Notation:
    weights = "to,from" if book.weights == "from,to" else "from,to"
    return replace(
        book,
        id=f"{book.id}, weights {weights}",
        weights=weights,
        names={**book.names, "w": _turned(form)},
    )


def _turned(form: Form) -> Form:
    """The form with the fields of the two units changed over."""

    def turned(parts: Mapping[str, str]) -> dict[str, str]:
        def other(match: re.Match[str]) -> str:
            return f"{{{_TURNED.get(match[1], match[1])}}}"

        return {part: _FIELD.sub(other, text) for part, text in parts.items()}

    return Form(turned(form.parts), {word: turned(p) for word, p in form.variants.items()})
