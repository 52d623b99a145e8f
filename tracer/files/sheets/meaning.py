"""What the chains of a text are about: quantities, arrays, or what they define themselves.

Takes chains and what the names mean; gives `Read`, a chain with its formulas and its
numbers.  A name may stand behind words of running text; one that nobody knows may be
defined in its own line (``Error = target - output = 0.5 - 0.67 = -0.17``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracer.errors import TracerError
from tracer.files.sheets.algebra import understood
from tracer.files.sheets.chains import Chain, Text
from tracer.files.sheets.fitting import fitted
from tracer.files.sheets.naming import Naming
from tracer.files.sheets.rows import Cells
from tracer.files.sheets.values import mistaken_number, value_of
from tracer.formula.nodes import Node, Symbol, symbols

_WORDS = re.compile(r"(?:[^\W\d_]+(?:['’][^\W\d_]*)?[,:.]?\s+)+")
_NAMELIKE = re.compile(r"[\\\d_^\u0370-\u03ff\u2070-\u209c\u2100-\u214f\u2202\[]")
_GLOSS = re.compile(r"\s*\([^\W\d_]+(?:[ \-][^\W\d_]+)*[ \-]?\)$")
"""What a name stands for, said in words behind it: ``η (learning rate)``."""
_LETTER = re.compile(r"[A-Z]")
"""A capital by itself behind words: ``The loss is L``."""
_LONGEST_NAME = 200
_MOST_WORDS = 3


@dataclass
class Read:
    """A chain with a number at its end."""

    chain: Chain
    value: str | Cells
    name: str = ""
    formulas: tuple[Node, ...] = ()
    texts: tuple[str, ...] = ()
    running: bool = False
    """Whether words stand before the name, as in running text."""


def valued(text: Text) -> list[tuple[Chain, str | Cells]]:
    """The chains that end in a number; one that only begins a formula joins the next."""
    found: list[tuple[Chain, str | Cells]] = []
    before: Chain | None = None
    for chain in text.chains:
        value = value_of(chain.members[-1].text)
        in_table = chain.told is not None
        if value is not None and (value != "" or len(chain.members) == 1 or in_table):
            if before is not None and before.head.text == chain.head.text:
                chain = Chain(
                    before.head, before.members + chain.members,
                    before.lines | chain.lines, f"{before.prose} {chain.prose}".strip(),
                )  # fmt: skip
            found.append((chain, value))
            before = None
        else:
            before = chain
    return found


def is_prose(text: Text) -> bool:
    """Whether most of a text is no calculation."""
    wrong = sum(mistaken_number(chain.members[-1].text) for chain in text.chains)
    listed = sum(chain.listed for chain in text.chains)
    good = len(valued(text)) + wrong - listed
    return good < len(text.chains) - listed - good + text.prose_segments


def meant(read: Read, naming: Naming) -> bool:
    """Find out what a chain is about: its name, its last word, or its own definition."""
    head = read.chain.head.text
    for name in _names(head):
        if _array(read, name, naming) or _single(read, name, naming):
            read.name, read.running = name, name != head
            return True
    if isinstance(read.value, str) and _may_be_defined(head):
        for member in read.chain.members[:1]:
            value = _defined(member.text, read, naming)
            if value is not None and symbols(value):
                read.name, read.formulas, read.texts = head, (value,), (read.value,)
                return True
    return False


def _defined(text: str, read: Read, naming: Naming) -> Node | None:
    """What a member says that the name stands for; of two readings, the one that comes near.

    Many write ``tanh'(h)`` and mean the slope where the value is h.
    """
    if len(read.chain.members) < 2 or not isinstance(read.value, str):
        return None
    found = [understood(text, naming)]
    if slopes_in(text):
        found.append(understood(text, naming, at_value=True))
    single = [one for one in found if one is not None and not isinstance(one, tuple)]
    return naming.nearest(single, read.value) if len(single) > 1 else next(iter(single), None)


def slopes_in(text: str) -> bool:
    """Whether the slope of a function may be written there."""
    return any(mark in text for mark in ("'", "′", "prime"))


def _names(head: str) -> list[str]:
    """What may be the name: all of it, or what follows plain words."""
    found = [head] if len(head) <= _LONGEST_NAME else []
    words = _WORDS.match(head)
    if words and (_NAMELIKE.search(head[words.end() :]) or _LETTER.fullmatch(head[words.end() :])):
        found.append(head[words.end() :])
    return [*found, *(bare for name in found if (bare := _GLOSS.sub("", name)) != name)]


def _may_be_defined(head: str) -> bool:
    """Whether a head that nobody knows may be a name that its line explains."""
    named = any(letter.isalpha() for letter in head)
    return named and len(head) <= _LONGEST_NAME and len(head.split()) <= _MOST_WORDS


def _array(read: Read, name: str, naming: Naming) -> bool:
    cells = read.value
    if not isinstance(cells, tuple) or (len(cells) == 1 and isinstance(cells[0], str)):
        return False
    block = naming.block(name)
    if block is None:
        return False
    try:
        texts = fitted(cells, block)
    except TracerError:
        return False
    read.formulas, read.texts = tuple(Symbol(key) for key in block.keys), tuple(texts)
    return True


def _single(read: Read, name: str, naming: Naming) -> bool:
    text = read.value
    while isinstance(text, tuple) and len(text) == 1:
        text = text[0]
    if not isinstance(text, str):
        return False
    try:
        formula = naming.formula(name)
    except TracerError:
        return False
    read.formulas, read.texts = (formula,), (text,)
    return bool(symbols(formula)) or len(name) < 30
