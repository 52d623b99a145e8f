"""The smallest set of conventions under which our calculation gives their numbers.

Ways of calculating are tried by the number of conventions in which they differ from the
problem, the most promising first; for each, the fewest readings that make the arrays
agree are added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from tracer.backprop.comparing.alternatives import ALTERNATIVES, Way
from tracer.backprop.comparing.of_layers import OF_LAYERS
from tracer.backprop.comparing.readings import Labels, Numbers
from tracer.backprop.comparing.reckoning import reckoned
from tracer.backprop.comparing.theirs import Group
from tracer.errors import CalculationError, ProblemError, UnknownQuantity, suggestion
from tracer.model.comparison import Compared, Comparison, Convention
from tracer.model.problem import Problem

BEAM = 5
"""Ways that are followed further at each depth."""
DEEPEST = 4
"""Conventions of calculation that are combined."""
_MOST_ALTERNATIVES = 3


@dataclass(frozen=True)
class Found:
    """What one way of calculating explains."""

    chosen: frozenset[str]
    """The rows of the table of alternatives that were used."""
    conventions: tuple[Convention, ...]
    numbers: Numbers
    explained: tuple[Labels | None, ...]
    """For each group the readings it needs; None: not explained."""
    readings: Labels
    distance: float
    """How far off the arrays are that are not explained, each at most 1."""

    @property
    def missing(self) -> int:
        return sum(labels is None for labels in self.explained)

    @property
    def size(self) -> int:
        return len(self.conventions) + len(self.readings)

    @property
    def rank(self) -> tuple[int, int, int, float]:
        """The less, the better: what is not explained, conventions, odd ones among them; and
        how far off it is, so that of two that explain nothing the nearer is followed."""
        return self.missing, self.size, len(self.readings), self.distance

    @property
    def all_conventions(self) -> tuple[Convention, ...]:
        ordered = sorted(self.readings, key=lambda one: (one.id, one.where, one.facts))
        return (*self.conventions, *ordered)


class Search:
    """One comparison."""

    def __init__(
        self, problem: Problem, groups: Sequence[Group], tolerance: float, source: str
    ) -> None:
        self.problem = problem
        self.groups = groups
        self.tolerance = tolerance
        self.source = source
        self.updates = max([1, *(group.update for group in groups)])
        self.known: set[str] = set()

    def result(self) -> Comparison:
        """The comparison, with the smallest set of conventions first."""
        problem = replace(self.problem, updates=self.updates)
        base = self._tried(frozenset(), (), Way(problem))
        assert base is not None
        found = [base]
        front, in_vain = [base], 0
        for depth in range(1, DEEPEST + 1):
            best = min(found, key=lambda one: one.rank)
            if not best.missing and best.size < depth:
                break  # more conventions of calculation cannot make it smaller
            tried = {one.conventions: one for one in self._next(front)}
            found += tried.values()
            if depth == 1:
                self._refuse_unknown()
            if min(found, key=lambda one: one.rank) is best:
                in_vain += 1
                if in_vain == 2:
                    break
            front = sorted(tried.values(), key=lambda one: one.rank)[:BEAM]
            if not front:
                break
        return self._said(base, found)

    def _next(self, front: Sequence[Found]) -> Iterator[Found]:
        """One convention more."""
        seen: set[frozenset[Convention]] = set()
        for before in front:
            for row, others in (ALTERNATIVES | OF_LAYERS).items():
                if row in before.chosen:
                    continue
                for convention, way in others(before.numbers.way):
                    conventions = (*before.conventions, convention)
                    if frozenset(conventions) in seen:
                        continue
                    seen.add(frozenset(conventions))
                    tried = self._tried(before.chosen | {row}, conventions, way)
                    if tried is not None:
                        yield tried

    def _tried(
        self, chosen: frozenset[str], conventions: tuple[Convention, ...], way: Way
    ) -> Found | None:
        """Calculate one way; None where it has no finite numbers."""
        try:
            values = reckoned(way.problem, self.updates, way.early, way.still, way.doubled)
        except (CalculationError, ProblemError):
            if not conventions:
                raise
            return None
        numbers = Numbers(way, values, self.tolerance)
        self.known |= numbers.keys.keys()
        options = [_smallest(numbers.agree(group)) for group in self.groups]
        readings = _fewest(options)
        explained = tuple(
            next((labels for labels in group if labels <= readings), None) for group in options
        )
        open_groups = (
            g for g, labels in zip(self.groups, explained, strict=True) if labels is None
        )
        distance = sum(map(numbers.distance, open_groups))
        return Found(chosen, conventions, numbers, explained, readings, distance)

    def _refuse_unknown(self) -> None:
        for group in self.groups:
            if group.label not in self.known:
                hint = suggestion(group.label, sorted(self.known))
                raise UnknownQuantity(f"nothing here is called '{group.label}'{hint}")

    def _said(self, base: Found, found: Sequence[Found]) -> Comparison:
        ordered = sorted(found, key=lambda one: one.rank)
        best = ordered[0]
        if best.missing == base.missing == len(self.groups):
            best = base
        same = [one for one in ordered if one.rank[:2] == best.rank[:2] and one is not best]
        return Comparison(
            self.problem.name,
            self.source,
            tuple(self._compared(place, base, best) for place in range(len(self.groups))),
            best.all_conventions,
            tuple(one.all_conventions for one in same[:_MOST_ALTERNATIVES]) if best.size else (),
        )

    def _compared(self, place: int, base: Found, best: Found) -> Compared:
        group, labels = self.groups[place], best.explained[place]
        key, ours, theirs = base.numbers.worst(group)
        if labels is None:
            return Compared(group.label, group.count, False, (), key, ours, theirs)
        if base.explained[place] == frozenset():
            return Compared(group.label, group.count, True, (), key, ours, theirs)
        needed = self._needed(place, best)
        return Compared(group.label, group.count, True, needed, key, ours, theirs)

    def _needed(self, place: int, best: Found) -> tuple[Convention, ...]:
        """The conventions that this array needs: those without which it differs."""
        readings = best.explained[place] or frozenset()
        return tuple(c for c in best.all_conventions if c in best.conventions or c in readings)


def _smallest(options: Sequence[Labels]) -> list[Labels]:
    """The sets of which no other one is a part; they come the smallest first."""
    found: list[Labels] = []
    for option in options:
        if not any(other <= option for other in found):
            found.append(option)
    return found


def _fewest(options: Sequence[Sequence[Labels]]) -> Labels:
    """The smallest set of labels that explains the most groups."""
    open_groups = [group for group in options if group and frozenset() not in group]
    if not open_groups:
        return frozenset()
    labels = sorted(
        {label for group in open_groups for option in group for label in option},
        key=lambda label: (label.id, label.where, label.facts),
    )
    best, most = frozenset[Convention](), -1
    for size in range(len(labels) + 1 if len(labels) < 12 else 4):
        for chosen in map(frozenset, combinations(labels, size)):
            count = sum(any(option <= chosen for option in group) for group in open_groups)
            if count > most:
                best, most = chosen, count
        if most == len(open_groups):
            break
    return best
