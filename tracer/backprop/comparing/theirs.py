"""Somebody else's numbers: keys and arrays by name, made comparable.

Takes a mapping from a key (``dw1[1,2]``) or the name of an array (``dw1``, ``w2@1``,
``a1``) to a number, nested lists or an array; numbers may be texts, whose digits then say
how exact they are.  Gives groups, one for each array.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import numpy as np

from tracer.errors import FormulaError, ProblemError, TracerError
from tracer.formula.keys import Key
from tracer.model.answer import written

LARGEST = 100_000
"""Numbers that are compared."""


@dataclass
class Group:
    """The numbers of one array after some updates."""

    name: str
    update: int
    cells: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Single numbers by key: the value, and how far its digits leave it open."""
    whole: Any = None
    """The array of values, if it came as one ..."""
    slack: Any = None
    """... and how far they are open."""

    @property
    def label(self) -> str:
        """``w1@1``."""
        return str(Key(self.name, update=self.update))

    @property
    def role(self) -> str:
        return Key(self.name).role

    @property
    def count(self) -> int:
        return len(self.cells) if self.whole is None else int(self.whole.size)


def groups_of(numbers: Mapping[str, Any]) -> list[Group]:
    """The numbers as groups, in the order in which they came.

    Raises:
        ProblemError: for what is no number, or a name that is no key.

    >>> [group.label for group in groups_of({"dw1[1,2]": 0.5, "dw1[1,1]": 1, "b1@1": [1, 2]})]
    ['dw1', 'b1@1']
    """
    found: dict[tuple[str, int], Group] = {}
    total = 0
    for name, value in numbers.items():
        try:
            key = Key.parse(str(name).strip())
        except FormulaError as error:
            raise ProblemError(
                f"'{str(name)[:60]}' is not the name of a quantity: {error}"
            ) from None
        values, slack = _numbers(value, name)
        total += values.size
        if total > LARGEST:
            raise ProblemError(f"more than {LARGEST:,} numbers cannot be compared")
        group = found.setdefault((key.name, key.update), Group(key.name, key.update))
        single = values.size == 1 and (key.indices or key.sample is not None)
        if single:
            if str(key) in group.cells:
                raise ProblemError(f"'{key}' stands twice")
            group.cells[str(key)] = (float(values.reshape(())), float(slack.reshape(())))
        elif key.indices or key.sample is not None:
            raise ProblemError(f"'{key}' is a single number; found {values.size}")
        else:
            group.whole, group.slack = values, slack
    for group in found.values():
        if group.cells and group.whole is not None:
            raise ProblemError(f"'{group.label}' comes as an array and number by number")
    if not found:
        raise ProblemError("there are no numbers to compare")
    return list(found.values())


def _numbers(value: Any, name: str) -> tuple[Any, Any]:
    """Values and what their digits leave open, as arrays."""
    if hasattr(value, "detach"):  # a PyTorch tensor
        value = value.detach().cpu().numpy()
    if hasattr(value, "dtype"):
        try:
            values = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise ProblemError(f"{name}: these are no numbers") from None
        exact = np.zeros_like(values)
    else:
        values, exact = (np.array(part, dtype=float) for part in _read(value, name))
    if not np.isfinite(values).all():
        raise ProblemError(f"{name}: not all numbers are finite")
    return values, exact


def _read(value: Any, name: str) -> tuple[Any, Any]:
    if isinstance(value, str):
        try:
            number = written(value)
        except TracerError as error:
            raise ProblemError(f"{name}: {error}") from None
        return float(number.value), float(number.unit) / 2
    if isinstance(value, Sequence):
        parts = [_read(part, name) for part in value]
        if not parts or len({np.shape(part[0]) for part in parts}) > 1:
            raise ProblemError(f"{name}: the rows of an array have one length, at least 1")
        return [part[0] for part in parts], [part[1] for part in parts]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProblemError(f"{name}: '{str(value)[:40]}' is not a number")
    return float(value), 0.0


@dataclass(frozen=True, slots=True)
class Pairing:
    """Their numbers, each beside a key of ours."""

    keys: tuple[str, ...]
    values: Any
    slack: Any
    turned: bool = False
    """Whether rows stand for columns."""


def pairings(group: Group, ours: Mapping[str, Sequence[Key]]) -> Iterator[Pairing]:
    """The ways in which a group can be laid beside our numbers, the plain one first.

    Args:
        group: theirs.
        ours: our keys by the label of their array.
    """
    known = ours.get(group.label, ())
    if not known:
        return
    if group.whole is None:
        yield from _by_key(group, {str(key) for key in known})
    else:
        yield from _by_place(group, known)


def _by_key(group: Group, known: set[str]) -> Iterator[Pairing]:
    values = np.array([value for value, _ in group.cells.values()])
    slack = np.array([open_ for _, open_ in group.cells.values()])
    if group.cells.keys() <= known:
        yield Pairing(tuple(group.cells), values, slack)
    parsed = [Key.parse(key) for key in group.cells]
    if all(len(key.indices) == 2 for key in parsed):
        keys = tuple(str(Key(k.name, k.indices[::-1], k.time, k.sample, k.update)) for k in parsed)
        if known.issuperset(keys):
            yield Pairing(keys, values, slack, True)


def _by_place(group: Group, known: Sequence[Key]) -> Iterator[Pairing]:
    """By shape; an array and its total may share a name (``loss``, ``loss[1]``, ``loss~2``)."""
    kinds: dict[tuple[int, bool, bool], list[Key]] = {}
    for key in known:
        kind = (len(key.indices), key.sample is not None, key.time is not None)
        kinds.setdefault(kind, []).append(key)
    for kind in sorted(kinds):
        yield from _by_shape(group, kinds[kind])


def _by_shape(group: Group, keys: Sequence[Key]) -> Iterator[Pairing]:
    """Of samples and time steps any order of axes is plain, of other axes only ours."""
    samples = sorted({key.sample for key in keys if key.sample is not None})
    times = sorted({key.time for key in keys if key.time is not None})
    places = [
        (
            *(i - 1 for i in key.indices),
            *(times.index(t) for t in (key.time,) if t is not None),
            *(samples.index(s) for s in (key.sample,) if s is not None),
        )
        for key in keys
    ]
    shape = tuple(max(axis) + 1 for axis in zip(*places, strict=True))
    plain = tuple(range(len(shape)))
    for order in permutations(plain):
        target = tuple(shape[axis] for axis in order)
        turned = order != plain and not samples and not times
        if _squeezed(target) != _squeezed(group.whole.shape):
            continue
        if order != plain and len(_squeezed(target)) < 2:
            continue
        at = tuple(np.array([place[axis] for place in places], int) for axis in order)
        values, slack = group.whole.reshape(target), group.slack.reshape(target)
        if not shape:
            values, slack = values.reshape(1), slack.reshape(1)
        yield Pairing(tuple(map(str, keys)), values[at] if shape else values,
                      slack[at] if shape else slack, turned)  # fmt: skip


def _squeezed(shape: Sequence[int]) -> tuple[int, ...]:
    return tuple(size for size in shape if size != 1)
