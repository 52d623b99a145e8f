"""The small language in which a textbook's file says how a name is written.

A pattern is a text with fields: ``({layer})``, ``{unit}|{from}``.  ``|`` is a comma where
one of its neighbours is longer than one character (``12`` but ``1,12``); ``<...>`` is left
out where one of its fields has no value (``<{sample},>{unit}``).  A `Form` is a name with a
pattern for each of its parts.  `loading` makes forms, `names` fills them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tracer.errors import ProblemError, suggestion
from tracer.notation.name import Name

FIELDS = (
    "layer", "source_layer", "unit", "from", "number", "from_number", "place", "from_place",
    "label", "from_label", "running", "running_from", "feature", "sample", "time", "update",
)  # fmt: skip
"""Layer as the book counts it, and the layer before; unit in its layer; number through the
whole network; place among the units that are no inputs; label (h1); a weight's running
number, destination by destination or source by source; an input's feature.  ``from_...``
is the unit that a weight comes from."""

VARIANTS = ("alone", "shared", "batch", "output", "softmax")
"""When a form changes: the layer has one unit; one bias serves the layer; there are several
samples; the last layer; the last layer with softmax.  Later ones win."""

PARTS = ("base", "sub", "sup", "sample", "accent")
_PIECE = re.compile(r"\{(?P<field>[^{}]*)\}|<(?P<group>[^<>]*)>|(?P<join>\|)|(?P<text>[^{}<>|]+)")
_FORBIDDEN = re.compile(r"[\\$&%#^~`\"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
"""What means something in a format, and what nobody sees."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A text, a field, a joining comma or an optional group of a pattern."""

    kind: str
    text: str = ""
    group: tuple[Piece, ...] = ()


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> tuple[Piece, ...]:
    """The pieces of a pattern.

    Raises:
        ProblemError: at an unknown field or a character that no name may have.
    """
    pieces: list[Piece] = []
    position = 0
    if bad := _FORBIDDEN.search(pattern):
        sign = bad[0] if bad[0].isprintable() else f"U+{ord(bad[0]):04X}"
        raise ProblemError(f"'{sign}' has no place in the pattern '{pattern}'")
    while position < len(pattern):
        match = _PIECE.match(pattern, position)
        if not match:
            raise ProblemError(f"the pattern '{pattern}' has a bracket without its partner")
        if match["field"] is not None:
            if match["field"] not in FIELDS:
                hint = suggestion(match["field"], FIELDS)
                raise ProblemError(f"a pattern has no field '{match['field']}'{hint}")
            pieces.append(Piece("field", match["field"]))
        elif match["group"] is not None:
            pieces.append(Piece("group", group=compiled(match["group"])))
        else:
            pieces.append(Piece("join" if match["join"] else "text", match[0]))
        position = match.end()
    return tuple(pieces)


def checked_pattern(value: object, path: tuple[str | int, ...]) -> str:
    """The text of a pattern in a file.

    Raises:
        ProblemError: if it is none; `path` says where.
    """
    if not isinstance(value, str):
        raise ProblemError("a pattern is a text, not a list or a table", path)
    if len(value) > _LONGEST:
        raise ProblemError(f"a pattern has at most {_LONGEST} characters", path)
    try:
        compiled(value)
    except ProblemError as error:
        raise ProblemError(str(error), path) from None
    return value


def fill(pattern: str, fields: Mapping[str, str]) -> str:
    """The pattern with its fields' values.

    >>> fill("{unit}|{from}", {"unit": "1", "from": "2"})
    '12'
    >>> fill("{unit}|{from}", {"unit": "1", "from": "12"})
    '1,12'
    >>> fill("<{sample},>{unit}", {"unit": "1"})
    '1'
    """
    if "{" not in pattern:
        return pattern
    return _filled(compiled(pattern), fields)


def joined(indices: tuple[int, ...]) -> str:
    """Indices side by side, with commas where one is longer than one character.

    >>> joined((1, 2)), joined((1, 12))
    ('12', '1,12')
    """
    texts = [str(index) for index in indices]
    return ("," if any(len(text) > 1 for text in texts) else "").join(texts)


def _filled(pieces: tuple[Piece, ...], fields: Mapping[str, str]) -> str:
    values = [_value(piece, fields) for piece in pieces]
    for place, piece in enumerate(pieces):
        if piece.kind == "join":
            before = values[place - 1] if place else ""
            after = values[place + 1] if place + 1 < len(values) else ""
            long = len(before) > 1 or len(after) > 1
            values[place] = "," if before and after and long else ""
    return "".join(values)


def _value(piece: Piece, fields: Mapping[str, str]) -> str:
    if piece.kind == "field":
        return fields.get(piece.text, "")
    if piece.kind == "group":
        wanted = [part.text for part in piece.group if part.kind == "field"]
        return _filled(piece.group, fields) if all(fields.get(f) for f in wanted) else ""
    return piece.text


@dataclass(frozen=True)
class Form:
    """How one kind of quantity is written, and how that changes with its place."""

    parts: Mapping[str, str]
    variants: Mapping[str, Mapping[str, str]]

    @staticmethod
    def read(entry: Mapping[str, object], path: tuple[str | int, ...]) -> Form:
        """A form from a textbook's file.

        Raises:
            ProblemError: at an unknown part, variant or field; `path` says where.
        """
        parts: dict[str, str] = {}
        variants: dict[str, Mapping[str, str]] = {}
        for word, value in entry.items():
            if word in VARIANTS and isinstance(value, Mapping):
                variants[word] = Form.read(value, (*path, word)).parts
            elif word in PARTS:
                parts[word] = checked_pattern(value, (*path, word))
            else:
                hint = suggestion(str(word), (*PARTS, *VARIANTS))
                raise ProblemError(f"a name has no '{word}'{hint}", (*path, str(word)))
        return Form(parts, variants)

    def name(self, fields: Mapping[str, str], active: frozenset[str] = frozenset()) -> Name:
        """The name for these fields, in the form of the active variants."""
        parts = self.parts
        if active and self.variants:
            for variant in VARIANTS:
                if variant in active and variant in self.variants:
                    parts = {**parts, **self.variants[variant]}
        filled = {part: fill(pattern, fields) for part, pattern in parts.items()}
        return Name(
            filled.get("base", ""),
            filled.get("sub", ""),
            filled.get("sup", ""),
            filled.get("sample", ""),
            filled.get("accent", ""),
        )
