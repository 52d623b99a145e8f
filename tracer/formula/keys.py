"""Keys: how a quantity is named in files, sheets and JSON, and the lexer for them.

A key is ``[state.]role layer-or-name [.part] [indices] ~time #sample @update``:
``w2[1,2]@1``, ``increment.w2[1,2]``, ``delta1[2]#3``, ``lstm1.f[2]~3``, ``loss``,
``velocity.lstm1.Wf[1,2]@1``.  A state is a word without a number at its end.
Time, sample and update are left out where there is one; ``@0`` is never written.

`Key` takes such a text apart and puts it together again; `tokens` cuts a whole
formula into keys, numbers and operators.  It runs before Python's parser sees the
text, because Python would take ``@1`` for a matrix product and ``#3`` for a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from tracer.errors import FormulaError

NAME = r"[^\W\d_][^\W_]*(?:_[^\W_]+)*"
_KEY = re.compile(
    rf"(?P<name>{NAME}(?:\.(?!T\b)(?:{NAME}|\d+))*)"
    r"(?:\[(?P<indices>[^\[\]]*)\])?"
    r"(?:~(?P<time>\d+))?(?:\#(?P<sample>\d+))?(?:@(?P<update>\d+))?"
)
_INDICES = re.compile(r"\s*\d+\s*(?:,\s*\d+\s*)*")
_ROLE = re.compile(r"(?P<role>[^\W\d]+?)(?P<layer>\d+)?")


@dataclass(frozen=True, slots=True)
class Key:
    """One quantity's name, taken apart.

    >>> key = Key.parse("velocity.w2[1,2]@1")
    >>> key.state, key.role, key.layer, key.indices, key.update
    ('velocity', 'w', 2, (1, 2), 1)
    >>> str(key)
    'velocity.w2[1,2]@1'
    """

    name: str
    """Everything before the indices: ``velocity.w2``, ``loss``, ``lstm1.f``."""
    indices: tuple[int, ...] = ()
    """Unit numbers from 1; for a weight (to, from)."""
    time: int | None = None
    sample: int | None = None
    update: int = 0
    """How many updates have been made to the parameters; 0 is not written."""

    @staticmethod
    def parse(text: str) -> Key:
        """Take a key apart.

        Raises:
            FormulaError: if the text is no key.
        """
        return _parse(text)

    @property
    def state(self) -> str:
        """``velocity`` of ``velocity.w2``: a kind of quantity that belongs to another."""
        head, dot, tail = self.name.partition(".")
        return head if dot and not head[-1].isdigit() and not tail.split(".")[0].isdigit() else ""

    @property
    def whole(self) -> str:
        """The name without its state: ``lstm1.Wf`` of ``velocity.lstm1.Wf``."""
        return self.name[len(self.state) + 1 :] if self.state else self.name

    @property
    def part(self) -> str:
        """``f`` of ``lstm1.f``, ``1`` of ``O.1``: a local name inside a layer or equation."""
        return self.whole.partition(".")[2]

    @property
    def base(self) -> str:
        """The name without state and part: ``w2`` of ``velocity.w2``."""
        return self.whole.partition(".")[0]

    @property
    def role(self) -> str:
        """The base without its layer number: ``w`` of ``w2``."""
        match = _ROLE.fullmatch(self.base)
        return match["role"] if match else self.base

    @property
    def layer(self) -> int | None:
        """The number at the end of the base: 2 of ``w2``; None where there is none."""
        match = _ROLE.fullmatch(self.base)
        return int(match["layer"]) if match and match["layer"] else None

    def at(self, update: int) -> Key:
        """The same quantity after `update` updates."""
        return replace(self, update=update)

    def __str__(self) -> str:
        return "".join(
            (
                self.name,
                f"[{','.join(map(str, self.indices))}]" if self.indices else "",
                f"~{self.time}" if self.time is not None else "",
                f"#{self.sample}" if self.sample is not None else "",
                f"@{self.update}" if self.update else "",
            )
        )


@lru_cache(maxsize=65536)
def _parse(text: str) -> Key:
    match = _KEY.fullmatch(text.strip())
    if not match:
        raise FormulaError(f"'{text}' is not the name of a quantity", 0, len(text))
    inside = match["indices"]
    if inside is not None and not _INDICES.fullmatch(inside):
        raise FormulaError(f"the indices of '{text}' are not numbers", match.start("indices"))
    return Key(
        match["name"],
        tuple(int(part) for part in inside.split(",")) if inside else (),
        int(match["time"]) if match["time"] else None,
        int(match["sample"]) if match["sample"] else None,
        int(match["update"] or 0),
    )


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: its kind, its text and its column from 0."""

    kind: str
    """``number``, ``key``, ``call`` (a name before a bracket), ``operator``."""
    text: str
    column: int


_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_OPERATOR = re.compile(r"\*\*|\.T\b|[-+*/@(),:=]|\[|\]")
_SPACE = re.compile(r"[ \t]+")
_CALL = re.compile(rf"({NAME})[ \t]*(?=\()")
_ARRAY = re.compile(NAME)


def tokens(text: str, arrays: bool = False) -> Iterator[Token]:
    """Cut a formula into tokens; with `arrays`, brackets after a name index an array.

    Raises:
        FormulaError: at a character that the grammar does not know.

    >>> [token.text for token in tokens("w2[1,1]@1*delta2[1] + 0.20")]
    ['w2[1,1]@1', '*', 'delta2[1]', '+', '0.20']
    >>> [token.text for token in tokens("Y[1,2] @ K.T", arrays=True)]
    ['Y', '[', '1', ',', '2', ']', '@', 'K', '.T']
    """
    position = 0
    while position < len(text):
        if space := _SPACE.match(text, position):
            position = space.end()
        elif call := _CALL.match(text, position):
            yield Token("call", call[1], position)
            position = call.end()
        elif key := (_ARRAY if arrays else _KEY).match(text, position):
            yield Token("key", key[0], position)
            position = key.end()
        elif number := _NUMBER.match(text, position):
            yield Token("number", number[0], position)
            position = number.end()
        elif operator := _OPERATOR.match(text, position):
            yield Token("operator", operator[0], position)
            position = operator.end()
        else:
            raise FormulaError(_unknown_character(text, position), position)


def _unknown_character(text: str, position: int) -> str:
    character = text[position]
    if character == "_":
        return "a name may not begin or end with an underscore, nor have two in a row"
    if character == ".":
        return "the only attribute is .T (the transpose)"
    if character == "^":
        return "a power is written with **, as in z**2"
    hint = f"; write {_WRITTEN[character]}" if character in _WRITTEN else ""
    return f"'{character}' has no meaning in a formula{hint}"


_WRITTEN = {
    "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "²": "**2", "³": "**3",
    "√": "sqrt(...)", "∑": "sum(...)", "Σ": "sum(...)", "{": "(", "}": ")",
}  # fmt: skip
"""Signs of print, and what a formula has in their place."""
