"""Reading a tree against the table of fields: texts that are checked, still texts.

Takes a `Tree` and a kind of `fields`, gives plain lists, dicts and strings; whatever
does not fit is added to the faults and left out, so that reading goes on and all
errors are told at once.  `problem` makes a Problem of what comes out.
"""

from __future__ import annotations

import re
from typing import Any

from tracer.errors import ProblemError, suggestion
from tracer.files.faults import Faults, Place
from tracer.files.kinds import (
    Array,
    ByType,
    Either,
    Kind,
    ListOf,
    Named,
    Number,
    Switch,
    Table,
    Text,
    Whole,
    Word,
)
from tracer.files.positions import Items, Pairs, Scalar, Tree
from tracer.files.wording import unknown
from tracer.model.arrays import check_even
from tracer.model.numbers import MINUS_INFINITY, number_text

FAULT: Any = object()
"""Stands for what could not be read; never leaves this module but at the top."""

_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_DECIMAL = r"[+-]?\d*\.?\d+"
_NOTHING = ("", "~", "null", "Null", "NULL")


def read(kind: Kind, tree: Tree, faults: Faults) -> Any:
    """What stands in `tree`, if it is of this kind; else FAULT, and a fault is added."""
    match kind:
        case Either():
            return _either(kind, tree, faults)
        case Table():
            return _table(kind, tree, faults)
        case ByType():
            return _by_type(kind, tree, faults)
        case Named():
            return _named(kind, tree, faults)
        case ListOf():
            return _list(kind, tree, faults)
        case Array():
            return _array(kind, tree, faults)
    if not isinstance(tree, Scalar):
        return _fault(tree, f"{kind.what} is wanted here; found {_called(tree)}", faults)
    return _scalar(kind, tree, faults)


def is_nothing(tree: Tree) -> bool:
    """Whether nothing was written: an empty value or null."""
    return isinstance(tree, Scalar) and tree.plain and tree.text in _NOTHING


def number(tree: Scalar, faults: Faults) -> Any:
    """The text of a number."""
    if is_nothing(tree):
        return _fault(tree, "a number is missing here", faults)
    try:
        return number_text(tree.text)
    except ProblemError as error:
        message = str(error)
        meant = tree.text.replace("−", "-").replace(",", ".")
        if meant != tree.text and re.fullmatch(_DECIMAL, meant):
            message += f"; did you mean {meant}?"
        return _fault(tree, message, faults)


def _fault(tree: Tree, message: str, faults: Faults, place: Place | None = None) -> Any:
    faults.add(place or tree.place, message)
    return FAULT


def _called(tree: Tree) -> str:
    match tree:
        case Items():
            return "a list"
        case Pairs():
            return "a table"
    return "nothing" if is_nothing(tree) else f"'{tree.text[:40]}'"


def _scalar(kind: Kind, tree: Scalar, faults: Faults) -> Any:
    text = tree.text
    match kind:
        case Number():
            found = number(tree, faults)
            if found is not FAULT and kind.within and not kind.within.holds(found):
                return _fault(tree, f"{kind.name} {kind.within}; found {found}", faults)
            return found
        case Whole(least, most, what):
            if re.fullmatch(r"[+-]?\d{1,9}", text) and least <= int(text) <= most:
                return int(text)
            bounds = f"{least}" if least == most else f"from {least} to {most:,}"
            return _fault(tree, f"{what} {bounds} is wanted here; found {_called(tree)}", faults)
        case Switch(values):
            if tree.plain and _SWITCH.get(text.lower()) in values:
                return _SWITCH[text.lower()]
        case Word(words, what):
            if text in words:
                return text
            if not is_nothing(tree):
                return _fault(tree, unknown(what, text, words), faults)
        case Text(_, pattern):
            if not is_nothing(tree) and re.fullmatch(pattern or r"(?s).*", text):
                return text
    what = getattr(kind, "what", "something else")
    return _fault(tree, f"{what} is wanted here; found {_called(tree)}", faults)


def _fits(kind: Kind, tree: Tree) -> bool:
    """Whether this alternative is the one that was meant."""
    match kind, tree:
        case (ListOf(), Items()) | (Table() | Named(), Pairs()):
            return True
        case Array(), Items():
            return kind.most > 0
        case (Number() | Whole(), Scalar(text)):
            return bool(re.match(r"[-+−.]?[.\d]", text))
        case Array(0), Scalar(text):
            return bool(re.match(r"[-+−.]?[.\d]", text))
        case Switch(values), Scalar(text, plain):
            return plain and _SWITCH.get(text.lower()) in values
        case Word(words), Scalar(text):
            return text in words
        case Text(_, pattern), Scalar(text):
            return not is_nothing(tree) and bool(re.fullmatch(pattern or r"(?s).*", text))
    return False


def _either(kind: Either, tree: Tree, faults: Faults) -> Any:
    for part in kind.kinds:
        if _fits(part, tree):
            return read(part, tree, faults)
    words = [part for part in kind.kinds if isinstance(part, Word)]
    if words and isinstance(tree, Scalar) and not is_nothing(tree):
        hint = suggestion(tree.text[:60], words[0].words)
        if hint or len(words) == len(kind.kinds) - sum(isinstance(k, Table) for k in kind.kinds):
            return _fault(tree, unknown(words[0].what, tree.text, words[0].words), faults)
    return _fault(tree, f"{kind.what}; found {_called(tree)}{_in_brackets(kind, tree)}", faults)


def _in_brackets(kind: Kind, tree: Tree) -> str:
    """A hint for a number that stands alone where lists of numbers are wanted."""
    kinds = kind.kinds if isinstance(kind, Either) else (kind,)
    levels = next((part.least for part in kinds if isinstance(part, Array)), 0)
    if not levels or not isinstance(tree, Scalar) or not re.fullmatch(_DECIMAL, tree.text):
        return ""
    return f"; did you mean {'[' * levels}{tree.text}{']' * levels}?"


def _table(kind: Table, tree: Tree, faults: Faults) -> Any:
    if not isinstance(tree, Pairs):
        return _fault(tree, f"{kind.what} is wanted here; found {_called(tree)}", faults)
    found: dict[str, Any] = {}
    for key, value in tree.pairs:
        field = kind.field(key.text)
        part = field.kind if field else kind.rest
        if part is None:
            known = [field.name for field in kind.fields]
            faults.add(key.place, unknown(kind.noun, key.text, known))
        elif is_nothing(value):
            faults.add(key.place, f"'{key.text[:40]}' has no value; write one or leave it out")
        elif (entry := read(part, value, faults)) is not FAULT:
            found[key.text] = entry
    for field in kind.fields:
        if field.required and tree.key(field.name) is None:
            faults.add(tree.place, f"'{field.name}' is missing in {kind.what}")
    return found


def _by_type(kind: ByType, tree: Tree, faults: Faults) -> Any:
    """A table of the kind that its own key names; an empty one where there is no such kind."""
    told = tree.key(kind.key) if isinstance(tree, Pairs) else None
    if told is None:
        return _table(kind.tables[kind.default], tree, faults)
    value = next(value for key, value in tree.pairs if key is told)  # type: ignore[union-attr]
    if not isinstance(value, Scalar) or value.text not in kind.tables:
        text = value.text if isinstance(value, Scalar) else ""
        _fault(value, unknown(kind.noun, text, kind.tables), faults)
        return {}
    return _table(kind.tables[value.text], tree, faults)


def _named(kind: Named, tree: Tree, faults: Faults) -> Any:
    if not isinstance(tree, Pairs):
        return _fault(tree, f"{kind.what} are wanted here; found {_called(tree)}", faults)
    found: dict[str, Any] = {}
    for key, value in tree.pairs:
        if not re.fullmatch(kind.pattern, key.text):
            faults.add(key.place, f"'{key.text[:40]}' cannot be a name here")
        if (entry := read(kind.item, value, faults)) is not FAULT:
            found[key.text] = entry
    return found


def _list(kind: ListOf, tree: Tree, faults: Faults) -> Any:
    if not isinstance(tree, Items):
        return _fault(tree, f"{kind.what} is wanted here; found {_called(tree)}", faults)
    if len(tree.items) < kind.least:
        return _fault(tree, f"{kind.what} is wanted here; this one is empty", faults)
    entries = [read(kind.item, item, faults) for item in tree.items]
    return FAULT if any(entry is FAULT for entry in entries) else entries


def _array(kind: Array, tree: Tree, faults: Faults) -> Any:
    """Nested lists of number texts; all parts of a list are of one depth."""
    before = len(faults)
    found = _cells(kind, tree, 0, faults)
    if kind.even and len(faults) == before:
        try:
            check_even(found)
        except ProblemError as error:
            return _fault(_inside(tree, error.path), str(error), faults)
    return FAULT if len(faults) > before else found


def _inside(tree: Tree, path: tuple[str | int, ...]) -> Tree:
    for place in path:
        if isinstance(tree, Items) and isinstance(place, int):
            tree = tree.items[place]
    return tree


def _cells(kind: Array, tree: Tree, depth: int, faults: Faults) -> Any:
    if isinstance(tree, Scalar) and depth >= kind.least:
        if kind.hidden and tree.text in MINUS_INFINITY:
            return tree.text
        missing = kind.sparse and tree.plain and tree.text in (".", *_NOTHING)
        return None if missing else number(tree, faults)
    if not isinstance(tree, Items) or depth >= kind.most:
        wanted = "a number" if depth >= kind.most else kind.what if not depth else "a row"
        verb = "are" if wanted.endswith("numbers") and not depth else "is"
        hint = "" if depth else _in_brackets(kind, tree)
        return _fault(tree, f"{wanted} {verb} wanted here; found {_called(tree)}{hint}", faults)
    if not tree.items:
        return _fault(tree, "there are no numbers here", faults)
    flat = isinstance(tree.items[0], Scalar)
    for item in tree.items:
        if isinstance(item, Scalar) != flat:
            wanted = "a number" if flat else "a row"
            return _fault(
                item, f"{wanted} is wanted here like before; found {_called(item)}", faults
            )
    return [_cells(kind, item, depth + 1, faults) for item in tree.items]
