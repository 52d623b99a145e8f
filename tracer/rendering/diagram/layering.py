"""Places for the cards of a graph: in ranks from left to right, with few crossings.

Takes sizes and edges; gives rectangles and the ways of the edges.  A long edge gets a lane
of its own through every rank that it crosses, so that no edge runs over a card.  The order
within a rank follows the mean place of a card's neighbours.

Source: Sugiyama, Tagawa and Toda (1981), "Methods for visual understanding of hierarchical
system structures".
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracer.rendering.diagram.shapes import Point, Rect, curve

HEAD = 9.0
"""The level end of an edge, for the head of its arrow."""
LANE = 8.0
"""How high a lane for a passing edge is."""
_SWEEPS = 12


@dataclass
class Layering:
    """A graph on its way to its places.

    Args:
        sizes: width and height of each card, by its name.
        edges: pairs of names, from the one that is used to the one that uses it.
        ranks: the rank of each card, from 0.
        between: room between two ranks.
        apart: room between two cards of a rank.
    """

    sizes: Mapping[str, tuple[float, float]]
    edges: Sequence[tuple[str, str]]
    ranks: Mapping[str, int]
    between: float = 56.0
    apart: float = 20.0
    columns: list[list[str]] = field(init=False)
    heights: dict[str, float] = field(init=False)
    chains: dict[tuple[str, str], list[str]] = field(init=False)
    """The lanes of each edge, with its ends."""
    middles: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        last = max(self.ranks.values())
        self.columns = [[] for _ in range(last + 1)]
        self.heights = {name: size[1] for name, size in self.sizes.items()}
        self.chains = {}
        for name, rank in self.ranks.items():
            self.columns[rank].append(name)
        for source, target in self.edges:
            lanes = []
            for rank in range(self.ranks[source] + 1, self.ranks[target]):
                lane = f"{source} > {target} > {rank}"
                self.columns[rank].append(lane)
                self.heights[lane] = LANE
                lanes.append(lane)
            self.chains[source, target] = [source, *lanes, target]
        self._order()
        self._settle()

    def _neighbours(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        before: dict[str, list[str]] = {name: [] for name in self.heights}
        after: dict[str, list[str]] = {name: [] for name in self.heights}
        for chain in self.chains.values():
            for one, other in itertools.pairwise(chain):
                before[other].append(one)
                after[one].append(other)
        return before, after

    def _order(self) -> None:
        """Sort each rank by the mean place of its neighbours, sweeping to and fro."""
        before, after = self._neighbours()
        best, fewest = [list(column) for column in self.columns], self._crossings(after)
        for sweep in range(_SWEEPS):
            forward = sweep % 2 == 0
            order = self.columns if forward else self.columns[::-1]
            near = before if forward else after
            for column in order:
                place = {name: at for col in self.columns for at, name in enumerate(col)}
                means = {
                    name: _mean([place[other] for other in near[name]], float(place[name]))
                    for name in column
                }
                column.sort(key=means.__getitem__)
            crossings = self._crossings(after)
            if crossings < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        self.columns = best

    def _crossings(self, after: Mapping[str, Sequence[str]]) -> int:
        found = 0
        for left, right in zip(self.columns, self.columns[1:], strict=False):
            place = {name: at for at, name in enumerate(right)}
            ends = [place[end] for name in left for end in sorted(after[name], key=place.get)]  # type: ignore[arg-type]
            found += sum(a > b for at, a in enumerate(ends) for b in ends[at + 1 :])
        return found

    def _settle(self) -> None:
        """Move cards as near as possible to the middle of their neighbours."""
        before, after = self._neighbours()
        self.middles = {}
        for column in self.columns:
            for name, middle in zip(column, self._spread(column, [0.0] * len(column)), strict=True):
                self.middles[name] = middle
        for sweep in range(_SWEEPS):
            order = self.columns if sweep % 2 == 0 else self.columns[::-1]
            for column in order:
                wanted = []
                for name in column:
                    near = before[name] + after[name]
                    wanted.append(
                        _mean([self.middles[other] for other in near], self.middles[name])
                    )
                for name, middle in zip(column, self._spread(column, wanted), strict=True):
                    self.middles[name] = middle

    def _spread(self, column: Sequence[str], wanted: Sequence[float]) -> list[float]:
        """Middles in their order, near the wanted ones, no card on another."""
        offsets, at = [], 0.0
        for place, name in enumerate(column):
            if place:
                at += self.heights[column[place - 1]] / 2 + self.apart + self.heights[name] / 2
            offsets.append(at)
        blocks: list[list[float]] = []
        for want, offset in zip(wanted, offsets, strict=True):
            blocks.append([want - offset, 1])
            while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
                total, count = blocks.pop()
                blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count]
        starts = [total / count for total, count in blocks for _ in range(int(count))]
        return [start + offset for start, offset in zip(starts, offsets, strict=True)]

    # -- what comes out ------------------------------------------------------------------------

    def rects(self) -> dict[str, Rect]:
        """The places of the cards."""
        found, x = {}, 0.0
        for column, width in zip(self.columns, self._widths(), strict=True):
            for name in column:
                if name in self.sizes:
                    wide, high = self.sizes[name]
                    left = x + (width - wide) / 2
                    found[name] = Rect(left, self.middles[name] - high / 2, wide, high)
            x += width + self.between
        return found

    def _widths(self) -> list[float]:
        return [
            max((self.sizes[name][0] for name in column if name in self.sizes), default=0.0)
            for column in self.columns
        ]

    def ways(self) -> dict[tuple[str, str], tuple[Point, list[tuple[Point, ...]]]]:
        """The ways of the edges: a start, then curves and straight pieces."""
        rects, widths = self.rects(), self._widths()
        lefts = [sum(widths[:rank]) + self.between * rank for rank in range(len(widths))]
        ports = self._ports(rects)
        found = {}
        rank_of = {name: rank for rank, column in enumerate(self.columns) for name in column}
        for (source, target), chain in self.chains.items():
            leaving, arriving = ports[source, target]
            start, at = (rects[source].right, leaving), rank_of[source]
            pieces: list[tuple[Point, ...]] = [((lefts[at] + widths[at], leaving),)]
            for lane in chain[1:]:
                at = rank_of[lane]
                y = self.middles[lane] if lane != target else arriving
                end = lefts[at] - (HEAD if lane == target else 0)
                pieces.append(curve(pieces[-1][-1], (end, y)))
                if lane != target:
                    pieces.append(((lefts[at] + widths[at], y),))
            pieces.append(((rects[target].x, arriving),))
            found[source, target] = (start, pieces)
        return found

    def _ports(self, rects: Mapping[str, Rect]) -> dict[tuple[str, str], Point]:
        """The heights at which each edge leaves and arrives."""
        leaving: dict[tuple[str, str], float] = {}
        arriving: dict[tuple[str, str], float] = {}
        for name, rect in rects.items():
            out = [edge for edge in self.chains if edge[0] == name]
            out.sort(key=lambda edge: self.middles[self.chains[edge][1]])
            into = [edge for edge in self.chains if edge[1] == name]
            into.sort(key=lambda edge: self.middles[self.chains[edge][-2]])
            for edges, side in ((out, leaving), (into, arriving)):
                step = min(16.0, (rect.height - 16) / max(len(edges), 1))
                for place, edge in enumerate(edges):
                    middle = rect.y + rect.height / 2
                    shift = step if side is arriving else 0.0
                    side[edge] = middle + shift * (place - (len(edges) - 1) / 2)
        return {edge: (leaving[edge], arriving[edge]) for edge in self.chains}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
