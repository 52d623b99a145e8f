"""Reading names: the key behind what a person typed or a printer printed.

Takes the names of a problem's quantities; `Reader.read` tries, in this order: a key
itself, the author's own names, the name as the notation writes it, the same with brackets,
commas and left-out numbers ignored, the same in any case of letters, customary names
(``yhat``), and names without the mark of the only layer.  What fits one quantity is that
quantity; what fits several is an error that lists them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

from tracer.errors import FormulaError, TracerError, UnknownQuantity
from tracer.formula.keys import Key
from tracer.notation.linear import plain
from tracer.notation.name import Name
from tracer.notation.spelling import Spelling, spelling

_LOSSES = {"dc", "dj", "de", "dl", "dloss", "dcost", "derror"}
_MOST_LISTED = 6
_LONGEST_NAME = 400
_NEAR = 0.5
"""How alike a name must be to be proposed."""
_SAME_LETTER = 0.3
"""What it is worth that a name begins with the same letter: another number is the likelier slip."""
_KEYLIKE = re.compile(r"(?:[A-Za-z]+\.)?[A-Za-z]+\d*(?:\[|[~#@]\d)")


class AmbiguousName(TracerError):
    """A typed name that fits several quantities; the message lists them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A quantity that can be read."""

    key: str
    name: Name
    alone: int = 0
    """How many of its last numbers may be left out, because there is only one unit."""
    customary: tuple[str, ...] = ()
    """Further names that any reader would understand."""
    unlayered: tuple[str, ...] = ()
    """Its names without the mark of the layer, where there is but one."""


class Reader:
    """Finds keys by names."""

    def __init__(self, entries: Iterable[Entry], own: Mapping[str, str]) -> None:
        self._entries = {entry.key: entry for entry in entries}
        self._own = own

    def read(self, text: str) -> str:
        """The key of a typed name.

        Raises:
            UnknownQuantity: naming the nearest names.
            AmbiguousName: if the text fits several quantities.

        >>> entries = [Entry("w2[1,1]@1", Name("w", sub="5", mark="+"))]
        >>> Reader(entries, {}).read("w5+")
        'w2[1,1]@1'
        """
        found = self.find(text)
        if found is None:
            text = text.strip()
            shown = f"{text[:40]}..." if len(text) > _LONGEST_NAME else text
            hint = "" if len(text) > _LONGEST_NAME else self._hint(text)
            raise UnknownQuantity(f"no quantity is called '{shown}'{hint}")
        return found

    def find(self, text: str) -> str | None:
        """Like `read`, but None for an unknown name, with no time spent on the nearest ones.

        Raises:
            AmbiguousName: if the text fits several quantities.
        """
        text = text.strip()
        if len(text) > _LONGEST_NAME:
            return None
        if key := self._key(text) or self._own_name(text):
            return key
        typed = spelling(text)
        loose = _loose(typed, self._losses)
        for table, wanted in (
            (self._strict, typed),
            (self._loose, loose),
            (self._folded, _squashed(loose)),
            (self._customary, _squashed(loose)),
        ):
            found = table.get(wanted, ())
            if len(found) == 1:
                return found[0]
            if found:
                raise AmbiguousName(f"'{text}' fits several quantities: {self._listed(found)}")
        found = self._unlayered.get(_folded(typed), ())
        return found[0] if len(found) == 1 else None

    def own(self, text: str) -> str | None:
        """The key of a name that the problem's author gave; None for any other name."""
        return self._own_name(text.strip()) if len(text) <= _LONGEST_NAME else None

    def writes(self, text: str) -> bool:
        """Whether a quantity is called exactly so, with all brackets and numbers."""
        return spelling(text) in self._strict

    def _key(self, text: str) -> str | None:
        if text in self._entries:
            return text
        try:
            key = str(Key.parse(text))
        except FormulaError:
            return None
        return key if key in self._entries else None

    def _own_name(self, text: str) -> str | None:
        """A name that the problem's author gave, also with the mark of an update."""
        if not self._own:
            return None
        if text in self._own:
            return self._key(self._own[text])
        typed = spelling(text)
        for name, key in self._own.items():
            own = spelling(name)
            if _squashed(own.loose) == _squashed(typed.loose):
                return self._key(key)
            if _squashed(own.loose) == _squashed(replace(typed, update=own.update).loose):
                return self._key(str(Key.parse(key).at(typed.update)))
        return None

    @cached_property
    def _losses(self) -> set[str]:
        """What may stand above in a derivative of the loss."""
        above = {
            f"d{entry.name.base}".casefold()
            for entry in self._entries.values()
            if entry.name.over and not entry.key.startswith("slope")
        }
        return _LOSSES | above

    @cached_property
    def _strict(self) -> dict[Hashable, tuple[str, ...]]:
        return _table((spelling(plain(e.name)), e.key) for e in self._entries.values())

    @cached_property
    def _loose(self) -> dict[Hashable, tuple[str, ...]]:
        return _table(self._all_loose())

    @cached_property
    def _folded(self) -> dict[Hashable, tuple[str, ...]]:
        return _table((_squashed(text), key) for text, key in self._all_loose())

    @cached_property
    def _customary(self) -> dict[Hashable, tuple[str, ...]]:
        return _table(
            (_squashed(_loose(spelling(text), self._losses)), entry.key)
            for entry in self._entries.values()
            for text in entry.customary
        )

    @cached_property
    def _unlayered(self) -> dict[Hashable, tuple[str, ...]]:
        """With all brackets: ``z^(2)`` is the second sample's, ``z^[2]`` would be a layer's."""
        return _table(
            (_folded(spelling(text)), entry.key)
            for entry in self._entries.values()
            for text in entry.unlayered
        )

    def _all_loose(self) -> Iterable[tuple[str, str]]:
        for entry in self._entries.values():
            full = spelling(plain(entry.name))
            yield _loose(full, self._losses), entry.key
            if entry.alone:
                yield _loose(_without_numbers(full, entry.alone), self._losses), entry.key

    def _listed(self, keys: Iterable[str]) -> str:
        shown = [f"{plain(self._entries[key].name)} ({key})" for key in keys]
        more = f" and {len(shown) - _MOST_LISTED} more" if len(shown) > _MOST_LISTED else ""
        return ", ".join(shown[:_MOST_LISTED]) + more

    def _hint(self, text: str) -> str:
        """The nearest keys to what looks like a key; else the nearest names as written."""
        if _KEYLIKE.match(text):
            near = nearest(text, [(key, key) for key in self._entries])
        else:
            typed = _squashed(_loose(spelling(text), self._losses))
            near = nearest(typed, self._hints)
        return f"; did you mean {' or '.join(near)}?" if near else ""

    @cached_property
    def _hints(self) -> list[tuple[str, str]]:
        """Each name as it is written, beside its loose form and that of its key."""
        found = []
        for entry in self._entries.values():
            name = plain(entry.name)
            found.append((_squashed(_loose(spelling(name), self._losses)), name))
            found.append((_squashed(_loose(spelling(entry.key), self._losses)), name))
        return found


def nearest(typed: str, names: Iterable[tuple[str, str]], most: int = 3) -> list[str]:
    """What is meant, perhaps: the names nearest to a typed one, those that begin with it first.

    Args:
        typed: what was typed.
        names: each name in the form in which it is compared, and as it is shown.

    >>> nearest("z1", [("z21", "z^[2]_1"), ("z11", "z^[1]_1"), ("b", "b")])
    ['z^[1]_1', 'z^[2]_1']
    """
    ranked = []
    matcher = SequenceMatcher(b=typed)
    for place, (name, shown) in enumerate(names):
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR:
            alike = matcher.ratio()
            if alike >= _NEAR:
                alike += _SAME_LETTER * (name[:1] == typed[:1])
                ranked.append((-alike, not name.startswith(typed), place, shown))
    return list(dict.fromkeys(shown for *_, shown in sorted(ranked)))[:most]


def _table(pairs: Iterable[tuple[Hashable, str]]) -> dict[Hashable, tuple[str, ...]]:
    found: dict[Hashable, dict[str, None]] = {}
    for text, key in pairs:
        found.setdefault(text, {})[key] = None
    return {text: tuple(keys) for text, keys in found.items()}


def _loose(typed: Spelling, losses: set[str]) -> str:
    """The loose form, in which all ways to write a derivative of the loss are one."""
    by = typed.by
    if by is not None and typed.letters.casefold() in losses and by.letters.startswith("d"):
        sample = re.sub(r"[\W_]", "", typed.high)
        high = (
            by.high
            if sample and re.sub(r"[\W_]", "", by.high).endswith(sample)
            else (by.high + sample)
        )
        return replace(by, high=high, update=max(by.update, typed.update)).loose
    if typed.letters.endswith(".grad"):
        return replace(typed, letters=f"d{typed.letters.removesuffix('.grad')}").loose
    return typed.loose


def _squashed(loose: str) -> str:
    """Small letters, and no border between a word and what hangs on it."""
    return re.sub(r"\|(?=[^|/]*\|)", "", loose.casefold())


def _folded(typed: Spelling) -> Spelling:
    """The spelling in small letters, with its brackets."""
    by = typed.by and _folded(typed.by)
    return replace(typed, letters=typed.letters.casefold(), by=by)


def _without_numbers(full: Spelling, count: int) -> Spelling:
    """The spelling without its last numbers, below a fraction's line if there is one."""
    if full.by:
        numbered = any(letter.isdigit() for letter in full.low)
        top = _without_numbers(replace(full, by=None), count) if numbered else full
        return replace(top, by=_without_numbers(full.by, count))
    pieces = full.low.split(",") if "," in full.low else list(full.low)
    if full.low[:1].isalpha():
        return replace(full, low="")
    kept = pieces[: max(len(pieces) - count, 0)]
    return replace(full, low=("," if "," in full.low else "").join(kept))
