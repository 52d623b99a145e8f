"""YAML and JSON sheets: a list of ``{name, value}``, or a table of names and values.

The table may stand under ``answers``, beside what the sheet says of itself, or be the
sheet; values stay texts, so that ``0.20`` keeps its zero.
"""

from __future__ import annotations

from tracer.files.faults import Faults, Place
from tracer.files.positions import Items, Pairs, Scalar, Tree
from tracer.files.sheets.header import WORDS
from tracer.files.sheets.rows import COLUMNS, MOST, Cells, Row
from tracer.files.wording import unknown

_BLANK = ("", "~", "null")


def read_listing(tree: Tree, faults: Faults) -> list[Row]:
    """The rows of a tree."""
    if isinstance(tree, Scalar):
        faults.add(tree.place, "a sheet is a list of {name, value}, or a table of them")
        return []
    if isinstance(tree, Pairs):
        told = tree.get("answers")
        if told is not None:
            return read_listing(told, faults)
        return _table([pair for pair in tree.pairs if pair[0].text not in WORDS], faults)
    rows: list[Row] = []
    for item in tree.items:
        if len(rows) >= MOST:
            faults.add(item.place, f"a sheet may hold {MOST} answers")
            break
        if not isinstance(item, Pairs):
            faults.add(item.place, "an answer is {name: ..., value: ...}")
        elif item.get("name") is not None or item.get("quantity") is not None:
            rows.extend(_answer(item, faults))
        else:
            rows.extend(_table(item.pairs, faults))
    return rows


def _table(
    pairs: list[tuple[Scalar, Tree]] | tuple[tuple[Scalar, Tree], ...], faults: Faults
) -> list[Row]:
    if len(pairs) > MOST:
        faults.add(pairs[MOST][0].place, f"a sheet may hold {MOST} answers")
        pairs = pairs[:MOST]
    found = []
    for name, value in pairs:
        if isinstance(value, Pairs):
            known = [(Scalar("name", True, name.place), name), *value.pairs]
            found += _answer(Pairs(tuple(known), value.place), faults)
        else:
            found.append(_row(name.text, name.place, _value(value, faults), value.place))
    return found


def _answer(item: Pairs, faults: Faults) -> list[Row]:
    texts: dict[str, str] = {}
    value: str | Cells = ""
    place = value_place = item.place
    for key, told in item.pairs:
        word = COLUMNS.get(key.text, "")
        if not word:
            faults.add(key.place, unknown("key of an answer", key.text, COLUMNS))
        elif word == "value":
            value, value_place = _value(told, faults), told.place
        elif isinstance(told, Scalar):
            texts[word] = "" if told.plain and told.text in _BLANK else told.text
            place = told.place if word == "name" else place
        else:
            faults.add(told.place, f"'{key.text}' is one text")
    if not texts.get("name"):
        faults.add(item.place, "an answer needs a name")
        return []
    row = _row(texts.pop("name"), place, value, value_place)
    for word, text in texts.items():
        setattr(row, word, text)
    return [row]


def _row(name: str, place: Place, value: str | Cells, value_place: Place) -> Row:
    return Row(name, place.line, place.column, value, value_place.line, value_place.column)


def _value(tree: Tree, faults: Faults) -> str | Cells:
    """A number as typed, or an array of them."""
    if isinstance(tree, Scalar):
        return "" if tree.plain and tree.text in _BLANK else tree.text
    if isinstance(tree, Items):
        return tuple(_value(item, faults) for item in tree.items)
    faults.add(tree.place, "a value is a number, or a list of numbers")
    return ""
