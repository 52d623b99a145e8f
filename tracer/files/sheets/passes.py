"""Which pass a line belongs to: before the update, or after it.

In a written calculation ``y_3`` is the output before the update, and further down, after
the new weights, the output of the repeated forward pass.  The rule: a forward quantity
belongs to the next pass if it stands behind the last of the updated parameters and the
words between (*after*, *updated*, *repeated*, *new*; the latest counts, and *before*
undoes it) say so, or if the numbers do: they are those of the next pass, not of this one.
So it is, too, where the updates themselves are left out.  A parameter that is stated with
a calculation, or behind updated ones with another number than the given, is its updated value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracer.formula.keys import Key
from tracer.formula.nodes import Node, Symbol, substitute, symbols

_AFTER = r"after|updat\w*|repeat\w*|again|re-?run|new|nach|erneut|neue\w*"
_BEFORE = (
    r"before(?:\s+(?:the|any|this|each))?(?:\s+weight)?(?:\s+updat\w*)?"
    r"|initial\w*|original\w*|old|previous\w*|vorher"
)
_CUE = re.compile(rf"\b(?:(?P<after>{_AFTER})|(?P<before>{_BEFORE}))", re.IGNORECASE)
_FORWARD = ("forward", "loss", "report")
_MOST = 12
"""Items that are looked at to tell whether the next pass has begun."""
_NEARER = 3
"""So many times nearer a number must be to its value in the next pass than in this one."""


@dataclass
class Item:
    """What one chain is about, before its pass is known."""

    formulas: tuple[Node, ...]
    """One for each number."""
    prose: str
    """What stands before it."""
    calculated: bool
    """Whether there are members before the number."""
    copied: bool
    """Whether its numbers are those that are given."""
    defined: Node | None = None
    """What the line itself says that its name stands for."""
    number: float | None = None
    """The number that is written, where it is a single one."""


@dataclass
class Passes:
    """Follows a text from item to item.

    Args:
        phases: the phase of every key of the calculation.
        updated: the keys that an update gives.
        items: all items of the text, in its order.
        values: what the right calculation gives, by key.
    """

    phases: Mapping[str, str]
    updated: frozenset[str]
    items: Sequence[Item]
    values: Mapping[str, float] = field(default_factory=dict)
    """The right value of every key."""
    number: int = 0
    """How many updates are made behind us."""
    stated: set[str] = field(default_factory=set)
    """Parameters whose next value is stated."""
    after: bool = False
    """Whether the words since the last update say that the next pass has begun."""
    moved: bool = False
    """Whether a quantity of the next pass is stated."""
    told: dict[str, float] = field(default_factory=dict)
    """What was stated in this pass, by key."""

    def placed(self) -> list[tuple[tuple[Node, ...], int]]:
        """The formulas of every item in the pass that they belong to, and that of its members."""
        bases = [self._bases(item) for item in self.items]
        found = []
        for place, item in enumerate(self.items):
            if not bases[place] and self._numbers_tell(place, bases):
                self._go_on(item)
            found.append(self._place(item, bases[place], bases[place + 1 :]))
            self._remember(item)
        return found

    def _go_on(self, item: Item) -> None:
        """Begin the next pass; where no update is stated, all that follows is behind it."""
        self.told.clear()
        if self.stated:
            self.after = self.moved = True
        else:
            self.number += 1

    def _remember(self, item: Item) -> None:
        key = self._forward(item)
        if key is not None and item.number is not None:
            self.told[key] = item.number

    def _forward(self, item: Item) -> str | None:
        """The forward quantity that an item states without saying in which pass."""
        if len(item.formulas) != 1 or not isinstance(item.formulas[0], Symbol):
            return None
        name = item.formulas[0].name
        return (
            name if self.phases.get(name) in _FORWARD and self._is_open(item.formulas[0]) else None
        )

    def _numbers_tell(self, place: int, bases: Sequence[frozenset[str]]) -> bool:
        """Whether the numbers from here on are those of the next pass.

        Asked where a quantity is stated anew, with another number, or behind updates; most
        of those that follow must then be nearer to their values there, and by far.
        """
        item, here = self.items[place], self.number + (self.moved and self.after)
        key = self._forward(item)
        if key is None or item.number is None or (self.moved and self.stated):
            return False
        if self.told.get(key, item.number) == item.number and not self.stated:
            return False
        told = []
        for other, updates in zip(self.items[place : place + _MOST], bases[place:], strict=False):
            if updates:
                break
            told += [self._is_of_next(other, here)]
        known = [one for one in told if one is not None]
        return bool(known) and known[0] and 2 * sum(known) > len(known)

    def _is_of_next(self, item: Item, here: int) -> bool | None:
        """Whether a number is far nearer to its value after the next update; None: cannot tell."""
        key = self._forward(item)
        if key is None or item.number is None:
            return None
        now, then = (self.values.get(str(Key.parse(key).at(here + k))) for k in (0, 1))
        if now is None or then is None or now == then:
            return None
        return abs(item.number - then) * _NEARER < abs(item.number - now)

    def _bases(self, item: Item) -> frozenset[str]:
        """The parameters whose next value an item states, without their number of updates."""
        found = [_key_of(formula) for formula in item.formulas]
        keys = [key for key in found if key is not None]
        next_ones = [key if key.update else key.at(1) for key in keys]
        if not keys or any(str(key.at(1)) not in self.updated for key in keys):
            return frozenset()
        plain = [key for key in keys if not key.update]
        if plain and (item.copied or not item.calculated):
            return frozenset()
        return frozenset(str(key.at(0)) for key in next_ones)

    def _place(
        self, item: Item, bases: frozenset[str], later: Sequence[frozenset[str]]
    ) -> tuple[tuple[Node, ...], int]:
        for cue in _CUE.finditer(item.prose):
            self.after = cue["after"] is not None
        bases = bases or self._restated(item)
        if bases:
            return self._update(item, bases), self.number
        if not all(self._is_open(formula) for formula in item.formulas):
            return item.formulas, 0
        if self._begins_next(item, later):
            self.moved = True
        number = self.number + 1 if self.moved and self.after else self.number
        return self._at(item, number), number

    def _restated(self, item: Item) -> frozenset[str]:
        """A parameter given anew, behind updated ones or under words that say so."""
        keys = [_key_of(formula) for formula in item.formulas]
        if (
            item.copied
            or not (self.after or self.stated)
            or any(key is None or key.update for key in keys)
        ):
            return frozenset()
        found = frozenset(str(key) for key in keys if key is not None)
        known = all(str(Key.parse(key).at(1)) in self.updated for key in found)
        return found if known else frozenset()

    def _update(self, item: Item, bases: frozenset[str]) -> tuple[Node, ...]:
        if bases & self.stated and self.moved:
            self.number += 1
            self.stated.clear()
            self.moved = False
        self.stated |= bases
        self.after = self.after and bool(self._restated(item))
        wanted = self.number + 1
        found = []
        for formula in item.formulas:
            key = _key_of(formula)
            assert key is not None
            next_one = str(key.at(wanted))
            stays = key.update > 1 or next_one not in self.phases
            found.append(formula if stays else Symbol(next_one))
        return tuple(found)

    def _is_open(self, formula: Node) -> bool:
        """Whether an item does not say itself which pass it means."""
        return not any(Key.parse(name).update for name in symbols(formula))

    def _begins_next(self, item: Item, later: Sequence[frozenset[str]]) -> bool:
        names = [name for formula in item.formulas for name in symbols(formula)]
        if item.defined is not None:
            names += symbols(item.defined)
        if not self.stated or not any(self.phases.get(name) in _FORWARD for name in names):
            return False
        for bases in later:
            if bases & self.stated:
                break
            if bases:
                return False
        return self.after

    def _at(self, item: Item, number: int) -> tuple[Node, ...]:
        """The item's formulas with all quantities after `number` updates."""
        if not number:
            return item.formulas
        found = tuple(self.shifted(formula, number) for formula in item.formulas)
        if found == item.formulas and item.defined is not None and len(found) == 1:
            return (self.shifted(item.defined, number),)
        return found

    def shifted(self, formula: Node, number: int) -> Node:
        """A formula with all its quantities after `number` updates."""
        if not number or not self._is_open(formula):
            return formula

        def shifted(symbol: Symbol) -> Node:
            key = str(Key.parse(symbol.name).at(number))
            return Symbol(key) if key in self.phases else symbol

        return substitute(formula, shifted)


def _key_of(formula: Node) -> Key | None:
    return Key.parse(formula.name) if isinstance(formula, Symbol) else None
